// SPDX-License-Identifier: Apache-2.0
// The table of structure.mjs, in all nine directions: one database per engine with all of it, one
// move per direction, and each entry a case that looks into the target by the engine's own client.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { features, stops } from './structure.mjs';
import { inventories, itemOf } from './structure-inventory.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

const engines = ['sqlite', 'mysql', 'postgresql'];
const titles = { sqlite: 'SQLite', mysql: 'MariaDB', postgresql: 'PostgreSQL' };
const directions = engines.flatMap((from) => engines.map((to) => ({ from, to })));
const nameOf = (url) => new URL(url).pathname.slice(1);
const MARK = '=-=-=';


/** What holds for a direction: the entries of all patterns that name it. */
function holding(map, { from, to }) {
    const keys = [`${from}>${to}`, ...(from === to ? ['same'] : []), `${from}>*`, `*>${to}`,
        ...(from === to ? [] : ['other']), '*'];
    return keys.filter((key) => map?.[key] !== undefined).map((key) => map[key]);
}

const clients = {
    sqlite: (url) => [['sqlite3', '-batch', url.slice('sqlite:///'.length)], {}],
    postgresql: (url, user = servers.postgresql.user) => {
        const { host, port, password } = servers.postgresql;
        return [['psql', '-XqAtw', '-h', host, '-p', String(port), '-U', user, '-d', nameOf(url),
            '-f', '-'], { PGPASSWORD: password }];
    },
    mysql: (url) => {
        const { host, port, user, password } = servers.mysql;
        return [['mariadb', '--no-defaults', '--batch', '--force', '--skip-column-names', '--raw',
            '--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${user}`,
            '--default-character-set=utf8mb4', nameOf(url)], { MYSQL_PWD: password }];
    },
};
const sessions = {
    sqlite: 'PRAGMA foreign_keys = on;\n',
    postgresql: 'SET client_min_messages = warning;\n',
    mysql: `SET sql_mode = concat(@@sql_mode,
        ',ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES');\n`,
};

// What the engine's own client says of each of the statements, its refusals included. Columns are
// parted by '|', NULL is empty.
function ask(kind, url, statements) {
    const [[program, ...argv], env] = clients[kind](url);
    const lines = [];
    let input = sessions[kind];
    for (const sql of statements) {
        lines.push(input.split('\n').length);
        input += `${sql};\nSELECT '${MARK}';\n`;
    }
    const { stdout, stderr, error } = spawnSync(program, argv,
        { input, encoding: 'utf8', env: { ...process.env, ...env } });
    assert.ifError(error);
    const answers = stdout.split(`${MARK}\n`).map((text) => text.replace(/\n$/, ''));
    for (const message of stderr.split(/^(?=.*\bline \d+|psql:)/m)) {
        const line = Number(/\bline (\d+)|psql:<stdin>:(\d+)/.exec(message)?.slice(1).find(Boolean));
        const n = lines.findLastIndex((start) => start <= line);
        if (n >= 0) {
            answers[n] += `refused: ${message}`;
        }
    }
    return kind !== 'mysql' ? answers : answers.map((text) => text.split('\n')
        .map((one) => one.split('\t').map((cell) => (cell === 'NULL' ? '' : cell)).join('|'))
        .join('\n'));
}

// A pattern is of a refusal, unless it goes from the first to the last character of an answer.
function check(kind, url, checks) {
    const answers = ask(kind, url, checks.map(([sql]) => sql));
    checks.forEach(([sql, wanted], n) => {
        const { source } = wanted;
        if (source === undefined) {
            assert.equal(answers[n], wanted, sql);
        } else {
            assert.match(answers[n], wanted, sql);
            assert.equal(answers[n].startsWith('refused: '), !source.startsWith('^'), sql);
        }
    });
}

