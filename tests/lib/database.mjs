// SPDX-License-Identifier: Apache-2.0
// A database of any engine, read by the engine's own client program: its rows, its keys and indexes,
// the numbers that it would give next, and all of it as one text. Nothing of dbwizard's code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { spellings, sqlite, stateOf } from './compare.mjs';

const lines = (text) => text.split('\n').filter((line) => line !== '');
const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const textOf = (hex) => Buffer.from(hex, 'hex').toString('utf8');
const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/* How the values of one class of columns are brought into one spelling. */
const classes = {
    integer: (hex) => spellings.bigint.text(textOf(hex)),
    decimal: (hex) => spellings.numeric.text(textOf(hex)),
    real: (hex) => String(Number(textOf(hex))),
    text: textOf,
    bytes: (hex) => hex.toLowerCase(),
    boolean: (hex) => spellings.boolean.text(textOf(hex)),
    instant: (hex) => spellings.date.text(textOf(hex)),
    json: (hex) => spellings.json.text(textOf(hex)),
};

class Sqlite {
    engine = 'sqlite';
    quote = '"';

    constructor(file) {
        this.file = file;
        this.url = `sqlite:///${file}`;
    }

    sql(text) {
        return sqlite(this.file, `.timeout 10000\n${text}`);
    }

    get isThere() {
        return existsSync(this.file);
    }

    tables() {
        return lines(this.sql(`SELECT name FROM sqlite_schema WHERE type = 'table' AND
            name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`));
    }

    // A real as the eight bytes that it is: what SQLite prints need not read back as the same.
    hex(column, kind) {
        const plain = kind === 'bytes' ? column : `CAST(${column} AS TEXT)`;
        const read = kind === 'real' ? `hex(ieee754_to_blob(CAST(${column} AS REAL)))`
            : `hex(CAST(${plain} AS BLOB))`;
        return `CASE WHEN ${column} IS NOT NULL THEN ${read} END`;
    }

    real = (hex) => String(Buffer.from(hex, 'hex').readDoubleBE());

    inventory() {
        return this.tables().flatMap((table) => {
            const ask = (sql) => lines(this.sql(sql));
            const name = literal(table);
            const primary = ask(`SELECT group_concat(name) FROM (SELECT name FROM
                pragma_table_info(${name}) WHERE pk > 0 ORDER BY pk) HAVING count(*) > 0`);
            const indexes = ask(`SELECT CASE "unique" WHEN 1 THEN 'unique' ELSE 'index' END || '|' ||
                (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name)
                ORDER BY seqno)) FROM pragma_index_list(${name}) l WHERE origin <> 'pk'`);
            const foreign = ask(`SELECT group_concat("from") || '|' || "table" || '|' ||
                group_concat("to") || '|' || on_delete FROM (SELECT * FROM
                pragma_foreign_key_list(${name}) ORDER BY id, seq) GROUP BY id`);
            return parts(table, primary, indexes, foreign);
        }).sort();
    }

    marks() {
        const counted = this.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'");
        return counted === '0' ? [] : lines(this.sql(`SELECT name || ' ' || (seq + 1) FROM sqlite_sequence ORDER BY name`));
    }

    state() {
        if (!this.isThere) {
            return 'nothing';
        }
        const schema = this.sql(`SELECT type, name, tbl_name, sql FROM sqlite_schema
            WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`);
        const rows = this.tables().map((table) => `${table} ${digest(
            lines(this.sql(`.mode insert\nSELECT * FROM "${table}"`)).sort().join('\n'))}`);
        return [schema, ...rows, ...this.marks(), this.sql('PRAGMA integrity_check')].join('\n');
    }
}

// `columns|…` of keys and indexes as sentences.
function parts(table, primary, indexes, foreign) {
    const said = indexes.map((line) => line.split('|'));
    return [
        ...primary.map((columns) => `${table} primary (${columns})`),
        ...said.map(([kind, columns]) => `${table} ${kind} (${columns})`),
        ...foreign.map((line) => {
            const [columns, other, others, action] = line.split('|');
            const then = action.toUpperCase() === 'RESTRICT' ? 'NO ACTION' : action.toUpperCase();
            return `${table} foreign (${columns}) to ${other} (${others}) ${then}`;
        }),
    ];
}

