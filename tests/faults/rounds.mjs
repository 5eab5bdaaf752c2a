// SPDX-License-Identifier: Apache-2.0
// What the tests share that kill something at seeded instants.
// FAULT_SEED decides the instants, FAULT_ROUNDS how many of each kind (10; fewer with sanitizers).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exits, generate, makePlace, randomNumbers, sanitized } from '../lib/command.mjs';
import { assertEqual, assertSameState, sequencesOf, sqlite, stateOf } from '../lib/compare.mjs';

export const seed = Number(process.env.FAULT_SEED ?? 20261120);
export const rounds = Number(process.env.FAULT_ROUNDS ?? (sanitized ? 3 : 10));
export const CHUNK = ['--chunk-bytes', String(1 << 20)];

/** Instants spread over a whole run: the i-th lies somewhere in the i-th part of it. */
export function instants(name, count = rounds) {
    let hash = seed;
    for (const letter of name) {
        hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
    }
    const random = randomNumbers(hash);
    return Array.from({ length: count }, (_, i) => (i + random()) / count);
}

/** How many rows of the source a run is about: enough for one to two seconds. */
export const rowsWanted = Number(process.env.FAULT_ROWS ?? (sanitized ? 20000 : 60000));

// Calls `seen(phase)` for each phase that the command says it has come to.
function watchPhases(running, seen) {
    let text = '';
    running.child.stderr.on('data', (bytes) => {
        text += bytes;
        const lines = text.split('\n');
        text = lines.pop();
        lines.filter((line) => /^[a-z]+$/.test(line)).forEach(seen);
    });
}

/** How long an undisturbed run takes, and when it comes to which phase: {milliseconds, phases,
 *  answer}. */
export async function profile(place, args, env) {
    const started = performance.now();
    const phases = [{ name: 'start', at: 0 }];
    const running = place.run(args, env);
    watchPhases(running, (name) => phases.push({ name, at: performance.now() - started }));
    const answer = await running;
    return { answer, phases, milliseconds: performance.now() - started };
}

/** The instant at a part of a profile: so long after the beginning of that phase. The machine may be
 *  quicker or slower by then: the phase is hit all the same. */
export function instantOf({ phases, milliseconds }, part) {
    const at = part * milliseconds;
    const phase = phases.findLast((one) => one.at <= at);
    return { phase: phase.name, delay: at - phase.at };
}

/**
 * Runs the command and kills it at that instant: `kill(child)`, by default kill -9. The answer's
 * `phase` is the one it was in, 'end' when it had ended by itself before.
 */
export async function runAndKill(place, args, env, instant, kill = (child) => child.kill('SIGKILL')) {
    const running = place.run(args, env);
    let now = 'start';
    const come = new Promise((resolve) => {
        const seen = (name) => {
            now = name;
            if (name === instant.phase) {
                resolve();
            }
        };
        seen('start');
        watchPhases(running, seen);
    });
    await Promise.race([come.then(() => sleep(instant.delay)), running]);
    const ended = running.child.exitCode !== null;
    const phase = ended ? 'end' : now;
    if (!ended) {
        await kill(running.child);
    }
    return { ...(await running), phase };
}

const order = ['start', 'plan', 'preflight', 'schema', 'copy', 'keys', 'sequences', 'verify', 'stamp',
               'report'];

/** Until the job is in that phase, or behind it; as its row in the state store tells. */
export async function comesTo(state, id, phase) {
    for (;;) {
        const [status, now] = sqlite(join(state, 'state.sqlite3'), `SELECT status || ' ' ||
            COALESCE(phase, 'start') FROM jobs WHERE id = '${id}'`).split(' ');
        const begun = status !== 'queued' && (status !== 'running' || order.indexOf(now) >= order.indexOf(phase));
        if (begun) {
            return;
        }
        await sleep(5);
    }
}

/** Kills a server while the command stands still, so that it is this very instant that counts. */
export function crashBeneath(servers, name = 'postgresql') {
    return (child) => {
        child.kill('SIGSTOP');
        try {
            servers[name].crash();
        } finally {
            child.kill('SIGCONT');
        }
    };
}

/** Goes on with the newest job until it is done; starts anew where there is no job yet. */
export async function goOn(place, args, env, resume = (id) => place.run(['jobs', 'resume', id], env)) {
    for (let turn = 0; turn < 4; turn++) {
        const [job] = await place.jobs();
        if (job?.status === 'done') {
            return job.id;
        }
        // A run that failed before it wrote anything is simply begun again.
        const again = job && (job.status !== 'failed' || job.resumable);
        const answer = again ? await resume(job.id) : await place.run(args, env);
        assert.ok([exits.done, exits.differs].includes(answer.status),
            `after ${job?.status ?? 'nothing'}: exit ${answer.status}, ${answer.stderr}`);
    }
    const [job] = await place.jobs();
    return assert.fail(`job is ${job?.status} and not done`);
}

/** The source, an undisturbed run of each kind of it, how long it took and what it led to. */
export async function prepare(servers, kinds) {
    const server = servers.postgresql;
    const file = generate('--rows', rowsWanted);
    const prepared = { file, server, kinds: {} };
    for (const [name, options] of Object.entries(kinds)) {
        const url = servers.freshDatabase(`undisturbed_${name}`);
        const database = new URL(url).pathname.slice(1);
        const args = ['migrate', file, 'env:TARGET', ...options];
        const quiet = await profile(makePlace(), args, { TARGET: url });
        assert.equal(quiet.answer.status, exits.differs, quiet.answer.stderr);
        assertEqual(file, server, database);
        checkSequences(file, server, database);
        prepared.kinds[name] = { ...quiet, args, state: stateOf(server, database) };
    }
    return prepared;
}

/** Sequences give what SQLite would: one more than the highest number that ever was there. */
export function checkSequences(file, server, database) {
    const next = new Map(sequencesOf(server, database).split('\n').map((line) => line.split('|')));
    for (const line of sqlite(file, 'SELECT name, seq FROM sqlite_sequence').split('\n')) {
        const [table, last] = line.split('|');
        assert.equal(Number(next.get(`public.${table}_id_seq`)), Number(last) + 1, table);
    }
}

/**
 * Fails unless the target is what the undisturbed run made, to the byte: schema with its keys and
 * indexes, rows, sequences, and nothing else. That one was compared row by row with the source.
 */
export function assertAsUndisturbed(prepared, kind, database, what) {
    assertSameState(stateOf(prepared.server, database), prepared.kinds[kind].state, what);
}

export { sleep };
