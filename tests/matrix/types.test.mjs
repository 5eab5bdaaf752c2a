// SPDX-License-Identifier: Apache-2.0
// Source engine x target engine x type: what types.mjs says, read by the engines' own programs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits, sanitized } from '../lib/command.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { brief, makeDatabase, move, once, readAll, run, sqlOf } from './matrix.mjs';
import { traps } from './spell.mjs';
import { engines, expected, features } from './types.mjs';

// The servers' settings are none that anybody should rely on.
const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({
    postgresql: ['timezone=Asia/Kolkata', 'datestyle=SQL, DMY', 'intervalstyle=sql_standard',
        'extra_float_digits=0', 'bytea_output=escape'],
    mysql: [`default-time-zone = '+05:30'`, 'sql-mode = ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'],
});
after(() => servers?.stop());

/* --- the moves -------------------------------------------------------------------------------- */

const of = (engine, stops) =>
    features.filter((feature) => feature.engine === engine && feature.stops === stops);

const source = once(async (engine, kind) => {
    const database = makeDatabase(servers, engine, `${kind}_${engine}`);
    run(database, sqlOf(engine, of(engine, kind === 'stops'), kind === 'goes'));
    database.here = readAll(database);
    return database;
});

// Every feature that goes by itself, moved once per direction.
const moved = once(async (from, to) =>
    move(await source(from, 'goes'), makeDatabase(servers, to, `${from}_to_${to}`)));

// Those that do not: looked at first, then moved with what was offered.
const refused = once(async (from, to) =>
    move(await source(from, 'stops'), makeDatabase(servers, to, `${from}_not_${to}`), ['--dry-run']));
const remedied = once(async (from, to) => {
    const asked = await refused(from, to);
    const fixes = asked.report.findings.filter((one) => one.severity === 'error' && one.fix)
        .map(({ fix }) => [`--${fix.option.replaceAll('_', '-')}`, fix.value]);
    const once_ = [...new Map(fixes.map((fix) => [fix.join(' '), fix])).values()];
    return move(asked.from, makeDatabase(servers, to, `${from}_mended_${to}`), once_.flat());
});

/* --- what is there ---------------------------------------------------------------------------- */

const bigints = (_, value) => (typeof value === 'bigint' ? `${value}n` : value);
const shownAs = (value) => JSON.stringify(brief(value), bigints);

// A number that is expected may be shown in any spelling.
function alike(shown, wanted) {
    if (wanted?.single !== undefined) {
        return Object.is(Math.fround(Number(shown)), wanted.single);
    }
    return Object.is(shown, wanted) ||
        (typeof wanted === 'number' && typeof shown === 'string' && Object.is(Number(shown), wanted));
}

function assertColumn(feature, from, to, wanted) {
    const here = from.get(feature.table), there = to.get(feature.table);
    assert.ok(there, `table ${feature.table} is there`);
    const type = wanted.type ?? here.types.get(feature.column);
    assert.equal(there.types.get(feature.column), type, 'the type');
    for (const [id, row] of here.rows) {
        const value = row.get(feature.column), n = Number(id) - 1;
        const list = wanted.values;
        const should = list === undefined ? value
            : n >= feature.values.length ? null
            : typeof list === 'function' ? (value === null ? null : list(value)) : list[n];
        if (should === undefined) {
            assert.ok(!there.rows.has(id), `row ${id} is left out`);
            continue;
        }
        assert.ok(there.rows.has(id), `row ${id} is there`);
        const shown = there.rows.get(id).get(feature.column);
        assert.ok(alike(shown, should),
            `row ${id}, ${shownAs(value)} became ${shownAs(shown)}, not ${shownAs(should)}`);
    }
    assert.ok([...there.rows.keys()].every((id) => here.rows.has(id)), 'no row is new');
}

function assertLedger(feature, answer, wanted) {
    const entries = answer.entries(feature.table, feature.column);
    const kinds = (kind) => entries.filter((entry) => entry.kind === kind);
    assert.deepEqual(kinds('type').map((one) => one.reason), wanted.note ? [wanted.note] : [],
        'the ledger of types');
    assert.deepEqual(kinds('value').map((one) => [Number(one.key), one.before, one.after]),
        wanted.ledger ?? [], 'the ledger of values');
}

function assertFindings(feature, answer, wanted) {
    assert.deepEqual(answer.findings(feature.table, feature.column)
        .map((one) => `${one.severity} ${one.code}`), wanted.findings ?? []);
}

function assertMoved(answer) {
    assert.ok([exits.done, exits.differs].includes(answer.status),
        `exit status ${answer.status}: ${answer.stderr.replace(/^.*?dbwizard: /s, '').slice(0, 300)}`);
}

