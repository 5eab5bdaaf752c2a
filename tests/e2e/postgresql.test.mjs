// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL database that has one of everything, moved into PostgreSQL and into SQLite and back;
// a SQLite file moved into SQLite. What arrives is read by psql and sqlite3.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits, makePlace } from '../lib/command.mjs';
import { sequencesOf, sqlite, sqliteTables } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const chinook = join(process.env.DBW_SHARED_DATA ?? join(here, '../../../shared/data'),
    'chinook.sqlite');
const skip = missing('postgresql');
const servers = skip ? undefined : startServers({ postgresql: true });
const server = servers?.postgresql;
after(() => servers?.stop());

const query = (database, sql) => server.query(database, sql);
const nameOf = (url) => new URL(url).pathname.slice(1);
const orphans = ['--transforms', 'loose.y:orphans=null'];
const lines = (text) => text.split('\n').filter((line) => line !== '');

let source; // the database that has one of everything, made once
function everything() {
    if (!source) {
        source = servers.freshDatabase('everything');
        query(nameOf(source), readFileSync(join(here, 'postgresql.sql'), 'utf8'));
    }
    return source;
}

function fresh(name) {
    const url = servers.freshDatabase(name);
    return { env: { SOURCE: everything(), TARGET: url }, database: nameOf(url), place: makePlace() };
}

async function migrate(place, env, from, to, args = []) {
    const report = join(place.folder, 'report.json');
    const answer = await place.run(['migrate', from, to, '--report', report, ...args], env);
    return { ...answer, report: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null };
}

// Everything that a schema is, as the server's own functions tell it.
const inventory = `
    SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' ||
           format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text ||
           a.attgenerated::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' ||
           a.attcollation::regcollation || ' ' || coalesce(col_description(a.attrelid, a.attnum), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE n.nspname IN ('public', 'other') AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0
    UNION ALL
    SELECT 'table ' || c.oid::regclass || ' ' || c.relkind::text || c.relpersistence::text || ' ' ||
           coalesce(pg_get_partkeydef(c.oid), '') || ' ' ||
           coalesce(pg_get_expr(c.relpartbound, c.oid), '') || ' ' || coalesce(c.reloptions::text, '') ||
           ' ' || c.relrowsecurity || ' ' || coalesce(obj_description(c.oid, 'pg_class'), '') || ' ' ||
           coalesce((SELECT string_agg(h.inhparent::regclass::text, ',') FROM pg_inherits h
                      WHERE h.inhrelid = c.oid), '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'other') AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'constraint ' || k.conrelid::regclass || ' ' || k.conname || ' ' || k.convalidated || ' ' ||
           pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
     WHERE n.nspname IN ('public', 'other')
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname IN ('public', 'other')
    UNION ALL
    SELECT 'view ' || c.oid::regclass || c.relkind::text || pg_get_viewdef(c.oid) FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'other') AND c.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'function ' || CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) ELSE f.oid::regprocedure::text END FROM pg_proc f JOIN pg_namespace n
        ON n.oid = f.pronamespace WHERE n.nspname IN ('public', 'other')
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'rule ' || pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'other')
    UNION ALL
    SELECT 'policy ' || tablename || policyname || coalesce(qual, '') FROM pg_policies
    UNION ALL
    SELECT 'statistics ' || pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
    UNION ALL
    SELECT 'enum ' || e.enumtypid::regtype || ' ' || string_agg(e.enumlabel, ',' ORDER BY enumsortorder)
      FROM pg_enum e GROUP BY e.enumtypid
    UNION ALL
    SELECT 'type ' || t.oid::regtype || t.typtype::text || ' ' || coalesce(t.typdefault, '') || t.typnotnull
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname IN ('public', 'other') AND t.typtype IN ('d', 'e', 'r')
    UNION ALL
    SELECT 'sequence ' || schemaname || '.' || sequencename || ' ' || data_type || ' ' || start_value ||
           ' ' || min_value || ' ' || max_value || ' ' || increment_by || ' ' || cycle || ' ' ||
           coalesce(last_value, -1)
      FROM pg_sequences
    ORDER BY 1`;

const tablesOf = (database) => lines(query(database, `SELECT c.oid::regclass FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'other')
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.oid::regclass::text`));

// Rows of all tables as their own text; partitioned tables through the parent alone.
function rowsOf(database, tables = tablesOf(database)) {
    return tables.map((table) => {
        const only = query(database, `SELECT relkind FROM pg_class WHERE oid = '${table.replaceAll("'", "''")}'::regclass`) === 'r' ? 'ONLY' : '';
        return `${table}\n${query(database, `SET extra_float_digits = 3; SELECT t::text FROM ${only} ${table} AS t ORDER BY 1`)}`;
    });
}

