// SPDX-License-Identifier: Apache-2.0
// The whole thing for real, in one temporary folder: nginx, the FastCGI pool (spawn-fcgi and
// multiwatch), the worker, a state folder. It ends with the process that started it, whatever
// happens: by stop(), at exit, or, after a kill -9, by a reaper that waits on a pipe.
import { spawn, spawnSync } from 'node:child_process';
import {
    accessSync, constants, existsSync, lchownSync, mkdirSync, openSync, closeSync, readFileSync,
    readdirSync, writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, run, tempDir } from './servers.mjs';

const source = process.env.DBW_TOP_SRCDIR
    ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const build = process.env.DBW_TOP_BUILDDIR ?? join(source, 'build');
const root = process.getuid() === 0;

function findProgram(name) {
    const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];
    for (const folder of folders) {
        const path = join(folder || '.', name);
        try {
            accessSync(path, constants.X_OK);
            return path;
        } catch {
            // the next one
        }
    }
    return undefined;
}

const programs = {
    dbwizard: join(build, 'dbwizard'),
    fcgi: join(build, 'dbwizard-fcgi'),
    generate: join(build, 'examples', 'docuflow', 'docuflow-generate'),
    nginx: findProgram('nginx'),
    spawn: findProgram('spawn-fcgi'),
    multiwatch: findProgram('multiwatch'),
};

/** The reason to skip, or false. */
export function missingPrograms() {
    for (const name of ['nginx', 'spawn-fcgi', 'multiwatch']) {
        if (!findProgram(name)) {
            return `${name} is not installed`;
        }
    }
    for (const path of [programs.dbwizard, programs.fcgi]) {
        if (!existsSync(path)) {
            return `${path} is not built`;
        }
    }
    return false;
}

// Started by root, the services run as www-data, if that user can reach the programs at all.
function dropTo() {
    if (!root) {
        return undefined;
    }
    // As root first: libtool's wrapper may have to link once.
    spawnSync(programs.dbwizard, ['version'], { stdio: 'ignore' });
    spawnSync(programs.fcgi, [], { stdio: 'ignore' });
    for (const user of ['www-data', 'nobody']) {
        const ids = ['-u', '-g'].map((what) => spawnSync('id', [what, user], { encoding: 'utf8' }));
        if (ids.some((one) => one.status !== 0)) {
            continue;
        }
        const [uid, gid] = ids.map((one) => Number(one.stdout));
        const drop = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
        const tried = spawnSync(drop[0], [...drop.slice(1), programs.dbwizard, 'version']);
        if (tried.status === 0) {
            return { uid, gid, drop };
        }
    }
    return undefined;
}
let service;
let serviceKnown = false;
function serviceUser() {
    if (!serviceKnown) {
        service = dropTo();
        serviceKnown = true;
    }
    return service;
}

/** Gives a file or folder to the user that the services run as. */
export function giveToService(path) {
    const user = serviceUser();
    if (user) {
        lchownSync(path, user.uid, user.gid);
    }
    return path;
}

/** A new folder that the services can write to. */
export function serviceDir() {
    return giveToService(tempDir());
}

const running = new Set();
function endAll() {
    for (const wizard of running) {
        wizard.kill();
    }
}
process.on('exit', endAll);

// Ends the process groups whose numbers stand in FOLDER/groups once we are gone.
function guard(folder) {
    const script = 'trap "" INT TERM HUP; cat >/dev/null; '
        + 'while read -r group; do kill -KILL -- "-$group" 2>/dev/null; done <"$1/groups"';
    const child = spawn('/bin/sh', ['-c', script, 'guard', folder], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
    });
    child.unref();
    child.stdin.unref();
    child.stdin.on('error', () => {});
    return child;
}

function isAlive(pid) {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return !/^Z/.test(stat.slice(stat.lastIndexOf(')') + 2));
    } catch {
        return false;
    }
}