// lossless: nothing but equal values and objects; converted: types alone; altered: what is listed.
function assertVerdict({ status, report, from, to }) {
    const lost = new Set(report.findings.filter((one) => /-lost$/.test(one.code)).map((one) => `${one.table} ${one.column}`));
    const losses = report.ledger.filter((one) => ['value', 'rejected'].includes(one.kind) ||
        (one.kind === 'object' && one.before !== 'ZEROFILL' &&
            (!one.after || lost.has(`${one.table} ${one.column}`))));
    const verdict = losses.length ? 'altered' : report.ledger.length ? 'converted' : 'lossless';
    assert.equal(report.verdict, verdict, JSON.stringify(losses));
    assert.equal(status, losses.length ? exits.differs : exits.done);
    // In one engine nothing is lost but what belongs to an application's own code.
    const own = losses.map((one) => one.before).sort();
    assert.ok(from.engine !== to.engine || report.verdict === 'lossless' || from.engine === 'sqlite');
    assert.deepEqual(from.engine === to.engine ? own : [], from.engine === 'sqlite' && to.engine === 'sqlite'
        ? ['CHECK (our_own(a_function_that_nobody_knows) < 9)', 'COLLATE german'] : []);
    assert.ok(report.tables.every((table) => table.equal && table.source_sum === table.target_sum));
}

/* --- the cases -------------------------------------------------------------------------------- */

const title = (feature, line, to) =>
    `${line ? `${line} ${traps[line][0]}: ` : ''}${feature.name}, ${feature.engine} to ${to}`;

for (const from of engines) {
    for (const to of engines) {
        test(`${from} to ${to}: all of it moved, and the verdict`, { skip }, async () => {
            const answer = await moved(from, to);
            assertMoved(answer);
            assertVerdict(answer);
        });
    }
}

function checkGoing(feature, to, line) {
    test(title(feature, line, to), { skip }, async () => {
        const answer = await moved(feature.engine, to);
        const wanted = expected(feature, to);
        assertMoved(answer);
        assert.ok(wanted, 'the table says what is expected');
        assertColumn(feature, answer.from.here, answer.there, wanted);
        assertLedger(feature, answer, wanted);
        assertFindings(feature, answer, wanted);
    });
}

// What is offered: as "transforms", with the column in front of what the table of features says.
function offered({ table, column }, [option, value]) {
    const mark = option === 'transforms' ? ':' : '=';
    return option.startsWith('--') ? { option: 'on_bad_row', value }
        : { option, value: `${table}.${column}${mark}${value}` };
}

function checkStopping(feature, to, line) {
    test(title(feature, line, to), { skip }, async () => {
        const asked = await refused(feature.engine, to);
        const wanted = expected(feature, to);
        assert.ok(wanted, 'the table says what is expected');
        const stop = features.some((one) => one.engine === feature.engine && expected(one, to)?.stops);
        assert.equal(asked.status, stop ? exits.refused : exits.done, asked.stderr);
        const errors = asked.findings(feature.table, feature.column)
            .filter((one) => one.severity === 'error');
        const { stops } = wanted;
        assert.deepEqual(errors.map((one) => one.code), stops ? [stops.code] : []);
        if (stops) {
            const [{ count, keys, fix }] = errors;
            assert.deepEqual({ count, keys }, { count: stops.count, keys: stops.keys.map((key) => `id=${key}`) });
            const { option, value } = fix;
            assert.deepEqual({ option, value }, offered(feature, stops.fix));
        }
        const answer = await remedied(feature.engine, to);
        assertMoved(answer);
        assertColumn(feature, answer.from.here, answer.there, wanted);
        assertLedger(feature, answer, wanted);
    });
}

for (const feature of features) {
    for (const to of engines) {
        for (const line of feature.lines) {
            (feature.stops ? checkStopping : checkGoing)(feature, to, line);
        }
    }
}

/* --- there and back --------------------------------------------------------------------------- */

const returned = once(async (from, over) => {
    const there = await moved(from, over);
    return move(there.to, makeDatabase(servers, from, `${from}_by_${over}`));
});

// The same value in another spelling: a number, a moment, JSON, a UUID, a geometry.
const spellings = [
    (value) => Number(String(value).replace(/[$,]/g, '')),
    (value) => Math.fround(Number(value)),
    (value) => JSON.stringify(JSON.parse(value)),
    (value) => { const at = Date.parse(`${value.replace(/Z$|[+-]00(:00)?$/, '').replace(' ', 'T')}Z`); return at; },
    (value) => String(value).replace(/[-{}]/g, '').toLowerCase(),
    (value) => String(value).replace(/^SRID=0;/, ''),
];
function sameMeaning(a, b) {
    return spellings.some((spell) => {
        try {
            const both = [a, b].map((one) => spell(one));
            return both[0] === both[1] && !Number.isNaN(both[0]);
        } catch {
            return false;
        }
    });
}