test('PostgreSQL to PostgreSQL: everything is made again, every value is the same', { skip }, async () => {
    const { env, database, place } = fresh('again');
    const answer = await migrate(place, env, 'env:SOURCE', 'env:TARGET');
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.match(answer.stdout, /^365 rows in 23 tables\.\nNothing was lost\. Every value was read back and is equal\.$/m);
    assert.equal(answer.report.verdict, 'lossless');
    assert.deepEqual(answer.report.ledger, []);
    const before = lines(query(nameOf(env.SOURCE), inventory)), now = lines(query(database, inventory));
    assert.ok(before.length > 200, 'the inventory sees something');
    // What a domain promises is promised by the column as well.
    const domain = (line) => line.replace(/^(column all_types\.em email) \w+ /, '$1 true ');
    assert.deepEqual(now.map(domain), before.map(domain));
    assert.deepEqual(rowsOf(database), rowsOf(nameOf(env.SOURCE)));
    // Sequences go on where they stood, and triggers work.
    assert.equal(query(database, `INSERT INTO child (a, b, pz) VALUES (1, 1, 101) RETURNING id, fs`), '4|125');
    assert.equal(query(database, `UPDATE child SET n = 9, pz = 101 WHERE id = 1 RETURNING note`), 'x!');
    assert.equal(query(database, `INSERT INTO sq (v) VALUES ('next') RETURNING id`), '1020');
    assert.equal(query(database, `SELECT c FROM mv`), '3');
});

test('PostgreSQL to PostgreSQL: into another schema', { skip }, async () => {
    const { env, database, place } = fresh('schema');
    query(database, 'CREATE TABLE public.child (already text)');
    const answer = await migrate(place, env, 'env:SOURCE', 'env:TARGET',
        ['--target-schema', 'inner one', '--exclude', 'other.*']);
    assert.equal(answer.status, exits.differs, answer.stderr);
    // Only what belongs to the other schema, or speaks of its tables, could not be made.
    assert.deepEqual(answer.report.findings.filter((finding) => /-lost$/.test(finding.code))
        .map((finding) => `${finding.code} ${finding.table}`), ['enum-lost color', 'view-lost both']);
    assert.match(answer.report.todo, /^-- view 'both': not made: .*"other\.things" does not exist$/m);
    assert.equal(query(database, `SELECT count(*) FROM "inner one".parted`), '300');
    assert.equal(query(database, `SELECT count(*) FROM "inner one".a_first`), '3');
    assert.equal(query(database, `SELECT mo FROM "inner one".child WHERE id = 1`), 'sad');
    assert.equal(query(database, 'SELECT count(*) FROM public.child'), '0');
    assert.equal(query(database, `SELECT count(*) FROM pg_class WHERE relname LIKE 'dbwizard%'`), '0');
});

/* --- into SQLite ------------------------------------------------------------------------------ */

// What each column of the first and second row of all_types is in SQLite.
const values = {
    id: ['1', '2'], b: ['1', '0'], i2: ['32767', '-32768'], i8: ['9223372036854775807', '-9223372036854775808'],
    f4: ['3.40282346638529e+38', '0.0'],
    n: ['123456789012345678901234567890.123456789', 'NaN'], n2: ['9999999999.99', '0'],
    n40: ['123456789012345678901234567890.0123456789', '0.0000000000'], m: ['-92233720368547758.08', '0.00'],
    c: ['abc       ', '          '], vc: ['héllo', ''], nm: ['name', ''], o: ['4294967295', '0'],
    d: ['2024-02-29', '-infinity'], ti: ['23:59:59.999000', '00:00:00.000000'],
    titz: ['12:00:00+05:30', '00:00:00+00'], ts: ['2024-02-29 12:34:56.789012', 'infinity'],
    tstz: ['2024-02-29 10:34:56.789000+00:00', '-infinity'],
    iv: ['P1Y2M3DT4H5M6.789000S', 'P0Y-1M1DT0H0M-1S'],
    u: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'],
    j: ['{"a": 1e400, "b": 12345678901234567890123, "a": 2}', '[]'],
    jb: ['{"a": [1, null, "é"], "b": 12345678901234567890123.5}', '""'], bi: ['10101', '00000'], bv: ['1', ''],
    ai: ['[1,null,3]', '[]'], at: ['["a,b","q\\"q",null,"NULL","","{x}","back\\\\slash"]', '[]'],
    aa: ['[[1,2],[3,4]]', '[]'], ats: ['["2024-01-01 00:00:00+00","infinity"]', '[]'],
    abt: ['["\\\\x00","\\\\xff"]', '[]'], ine: ['192.168.1.5/24', '::1/128'], ma8: ['08:00:2b:01:02:03:04:05', '00:00:00:00:00:00:00:00'],
    pt: ['(1.5,2)', '(0,0)'], cr: ['<(0,0),5>', '<(0,0),0>'], tsv: ["'fox':3 'quick':2 'the':1", ''],
    ir: ['[1,5)', 'empty'], mr: ['{[1,3),[5,9)}', '{}'], lsn: ['16/B374D848', '0/0'], mo: ['it\'s "ok", so', ''],
    mos: ['["sad","happy"]', '[]'], p: ['(1,"a,b")', '(,)'], dom: ['5', '1'], reg: ['pg_class', 'pg_type'],
    dbl: ['65534', '-65536'], up: ['HÉLLO', ''],
};

