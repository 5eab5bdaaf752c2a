// SPDX-License-Identifier: Apache-2.0
// The machinery of the matrix: one database per engine made from a table of features, moved into
// each engine, and read by the engines' own programs, never by dbwizard.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlace } from '../lib/command.mjs';
import { tempDir } from '../lib/servers.mjs';

export const engines = ['sqlite', 'postgresql', 'mysql'];

const MOST = 1 << 30;

function output(argv, input, env = {}) {
    const result = spawnSync(argv[0], argv.slice(1), {
        input, encoding: 'utf8', maxBuffer: MOST, env: { ...process.env, ...env },
    });
    if (result.error || result.status !== 0) {
        throw new Error(`${argv[0]}: ${result.error ?? result.stderr.slice(0, 2000)}`);
    }
    return result.stdout.replace(/\n$/, '');
}

/* --- the engines' own programs ---------------------------------------------------------------- */

const doubled = (name, quote) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
export const quotedName = (engine, name) => doubled(name, engine === 'mysql' ? '`' : '"');
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

/** Runs statements in a database by its own program; what it prints. */
export function run(database, sql) {
    const { engine, server, name, file } = database;
    if (engine === 'sqlite') {
        return output(['sqlite3', '-batch', '-bail', file], `${sql};\n`);
    }
    const at = [`--host=${server.host}`, `--port=${server.port}`];
    if (engine === 'postgresql') {
        return output(['psql', '-XqAtw', '-v', 'ON_ERROR_STOP=1', ...at, `--username=${server.user}`,
            '-f', '-', '-d', name], sql, { PGPASSWORD: server.password, PGOPTIONS: '-c TimeZone=UTC ' +
            '-c DateStyle=ISO -c IntervalStyle=iso_8601 -c extra_float_digits=1 -c client_min_messages=warning' });
    }
    return output(['mariadb', '--no-defaults', '--batch', '--skip-column-names', '--raw',
        '--protocol=tcp', ...at, `--user=${server.user}`, '--default-character-set=utf8mb4',
        '--binary-mode', '--max-allowed-packet=64M', name], `SET time_zone = '+00:00', sql_mode = ''; ${sql}`,
        { MYSQL_PWD: server.password });
}

const lines = (text) => text.split('\n').filter((line) => line !== '');

// Table, column, type, one per line; MariaDB's JSON is a longtext with a check.
const catalogs = {
    sqlite: `SELECT m.name || char(1) || c.name || char(1) || c.type FROM sqlite_master m,
        pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    postgresql: `SELECT c.relname || chr(1) || a.attname || chr(1) ||
        format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
    mysql: `SELECT CONCAT_WS(CHAR(1 USING utf8mb4), TABLE_NAME, COLUMN_NAME, CONCAT(REPLACE(COLUMN_TYPE,
        '\\n', '\\\\n'), IF(EXISTS (SELECT 1 FROM information_schema.CHECK_CONSTRAINTS k WHERE
        k.CONSTRAINT_SCHEMA = DATABASE() AND k.TABLE_NAME = c.TABLE_NAME AND k.CHECK_CLAUSE =
        CONCAT('json_valid(\`', COLUMN_NAME, '\`)')), ' json', ''))) FROM information_schema.COLUMNS c
        WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`,
};

// A column as 't' and the hex digits of its text, 'b' and those of its bytes, '-' for NULL;
// SQLite's numbers as what they are.
const shown = {
    sqlite: (c) => `CASE typeof(${c}) WHEN 'null' THEN '-' WHEN 'integer' THEN 'i' || ${c}
        WHEN 'real' THEN 'r' || hex(ieee754_to_blob(${c}))
        WHEN 'text' THEN 't' || hex(CAST(${c} AS BLOB)) ELSE 'b' || hex(${c}) END`,
    postgresql: (c, type) => type === 'bytea' ? `coalesce('b' || encode(${c}, 'hex'), '-')`
        : `coalesce('t' || encode(convert_to(${c}::text, 'UTF8'), 'hex'), '-')`,
    mysql: (c, type) => {
        const text = /blob|binary/.test(type) ? `'b', HEX(${c})`
            : /^bit/.test(type) ? `'t', HEX(LPAD(BIN(${c}), ${type.slice(4, -1)}, '0'))`
            : /^(geometry|point|line|polygon|multi)/.test(type)
                ? `'t', HEX(CONCAT('SRID=', ST_SRID(${c}), ';', ST_AsText(${c})))`
            : /^float/.test(type) ? `'t', HEX(CAST(CAST(${c} AS DOUBLE) AS CHAR))`
            : `'t', HEX(CONVERT(${c} USING utf8mb4))`;
        return `IFNULL(CONCAT(${text}), '-')`;
    },
};

function textOf(hex) {
    const bytes = Buffer.from(hex, 'hex');
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? text : `text ${bytes.toString('hex')}`;
}

// Text is a string, bytes are "x'…'", SQLite's integers are bigints and its reals numbers.
function valueOf(cell) {
    switch (cell[0]) {
    case '-': return null;
    case 'i': return BigInt(cell.slice(1));
    case 'r': return Buffer.from(cell.slice(1), 'hex').readDoubleBE();
    case 't': return textOf(cell.slice(1));
    default: return `x'${cell.slice(1).toUpperCase()}'`;
    }
}

