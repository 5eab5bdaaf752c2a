// SPDX-License-Identifier: Apache-2.0
// The kinds of faults, and what becomes of a run that one of them befell. A round: {from, to, mode,
// kind, source, target, before, quiet, args, env, at, random, i}.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { exits } from '../lib/command.mjs';
import { jobStatus } from '../lib/wizard.mjs';
import { comesTo, crashBeneath, instantOf, runAndKill, sleep } from './rounds.mjs';
import { away } from './stage.mjs';

const instant = (round) => instantOf(round.quiet, round.at);
const fine = (answer) => [exits.done, exits.differs].includes(answer.status);

// A failure that a server, a file or the way to it is to blame for, and that says so.
function assertToldOf(answer, pattern) {
    if (!fine(answer)) {
        assert.ok([exits.failed, exits.refused].includes(answer.status), `exit ${answer.status}: ${answer.stderr}`);
        assert.match(answer.stderr, pattern);
        assert.match(answer.stderr, /^ {2}(hint: |dbwizard jobs resume )/m);
    }
    assert.doesNotMatch(answer.stderr, /p@ss|p%40ss/);
}

const lost = /connect|server|connection/;

function killed(stage, round, kill) {
    return runAndKill(stage.place, round.args, round.env, instant(round), kill);
}

async function workerKilled(stage, round) {
    const { phase, delay } = instant(round);
    const id = await stage.post(round.source, round.target, round.mode);
    await comesTo(stage.place.state, id, phase);
    await sleep(delay);
    const before = await stage.place.job(id);
    await stage.wizard.crash('worker');
    stage.wizard.startWorker();
    const after = await jobStatus(stage.wizard, id, stage.token, ['interrupted', 'done', 'failed', 'queued']);
    assert.notEqual(after.status, 'failed', JSON.stringify(after.error));
    return { phase: after.status === 'done' ? 'end' : before.phase ?? 'start' };
}

async function serverKilled(stage, round, name) {
    const answer = await killed(stage, round, crashBeneath(stage.servers, name));
    if (answer.phase !== 'end') {
        stage.servers[name].restart();
    }
    assertToldOf(answer, lost);
    return answer;
}

async function cut(stage, round, side) {
    const database = round[side];
    const proxy = stage.proxies[database.engine];
    const how = ['reset', 'end', 'held, reset', 'held'][Math.floor(round.random() * 4)];
    round.env = { ...round.env, [side.toUpperCase()]: stage.relayed(database) };
    const answer = await killed(stage, round, async () => {
        if (how.startsWith('held')) {
            proxy.hold();
            await sleep(600);
            proxy.release();
        }
        if (how !== 'held') {
            proxy.cut(how === 'end' ? how : 'reset');
        }
    });
    if (how === 'held') { // nobody hung up: it only took longer
        assert.ok(fine(answer), answer.stderr);
    }
    assertToldOf(answer, lost);
    return { ...answer, phase: `${answer.phase}, ${how}` };
}

// The source's file is gone when the run is to go on: refused, and nothing is lost by that.
async function fileAway(stage, round) {
    const answer = await killed(stage, round);
    const job = await newest(stage, round);
    if (!job || job.status === 'done') {
        return answer;
    }
    await away(round.source.file, async () => {
        const refused = await stage.place.run(['jobs', 'resume', job.id], round.env);
        assert.ok(fine(refused) || refused.status === exits.failed || refused.status === exits.refused,
            `exit ${refused.status}: ${refused.stderr}`);
        if (!fine(refused)) {
            assert.match(refused.stderr, /unable to (open|read)/);
            assert.match(refused.stderr, /^ {2}hint: /m);
        }
    });
    return answer;
}

