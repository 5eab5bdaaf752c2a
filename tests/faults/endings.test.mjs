// SPDX-License-Identifier: Apache-2.0
// How runs end otherwise than well, and how they go on: stopped by a signal or on request, the source
// changed meanwhile, the target's disk full, the connection cut, two runs at once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { assertEqual, sqlite, stateOf } from '../lib/compare.mjs';
import { missing, run, startServers, tempDir } from '../lib/servers.mjs';
import { startProxy } from './proxy.mjs';
import { CHUNK, assertAsUndisturbed, crashBeneath, goOn, instantOf, instants, prepare, rounds, runAndKill, seed, sleep }
    from './rounds.mjs';

const skip = missing('postgresql');
let servers, server, prepared;
if (!skip) {
    servers = startServers({ postgresql: true });
    server = servers.postgresql;
    prepared = await prepare(servers, { whole: [], chunks: CHUNK });
    console.log(`# FAULT_SEED=${seed}`);
}
after(() => servers?.stop());

function begin(kind = 'chunks', name = 'ending') {
    const url = servers.freshDatabase(name);
    return { ...prepared.kinds[kind], kind, env: { TARGET: url }, url, place: makePlace(),
             database: new URL(url).pathname.slice(1) };
}

// Runs the command and calls `act` once it says that it has come to the phase.
function inPhase(round, phase, act) {
    const running = round.place.run(round.args, round.env);
    let done = false;
    running.child.stderr.on('data', (bytes) => {
        if (!done && new RegExp(`^${phase}$`, 'm').test(bytes)) {
            done = true;
            act(running.child);
        }
    });
    return running;
}

/* --- signals and requests --------------------------------------------------------------------- */

for (const [signal, phase] of [['SIGINT', 'plan'], ['SIGINT', 'preflight'], ['SIGINT', 'copy'],
                               ['SIGTERM', 'copy'], ['SIGINT', 'keys'], ['SIGINT', 'verify']]) {
    test(`${signal} in ${phase} pauses, resume goes on`, { skip }, async () => {
        const round = begin();
        const answer = await inPhase(round, phase, (child) => child.kill(signal));
        if (answer.status !== exits.differs) { // what was nearly done may come to its end
            assert.equal(answer.status, exits.interrupted, answer.stderr);
            assert.match(answer.stderr, /^dbwizard: paused on request$/m);
            assert.match(answer.stderr, /^ {2}dbwizard jobs resume (\w+)\n {2}dbwizard jobs discard \1$/m);
            assert.equal((await round.place.jobs())[0].status, 'paused');
        }
        await goOn(round.place, round.args, round.env);
        assertAsUndisturbed(prepared, round.kind, round.database);
    });
}

test('paused again and again, it gets there', { skip }, async () => {
    const round = begin('chunks');
    let answer = await runAndKill(round.place, round.args, round.env, instantOf(round, 0.3),
        (child) => child.kill('SIGINT'));
    for (let turn = 0; turn < 12 && answer.status === exits.interrupted; turn++) {
        const [job] = await round.place.jobs();
        answer = await runAndKill(round.place, ['jobs', 'resume', job.id], round.env,
            { phase: 'start', delay: (0.5 + turn * 0.15) * round.milliseconds },
            (child) => child.kill('SIGINT'));
    }
    assert.equal(answer.status, exits.differs, answer.stderr);
    assertAsUndisturbed(prepared, round.kind, round.database);
});