test('PostgreSQL to SQLite: every type, and the ledger of what SQLite lacks', { skip }, async () => {
    const place = makePlace(), env = { SOURCE: everything() }, file = join(tempDir(), 'out.db');
    const answer = await migrate(place, env, 'env:SOURCE', `sqlite:///${file}`, ['--create-database', ...orphans]);
    assert.equal(answer.status, exits.differs, answer.stderr);
    assert.equal(answer.report.verdict, 'altered');
    assert.equal(sqlite(file, 'PRAGMA integrity_check; PRAGMA foreign_key_check'), 'ok');
    for (const [column, expected] of Object.entries(values)) {
        assert.deepEqual(lines(sqlite(file, `SELECT '=' || "${column}" FROM all_types WHERE id < 3 ORDER BY id`)),
            expected.map((value) => `=${value}`), column);
    }
    assert.equal(sqlite(file, `SELECT hex("by"), typeof("by") FROM all_types WHERE id = 1`), '00FF10|blob');
    assert.equal(sqlite(file, `SELECT f4, f8, n, d, ts, tstz FROM all_types WHERE id = 3`),
        'NaN|Inf|Infinity|-0043-03-15|-0043-03-15 12:00:00.000000|+12024-01-01 00:00:00.000000+00:00');
    assert.equal(sqlite(file, `SELECT ti, ts, f4 FROM all_types WHERE id = 4`), '24:00:00.000000|-infinity|-Inf');
    // Tables of another schema have its name in front; same names do not meet.
    assert.deepEqual(sqliteTables(file).filter((name) => name.startsWith('other')),
        ['other_child', 'other_painted', 'other_things']);
    assert.equal(sqlite(file, 'SELECT v FROM other_child'), 'not the public one');
    assert.equal(sqlite(file, 'SELECT count(*) FROM base; SELECT count(*) FROM parted'), '1\n300');
    // Checks, labels, keys and marks are kept.
    const fails = (sql, message) => assert.throws(() => sqlite(file, sql), message, sql);
    fails(`INSERT INTO "Codes" VALUES ('d', 1, 'k', NULL)`, /CHECK constraint failed: Codes_code_check/);
    fails(`INSERT INTO "Codes" VALUES ('c', 0, 'k', NULL)`, /Codes_price_check/);
    fails(`INSERT INTO "Codes" VALUES ('c', 1, 'x', NULL)`, /Codes_kind_check/);
    fails(`INSERT INTO "Codes" VALUES ('c', 1, 'k', '2019-12-31')`, /Codes_due_check/);
    fails(`INSERT INTO lists (id, status) VALUES (2, 'odd')`, /lists_status_check/);
    fails(`INSERT INTO other_painted (id, c) VALUES (2, 'blue')`, /other_painted_c_check/);
    assert.equal(sqlite(file, `INSERT INTO sq (v) VALUES ('next') RETURNING id`), '1020');
    assert.equal(sqlite(file, `INSERT INTO noc (id) VALUES (2); SELECT jj, tt, hex(ba), bo, dd, nn, big FROM noc`),
        Array(2).fill('{"a": 1}|["a","b"]|0102|1|2020-01-01|1.5|12345678901234567890').join('\n'));
    assert.equal(sqlite(file, 'SELECT tags, flags, nums FROM lists'),
        '[{"a": "x"}]|[true,null,false]|[1.50,"NaN",-300000000000000000000]');

    const codes = answer.report.findings.map((finding) => `${finding.code} ${finding.column}`);
    for (const code of ['nan f4', 'nan n', 'far-date d', 'far-date ts', 'far-date tstz', 'orphans y']) {
        assert.ok(codes.includes(code), `${code} in ${codes}`);
    }
    const ledger = answer.report.ledger.map((entry) => `${entry.kind} ${entry.table} ${entry.column} ${entry.reason}`);
    for (const entry of ['value all_types f8 the target keeps no minus zero', 'value loose y set to NULL, as decided',
                         'object child fn function \'double_it\'', 'type all_types ai kept as a JSON array',
                         'object parent parent_a_b_key the target does not know it',
                         'object child child_a_b_fkey the target does not know it',
                         'object deferred deferred_fk the target sets all columns of a key or none',
                         'object child tr its statement is in the source\'s own dialect']) {
        assert.ok(ledger.includes(entry), `${entry} in\n${ledger.join('\n')}`);
    }
    assert.match(answer.report.todo, /^-- view 'v1': .*\n--\s+SELECT child\.id/m);
});

