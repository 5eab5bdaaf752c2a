// SPDX-License-Identifier: Apache-2.0
// Source engine x target engine x type: what types.mjs says, read by the engines' own programs.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { exits } from '../lib/command.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { brief, makeDatabase, move, once, readAll, run, sqlOf } from './matrix.mjs';
import { traps } from './spell.mjs';
import { engines, expected, features } from './types.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

/* --- the moves -------------------------------------------------------------------------------- */

const of = (engine, stops) =>
    features.filter((feature) => feature.engine === engine && feature.stops === stops);

const source = once(async (engine, kind) => {
    const database = makeDatabase(servers, engine, `${kind}_${engine}`);
    run(database, sqlOf(engine, of(engine, kind === 'stops')));
    database.here = readAll(database);
    return database;
});

// Every feature that goes by itself, moved once per direction.
const moved = once(async (from, to) => {
    const target = makeDatabase(servers, to, `${from}_to_${to}`);
    return move(await source(from, 'goes'), target);
});

/* --- what is there ---------------------------------------------------------------------------- */

// A number that is expected may be shown in any spelling.
function alike(shown, wanted) {
    if (wanted?.single !== undefined) {
        return Object.is(Math.fround(Number(shown)), wanted.single);
    }
    return Object.is(shown, wanted) ||
        (typeof wanted === 'number' && typeof shown === 'string' && Object.is(Number(shown), wanted));
}

function assertColumn(feature, from, to, wanted, what) {
    const here = from.get(feature.table), there = to.get(feature.table);
    assert.ok(there, `${what}: table ${feature.table} is there`);
    const type = wanted.type ?? here.types.get(feature.column);
    assert.equal(there.types.get(feature.column), type, `${what}: the type`);
    for (const [id, row] of here.rows) {
        const value = row.get(feature.column), n = Number(id) - 1;
        const list = wanted.values;
        const should = list === undefined ? value
            : n >= feature.values.length ? null
            : typeof list === 'function' ? (value === null ? null : list(value)) : list[n];
        if (should === undefined) {
            assert.ok(!there.rows.has(id), `${what}: row ${id} is left out`);
            continue;
        }
        assert.ok(there.rows.has(id), `${what}: row ${id} is there`);
        const shown = there.rows.get(id).get(feature.column);
        assert.ok(alike(shown, should), `${what}: row ${id}, ${JSON.stringify(brief(value), bigints)} became ${
            JSON.stringify(brief(shown), bigints)}, not ${JSON.stringify(brief(should), bigints)}`);
    }
    assert.equal(there.rows.size, [...here.rows.keys()].filter((id) => there.rows.has(id)).length);
}
const bigints = (_, value) => (typeof value === 'bigint' ? `${value}n` : value);

function assertLedger(feature, answer, wanted) {
    const entries = answer.entries(feature.table, feature.column);
    const source_ = answer.from.here.get(feature.table).types.get(feature.column);
    const kinds = (kind) => entries.filter((entry) => entry.kind === kind);
    assert.deepEqual(kinds('type').map((one) => one.reason), wanted.note ? [wanted.note] : [],
        `the ledger of ${source_}`);
    assert.deepEqual(kinds('value').map((one) => [Number(one.key), one.before, one.after]),
        wanted.ledger ?? [], 'altered values');
}

function assertFindings(feature, answer, wanted) {
    assert.deepEqual(answer.findings(feature.table, feature.column)
        .map((one) => `${one.severity} ${one.code}`), wanted.findings ?? []);
}

// lossless: nothing but equal values and objects; converted: types alone; altered: what is listed.
function assertVerdict({ status, report, from, to }) {
    const losses = report.ledger.filter((one) => one.kind === 'value' || (one.kind === 'object' && !one.after));
    const verdict = losses.length ? 'altered' : report.ledger.length ? 'converted' : 'lossless';
    assert.equal(report.verdict, verdict, JSON.stringify(losses));
    assert.equal(status, losses.length ? exits.differs : exits.done);
    assert.ok(from.engine !== to.engine || report.verdict === 'lossless');
    assert.ok(report.tables.every((table) => table.equal && table.source_sum === table.target_sum));
}

function assertMoved(answer) {
    assert.ok([exits.done, exits.differs].includes(answer.status),
        `exit status ${answer.status}: ${answer.stderr.replace(/^.*dbwizard: /s, '').slice(0, 300)}`);
}

const title = (feature, line) => (line ? `${line} ${traps[line][0]}: ${feature.name}` : feature.name);

for (const from of engines) {
    for (const to of engines) {
        test(`${from} to ${to}: the move`, { skip }, async () => {
            const answer = await moved(from, to);
            assertMoved(answer);
            assertVerdict(answer);
        });
    }
}

for (const feature of features.filter((one) => !one.stops)) {
    for (const to of engines) {
        for (const line of feature.lines) {
            test(`${title(feature, line)}, ${feature.engine} to ${to}`, { skip }, async () => {
                const answer = await moved(feature.engine, to);
                assertMoved(answer);
                const wanted = expected(feature, to);
                assert.ok(wanted, 'the table says what is expected');
                assertColumn(feature, answer.from.here, answer.there, wanted, 'there');
                assertLedger(feature, answer, wanted);
                assertFindings(feature, answer, wanted);
            });
        }
    }
}