/** Process ids of the children of a process. */
export function childrenOf(pid) {
    const found = [];
    for (const entry of readdirSync('/proc')) {
        if (!/^\d+$/.test(entry)) {
            continue;
        }
        try {
            const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
            if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid) {
                found.push(Number(entry));
            }
        } catch {
            // ended meanwhile
        }
    }
    return found.sort((a, b) => a - b);
}

async function until(condition, what, timeout = 20000) {
    const end = Date.now() + timeout;
    for (;;) {
        const value = await condition();
        if (value) {
            return value;
        }
        if (Date.now() > end) {
            throw new Error(`timed out: ${what}`);
        }
        await sleep(20);
    }
}
export { until };

function answers(socket) {
    return new Promise((resolve) => {
        const stream = connect(socket, () => {
            stream.destroy();
            resolve(true);
        });
        stream.on('error', () => resolve(false));
    });
}

class Wizard {
    constructor(settings) {
        this.settings = settings;
        this.folder = serviceDir();
        this.run = join(this.folder, 'run');
        this.state = join(this.folder, 'state');
        this.data = join(this.folder, 'data');
        for (const path of [this.run, this.state, this.data, join(this.folder, 'etc')]) {
            mkdirSync(path, { mode: 0o755 });
            giveToService(path);
        }
        this.socket = join(this.run, 'fcgi.sock');
        this.env = {
            DBWIZARD_STATE_DIR: this.state,
            DBWIZARD_DATA_DIR: source,
            DBWIZARD_CONFIG_DIR: join(this.folder, 'etc'),
            DBWIZARD_APP_DIR: this.data,
            DATABASE_URL: undefined,
            HOME: this.folder,
            ...settings.env,
        };
        this.services = new Map();
        this.trouble = [];
        writeFileSync(join(this.folder, 'groups'), '');
        this.guard = guard(this.folder);
        running.add(this);
    }

    as(argv) {
        return [...(serviceUser()?.drop ?? []), ...argv];
    }

    /** Starts a service in a process group of its own; its output goes to run/NAME.log. */
    launch(name, argv) {
        const log = openSync(join(this.run, `${name}.log`), 'a');
        const environment = { ...process.env, ...this.env };
        for (const key of Object.keys(environment)) {
            if (environment[key] === undefined) {
                delete environment[key];
            }
        }
        const full = this.as(argv);
        const child = spawn(full[0], full.slice(1), {
            stdio: ['ignore', log, log],
            detached: true,
            env: environment,
            cwd: this.run,
        });
        closeSync(log);
        const service = { name, pid: child.pid, child };
        child.on('error', (error) => this.trouble.push(`${name}: ${error.message}`));
        child.unref();
        writeFileSync(join(this.folder, 'groups'), `${child.pid}\n`, { flag: 'a' });
        this.services.set(name, service);
        return service;
    }

    startFcgi() {
        const { processes = 2 } = this.settings;
        return this.launch('fcgi', [
            programs.spawn, '-n', '-s', this.socket, '-M', '0600', '--',
            programs.multiwatch, '-f', String(processes), '--', programs.fcgi,
        ]);
    }

    startWorker(options = []) {
        return this.launch('worker', [programs.dbwizard, 'worker', ...options]);
    }

    fillIn() {
        const { remoteAddress, location = '' } = this.settings;
        let locations = readFileSync(join(source, 'nginx', 'dbwizard-locations.conf.in'), 'utf8')
            .replaceAll('@staticdir@', join(source, 'static'))
            .replaceAll('@socket@', this.socket);
        if (remoteAddress) {
            locations = locations.replace('REMOTE_ADDR $remote_addr', `REMOTE_ADDR ${remoteAddress}`);
        }
        locations = locations.replace('fastcgi_pass unix:', `${location}\n    fastcgi_pass unix:`);
        writeFileSync(join(this.run, 'locations.conf'), locations);
        writeFileSync(join(this.run, 'nginx.conf'),
            readFileSync(join(source, 'nginx', 'private.conf.in'), 'utf8')
                .replace('@user_line@', '')
                .replace('daemon on;', 'daemon off;')
                .replaceAll('@run@', this.run)
                .replaceAll('@port@', String(this.port))
                .replaceAll('@locations@', join(this.run, 'locations.conf')));
    }

