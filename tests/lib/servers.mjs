// SPDX-License-Identifier: Apache-2.0
// Private servers, folders, ports and child processes for node's tests. All of it is gone when
// the process ends, by itself, by a signal, or by kill -9 (tests/servers/reap.sh sees to that).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const serversFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'servers');
const NOT_INSTALLED = 77;

const folders = new Set(); // folders to remove at the end
const running = new Set(); // servers that start() began
const processes = new Set(); // child processes of run()
let latest; // what startServers() answered last

function cleanUp() {
    for (const child of processes) {
        child.kill('SIGKILL');
    }
    for (const server of [...running]) {
        try {
            server.stop();
        } catch (error) {
            console.error(error.message);
            process.exitCode = 99;
        }
    }
    for (const folder of folders) {
        rmSync(folder, { recursive: true, force: true });
    }
    folders.clear();
}

process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

// A folder that disappears with this process. The reaper reads a pipe that only we hold open.
function guardedFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'dbw.'));
    chmodSync(folder, 0o755);
    folders.add(folder);
    const reaper = spawn('/bin/sh', [join(serversFolder, 'reap.sh'), folder], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
    });
    reaper.unref();
    reaper.stdin.unref();
    reaper.stdin.on('error', () => {});
    return folder;
}

let tempRoot;
let tempCount = 0;

/** A new empty folder, removed at the end. */
export function tempDir() {
    tempRoot ??= guardedFolder();
    const folder = join(tempRoot, `t${++tempCount}`);
    mkdirSync(folder);
    return folder;
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

/**
 * Runs argv without a shell and answers {status, signal, stdout, stderr, timedOut}; status is null
 * when a signal ended it. `timeout` in milliseconds (60,000), `env` is added to ours (undefined
 * removes), `input` is text or bytes for its standard input, `cwd` its folder. The promise carries
 * `.child`, so that a test can send signals while it runs. Rejects when it cannot be started.
 */
export function run(argv, { env = {}, input = '', timeout = 60000, cwd } = {}) {
    const environment = { ...process.env, ...env };
    for (const name of Object.keys(environment)) {
        if (environment[name] === undefined) {
            delete environment[name];
        }
    }
    const child = spawn(argv[0], argv.slice(1), { env: environment, cwd });
    const promise = new Promise((resolve, reject) => {
        const output = { stdout: [], stderr: [] };
        let timedOut = false;
        const timer = setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
        }, timeout);
        processes.add(child);
        for (const name of ['stdout', 'stderr']) {
            child[name].on('data', (bytes) => output[name].push(bytes));
        }
        const end = () => {
            clearTimeout(timer);
            processes.delete(child);
        };
        child.on('error', (error) => {
            end();
            reject(error);
        });
        child.on('close', (status, signal) => {
            end();
            const stdout = Buffer.concat(output.stdout).toString();
            const stderr = Buffer.concat(output.stderr).toString();
            resolve({ status, signal, stdout, stderr, timedOut });
        });
        child.stdin.on('error', () => {}); // it need not read what we give
        child.stdin.end(input);
    });
    promise.child = child;
    return promise;
}

function script(name, verb, folder, settings = []) {
    const argv = [join(serversFolder, `${name}.sh`), verb, folder, ...settings];
    const result = spawnSync('/bin/sh', argv, { encoding: 'utf8', timeout: 60000 });
    if (result.status !== 0) {
        const error = new Error(`unable to ${verb} ${name}: ${result.stderr}`);
        error.notInstalled = result.status === NOT_INSTALLED;
        throw error;
    }
}

function readEnv(folder) {
    const env = {};
    for (const line of readFileSync(join(folder, 'env'), 'utf8').trim().split('\n')) {
        const [, name, value] = /^(\w+)='?(.*?)'?$/.exec(line);
        env[name] = value;
    }
    return env;
}

function start(name, folder, settings) {
    script(name, 'start', folder, settings);
    const env = readEnv(folder);
    const value = (part) => env[`DBW_TEST_${name.toUpperCase()}_${part}`];
    const server = {
        name,
        env,
        folder,
        url: value('URL'),
        adminUrl: value('ADMIN_URL'),
        host: value('HOST'),
        port: Number(value('PORT')),
        user: value('USER'),
        password: value('PASSWORD'),
        socket: value('SOCKET') ?? value('SOCKET_DIR'),
        log: () => readFileSync(join(folder, 'log'), 'utf8'),
        crash: () => script(name, 'crash', folder),
        restart: () => script(name, 'restart', folder),
        stop: () => {
            if (running.delete(server)) {
                script(name, 'stop', folder);
            }
        },
        query: (database, sql) => query(server, database, sql),
        /** A client that is left to itself: the child process, its input as given. */
        session: (database, sql) => {
            const [program, argv, env] = client(server, database);
            const child = spawn(program, argv, { env, stdio: ['pipe', 'pipe', 'pipe'] });
            child.stdin.write(sql);
            return child;
        },
    };
    running.add(server);
    return server;
}

