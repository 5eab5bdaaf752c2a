// SPDX-License-Identifier: Apache-2.0
// What SQLite's columns become; see from-postgresql.mjs for how the table is written.
import { allBytes, bit, bytes, hostile, megabyte, megabyteOfBytes, quoted, real, same, string, text, word } from './spell.mjs';

const both = (postgresql, mysql, list, note) =>
    ({ postgresql: [postgresql, list, note], mysql: [mysql, list, note] });

// Every name that SQLite's types.def knows, by what it promises.
const names = [
    [2, ['TINYINT', 'SMALLINT', 'INT2', 'YEAR'], ['-32768', '0', '32767'], 'smallint', 'smallint(6)', string],
    [2, ['MEDIUMINT', 'INT4'], ['-2147483648', '2147483647'], 'integer', 'int(11)', string],
    [2, ['INT', 'INTEGER', 'INT8', 'BIGINT', 'BIG INT', 'LONG', 'SERIAL', 'BIGSERIAL'],
        ['-9223372036854775808', '9007199254740993', '9223372036854775807'], 'bigint', 'bigint(20)', string],
    [3, ['BOOLEAN', 'BOOL', 'BIT'], ['0', '1'], 'boolean', 'tinyint(1)', word, (value) => String(value)],
    [17, ['REAL', 'DOUBLE', 'DOUBLE PRECISION', 'FLOAT', 'FLOAT4', 'FLOAT8'],
        ['0.1', '5e-324', '1.7976931348623157e308', '3.0', '9007199254740993.0'], 'double precision', 'double', same],
    [0, ['TEXT', 'NTEXT', 'TINYTEXT', 'MEDIUMTEXT', 'LONGTEXT', 'CLOB', 'STRING', 'CITEXT'],
        quoted([`it's`, '', '\u{1f600}']), 'text', 'longtext', same],
    [0, ['VARCHAR(9)', 'VARCHAR2(9)', 'CHARACTER VARYING(9)', 'VARYING CHARACTER(9)', 'NVARCHAR(9)', 'NVARCHAR2(9)'],
        quoted(['é', '']), 'character varying(9)', 'varchar(9)', same],
    [0, ['CHAR(2)', 'CHARACTER(2)', 'NCHAR(2)', 'NATIVE CHARACTER(2)'], quoted(['DE', 'ÄÖ']), 'character(2)', 'char(2)', same],
    [22, ['BLOB', 'TINYBLOB', 'MEDIUMBLOB', 'LONGBLOB', 'BYTEA', 'IMAGE'], [`x''`, `x'00ff'`], 'bytea', 'longblob', same],
    [22, ['BINARY(9)', 'VARBINARY(9)'], [`x''`, `x'00ff'`], 'bytea', 'varbinary(9)', same, same, undefined, 'no limit of length'],
    [4, ['DATE', 'DATE_CHAR'], quoted(['2024-02-29', '0001-01-01']), 'date', 'date', same],
    [19, ['TIME', 'TIME_CHAR', 'TIME WITHOUT TIME ZONE'], quoted(['23:59:59.999999', '00:00:00.000001']),
        'time without time zone', 'time(6)', same],
    [19, ['DATETIME', 'DATETIME_CHAR', 'DATETIME2', 'SMALLDATETIME', 'TIMESTAMP', 'TIMESTAMP WITHOUT TIME ZONE'],
        quoted(['2024-03-31 02:30:00.123456', '9999-12-31 23:59:59.999999']), 'timestamp without time zone', 'datetime(6)', same],
    [19, ['TIMESTAMP WITH TIME ZONE', 'DATETIME WITH TIME ZONE', 'TIMESTAMPTZ', 'DATETIMEOFFSET'],
        quoted(['2024-03-31 02:30:00.123456+00:00', '2000-01-01T00:00:00.000001Z']), 'timestamp with time zone', 'timestamp(6)',
        ['2024-03-31 02:30:00.123456+00', '2000-01-01 00:00:00.000001+00'], ['2024-03-31 02:30:00.123456', '2000-01-01 00:00:00.000001']],
    [21, ['INTERVAL'], quoted(['P1Y2M3DT4H5M6.700000S']), 'interval', 'varchar(64)', ['P1Y2M3DT4H5M6.7S'], ['P1Y2M3DT4H5M6.700000S'], 'no interval type: ISO 8601 text'],
    [21, ['UUID', 'UUID_TEXT', 'GUID', 'UNIQUEIDENTIFIER'], quoted(['6ccd780c-baba-1026-9564-5b8c656024db']), 'uuid', 'uuid', same],
    [21, ['JSON', 'JSON_TEXT'], quoted(['{"a" : 1}', '[1e400]']), 'json', 'longtext json', same],
    [21, ['JSONB', 'JSONB_TEXT'], quoted(['{"a": 1}']), 'jsonb', 'longtext json', same, same, 'kept as text'],
];


