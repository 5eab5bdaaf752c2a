// SPDX-License-Identifier: Apache-2.0
// Testing a connection: what answers, and what is said about everything that does not.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, missing, startServers } from '../lib/servers.mjs';
import {
    exampleDatabase, giveToService, missingPrograms, startWizard,
} from '../lib/wizard.mjs';

const skip = missingPrograms();
const noPostgresql = skip || missing('postgresql');
const noShell = skip
    || (spawnSync('sqlite3', ['-version']).error ? 'the sqlite3 command is not installed' : false);
let wizard;
let servers;
let token;
let example;

before(async () => {
    if (skip) {
        return;
    }
    // A burst of tests is allowed per process; more processes, more tests.
    wizard = await startWizard({ worker: false });
    token = await wizard.token('connect');
    example = await exampleDatabase(wizard);
    if (!noPostgresql) {
        servers = startServers({ postgresql: true });
    }
});
after(async () => {
    await wizard?.stop();
    servers?.stop();
});

async function tryUrl(url) {
    const started = Date.now();
    const answer = await wizard.post('/test-connection', { url }, { token });
    assert.equal(answer.status, 200, answer.text);
    return { ...answer.json, text: answer.text, took: Date.now() - started };
}

/** A failed test: code, message, hint as expected, and no secret of the URL. */
async function fails(url, code, message, hint) {
    const answer = await tryUrl(url);
    assert.equal(answer.success, false, answer.text);
    assert.equal(answer.code, code, answer.text);
    assert.match(answer.message, message, answer.text);
    assert.match(answer.hint, hint, answer.text);
    assert.equal(answer.server_version, null);
    const secret = /:\/\/[^:@/]*:([^@]+)@/.exec(url)?.[1];
    assert.ok(!secret || !answer.text.includes(secret), answer.text);
    return answer;
}

const file = (name) => join(wizard.data, name);
const isRoot = process.getuid() === 0;
const sameUser = () => isRoot && statSync(wizard.state).uid === 0;

test('SQLite answers', { skip }, async () => {
    const answer = await tryUrl(example);
    assert.equal(answer.success, true, answer.text);
    assert.match(answer.message, /^Connected to SQLite 3\.\d+/);
    assert.equal(answer.backend, 'sqlite');
    assert.equal(answer.code, 'ok');
    assert.equal(answer.is_empty, false);
    assert.equal(answer.tables, 10);
    assert.ok(answer.latency_ms >= 0 && answer.latency_ms < 5000);
    assert.deepEqual(Object.keys(answer.privileges),
        ['user', 'superuser', 'create_tables', 'create_database', 'read_only']);
});

test('a relative path starts at the application\'s folder', { skip }, async () => {
    const answer = await tryUrl('sqlite:///docuflow.sqlite3');
    assert.equal(answer.success, true, answer.text);
    assert.equal(answer.tables, 10);
});

test('PostgreSQL answers', { skip: noPostgresql }, async () => {
    const answer = await tryUrl(servers.freshDatabase('connection'));
    assert.equal(answer.success, true, answer.text);
    assert.match(answer.message, /^Connected to PostgreSQL \d+/);
    assert.equal(answer.backend, 'postgresql');
    assert.equal(answer.is_empty, true);
    assert.equal(answer.tables, 0);
    assert.equal(answer.privileges.user, 'app');
    assert.equal(answer.privileges.superuser, false);
    assert.equal(answer.privileges.create_tables, true);
    assert.match(answer.tls ?? '', /^TLSv1/);
    const { port } = servers.postgresql;
    const plain = await tryUrl(`${servers.postgresql.url}?sslmode=disable`);
    assert.equal(plain.success, true, `${port}: ${plain.text}`);
    assert.ok(!plain.tls);
});

test('PostgreSQL: a wrong password', { skip: noPostgresql }, async () => {
    const { port } = servers.postgresql;
    await fails(`postgresql://app:Wrong9Canary@127.0.0.1:${port}/app`, 'auth', /password/, /\w/);
});

test('PostgreSQL: a missing database, with what to do', { skip: noPostgresql }, async () => {
    const url = servers.postgresql.url.replace(/[^/]*$/, 'nowhere');
    await fails(url, 'no-database', /nowhere/, /\w/);
});

test('nobody listens', { skip }, async () => {
    const port = await freePort();
    for (const scheme of ['postgresql', 'mysql']) {
        const answer = await fails(`${scheme}://u:Pass3Canary@127.0.0.1:${port}/d`, 'unreachable',
            /./, /\w/);
        assert.ok(answer.took < 5000, `${answer.took} ms`);
    }
});

