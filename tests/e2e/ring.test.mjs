// SPDX-License-Identifier: Apache-2.0
// Once around: SQLite to MariaDB to PostgreSQL to SQLite. What comes home is what went out, read by
// sqlite3 itself, and the verdict of each step says so.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite, sqliteTables } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const chinook = join(process.env.DBW_SHARED_DATA ?? join(here, '../../../shared/data'),
    'chinook.sqlite');
const skip = missing('postgresql') || missing('mysql') ||
    (!existsSync(chinook) && 'no chinook.sqlite in DBW_SHARED_DATA');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

const lines = (text) => text.split('\n').filter((line) => line !== '');

/** Every value of a table as text, one row a line, in one order; dates by what they mean. */
function rowsOf(file, table) {
    const names = lines(sqlite(file, `SELECT name FROM pragma_table_info('${table}') ORDER BY cid`));
    const shown = names.map((name) => (/Date$/.test(name) ? `quote(datetime("${name}"))`
        : `quote("${name}")`));
    return sqlite(file, `SELECT ${shown.join(` || ',' || `)} FROM "${table}" ORDER BY 1`);
}

/** Keys, foreign keys and indexes, whatever they are called. */
function shapeOf(file, table) {
    const pragma = (what, columns) =>
        sqlite(file, `SELECT ${columns} FROM pragma_${what}('${table}') ORDER BY 1, 2, 3`);
    return [pragma('table_info', 'name, pk, "notnull" OR pk > 0'),
        pragma('foreign_key_list', '"table", "from", "to", on_update, on_delete'),
        pragma('index_list', '"unique", origin, partial')];
}

test('chinook: SQLite to MariaDB to PostgreSQL to SQLite', { skip, timeout: 300000 }, async () => {
    const folder = tempDir();
    const out = join(folder, 'out.db');
    const home = join(folder, 'home.db');
    copyFileSync(chinook, out);
    const place = makePlace();
    const env = { MARIADB: servers.freshDatabase('ring', 'mysql'),
        POSTGRESQL: servers.freshDatabase('ring') };
    const steps = [[`sqlite:///${out}`, 'env:MARIADB'], ['env:MARIADB', 'env:POSTGRESQL'],
        ['env:POSTGRESQL', `sqlite:///${home}`]];
    for (const [from, to] of steps) {
        const moved = await place.json(['migrate', from, to, '--create-database'], env);
        assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr);
        assert.equal(moved.json.rows_copied, 15607, `${from} to ${to}`);
        assert.ok(['lossless', 'converted'].includes(moved.json.verdict),
            `${from} to ${to}: ${moved.json.verdict}`);
        const verified = await place.json(['verify', from, to], env);
        assert.equal(verified.json.equal, true, `${from} to ${to}`);
    }
    assert.deepEqual(sqliteTables(home), sqliteTables(out));
    for (const table of sqliteTables(out)) {
        assert.equal(rowsOf(home, table), rowsOf(out, table), table);
        assert.deepEqual(shapeOf(home, table), shapeOf(out, table), table);
    }
    assert.equal(sqlite(home, 'PRAGMA integrity_check; PRAGMA foreign_key_check'), 'ok');
});
