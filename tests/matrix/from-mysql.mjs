// SPDX-License-Identifier: Apache-2.0
// What MariaDB's columns become; see from-postgresql.mjs for how the table is written.
import { allBytes, bytes, hostile, integer, megabyte, megabyteOfBytes, number, quoted, real, same,
         shortFraction, single, sixDigits, text, truth, word } from './spell.mjs';

const wide = `SQLite's integers have 64 bits`, unlimited = 'no limit of length';
const near = 'the nearest type there is';
const asText = 'kept as text';
const iso = 'kept as ISO 8601 text';
const noSuch = 'no type of this kind: its text is kept';
const other = (list = same) => ({ sqlite: ['TEXT', list, asText], postgresql: ['text', list, noSuch] });
const whole = (sqlite, postgresql, note) =>
    ({ sqlite: [sqlite, integer, sqlite === 'INTEGER' ? wide : note], postgresql: [postgresql, same, note] });
const zero = (list, type) => ({
    sqlite: [type.sqlite, list.sqlite ?? list, iso, { stops: { code: 'zero-date', fix: 'zero-date=null' } }],
});
const plainText = (note) => ({ sqlite: ['TEXT', same, note], postgresql: ['text', same, note] });
const code = (name) => `CHARACTER SET ${name} COLLATE ${name}_bin`;
const bin = 'COLLATE utf8mb4_bin';

function numbers({ add }) {
    add(2, 'tinyint', 'tinyint(4)', ['-128', '127'], whole('SMALLINT', 'smallint', near));
    add([2, 13], 'tinyint unsigned', 'tinyint(3) unsigned', ['0', '255'], whole('SMALLINT', 'smallint', near));
    add(3, 'tinyint(1) as a boolean', 'tinyint(1)', ['0', '1'],
        { sqlite: ['BOOLEAN', integer, 'kept as 0 and 1'], postgresql: ['boolean', word] });
    add(3, 'tinyint(1) that holds 2', 'tinyint(1)', ['0', '1', '2', '-128'],
        { sqlite: ['SMALLINT', integer, 'holds numbers other than 0 and 1'],
          postgresql: ['smallint', same, 'holds numbers other than 0 and 1'] });
    add(2, 'smallint', 'smallint(6)', ['-32768', '32767'], whole('SMALLINT', 'smallint'));
    add([2, 13], 'smallint unsigned', 'smallint(5) unsigned', ['65535'], whole('INTEGER', 'integer', near));
    add(2, 'mediumint', 'mediumint(9)', ['-8388608', '8388607'], whole('INTEGER', 'integer', near));
    add([2, 13], 'mediumint unsigned', 'mediumint(8) unsigned', ['16777215'], whole('INTEGER', 'integer', near));
    add(2, 'int', 'int(11)', ['-2147483648', '2147483647'], whole('INTEGER', 'integer'));
    add([2, 13], 'int unsigned', 'int(10) unsigned', ['4294967295'], whole('BIGINT', 'bigint', near));
    add([2, 13], 'int zerofill', 'int(8) unsigned zerofill', ['42', '4294967295'],
        { sqlite: ['BIGINT', (value) => BigInt(value), near], postgresql: ['bigint', (value) => String(Number(value)), near] });
    add([2, 16], 'bigint', 'bigint(20)', ['-9223372036854775808', '9007199254740993', '9223372036854775807'], whole('BIGINT', 'bigint'));
    add([2, 13], 'bigint unsigned', 'bigint(20) unsigned', ['0', '9223372036854775808', '18446744073709551615'],
        { sqlite: ['DECIMAL_TEXT(20, 0)', same, 'holds numbers beyond 63 bits'],
          postgresql: ['numeric(20,0)', same, 'holds numbers beyond 63 bits'] });
    add(13, 'bigint unsigned that fits', 'bigint(20) unsigned', ['0', '9223372036854775807'],
        { sqlite: ['BIGINT UNSIGNED', integer, `SQLite's integers end at 9223372036854775807`],
          postgresql: ['numeric(20,0)', same, 'no unsigned 64-bit integer: numeric(20)'] });
    add(16, 'decimal(65,30)', 'decimal(65,30)', ['12345678901234567890123456789012345.123456789012345678901234567891', '-0.000000000000000000000000000001'],
        { sqlite: ['DECIMAL_TEXT(65, 30)', same, 'kept as text: a double would lose digits'], postgresql: ['numeric(65,30)', same] });
    add(16, 'decimal(12,4)', 'decimal(12,4)', ['12.5', '-99999999.9999', '0.0001'],
        { sqlite: ['DECIMAL(12, 4)', number, 'up to 15 digits: kept as number'], postgresql: ['numeric(12,4)', same] });
    add(16, 'decimal unsigned zerofill', 'decimal(8,2) unsigned zerofill', ['12.5'],
        { sqlite: ['DECIMAL(8, 2)', number, 'up to 15 digits: kept as number'], postgresql: ['numeric(8,2)', (value) => value.replace(/^0+/, ''), near] });
    add(17, 'float', 'float', ['0.1', '-1.17549435e-38', '3.40282e38', '1e-45', '16777217'],
        { sqlite: ['FLOAT', real, 'kept with 8 bytes'], postgresql: ['real', (value) => ({ single: single(value) })] });
    add([17, 25], 'double', 'double', ['0.1', '-1.7976931348623157e308', '5e-324', '0.30000000000000004', '-0e0', '9007199254740993', '123456789012345680'],
        { sqlite: ['DOUBLE PRECISION', real], postgresql: ['double precision', real] });
    add(14, 'bit', 'bit(1)', [`b'0'`, `b'1'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], postgresql: ['bit(1)', same] });
    add(14, 'bit(64)', 'bit(64)', [`b'${'1'.repeat(64)}'`, `b'1'`, `b'0'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], postgresql: ['bit(64)', same] });
    add(2, 'year', 'year(4)', ['1901', '2155', '0000'],
        { sqlite: ['SMALLINT', (value) => BigInt(value), near], postgresql: ['smallint', (value) => String(Number(value)), near] });
}

