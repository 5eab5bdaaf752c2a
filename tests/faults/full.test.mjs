// SPDX-License-Identifier: Apache-2.0
// No room left and no memory left: at each target, where the state is kept, and where the source is
// copied to. What is the matter and the way out are said, and once there is room the run goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace, sanitized } from '../lib/command.mjs';
import { assertSameData, servedDatabase, sqliteDatabase } from '../lib/database.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';
import { noDisk, smallDisk } from './disk.mjs';
import { CHUNK } from './rounds.mjs';
import { applicationOf, fill, shape } from './shop.mjs';

const skip = missing('postgresql') || missing('mysql');
const ORDERS = 8000; // about five megabytes
let servers, source;
if (!skip) {
    servers = startServers({ postgresql: true, mysql: true });
    source = sqliteDatabase(join(tempDir(), 'source.db'));
    fill(source, ORDERS);
    source.sql('PRAGMA journal_mode = wal'); // read where it is, without a copy
}
after(() => servers?.stop());

function fresh(engine, name = 'full') {
    return engine === 'sqlite' ? sqliteDatabase(join(tempDir(), `${name}.db`))
        : servedDatabase(servers[engine], servers.freshDatabase(name, engine));
}

const args = ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK];

function begin(target, more = {}) {
    const from = more.source ?? source;
    return { place: makePlace(), args, source, shape, target, env: { SOURCE: from.url, TARGET: target.url }, ...more };
}

const start = (round) => round.place.run(round.args, round.env);

// Runs the command; `act` is called while it stands still as soon as it has come to that phase.
function inPhase(round, phase, act) {
    const running = start(round);
    let text = '';
    let done = false;
    running.child.stderr.on('data', (bytes) => {
        text += bytes;
        if (!done && new RegExp(`^${phase}$`, 'm').test(text)) {
            done = true;
            running.child.kill('SIGSTOP');
            act(running.child);
            running.child.kill('SIGCONT');
        }
    });
    return running;
}

// The run failed for that reason, said how to go on, and after `repair` it does.
async function failsAndGoesOn(round, answer, { code, reason, hint }, repair) {
    assert.equal(answer.status, exits.failed, answer.stderr);
    assert.match(answer.stderr, reason);
    assert.match(answer.stderr, hint);
    assert.match(answer.stderr, /^dbwizard: (the source is untouched: )?unable to /m);
    const id = /^ {2}dbwizard jobs resume (\w+)\n {2}dbwizard jobs discard \1$/m.exec(answer.stderr)?.[1];
    assert.ok(id, `the way on is not said: ${answer.stderr}`);
    const job = await round.place.job(id);
    assert.equal(job.status, 'failed');
    assert.equal(job.resumable, true);
    assert.equal(job.error.code, code, JSON.stringify(job.error));
    await repair();
    const resumed = await round.place.run(['jobs', 'resume', id], round.env);
    assert.ok([exits.done, exits.differs].includes(resumed.status), resumed.stderr);
    assertSameData(round.source, round.target, round.shape);
}

/* --- disks ------------------------------------------------------------------------------------ */