    async startNginx() {
        // Somebody else may take the port between finding and binding it.
        for (let left = 10; ; left -= 1) {
            this.port = await freePort();
            this.fillIn();
            const { pid } = this.launch('nginx', [
                programs.nginx, '-p', this.run, '-c', join(this.run, 'nginx.conf'),
                '-e', join(this.run, 'nginx-error.log'),
            ]);
            const up = await until(
                async () => (!isAlive(pid) && 'ended')
                    || ((await this.get('/health').catch(() => false)) && 'up'),
                `nginx\n${this.log('nginx')}${this.log('fcgi')}`,
            );
            if (up === 'up') {
                break;
            }
            if (left === 0) {
                throw new Error(`unable to start nginx: ${this.log('nginx')}`);
            }
        }
        this.site = `http://127.0.0.1:${this.port}`;
    }

    async start() {
        const fcgi = this.startFcgi();
        await until(async () => {
            if (!isAlive(fcgi.pid)) {
                throw new Error(`unable to start the pool: ${this.log('fcgi')}`);
            }
            return existsSync(this.socket) && answers(this.socket);
        }, `the pool's socket ${this.log('fcgi')}`);
        await this.startNginx();
        if (this.settings.worker !== false) {
            this.startWorker(this.settings.workerOptions);
            await until(async () => (await this.get('/health')).json.workers > 0, 'the worker');
        }
        this.children = childrenOf(fcgi.pid);
        return this;
    }

    /** Runs the command as the services' user, with their environment. */
    command(argv, options = {}) {
        return run(this.as([programs.dbwizard, ...argv]), {
            ...options,
            env: { ...this.env, ...options.env },
        });
    }

    async mustCommand(argv, options) {
        const result = await this.command(argv, options);
        if (result.status !== 0) {
            throw new Error(`dbwizard ${argv.join(' ')}: ${result.status} ${result.stderr}`);
        }
        return result.stdout.trim();
    }

    /** A bearer token with those scopes. */
    token(scopes, name = 'test') {
        return this.mustCommand(['admin', 'token', 'create', '--name', name, '--scopes', scopes]);
    }

    /** What `dbwizard admin setup-link` prints. */
    setupLink() {
        return this.mustCommand(['admin', 'setup-link'], { env: { DBWIZARD_BASE_URL: this.site } });
    }

    setPassword(password) {
        return this.mustCommand(['admin', 'set-password'], { input: `${password}\n` });
    }

    /**
     * One call of the API: {status, headers, text, json}. `token`, or `session` ({cookie, csrf}, as
     * logIn() answers it); `body` is sent as JSON, `raw` as it is with `type`.
     */
    async call(method, path, { token, session, body, raw, type, headers = {}, signal } = {}) {
        const all = { ...headers };
        if (token) {
            all.authorization = `Bearer ${token}`;
        }
        if (session) {
            all.cookie = `dbwizard_session=${session.cookie}`;
            if (session.csrf && method !== 'GET') {
                all['x-csrf-token'] = session.csrf;
            }
        }
        if (body !== undefined || type) {
            all['content-type'] ??= type ?? 'application/json';
        }
        const answer = await fetch(`http://127.0.0.1:${this.port}/api/database${path}`, {
            method,
            headers: all,
            body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
            signal,
            redirect: 'manual',
        });
        const text = await answer.text();
        const result = { status: answer.status, headers: answer.headers, text };
        if (text && /json/.test(answer.headers.get('content-type') ?? '')) {
            result.json = JSON.parse(text);
        }
        return result;
    }

    get(path, options) {
        return this.call('GET', path, options);
    }