// As psql shows a value that took the way through SQLite: what was given another type is text.
test('PostgreSQL to SQLite and back: equal but for what the ledger lists', { skip }, async () => {
    const { env, database, place } = fresh('back');
    const file = join(tempDir(), 'between.db');
    const out = await migrate(place, env, 'env:SOURCE', `sqlite:///${file}`, ['--create-database', ...orphans]);
    assert.equal(out.status, exits.differs, out.stderr);
    const home = await migrate(place, env, `sqlite:///${file}`, 'env:TARGET');
    assert.ok([exits.done, exits.differs].includes(home.status), home.stderr);
    const changed = new Set(out.report.ledger.filter((entry) => entry.kind === 'type')
        .filter((entry) => /JSON array|^kept as text$/.test(entry.reason))
        .map((entry) => `${entry.table}.${entry.column}`));
    const altered = new Set(out.report.ledger.filter((entry) => entry.kind === 'value')
        .map((entry) => `${entry.table}.${entry.column}`));
    let compared = 0;
    for (const table of ['all_types', 'child', 'parent', 'loose', 'noc', 'parted', 'dt_pk', 'sq', 'nokey', '"Codes"']) {
        const columns = lines(query(nameOf(env.SOURCE), `SELECT attname FROM pg_attribute
            WHERE attrelid = '${table}'::regclass AND attnum > 0 ORDER BY attnum`));
        for (const column of columns) {
            const name = `${table}.${column}`;
            // Arrays are JSON now, and minus zero is none.
            if (altered.has(name) || /^(all_types\.(ai|at|aa|ats|abt|mos)|noc\.tt)$/.test(name)) {
                assert.ok(changed.has(name) || altered.has(name), name);
                continue;
            }
            const sql = `SELECT coalesce("${column}"::text, 'NULL') FROM ${table} ORDER BY 1`;
            // SQLite keeps no zeros behind the point of a number; money is a number now.
            const plain = (value) => (value === 'NULL' ? value : value.replace(/[$,]/g, ''));
            const as = (text) => lines(text).map((value) => /\.(n2|nn|price)$/.test(name) && value !== 'NULL'
                ? String(Number(value)) : name === 'all_types.m' ? plain(value) : value).sort();
            assert.deepEqual(as(query(database, sql)), as(query(nameOf(env.SOURCE), sql)), name);
            compared++;
        }
    }
    assert.ok(compared > 70, `${compared} columns`);
    assert.equal(query(database, `SELECT format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = 'all_types'::regclass AND attname IN ('iv', 'tstz', 'u', 'n40', 'by', 'jb')
        ORDER BY attname`),
        ['bytea', 'interval', 'jsonb', 'numeric(40,10)', 'timestamp with time zone', 'uuid'].join('\n'));
});

