// SPDX-License-Identifier: Apache-2.0
// verify=sample: pieces of large tables are compared and all rows counted; nobody is told more.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const skip = missing('postgresql');
const servers = skip ? undefined : startServers({ postgresql: true });
const source = skip ? '' : join(tempDir(), 'large.db');
after(() => servers?.stop());

// 80 MB in one table with an integer key, and two small ones.
if (!skip) {
    sqlite(source, `
        CREATE TABLE large (id INTEGER PRIMARY KEY, body TEXT);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
            INSERT INTO large SELECT 2 * i, hex(randomblob(1000)) FROM n;
        CREATE TABLE small (id INTEGER PRIMARY KEY, v TEXT);
        INSERT INTO small VALUES (1, 'a'), (2, 'b');
        CREATE TABLE words (w TEXT PRIMARY KEY);
        INSERT INTO words VALUES ('x'), ('y');`);
}

const TARGET = skip ? '' : servers.freshDatabase('sample');
const ask = (sql) => servers.postgresql.query(new URL(TARGET).pathname.slice(1), sql);
const verify = (...args) => makePlace().json(['verify', source, 'env:TARGET', ...args], { TARGET });
const tableOf = (answer, name) => answer.json.tables.find((one) => one.source === name);

test('a move says what was compared', { skip }, async () => {
    const place = makePlace();
    const file = join(tempDir(), 'report.json');
    const answer = await place.run(['migrate', source, 'env:TARGET', '--verify', 'sample',
        '--report', file], { TARGET });
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.match(answer.stdout, /pieces were read back, and are equal; all rows were counted/);
    const [job] = await place.jobs();
    assert.equal(job.verdict, 'converted');
    const { default: report } = await import(file, { with: { type: 'json' } });
    const [large] = report.tables.filter((one) => one.source === 'large');
    assert.ok(large.sampled_rows > 5000 && large.sampled_rows < 30000, `${large.sampled_rows}`);
    assert.equal(large.target_rows, 40000);
    assert.ok(report.advice.some((text) => /only some pieces/.test(text)));
});

test('equal databases: no difference, and pieces are named as such', { skip }, async () => {
    const answer = await verify('--sample');
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.equal(answer.json.compared, 'sample');
    assert.equal(answer.json.equal, true);
    assert.ok(tableOf(answer, 'large').sampled_rows > 5000);
    assert.equal(tableOf(answer, 'small').sampled_rows, undefined);
    const whole = await verify();
    assert.equal(tableOf(whole, 'large').sampled_rows, undefined);
    assert.equal(whole.json.compared, 'checksum');
});

test('a small table is compared whole, a missing row of a large one is counted', { skip }, async () => {
    ask("UPDATE small SET v = 'c' WHERE id = 2");
    ask('DELETE FROM large WHERE id = 2');
    const answer = await verify('--sample');
    assert.equal(answer.status, exits.differs, answer.stderr);
    assert.equal(tableOf(answer, 'small').equal, false);
    assert.equal(tableOf(answer, 'large').equal, false);
    assert.equal(tableOf(answer, 'words').equal, true);
    assert.ok(answer.json.differences.some((one) => one.table === 'small' && one.column === 'v'));
});

test('values that were altered all over are found, with their rows', { skip }, async () => {
    ask("UPDATE large SET body = 'lost' WHERE id % 7 = 0");
    const answer = await verify('--sample');
    const found = answer.json.differences.filter((one) => one.table === 'large');
    assert.ok(found.length > 10 && found.every((one) => one.column === 'body' || one.key === '2'));
});