function times({ add }) {
    add(19, 'date', 'date', quoted(['1000-01-01', '2024-02-29', '9999-12-31']),
        { sqlite: ['DATE', same], postgresql: ['date', same] });
    add([18, 19], 'datetime(6)', 'datetime(6)', quoted(['1000-01-01 00:00:00.000001', '2024-03-31 02:30:00.5', '9999-12-31 23:59:59.999999']),
        { sqlite: ['DATETIME', same, iso], postgresql: ['timestamp without time zone', shortFraction] });
    add(19, 'datetime', 'datetime', quoted(['2024-03-31 02:30:00']),
        { sqlite: ['DATETIME', sixDigits, iso], postgresql: ['timestamp(0) without time zone', same] });
    add([18, 19], 'timestamp(6)', 'timestamp(6) NULL', [
            `'1970-01-01 00:00:01'`, `'2038-01-19 03:14:07.999999'`, `CONVERT_TZ('2024-10-27 02:30:00.5', '+05:30', @@time_zone)`],
        { sqlite: ['TIMESTAMP WITH TIME ZONE', (value) => `${value}+00:00`, 'kept as ISO 8601 text in UTC'],
          postgresql: ['timestamp with time zone', (value) => `${shortFraction(value)}+00`] });
    add([19, 20], 'time(6)', 'time(6)', quoted(['00:00:00', '23:59:59.999999']),
        { sqlite: ['TIME', same, iso], postgresql: ['time without time zone', shortFraction] });
    const long = ['P0Y0M0DT838H59M59.999999S', 'P0Y0M0DT-838H-59M-59.999999S', 'P0Y0M0DT0H0M-0.500000S'];
    add(20, 'time beyond a day', 'time(6)', quoted(['838:59:59.999999', '-838:59:59.999999', '-00:00:00.5']),
        { sqlite: ['INTERVAL', long, 'holds times beyond those of a day'],
          postgresql: ['interval', ['PT838H59M59.999999S', 'PT-838H-59M-59.999999S', 'PT-0.5S'], 'holds times beyond those of a day'] });
    const nulls = (rows) => ({ code: 'zero-date', count: rows.length, keys: rows, fix: ['transforms', 'zero-date=null'] });
    for (const [name, type, rows, list, types] of [
        ['zero date', 'date', ['1', '2', '3'], ['0000-00-00', '2024-00-15', '2024-01-00', '2024-01-01'], ['DATE', 'date']],
        ['zero datetime', 'datetime', ['1', '2'], ['0000-00-00 00:00:00', '2024-00-15 01:02:03', '2024-01-01 00:00:00'], ['DATETIME', 'timestamp(0) without time zone']],
        ['zero timestamp', 'timestamp NULL', ['1'], ['0000-00-00 00:00:00', '2024-01-01 00:00:00'], ['TIMESTAMP WITH TIME ZONE', 'timestamp(0) with time zone']]]) {
        const spell = (value) => (type === 'date' ? value : `${value}.000000${type === 'datetime' ? '' : '+00:00'}`);
        const there = (spelled) => list.map((value, n) => (rows.includes(String(n + 1)) ? null : spelled(value)));
        const ledger = rows.map((row) => [Number(row), `'${list[row - 1]}'`, 'NULL']);
        add(5, name, type, quoted(list),
            { sqlite: [types[0], there(spell), type === 'timestamp NULL' ? 'kept as ISO 8601 text in UTC' : type === 'date' ? undefined : iso, { ledger, stops: nulls(rows) }],
              postgresql: [types[1], there((value) => `${value}${type === 'timestamp NULL' ? '+00' : ''}`), , { ledger, stops: nulls(rows) }] });
    }
}