/** Everything in a database: Map of table to {types: Map, rows: Map of id to Map of values}. */
export function readAll(database) {
    const tables = new Map();
    for (const line of lines(run(database, catalogs[database.engine]))) {
        const [table, column, type] = line.split('\x01');
        if (!table.startsWith('dbwizard')) {
            tables.has(table) || tables.set(table, { types: new Map(), rows: new Map() });
            tables.get(table).types.set(column, type);
        }
    }
    const join = database.engine === 'mysql' ? (parts) => `CONCAT_WS('|', ${parts.join(', ')})`
        : (parts) => parts.join(` || '|' || `);
    const queries = [...tables].filter(([, { types }]) => types.has('id')).map(([table, { types }]) => {
        const cells = [...types].filter(([column]) => column !== 'id')
            .map(([column, type]) => shown[database.engine](quotedName(database.engine, column), type));
        return `SELECT ${join([literal(table), 'id', ...cells])} FROM
            ${quotedName(database.engine, table)};`;
    });
    for (const line of lines(run(database, queries.join('\n')))) {
        const [table, id, ...cells] = line.split('|');
        const { types, rows } = tables.get(table);
        const columns = [...types.keys()].filter((column) => column !== 'id');
        rows.set(id, new Map(columns.map((column, n) => [column, valueOf(cells[n])])));
    }
    return tables;
}

/* --- databases -------------------------------------------------------------------------------- */

/** An empty database of that engine on the given servers. */
export function makeDatabase(servers, engine, name) {
    if (engine === 'sqlite') {
        const file = join(tempDir(), `${name}.db`);
        return { engine, name, file, url: `sqlite:///${file}` };
    }
    const url = servers.freshDatabase(name, engine);
    return { engine, url, name: new URL(url).pathname.slice(1), server: servers[engine] };
}

// More rows than MariaDB is sent as one INSERT; the tables called few_… have less.
const MANY = 20;

/** The tables of features as SQL: one row per value and at least one of NULLs behind them; `empty`:
 * no rows. */
export function sqlOf(engine, features, padded, empty = false) {
    const groups = new Map();
    for (const feature of features) {
        groups.has(feature.table) || groups.set(feature.table, []);
        groups.get(feature.table).push(feature);
    }
    const q = (name) => quotedName(engine, name);
    const statements = engine === 'mysql' ? [`SET sql_mode = 'ALLOW_INVALID_DATES'`] : [];
    for (const feature of features) {
        feature.before && statements.push(feature.before);
    }
    for (const [table, members] of groups) {
        const strict = engine === 'sqlite' && members.some((one) => one.strict);
        statements.push(`CREATE TABLE ${q(table)} (id ${engine === 'sqlite' ? 'INTEGER' : 'INT'} NOT NULL PRIMARY KEY, ${
            members.map((one) => `${q(one.column)} ${one.type}`).join(', ')})${strict ? ' STRICT' : ''}`);
        const rows = Math.max(padded ? MANY : 0, ...members.map((one) => one.values.length)) + 1;
        for (let row = 0; row < (empty ? 0 : rows); row++) {
            const present = members.filter((one) => one.values[row] !== undefined);
            statements.push(`INSERT INTO ${q(table)} (${['id', ...present.map((one) => q(one.column))]}) VALUES
                (${[row + 1, ...present.map((one) => one.values[row])].join(', ')})`);
        }
        if (padded && engine !== 'sqlite') {
            statements.push(`CREATE TABLE ${q(`few_${table}`)} AS SELECT * FROM ${q(table)} WHERE id <= 4`);
        }
    }
    for (const feature of features) {
        feature.after && statements.push(feature.after);
    }
    return statements.join(';\n');
}

/* --- moves ------------------------------------------------------------------------------------ */

/**
 * Moves one database into another and reads what arrived: {status, stderr, report, there,
 * entries(table, column), findings(table, column)}.
 */
export async function move(from, to, args = [], env = {}) {
    const place = makePlace();
    const path = join(place.folder, 'report.json');
    const create = to.engine === 'sqlite' ? ['--create-database'] : [];
    const answer = await place.run(['migrate', 'env:SOURCE', 'env:TARGET', '--report', path, ...create,
        ...args], { SOURCE: from.url, TARGET: to.url, ...env });
    const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
    const about = (list, table, column) =>
        (list ?? []).filter((one) => one.table === table && one.column === column);
    return {
        ...answer, from, to, report,
        entries: (table, column) => about(report?.ledger, table, column),
        findings: (table, column) => about(report?.findings, table, column),
        get there() {
            Object.defineProperty(this, 'there', { value: readAll(to) });
            return this.there;
        },
    };
}

/** Runs an asynchronous function once per key. */
export function once(make) {
    const made = new Map();
    return (...key) => {
        const name = key.join(' ');
        made.has(name) || made.set(name, (async () => make(...key))());
        return made.get(name);
    };
}

/** A value for a message: long ones cut. */
export function brief(value) {
    return typeof value === 'string' && value.length > 200
        ? `${value.slice(0, 80)}… (${value.length} characters)` : value;
}