const cast = (digits) => `CAST(x'${digits}' AS TEXT)`;
const stop = (code, keys, fix, more = {}) => ({ ...more, stops: { code, count: keys.length, keys, fix } });
const astext = ['types', 'text'], aslongtext = ['types', 'longtext'];
const wide = 'no decimal without a limit';
const words = 'words become true and false', unix = 'holds numbers of Unix time';
const told = 'as told';

function mixed({ add }) {
    add(1, 'text among integers', 'INTEGER', ['1', `'abc'`, `'2x'`, '-9223372036854775808'],
        { postgresql: ['text', string, told, stop('mixed-types', ['2', '3'], astext)],
          mysql: ['longtext', string, told, stop('mixed-types', ['2', '3'], aslongtext)] });
    add(1, 'bytes among text', 'TEXT', [`'a'`, `x'00ff'`],
        { postgresql: ['bytea', [`x'61'`, `x'00FF'`], told, stop('mixed-types', ['2'], ['types', 'bytea'])],
          mysql: ['longblob', [`x'61'`, `x'00FF'`], told, stop('mixed-types', ['2'], ['types', 'longblob'])] });
    add(1, 'everything in a column without a type', '', ['1', '1.5', `'x'`, `x'00'`],
        { postgresql: ['text', ['1', '1.5', 'x', undefined], 'holds text and numbers: kept as text', stop('mixed-types', ['4'], ['--on-bad-row', 'reject'])],
          mysql: ['longtext', ['1', '1.5', 'x', undefined], 'holds text and numbers: kept as text', stop('mixed-types', ['4'], ['--on-bad-row', 'reject'])] });
    add(1, 'numbers and text without a type', '', ['1', '1.5', `'x'`, '9007199254740993'],
        both('text', 'longtext', string, 'holds text and numbers: kept as text'));
    add(1, 'numbers without a type', '', ['1', '1.5'], both('double precision', 'double', string, 'holds numbers'));
    add(1, 'bytes without a type', '', [`x'00'`], both('bytea', 'longblob', same, 'holds bytes'));
    add(1, 'nothing but NULL without a type', '', ['NULL'], both('text', 'longtext', same));
    add(1, 'reals among integers', 'INTEGER', ['1', '1.5'], both('double precision', 'double', string, 'holds numbers with digits behind the point'));
    add([1, 16], 'reals among integers that no double keeps', 'INTEGER', ['9007199254740993', '0.5'],
        { postgresql: ['numeric', string, 'holds numbers with digits behind the point'],
          mysql: ['decimal(65,6)', ['9007199254740993.000000', '0.500000'], wide] });
    add(1, 'text in a column of bytes', 'BLOB', [`'a'`, `'é'`], both('text', 'longtext', same, 'holds text only'));
    add(1, 'numbers in a column of text', 'TEXT', ['1', '1.50'], both('text', 'longtext', same));
    add(1, 'text in a column of reals', 'REAL', ['0.5', `'abc'`],
        { postgresql: ['text', string, told, stop('mixed-types', ['2'], astext)],
          mysql: ['longtext', string, told, stop('mixed-types', ['2'], aslongtext)] });
    add(1, 'a type that nobody knows', 'FANCY TYPE', ['1', '2.5'], { postgresql: ['numeric', string], mysql: ['decimal(65,6)', ['1.000000', '2.500000'], wide] });
    add([1, 2], 'larger than declared', 'SMALLINT', ['1', '32768'], both('integer', 'int(11)', string, 'holds numbers beyond the declared range'));
    add([1, 2], 'far larger than declared', 'MEDIUMINT', ['1', '2147483648'], both('bigint', 'bigint(20)', string, 'holds numbers beyond the declared range'));
    add(1, 'longer than declared', 'VARCHAR(3)', quoted(['abc', 'abcdé']), both('character varying(5)', 'varchar(5)', same, 'holds text longer than declared'));
}

