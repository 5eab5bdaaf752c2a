// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL's columns become. add(lines of traps, name, type, values, {engine: [type there,
// values there, reason in the ledger's entry of type, {ledger, findings, stops, back}]}).
import { allBytes, bit, bytes, hostile, integer, megabyte, megabyteOfBytes, number, quoted, real, same,
         single, sixDigits, text, truth } from './spell.mjs';

const asText = 'kept as text';
const iso = 'kept as ISO 8601 text';
const noSuch = 'no type of this kind: its text is kept';
const listed = 'kept as a JSON array';
const other = (sqlite = same, mysql = sqlite) =>
    ({ sqlite: ['TEXT', sqlite, asText], mysql: ['longtext', mysql, noSuch] });
const json = (list) => ({ sqlite: ['JSON_TEXT', list, listed], mysql: ['longtext json', list, listed] });
const scaled = 'no scale below zero or beyond the precision';
const wide = `SQLite's integers have 64 bits`;
const far = 'warning far-date';
const nan = 'warning nan';

function numbers({ add }) {
    add(2, 'smallint', 'smallint', ['-32768', '0', '32767'],
        { sqlite: ['SMALLINT', integer], mysql: ['smallint(6)', same] });
    add(2, 'integer', 'integer', ['-2147483648', '0', '2147483647'],
        { sqlite: ['INTEGER', integer, wide], mysql: ['int(11)', same] });
    add([2, 16], 'bigint', 'bigint', ['-9223372036854775808', '9007199254740993', '9223372036854775807'],
        { sqlite: ['BIGINT', integer], mysql: ['bigint(20)', same] });
    add(2, 'oid', 'oid', ['0', '4294967295'],
        { sqlite: ['BIGINT', integer, 'the nearest type there is'], mysql: ['bigint(20)', same, 'the nearest type there is'] });
    add(3, 'boolean', 'boolean', ['true', 'false'],
        { sqlite: ['BOOLEAN', truth], mysql: ['tinyint(1)', bit] });
    add(17, 'real', 'real', quoted(['0.1', '3.4028235e38', '1e-45', '-1.1754944e-38', '16777217', '0']),
        { sqlite: ['FLOAT', single, 'kept with 8 bytes'],
          mysql: ['double', single, 'float is shown with six digits only'] });
    add(17, 'double precision', 'double precision',
        quoted(['0.1', '1.7976931348623157e308', '5e-324', '2.2250738585072014e-308', '0.30000000000000004',
            '9007199254740993', '1e15', '123456789012345680']),
        { sqlite: ['DOUBLE PRECISION', real], mysql: ['double', real] });
    add(25, 'real without end', 'real', quoted(['NaN', 'Infinity', '-Infinity', '-0']),
        { sqlite: ['FLOAT', ['NaN', Infinity, -Infinity, 0], 'kept with 8 bytes',
            { findings: [nan, 'warning altered'], ledger: [[4, '-0', '0']] }],
          mysql: ['longtext', ['NaN', 'Inf', '-Inf', '-0.0'], 'as told', { stops: { code: 'out-of-range', count: 3,
            keys: ['1', '2', '3'], fix: ['types', 'longtext'] } }] });
    add(25, 'double without end', 'double precision', quoted(['NaN', 'Infinity', '-Infinity', '-0']),
        { sqlite: ['DOUBLE PRECISION', ['NaN', Infinity, -Infinity, 0], ,
            { findings: [nan], ledger: [[4, '-0', '0']] }],
          mysql: ['longtext', ['NaN', 'Inf', '-Inf', '-0.0'], 'as told', { stops: {
            code: 'out-of-range', count: 3, keys: ['1', '2', '3'], fix: ['types', 'longtext'] } }] });
    const digits = '1234567890'.repeat(50);
    add(16, 'numeric of 1000 digits', 'numeric', [`${digits}.${digits}`, `-0.${'0'.repeat(900)}1`, '0'],
        { sqlite: ['DECIMAL_TEXT', same, 'kept as text: a double would lose digits'],
          mysql: ['longtext', same, 'more digits than decimal(65,30) has'] });
    add(16, 'numeric(12,4)', 'numeric(12,4)', ['12.5', '-99999999.9999', '0.0001', '7'],
        { sqlite: ['DECIMAL(12, 4)', number, 'up to 15 digits: kept as number'],
          mysql: ['decimal(12,4)', same] });
    add(16, 'numeric(30,10)', 'numeric(30,10)', ['12345678901234567890.0123456789', '0.1'],
        { sqlite: ['DECIMAL_TEXT(30, 10)', same, 'kept as text: a double would lose digits'],
          mysql: ['decimal(30,10)', same] });
    add(16, 'numeric(65,30)', 'numeric(65,30)', ['99999999999999999999999999999999999.999999999999999999999999999999'],
        { sqlite: ['DECIMAL_TEXT(65, 30)', same, 'kept as text: a double would lose digits'],
          mysql: ['decimal(65,30)', same] });
    add(16, 'numeric(5,-2)', 'numeric(5,-2)', ['1234567', '-50'],
        { sqlite: ['DECIMAL(7, 0)', integer, scaled], mysql: ['decimal(7,0)', same, scaled] });
    add(16, 'numeric(3,5)', 'numeric(3,5)', ['0.00123', '-0.00001'],
        { sqlite: ['DECIMAL(5, 5)', number, scaled], mysql: ['decimal(5,5)', same, scaled] });
    add(16, 'numeric without end', 'numeric', quoted(['NaN', 'Infinity', '-Infinity']),
        { sqlite: ['DECIMAL_TEXT', same, 'kept as text: a double would lose digits', { findings: [nan] }],
          mysql: ['longtext', same, 'as told', { stops: { code: 'out-of-range', count: 3,
            keys: ['1', '2', '3'], fix: ['types', 'longtext'] } }] });
    add(16, 'money', 'money', quoted(['-92233720368547758.08', '0.01']),
        { sqlite: ['DECIMAL_TEXT(19, 2)', ['-92233720368547758.08', '0.01'], 'kept as text: a double would lose digits'],
          mysql: ['decimal(19,2)', ['-92233720368547758.08', '0.01'], 'the nearest type there is'] });
}