/** A source of that engine with everything that the table has for it. */
function build(kind, place, part, name) {
    const parts = part.filter((one) => one.source[kind]).map((one) => one.source[kind]);
    const url = kind === 'sqlite' ? `sqlite:///${join(place.folder, `${name}.db`)}`
        : servers.freshDatabase(name, kind);
    if (kind === 'sqlite') {
        sqlite(url.slice('sqlite:///'.length), parts.join('\n'));
    } else if (kind === 'postgresql') {
        for (const one of part.filter(({ admin }) => admin?.postgresql)) {
            const [[program, ...argv], env] = clients.postgresql(url, 'admin');
            const made = spawnSync(program, argv, { input: one.admin.postgresql, encoding: 'utf8',
                env: { ...process.env, ...env } });
            assert.equal(made.stderr, '');
        }
        servers.postgresql.query(nameOf(url),
            `SET client_min_messages = warning; ${parts.join('\n')}`);
    } else {
        servers.mysql.query(nameOf(url), parts.join('\n'));
    }
    return url;
}

async function migrate(place, source, target, args = []) {
    const path = join(place.folder, 'report.json');
    const answer = await place.run(['migrate', 'env:SOURCE', 'env:TARGET', '--create-database',
        '--report', path, ...args], { SOURCE: source, TARGET: target });
    return { ...answer, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null };
}

const place = skip ? undefined : makePlace();
const sources = {};
const moves = {};
const keyOf = ({ from, to }) => `${from}>${to}`;
const spoken = ({ from, to }) => `${titles[from]} to ${titles[to]}`;

for (const direction of directions) {
    const { from, to } = direction;
    test(`everything moves: ${spoken(direction)}`, { skip }, async () => {
        sources[from] ??= build(from, place, features, 'structure');
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, `from_${from}.db`)}`
            : servers.freshDatabase(`structure_${from}`, to);
        const moved = await migrate(place, sources[from], target);
        assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr);
        moves[keyOf(direction)] = { target, report: moved.report };
        assert.ok(moved.report.tables.every((table) => table.equal));
        // On one server all writes count while a table's last one is less than a second old.
        assert.ok(!moved.report.source_changed || (from === 'mysql' && to === from));
        assert.equal(moved.report.verdict,
            from === 'postgresql' && to === from ? 'lossless' : 'altered');
    });
}

// A line of the ledger as the table's patterns read it: "table.column: before -> after".
const lineOf = (entry) => `${entry.table ?? ''}${entry.column ? `.${entry.column}` : ''}: ` +
    `${entry.before} -> ${entry.after}`;

// Types and collations have cases of their own, with the values.
const structural = (entry) => entry.kind === 'object' && !/^COLLATE /.test(entry.before ?? '') &&
    entry.after !== 'a unique index' && !/citext/.test(entry.before ?? '');

const tablesOf = (feature) => new Set(Object.values(feature.source)
    .flatMap((sql) => [...sql.matchAll(/CREATE (?:UNLOGGED |VIRTUAL )?TABLE "?([\w.]+)/g)])
    .map((match) => match[1]));

for (const feature of features) {
    for (const direction of directions.filter(({ from }) => feature.source[from])) {
        test(`${feature.line} ${feature.trap}: ${spoken(direction)}`, { skip }, () => {
            const { target, report } = moves[keyOf(direction)];
            check(direction.to, target, holding(feature.checks, direction).flat());
            const [wanted] = holding(feature.ledger, direction);
            const lines = report.ledger.filter(structural).map(lineOf);
            for (const pattern of wanted ?? []) {
                assert.ok(lines.some((line) => pattern.test(line)),
                    `not in the ledger: ${pattern}`);
            }
            const tables = tablesOf(feature);
            const more = report.ledger.filter((entry) => structural(entry) &&
                tables.has(entry.table)).map(lineOf)
                .filter((line) => !(wanted ?? []).some((pattern) => pattern.test(line)));
            assert.deepEqual(wanted ? more : [], [], 'what the ledger has besides');
            for (const pattern of holding(feature.todo, direction)[0] ?? []) {
                assert.match(report.todo ?? '', pattern);
            }
        });
    }
}

/* --- there and back --------------------------------------------------------------------------- */

const inventoryOf = (kind, url) => ask(kind, url, inventories[kind]).slice(0, -1)
    .flatMap((text) => text.split('\n')).filter((line) => /\|.*\|.*\|/.test(line)).map(itemOf);

// Whether one of the ledgers speaks of it: of the column, or of anything else of its table.
function spokenOf(item, ledgers) {
    return ledgers.flat().some((entry) => {
        const ofTable = [entry.table, entry.before, entry.after].includes(item.table);
        const named = item.kind === 'column' || item.kind === 'comment' ? entry.column === item.name
            : item.name === entry.column || item.name.split(',').includes(entry.column) ||
                item.line.includes(entry.before) || entry.kind === 'object';
        return ofTable && (named || !entry.column);
    });
}

for (const { from, to } of directions.filter((one) => one.from !== one.to)) {
    const way = `${titles[from]} to ${titles[to]} and back`;
    test(`round trip: ${way}`, { skip }, async () => {
        const there = moves[`${from}>${to}`];
        const home = from === 'sqlite' ? `sqlite:///${join(place.folder, `home_${to}.db`)}`
            : servers.freshDatabase(`home_${to}`, from);
        const back = await migrate(place, there.target, home);
        assert.ok([exits.done, exits.differs].includes(back.status), back.stderr);
        const now = new Set(inventoryOf(from, home).map(({ line }) => line));
        const before = inventoryOf(from, sources[from]);
        assert.ok(before.length > 300, 'an inventory of everything');
        const gone = before.filter((item) => !now.has(item.line));
        const silent = gone.filter((item) => !spokenOf(item, [there.report.ledger,
            back.report.ledger]));
        assert.deepEqual(silent.map(({ line }) => line), [], 'gone or changed, and in no ledger');
    });
}