// The servers' own client programs: independent of our drivers. [program, arguments, environment].
function client(server, database) {
    const { host, port, user, password } = server;
    const [program, argv, env] =
        server.name === 'postgresql'
            ? [
                  'psql',
                  ['-XqAtw', '-v', 'ON_ERROR_STOP=1', '-h', host, '-p', port, '-U', user, '-f', '-',
                   '-d', database],
                  { PGPASSWORD: password },
              ]
            : [
                  'mariadb',
                  ['--no-defaults', '--batch', '--unbuffered', '--skip-column-names', '--raw', '--protocol=tcp',
                   `--host=${host}`, `--port=${port}`, `--user=${user}`,
                   '--default-character-set=utf8mb4', database],
                  { MYSQL_PWD: password },
              ];
    return [program, argv.map(String), { ...process.env, ...env }];
}

function query(server, database, sql) {
    const [program, argv, env] = client(server, database);
    const result = spawnSync(program, argv, {
        encoding: 'utf8',
        input: sql,
        env,
        maxBuffer: 1 << 30,
    });
    if (result.error || result.status !== 0) {
        throw new Error(`unable to run '${sql.slice(0, 300)}': ${result.stderr || result.error}`);
    }
    return result.stdout.replace(/\n$/, '');
}

/**
 * Makes the database app_NAME anew on one of the servers of `startServers()`, empty or (PostgreSQL)
 * as a copy of `template`, and answers its URL.
 */
export function freshDatabase(name, kind = 'postgresql', servers = latest, template = 'template1') {
    const database = `app_${name.toLowerCase().replace(/[^a-z0-9]/g, '_')}`.slice(0, 52);
    const server = servers[kind];
    if (kind === 'postgresql') {
        // As admin: nobody else may end a vacuum that is under way in it.
        query({ ...server, user: 'admin' }, 'postgres', `
            DROP DATABASE IF EXISTS ${database} WITH (FORCE);
            CREATE DATABASE ${database} OWNER ${server.user} TEMPLATE ${template};`);
    } else {
        server.query('app', `CREATE OR REPLACE DATABASE ${database} CHARACTER SET utf8mb4`);
    }
    return server.url.replace(/[^/]*$/, database);
}

/**
 * Starts private servers: {postgresql: true, mysql: true}; a list in place of true gives settings,
 * ['work_mem=1MB']. Answers {postgresql, mysql, tlsCa, env, crash(), restart(), stop(),
 * freshDatabase(name, kind)}; each server has url, adminUrl, host, port, user, password, socket,
 * folder, log(), query(database, sql), crash(), restart(), stop(). All of it is synchronous.
 * Throws an error with `notInstalled` when there is no such server on this machine.
 */
export function startServers(wanted = { postgresql: true }) {
    const folder = guardedFolder();
    if (!process.env.DBW_TEST_CACHE && !process.env.DBW_TOP_BUILDDIR) {
        process.env.DBW_TEST_CACHE = join(tempDir(), 'cache');
    }
    const servers = { env: {} };
    const names = ['postgresql', 'mysql'].filter((name) => wanted[name]);
    for (const name of names) {
        const settings = Array.isArray(wanted[name]) ? wanted[name] : [];
        servers[name] = start(name, join(folder, name), settings);
        Object.assign(servers.env, servers[name].env);
    }
    for (const verb of ['crash', 'restart', 'stop']) {
        servers[verb] = () => names.forEach((name) => servers[name][verb]());
    }
    servers.tlsCa = servers.env.DBW_TEST_TLS_CA;
    servers.freshDatabase = (name, kind, template) => freshDatabase(name, kind, servers, template);
    latest = servers;
    return servers;
}

/** The reason to skip tests of that server, or false: test(name, {skip: missing('mysql')}, …). */
export function missing(name) {
    const places = {
        postgresql: ['/usr/lib/postgresql', '/usr/bin/postgres', '/usr/local/bin/postgres'],
        mysql: ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd', '/usr/bin/mariadbd'],
    };
    const titles = { postgresql: 'PostgreSQL', mysql: 'MariaDB' };
    return places[name].some(existsSync) ? false : `${titles[name]} is not installed`;
}