function texts({ add }) {
    add(0, 'text', `text ${bin}`, hostile.map(text.mysql), plainText(near));
    add(0, 'tinytext', `tinytext ${bin}`, hostile.map(text.mysql), plainText(near));
    add(0, 'mediumtext', `mediumtext ${bin}`, hostile.map(text.mysql), plainText(near));
    add(23, 'longtext of a megabyte', `longtext ${bin}`, [megabyte.mysql], plainText());
    add(0, 'varchar', `varchar(40) ${bin}`, hostile.map(text.mysql),
        { sqlite: ['VARCHAR(40)', same], postgresql: ['character varying(40)', same] });
    add(0, 'char', `char(9) ${bin}`, quoted(['ab ', '', 'abcdefghi']),
        { sqlite: ['VARCHAR(9)', same, 'not padded to the declared length'], postgresql: ['character varying(9)', same, 'not padded to the declared length'] });
    add(0, 'char of full length', `char(2) ${bin}`, quoted(['DE', 'ÄÖ']),
        { sqlite: ['CHAR(2)', same], postgresql: ['character(2)', same] });
    const cp1252 = ['é€Œœ„“™', 'Ünï', '\u0081\u008d'];
    add(9, 'latin1', `varchar(20) ${code('latin1')}`, cp1252.map(text.mysql),
        { sqlite: ['VARCHAR(20)', same], postgresql: ['character varying(20)', same] });
    add(9, 'text encoded twice', `varchar(20) ${code('latin1')}`, ['CafÃ©', 'Café', 'â‚¬ 5'].map(text.mysql),
        { sqlite: ['VARCHAR(20)', same, , { findings: ['warning mojibake'] }],
          postgresql: ['character varying(20)', same, , { findings: ['warning mojibake'] }],
          mysql: [, , , { findings: ['warning mojibake'] }] });
    add(9, 'utf8mb3', `varchar(20) ${code('utf8mb3')}`, ['é☃', '\uffff'].map(text.mysql),
        { sqlite: ['VARCHAR(20)', same], postgresql: ['character varying(20)', same] });
    add(9, 'ucs2', `varchar(20) ${code('ucs2')}`, ['é☃', 'שלום'].map(text.mysql),
        { sqlite: ['VARCHAR(20)', same], postgresql: ['character varying(20)', same] });
    add(9, 'utf16 and utf32', `varchar(20) ${code('utf16')}`, ['\u{1f600}', '\u{10ffff}'].map(text.mysql),
        { sqlite: ['VARCHAR(20)', same], postgresql: ['character varying(20)', same] });
    add(9, 'koi8r and sjis', `varchar(20) ${code('koi8r')}`, ['Привет'].map(text.mysql),
        { sqlite: ['VARCHAR(20)', same], postgresql: ['character varying(20)', same] });
    const half = { stops: { code: 'invalid-utf8', count: 1, keys: ['1'], fix: ['transforms', 'invalid-utf8=replace'] },
        ledger: [[1, `'A\\xed\\xa0\\x80'`, `'A\ufffd\ufffd\ufffd'`]] };
    add(8, 'a lone surrogate in ucs2', `varchar(20) ${code('ucs2')}`, [`_ucs2 x'0041D800'`],
        { sqlite: ['VARCHAR(20)', ['A\ufffd\ufffd\ufffd'], , half], postgresql: ['character varying(20)', ['A\ufffd\ufffd\ufffd'], , half],
          mysql: ['varchar(20)', ['A\ufffd\ufffd\ufffd'], , half] });
    add(6, 'NUL in text', `varchar(9) ${bin}`, [`'a\\0b '`, `'\\0'`, `'none'`],
        { sqlite: ['VARCHAR(9)', ['ab ', '', 'none'], , { ledger: [[1, `'a\\x00b '`, `'ab '`], [2, `'\\x00'`, `''`]],
            stops: { code: 'nul-in-text', count: 2, keys: ['1', '2'], fix: ['transforms', 'nul=strip'] } }],
          postgresql: ['character varying(9)', ['ab ', '', 'none'], , { ledger: [[1, `'a\\x00b '`, `'ab '`], [2, `'\\x00'`, `''`]],
            stops: { code: 'nul-in-text', count: 2, keys: ['1', '2'], fix: ['transforms', 'nul=strip'] } }] });
}

