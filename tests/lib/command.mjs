// SPDX-License-Identifier: Apache-2.0
// The command under test, each place with a state folder of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, tempDir } from './servers.mjs';

const top = process.env.DBW_TOP_SRCDIR ?? join(dirname(fileURLToPath(import.meta.url)), '../..');
const build = process.env.DBW_TOP_BUILDDIR ?? join(top, 'build');
const program = join(build, 'dbwizard');
const generator = join(build, 'examples/docuflow/docuflow-generate');

/** Whether the build has sanitizers: everything takes several times as long then. */
export const sanitized = /^#define WITH_SANITIZERS 1$/m.test(
    readFileSync(join(build, 'build-config.h'), 'utf8'),
);

/** Exit statuses of the command. */
export const exits = { done: 0, failed: 1, usage: 2, differs: 3, interrupted: 4, refused: 5 };

/**
 * A state folder and what is run with it. Secrets reach the command by `env:NAME`, as the docs
 * advise: run(['migrate', file, 'env:TARGET'], {TARGET: url}).
 */
export function makePlace() {
    const folder = tempDir();
    const base = {
        DBWIZARD_STATE_DIR: join(folder, 'state'),
        DBWIZARD_CONFIG_DIR: folder,
        DBWIZARD_DATA_DIR: top,
        DATABASE_URL: undefined,
    };
    const place = {
        folder,
        state: base.DBWIZARD_STATE_DIR,
        env: base,
        /** Runs the command; the answer of run() in servers.mjs. */
        run: (args, env = {}, options = {}) =>
            run([program, ...args], { timeout: 180000, ...options, env: { ...base, ...env } }),
        /** The same with --json: the answer has `.json`, null where nothing was printed. */
        json: async (args, env = {}, options = {}) => {
            const answer = await place.run([...args, '--json'], env, options);
            answer.json = answer.stdout.trim() === '' ? null : JSON.parse(answer.stdout);
            return answer;
        },
        /** All jobs, the newest first. */
        jobs: async () => (await place.json(['jobs', 'list'])).json.jobs,
        job: async (id) => (await place.json(['jobs', 'show', id])).json,
    };
    return place;
}

/** The example database in a new folder; `args` of docuflow-generate. */
export function generate(...args) {
    const file = join(tempDir(), 'source.sqlite');
    const made = spawnSync(generator, [...args.map(String), file], { encoding: 'utf8' });
    if (made.error || made.status !== 0) {
        throw new Error(`unable to generate: ${made.error ?? made.stderr}`);
    }
    return file;
}

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
export function randomNumbers(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let n = Math.imul(state ^ (state >>> 15), state | 1);
        n ^= n + Math.imul(n ^ (n >>> 7), n | 61);
        return ((n ^ (n >>> 14)) >>> 0) / 4294967296;
    };
}

/** A file in a new folder; its path. */
export function fileWith(name, content) {
    const path = join(tempDir(), name);
    writeFileSync(path, content);
    return path;
}