// Where the type in between made another spelling of the value, as the ledger says of the column.
const respelled = /\[\]$|interval|time beyond a day|^booleans as|^Unix|^Julian|^whole days|UUID as bytes/i;

// What a ledger says of a column, or of one of its values.
const tells = (answers, { table, column }, kinds, key) => answers.some((answer) =>
    answer.entries(table, column).some((one) => kinds.includes(one.kind) &&
        (key === undefined || one.key === key)));

function assertReturned(feature, here, answers) {
    const { table, column, engine } = feature;
    const before = here.get(table), after = answers.at(-1).there.get(table);
    assert.ok(after, 'the table came back');
    const types = [before, after].map((one) => one.types.get(column));
    const listed = tells(answers, feature, ['type', 'object']);
    // What a column of SQLite's declares is not enforced: there the values count alone.
    assert.ok(types[0] === types[1] || listed || engine === 'sqlite', `${types.join(' became ')}, and no ledger says so`);
    for (const [id, row] of before.rows) {
        const values = [row.get(column), after.rows.get(id)?.get(column)];
        const equal = alike(values[1], values[0]) || sameMeaning(...values);
        const said = tells(answers, feature, ['value'], id) ||
            (listed && respelled.test(feature.name));
        assert.ok(equal || said,
            `row ${id}, ${values.map(shownAs).join(' became ')}, and no ledger says so`);
    }
    assert.equal(after.rows.size, before.rows.size);
    // What the way back is said to have altered is altered.
    const between = answers[0].there.get(table);
    for (const { key } of answers[1].entries(table, column).filter((one) => one.kind === 'value')) {
        const [was, is] = [between, after].map((one) => one.rows.get(key).get(column));
        assert.ok(String(was) !== String(is), `row ${key}, ${shownAs(was)} is said to be altered`);
    }
}

// The ways back take the same code once more: sanitizers have seen it.
const back = sanitized ? [] : features.filter((one) => !one.stops);
if (sanitized) {
    test('the ways back', { skip: 'sanitizers take several times as long' }, () => {});
}

for (const from of sanitized ? [] : engines) {
    for (const over of engines.filter((one) => one !== from)) {
        test(`${from} to ${over} and back: all of it moved`, { skip }, async () => {
            assertMoved(await returned(from, over));
        });
    }
}

for (const feature of back) {
    for (const over of engines.filter((one) => one !== feature.engine)) {
        test(`${feature.name}, ${feature.engine} to ${over} and back`, { skip }, async () => {
            const out = await moved(feature.engine, over);
            const again = await returned(feature.engine, over);
            assertMoved(out);
            assertMoved(again);
            assertReturned(feature, out.from.here, [out, again]);
        });
    }
}

/* --- what needs settings of its own ----------------------------------------------------------- */

// What is none by its values is refused where the column is declared as one.
const noBoolean = 'tinyint_1_that_holds_2';

// Into tables that the application has made, all comes back as it was.
const refilled = once(async (engine, over) => {
    const home = makeDatabase(servers, engine, `own_${engine}_by_${over}`);
    run(home, sqlOf(engine, of(engine, false), true, true));
    const { to } = await moved(engine, over);
    // A datetime says no zone: it is told that those in it are UTC.
    const told = engine === 'postgresql' && over === 'mysql'
        ? ['--transforms', 'times.timestamptz_beyond_2038:source_time_zone=UTC'] : [];
    return move(to, home, ['--schema-mode', 'existing', '--exclude', 'few_*', ...told,
        ...(engine === 'mysql' ? ['--exclude', `*.${noBoolean}`] : [])]);
});

for (const feature of back.filter((one) => one.engine !== 'sqlite' && one.column !== noBoolean)) {
    for (const over of engines.filter((one) => one !== feature.engine)) {
        test(`${feature.name}, ${feature.engine} to ${over} and back into its own table`, { skip }, async () => {
            const home = await refilled(feature.engine, over);
            assertMoved(home);
            const { here } = await source(feature.engine, 'goes');
            const { table, column } = feature;
            assert.equal(home.there.get(table).rows.size, here.get(table).rows.size);
            for (const [id, row] of here.get(table).rows) {
                const is = home.there.get(table).rows.get(id).get(column);
                assert.ok(alike(is, row.get(column)),
                    `row ${id}, ${shownAs(row.get(column))} became ${shownAs(is)}`);
            }
        });
    }
}

// A few rows are sent in another way than many.
for (const from of ['postgresql', 'mysql']) {
    test(`few rows and many, ${from} to mysql`, { skip }, async () => {
        const { there } = await moved(from, 'mysql');
        const few = [...there].filter(([name]) => name.startsWith('few_'));
        assert.ok(few.length > 4);
        for (const [name, { rows }] of few) {
            for (const [id, row] of rows) {
                assert.deepEqual(row, there.get(name.slice(4)).rows.get(id), `${name}, row ${id}`);
            }
        }
    });
}

