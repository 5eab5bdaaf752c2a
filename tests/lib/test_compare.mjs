// SPDX-License-Identifier: Apache-2.0
// The comparison finds what it is there to find.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertSameState, compareDatabases, sqlite, stateOf } from './compare.mjs';
import { freshDatabase, missing, startServers, tempDir } from './servers.mjs';

const skip = missing('postgresql');
const servers = skip ? undefined : startServers({ postgresql: true });
const server = servers?.postgresql;
after(() => servers?.stop());

const rows = `(1, 1, 1.50, 0.1, '2024-01-02T03:04:05.5+02:00', x'00ff', '{"b": [1, 2], "a": null}',
    'ü''"\\', 3), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`;

function sides() {
    const file = join(tempDir(), 's.sqlite');
    sqlite(file, `CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN, d DECIMAL, r REAL, z TEXT,
        x BLOB, j TEXT, s TEXT, e INTEGER); INSERT INTO t VALUES ${rows};
        CREATE TABLE "no key" (v TEXT); INSERT INTO "no key" VALUES ('a'), ('a'), ('b')`);
    freshDatabase('compare');
    server.query('app_compare', `CREATE TABLE t (id int PRIMARY KEY, b boolean, d numeric(9, 4),
        r double precision, z timestamptz, x bytea, j jsonb, s varchar(20), e timestamp);
        INSERT INTO t VALUES (1, true, 1.5, 0.1, '2024-01-02 01:04:05.5Z', '\\x00ff',
        '{"a": null, "b": [1, 2]}', 'ü''"\\', '1970-01-01 00:00:03'); INSERT INTO t VALUES (2);
        CREATE TABLE "no key" (v text); INSERT INTO "no key" VALUES ('b'), ('a'), ('a')`);
    return file;
}

test('spellings do not count', { skip }, () => {
    assert.deepEqual(compareDatabases(sides(), server, 'app_compare'), []);
});

const changes = {
    b: [`b = false WHERE id = 1`, /t: .*, b: "true" became "false"/],
    d: [`d = 1.5001 WHERE id = 1`, /t: .*, d: /],
    r: [`r = 0.10000000000000002 WHERE id = 1`, /t: .*, r: /],
    z: [`z = z + interval '1 microsecond' WHERE id = 1`, /t: .*, z: /],
    x: [`x = '\\x00fe' WHERE id = 1`, /t: .*, x: "x00ff" became "x00fe"/],
    j: [`j = '{"a": null, "b": [2, 1]}' WHERE id = 1`, /t: .*, j: /],
    s: [`s = s || ' ' WHERE id = 1`, /t: .*, s: /],
    e: [`e = NULL WHERE id = 1`, /t: .*, e: .* became null/],
    null: [`s = '' WHERE id = 2`, /t: .*, s: null became ""/],
};

for (const [name, [change, expected]] of Object.entries(changes)) {
    test(`a changed value is found: ${name}`, { skip }, () => {
        const file = sides();
        server.query('app_compare', `UPDATE t SET ${change}`);
        const found = compareDatabases(file, server, 'app_compare');
        assert.equal(found.length, 1, found.join('\n'));
        assert.match(found[0], expected);
    });
}

test('rows that are missing, too many or twice are found, and tables too', { skip }, () => {
    const file = sides();
    server.query('app_compare', `DELETE FROM t WHERE id = 2; INSERT INTO t (id) VALUES (9);
        INSERT INTO "no key" VALUES ('a'); CREATE TABLE more ()`);
    assert.deepEqual(compareDatabases(file, server, 'app_compare'), [
        'no key: ["a"] stands 2 times in the source, 3 in the target',
        't: 2e0 stands 1 times in the source, 0 in the target',
        't: 9e0 stands in the target alone',
        'more: stands in the target alone',
    ]);
});

test('two states of one database differ by a row, a value, a sequence, a structure', { skip }, () => {
    for (const change of [`UPDATE t SET s = 'x' WHERE id = 2`, 'DELETE FROM "no key"',
        'CREATE SEQUENCE s', 'CREATE INDEX ON t (s)',
        `COMMENT ON TABLE t IS 'x'`]) {
        sides();
        const before = stateOf(server, 'app_compare');
        assertSameState(stateOf(server, 'app_compare'), before);
        server.query('app_compare', change);
        assert.throws(() => assertSameState(stateOf(server, 'app_compare'), before), /is not as it was/,
            change);
    }
});