/* --- what stops a move ------------------------------------------------------------------------ */

const stopped = {};
const argumentOf = (fix) => [`--${fix.option.replaceAll('_', '-')}`, fix.value];

for (const direction of directions) {
    const { from, to } = direction;
    test(`stopped, then told what to do: ${spoken(direction)}`, { skip }, async () => {
        const source = stopped[from] ??= build(from, place, stops, 'stops');
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, `stops_${from}.db`)}`
            : servers.freshDatabase(`stops_${from}`, to);
        const parts = stops.filter((stop) => stop.source[from]);
        const wanted = parts.flatMap((stop) => holding(stop.findings, direction)[0] ?? []);
        const looked = await migrate(place, source, target, ['--dry-run']);
        const errors = looked.report.findings.filter(({ severity }) => severity === 'error');
        for (const finding of wanted) {
            const found = errors.find((one) => one.code === finding.code &&
                one.table === finding.table && (finding.message ?? /^/).test(one.message));
            assert.ok(found, `not found: ${JSON.stringify(finding)} ${finding.message}`);
            assert.deepEqual(found.keys, finding.keys ?? []);
            assert.equal(Boolean(found.fix), finding.offered ?? true, found.message);
        }
        assert.equal(errors.length, wanted.length, errors.map(({ message }) => message).join('\n'));
        assert.equal(looked.status, wanted.length ? exits.refused : exits.done, looked.stderr);
        // A look leaves nothing behind.
        if (to === 'sqlite') {
            assert.equal(existsSync(target.slice('sqlite:///'.length)), false);
        } else {
            const [count] = ask(to, target, [to === 'mysql' ? 'SHOW TABLES' : `SELECT relname
                FROM pg_class WHERE relnamespace = 'public'::regnamespace`]);
            assert.equal(count, '');
        }
        const way = parts.flatMap((stop) => holding(stop.way, direction)[0] ?? []);
        const fixes = errors.filter(({ fix }) => fix).flatMap(({ fix }) => argumentOf(fix));
        const moved = await migrate(place, source, target, [...way, ...fixes]);
        assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr);
        for (const stop of parts) {
            check(to, target, holding(stop.checks, direction).flat());
        }
    });
}

/* --- databases as a whole --------------------------------------------------------------------- */

for (const { from, to } of directions) {
    test(`42 an empty database: ${spoken({ from, to })}`, { skip }, async () => {
        const source = build(from, place, [], 'nothing');
        if (from === 'sqlite') {
            sqlite(source.slice('sqlite:///'.length), 'PRAGMA user_version = 3');
        }
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_nothing.db')}`
            : servers.freshDatabase('of_nothing', to);
        const moved = await migrate(place, source, target);
        assert.equal(moved.status, exits.refused);
        assert.match(moved.stderr, /unable to copy anything: the source has no tables/);
    });
}