test('a cancelled run is neither resumed nor mistaken for another', { skip }, async () => {
    const round = begin();
    let asked;
    const answer = await inPhase(round, 'copy', () => {
        asked = round.place.jobs().then(([job]) => round.place.run(['jobs', 'cancel', job.id]));
    });
    assert.equal((await asked).status, exits.done);
    assert.equal(answer.status, exits.failed, answer.stderr);
    const [job] = await round.place.jobs();
    assert.equal(job.status, 'cancelled');
    const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
    assert.equal(resumed.status, exits.failed);
    assert.match(resumed.stderr, /unable to resume job '\w+': it is cancelled/);
    // A new run clears what the cancelled one left, and says so.
    const again = await round.place.run(round.args, round.env);
    assert.equal(again.status, exits.differs, again.stderr);
    assert.match(again.stderr, new RegExp(`the target holds what run ${job.id} left: it is cleared`));
    assertAsUndisturbed(prepared, round.kind, round.database);
});

/* --- the source changes ----------------------------------------------------------------------- */

// What an application goes on doing: rows come, go and change in every kind of table.
const changes = `PRAGMA foreign_keys = ON; BEGIN;
    DELETE FROM usage_logs WHERE id % 13 = 5;
    UPDATE usage_logs SET amount = amount + 0.01, billed = 1 WHERE id % 17 = 3;
    INSERT INTO usage_logs (organization_id, action_type, amount, billing_period, logged_epoch)
        SELECT id, 'late', 1.25, '2026-11', 1793000000 FROM organizations LIMIT 50;
    DELETE FROM document_metadata WHERE rowid % 11 = 4;
    UPDATE document_metadata SET raw_text = 'changed ' || raw_text WHERE rowid % 19 = 2;
    DELETE FROM users WHERE id % 23 = 7;
    UPDATE users SET name = 'renamed', avatar = x'00ff00' WHERE id % 29 = 1;
    INSERT INTO users (email, organization_id) SELECT 'late' || rowid || '@example.org', id FROM
        organizations LIMIT 20;
    UPDATE field_mappings SET "order" = 7 WHERE required;
    DELETE FROM subscriptions WHERE quantity % 2;
    COMMIT`;

function roundWithOwnSource(kind) {
    const round = begin(kind);
    const file = join(tempDir(), 'source.sqlite');
    copyFileSync(prepared.file, file);
    return { ...round, file, args: ['migrate', file, ...round.args.slice(2)] };
}

// In its last phases nothing of the source is read any more: the move is what it was then.
const over = ['stamp', 'report', 'end'];

for (const [i, at] of (skip ? [] : instants('changed', Math.ceil(rounds / 2))).entries()) {
    const kind = ['whole', 'chunks'][i % 2];
    test(`killed at ${(at * 100).toFixed(1)} % (${kind}), the source changed, resumed`, async (t) => {
        const round = roundWithOwnSource(kind);
        const answer = await runAndKill(round.place, round.args, round.env, instantOf(round, at));
        t.diagnostic(`in phase ${answer.phase}`);
        if (over.includes(answer.phase)) {
            return;
        }
        sqlite(round.file, changes);
        await goOn(round.place, round.args, round.env);
        assertEqual(round.file, server, round.database);
        assert.equal(server.query(round.database, `SELECT count(*) FROM pg_constraint
            WHERE contype = 'f' AND NOT convalidated`), '0');
    });
}

test('values that ask for another type came meanwhile', { skip }, async (t) => {
    const round = roundWithOwnSource('chunks');
    const answer = await runAndKill(round.place, round.args, round.env, instantOf(round, 0.75));
    t.diagnostic(`in phase ${answer.phase}`);
    sqlite(round.file, `UPDATE users SET name = printf('%.*c', 300, 'x') WHERE id = 3;
        UPDATE batches SET cost = '123456789012345.25' WHERE id = 3`);
    await goOn(round.place, round.args, round.env);
    if (!over.includes(answer.phase)) {
        assertEqual(round.file, server, round.database);
    }
});