function truths({ add }) {
    add(3, 'booleans as t and f', 'BOOLEAN', quoted(['t', 'f']), { postgresql: ['boolean', word, words], mysql: ['tinyint(1)', bit, words] });
    add(3, 'booleans as words', 'BOOLEAN', quoted(['true', 'FALSE', 'yes', 'no', 'on', 'off']),
        { postgresql: ['boolean', ['true', 'false', 'true', 'false', 'true', 'false'], words], mysql: ['tinyint(1)', ['1', '0', '1', '0', '1', '0'], words] });
    add(3, 'a boolean that holds 2', 'BOOLEAN', ['0', '1', '2'], both('smallint', 'smallint(6)', string, 'holds numbers other than 0 and 1'));
    add(3, 'a boolean that holds a word', 'BOOLEAN', ['1', `'maybe'`],
        { postgresql: ['text', string, told, stop('not-a-boolean', ['2'], astext)], mysql: ['longtext', string, told, stop('not-a-boolean', ['2'], aslongtext)] });
}

function times({ add }) {
    const decoded = { findings: ['info dates-as-numbers'] };
    const moment = (list, more = decoded, note = unix) => ({ postgresql: ['timestamp without time zone', list, note, more],
        mysql: ['datetime(6)', list.map((one) => one.padEnd(20, '.').padEnd(26, '0')), note, more] });
    add(4, 'Unix seconds', 'DATETIME', ['1700000000', '1234567890'], moment(['2023-11-14 22:13:20', '2009-02-13 23:31:30']));
    add(4, 'Unix milliseconds', 'DATETIME', ['1700000000123'], moment(['2023-11-14 22:13:20.123']));
    add(4, 'Unix microseconds', 'TIMESTAMP', ['1700000000123456'], moment(['2023-11-14 22:13:20.123456']));
    add(4, 'Julian days', 'DATETIME', ['2460000.5', '2440587.5'], moment(['2023-02-25 00:00:00', '1970-01-01 00:00:00'], decoded, 'holds Julian days'));
    add(4, 'whole days as seconds', 'DATE', ['1699920000'], { postgresql: ['date', ['2023-11-14'], unix, decoded], mysql: ['date', ['2023-11-14'], unix, decoded] });
    add(4, 'ISO text of many spellings', 'DATETIME', quoted(['2024-01-02T03:04:05', '2024-01-02 03:04', '2024-01-02']),
        moment(['2024-01-02 03:04:05', '2024-01-02 03:04:00', '2024-01-02 00:00:00'], {}, null));
    add(4, 'several magnitudes', 'DATETIME', ['1700000000', '1700000000123'],
        { postgresql: ['bigint', string, 'holds numbers that are no dates', stop('mixed-epochs', ['2'], ['transforms', 'epoch=off'])],
          mysql: ['bigint(20)', string, 'holds numbers that are no dates', stop('mixed-epochs', ['2'], ['transforms', 'epoch=off'])] });
    add(4, 'text and seconds', 'DATETIME', [`'2024-01-01 00:00:00'`, '1700000000'],
        { postgresql: ['text', string, told, stop('mixed-types', ['2'], astext)], mysql: ['longtext', string, told, stop('mixed-types', ['2'], aslongtext)] });
    add(4, 'some with a zone', 'DATETIME', quoted(['2024-01-01 00:00:00+02:00', '2024-01-01 00:00:00']),
        { postgresql: ['timestamp with time zone', ['2023-12-31 22:00:00+00', '2024-01-01 00:00:00+00'], 'holds time zones', stop('mixed-zones', ['2'], ['transforms', 'source_time_zone=UTC'])],
          mysql: ['timestamp(6)', ['2023-12-31 22:00:00.000000', '2024-01-01 00:00:00.000000'], 'holds time zones', stop('mixed-zones', ['2'], ['transforms', 'source_time_zone=UTC'])] });
    const zeros = { ledger: ['0000-00-00', '2024-00-15', '2024-01-00'].map((one, n) => [n + 1, `'${one}'`, 'NULL']) };
    add(5, 'zero dates', 'DATE', quoted(['0000-00-00', '2024-00-15', '2024-01-00', '2024-01-01']),
        { postgresql: ['date', [null, null, null, '2024-01-01'], , stop('zero-date', ['1', '2', '3'], ['transforms', 'zero-date=null'], zeros)],
          mysql: ['date', [null, null, null, '2024-01-01'], , stop('zero-date', ['1', '2', '3'], ['transforms', 'zero-date=null'], zeros)] });
    add(4, 'a day that is in no calendar', 'DATE', quoted(['2024-02-30', '2024-02-29']),
        { postgresql: ['text', same, told, stop('not-a-date', ['1'], astext)], mysql: ['longtext', same, told, stop('not-a-date', ['1'], aslongtext)] });
    add(19, 'nine digits behind the second', 'DATETIME', quoted(['2024-01-01 00:00:00.123456789', '2024-01-01 00:00:00.123456000']),
        moment(['2024-01-01 00:00:00.123456', '2024-01-01 00:00:00.123456'], { findings: ['warning altered'],
            ledger: [[1, `'2024-01-01 00:00:00.123456789'`, '2024-01-01 00:00:00.123456']] }, null));
}