function binaries({ add }) {
    add(22, 'binary', 'binary(4)', [`x'01'`, `x'00ff5c27'`].map((one) => one),
        { sqlite: ['BLOB', same, unlimited], postgresql: ['bytea', same, unlimited] });
    add(22, 'varbinary', 'varbinary(300)', [bytes.mysql(''), bytes.mysql(allBytes)], { sqlite: ['BLOB', same, unlimited], postgresql: ['bytea', same, unlimited] });
    for (const type of ['tinyblob', 'blob', 'mediumblob']) {
        add(22, type, type, [bytes.mysql(''), bytes.mysql('5c27220a0d4e'), bytes.mysql(Buffer.from('SGVsbG8=').toString('hex'))],
            { sqlite: ['BLOB', same, near], postgresql: ['bytea', same, near] });
    }
    add([22, 23], 'longblob of a megabyte', 'longblob', [megabyteOfBytes.mysql], { sqlite: ['BLOB', same], postgresql: ['bytea', same] });
}

function kinds({ add }) {
    const labels = ['', 'a,b', `it's`, '"q"', 'back\\slash', 'é☃\u{1f600}', ' lead', ')', 'what?', '\u{1f600}'];
    const escaped = labels.map((one) => `'${one.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);
    add(15, 'enum with hostile labels', `enum(${escaped.join(',')})`, escaped,
        { sqlite: ['TEXT', same, 'kept as text, its labels by a check'], postgresql: ['text', same, 'kept as text, its labels by a check'] });
    add(15, 'enum that holds the invalid \'\'', `enum('x','y')`, ['0', '2'],
        { sqlite: ['TEXT', ['', 'y'], 'kept as text, its labels by a check'], postgresql: ['text', ['', 'y'], 'kept as text, its labels by a check'],
          mysql: ['longtext', ['', 'y'], 'as told', { stops: { code: 'not-a-label', count: 1, keys: ['1'], fix: ['types', 'longtext'] } }] });
    add(15, 'set', `set('x','y','z''s','é','\u{1f600}')`, quoted([`x,z's`, '', 'é,y', 'x,\u{1f600}']),
        { sqlite: ['TEXT', same, 'SQLite has no sets'], postgresql: ['text', same, 'a set becomes its comma-separated text'] });
    const objects = ['{"a" : 1, "a":2, "é": [1e400, 12345678901234567890123.50]}', 'null', '""', '"\\u00e9\\ud83d\\ude00"', ' [ ] '];
    add(21, 'json', 'json', objects.map(text.mysql),
        { sqlite: ['JSON_TEXT', same, asText], postgresql: ['json', same] });
    add(7, 'json with NUL', 'json', ['{"a": "\\u0000"}'].map(text.mysql),
        { sqlite: ['JSON_TEXT', same, asText], postgresql: ['json', same] });
    add(21, 'uuid', 'uuid', quoted(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-4fff-bfff-0123456789ab']),
        { sqlite: ['UUID_TEXT', same, 'kept as text with hyphens'], postgresql: ['uuid', same] });
    add(21, 'inet4', 'inet4', quoted(['0.0.0.0', '255.255.255.255']), other());
    add(21, 'inet6', 'inet6', quoted(['::', '2001:db8::1', '::ffff:1.2.3.4']), other());
    for (const [type, wkt] of [['geometry', 'LINESTRING(0 0,1.5 2)'], ['point', 'POINT(1.5 -2)'],
        ['linestring', 'LINESTRING(0 0,1 1)'], ['polygon', 'POLYGON((0 0,1 0,1 1,0 0))'],
        ['multipoint', 'MULTIPOINT(0 0,1 1)'], ['multilinestring', 'MULTILINESTRING((0 0,1 1),(2 2,3 3))'],
        ['multipolygon', 'MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'],
        ['geometrycollection', 'GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))']]) {
        add(21, type, type, [`ST_GeomFromText('${wkt}', 4326)`, `ST_GeomFromText('${wkt}')`], other((value) => value.replace(/^SRID=0;/, '')));
    }
}

function folded({ add }) {
    add(10, 'text compared without case', 'varchar(40) COLLATE utf8mb4_general_ci', quoted(['Ab', 'cd']),
        { sqlite: ['VARCHAR(40)', same, , { findings: ['warning case-insensitive'] }], postgresql: ['character varying(40)', same, , { findings: ['warning case-insensitive'] }] });
    add(11, 'unique keys that end with spaces', 'varchar(40) COLLATE utf8mb4_nopad_bin UNIQUE', quoted(['a', 'A', 'a ', 'ä']),
        { sqlite: ['VARCHAR(40)', same], postgresql: ['character varying(40)', same] });
}

export function fromMysql({ group, add }) {
    for (const fill of [numbers, times, texts, binaries, kinds, folded]) {
        group(fill.name);
        fill({ add });
    }
}