function texts({ add }) {
    add(0, 'text', 'text', hostile.map(text.postgresql),
        { sqlite: ['TEXT', same], mysql: ['longtext', same] });
    add(23, 'text of a megabyte', 'text', [megabyte.postgresql],
        { sqlite: ['TEXT', same], mysql: ['longtext', same] });
    add(0, 'varchar', 'character varying(40)', hostile.map(text.postgresql),
        { sqlite: ['VARCHAR(40)', same], mysql: ['varchar(40)', same] });
    add(0, 'char', 'character(5)', quoted(['ab', 'abcde', '', '\u{1f600}']),
        { sqlite: ['CHAR(5)', (value) => value.padEnd(5 - [...value].length + value.length)], mysql: ['char(5)', same] });
    add(0, 'char of full length', 'character(2)', quoted(['DE', 'ÄÖ']),
        { sqlite: ['CHAR(2)', same], mysql: ['char(2)', same] });
    add(21, 'one-byte "char"', '"char"', quoted(['a', `'`]), other());
    add(21, 'name', 'name', quoted(['pg_class', 'Ü "x"']), other());
    add(9, 'text encoded twice', 'text', [text.postgresql('CafÃ©'), text.postgresql('Café')],
        { sqlite: ['TEXT', same, , { findings: ['warning mojibake'] }],
          mysql: ['longtext', same, , { findings: ['warning mojibake'] }],
          postgresql: [, , , { findings: ['warning mojibake'] }] });
    add(10, 'citext', 'citext', quoted(['Ab', 'aB']),
        { sqlite: ['TEXT', same, 'the nearest type there is'], mysql: ['longtext', same, 'the nearest type there is'] },
        { before: 'CREATE EXTENSION citext' });
    add(11, 'keys told apart by case and by trailing spaces', 'text UNIQUE', quoted(['a', 'A', 'a ', 'ä', 'Ä']),
        { sqlite: ['TEXT', same], mysql: ['varchar(255)', same, 'a key takes text of limited length only'] });
}