// They are kept with their numbers where there are such, else named, and the verdict says so.
for (const to of engines) {
    test(`24 ${traps[24][0]}: kept or named, postgresql to ${to}`, { skip }, async () => {
        const from = makeDatabase(servers, 'postgresql', 'large_objects');
        run(from, `CREATE TABLE t (id integer PRIMARY KEY, o oid); SELECT lo_from_bytea(4711, '\\x00ff');
            INSERT INTO t VALUES (1, 4711)`);
        const answer = await move(from, makeDatabase(servers, to, 'named'));
        assertMoved(answer);
        const kept = to === 'postgresql';
        assert.equal(answer.report.verdict, kept ? 'lossless' : 'altered');
        const named = answer.report.findings.filter((one) => /large objects/.test(one.message));
        assert.deepEqual(named.map((one) => one.severity), kept ? [] : ['warning']);
        assert.equal(kept && run(answer.to, `SELECT encode(lo_get(4711), 'hex')`), kept && '00ff');
        assert.equal(String(answer.there.get('t').rows.get('1').get('o')), '4711');
    });
}

// As near to a server's limit as a test comes: it is set low.
for (const from of engines) {
    test(`23 ${traps[23][0]}: more than the target's server takes at once, ${from} to mysql`, { skip }, async () => {
        const target = makeDatabase(servers, 'mysql', 'small_packets');
        const admin = { ...target, server: { ...target.server, user: 'admin' } };
        const most = run(target, 'SELECT @@max_allowed_packet');
        run(admin, 'SET GLOBAL max_allowed_packet = 524288');
        try {
            const asked = await move(await source(from, 'goes'), target, ['--dry-run']);
            assert.equal(asked.status, exits.refused, asked.stderr);
            const found = asked.report.findings.filter((one) => one.severity === 'error');
            assert.deepEqual([...new Set(found.map((one) => one.code))], ['too-large']);
            const large = of(from, false).filter((one) => one.lines.includes(23)).map((one) => one.column);
            assert.deepEqual(found.filter((one) => !one.table.startsWith('few_'))
                .map((one) => one.column).sort(), large.sort());
            assert.ok(found.every(({ fix }) => `${fix.option} ${fix.value}` === 'on_bad_row reject'));
            assert.deepEqual([...readAll(target).keys()], [], 'nothing was written');
        } finally {
            run(admin, `SET GLOBAL max_allowed_packet = ${most}`);
        }
    });
}

/* --- nothing is left out ---------------------------------------------------------------------- */

const top = process.env.DBW_TOP_SRCDIR ?? join(dirname(fileURLToPath(import.meta.url)), '../..');
const namesIn = (engine, pattern) => [...readFileSync(join(top, 'lib/engine', engine, 'types.def'), 'utf8')
    .matchAll(pattern)].map((match) => match[1]);
const declared = (engine) => features.filter((one) => one.engine === engine)
    .map((one) => one.type.toLowerCase().replace(/[(].*?[)]/, '').replace(/ (unsigned|zerofill|null|unique|collate|character set).*/, '').trim());

test('every type of types.def is a source', () => {
    const known = {
        sqlite: namesIn('sqlite', /^DBW_SQLITE_NAME\("([^"]+)"/gm),
        postgresql: namesIn('postgresql', /^DBW_PG_TYPE\(\d+, "[^"]+", "((?:[^"\\]|\\.)+)"/gm)
            .map((name) => name.replaceAll('\\"', '"')),
        // MySQL's other name for a geometrycollection, which MariaDB does not know.
        mysql: namesIn('mysql', /^DBW_MYSQL_TYPE\("([^"]+)"/gm).filter((name) => name !== 'geomcollection'),
    };
    const aliases = { time: 'time without time zone', timestamp: 'timestamp without time zone',
        timestamptz: 'timestamp with time zone', timetz: 'time with time zone' };
    for (const [engine, names] of Object.entries(known)) {
        assert.ok(names.length > 30, engine);
        const there = new Set(declared(engine).map((name) =>
            (engine === 'postgresql' ? aliases[name] ?? name : name)));
        assert.deepEqual(names.filter((name) => !there.has(name.toLowerCase())), [], engine);
    }
});

test('every trap is a case in every direction where it can be', () => {
    for (const [line, [, directions]] of Object.entries(traps)) {
        if (line === '24') {
            continue; // above
        }
        const sources = directions.flatMap((one) => (one.startsWith('*') ? engines : [one.split(' ')[0]]));
        for (const from of sources) {
            assert.ok(features.some((one) => one.engine === from && one.lines.includes(Number(line))),
                `${line}, from ${from}`);
        }
    }
});
