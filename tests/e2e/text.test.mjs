// SPDX-License-Identifier: Apache-2.0
// Moments, truth values, UUIDs and intervals in columns of text, because somebody asked for it or
// the application's table has them: they are spelled once, and the comparison knows the spelling.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

const columns = {
    d: ['date', "'infinity'", "'0044-03-15 BC'", 'infinity', '-0043-03-15'],
    t: ['time', "'00:00:00'", "'23:59:59.000001'", '00:00:00', '23:59:59.000001'],
    ts: ['timestamp', "'2024-01-02 03:04:05.6'", "'-infinity'", '2024-01-02 03:04:05.600000', '-infinity'],
    tz: ['timestamptz', "'2024-01-02 03:04:05+02'", "'1890-01-01 00:00:00+00'", '2024-01-02 01:04:05Z', '1890-01-01 00:00:00Z'],
    b: ['boolean', 'true', 'false', 'true', 'false'],
    u: ['uuid', "'01234567-89ab-cdef-0123-456789abcdef'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
        '01234567-89ab-cdef-0123-456789abcdef', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    i: ['interval', "'1 mon 2 days -03:04:05.6'", "'0'", 'P1M2DT-11045.600000S', 'P0M0DT0.000000S'],
};
const names = Object.keys(columns);
const SOURCE = skip ? '' : servers.freshDatabase('typed');
if (!skip) {
    servers.postgresql.query(new URL(SOURCE).pathname.slice(1), `
        CREATE TABLE e (id int PRIMARY KEY, ${names.map((n) => `${n} ${columns[n][0]}`).join()});
        INSERT INTO e VALUES (1, ${names.map((n) => columns[n][1]).join()}),
            (2, ${names.map((n) => columns[n][2]).join()})`);
}
const expected = [3, 4].map((row) => names.map((n) => columns[n][row]).join('|')).join('\n');
const asked = (type) => names.flatMap((n) => ['--types', `e.${n}=${type}`]);

async function moved(TARGET, args) {
    const answer = await makePlace().run(['migrate', 'env:SOURCE', 'env:TARGET', ...args],
        { SOURCE, TARGET });
    assert.equal(answer.status, exits.done, answer.stderr + answer.stdout);
}

test('PostgreSQL into text of SQLite', { skip }, async () => {
    const file = join(tempDir(), 'text.db');
    await moved(`sqlite:///${file}`, ['--create-database', ...asked('TEXT')]);
    assert.equal(sqlite(file, `SELECT ${names} FROM e ORDER BY id`), expected);
});

test('PostgreSQL into text of MariaDB', { skip }, async () => {
    const TARGET = servers.freshDatabase('text', 'mysql');
    await moved(TARGET, asked('longtext'));
    assert.equal(servers.mysql.query(new URL(TARGET).pathname.slice(1),
        `SELECT ${names} FROM e ORDER BY id`).replaceAll('\t', '|'), expected);
});

test('PostgreSQL into text of PostgreSQL', { skip }, async () => {
    const TARGET = servers.freshDatabase('text');
    await moved(TARGET, asked('text'));
    assert.equal(servers.postgresql.query(new URL(TARGET).pathname.slice(1),
        `SELECT ${names} FROM e ORDER BY id`), expected);
});

test('UUIDs go back into char(32) and binary(16)', { skip }, async () => {
    const TARGET = servers.freshDatabase('back', 'mysql');
    const ask = (sql) => servers.mysql.query(new URL(TARGET).pathname.slice(1), sql);
    ask('CREATE TABLE e (id int PRIMARY KEY, u char(32))');
    const rest = names.filter((n) => n !== 'u').flatMap((n) => ['--exclude', `e.${n}`]);
    const answer = await makePlace().run(['migrate', 'env:SOURCE', 'env:TARGET', '--schema-mode',
        'existing', ...rest], { SOURCE, TARGET });
    assert.ok([exits.done, exits.differs].includes(answer.status), answer.stderr);
    assert.equal(ask('SELECT u FROM e ORDER BY id'),
        '0123456789abcdef0123456789abcdef\nffffffffffffffffffffffffffffffff');
    const BYTES = servers.freshDatabase('back_bytes', 'mysql');
    const look = (sql) => servers.mysql.query(new URL(BYTES).pathname.slice(1), sql);
    look('CREATE TABLE e (id int PRIMARY KEY, u binary(16))');
    const second = await makePlace().run(['migrate', 'env:SOURCE', 'env:TARGET', '--schema-mode',
        'existing', ...rest], { SOURCE, TARGET: BYTES });
    assert.ok([exits.done, exits.differs].includes(second.status), second.stderr);
    assert.equal(look('SELECT lower(hex(u)) FROM e WHERE id = 1'), '0123456789abcdef0123456789abcdef');
});

test('foreign keys that hold only without regard to case or spaces', { skip }, async () => {
    const FROM = servers.freshDatabase('loosely', 'mysql');
    servers.mysql.query(new URL(FROM).pathname.slice(1), `
        CREATE TABLE p (k varchar(20) PRIMARY KEY) COLLATE utf8mb4_general_ci;
        CREATE TABLE c (id int PRIMARY KEY, k varchar(20) COLLATE utf8mb4_general_ci,
            FOREIGN KEY (k) REFERENCES p (k));
        INSERT INTO p VALUES ('x'), ('y');
        INSERT INTO c VALUES (1, 'X'), (2, 'x '), (3, 'x'), (4, 'Y'), (5, NULL), (6, 'X')`);
    const file = join(tempDir(), 'loosely.db');
    for (const [TARGET, look] of [
        [servers.freshDatabase('loosely'), (sql) => servers.postgresql.query('app_loosely', sql)],
        [`sqlite:///${file}`, (sql) => sqlite(file, sql)],
    ]) {
        const env = { SOURCE: FROM, TARGET };
        const args = ['env:SOURCE', 'env:TARGET', '--create-database'];
        const refused = await makePlace().json(['preview', ...args], env);
        const finding = refused.json.findings.find((one) => one.code === 'orphans');
        assert.equal(finding?.count, 4, JSON.stringify(refused.json.findings));
        const answer = await makePlace().run(['migrate', ...args, '--transforms', finding.fix.value], env);
        assert.equal(answer.status, exits.differs, answer.stderr);
        assert.equal(look('SELECT id, k FROM c ORDER BY id'), '1|\n2|\n3|x\n4|\n5|\n6|');
    }
});

test('what MariaDB keeps in its own dialect keeps the sql_mode that it was made under', { skip }, async () => {
    const FROM = servers.freshDatabase('moded', 'mysql'), TO = servers.freshDatabase('moded_new', 'mysql');
    const ask = (url, sql) => servers.mysql.query(new URL(url).pathname.slice(1), sql);
    ask(FROM, `SET sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES';
        CREATE TABLE e (id int PRIMARY KEY, b varchar(50));
        CREATE TRIGGER "tr" BEFORE INSERT ON e FOR EACH ROW SET NEW.b = NEW.b || '-T';
        CREATE PROCEDURE pr() SELECT 'a' || 'b';
        INSERT INTO e VALUES (1, 'x')`);
    const answer = await makePlace().run(['migrate', 'env:SOURCE', 'env:TARGET'], { SOURCE: FROM, TARGET: TO });
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.equal(ask(TO, 'CALL pr'), 'ab');
    assert.equal(ask(TO, "INSERT INTO e VALUES (2, 'y'); SELECT b FROM e"), 'x-T\ny-T');
    const modes = 'SELECT SQL_MODE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()';
    assert.equal(ask(TO, modes), ask(FROM, modes));
});
