// SPDX-License-Identifier: Apache-2.0
// kill -9 of the command, of the worker and of PostgreSQL at seeded instants, then resume: the target
// equals the source, nothing lost, nothing twice.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { CHUNK, assertAsUndisturbed, comesTo, crashBeneath, goOn, instantOf, instants, prepare, rounds, runAndKill, seed,
         sleep } from './rounds.mjs';

const skip = missing('postgresql');
const kinds = { whole: [], chunks: CHUNK };
const names = Object.keys(kinds);
const each = Math.ceil(rounds / 3); // directions.test.mjs has the same kinds
let servers, prepared;
if (!skip) {
    servers = startServers({ postgresql: true });
    prepared = await prepare(servers, kinds);
    console.log(`# FAULT_SEED=${seed} FAULT_ROUNDS=${rounds}, undisturbed: ` +
        names.map((kind) => `${kind} ${Math.round(prepared.kinds[kind].milliseconds)} ms`).join(', '));
}
after(() => servers?.stop());

// Each round in a database and a state folder of its own.
function round(victim, i) {
    const kind = names[i % names.length];
    const url = servers.freshDatabase(`${victim}_round`);
    return { ...prepared.kinds[kind], kind, url, database: new URL(url).pathname.slice(1),
             env: { TARGET: url }, place: makePlace() };
}

const title = (victim, i, at) => `${victim}, round ${i + 1}: killed at ${(at * 100).toFixed(1)} %`;

for (const [i, at] of (skip ? [] : instants('command', each)).entries()) {
    test(title('the command', i, at), async (t) => {
        const { kind, place, args, env, database, ...quiet } = round('command', i);
        const answer = await runAndKill(place, args, env, instantOf(quiet, at));
        t.diagnostic(`${kind}, in phase ${answer.phase}`);
        await goOn(place, args, env);
        assertAsUndisturbed(prepared, kind, database, `the target of ${kind}`);
    });
}

// A job for a worker: begun by the command, paused at once, put into the queue.
async function enqueue({ place, args, env }) {
    const running = place.run(args, env);
    running.child.stderr.on('data', (bytes) => {
        if (/^plan$/m.test(bytes)) {
            running.child.kill('SIGINT');
        }
    });
    const answer = await running;
    assert.equal(answer.status, exits.interrupted, answer.stderr);
    const [job] = await place.jobs();
    assert.equal(job.status, 'paused');
    const queued = await place.run(['jobs', 'resume', job.id, '--queue'], env);
    assert.equal(queued.status, exits.done, queued.stderr);
    return job.id;
}

function startWorker(place, ...args) {
    const running = place.run(['worker', '--jobs', '1', ...args]);
    const started = new Promise((resolve) => {
        let text = '';
        running.child.stderr.on('data', (bytes) => {
            text += bytes;
            if (/job \w+: started/.test(text)) {
                resolve(true);
            }
        });
        running.then(() => resolve(false));
    });
    return { running, started };
}

for (const [i, at] of (skip ? [] : instants('worker', each)).entries()) {
    test(title('the worker', i, at), async (t) => {
        const { kind, place, args, env, database, ...quiet } = round('worker', i);
        const id = await enqueue({ place, args, env });
        const worker = startWorker(place);
        assert.ok(await worker.started, 'the worker takes the job');
        const { phase, delay } = instantOf(quiet, at);
        await comesTo(place.state, id, phase);
        await sleep(delay);
        worker.running.child.kill('SIGKILL');
        assert.equal((await worker.running).timedOut, false);
        const killed = await place.job(id);
        t.diagnostic(`${kind}, in phase ${killed.status === 'done' ? 'end' : killed.phase}`);
        // The next worker sees that the first one is dead, and a person says that it goes on.
        await goOn(place, args, env, async (job) => {
            if (i % 2 === 0) {
                return place.run(['jobs', 'resume', job], env);
            }
            const first = await place.run(['worker', '--once'], env);
            assert.equal(first.status, exits.done, first.stderr);
            const asked = await place.run(['jobs', 'resume', job, '--queue'], env);
            assert.equal(asked.status, exits.done, asked.stderr);
            await place.run(['worker', '--once'], env);
            return place.run(['jobs', 'wait', job, '--timeout', '60'], env);
        });
        assertAsUndisturbed(prepared, kind, database, `the target of ${kind}`);
    });
}

for (const [i, at] of (skip ? [] : instants('postgresql', each)).entries()) {
    test(title('PostgreSQL', i, at), async (t) => {
        const { kind, place, args, env, database, ...quiet } = round('server', i);
        const answer = await runAndKill(place, args, env, instantOf(quiet, at), crashBeneath(servers));
        t.diagnostic(`${kind}, in phase ${answer.phase}, exit ${answer.status}`);
        if (answer.phase !== 'end' && answer.status !== exits.differs) {
            assert.ok([exits.failed, exits.interrupted].includes(answer.status), answer.stderr);
            assert.doesNotMatch(answer.stderr, /p@ss|p%40ss/);
        }
        servers.postgresql.restart();
        await goOn(place, args, env);
        assertAsUndisturbed(prepared, kind, database, `the target of ${kind}`);
    });
}

test('kill -9', { skip }, () => {});