test('the structure of the source changed: refused, and discard still works', { skip }, async () => {
    const round = roundWithOwnSource('chunks');
    const before = stateOf(server, round.database);
    const answer = await inPhase(round, 'copy', (child) => child.kill('SIGKILL'));
    assert.equal(answer.signal, 'SIGKILL');
    sqlite(round.file, 'ALTER TABLE users ADD COLUMN nickname TEXT');
    const [job] = await round.place.jobs();
    const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
    assert.equal(resumed.status, exits.failed, resumed.stderr);
    assert.match(resumed.stderr,
        /unable to resume: the structure of the source changed since the run began/);
    assert.match(resumed.stderr, /hint: Discard the run and start it anew\./);
    const discarded = await round.place.run(['jobs', 'discard', job.id], round.env);
    assert.equal(discarded.status, exits.done, discarded.stderr);
    assert.equal(stateOf(server, round.database), before);
    const anew = await round.place.run(round.args, round.env);
    assert.equal(anew.status, exits.differs, anew.stderr);
    assertEqual(round.file, server, round.database);
});

// A writer that adds a row to two tables in one transaction, again and again.
function writer(file) {
    const child = spawn('sqlite3', ['-batch', file], { stdio: ['pipe', 'ignore', 'ignore'] });
    let going = true;
    const done = (async () => {
        child.stdin.on('error', () => {});
        child.stdin.write('.timeout 5000\n');
        for (let n = 1; going; n++) {
            child.stdin.write(`BEGIN IMMEDIATE; INSERT INTO organization_settings (organization_id,
                key) SELECT id, 'pair${n}' FROM organizations LIMIT 1; INSERT INTO usage_logs
                (organization_id, action_type, amount, billing_period, logged_epoch) SELECT id, 'pair',
                1, '2026-11', 0 FROM organizations LIMIT 1; COMMIT;\n`);
            await sleep(5);
        }
        child.stdin.end();
        await new Promise((resolve) => child.on('close', resolve));
    })();
    return async () => {
        going = false;
        await done;
    };
}

for (const mode of ['wal', 'delete']) {
    test(`a writer goes on during the run (journal mode ${mode}): one instant is copied`, { skip },
        async () => {
            const round = roundWithOwnSource('chunks');
            sqlite(round.file, `PRAGMA journal_mode = ${mode}`);
            const report = join(round.place.folder, 'report.json');
            const stop = writer(round.file);
            await sleep(100);
            const answer = await round.place.run([...round.args, '--report', report], round.env);
            await stop();
            assert.equal(answer.status, exits.differs, answer.stderr);
            const counts = server.query(round.database, `SELECT (SELECT count(*) FROM
                organization_settings WHERE key LIKE 'pair%') || ' ' || (SELECT count(*) FROM usage_logs
                WHERE action_type = 'pair')`).split(' ').map(Number);
            assert.equal(counts[0], counts[1], 'both rows of a transaction or neither');
            assert.ok(counts[0] > 0);
            const written = JSON.parse(readFileSync(report, 'utf8'));
            assert.equal(written.source_changed, true, written.snapshot);
            assert.equal(sqlite(round.file, 'PRAGMA integrity_check'), 'ok');
        });
}

/* --- the target fails ------------------------------------------------------------------------- */

let whole; // bytes that an undisturbed run sends
for (const [i, at] of (skip ? [] : instants('cut', Math.ceil(rounds / 2))).entries()) {
    const kind = ['whole', 'chunks'][i % 2];
    test(`the connection cut after ${(at * 100).toFixed(1)} % of the bytes (${kind})`, async (t) => {
        const round = begin(kind);
        const through = await startProxy(server.port);
        const env = { TARGET: round.url.replace(`:${server.port}/`, `:${through.port}/`) };
        if (whole === undefined) {
            const measured = await round.place.run(round.args, env);
            assert.equal(measured.status, exits.differs, measured.stderr);
            whole = through.passed;
            servers.freshDatabase('ending');
        }
        const place = makePlace();
        through.passed = 0;
        through.limit = at * whole;
        const answer = await place.run(round.args, env);
        t.diagnostic(`exit ${answer.status}: ${/^dbwizard: .*/m.exec(answer.stderr)?.[0]}`);
        through.limit = Infinity;
        if (answer.status !== exits.differs) {
            assert.equal(answer.status, exits.failed, answer.stderr);
            assert.match(answer.stderr, /connection|server/);
        }
        await goOn(place, round.args, env);
        through.close();
        assertAsUndisturbed(prepared, kind, round.database);
    });
}

