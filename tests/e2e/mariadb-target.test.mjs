// SPDX-License-Identifier: Apache-2.0
// Databases moved by the command into MariaDB. What must arrive is written down here, by hand, or
// read from the source by its own program; MariaDB's own program says what did.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, generate, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers } from '../lib/servers.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

const nameOf = (url) => new URL(url).pathname.slice(1);

function setUp(name, source) {
    const target = servers.freshDatabase(`into_${name}`, 'mysql');
    return {
        place: makePlace(),
        env: { SOURCE: source, TARGET: target },
        ask: (query) => servers.mysql.query(nameOf(target), query),
    };
}

async function migrate({ place, env }, args = []) {
    const path = join(place.folder, 'report.json');
    const answer = await place.run(['migrate', 'env:SOURCE', 'env:TARGET', '--report', path,
        ...args], env);
    return { ...answer, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null };
}

const tablesOf = (ask) => ask(`SELECT GROUP_CONCAT(TABLE_NAME ORDER BY 1)
    FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`);

// Texts, bytes and whole numbers of every table, column by column.
function assertAlike(file, ask) {
    const columns = ask(`SELECT CONCAT(TABLE_NAME, ' ', COLUMN_NAME, ' ', DATA_TYPE)
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND EXTRA NOT LIKE '%INVISIBLE%'
        ORDER BY 1`).split('\n');
    let compared = 0;
    for (const [table, column, type] of columns.map((line) => line.split(' '))) {
        const text = ['varchar', 'char', 'longtext', 'longblob'].includes(type);
        if (!text && !['bigint', 'int', 'smallint'].includes(type)) {
            continue;
        }
        const shown = (quoted) => (text ? `hex(${quoted})` : quoted);
        const there = ask(`SELECT ${shown(`\`${column}\``)} FROM \`${table}\` ORDER BY 1`);
        const here = sqlite(file, `SELECT iif("${column}" IS NULL, 'NULL',
            ${shown(`"${column}"`)}) FROM "${table}"`);
        const sorted = (rows) => rows.split('\n').sort().join('\n');
        assert.ok(sorted(there) === sorted(here), `${table}.${column}`);
        compared++;
    }
    return compared;
}

test('the example database: every value equal, what MariaDB has not is named', { skip }, async () => {
    const file = generate();
    const at = setUp('default', `sqlite:///${file}`);
    const { status, stderr, stdout, report } = await migrate(at);
    assert.equal(status, exits.differs, stderr);
    assert.match(stdout, /^5000 rows in 10 tables\.$/m);
    assert.equal(report.verdict, 'altered');
    assert.ok(report.tables.every((table) => table.equal && table.source_sum === table.target_sum));
    assert.ok(assertAlike(file, at.ask) > 60);
    const lost = report.findings.map((finding) => finding.message).join('\n');
    for (const what of [/view 'unbilled_usage'/, /trigger 'batches_count_documents'/]) {
        assert.match(lost, what);
    }
    const keys = sqlite(file, `SELECT count(*) FROM (SELECT DISTINCT m.name, f.id
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table')`);
    assert.equal(at.ask(`SELECT COUNT(*) FROM information_schema.REFERENTIAL_CONSTRAINTS
        WHERE CONSTRAINT_SCHEMA = DATABASE()`), keys);
    const verified = await at.place.json(['verify', 'env:SOURCE', 'env:TARGET'], at.env);
    assert.equal(verified.status, exits.done, verified.stderr);
    at.ask(`UPDATE users SET name = CONCAT(name, ' ') WHERE id = 17`);
    const differs = await at.place.json(['verify', 'env:SOURCE', 'env:TARGET'], at.env);
    assert.equal(differs.status, exits.differs);
    const [difference] = differs.json.differences;
    assert.equal(`${difference.table} ${difference.column} ${difference.key}`, 'users name 17');
});

test('values that other engines refuse are found before the first write', { skip }, async () => {
    const at = setUp('hostile', `sqlite:///${generate('--hostile')}`);
    const { status, report } = await migrate(at);
    assert.equal(status, exits.refused);
    assert.equal(tablesOf(at.ask), 'NULL');
    const codes = new Set(report.findings.filter((f) => f.severity === 'error').map((f) => f.code));
    for (const code of ['mixed-types', 'out-of-range', 'invalid-utf8', 'invalid-json', 'zero-date',
        'not-a-date', 'orphans']) {
        assert.ok(codes.has(code), code);
    }
    // A NUL byte in text is no trouble here.
    assert.ok(!codes.has('nul-in-text'));
});

