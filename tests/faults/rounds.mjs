// SPDX-License-Identifier: Apache-2.0
// What the tests share that kill something at seeded instants.
// FAULT_SEED decides the instants, FAULT_ROUNDS how many of each kind (10; fewer with sanitizers).
import assert from 'node:assert/strict';
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

/**
 * Runs the command and kills it after `delay` milliseconds, or when `signal` says so at once. The
 * answer tells the phase it was in and whether it had ended by itself before.
 */
export async function runAndKill(place, args, env, delay, kill = (child) => child.kill('SIGKILL')) {
    const running = place.run(args, env);
    let phase = 'start';
    running.child.stderr.on('data', (bytes) => {
        phase = bytes.toString().trim().split('\n').filter((line) => /^[a-z]+$/.test(line)).pop()
            ?? phase;
    });
    await Promise.race([sleep(delay), running]);
    const ended = running.child.exitCode !== null;
    const at = phase;
    if (!ended) {
        await kill(running.child);
    }
    return { ...(await running), phase: ended ? 'end' : at };
}

/** Kills PostgreSQL while the command stands still, so that it is this very instant that counts. */
export function crashBeneath(servers) {
    return (child) => {
        child.kill('SIGSTOP');
        try {
            servers.postgresql.crash();
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
        let milliseconds = Infinity;
        for (let turn = 0; turn < 2; turn++) {
            servers.freshDatabase(`undisturbed_${name}`);
            const place = makePlace();
            const started = performance.now();
            const answer = await place.run(args, { TARGET: url });
            milliseconds = Math.min(milliseconds, performance.now() - started);
            assert.equal(answer.status, exits.differs, answer.stderr);
        }
        assertEqual(file, server, database);
        checkSequences(file, server, database);
        prepared.kinds[name] = { args, milliseconds, state: stateOf(server, database) };
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
