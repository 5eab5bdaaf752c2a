// SPDX-License-Identifier: Apache-2.0
// Compares a SQLite database with a PostgreSQL one, row by row, without any of dbwizard's code: the
// rows are read by sqlite3 and psql and brought into one spelling here.
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';

const MOST = 1 << 30;

function output(argv, { input = '', env = {} } = {}) {
    const result = spawnSync(argv[0], argv.slice(1), {
        input,
        env: { ...process.env, ...env },
        maxBuffer: MOST,
        encoding: 'latin1', // one character per byte: what is not ASCII is written as hex digits
    });
    if (result.error || result.status !== 0) {
        throw new Error(`unable to run ${argv[0]}: ${result.stderr || result.error}`);
    }
    return result.stdout;
}

/** Runs statements in a SQLite file and answers what they print, as text. */
export function sqlite(file, sql) {
    const result = spawnSync('sqlite3', ['-batch', '-bail', file], {
        input: `${sql};\n`,
        encoding: 'utf8',
        maxBuffer: MOST,
    });
    if (result.error || result.status !== 0) {
        throw new Error(`unable to run '${sql.slice(0, 300)}': ${result.stderr || result.error}`);
    }
    return result.stdout.replace(/\n$/, '');
}

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const lines = (text) => text.split('\n').filter((line) => line !== '');

/** The tables of a SQLite file, in the order of their names. */
export function sqliteTables(file) {
    return lines(sqlite(file, `SELECT name FROM sqlite_master WHERE type = 'table' AND
        name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`));
}

/** The tables of a schema of a PostgreSQL database, in the order of their names. */
export function postgresqlTables(server, database, schema = 'public') {
    return lines(server.query(database, `SELECT tablename FROM pg_tables
        WHERE schemaname = ${literal(schema)} ORDER BY tablename COLLATE "C"`));
}

function sqliteColumns(file, table) {
    return lines(sqlite(file, `SELECT name || '|' || pk FROM pragma_table_xinfo(${literal(table)})
        WHERE hidden <> 1`)).map((line) => {
        const at = line.lastIndexOf('|');
        return { name: line.slice(0, at), key: Number(line.slice(at + 1)) };
    });
}

// The shortest decimal of the eight bytes: what SQLite itself prints need not read back as the same.
const realOf = (hex) => String(Buffer.from(hex, 'hex').readDoubleBE());

// Each value as its storage class and, unless it is a number, the hex digits of its bytes.
function sqliteRows(file, table, columns) {
    const values = columns.map(({ name }) => {
        const c = quoted(name);
        return `CASE typeof(${c}) WHEN 'null' THEN 'n' WHEN 'integer' THEN 'i' || ${c}
            WHEN 'real' THEN 'r' || hex(ieee754_to_blob(${c})) WHEN 'text' THEN 't' || hex(CAST(${c} AS BLOB))
            ELSE 'b' || hex(${c}) END`;
    });
    const sql = `SELECT ${values.join(` || ',' || `)} FROM ${quoted(table)}`;
    return lines(sqlite(file, sql)).map((line) =>
        line.split(',').map((value) => {
            const kind = value[0];
            return { kind, value: kind === 'r' ? realOf(value.slice(1)) : value.slice(1) };
        }),
    );
}

function postgresqlTypes(server, database, schema, table) {
    const sql = `SELECT attname || '|' || format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = ${literal(`${quoted(schema)}.${quoted(table)}`)}::regclass AND attnum > 0
        AND NOT attisdropped`;
    return new Map(lines(server.query(database, sql)).map((line) => {
        const at = line.lastIndexOf('|');
        return [line.slice(0, at), line.slice(at + 1)];
    }));
}