test('a dry run writes nothing', { skip }, async () => {
    const at = setUp('dry', `sqlite:///${generate()}`);
    assert.equal((await migrate(at, ['--dry-run'])).status, exits.done);
    assert.equal(tablesOf(at.ask), 'NULL');
});

// Type of PostgreSQL, literal, the type that MariaDB gets, what its HEX() or text shows.
const values = [
    ['smallint', '-32768', 'smallint(6)', '-32768'],
    ['bigint', '9223372036854775807', 'bigint(20)', '9223372036854775807'],
    ['real', '0.1', 'double', '0.10000000149011612'],
    ['double precision', '5e-324', 'double', '5e-324'],
    ['double precision', `'-0'`, 'double', '0'],
    ['numeric', '1234567890123456789.123456789', 'decimal(65,12)',
        '1234567890123456789.123456789000'],
    ['numeric(30,10)', '-1.5', 'decimal(30,10)', '-1.5000000000'],
    ['numeric(5,-2)', '12345', 'decimal(7,0)', '12300'],
    ['boolean', 'true', 'tinyint(1)', '1'],
    ['text', `E'a\\\\\\n\\t''\u{1f600}'`, 'longtext', "a\\\n\t'\u{1f600}"],
    ['varchar(20)', `'\\N'`, 'varchar(20)', '\\N'],
    ['char(5)', `'ab'`, 'char(5)', 'ab'],
    ['bytea', `'\\x00ff5c0a'`, 'longblob', '00FF5C0A'],
    ['date', `'0001-01-01'`, 'date', '0001-01-01'],
    ['time', `'23:59:59.999999'`, 'time(6)', '23:59:59.999999'],
    ['timestamp', `'9999-12-31 23:59:59.999999'`, 'datetime(6)', '9999-12-31 23:59:59.999999'],
    ['timestamptz', `'1999-12-31 23:59:59.5+02'`, 'timestamp(6)', '1999-12-31 21:59:59.500000'],
    ['timestamptz(3)', `'2100-01-01 00:00:00+00'`, 'datetime(3)', '2100-01-01 00:00:00.000'],
    ['timestamptz', `'1970-01-01 00:00:00+00'`, 'datetime(6)', '1970-01-01 00:00:00.000000'],
    ['interval', `'1 mon 2 days -03:04:05.6'`, 'varchar(64)', 'P0Y1M2DT-3H-4M-5.600000S'],
    ['uuid', `'12345678-1234-1234-1234-123456789abc'`, 'uuid',
        '12345678-1234-1234-1234-123456789abc'],
    ['json', `'{"a" : 1}'`, 'longtext', '{"a" : 1}'],
    ['jsonb', `'{"b": [1,2]}'`, 'longtext', '{"b": [1, 2]}'],
    ['mood', `'hap''py'`, `enum('sad','hap''py')`, "hap'py"],
    ['integer[]', `'{1,NULL,3}'`, 'longtext', '[1,null,3]'],
    ['bit(12)', `B'101010101010'`, 'bit(12)', 'AAA'],
    ['bit varying(20)', `B'1'`, 'varchar(20)', '1'],
    ['inet', `'10.0.0.1/8'`, 'longtext', '10.0.0.1/8'],
    ['int4range', `'[1,5)'`, 'longtext', '[1,5)'],
];

test('every type of PostgreSQL', { skip }, async () => {
    const source = servers.freshDatabase('every_type');
    const columns = values.map(([type], i) => `"c ${i}" ${type}`).join(', ');
    // Few rows are inserted, many are loaded: both ways are gone.
    servers.postgresql.query(nameOf(source), `CREATE TYPE mood AS ENUM ('sad', 'hap''py');
        CREATE TABLE few (id int PRIMARY KEY, ${columns});
        CREATE TABLE many (id int PRIMARY KEY, ${columns});
        INSERT INTO few VALUES (7, ${values.map(([, literal]) => literal).join(', ')});
        INSERT INTO few (id) VALUES (8);
        INSERT INTO many SELECT g.*, ${values.map((_, i) => `"c ${i}"`).join(', ')}
            FROM few, generate_series(1, 300) g WHERE id = 7`);
    const at = setUp('every_type', source);
    const { status, stderr, report } = await migrate(at);
    assert.equal(status, exits.differs, stderr);
    assert.ok(report.tables.every((table) => table.equal));
    assert.equal(report.ledger.filter((e) => e.kind === 'value' && e.before === '-0').length, 101);
    for (const [i, [type, , wanted, shown]] of values.entries()) {
        const hex = wanted === 'longblob' || wanted.startsWith('bit');
        const column = hex ? `HEX(\`c ${i}\`)` : `\`c ${i}\``;
        assert.equal(at.ask(`SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA
            = DATABASE() AND TABLE_NAME = 'few' AND COLUMN_NAME = 'c ${i}'`), wanted, type);
        assert.equal(at.ask(`SELECT ${column} FROM few WHERE id = 7`), shown, type);
        assert.equal(at.ask(`SELECT COUNT(*) FROM many WHERE ${column} =
            (SELECT ${column} FROM few WHERE id = 7)`), '300', type);
        assert.equal(at.ask(`SELECT COUNT(*) FROM few WHERE id = 8 AND \`c ${i}\` IS NULL`), '1');
    }
});