    post(path, body, options) {
        return this.call('POST', path, { body, ...options });
    }

    /** Logs in: {cookie, csrf, answer}. */
    async logIn(password, options) {
        const answer = await this.post('/session', { password }, options);
        return sessionOf(answer);
    }

    log(name) {
        try {
            return readFileSync(join(this.run, `${name}.log`), 'utf8');
        } catch {
            return '';
        }
    }

    pid(name) {
        return this.services.get(name).pid;
    }

    /** kill -9 of one service and all its children. */
    async crash(name) {
        const { pid } = this.services.get(name);
        process.kill(-pid, 'SIGKILL');
        await until(() => !isAlive(pid), `the end of ${name}`);
    }

    /** Ends one service as the system would; answers the milliseconds that it took. */
    async end(name, signal = 'SIGTERM') {
        const { pid } = this.services.get(name);
        const started = Date.now();
        process.kill(pid, signal);
        await until(() => !isAlive(pid), `the end of ${name} after ${signal}`, 15000);
        return Date.now() - started;
    }

    /** The pool still consists of the processes that it was started with. */
    unharmed() {
        return JSON.stringify(childrenOf(this.pid('fcgi'))) === JSON.stringify(this.children);
    }

    kill() {
        for (const { pid } of this.services.values()) {
            try {
                process.kill(-pid, 'SIGKILL');
            } catch {
                // gone already
            }
        }
        running.delete(this);
    }

    /** Ends everything in order; throws when a service left trouble in its log. */
    async stop() {
        try {
            for (const name of ['nginx', 'worker', 'fcgi']) {
                if (this.services.has(name) && isAlive(this.pid(name))) {
                    await this.end(name);
                }
            }
        } finally {
            this.kill();
        }
        for (const name of ['fcgi', 'worker']) {
            const text = this.log(name);
            const at = text.search(/ERROR: \w*Sanitizer|runtime error:|abort|assert/i);
            if (at >= 0) {
                this.trouble.push(`${name}: ${text.slice(at, at + 4000)}`);
            }
        }
        if (this.trouble.length) {
            throw new Error(this.trouble.join('\n'));
        }
    }
}

/** {cookie, csrf, answer} from the answer to a log-in. */
export function sessionOf(answer) {
    const cookie = /dbwizard_session=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    return { cookie, csrf: answer.json?.csrf, answer };
}

/**
 * Starts everything. Settings: `processes` (2) of the pool, `env` for pool, worker and command,
 * `worker: false`, `workerOptions`, `remoteAddress` (what nginx says the client's address is),
 * `location` (further lines of nginx's API location).
 */
export async function startWizard(settings = {}) {
    const wizard = new Wizard(settings);
    try {
        return await wizard.start();
    } catch (error) {
        wizard.kill();
        throw error;
    }
}

/** The example database, made for this test, where the services can read it; answers its URL. */
export async function exampleDatabase(wizard, options = []) {
    const path = join(wizard.data, 'docuflow.sqlite3');
    const result = await run([programs.generate, ...options, path]);
    if (result.status !== 0) {
        throw new Error(`unable to make the example database: ${result.stderr}`);
    }
    return `sqlite:///${giveToService(path)}`;
}

/** Waits until the job has one of those statuses; answers it. */
export async function jobStatus(wizard, id, token, statuses, timeout = 120000) {
    let last;
    try {
        return await until(async () => {
            last = await wizard.get(`/jobs/${id}`, { token });
            return statuses.includes(last.json?.status) && last.json;
        }, `job ${id} to be ${statuses.join(' or ')}`, timeout);
    } catch (error) {
        error.message += `\n${last?.text}\n${wizard.log('worker')}`;
        throw error;
    }
}

/** Waits until the job has ended; answers it. */
export function jobEnd(wizard, id, token, timeout) {
    return jobStatus(wizard, id, token, ['done', 'failed', 'cancelled', 'paused', 'interrupted'],
        timeout);
}
