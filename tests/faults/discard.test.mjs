// SPDX-License-Identifier: Apache-2.0
// Discard gives the target back as it was: schema by pg_dump, rows, sequences; whatever ended the
// run, and also when discarding itself is killed half-way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits, generate, makePlace } from '../lib/command.mjs';
import { assertSameState, sqlite, stateOf } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';
import { CHUNK, instantOf, instants, profile, rounds, rowsWanted, runAndKill, seed } from './rounds.mjs';

const skip = missing('postgresql');
const application = readFileSync(fileURLToPath(new URL('application.sql', import.meta.url)), 'utf8');

/* What stands in the target before, and how it is asked to be filled. */
const scenarios = {
    empty: { sql: 'CREATE SCHEMA other; CREATE TABLE other.kept (a int); CREATE SEQUENCE other.s',
             options: CHUNK },
    schema: { sql: application, options: ['--target-schema', 'moved', ...CHUNK] },
    existing: { sql: application, options: ['--schema-mode', 'existing', ...CHUNK] },
};
const names = Object.keys(scenarios);
let servers, server, file;

// Each scenario's database, to be copied for each round; its undisturbed run is timed.
async function prepare() {
    servers = startServers({ postgresql: true });
    server = servers.postgresql;
    file = generate('--rows', rowsWanted / 2);
    for (const name of names) {
        const scenario = scenarios[name];
        servers.freshDatabase(`before_${name}`);
        server.query(`app_before_${name}`, `${scenario.sql};`);
        scenario.args = ['migrate', file, 'env:TARGET', ...scenario.options];
        scenario.before = stateOf(server, `app_before_${name}`);
        const { env, place } = begin(name);
        const { answer, ...quiet } = await profile(place, scenario.args, env);
        Object.assign(scenario, quiet);
        assert.ok([exits.done, exits.differs].includes(answer.status), answer.stderr);
    }
    console.log(`# FAULT_SEED=${seed}, undisturbed: ${names.map((name) =>
        `${name} ${Math.round(scenarios[name].milliseconds)} ms`).join(', ')}`);
}

function begin(name) {
    const url = servers.freshDatabase(`round_${name}`, 'postgresql', `app_before_${name}`);
    return { database: new URL(url).pathname.slice(1), env: { TARGET: url }, place: makePlace(),
             ...scenarios[name] };
}

if (!skip) {
    await prepare();
}
after(() => servers?.stop());

async function discardAndCompare({ place, env, database, before }, what) {
    const [job] = await place.jobs();
    const answer = await place.run(['jobs', 'discard', job.id], env);
    assert.equal(answer.status, exits.done, `${what}: ${answer.stderr}`);
    assert.match(answer.stdout, /The target is as it was before\./);
    assertSameState(stateOf(server, database), before, what);
    const after_ = await place.job(job.id);
    assert.equal(after_.status, 'cancelled');
    assert.equal(after_.discarded, true);
    assert.equal(after_.resumable, false);
}

// Killed behind its last commit: there is nothing to discard, and the job is known to be done then.
async function foundDone({ place, env }, id) {
    const answer = await place.run(['jobs', 'discard', id], env);
    if (answer.status === exits.done) {
        return false;
    }
    assert.match(answer.stderr, /unable to discard: the run had come to its end/);
    assert.equal((await place.job(id)).status, 'done');
    return true;
}

for (const name of skip ? [] : names) {
    for (const [i, at] of instants(`discard ${name}`, Math.ceil(rounds / 2)).entries()) {
        test(`${name}, round ${i + 1}: killed at ${(at * 100).toFixed(1)} %, discarded`, async (t) => {
            const round = begin(name);
            const answer = await runAndKill(round.place, round.args, round.env,
                instantOf(round, at));
            t.diagnostic(`in phase ${answer.phase}`);
            const [job] = await round.place.jobs();
            if (!job) {
                assertSameState(stateOf(server, round.database), round.before);
            } else if (job.status === 'done') {
                const late = await round.place.run(['jobs', 'discard', job.id], round.env);
                assert.equal(late.status, exits.failed);
                assert.match(late.stderr, /unable to discard job '\w+': it is done/);
            } else if (answer.phase !== 'report' || !(await foundDone(round, job.id))) {
                await discardAndCompare(round, `the target (${name})`);
            }
        });
    }
}

for (const [i, at] of (skip ? [] : instants('discard twice', Math.ceil(rounds / 2))).entries()) {
    const percent = (at * 100).toFixed(1);
    test(`discard itself killed at ${percent} % and repeated`, async (t) => {
        const round = begin('existing');
        // Late enough that there is much to give back.
        await runAndKill(round.place, round.args, round.env, instantOf(round, 0.6));
        const [job] = await round.place.jobs();
        const started = performance.now();
        const args = ['jobs', 'discard', job.id];
        const killed = await runAndKill(round.place, args, round.env,
            { phase: 'start', delay: at * 0.25 * round.milliseconds });
        t.diagnostic(`after ${Math.round(performance.now() - started)} ms, exit ${killed.status}`);
        await discardAndCompare(round, 'the target');
        // Once more does no harm.
        await discardAndCompare(round, 'the target');
    });
}

// Calls `act` once the command says that it copies.
function whileCopying(round, act) {
    const running = round.place.run(round.args, round.env);
    let done = false;
    running.child.stderr.on('data', (bytes) => {
        if (!done && /^copy$/m.test(bytes)) {
            done = true;
            act(running.child);
        }
    });
    return running;
}

