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