test('47 SQLite in WAL, open and not checkpointed: what was committed goes along', { skip },
    async () => {
        const file = join(place.folder, 'wal.db');
        const writer = spawn('sqlite3', ['-batch', file]);
        const ended = new Promise((resolve) => { writer.on('close', resolve); });
        writer.stdin.write(`PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0;
            CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'in the WAL');
            BEGIN; INSERT INTO t VALUES (2, 'not committed');
.print ready
`);
        for await (const bytes of writer.stdout) {
            if (/ready/.test(bytes.toString())) {
                break;
            }
        }
        for (const to of engines) {
            const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_wal.db')}`
                : servers.freshDatabase('of_wal', to);
            const moved = await migrate(place, `sqlite:///${file}`, target);
            assert.equal(moved.status, exits.done, moved.stderr);
            assert.deepEqual(ask(to, target, ['SELECT id, v FROM t']).slice(0, 1),
                ['1|in the WAL']);
        }
        writer.stdin.end('ROLLBACK;\n');
        await ended;
        assert.equal(sqlite(file, 'SELECT count(*) FROM t'), '1');
    });

test('46 one schema of several, into a schema of another name', { skip }, async () => {
    const target = servers.freshDatabase('one_schema');
    const moved = await migrate(place, sources.postgresql, target,
        ['--target-schema', 'new shop', '--include', 'shop.*']);
    assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr);
    assert.deepEqual(ask('postgresql', target, [`SELECT string_agg(relname, ' ' ORDER BY relname)
        FROM pg_class WHERE relkind = 'r' AND relnamespace = '"new shop"'::regnamespace`,
        'SELECT v FROM "new shop".items']).slice(0, 2), ['clash items', 'shop']);
});

test('45 foreign tables are named and left where they are', { skip }, async () => {
    const source = servers.freshDatabase('foreign_tables');
    const [[program, ...argv], env] = clients.postgresql(source, 'admin');
    spawnSync(program, argv, { env: { ...process.env, ...env }, input: `CREATE EXTENSION file_fdw;
        CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE elsewhere (v text) SERVER files OPTIONS (filename '/etc/hostname');
        CREATE TABLE own (id int PRIMARY KEY); GRANT ALL ON own TO app;` });
    for (const to of engines) {
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_foreign.db')}`
            : servers.freshDatabase('of_foreign', to);
        const { status, stderr, report } = await migrate(place, source, target);
        assert.equal(status, exits.differs, stderr);
        assert.ok(report.ledger.some(({ before }) => before === 'foreign table elsewhere'));
        assert.match(report.todo, /foreign table 'elsewhere'/);
        assert.deepEqual(ask(to, target, ['SELECT count(*) FROM own']).slice(0, 1), ['0']);
        assert.match(ask(to, target, ['SELECT * FROM elsewhere'])[0], /refused/);
    }
});

test('52 the application writes while its database is copied: the result says so', { skip },
    async () => {
        const file = join(place.folder, 'busy.db');
        sqlite(file, `PRAGMA journal_mode = wal; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
            INSERT INTO t SELECT value, hex(randomblob(200)) FROM generate_series(1, 60000)`);
        for (const to of engines) {
            const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_busy.db')}`
                : servers.freshDatabase('of_busy', to);
            const moving = migrate(place, `sqlite:///${file}`, target);
            for (let n = 0; n < 40; n += 1) {
                sqlite(file, 'PRAGMA busy_timeout = 5000; UPDATE t SET v = v || 1 WHERE id = 7');
                await new Promise((resolve) => { setTimeout(resolve, 5); });
            }
            const { status, stderr, report } = await moving;
            assert.ok([exits.done, exits.differs].includes(status), stderr);
            assert.equal(report.source_changed, true, to);
            assert.ok(report.tables.every((table) => table.equal));
        }
    });

const large = `CREATE TABLE papers (id int PRIMARY KEY, scan oid);
    SELECT lo_from_bytea(4711, convert_to(repeat('0123456789abcdef', 230000), 'UTF8')),
        lo_from_bytea(4712, ''), lo_from_bytea(2147483650, '\\x00ff');
    SELECT lo_put(4712, 2500000, '\\x01');
    INSERT INTO papers VALUES (1, 4711), (2, 4712), (3, 2147483650);`;
