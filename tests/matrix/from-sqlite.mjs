// SPDX-License-Identifier: Apache-2.0
// What SQLite's columns become; see from-postgresql.mjs for how the table is written.
import { allBytes, bytes, hostile, megabyte, megabyteOfBytes, quoted, same, string, text, word } from './spell.mjs';

const both = (postgresql, mysql, list, note) =>
    ({ postgresql: [postgresql, list, note], mysql: [mysql, list, note] });
const number = (list = string) => ({ postgresql: ['numeric', list], mysql: ['decimal(65,30)', list] });

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
    [22, ['BINARY(9)', 'VARBINARY(9)'], [`x''`, `x'00ff'`], 'bytea', 'varbinary(9)', same],
    [4, ['DATE', 'DATE_CHAR'], quoted(['2024-02-29', '0001-01-01']), 'date', 'date', same],
    [19, ['TIME', 'TIME_CHAR', 'TIME WITHOUT TIME ZONE'], quoted(['23:59:59.999999', '00:00:00.000001']),
        'time without time zone', 'time(6)', same],
    [19, ['DATETIME', 'DATETIME_CHAR', 'DATETIME2', 'SMALLDATETIME', 'TIMESTAMP', 'TIMESTAMP WITHOUT TIME ZONE'],
        quoted(['2024-03-31 02:30:00.123456', '9999-12-31 23:59:59.999999']), 'timestamp without time zone', 'datetime(6)', same],
    [19, ['TIMESTAMP WITH TIME ZONE', 'DATETIME WITH TIME ZONE', 'TIMESTAMPTZ', 'DATETIMEOFFSET'],
        quoted(['2024-03-31 02:30:00.123456+00:00', '2000-01-01T00:00:00.000001Z']), 'timestamp with time zone', 'timestamp(6)',
        ['2024-03-31 02:30:00.123456+00', '2000-01-01 00:00:00.000001+00'], ['2024-03-31 02:30:00.123456', '2000-01-01 00:00:00.000001']],
    [21, ['INTERVAL'], quoted(['P1Y2M3DT4H5M6.7S']), 'interval', 'varchar(64)', ['P1Y2M3DT4H5M6.7S'], ['P1Y2M3DT4H5M6.700000S'], 'no interval type: ISO 8601 text'],
    [21, ['UUID', 'UUID_TEXT', 'GUID', 'UNIQUEIDENTIFIER'], quoted(['6ccd780c-baba-1026-9564-5b8c656024db']), 'uuid', 'uuid', same],
    [21, ['JSON', 'JSON_TEXT'], quoted(['{"a" : 1}', '[1e400]']), 'json', 'longtext json', same],
    [21, ['JSONB', 'JSONB_TEXT'], quoted(['{"a": 1}']), 'jsonb', 'longtext json', same, same, 'kept as text'],
];

export function fromSqlite({ group, add }) {
    for (const [line, all, values, postgresql, mysql, there, thereToo = there, note] of names) {
        group(`names_${all[0].toLowerCase().replace(/\W.*/, '')}`);
        for (const name of all) {
            add(line, `${name.replace(/\(.*/, '')} as declared`, name, values,
                { postgresql: [postgresql, there], mysql: [mysql, thereToo, note] });
        }
    }
}