function binaries({ add }) {
    add(22, 'bytea', 'bytea', ['', '00', 'ff', allBytes, '5c27220a0d4e', Buffer.from('SGVsbG8=').toString('hex')].map(bytes.postgresql),
        { sqlite: ['BLOB', same], mysql: ['longblob', same] });
    add(23, 'bytea of a megabyte', 'bytea', [megabyteOfBytes.postgresql],
        { sqlite: ['BLOB', same], mysql: ['longblob', same] });
    add(14, 'bit', 'bit', [`B'1'`, `B'0'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], mysql: ['bit(1)', same] });
    add(14, 'bit(64)', 'bit(64)', [`B'${'1'.repeat(64)}'`, `B'${'01'.repeat(32)}'`, `B'${'0'.repeat(64)}'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], mysql: ['bit(64)', same] });
    add(14, 'bit(100)', 'bit(100)', [`B'${'10'.repeat(50)}'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], mysql: ['varchar(100)', same, 'bits become text of 0 and 1'] });
    add(14, 'varbit', 'bit varying(20)', [`B''`, `B'1'`, `B'00000000000000000001'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], mysql: ['varchar(20)', same, 'bits become text of 0 and 1'] });
    add(14, 'varbit without a limit', 'bit varying', [`B'${'1'.repeat(1000)}'`],
        { sqlite: ['TEXT', same, 'kept as text of 0 and 1'], mysql: ['longtext', same, 'bits become text of 0 and 1'] });
}

