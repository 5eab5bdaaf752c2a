// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort, freshDatabase, missing, run, startServers, tempDir } from './servers.mjs';

const module = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'servers.mjs')).href;
const kinds = ['postgresql', 'mysql'].filter((kind) => !missing(kind));
const skip = kinds.length < 2 && `only ${kinds.join(' and ') || 'no server'} is installed`;
const servers = skip ? undefined : startServers({ postgresql: ['work_mem=3MB'], mysql: true });

function refuses(port) {
    return new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(false);
        });
        socket.on('error', () => resolve(true));
    });
}

test('both servers answer, with the settings asked for', { skip }, () => {
    assert.equal(servers.postgresql.query('app', 'SELECT 6 * 7'), '42');
    assert.equal(servers.mysql.query('app', 'SELECT 6 * 7'), '42');
    assert.equal(servers.postgresql.query('app', 'SHOW work_mem'), '3MB');
});

test('fresh databases are empty each time', { skip }, () => {
    for (const kind of kinds) {
        const url = freshDatabase('Case One', kind);
        assert.match(url, /\/app_case_one$/);
        servers[kind].query('app_case_one', 'CREATE TABLE t (a int)');
        freshDatabase('Case One', kind);
        servers[kind].query('app_case_one', 'CREATE TABLE t (a int)');
    }
});

/** Children of the server may hold its socket for a moment longer than it lives. */
async function refusesSoon(port) {
    for (let i = 0; i < 50 && !(await refuses(port)); i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return refuses(port);
}

test('a crash loses nothing that was committed, and the port stays', { skip }, async () => {
    for (const kind of kinds) {
        const server = servers[kind];
        server.query('app', 'CREATE TABLE kept (a int); INSERT INTO kept VALUES (5)');
        server.crash();
        assert.equal(await refusesSoon(server.port), true);
        server.restart();
        assert.equal(server.query('app', 'SELECT a FROM kept'), '5');
    }
});

test('stop ends them', { skip }, async () => {
    servers.stop();
    for (const kind of kinds) {
        assert.equal(await refuses(servers[kind].port), true);
    }
});

test('kill -9 of the test leaves no server and no folder', { skip }, async () => {
    const program = join(tempDir(), 'victim.mjs');
    writeFileSync(program, `import { startServers } from ${JSON.stringify(module)};
        const { postgresql } = startServers({ postgresql: true });
        console.log(postgresql.folder + ' ' + postgresql.port);
        setInterval(() => {}, 1000);`);
    const victim = run([process.execPath, program]);
    const line = await new Promise((resolve) => {
        victim.child.stdout.once('data', (bytes) => resolve(bytes.toString().trim()));
    });
    const [folder, port] = line.split(' ');
    assert.equal(await refuses(Number(port)), false);
    victim.child.kill('SIGKILL');
    assert.equal((await victim).signal, 'SIGKILL');
    for (let i = 0; i < 200 && existsSync(dirname(folder)); i++) {
        await sleep(50);
    }
    assert.equal(existsSync(dirname(folder)), false);
    assert.equal(await refuses(Number(port)), true);
});

test('run passes input and environment, and answers status and both outputs', async () => {
    const script = 'cat; echo "$GREETING" >&2; exit 7';
    const result = await run(['sh', '-c', script], { input: 'text', env: { GREETING: 'hello' } });
    assert.equal(result.status, 7);
    assert.equal(result.stdout, 'text');
    assert.equal(result.stderr, 'hello\n');
    assert.equal(result.timedOut, false);
});

test('run ends what takes too long', async () => {
    const result = await run(['sleep', '60'], { timeout: 50 });
    assert.equal(result.timedOut, true);
    assert.equal(result.signal, 'SIGKILL');
});

test('run rejects what cannot be started', async () => {
    await assert.rejects(run(['/nonexistent/program']), { code: 'ENOENT' });
});

test('free ports refuse, and folders are new', async () => {
    assert.equal(await refuses(await freePort()), true);
    mkdirSync(join(tempDir(), 'inside'));
    assert.equal(existsSync(join(tempDir(), 'inside')), false);
});
