// SPDX-License-Identifier: Apache-2.0
// Source engine x target engine x type: what types.mjs says, read by the engines' own programs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits } from '../lib/command.mjs';
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
        (one.kind === 'object' && (!one.after || lost.has(`${one.table} ${one.column}`))));
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