class Served {
    isThere = true;

    constructor(server, database, url) {
        Object.assign(this, { server, database, url });
    }

    sql(text) {
        return this.server.query(this.database, text);
    }

    real = (hex) => String(Number(textOf(hex)));
}

class Postgresql extends Served {
    engine = 'postgresql';
    quote = '"';

    tables() {
        return lines(this.sql(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'
            ORDER BY tablename COLLATE "C"`));
    }

    hex(column, kind) {
        return `encode(${kind === 'bytes' ? column : `convert_to(${column}::text, 'UTF8')`}, 'hex')`;
    }

    inventory() {
        const columns = (keys, of) => `(SELECT string_agg(attname, ',' ORDER BY n) FROM
            unnest(${keys}) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = ${of} AND
            attnum = k.num)`;
        const indexes = lines(this.sql(`SELECT indrelid::regclass || '|' || CASE WHEN indisprimary
            THEN 'primary' WHEN indisunique THEN 'unique' ELSE 'index' END || '|' ||
            ${columns('indkey::int2[]', 'indrelid')} || '|' || (indisvalid AND indisready) FROM
            pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace`));
        const foreign = lines(this.sql(`SELECT conrelid::regclass || '|' ||
            ${columns('conkey', 'conrelid')} || '|' || confrelid::regclass || '|' ||
            ${columns('confkey', 'confrelid')} || '|' || CASE confdeltype WHEN 'c' THEN 'CASCADE'
            WHEN 'n' THEN 'SET NULL' ELSE 'NO ACTION' END || CASE WHEN convalidated THEN '' ELSE
            ' NOT VALID' END FROM pg_constraint WHERE contype = 'f'`));
        return [
            ...indexes.map((line) => {
                const [table, kind, names, valid] = line.split('|');
                return `${table} ${kind} (${names})${valid === 'true' ? '' : ' NOT VALID'}`;
            }),
            ...foreign.flatMap((line) => {
                const at = line.indexOf('|');
                return parts(line.slice(0, at), [], [], [line.slice(at + 1)]);
            }),
        ].sort();
    }

    marks() {
        const owned = lines(this.sql(`SELECT d.refobjid::regclass || '|' || d.objid::regclass FROM
            pg_depend d JOIN pg_class c ON c.oid = d.objid AND relkind = 'S' WHERE deptype IN ('a', 'i')
            AND d.refobjsubid > 0 ORDER BY 1`)).map((line) => line.split('|'));
        return owned.length === 0 ? [] : lines(this.sql(owned.map(([table, sequence]) =>
            `SELECT ${literal(`${table} `)} || CASE WHEN is_called THEN last_value + 1 ELSE last_value
            END FROM ${sequence};`).join('\n')));
    }

    state() {
        return stateOf(this.server, this.database);
    }
}

class Mysql extends Served {
    engine = 'mysql';
    quote = '`';

    tables() {
        return lines(this.sql(`SELECT table_name FROM information_schema.tables WHERE
            table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`));
    }

    hex(column, kind) {
        return kind === 'bytes' ? `hex(${column})` : `hex(CONVERT(${column} USING utf8mb4))`;
    }

    inventory() {
        const indexes = lines(this.sql(`SELECT table_name, CASE WHEN index_name = 'PRIMARY' THEN
            'primary' WHEN non_unique THEN 'index' ELSE 'unique' END, group_concat(column_name ORDER BY
            seq_in_index) FROM information_schema.statistics WHERE table_schema = DATABASE()
            GROUP BY table_name, index_name, non_unique`));
        const foreign = lines(this.sql(`SELECT k.table_name, concat_ws('|', group_concat(column_name
            ORDER BY ordinal_position), k.referenced_table_name, group_concat(referenced_column_name
            ORDER BY ordinal_position), max(delete_rule)) FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r ON r.constraint_schema = DATABASE() AND
            r.table_name = k.table_name AND r.constraint_name = k.constraint_name
            WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
            GROUP BY k.table_name, k.constraint_name, k.referenced_table_name`));
        return [
            ...indexes.map((line) => {
                const [table, kind, names] = line.split('\t');
                return `${table} ${kind} (${names})`;
            }),
            ...foreign.flatMap((line) => {
                const [table, rest] = line.split('\t');
                return parts(table, [], [], [rest]);
            }),
        ].sort();
    }

    marks() {
        return lines(this.sql(`SELECT concat(table_name, ' ', auto_increment) FROM
            information_schema.tables WHERE table_schema = DATABASE() AND auto_increment IS NOT NULL
            ORDER BY table_name`));
    }

    dump(...more) {
        const { host, port, user, password } = this.server;
        const done = spawnSync('mariadb-dump', ['--no-defaults', '--protocol=tcp', `--host=${host}`,
            `--port=${port}`, `--user=${user}`, '--skip-comments', '--skip-extended-insert',
            '--hex-blob', '--skip-tz-utc', '--default-character-set=utf8mb4', ...more, this.database],
            { env: { ...process.env, MYSQL_PWD: password }, maxBuffer: 1 << 30, encoding: 'latin1' });
        assert.equal(done.status, 0, `mariadb-dump: ${done.stderr}`);
        return done.stdout;
    }

    state() {
        const rows = new Map();
        for (const line of lines(this.dump('--no-create-info', '--compact'))) {
            const table = /^INSERT INTO (`[^`]*`)/.exec(line)?.[1] ?? '';
            rows.set(table, [...(rows.get(table) ?? []), line]);
        }
        // Indexes that several streams make come in any order.
        const schema = this.dump('--no-data', '--compact').replace(/(?:^ +(?:UNIQUE )?KEY .*\n)+/gm,
            (keys) => lines(keys.replaceAll(/,$/gm, '')).sort().join('\n') + '\n');
        return [schema, ...this.marks(),
                ...[...rows].map(([table, all]) => `${table} ${all.length} ${digest(all.sort().join('\n'))}`)]
            .join('\n');
    }
}

/** The file of SQLite, or a database of one of startServers()'s servers by its URL. */
export const sqliteDatabase = (file) => new Sqlite(file);
export function servedDatabase(server, url) {
    const Kind = server.name === 'mysql' ? Mysql : Postgresql;
    return new Kind(server, new URL(url).pathname.slice(1), url);
}

/** The rows of a table in one spelling, sorted: `columns` is {name: class}. */
export function rowsIn(database, table, columns) {
    const { quote } = database;
    const entries = Object.entries(columns);
    const values = entries.map(([name, kind]) =>
        `coalesce(${database.hex(`${quote}${name}${quote}`, kind)}, '-')`);
    const joined = database.engine === 'mysql' ? `concat_ws(',', ${values.join(', ')})`
        : values.join(` || ',' || `);
    const read = entries.map(([, kind]) => (kind === 'real' ? database.real : classes[kind]));
    return lines(database.sql(`SELECT ${joined} FROM ${quote}${table}${quote}`))
        .map((line) => line.split(',').map((hex, at) => (hex === '-' ? null : read[at](hex))))
        .map((row) => JSON.stringify(row)).sort();
}

const SHOWN = 6;

function firstDifferences(left, right) {
    const [source, target] = [new Set(left), new Set(right)];
    return [...left.filter((line) => !target.has(line)).slice(0, SHOWN).map((line) => `- ${line}`),
            ...right.filter((line) => !source.has(line)).slice(0, SHOWN).map((line) => `+ ${line}`)]
        .map((line) => line.slice(0, 300)).join('\n');
}

/**
 * Fails unless both hold the same: the tables of `shape` ({table: {column: class}}) and no others,
 * every row, every key and index, and the number that each table would give next.
 */
export function assertSameData(source, target, shape, what = 'the target') {
    assert.deepEqual(target.tables().sort(), Object.keys(shape).sort(), `${what}: its tables`);
    for (const [table, columns] of Object.entries(shape)) {
        const [left, right] = [source, target].map((one) => rowsIn(one, table, columns));
        if (left.length !== right.length || left.some((row, at) => row !== right[at])) {
            assert.fail(`${what}: ${table}: ${left.length} rows became ${right.length}\n` +
                firstDifferences(left, right));
        }
    }
    for (const [name, of] of [['keys and indexes', (one) => one.inventory()],
                              ['next numbers', (one) => one.marks()]]) {
        const [left, right] = [of(source), of(target)].map((all) => all.sort());
        assert.deepEqual(right, left, `${what}: ${name}\n${firstDifferences(left, right)}`);
    }
}