function times({ add }) {
    add(19, 'date', 'date', quoted(['0001-01-01', '2024-02-29', '9999-12-31', '1582-10-10']),
        { sqlite: ['DATE', same], mysql: ['date', same] });
    add(19, 'time', 'time', quoted(['00:00:00', '23:59:59.999999', '12:00:00.000001']),
        { sqlite: ['TIME', sixDigits, iso], mysql: ['time(6)', sixDigits] });
    add(19, 'time(3)', 'time(3)', quoted(['00:00:00', '23:59:59.999']),
        { sqlite: ['TIME', sixDigits, iso], mysql: ['time(3)', (value) => sixDigits(value).slice(0, 12)] });
    add(20, 'the hour 24', 'time', quoted(['24:00:00']),
        { sqlite: ['TIME', sixDigits, iso], mysql: ['time(6)', sixDigits] });
    add([18, 19], 'timestamp', 'timestamp', quoted(['0001-01-01 00:00:00', '2024-03-31 02:30:00.123456', '9999-12-31 23:59:59.999999']),
        { sqlite: ['DATETIME', sixDigits, iso], mysql: ['datetime(6)', sixDigits] });
    add(19, 'timestamp(0)', 'timestamp(0)', quoted(['2024-03-31 02:30:00']),
        { sqlite: ['DATETIME', sixDigits, iso], mysql: ['datetime', same] });
    add([18, 19], 'timestamptz', 'timestamptz',
        quoted(['1999-12-31 23:59:59.5+02', '2038-01-19 03:14:07.999999+00', '1970-01-01 00:00:01+00', '2024-10-27 02:30:00 Europe/Berlin']),
        { sqlite: ['TIMESTAMP WITH TIME ZONE', sixDigits],
          mysql: ['timestamp(6)', (value) => sixDigits(value).slice(0, 26)] });
    add(18, 'timestamptz beyond 2038', 'timestamptz(3)', quoted(['2100-01-01 00:00:00.123+00', '1900-01-01 12:00:00+14']),
        { sqlite: ['TIMESTAMP WITH TIME ZONE', sixDigits, 'kept as ISO 8601 text in UTC'],
          mysql: ['datetime(3)', (value) => sixDigits(value).slice(0, 23), 'a timestamp holds 1970 to 2038 only: datetime in UTC'] });
    add([20, 21], 'timetz', 'timetz', quoted(['00:00:00+14', '23:59:59.999999-12:30']), other());
    add(20, 'infinite dates', 'date', quoted(['infinity', '-infinity', '2024-01-01']),
        { sqlite: ['DATE', same, , { findings: [far] }],
          mysql: ['longtext', same, 'as told', { stops: { code: 'out-of-range', count: 2, keys: ['1', '2'], fix: ['types', 'longtext'] } }] });
    add(20, 'dates BC and beyond 9999', 'date', quoted(['0044-03-15 BC', '0001-12-31 BC', '10000-01-01', '5874897-12-31', '4713-01-01 BC']),
        { sqlite: ['DATE', ['-0043-03-15', '+0000-12-31', '+10000-01-01', '+5874897-12-31', '-4712-01-01'], , { findings: [far] }],
          mysql: ['longtext', ['-0043-03-15', '+0000-12-31', '+10000-01-01', '+5874897-12-31', '-4712-01-01'], 'as told', { stops: { code: 'out-of-range', count: 5,
            keys: ['1', '2', '3', '4', '5'], fix: ['types', 'longtext'] } }] });
    add(20, 'infinite timestamps', 'timestamp', quoted(['infinity', '-infinity', '0044-03-15 12:00:00 BC']),
        { sqlite: ['DATETIME', ['infinity', '-infinity', '-0043-03-15 12:00:00.000000'], iso, { findings: [far] }],
          mysql: ['longtext', ['infinity', '-infinity', '-0043-03-15 12:00:00'], 'as told', { stops: { code: 'out-of-range', count: 3, keys: ['1', '2', '3'], fix: ['types', 'longtext'] } }] });
    add(20, 'infinite timestamptz', 'timestamptz', quoted(['infinity', '-infinity', '294246-12-31 23:59:59.999999+00', '4713-01-01 00:00:00+00 BC']),
        { sqlite: ['TIMESTAMP WITH TIME ZONE', ['infinity', '-infinity', '+294246-12-31 23:59:59.999999+00:00', '-4712-01-01 00:00:00.000000+00:00'], , { findings: [far] }],
          mysql: ['longtext', ['infinity', '-infinity', '+294246-12-31 23:59:59.999999Z', '-4712-01-01 00:00:00Z'], 'as told', { stops: { code: 'out-of-range', count: 4, keys: ['1', '2', '3', '4'], fix: ['types', 'longtext'] } }] });
    const spans = ['P0Y1M2DT-3H-4M-5.600000S', 'P178000000Y0M0DT0H0M0S', 'P-178000000Y0M0DT0H0M0S',
        'P0Y0M0DT0H0M0S', 'P0Y0M-5DT2540400000H0M0S', 'P0Y0M0DT0H0M0.000001S'];
    add(20, 'interval', 'interval', quoted(['1 mon 2 days -03:04:05.6', '178000000 years', '-178000000 years', '0',
        '-5 days +2540400000:00:00', '0.000001 seconds']),
        { sqlite: ['INTERVAL', spans], mysql: ['varchar(64)', spans, 'no interval type: ISO 8601 text'] });
}