const sums = `SELECT oid, length(lo_get(oid)), md5(lo_get(oid)) FROM pg_largeobject_metadata
    ORDER BY oid`;

for (const to of engines) {
    test(`24 large objects: PostgreSQL to ${titles[to]}`, { skip }, async () => {
        const source = servers.freshDatabase('large');
        servers.postgresql.query(nameOf(source), large);
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_large.db')}`
            : servers.freshDatabase('of_large', to);
        const moved = await migrate(place, source, target);
        assert.deepEqual(ask(to, target, ['SELECT id, scan FROM papers ORDER BY id'])[0],
            '1|4711\n2|4712\n3|2147483650');
        if (to === 'postgresql') {
            assert.equal(moved.status, exits.done, moved.stderr);
            assert.equal(moved.report.verdict, 'lossless');
            const [before] = ask(to, source, [sums]);
            assert.match(before, /^4711\|3680000\|.*\n4712\|2500001\|.*\n2147483650\|2\|/);
            assert.equal(ask(to, target, [sums])[0], before);
            return;
        }
        assert.equal(moved.status, exits.differs, moved.stderr);
        assert.ok(moved.report.ledger.some(({ before }) => before === '3 large objects'));
        assert.match(moved.report.todo, /3 large objects/);
        assert.ok(moved.report.findings.some(({ code }) => code === 'large-objects-lost'));
    });
}

test('24 a number that the target has given to something else stops the move', { skip },
    async () => {
        const source = servers.freshDatabase('large');
        const target = servers.freshDatabase('of_large');
        servers.postgresql.query(nameOf(source), large);
        servers.postgresql.query(nameOf(target), `SELECT lo_from_bytea(4712, 'mine')`);
        const { status, report } = await migrate(place, source, target);
        assert.equal(status, exits.refused);
        const { keys } = report.findings.find(({ code }) => code === 'number-taken');
        assert.deepEqual(keys, ['4712']);
        assert.equal(ask('postgresql', target, [`SELECT convert_from(lo_get(4712), 'UTF8')`])[0],
            'mine');
    });

for (const to of engines) {
    test(`44 owners and GRANTs are said: PostgreSQL to ${titles[to]}`, { skip }, async () => {
        const source = servers.freshDatabase('granted');
        const [[program, ...argv], env] = clients.postgresql(source, 'admin');
        const made = spawnSync(program, argv, { env: { ...process.env, ...env }, encoding: 'utf8',
            input: `CREATE TABLE theirs (id int PRIMARY KEY, secret text);
                GRANT SELECT ON theirs TO app; GRANT UPDATE (secret) ON theirs TO app;
                CREATE FUNCTION f () RETURNS int LANGUAGE sql AS 'SELECT 1';
                REVOKE ALL ON FUNCTION f () FROM PUBLIC;
                ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO app;
                GRANT CREATE ON SCHEMA public TO app;` });
        assert.equal(made.stderr, '');
        const target = to === 'sqlite' ? `sqlite:///${join(place.folder, 'of_granted.db')}`
            : servers.freshDatabase('of_granted', to);
        const { status, stderr, report } = await migrate(place, source, target);
        assert.equal(status, exits.differs, stderr);
        assert.equal(report.ledger.filter(({ before }) => /owners and GRANTs/.test(before)).length,
            1);
        for (const words of ['ALTER TABLE theirs OWNER TO admin', 'GRANT SELECT ON TABLE theirs TO app',
            'GRANT UPDATE (secret) ON TABLE theirs TO app', 'ALTER FUNCTION f() OWNER TO admin',
            'REVOKE ALL ON ROUTINE f() FROM PUBLIC', 'GRANT CREATE ON SCHEMA public TO app',
            'ALTER DEFAULT PRIVILEGES FOR ROLE admin GRANT INSERT ON TABLES TO app']) {
            assert.equal(report.todo.split(words).length, 2, `${words}: ${report.todo}`);
        }
    });
}