function texts({ add }) {
    add(0, 'text', 'TEXT', hostile.map(text.sqlite), both('text', 'longtext', same));
    add(23, 'text of a megabyte', 'TEXT', [megabyte.sqlite], both('text', 'longtext', same));
    add([22, 23], 'bytes of a megabyte', 'BLOB', [megabyteOfBytes.sqlite], both('bytea', 'longblob', same));
    add(22, 'all bytes', 'BLOB', [bytes.sqlite(allBytes), bytes.sqlite(Buffer.from('SGVsbG8=').toString('hex'))], both('bytea', 'longblob', same));
    add(6, 'NUL in text', 'TEXT', [cast('610062'), cast('00'), `'none'`],
        { postgresql: ['text', ['ab', '', 'none'], , stop('nul-in-text', ['1', '2'], ['transforms', 'nul=strip'],
            { ledger: [[1, `'a\\x00b'`, `'ab'`], [2, `'\\x00'`, `''`]] })],
          mysql: ['longtext', same] });
    const replaced = { ledger: [[1, `'A\\xffB'`, `'A\ufffdB'`], [2, `'\\xed\\xa0\\x80'`, `'\ufffd\ufffd\ufffd'`],
        [3, `'\\xc0\\x80'`, `'\ufffd\ufffd'`], [4, `'\\xf4\\x90\\x80\\x80'`, `'\ufffd\ufffd\ufffd\ufffd'`]] };
    add(8, 'invalid UTF-8', 'TEXT', [cast('41ff42'), cast('eda080'), cast('c080'), cast('f4908080'), `'good é'`],
        { postgresql: ['text', ['A\ufffdB', '\ufffd\ufffd\ufffd', '\ufffd\ufffd', '\ufffd\ufffd\ufffd\ufffd', 'good é'], ,
            stop('invalid-utf8', ['1', '2', '3', '4'], ['transforms', 'invalid-utf8=replace'], replaced)],
          mysql: ['longtext', ['A\ufffdB', '\ufffd\ufffd\ufffd', '\ufffd\ufffd', '\ufffd\ufffd\ufffd\ufffd', 'good é'], ,
            stop('invalid-utf8', ['1', '2', '3', '4'], ['transforms', 'invalid-utf8=replace'], replaced)] });
    add(9, 'text encoded twice', 'TEXT', ['CafÃ©', 'Café'].map(text.sqlite),
        { sqlite: [, , , { findings: ['warning mojibake'] }], postgresql: ['text', same, , { findings: ['warning mojibake'] }],
          mysql: ['longtext', same, , { findings: ['warning mojibake'] }] });
    add(10, 'text compared without case', 'TEXT COLLATE NOCASE', quoted(['Ab', 'cd']),
        { postgresql: ['text', same, , { findings: ['warning case-insensitive'] }], mysql: ['longtext', same] });
    add(11, 'keys told apart by case and by trailing spaces', 'TEXT UNIQUE', quoted(['a', 'A', 'a ', 'ä', 'Ä']),
        { postgresql: ['text', same], mysql: ['varchar(255)', same, 'a key takes text of limited length only'] });
    add(12, 'a collation that nobody knows', 'TEXT COLLATE RTRIM', quoted(['a', 'A', 'ä']), { ...both('text', 'longtext', same), sqlite: [, , , { findings: ['warning collation-lost'] }] }, { alone: true,
        after: `PRAGMA writable_schema = on; UPDATE sqlite_master SET sql = replace(sql, 'COLLATE RTRIM', 'COLLATE german')
            WHERE name = 't_a_collation_that_nobody_knows'` });
    add(12, 'a function that nobody knows', `TEXT CHECK (length(v) < 9)`.replace('v', 'a_function_that_nobody_knows'), quoted(['a']),
        both('text', 'longtext', same), { alone: true,
        after: `PRAGMA writable_schema = on; UPDATE sqlite_master SET sql = replace(sql, 'length(', 'our_own(')
            WHERE name = 't_a_function_that_nobody_knows'` });
}