test('the run into SQLite can be killed, resumed and discarded', { skip }, async () => {
    const place = makePlace(), env = { SOURCE: servers.freshDatabase('killed') }, folder = tempDir();
    query(nameOf(env.SOURCE), `CREATE TABLE big (k uuid PRIMARY KEY, t text NOT NULL, n numeric);
        INSERT INTO big SELECT md5(i::text)::uuid, repeat(md5(i::text), 8), i / 7.0 FROM generate_series(1, 60000) AS i;
        CREATE TABLE small (id int PRIMARY KEY, k uuid REFERENCES big); INSERT INTO small
        SELECT row_number() OVER (), k FROM (SELECT k FROM big LIMIT 500) AS part`);
    const whole = query(nameOf(env.SOURCE), `SELECT count(*), count(DISTINCT k), sum(length(t)) FROM big`);
    for (const [turn, chunks] of [[0, ['--chunk-bytes', '1048576']], [1, []], [2, ['--chunk-bytes', '1048576']]]) {
        const file = join(folder, `${turn}.db`);
        const running = place.run(['migrate', 'env:SOURCE', `sqlite:///${file}`, '--create-database', ...chunks], env);
        await new Promise((resolve) => {
            running.child.stderr.on('data', (bytes) => /^copy$/m.test(bytes) && setTimeout(resolve, 60 + 80 * turn));
            running.then(resolve);
        });
        running.child.kill('SIGKILL');
        assert.equal((await running).signal, 'SIGKILL');
        const [job] = await place.jobs();
        if (turn === 2) {
            const discarded = await place.run(['jobs', 'discard', job.id], env);
            assert.equal(discarded.status, exits.done, discarded.stderr);
            assert.deepEqual(sqliteTables(file), []);
            continue;
        }
        const resumed = await place.run(['jobs', 'resume', job.id], env);
        assert.equal(resumed.status, exits.done, resumed.stderr);
        assert.deepEqual(sqliteTables(file), ['big', 'small']);
        assert.equal(sqlite(file, 'SELECT count(*), count(DISTINCT k), sum(length(t)) FROM big'),
            whole);
        assert.equal(sqlite(file, 'SELECT count(*) FROM small; PRAGMA foreign_key_check; PRAGMA integrity_check'), '500\nok');
    }
});

/* --- the others ------------------------------------------------------------------------------- */

test('SQLite to SQLite: the file is the same but for its statistics', { skip: false }, async () => {
    const folder = tempDir(), place = makePlace();
    const from = join(folder, 'from.db'), to = join(folder, 'to.db');
    sqlite(from, readFileSync(join(here, 'sqlite.sql'), 'utf8'));
    const answer = await migrate(place, {}, `sqlite:///${from}`, `sqlite:///${to}`, ['--create-database']);
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.equal(answer.report.verdict, 'lossless');
    const dump = (file) => lines(sqlite(file, '.dump\n')).filter((line) => !/sqlite_stat|ANALYZE/.test(line)).sort();
    assert.deepEqual(dump(to), dump(from));
    const shape = (file) => sqlite(file, `PRAGMA user_version; PRAGMA application_id; PRAGMA integrity_check;
        SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2`);
    assert.equal(shape(to), shape(from));
    // Triggers were made after the rows.
    assert.equal(sqlite(to, 'SELECT count(*) FROM log'), '0');
    assert.equal(sqlite(to, `INSERT INTO child (id) VALUES (100); SELECT what FROM log`), 'added 100');
    const bits = (file) => sqlite(file, `SELECT typeof(a), quote(a), typeof(d), quote(d) FROM loose ORDER BY rowid`);
    assert.equal(bits(to), bits(from));
});

test('chinook: SQLite to PostgreSQL to SQLite is equal in inventory and sums',
    { skip: skip || (!existsSync(chinook) && 'no chinook.sqlite in DBW_SHARED_DATA') }, async () => {
        const { env, database, place } = fresh('ring');
        const file = join(tempDir(), 'home.db'), from = join(tempDir(), 'chinook.db');
        copyFileSync(chinook, from);
        assert.equal((await migrate(place, env, `sqlite:///${from}`, 'env:TARGET')).status, exits.done);
        const home = await migrate(place, env, 'env:TARGET', `sqlite:///${file}`, ['--create-database']);
        assert.equal(home.status, exits.done, home.stderr);
        assert.deepEqual(sqliteTables(file), sqliteTables(from));
        for (const table of sqliteTables(from)) {
            const names = lines(sqlite(from, `SELECT name FROM pragma_table_info('${table}') ORDER BY cid`));
            const date = (name) => /Date$/.test(name) ? `datetime("${name}")` : `quote("${name}")`;
            const sql = `SELECT ${names.map(date).join(` || ',' || `)} AS x FROM "${table}" ORDER BY 1`;
            assert.equal(sqlite(file, sql), sqlite(from, sql), table);
            for (const pragma of ['foreign_key_list', 'index_list']) {
                const columns = pragma === 'index_list' ? '"unique", origin, partial' : '"table", "from", "to", on_update, on_delete';
                const shape = `SELECT ${columns} FROM pragma_${pragma}('${table}') ORDER BY 1, 2, 3`;
                assert.equal(sqlite(file, shape), sqlite(from, shape), `${table} ${pragma}`);
            }
        }
        assert.equal(sqlite(file, 'PRAGMA integrity_check; PRAGMA foreign_key_check'), 'ok');
        assert.ok(sequencesOf(server, database).includes('Album_AlbumId_seq'));
    });