test('a server that says nothing: an answer within the deadline', { skip }, async () => {
    const lines = [];
    const silent = createServer((line) => {
        lines.push(line);
        line.on('error', () => {});
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address();
    const answers = await Promise.all(['postgresql', 'mysql'].map((scheme) =>
        fails(`${scheme}://u:Pass3Canary@127.0.0.1:${port}/d`, 'timeout', /./, /\w/)));
    for (const answer of answers) {
        assert.ok(answer.took < 15000, `${answer.took} ms`);
    }
    lines.forEach((line) => line.destroy());
    silent.close();
});

test('a server that speaks something else', { skip }, async () => {
    const strange = createServer((line) => {
        line.on('error', () => {});
        line.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    strange.listen(0, '127.0.0.1');
    await once(strange, 'listening');
    for (const scheme of ['postgresql', 'mysql']) {
        const answer = await tryUrl(`${scheme}://u:Pass3Canary@127.0.0.1:${strange.address().port}/d`);
        assert.equal(answer.success, false);
        assert.ok(answer.message && !answer.text.includes('Pass3Canary'), answer.text);
        assert.ok(answer.took < 15000);
    }
    strange.close();
});

test('link-local and metadata addresses are refused, before anything is sent', { skip }, async () => {
    for (const host of ['169.254.169.254', '[fe80::1]', '0.0.0.0', '[::ffff:169.254.169.254]',
        '100.100.100.200', '224.0.0.1']) {
        const answer = await fails(`postgresql://u:Pass3Canary@${host}/d`, 'denied', /./, /./);
        assert.ok(answer.took < 3000, `${host}: ${answer.took} ms`);
    }
});

test('a name that nobody knows', { skip }, async () => {
    const answer = await tryUrl('postgresql://u:Pass3Canary@no-such-host.invalid/d');
    assert.equal(answer.success, false);
    assert.ok(['unreachable', 'timeout'].includes(answer.code), answer.text);
});

test('a file that is not there', { skip }, async () => {
    await fails(`sqlite:///${file('absent.sqlite3')}`, 'no-database', /absent\.sqlite3/, /path/);
    await fails('sqlite:////no/such/folder/x.db', 'not-found', /x\.db|folder/, /path/i);
});

test('a file that is no database', { skip }, async () => {
    writeFileSync(file('notes.txt'), 'shopping list\n'.repeat(200), { mode: 0o644 });
    giveToService(file('notes.txt'));
    await fails(`sqlite:///${file('notes.txt')}`, 'not-a-database', /notes\.txt/, /path/);
});

test('a folder, a device', { skip }, async () => {
    mkdirSync(file('folder'));
    for (const path of [file('folder'), '/dev/null', '/dev/zero']) {
        const answer = await tryUrl(`sqlite:///${path}`);
        assert.equal(answer.success, false, answer.text);
        assert.ok(answer.took < 3000);
    }
});

test('a file out of reach', { skip }, async (t) => {
    if (sameUser()) {
        t.skip('root reaches everything');
        return;
    }
    mkdirSync(file('private'), { mode: 0o700 });
    writeFileSync(join(file('private'), 'x.db'), '');
    chmodSync(file('private'), 0);
    const answer = await fails(`sqlite:///${join(file('private'), 'x.db')}`, 'unreachable',
        /may not be searched/, /sudo/);
    chmodSync(file('private'), 0o700);
    assert.equal(answer.backend, 'sqlite');
});

test('a read-only database can be tested, and says so', { skip: noShell }, async (t) => {
    if (sameUser()) {
        t.skip('root writes everything');
        return;
    }
    spawnSync('sqlite3', [file('frozen.db'), 'CREATE TABLE t (a)']);
    chmodSync(file('frozen.db'), 0o444);
    const answer = await tryUrl(`sqlite:///${file('frozen.db')}`);
    assert.equal(answer.success, true, answer.text);
    assert.equal(answer.privileges.read_only, true, answer.text);
});

test('a locked database', { skip: noShell }, async () => {
    const path = file('locked.db');
    spawnSync('sqlite3', [path, 'CREATE TABLE t (a)']);
    chmodSync(path, 0o666);
    const holder = spawn('sqlite3', [path]);
    holder.stdin.write("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1); SELECT 'held';\n");
    await once(holder.stdout, 'data');
    const answer = await fails(`sqlite:///${path}`, 'locked', /locked/, /\w/);
    assert.ok(answer.took < 15000, `${answer.took} ms`);
    holder.stdin.end('ROLLBACK;\n');
    await once(holder, 'close');
    assert.equal((await tryUrl(`sqlite:///${path}`)).success, true);
});

test('only the folders that are named', { skip }, async () => {
    const other = await startWizard({
        worker: false, env: { DBWIZARD_SQLITE_DIRS: '/srv/databases', DBWIZARD_ALLOW_HOSTS: '10.0.0.0/8' },
    });
    try {
        const bearer = await other.token('connect');
        for (const url of [example, 'sqlite:////srv/databases/../../etc/passwd',
            'postgresql://u:p@127.0.0.1:1/d']) {
            const { json } = await other.post('/test-connection', { url }, { token: bearer });
            assert.equal(json.success, false);
            assert.equal(json.code, 'denied', json.message);
        }
    } finally {
        await other.stop();
    }
});

test('the audit log has the tests, without passwords', { skip }, async () => {
    const admin = await wizard.token('admin');
    const { json, text } = await wizard.get('/audit?limit=1000', { token: admin });
    const tests = json.entries.filter((one) => one.action === 'connection.test');
    assert.ok(tests.length > 5);
    assert.ok(tests.some((one) => one.outcome === 'done') && tests.some((one) => one.outcome === 'timeout'));
    assert.doesNotMatch(text, /Canary/);
});

test('too many tests: 429 with Retry-After', { skip }, async () => {
    let last;
    for (let i = 0; i < 80; i += 1) {
        last = await wizard.post('/test-connection', { url: `sqlite:///${file('absent')}` }, { token });
        if (last.status === 429) {
            break;
        }
        assert.equal(last.status, 200);
    }
    assert.equal(last.status, 429, 'no limit was met');
    assert.equal(last.json.code, 'limit');
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
    assert.ok(wizard.unharmed());
});