// Somebody else writes to the target's file, for a moment or for longer than is waited.
async function fileLocked(stage, round) {
    const patient = round.random() < 0.7;
    let holder;
    const answer = await killed(stage, round, async (child) => {
        if (!round.target.isThere) {
            child.kill('SIGKILL');
            return;
        }
        holder = spawn('sqlite3', ['-batch', round.target.file], { stdio: ['pipe', 'pipe', 'ignore'] });
        const begun = new Promise((resolve) => {
            holder.stdout.on('data', resolve);
            holder.on('close', resolve);
        });
        holder.stdin.on('error', () => {});
        holder.stdin.write('.timeout 8000\nBEGIN IMMEDIATE;\nSELECT 1;\n');
        await begun;
        await (patient ? sleep(400) : Promise.race([sleep(12000), ended(child)]));
        holder.stdin.end('ROLLBACK;\n');
    });
    assert.ok(!patient || fine(answer) || answer.signal, answer.stderr);
    if (!answer.signal) {
        assertToldOf(answer, /lock/);
    }
    return { ...answer, phase: `${answer.phase}, ${patient ? 'for a moment' : 'for long'}` };
}

const ended = (child) => new Promise((resolve) => child.once('exit', resolve));

async function killedTwice(stage, round) {
    const first = await killed(stage, round);
    const job = await newest(stage, round);
    if (!job?.resumable) {
        return first;
    }
    const second = await runAndKill(stage.place, ['jobs', 'resume', job.id], round.env,
        { phase: 'start', delay: round.random() * round.quiet.milliseconds });
    return { ...second, phase: `${first.phase}, then in ${second.phase}` };
}

const served = (engine) => engine !== 'sqlite';

/** Kinds of faults: {applies(round), act(stage, round)}; `act` answers {phase}. */
export const kinds = {
    'command killed': { applies: () => true, act: (stage, round) => killed(stage, round) },
    'worker killed': { applies: () => true, act: workerKilled },
    'killed twice': { applies: () => true, act: killedTwice },
    'source killed': { applies: ({ from }) => served(from),
                       act: (stage, round) => serverKilled(stage, round, round.from) },
    'target killed': { applies: ({ to }) => served(to),
                       act: (stage, round) => serverKilled(stage, round, round.to) },
    'source cut': { applies: ({ from }) => served(from), act: (stage, round) => cut(stage, round, 'source') },
    'target cut': { applies: ({ to }) => served(to), act: (stage, round) => cut(stage, round, 'target') },
    'source away': { applies: ({ from }) => !served(from), act: fileAway },
    'target locked': { applies: ({ to }) => !served(to), act: fileLocked },
};

/** The round's own job, undefined when it had not come to one. */
export async function newest(stage, round) {
    const [job] = await stage.place.jobs();
    return job?.id === round.last ? undefined : job;
}

/** Goes on until the move is done, or gives the target back; by command or API. */
export async function settle(stage, round) {
    const { before, target, quiet, ending } = round;
    const ask = (id, verb) => (ending.by === 'api' ? stage.byApi(id, verb)
        : stage.place.run(['jobs', verb, id], round.env));
    for (let turn = 0; turn < 3; turn++) {
        const job = await newest(stage, round);
        if (job?.status === 'done') {
            break;
        }
        const verb = turn === 0 ? ending.verb : 'resume';
        let answer;
        if (!job || (job.status === 'failed' && !job.resumable)) {
            assertState(target, before, 'nothing was written, and the target is not as it was');
            answer = await stage.place.run(round.args, round.env);
        } else {
            answer = await ask(job.id, verb);
            if (verb === 'discard' && answer.status === exits.done
                && (await stage.place.job(job.id)).status !== 'done') {
                assertState(target, before, 'given back, and not as it was');
                return 'given back';
            }
        }
        const over = /had come to its end|it is done/.test(answer.stderr);
        assert.ok(fine(answer) || over, `after ${job?.status ?? 'nothing'}: exit ${answer.status}, ${answer.stderr}`);
    }
    assert.equal((await newest(stage, round))?.status, 'done');
    assertState(target, quiet.state, 'the target is not what an undisturbed run makes');
    return 'equal';
}

function assertState(target, wanted, what) {
    const now = target.state();
    if (now !== wanted) {
        const [left, right] = [wanted, now].map((text) => text.split('\n'));
        const lines = [...left.filter((line) => !right.includes(line)).slice(0, 8).map((line) => `- ${line}`),
                       ...right.filter((line) => !left.includes(line)).slice(0, 8).map((line) => `+ ${line}`)];
        const at = right.findIndex((line, n) => line !== left[n]);
        lines.push(`@ ${at}: ${left[at]} became ${right[at]}`);
        assert.fail(`${what}\n${lines.join('\n')}`);
    }
}