function kinds({ add }) {
    add(21, 'uuid', 'uuid', quoted(['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-ffff-4fff-bfff-0123456789ab']),
        { sqlite: ['UUID_TEXT', same, 'kept as text with hyphens'], mysql: ['uuid', same] });
    const objects = ['{"a" : 1, "a":2, "é": [1e400, 12345678901234567890123.50]}', 'null', '""', '"\\u00e9\\ud83d\\ude00"', ' [ ] '];
    add(21, 'json', 'json', quoted(objects),
        { sqlite: ['JSON_TEXT', same, asText], mysql: ['longtext json', same] });
    add(7, 'json with NUL', 'json', quoted(['{"a": "\\u0000"}', '"\\ud800"']),
        { sqlite: ['JSON_TEXT', same, asText], mysql: ['longtext', same, 'holds what the target\'s JSON does not take'] });
    add(21, 'json nested deeply', 'json', quoted(['['.repeat(32) + ']'.repeat(32)]),
        { sqlite: ['JSON_TEXT', same, asText], mysql: ['longtext', same, 'holds what the target\'s JSON does not take'] });
    add(21, 'jsonb', 'jsonb', quoted(objects),
        { sqlite: ['JSONB_TEXT', same, asText], mysql: ['longtext json', same, 'kept as text'] });
    const labels = ['', 'a,b', `it's`, '"q"', 'back\\slash', 'tab\t', 'é☃\u{1f600}', ' lead', ')'];
    add(15, 'enum with hostile labels', 'mood', quoted(labels),
        { sqlite: ['TEXT', same, 'kept as text, its labels by a check'],
          mysql: [`enum('','a,b','it''s','"q"','back\\\\slash','tab\t','é☃?',' lead',')')`, same] },
        { before: `CREATE TYPE mood AS ENUM (${quoted(labels).join(', ')})` });
    add(15, 'enum whose labels end with a space', 'spaced', quoted(['x ', 'x']),
        { sqlite: ['TEXT', same, 'kept as text, its labels by a check'], mysql: ['longtext', same, 'kept as text, its labels by a check'] },
        { before: `CREATE TYPE spaced AS ENUM ('x', 'x ')` });
    add(21, 'domain', 'positive', ['1', '2147483647'],
        { sqlite: ['INTEGER', integer, wide], mysql: ['int(11)', same, 'the nearest type there is'] },
        { before: `CREATE DOMAIN positive AS integer CHECK (VALUE > 0)` });
    add(21, 'composite', 'pair', [`'(1,"a,b")'`, `'(,)'`, `'(-5,"q""uo\\\\te")'`], other(), { before: 'CREATE TYPE pair AS (n integer, t text)' });
    add(21, 'inet', 'inet', quoted(['10.0.0.1/8', '::1', '255.255.255.255']), other(['10.0.0.1/8', '::1/128', '255.255.255.255/32']));
    add(21, 'cidr', 'cidr', quoted(['10.0.0.0/8', '2001:db8::/32']), other());
    add(21, 'macaddr', 'macaddr', quoted(['08:00:2b:01:02:03']), other());
    add(21, 'macaddr8', 'macaddr8', quoted(['08:00:2b:01:02:03:04:05']), other());
    add(21, 'xml', 'xml', quoted(['<a b="c">é&amp;</a>', 'text']), other());
    add(21, 'tsvector', 'tsvector', quoted([`'quick':2A 'fox''s':1`, '']), other());
    add(21, 'tsquery', 'tsquery', quoted([`'a' & !'b'`]), other());
    add(21, 'point', 'point', quoted(['(1.5,-2)', '(0.1,1e300)']), other());
    add(21, 'line', 'line', quoted(['{1,2,3}']), other());
    add(21, 'lseg', 'lseg', quoted(['[(0,0),(1,1)]']), other());
    add(21, 'box', 'box', quoted(['(1,1),(0,0)']), other());
    add(21, 'path', 'path', quoted(['[(0,0),(1,1)]', '((0,0),(1,1))']), other());
    add(21, 'polygon', 'polygon', quoted(['((0,0),(1,1),(2,0))']), other());
    add(21, 'circle', 'circle', quoted(['<(0,0),0.1>']), other());
    add(21, 'int4range', 'int4range', quoted(['[1,5)', 'empty', '(,)']), other());
    add(21, 'int8range', 'int8range', quoted(['[1,9223372036854775807)']), other());
    add(21, 'numrange', 'numrange', quoted(['[0.10,5]']), other());
    add(21, 'daterange', 'daterange', quoted(['[2024-01-01,infinity)']), other());
    add(21, 'tsrange', 'tsrange', quoted(['["2024-01-01 00:00:00","2024-01-02 00:00:00"]']), other());
    add(21, 'tstzrange', 'tstzrange', quoted(['["2024-01-01 00:00:00+02",)']), other());
    add(21, 'multirange', 'int4multirange', quoted(['{[1,3),[5,9)}', '{}']), other());
    add(21, 'hstore', 'hstore', quoted(['a=>1, "b c"=>NULL, "q\\"u"=>"v,w"', '']), other(), { before: 'CREATE EXTENSION hstore' });
}