test('discard after a pause', { skip }, async () => {
    const round = begin('existing');
    const answer = await whileCopying(round, (child) => child.kill('SIGINT'));
    assert.equal(answer.status, exits.interrupted, answer.stderr);
    await discardAndCompare(round, 'the target');
});

test('discard after cancel', { skip }, async () => {
    const round = begin('existing');
    let asked;
    const answer = await whileCopying(round, () => {
        asked = round.place.jobs().then(([job]) => round.place.run(['jobs', 'cancel', job.id]));
    });
    assert.equal((await asked).status, exits.done);
    assert.equal(answer.status, exits.failed, answer.stderr);
    assert.match(answer.stderr, /cancelled on request/);
    assert.equal((await round.place.jobs())[0].status, 'cancelled');
    await discardAndCompare(round, 'the target');
});

test('a database that the run made is taken away again', { skip }, async () => {
    const admin = (sql) => execFileSync('psql',
        ['-XAtqw', '-v', 'ON_ERROR_STOP=1', '-d', server.adminUrl, '-c', sql]).toString().trim();
    const listed = () => admin(
        "SELECT count(*) FROM pg_database WHERE datname = 'app_made_by_run'");
    const place = makePlace();
    const newFile = join(tempDir(), 'new.sqlite');
    const url = new URL(servers.freshDatabase('made_by_run'));
    admin('DROP DATABASE app_made_by_run');
    admin('ALTER ROLE app CREATEDB');
    for (const [target, isThere] of [[`sqlite:///${newFile}`, () => existsSync(newFile)],
        [url.href, () => listed() === '1']]) {
        const round = { place, env: { TARGET: target },
            args: ['migrate', file, 'env:TARGET', '--create-database', ...CHUNK] };
        const answer = await whileCopying(round, (child) => child.kill('SIGINT'));
        assert.equal(answer.status, exits.interrupted, answer.stderr);
        assert.ok(isThere());
        const [job] = await place.jobs();
        const discarded = await place.run(['jobs', 'discard', job.id], round.env);
        assert.equal(discarded.status, exits.done, discarded.stderr);
        assert.ok(!isThere());
    }
});

test('discard after a failure that the target caused', { skip }, async () => {
    const round = begin('existing');
    server.query(round.database, `ALTER TABLE usage_logs ADD CONSTRAINT small CHECK (quantity < 0)`);
    round.before = stateOf(server, round.database);
    const answer = await round.place.run(round.args, round.env);
    assert.equal(answer.status, exits.failed, answer.stderr);
    assert.match(answer.stderr, /^dbwizard: the source is untouched: unable to copy row id = 1 of table 'usage_logs': .*violates check constraint "small"/m);
    assert.equal((await round.place.jobs())[0].status, 'failed');
    await discardAndCompare(round, 'the target');
});

test('a run that had ended is not said to be discarded, and resume finds its end', { skip },
    async () => {
        const round = begin('existing');
        assert.equal((await round.place.run(round.args, round.env)).status, exits.done);
        const full = stateOf(server, round.database);
        const [job] = await round.place.jobs();
        // As a kill between the last commit and the last word in the state store leaves it.
        sqlite(join(round.place.state, 'state.sqlite3'), `UPDATE jobs SET status = 'interrupted',
            resumable = 1, verdict = NULL`);
        const answer = await round.place.run(['jobs', 'discard', job.id], round.env);
        assert.equal(answer.status, exits.failed, answer.stdout);
        assert.match(answer.stderr, /unable to discard: the run had come to its end/);
        assert.match(answer.stderr, /hint: The target holds all of it/);
        assertSameState(stateOf(server, round.database), full, 'the full target');
        const now = await round.place.job(job.id);
        assert.equal(now.status, 'done');
        assert.equal(now.verdict, 'converted');
        assert.equal(now.resumable, false);
    });

test('a run that had ended is resumed to its end, without copying anything', { skip }, async () => {
    const round = begin('existing');
    assert.equal((await round.place.run(round.args, round.env)).status, exits.done);
    const full = stateOf(server, round.database);
    const [job] = await round.place.jobs();
    sqlite(join(round.place.state, 'state.sqlite3'), `UPDATE jobs SET status = 'interrupted',
        resumable = 1, verdict = NULL`);
    const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
    assert.equal(resumed.status, exits.done, resumed.stderr);
    assert.match(resumed.stdout, /Nothing was lost\./);
    assert.doesNotMatch(resumed.stderr, /^copy$/m);
    assert.equal((await round.place.job(job.id)).status, 'done');
    assertSameState(stateOf(server, round.database), full, 'the full target');
});

test('a target that is away for a while takes no way out', { skip }, async () => {
    const round = begin('existing');
    const answer = await whileCopying(round, () => servers.postgresql.crash());
    assert.equal(answer.status, exits.failed, answer.stderr);
    const [job] = await round.place.jobs();
    for (const action of ['resume', 'resume', 'discard']) {
        const away = await round.place.run(['jobs', action, job.id], round.env);
        assert.equal(away.status, exits.failed, away.stderr);
        assert.match(away.stderr, /unable to open the target/);
        assert.equal((await round.place.job(job.id)).status, 'failed');
    }
    servers.postgresql.restart();
    await discardAndCompare(round, 'the target');
});