function adminOf(server, sql) {
    const [program, argv] = server.name === 'postgresql'
        ? ['psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', server.socket, '-p', String(server.port), '-U',
                    'admin', '-d', 'postgres', '-c', sql]]
        : ['mariadb', ['--no-defaults', '--batch', '--skip-column-names', `--socket=${server.socket}`,
                       '--user=root', '-e', sql]];
    const done = spawnSync(program, argv, { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
}

const owner = (server) => readFileSync(join(server.folder, 'user'), 'utf8').trim();

test('PostgreSQL: the disk is full', { skip }, async (t) => {
    const disk = smallDisk(4);
    if (!disk) {
        return t.skip(noDisk);
    }
    const place = join(disk.folder, 'space');
    mkdirSync(place);
    spawnSync('chown', ['-R', owner(servers.postgresql), place]);
    const target = fresh('postgresql');
    adminOf(servers.postgresql, `CREATE TABLESPACE small LOCATION '${place}'`);
    adminOf(servers.postgresql, 'GRANT CREATE ON TABLESPACE small TO PUBLIC');
    servers.postgresql.query('postgres', `ALTER DATABASE ${target.database} SET default_tablespace = small`);
    const round = begin(target);
    await failsAndGoesOn(round, await start(round), { code: 'disk-full', reason: /No space left on device/,
        hint: /hint: Make room on the server's disk/ }, () => disk.grow(400));
    servers.freshDatabase('full');
    adminOf(servers.postgresql, 'DROP TABLESPACE small');
    return disk.remove();
});

test('MariaDB: the table space is full', { skip }, async () => {
    const limited = (megabytes) => `innodb_data_file_path=ibdata1:12M:autoextend:max:${megabytes}M`;
    const own = startServers({ mysql: ['innodb_file_per_table=0', limited(16)] });
    const { mysql } = own;
    try {
        const target = servedDatabase(mysql, own.freshDatabase('full', 'mysql'));
        const round = begin(target);
        await failsAndGoesOn(round, await start(round), { code: 'disk-full', reason: /is full/,
            hint: /hint: Free room on the server's disk/ }, () => {
            const options = join(mysql.folder, 'my.cnf');
            writeFileSync(options, readFileSync(options, 'utf8').replace(limited(16), limited(200)));
            mysql.restart();
        });
    } finally {
        own.stop();
    }
});

// MariaDB ends itself when it finds no room to take a transaction back.
test('MariaDB: the disk is full', { skip }, async (t) => {
    const target = fresh('mysql', 'disk');
    const folder = join(servers.mysql.folder, 'data', target.database);
    const options = readFileSync(join(folder, 'db.opt'));
    const disk = smallDisk(3, folder);
    if (!disk) {
        return t.skip(noDisk);
    }
    spawnSync('sh', ['-c', 'printf %s "$1" >"$2/db.opt"; chown -R "$3" "$2"', '-', options.toString(), folder,
                     owner(servers.mysql)]);
    const round = begin(target);
    const answer = await start(round);
    const died = /got signal 6/.test(servers.mysql.log());
    await failsAndGoesOn(round, answer, died
        ? { code: 'unreachable', reason: /unable to run a statement on/, hint: /hint: The (connection broke\. Look into the server's log|server closed)/ }
        : { code: 'disk-full', reason: /is full/, hint: /hint: Free room on the server's disk/ }, () => {
        disk.grow(400);
        if (died) {
            writeFileSync(join(servers.mysql.folder, 'log'), ''); // what it says of its own end
            servers.mysql.restart();
        }
    });
    assert.throws(() => adminOf(servers.mysql, `DROP DATABASE ${target.database}`), /resource busy/);
    return disk.remove();
});

for (const megabytes of sanitized ? [2] : [1, 2, 4]) {
    test(`SQLite: the disk is full at ${megabytes} MB`, { skip }, async (t) => {
        const disk = smallDisk(megabytes);
        if (!disk) {
            return t.skip(noDisk);
        }
        const round = begin(sqliteDatabase(join(disk.folder, 'target.db')));
        await failsAndGoesOn(round, await start(round), { code: 'disk-full', reason: /no room left for database file/,
            hint: /hint: Make room on its file system/ }, () => disk.grow(400));
        assert.equal(round.target.sql('PRAGMA integrity_check'), 'ok');
        return disk.remove();
    });
}

test('SQLite: files may not get larger', { skip }, async () => {
    const round = begin(fresh('sqlite', 'limited'));
    const running = start(round);
    spawnSync('prlimit', ['--pid', String(running.child.pid), `--fsize=${2 << 20}`]);
    await failsAndGoesOn(round, await running, { code: 'disk-full', reason: /as large as files may get/,
        hint: /hint: Raise the limit \(ulimit -f/ }, () => {});
});

// The state store on a disk of its own, which is full from the phase on in which `act` is called.
async function withFullState(phase, check) {
    const disk = smallDisk(8);
    if (!disk) {
        return false;
    }
    const round = begin(fresh('sqlite', `state_${phase}`));
    round.env.DBWIZARD_STATE_DIR = disk.folder;
    await check(round, await inPhase(round, phase, disk.fill), disk);
    disk.remove();
    return true;
}

for (const phase of sanitized ? ['report'] : ['copy', 'verify', 'report']) {
    test(`the disk of the state store is full from ${phase} on`, { skip }, async (t) => {
        const can = await withFullState(phase, async (round, answer, disk) => {
            const job = /^ {2}dbwizard jobs resume (\w+)$/m.exec(answer.stderr)?.[1];
            assert.ok(answer.status === exits.done || job, answer.stderr);
            if (answer.status !== exits.done) {
                assert.equal(answer.status, exits.failed, answer.stderr);
                assert.match(answer.stderr, /No space left on device|no room left|database or disk is full/);
            }
            disk.empty();
            disk.grow(40);
            if (job) {
                const resumed = await round.place.run(['jobs', 'resume', job], round.env);
                assert.equal(resumed.status, exits.done, resumed.stderr);
            }
            assertSameData(source, round.target, shape);
        });
        return can || t.skip(noDisk);
    });
}

test('the disk that the source is copied to is full', { skip }, async (t) => {
    const disk = smallDisk(8);
    if (!disk) {
        return t.skip(noDisk);
    }
    const round = begin(fresh('sqlite', 'copied'));
    const own = join(tempDir(), 'rollback.db');
    copyFileSync(source.file, own);
    sqliteDatabase(own).sql('PRAGMA journal_mode = delete');
    round.env.SOURCE = `sqlite:///${own}`;
    round.env.TMPDIR = disk.folder;
    const running = start(round);
    spawnSync('prlimit', ['--pid', String(running.child.pid), `--fsize=${2 << 20}`]);
    const answer = await running;
    if (answer.status !== exits.done) {
        assert.equal(answer.status, exits.failed, answer.stderr);
        assert.match(answer.stderr, /unable to write snapshot .*: File too large/);
        assert.match(answer.stderr, /hint: Make room for a copy of the source/);
        assert.ok(!round.target.isThere || round.target.tables().length === 0);
        disk.grow(100);
        const again = await start(round);
        assert.equal(again.status, exits.done, again.stderr);
    }
    assertSameData(source, round.target, shape);
    return disk.remove();
});

/* --- memory and other limits ------------------------------------------------------------------- */

test('PostgreSQL: no temporary files for an index', { skip }, async () => {
    const target = fresh('postgresql');
    const set = (value) => adminOf(servers.postgresql, `ALTER ROLE app SET temp_file_limit = '${value}'`);
    adminOf(servers.postgresql, "ALTER ROLE app SET maintenance_work_mem = '1MB'");
    set('16kB');
    const wide = fresh('sqlite', 'wide');
    wide.sql(`CREATE TABLE wide (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT); INSERT INTO wide SELECT value,
        printf('%060d', value * 7919 % 100003) FROM generate_series(1, 30000); CREATE INDEX names ON wide (name)`);
    const round = begin(target, { source: wide, shape: { wide: { id: 'integer', name: 'text' } } });
    await failsAndGoesOn(round, await start(round), { code: 'limit', reason: /temporary file size exceeds temp_file_limit/,
        hint: /hint: A limit of the server was reached\. Raise it/ }, () => set(-1));
    adminOf(servers.postgresql, 'ALTER ROLE app RESET ALL');
});

test('PostgreSQL: out of memory', { skip }, async () => {
    const target = fresh('postgresql');
    target.sql(`${applicationOf('postgresql')}
        CREATE SCHEMA dry; CREATE TABLE dry.dry AS SELECT true AS now;
        CREATE FUNCTION dry.out() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF (SELECT now FROM dry.dry) THEN
            RAISE 'out of memory' USING ERRCODE = '53200', DETAIL = 'Failed on request of size 8192.';
        END IF; RETURN true; END $$;
        ALTER TABLE orders ADD CONSTRAINT dry CHECK (id < 4000 OR dry.out())`);
    const round = begin(target, { args: [...args, '--schema-mode', 'existing'] });
    await failsAndGoesOn(round, await start(round), { code: 'no-memory', reason: /out of memory/,
        hint: /hint: The server ran out of memory: give it more/ },
        () => target.sql('UPDATE dry.dry SET now = false'));
});

test('MariaDB: a session may use little memory', { skip }, async () => {
    const target = fresh('mysql', 'memory');
    const round = begin(target);
    const set = (value) => adminOf(servers.mysql, `SET GLOBAL max_session_mem_used = ${value}`);
    const told = { code: 'no-memory', reason: /max-session-mem-used=\d+ option so it cannot execute/,
                   hint: /hint: Raise max_session_mem_used on the server/ };
    set(300000);
    const refused = await start(round);
    assert.equal(refused.status, exits.failed, refused.stderr);
    assert.match(refused.stderr, told.reason);
    assert.match(refused.stderr, told.hint);
    assert.deepEqual(target.tables(), []);
    set('DEFAULT');
    // What was begun can be resumed all the same.
    const killed = await inPhase(round, 'keys', (child) => child.kill('SIGKILL'));
    assert.equal(killed.signal, 'SIGKILL');
    set(300000);
    const [job] = await round.place.jobs();
    const answer = await round.place.run(['jobs', 'resume', job.id], round.env);
    await failsAndGoesOn(round, answer, told, () => set('DEFAULT'));
});