function arrays({ add }) {
    add(21, 'integer[]', 'integer[]', quoted(['{1,NULL,-2147483648}', '{}', '{{1,2},{3,4}}']),
        json(['[1,null,-2147483648]', '[]', '[[1,2],[3,4]]']));
    add(21, 'text[]', 'text[]', quoted(['{"a,b","q\\"q",NULL,"NULL","","{x}","back\\\\slash"}', '{}', '{" sp ace "}', '{"tab\tnew\nline",é\u{1f600}}']),
        json(['["a,b","q\\"q",null,"NULL","","{x}","back\\\\slash"]', '[]', '[" sp ace "]', '["tab\\u0009new\\u000aline","é\u{1f600}"]']));
    add(21, 'varchar[]', 'character varying(9)[]', quoted(['{a,b}']), json(['["a","b"]']));
    add(21, 'numeric[]', 'numeric[]', quoted(['{1.50,NaN,-300000000000000000000}']), json(['[1.50,"NaN",-300000000000000000000]']));
    add(21, 'double precision[]', 'double precision[]', quoted(['{0.1,1e300,-0,NaN,Infinity}']), json(['[0.1,1e+300,-0,"NaN","Infinity"]']));
    add(21, 'boolean[]', 'boolean[]', quoted(['{t,f,NULL}']), json(['[true,false,null]']));
    add(21, 'bytea[]', 'bytea[]', [`ARRAY['\\x00'::bytea, '\\xff']`], json(['["\\\\x00","\\\\xff"]']));
    add(21, 'timestamptz[]', 'timestamptz[]', [`ARRAY['2024-01-01 00:00:00+00'::timestamptz, 'infinity']`],
        json(['["2024-01-01 00:00:00+00","infinity"]']));
    add(21, 'uuid[]', 'uuid[]', quoted(['{00000000-0000-0000-0000-000000000000}']), json(['["00000000-0000-0000-0000-000000000000"]']));
    add(21, 'jsonb[]', 'jsonb[]', [`ARRAY['{"a": [1, "x,y"]}'::jsonb, NULL, '"s"']`], json(['[{"a": [1, "x,y"]},null,"s"]']));
    add(21, 'enum[]', 'mood[]', [`ARRAY['', 'a,b', NULL]::mood[]`], json(['["","a,b",null]']));
    add(21, 'array with bounds', 'integer[]', quoted(['[0:1]={1,2}']),
        { sqlite: ['TEXT', same, 'as told', { stops: { code: 'invalid-json', count: 1, keys: ['1'], fix: ['types', 'TEXT'] } }],
          mysql: ['longtext', same, 'as told', { stops: { code: 'invalid-json', count: 1, keys: ['1'], fix: ['types', 'longtext'] } }] });
}

export function fromPostgresql({ group, add }) {
    for (const fill of [numbers, texts, binaries, times, kinds, arrays]) {
        group(fill.name);
        fill({ add });
    }
}
