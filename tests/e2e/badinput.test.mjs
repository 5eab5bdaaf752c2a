// SPDX-License-Identifier: Apache-2.0
// What the command answers to input that cannot work: the exit status, a message that names the
// reason, a hint; nothing written, and never the secret.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync,
         writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { exits, fileWith, generate, makePlace } from '../lib/command.mjs';
import { assertEqual, assertSameState, sqlite, stateOf } from '../lib/compare.mjs';
import { freePort, missing, run, startServers, tempDir } from '../lib/servers.mjs';

const CANARY = 'Canary7f3Pw';
const skip = missing('postgresql');
const servers = skip ? undefined : startServers({ postgresql: true });
const server = servers?.postgresql;
after(() => servers?.stop());
const file = generate('--rows', 200);

function filesBelow(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

// No output and no file of the state folder holds the password, as it is or encoded.
function assertNoSecret(place, answer, secret = CANARY) {
    for (const text of [answer.stdout, answer.stderr]) {
        assert.equal(text.includes(secret), false, text);
    }
    for (const path of filesBelow(place.folder)) {
        assert.equal(readFileSync(path).includes(secret), false, path);
    }
}

function assertAnswer(answer, status, message, hint) {
    assert.equal(answer.timedOut, false, 'it answers in time');
    assert.equal(answer.status, status, answer.stderr);
    assert.match(answer.stderr, message);
    if (hint) {
        assert.match(answer.stderr.replace(/\n {8}/g, ' '), hint);
    }
    // One line that says what is wrong; control characters of the input never reach the terminal.
    assert.doesNotMatch(answer.stderr, /[\x00-\x09\x0b-\x1f\x7f]/);
}

async function migrate(url, { source = file, args = [], env = {}, timeout = 60000 } = {}) {
    const place = makePlace();
    const answer = await place.run(['migrate', source, 'env:TARGET', ...args],
        { TARGET: url, ...env }, { timeout });
    assertNoSecret(place, answer);
    return answer;
}

const at = (port, database = 'app', password = CANARY) =>
    `postgresql://app:${password}@127.0.0.1:${port}/${database}`;

/* --- URLs ------------------------------------------------------------------------------------- */

const badUrls = {
    'an unknown backend': [`oracle://app:${CANARY}@db/app`, /unknown backend 'oracle'/],
    'no URL at all': ['not a URL', /it does not begin with a backend and ':\/\/'/],
    'a port that is too large': [at(65536), /the port is not a number from 1 to 65535/],
    'a port of zero': [at(0), /the port is not a number from 1 to 65535/],
    'a port with a sign': [at('+5432'), /the port is not a number from 1 to 65535/],
    'a port that is a word': [at('http'), /the port is not a number from 1 to 65535/],
    'an escape in the host': [`postgresql://app:${CANARY}@db\x1b[31m/app`, /the host holds a control character/],
    'a control character in the database': [`postgresql://app:${CANARY}@db/a\x01`,
        /the database name holds a control character/],
    'a NUL in the database': [`postgresql://app:${CANARY}@127.0.0.1/a%00b`, /it holds a NUL/],
    'an unknown TLS mode': [`${at(5432)}?sslmode=perhaps`, /'sslmode' is not a TLS mode/],
    'an unknown option': [`${at(5432)}?local_infile=1`, /unknown option 'local_infile'/],
    'rubbish behind an address': [`postgresql://app:${CANARY}@[::1]x/app`, /unable to parse/],
    'no host': [`postgresql://app:${CANARY}@/app`, /the host is missing/],
};

for (const [name, [url, message]] of Object.entries(badUrls)) {
    test(`URL: ${name}`, async () => {
        assertAnswer(await migrate(url), exits.usage, message);
    });
}

test('URL: a variable that is not set, a file that is not there', async () => {
    const place = makePlace();
    assertAnswer(await place.run(['migrate', file, 'env:NOT_SET']), exits.failed, /NOT_SET/);
    assertAnswer(await place.run(['migrate', file, `file:${place.folder}/none`]), exits.failed,
        /unable to read .*none/);
});

/* --- servers ---------------------------------------------------------------------------------- */

test('a host that does not exist', async () => {
    assertAnswer(await migrate(`postgresql://app:${CANARY}@no-such-host.invalid/app`), exits.failed,
        /unable to open the target: unable to .*no-such-host\.invalid/, /hint: /);
});

test('a port that nobody listens on', async () => {
    assertAnswer(await migrate(at(await freePort())), exits.failed,
        /unable to open the target: unable to connect to .*127\.0\.0\.1/, /hint: /);
});

// A server that does with each connection what it is told to.
async function withServer(onConnection, act) {
    const sockets = new Set();
    const listener = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        onConnection(socket);
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
        return await act(listener.address().port);
    } finally {
        sockets.forEach((socket) => socket.destroy());
        listener.close();
    }
}