test('what MariaDB has no room for in a PostgreSQL database', { skip }, async () => {
    const source = servers.freshDatabase('no_room');
    servers.postgresql.query(nameOf(source), `
        CREATE TABLE t (id int PRIMARY KEY, d date, ts timestamptz, f float8, n numeric);
        INSERT INTO t VALUES (1, 'infinity', NULL, NULL, NULL), (2, NULL, '-infinity', NULL, NULL),
            (3, NULL, NULL, 'NaN', NULL), (4, NULL, NULL, NULL, 'NaN'),
            (5, '10000-01-01', NULL, NULL, NULL), (6, '0044-03-15 BC', NULL, NULL, NULL),
            (7, '2000-01-01', '2000-01-01', 1, 1)`);
    const at = setUp('no_room', source);
    const { status, report } = await migrate(at);
    assert.equal(status, exits.refused);
    const found = report.findings.filter((f) => f.code === 'out-of-range')
        .map((f) => `${f.column} ${f.count}`).sort();
    assert.deepEqual(found, ['d 3', 'f 1', 'n 1', 'ts 1']);
    const rejected = await migrate(at, ['--on-bad-row', 'reject']);
    assert.equal(rejected.status, exits.differs, rejected.stderr);
    assert.equal(at.ask('SELECT GROUP_CONCAT(id) FROM t'), '7');
});

test('one MariaDB database into another', { skip }, async () => {
    const source = servers.freshDatabase('twin_source', 'mysql');
    servers.mysql.query(nameOf(source), `
        CREATE TABLE parts (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, g GEOMETRY, f FLOAT,
            y YEAR, s SET('a','b'), e ENUM('','x'), z INT(5) ZEROFILL, yes TINYINT(1),
            big BIGINT UNSIGNED, l1 VARCHAR(20) CHARACTER SET latin1, b BIT(9), x BLOB, u UUID,
            j JSON, t TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE
            CURRENT_TIMESTAMP(3), up VARCHAR(20) AS (UPPER(l1)) STORED, ti TIME,
            KEY starts (l1(3)), FULLTEXT KEY words (l1), UNIQUE KEY u (u)) COMMENT 'all of it';
        INSERT INTO parts (g, f, y, s, e, z, yes, big, l1, b, x, u, j, t, ti)
            SELECT IF(seq % 3, ST_GeomFromText('LINESTRING(0 0,1.5 2)'), NULL), 0.1 * seq, 2001,
            'a,b', '', seq, 2, 18446744073709551615, 'é€', seq * 3, CONCAT(CHAR(seq), x'e45c0a'),
            UUID(), JSON_OBJECT('a', seq), '2020-01-01 00:00:00.123', '-838:59:59'
            FROM seq_1_to_40`);
    const at = setUp('twin_target', source);
    const { status, stderr, report } = await migrate(at);
    assert.equal(status, exits.done, stderr);
    assert.equal(report.verdict, 'lossless');
    const show = (ask) => ask('SHOW CREATE TABLE parts').replace(/\n/g, ' ');
    assert.equal(show(at.ask), show((query) => servers.mysql.query(nameOf(source), query)));
    const sum = `SELECT MD5(GROUP_CONCAT(CONCAT_WS('|', id, ST_AsText(g), f, y, s, e, z, yes, big,
        HEX(l1), b + 0, HEX(x), u, j, t, up, ti) ORDER BY id)) FROM parts`;
    const all = `SET SESSION group_concat_max_len = 1000000; ${sum}`;
    assert.equal(at.ask(all), servers.mysql.query(nameOf(source), all));
});