for (const phase of ['schema', 'copy', 'keys', 'sequences', 'verify']) {
    test(`PostgreSQL killed in ${phase}, restarted, resumed`, { skip }, async (t) => {
        const round = begin();
        const answer = await inPhase(round, phase, crashBeneath(servers));
        t.diagnostic(`exit ${answer.status}: ${/^dbwizard: .*/m.exec(answer.stderr)?.[0]}`);
        assert.equal(answer.status, exits.failed, answer.stderr);
        assert.match(answer.stderr, /^dbwizard: the source is untouched: /m);
        servers.postgresql.restart();
        await goOn(round.place, round.args, round.env);
        assertAsUndisturbed(prepared, round.kind, round.database);
    });
}

test('a statement that the server cancels is a failure that can be resumed', { skip }, async (t) => {
    const round = begin();
    let running = true;
    let cancelling;
    const answer = await inPhase(round, 'copy', () => {
        cancelling = (async () => {
            while (running) {
                await run(['psql', '-Xqc', `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                    WHERE datname = '${round.database}' AND pid <> pg_backend_pid()`, 'postgres'],
                    { env: { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.user,
                             PGPASSWORD: server.password } });
            }
        })();
    });
    running = false;
    await cancelling;
    t.diagnostic(`exit ${answer.status}: ${/^dbwizard: .*/m.exec(answer.stderr)?.[0]}`);
    assert.equal(answer.status, exits.failed, answer.stderr);
    assert.match(answer.stderr, /^dbwizard: the source is untouched: .*canceling statement/m);
    assert.equal((await round.place.jobs())[0].status, 'failed');
    await goOn(round.place, round.args, round.env);
    assertAsUndisturbed(prepared, round.kind, round.database);
});

/* --- two at once ------------------------------------------------------------------------------ */

test('a second run into the same target is refused, the first is unharmed', { skip }, async () => {
    const round = begin();
    const other = makePlace();
    let second;
    const first = await inPhase(round, 'copy', () => {
        second = other.run(round.args, round.env);
    });
    const answer = await second;
    assert.equal(first.status, exits.differs, first.stderr);
    assertAsUndisturbed(prepared, round.kind, round.database);
    assert.ok([exits.failed, exits.refused].includes(answer.status), answer.stderr);
    if (answer.status === exits.failed) {
        assert.match(answer.stderr, /unable to write to the target: another run is writing to it/);
        assert.match(answer.stderr, /hint: Wait for the other run to end, or cancel it\./);
    }
});

test('two runs started at the same time: one does it, the other is refused', { skip }, async () => {
    const round = begin('whole');
    const places = [makePlace(), makePlace()];
    const answers = await Promise.all(places.map((place) => place.run(round.args, round.env)));
    const statuses = answers.map((answer) => answer.status).sort();
    assert.equal(statuses.filter((status) => status === exits.differs).length, 1,
        answers.map((answer) => answer.stderr).join('\n---\n'));
    assertAsUndisturbed(prepared, round.kind, round.database);
});

test('one job resumed by two commands at once: one works on it', { skip }, async () => {
    const round = begin();
    await runAndKill(round.place, round.args, round.env, instantOf(round, 0.5));
    const [job] = await round.place.jobs();
    if (job.status === 'done') {
        return;
    }
    const answers = await Promise.all([0, 1].map(() =>
        round.place.run(['jobs', 'resume', job.id], round.env)));
    assert.equal(answers.filter((answer) => answer.status === exits.differs).length, 1,
        answers.map((answer) => answer.stderr).join('\n---\n'));
    assertAsUndisturbed(prepared, round.kind, round.database);
});
