// SPDX-License-Identifier: Apache-2.0
// The table of structure.mjs, in all nine directions: one database per engine with all of it, one
// move per direction, and each entry a case that looks into the target by the engine's own client.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { features } from './structure.mjs';

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
    postgresql: (url) => {
        const { host, port, user, password } = servers.postgresql;
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
