// SPDX-License-Identifier: Apache-2.0
// All nine directions, every kind of fault at seeded instants: the move goes on and the target is what
// an undisturbed run makes, to the byte, which was compared with the source row by row; or it is given
// back and is what it was before. FAULT_ROUNDS rounds in all, FAULT_ONLY=7,12 repeats some of them.
import { after, test } from 'node:test';
import { randomNumbers, sanitized } from '../lib/command.mjs';
import { kinds, settle } from './faults.mjs';
import { seed } from './rounds.mjs';
import { argsOf, engines, modes, skip, startStage } from './stage.mjs';

const count = Number(process.env.FAULT_ROUNDS ?? (sanitized ? 9 : 10));
const only = process.env.FAULT_ONLY?.split(',').map(Number);
const stage = skip ? undefined : await startStage();
const counts = new Map();
after(async () => {
    for (const [name, { rounds, seconds, ends }] of [...counts].sort()) {
        console.log(`# ${name}: ${rounds} rounds, ${seconds.toFixed(1)} s; ${[...ends].map(([end, n]) =>
            `${n} ${end}`).join(', ')}`);
    }
    await stage?.stop();
});

const directions = engines.flatMap((from) => engines.map((to) => ({ from, to })));

// Every instant of a run has its turn, in no order that goes with directions or kinds.
function shuffled(length) {
    const random = randomNumbers(seed);
    const all = Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
        const other = Math.floor(random() * (i + 1));
        [all[i], all[other]] = [all[other], all[i]];
    }
    return all;
}

const order = shuffled(count);
function plan(i) {
    const random = randomNumbers(seed + i * 7919);
    const turn = Math.floor(i / directions.length);
    const direction = directions[i % directions.length];
    const names = Object.keys(kinds).filter((name) => kinds[name].applies(direction));
    return { i, ...direction, random, kind: names[(turn + i) % names.length],
             mode: modes[(turn + i + Math.floor(turn / names.length)) % 2],
             at: (order[i] + random()) / count,
             ending: { verb: i % 4 === 3 ? 'discard' : 'resume', by: random() < 0.5 ? 'api' : 'command' } };
}

function note(kind, seconds, end) {
    const one = counts.get(kind) ?? { rounds: 0, seconds: 0, ends: new Map() };
    one.rounds++;
    one.seconds += seconds;
    one.ends.set(end, (one.ends.get(end) ?? 0) + 1);
    counts.set(kind, one);
}

for (let i = 0; i < count; i++) {
    const round = plan(i);
    if (only && !only.includes(i)) {
        continue;
    }
    test(`${i}: ${round.from} to ${round.to} (${round.mode}): ${round.kind} at ${(round.at * 100).toFixed(1)} %, `
        + `${round.ending.verb} by ${round.ending.by}`, { skip, timeout: 300000 }, async (t) => {
        const started = performance.now();
        round.quiet = await stage.undisturbed(round.from, round.to, round.mode);
        round.source = stage.sourceOf(round.from);
        round.target = stage.targetOf(round.to, round.mode);
        round.before = round.target.state();
        round.args = argsOf(round.mode);
        round.env = { SOURCE: round.source.url, TARGET: round.target.url };
        round.last = (await stage.place.jobs())[0]?.id;
        let end = 'failed';
        try {
            const { phase } = await kinds[round.kind].act(stage, round);
            t.diagnostic(`FAULT_SEED=${seed}: in ${phase}`);
            end = await settle(stage, round);
        } finally {
            note(round.kind, (performance.now() - started) / 1000, end);
        }
    });
}