// The hex digits of every value's text, or of its bytes; '-' where it is NULL.
function postgresqlRows(server, database, schema, table, columns, types) {
    const values = columns.map(({ name }) => {
        const c = quoted(name);
        const bytes = types.get(name) === 'bytea' ? c : `convert_to(${c}::text, 'UTF8')`;
        return `coalesce(encode(${bytes}, 'hex'), '-')`;
    });
    const sql = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601';
        COPY (SELECT ${values.join(", ")} FROM ${quoted(schema)}.${quoted(table)}) TO STDOUT
        WITH (DELIMITER ',')`;
    const text = output(
        ['psql', '-XqAtw', '-v', 'ON_ERROR_STOP=1', '-h', server.host, '-p', String(server.port),
         '-U', server.user, '-d', database, '-f', '-'],
        { input: sql, env: { PGPASSWORD: server.password } },
    );
    return lines(text).map((line) => line.split(','));
}

/* --- one spelling --------------------------------------------------------------------------- */

const textOf = (hex) => Buffer.from(hex, 'hex').toString('utf8');

// Digits without zeros at either end and a power of ten, so that 1, 1.00 and 1e0 are one.
function decimal(text) {
    const parts = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text);
    if (!parts || (!parts[2] && !parts[3])) {
        return `not a number: ${text}`;
    }
    let digits = (parts[2] + parts[3]).replace(/^0+/, '');
    let power = Number(parts[4] ?? 0) - parts[3].length;
    const kept = digits.replace(/0+$/, '');
    power += digits.length - kept.length;
    digits = kept;
    return digits === '' ? '0' : `${parts[1] === '-' ? '-' : ''}${digits}e${power}`;
}

// Days since 1970-01-01.
function days(year, month, day) {
    const date = new Date(Date.UTC(2000, month - 1, day));
    date.setUTCFullYear(year, month - 1, day);
    return BigInt(Math.floor(date.getTime() / 86400000));
}

const MICRO = 1000000n;

// Microseconds since 1970, of what people write for an instant, by UTC where they name no zone.
function instant(text) {
    const parts =
        /^\s*(-?\d{4,})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?\s*$/.exec(
            text,
        );
    if (!parts) {
        return `not an instant: ${text}`;
    }
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
    let seconds = days(Number(year), Number(month), Number(day)) * 86400n;
    seconds += BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(second);
    if (zone && zone !== 'Z' && zone !== 'UTC') {
        const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
        const offset = BigInt(hours) * 3600n + BigInt(minutes) * 60n;
        seconds -= sign === '-' ? -offset : offset;
    }
    return `@${seconds * MICRO + BigInt(fraction.padEnd(6, '0').slice(0, 6))}`;
}

// The same of a number: seconds, milliseconds or microseconds by their size.
function epoch(number) {
    const size = Math.abs(Number(number));
    const unit = size < 1e11 ? 1e6 : size < 1e14 ? 1e3 : 1;
    if (/^-?\d+$/.test(number)) {
        return `@${BigInt(number) * BigInt(unit)}`;
    }
    return `@${Math.round(Number(number) * unit)}`;
}

function timeOfDay(text) {
    const parts = /^\s*(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*$/.exec(text);
    if (!parts) {
        return `not a time: ${text}`;
    }
    return `${parts[1]}:${parts[2]}:${parts[3] ?? '00'}.${(parts[4] ?? '').padEnd(6, '0')}`;
}

function sorted(value) {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    if (value !== null && typeof value === 'object') {
        return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
    }
    return value;
}

function json(text) {
    try {
        return JSON.stringify(sorted(JSON.parse(text)));
    } catch {
        return `not JSON: ${text}`;
    }
}

function boolean(text) {
    const lower = text.toLowerCase();
    return /^(1|t|true|y|yes|on)$/.test(lower)
        ? 'true'
        : /^(0|f|false|n|no|off)$/.test(lower)
          ? 'false'
          : `not a boolean: ${text}`;
}

const real = (text) => (Object.is(Number(text), -0) ? '-0' : String(Number(text)));

// How SQLite itself would show a real as text.
function shownReal(text) {
    const number = Number(text);
    return Number.isInteger(number) && Math.abs(number) < 1e15 ? number.toFixed(1) : String(number);
}

/** How a value of a type of PostgreSQL's is spelled in one way, from text or from a number. */
export const spellings = {
    boolean: { text: boolean, number: boolean },
    smallint: { text: decimal, number: decimal },
    integer: { text: decimal, number: decimal },
    bigint: { text: decimal, number: decimal },
    numeric: { text: decimal, number: (text, kind) => decimal(kind === 'r' ? real(text) : text) },
    'double precision': { text: real, number: real },
    real: { text: (text) => real(String(Math.fround(Number(text)))),
            number: (text) => real(String(Math.fround(Number(text)))) },
    date: { text: instant, number: epoch },
    'timestamp without time zone': { text: instant, number: epoch },
    'timestamp with time zone': { text: instant, number: epoch },
    'time without time zone': { text: timeOfDay, number: timeOfDay },
    json: { text: json, number: json },
    jsonb: { text: json, number: json },
    uuid: { text: (text) => text.replace(/[{}-]/g, '').toLowerCase(), number: (text) => text },
    character: { text: (text) => text.replace(/ +$/, ''), number: (text) => text },
};
const plain = { text: (text) => text, number: (text, kind) => (kind === 'r' ? shownReal(text) : text) };

function ofSource({ kind, value }, type) {
    if (kind === 'n') {
        return null;
    }
    if (type === 'bytea') {
        return kind === 'b' || kind === 't' ? `x${value.toLowerCase()}` : `a number: ${value}`;
    }
    const spelling = spellings[type] ?? plain;
    if (kind === 'b') {
        return type === 'uuid' ? value.toLowerCase() : `bytes: ${value}`;
    }
    return kind === 't' ? spelling.text(textOf(value)) : spelling.number(value, kind);
}

function ofTarget(hex, type) {
    if (hex === '-') {
        return null;
    }
    return type === 'bytea' ? `x${hex}` : (spellings[type] ?? plain).text(textOf(hex));
}

/* --- comparing ------------------------------------------------------------------------------ */

const SHOWN = 10;

function keyOf(row, columns) {
    const keys = columns.map((column, at) => [column.key, at]).filter(([key]) => key > 0);
    keys.sort((a, b) => a[0] - b[0]);
    return keys.length === 1 ? row[keys[0][1]]
        : JSON.stringify(keys.length ? keys.map(([, at]) => row[at]) : row);
}

// Rows by their key; what stands there twice counts as often.
function byKey(rows, columns) {
    const found = new Map();
    for (const row of rows) {
        const key = keyOf(row, columns);
        if (found.has(key)) {
            found.get(key).push(row);
        } else {
            found.set(key, [row]);
        }
    }
    return found;
}

function sameRows(rows, others) {
    const [left, right] = [rows, others].map((side) => side.map((row) => JSON.stringify(row)).sort());
    return left.every((row, at) => row === right[at]);
}

function compareTable(from, to, columns, differences, table) {
    const source = byKey(from, columns);
    const target = byKey(to, columns);
    const tell = (what) => differences.push(`${table}: ${what}`);
    for (const [key, rows] of source) {
        const others = target.get(key) ?? [];
        if (others.length !== rows.length) {
            tell(`${key} stands ${rows.length} times in the source, ${others.length} in the target`);
            continue;
        }
        const same = rows.length === 1 ? rows[0].every((value, at) => value === others[0][at])
            : sameRows(rows, others);
        if (!same) {
            const at = columns.findIndex((_, n) => rows[0][n] !== others[0][n]);
            tell(`${key}, ${columns[Math.max(at, 0)].name}: ${JSON.stringify(rows[0][at])} became ` +
                JSON.stringify(others[0][at]));
        }
    }
    for (const key of target.keys()) {
        if (!source.has(key)) {
            tell(`${key} stands in the target alone`);
        }
    }
}

/**
 * The rows of one table on both sides that differ, as sentences: none when all are equal.
 * `options`: schema ('public'), rename ({source: target} of tables), ignore (columns not compared),
 * expect(table, row), which may change or (by null) drop a source row as the move was told to; a row
 * there is an object of {kind, value} by column.
 */
export function differencesOf(file, server, database, table, options = {}) {
    const { schema = 'public', rename = {}, ignore = [], expect } = options;
    const name = rename[table] ?? table;
    const types = postgresqlTypes(server, database, schema, name);
    const columns = sqliteColumns(file, table).filter((column) => !ignore.includes(column.name));
    const missing = columns.filter((column) => !types.has(column.name));
    if (missing.length) {
        return [`${table}: the target has no column ${missing.map((c) => c.name).join(', ')}`];
    }
    let rows = sqliteRows(file, table, columns);
    if (expect) {
        rows = rows
            .map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]])))
            .map((row) => expect(table, row))
            .filter((row) => row !== null)
            .map((row) => columns.map((column) => row[column.name]));
    }
    const typeAt = columns.map((column) => types.get(column.name));
    const differences = [];
    compareTable(
        rows.map((row) => row.map((value, at) => ofSource(value, typeAt[at]))),
        postgresqlRows(server, database, schema, name, columns, types).map((row) =>
            row.map((value, at) => ofTarget(value, typeAt[at]))),
        columns, differences, table,
    );
    return differences;
}

/** All tables of the file (or `options.tables`), with the target's tables in the count. */
export function compareDatabases(file, server, database, options = {}) {
    const tables = options.tables ?? sqliteTables(file);
    const differences = tables.flatMap((table) =>
        differencesOf(file, server, database, table, options));
    if (!options.tables) {
        const wanted = tables.map((table) => options.rename?.[table] ?? table);
        const found = postgresqlTables(server, database, options.schema);
        for (const table of found.filter((name) => !wanted.includes(name))) {
            differences.push(`${table}: stands in the target alone`);
        }
    }
    return differences;
}

/** Fails, with the first differences, unless every row is equal. */
export function assertEqual(file, server, database, options) {
    const differences = compareDatabases(file, server, database, options);
    assert.equal(differences.length, 0, `${differences.length} differences:\n` +
        differences.slice(0, SHOWN).join('\n'));
}

/* --- two states of one target --------------------------------------------------------------- */

/** The schema as pg_dump writes it, without what differs from call to call. */
export function schemaOf(server, database, more = []) {
    return output(
        ['pg_dump', '--schema-only', '--no-owner', '-h', server.host, '-p', String(server.port),
         '-U', server.user, ...more, database],
        { env: { PGPASSWORD: server.password } },
    )
        .split('\n')
        .filter((line) => line !== '' && !/^(--|\\(un)?restrict )/.test(line))
        .join('\n');
}

/** Every table's number of rows and a digest of all its rows, one line each. */
export function rowsOf(server, database) {
    const tables = lines(server.query(database, `SELECT quote_ident(schemaname) || '.' ||
        quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog',
        'information_schema') ORDER BY schemaname, tablename`));
    if (tables.length === 0) {
        return '';
    }
    return server.query(database, tables.map((table) => `SELECT ${literal(table)}, count(*),
        md5(string_agg(line, E'\\n' ORDER BY line COLLATE "C")) FROM
        (SELECT md5(t::text) AS line FROM ${table} t) lines;`).join('\n'));
}

/** What each sequence would give next, one line each. */
export function sequencesOf(server, database) {
    const names = lines(server.query(database, `SELECT quote_ident(schemaname) || '.' ||
        quote_ident(sequencename) FROM pg_sequences ORDER BY schemaname, sequencename`));
    return server.query(database, names.map((name) => `SELECT ${literal(name)}, CASE WHEN is_called
        THEN last_value + 1 ELSE last_value END FROM ${name};`).join('\n'));
}

/** All of a database that a move may change, as one text: schema, rows, sequences. */
export function stateOf(server, database) {
    return [schemaOf(server, database), rowsOf(server, database), sequencesOf(server, database)]
        .join('\n---\n');
}

/** Fails with the first lines that differ. */
export function assertSameState(now, before, what = 'the database') {
    if (now === before) {
        return;
    }
    const [left, right] = [before.split('\n'), now.split('\n')];
    const gone = left.filter((line) => !right.includes(line)).slice(0, SHOWN);
    const added = right.filter((line) => !left.includes(line)).slice(0, SHOWN);
    assert.fail(`${what} is not as it was:\n${gone.map((line) => `- ${line}`).join('\n')}\n` +
        added.map((line) => `+ ${line}`).join('\n'));
}