test('a server that says nothing', async () => {
    await withServer(() => {}, async (port) => {
        const place = makePlace();
        const started = performance.now();
        const answer = await place.run(['test', 'env:TARGET', '--timeout', '2'], { TARGET: at(port) });
        assertAnswer(answer, exits.failed, /within 2 seconds|2 s|time/);
        assert.ok(performance.now() - started < 15000);
        assertNoSecret(place, answer);
        assertAnswer(await migrate(at(port), { timeout: 50000 }), exits.failed,
            /unable to open the target: .*(no answer|second|time)/);
    });
});

test('a server that is no database', async () => {
    await withServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), async (port) => {
        assertAnswer(await migrate(at(port)), exits.failed, /unable to open the target/);
    });
});

test('a server that hangs up', async () => {
    await withServer((socket) => socket.destroy(), async (port) => {
        assertAnswer(await migrate(at(port)), exits.failed, /unable to open the target/);
    });
});

test('a wrong password', { skip }, async () => {
    assertAnswer(await migrate(at(server.port)), exits.failed,
        /unable to open the target: .*password authentication failed for user "app"/, /hint: /);
});

test('a user that does not exist', { skip }, async () => {
    assertAnswer(await migrate(`postgresql://nobody:${CANARY}@127.0.0.1:${server.port}/app`),
        exits.failed, /unable to open the target: .*"nobody"/);
});

test('a database that does not exist: the hint works', { skip }, async () => {
    const url = server.url.replace(/[^/]*$/, 'not_there_yet');
    const place = makePlace();
    const answer = await place.run(['migrate', file, 'env:TARGET'], { TARGET: url });
    assertAnswer(answer, exits.failed, /unable to open the target: .*"?'?not_there_yet'?"? does not exist/,
        /hint: .*--create-database/);
    assertNoSecret(place, answer, server.password);
    assert.equal(server.query('app', `SELECT count(*) FROM pg_database WHERE datname = 'not_there_yet'`),
        '0');
    const made = await place.run(['migrate', file, 'env:TARGET', '--create-database'], { TARGET: url });
    assert.equal(made.status, exits.differs, made.stderr);
    assertEqual(file, server, 'not_there_yet');
    assertNoSecret(place, made, server.password);
});