function numbers({ add }) {
    add(13, 'UNSIGNED BIG INT', 'UNSIGNED BIG INT', ['0', '9223372036854775807'], both('bigint', 'bigint(20)', string));
    add(13, 'INT UNSIGNED', 'INT UNSIGNED', ['4294967295'], both('bigint', 'bigint(20)', string));
    for (const name of ['DECIMAL', 'NUMERIC', 'NUMBER', 'DEC', 'MONEY']) {
        add(16, `${name} with digits`, `${name}(12,4)`, ['12.5', '0.0001', '-99999999.9999', '7'],
            { postgresql: ['numeric(12,4)', (value) => Number(value).toFixed(4)], mysql: ['decimal(12,4)', (value) => Number(value).toFixed(4)] });
    }
    add(16, 'DECIMAL_TEXT as declared', 'DECIMAL_TEXT(30,10)', quoted(['12345678901234567890.0123456789', '0.1']),
        { postgresql: ['numeric(30,10)', ['12345678901234567890.0123456789', '0.1000000000']], mysql: ['decimal(30,10)', ['12345678901234567890.0123456789', '0.1000000000']] });
    add(16, 'more digits than declared', 'DECIMAL(5,2)', ['12345678.125'],
        { postgresql: ['numeric(11,3)', string, 'holds more digits than declared'], mysql: ['decimal(11,3)', string, 'holds more digits than declared'] });
    add(16, 'NUMERIC without digits', 'NUMERIC', ['0.1', '1e15', '123456789.125'],
        { postgresql: ['numeric', ['0.1', '1000000000000000', '123456789.125']], mysql: ['decimal(65,6)', ['0.100000', '1000000000000000.000000', '123456789.125000'], wide] });
    add(16, 'numbers as text beyond every double', 'DECIMAL_TEXT', quoted(['0.1234567890123456789012345678901234567890', '1e400'.replace('e400', '0'.repeat(100))]),
        { postgresql: ['numeric', same], mysql: ['longtext', same, 'more digits than decimal(65,30) has'] });
    add(25, 'infinity', 'REAL', ['9e999', '-9e999', '1.5'],
        { postgresql: ['double precision', real], mysql: ['longtext', ['Inf', '-Inf', '1.5'], told, stop('out-of-range', ['1', '2'], aslongtext)] });
    add(25, 'minus zero and NaN', 'REAL', ['-0.0', `'NaN'`, '0.0'],
        { postgresql: ['double precision', [0, NaN, 0]], mysql: ['longtext', ['0.0', 'NaN', '0.0'], told, stop('out-of-range', ['2'], aslongtext)] });
    add(21, 'a UUID as bytes', 'UUID', [`x'6ccd780cbaba102695645b8c656024db'`], both('uuid', 'uuid', ['6ccd780c-baba-1026-9564-5b8c656024db'], 'holds bytes of UUIDs'));
    add(21, 'a UUID without hyphens', 'UUID_TEXT', quoted(['6CCD780CBABA102695645B8C656024DB', '{6ccd780c-baba-1026-9564-5b8c656024db}']),
        both('uuid', 'uuid', ['6ccd780c-baba-1026-9564-5b8c656024db', '6ccd780c-baba-1026-9564-5b8c656024db']));
    add(21, 'text that is no UUID', 'UUID_TEXT', quoted(['6ccd780c-baba-1026-9564-5b8c656024db', 'x']),
        { postgresql: ['text', string, told, stop('not-a-uuid', ['2'], astext)], mysql: ['longtext', string, told, stop('not-a-uuid', ['2'], aslongtext)] });
    add(7, 'JSON with NUL', 'JSON_TEXT', quoted(['{"a": "\\u0000"}']), both('json', 'longtext json', same));
    add(7, 'JSONB with NUL', 'JSONB_TEXT', quoted(['{"a": "\\u0000"}']),
        { postgresql: ['json', same, 'holds what jsonb does not keep'], mysql: ['longtext json', same, 'holds what jsonb does not keep'] });
    add(7, 'JSON with half of a pair', 'JSON_TEXT', quoted(['"\\ud800"']),
        { postgresql: ['json', same], mysql: ['longtext', same, `holds what the target's JSON does not take`] });
    add(7, 'text that is no JSON', 'JSON_TEXT', quoted(['{"a": 1}', '{bad', '']),
        { postgresql: ['text', string, told, stop('invalid-json', ['2', '3'], astext)], mysql: ['longtext', string, told, stop('invalid-json', ['2', '3'], aslongtext)] });
    for (const [name, values, postgresql, mysql, there] of [['INT', ['1', '-9223372036854775808'], 'bigint', 'bigint(20)', string],
        ['REAL', ['0.1', '2.0'], 'double precision', 'double', same], ['TEXT', quoted(['é', '1']), 'text', 'longtext', same],
        ['BLOB', [`x'00'`], 'bytea', 'longblob', same], ['ANY', ['1', `'x'`], 'text', 'longtext', string]]) {
        add(1, `${name} of a STRICT table`, name, values, both(postgresql, mysql, there, name === 'ANY' ? 'holds text and numbers: kept as text' : undefined),
            { strict: true, table: 'strict' });
    }
}

export function fromSqlite({ group, add }) {
    for (const [line, all, values, postgresql, mysql, there, thereToo = there, note, noteToo] of names) {
        group(`names_${all[0].toLowerCase().replace(/\W.*/, '')}`);
        for (const name of all) {
            add(line, `${name.replace(/\(.*/, '')} as declared`, name, values,
                { postgresql: [postgresql, there, noteToo], mysql: [mysql, thereToo, note] });
        }
    }
    for (const [name, fill] of Object.entries({ mixed, truths, times, texts, numbers })) {
        group(name);
        fill({ add });
    }
}