test('a role that may not make tables', { skip }, async () => {
    const url = servers.freshDatabase('denied');
    const before = stateOf(server, 'app_denied');
    const admin = spawnSync('psql', ['-XqAt', '-h', server.socket, '-p', String(server.port), '-U',
        'admin', '-d', 'postgres', '-c', `DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD
        '${CANARY}'; GRANT CONNECT ON DATABASE app_denied TO guest`], { encoding: 'utf8' });
    assert.equal(admin.status, 0, admin.stderr);
    const guest = url.replace(/\/\/[^@]*@/, `//guest:${CANARY}@`);
    assertAnswer(await migrate(guest), exits.failed, /permission denied for schema public/,
        /hint: .*GRANT CREATE ON SCHEMA public/);
    assertSameState(stateOf(server, 'app_denied'), before);
    server.query('app_denied', 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
    assertAnswer(await migrate(guest), exits.failed, /no schema has been selected to create in/,
        /hint: .*GRANT USAGE, CREATE ON SCHEMA public/);
});

/* --- SQLite files ----------------------------------------------------------------------------- */

function refusedSource(name, make, status, message, hint) {
    test(`source: ${name}`, { skip }, async () => {
        const url = servers.freshDatabase('bad_source');
        const before = stateOf(server, 'app_bad_source');
        const source = await make();
        const answer = await migrate(url, { source: source.path ?? source });
        assertAnswer(answer, status, message, hint);
        assertSameState(stateOf(server, 'app_bad_source'), before);
        source.done?.();
    });
}

refusedSource('a file that does not exist', () => join(tempDir(), 'none.sqlite'), exits.failed,
    /the argument is no URL, no configured name and no existing file/, /hint: Give /);
refusedSource('a text file', () => fileWith('notes.sqlite', 'These are notes.\n'.repeat(100)),
    exits.failed, /unable to open the source: .*notes\.sqlite' is not a SQLite database/);
refusedSource('a folder', () => tempDir(), exits.failed, /no existing file/);
refusedSource('an empty file', () => fileWith('empty.sqlite', ''), exits.refused,
    /no table|nothing to copy|empty/);
refusedSource('a file cut in the middle', () => {
    const path = join(tempDir(), 'cut.sqlite');
    copyFileSync(file, path);
    truncateSync(path, Math.floor(statSync(path).size / 2));
    return path;
}, exits.failed, /malformed|damaged|corrupt/i);
refusedSource('a file that another process has locked', async () => {
    const path = join(tempDir(), 'locked.sqlite');
    copyFileSync(file, path);
    const holder = spawn('sqlite3', [path], { stdio: ['pipe', 'pipe', 'ignore'] });
    holder.stdin.write('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1;\n');
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    return { path, done: () => holder.kill() };
}, exits.failed, /unable to open the source: .*locked/);

test('source: a file and folder that may only be read is copied all the same', { skip }, async () => {
    const url = servers.freshDatabase('read_only');
    const folder = tempDir();
    const path = join(folder, 'read-only.sqlite');
    copyFileSync(file, path);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    const answer = await migrate(url, { source: path });
    assert.equal(answer.status, exits.differs, answer.stderr);
    assertEqual(path, server, 'app_read_only');
    assert.deepEqual(readdirSync(folder), ['read-only.sqlite']);
    chmodSync(folder, 0o755);
});

test('source: a file out of reach of whoever runs the command', { skip: skip ||
    (process.getuid() !== 0 && 'only root can become another user') }, async () => {
    const url = servers.freshDatabase('out_of_reach');
    const place = makePlace();
    chmodSync(place.folder, 0o777);
    const path = join(tempDir(), 'private.sqlite');
    copyFileSync(file, path);
    chmodSync(path, 0o600);
    const program = join(process.env.DBW_TOP_BUILDDIR ?? 'build', 'dbwizard');
    const reachable = spawnSync('setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups',
        program, '--version']);
    if (reachable.status !== 0) {
        return; // the build folder itself is out of that user's reach
    }
    const answer = await run(['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups',
        program, 'migrate', path, 'env:TARGET'], { env: { ...place.env, TARGET: url } });
    assertAnswer(answer, exits.failed, /unable to open the source: .*private\.sqlite': it may not be read by user 'nobody'/);
});

/* --- targets ---------------------------------------------------------------------------------- */

test('target: a SQLite file that may not be written', { skip: process.getuid() === 0 &&
    !skip && 'root may write everything' }, async () => {
    const path = fileWith('target.sqlite', '');
    chmodSync(path, 0o444);
    const place = makePlace();
    assertAnswer(await place.run(['migrate', file, `sqlite:///${path}`]), exits.failed,
        /unable to .*target/);
});

test('target: a file that is not SQLite, a folder that is not there', async () => {
    const place = makePlace();
    const notes = fileWith('notes.txt', 'These are notes.\n'.repeat(100));
    assertAnswer(await place.run(['migrate', file, `sqlite:///${notes}`]), exits.failed,
        /unable to open the target: .*notes\.txt' is not a SQLite database/);
    assert.equal(readFileSync(notes, 'utf8'), 'These are notes.\n'.repeat(100));
    const nowhere = join(tempDir(), 'none', 'target.sqlite');
    assertAnswer(await place.run(['migrate', file, `sqlite:///${nowhere}`, '--create-database']),
        exits.failed, /unable to .*target/);
});

test('target: the source itself', async () => {
    const path = join(tempDir(), 'same.sqlite');
    copyFileSync(file, path);
    const before = readFileSync(path);
    for (const args of [[], ['--clear'], ['--schema-mode', 'existing'], ['--on-conflict', 'skip']]) {
        const place = makePlace();
        const answer = await place.run(['migrate', path, `sqlite:///${path}`, ...args]);
        assertAnswer(answer, exits.refused, /unable to copy a database into itself: source and target are the same/);
        assert.ok(readFileSync(path).equals(before), args.join(' '));
    }
});

/* --- options ---------------------------------------------------------------------------------- */

const badOptions = {
    'an unknown one': [['--no-such'], /--no-such/],
    'a number that is none': [['--streams', 'many'], /streams/],
    'a number out of range': [['--streams', '99'], /streams/],
    'a choice that is none': [['--on-conflict', 'ignore'], /on.conflict/],
    'a map without a value': [['--types', 'users.name'], /types/],
    'a transform that does not exist': [['--transforms', 'users.name:nul=keep'], /transform|nul/],
};

for (const [name, [args, message]] of Object.entries(badOptions)) {
    test(`option: ${name}`, { skip }, async () => {
        const url = servers.freshDatabase('bad_option');
        assertAnswer(await migrate(url, { args }), exits.usage, message);
        assert.equal(server.query('app_bad_option', 'SELECT count(*) FROM pg_tables WHERE ' +
            `schemaname = 'public'`), '0');
    });
}

const namesOfNothing = {
    'a table that the source has not': [['--include', 'nothing'], /the source has no table 'nothing'/],
    'a column that does not exist': [['--types', 'users.nothing=text'],
        /the source has no column or type 'users\.nothing'/],
    'a transform of no column': [['--transforms', 'users.nothing:nul=strip'],
        /the source has no column 'users\.nothing'/],
    'a type that does not exist': [['--types', 'users.name=nonsense'],
        /unable to read type 'nonsense': PostgreSQL has no such type/],
    'a rename onto another table': [['--rename', 'users=batches'],
        /unable to name table 'users' 'batches': there is another/],
};

for (const [name, [args, message]] of Object.entries(namesOfNothing)) {
    test(`option: ${name}`, { skip }, async () => {
        const url = servers.freshDatabase('bad_option');
        const answer = await migrate(url, { args });
        assertAnswer(answer, exits.usage, message);
        assert.equal(server.query('app_bad_option', 'SELECT count(*) FROM pg_tables WHERE ' +
            `schemaname = 'public'`), '0');
    });
}

/* --- names with everything in them ------------------------------------------------------------ */

test('names that would be SQL elsewhere, control characters in names and values', { skip }, async () => {
    const url = servers.freshDatabase('names');
    const path = join(tempDir(), 'odd "name\'s.sqlite');
    sqlite(path, `CREATE TABLE "a""b; DROP TABLE x; --" ("sel""ect" INTEGER PRIMARY KEY,
            "line\nend" TEXT, "%s%n\\" TEXT, "$1 ? :x" TEXT, "" TEXT);
        INSERT INTO "a""b; DROP TABLE x; --" VALUES (1, 'tab\t' || char(7, 27, 127) || 'x', '\\N', '?', '');
        CREATE TABLE "${'ü'.repeat(40)}" (a INTEGER PRIMARY KEY);
        CREATE TABLE "${'ü'.repeat(39)}v" (a INTEGER PRIMARY KEY);
        INSERT INTO "${'ü'.repeat(40)}" VALUES (5);`);
    const answer = await migrate(url, { source: path, args: ['--exclude', 'a"b*.'] });
    assert.ok([exits.done, exits.differs, exits.refused].includes(answer.status), answer.stderr);
    assert.doesNotMatch(answer.stderr + answer.stdout, /[\x00-\x09\x0b-\x1f\x7f]/);
    if (answer.status === exits.refused) {
        assert.match(answer.stderr, /name/);
    }
});

test('values of every control character arrive as they are', { skip }, async () => {
    const url = servers.freshDatabase('controls');
    const path = join(tempDir(), 'controls.sqlite');
    sqlite(path, `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 159)
        INSERT INTO t SELECT i, char(i) || 'x' || char(i) FROM n`);
    const answer = await migrate(url, { source: path });
    assert.equal(answer.status, exits.done, answer.stderr);
    assertEqual(path, server, 'app_controls');
});

test('a state folder that cannot be used', async () => {
    const place = makePlace();
    writeFileSync(join(place.folder, 'state'), 'a file is in its place');
    assertAnswer(await place.run(['migrate', file, 'env:TARGET'], { TARGET: at(1) }), exits.failed,
        /state/);
    const open = makePlace();
    mkdirSync(open.state, { mode: 0o777 });
    chmodSync(open.state, 0o777);
    assertAnswer(await open.run(['migrate', file, 'env:TARGET'], { TARGET: at(1) }), exits.failed,
        /everybody may write to it/, /hint: .*chmod/);
});
