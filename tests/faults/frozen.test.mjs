// SPDX-License-Identifier: Apache-2.0
// A server that stands still in the middle of a run, as target or as source: it neither answers nor
// hangs up. The run ends all the same when it is asked to, and goes on once the server does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, generate, makePlace } from '../lib/command.mjs';
import { assertEqual } from '../lib/compare.mjs';
import { assertSameData, servedDatabase, sqliteDatabase } from '../lib/database.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';
import { CHUNK, rounds } from './rounds.mjs';
import { fill, shape } from './shop.mjs';

const skip = missing('postgresql');
const ROWS = 30000;
let servers, server, file;
if (!skip) {
    servers = startServers({ postgresql: true });
    server = servers.postgresql;
    file = generate('--rows', ROWS);
}
after(() => servers?.stop());

// The command, its server's processes stopped as soon as it copies; `act` is called then.
async function frozen(name, act) {
    const url = servers.freshDatabase(name);
    const round = { url, place: makePlace(), env: { TARGET: url }, pids: [],
                    database: new URL(url).pathname.slice(1) };
    const running = round.place.run(['migrate', file, 'env:TARGET', '--chunk-bytes', '1048576'],
        round.env);
    let done = false;
    running.child.stderr.on('data', async (bytes) => {
        if (done || !/^copy$/m.test(bytes)) {
            return;
        }
        done = true;
        round.pids = server.query('postgres', `SELECT pid FROM pg_stat_activity
            WHERE datname = '${round.database}'`).split('\n').filter(Boolean).map(Number);
        round.pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
        round.asked = performance.now();
        await act(running.child, round);
    });
    try {
        round.answer = await running;
        round.seconds = (performance.now() - round.asked) / 1000;
        assert.ok(round.pids.length > 0, 'the run held connections');
    } finally {
        round.pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
    }
    return round;
}

async function resumed(round) {
    const [job] = await round.place.jobs();
    const answer = await round.place.run(['jobs', 'resume', job.id], round.env);
    assert.ok([exits.done, exits.differs].includes(answer.status), answer.stderr);
    assertEqual(file, server, round.database);
}

for (const signal of rounds > 10 ? ['SIGINT', 'SIGTERM'] : ['SIGTERM']) {
    test(`${signal}: the connections are cut after ten seconds, resume goes on`, { skip }, async () => {
        const round = await frozen('frozen', (child) => child.kill(signal));
        assert.equal(round.answer.status, exits.interrupted, round.answer.stderr);
        assert.match(round.answer.stderr, /^dbwizard: paused on request$/m);
        assert.match(round.answer.stderr,
            /^warning: no answer came within 10 s of the request to stop: the connections were cut$/m);
        assert.ok(round.seconds > 9 && round.seconds < 25, `${round.seconds} s`);
        assert.equal((await round.place.jobs())[0].status, 'paused');
        await resumed(round);
    });
}

test('cancel: ends as well, and nothing says that it could be resumed', { skip }, async () => {
    const round = await frozen('frozen', async (child, { place }) => {
        const [job] = await place.jobs();
        assert.equal((await place.run(['jobs', 'cancel', job.id])).status, exits.done);
    });
    assert.equal(round.answer.status, exits.failed, round.answer.stderr);
    assert.match(round.answer.stderr, /^dbwizard: cancelled on request$/m);
    assert.doesNotMatch(round.answer.stderr, /resume/);
    assert.match(round.answer.stderr,
        /hint: The target holds what was done so far: discard the run to get it back as it was/);
    const [job] = await round.place.jobs();
    assert.equal(job.status, 'cancelled');
    const discarded = await round.place.run(['jobs', 'discard', job.id], round.env);
    assert.equal(discarded.status, exits.done, discarded.stderr);
});

test('a second signal ends the command at once, the job is found interrupted', { skip }, async () => {
    const round = await frozen('frozen', (child) => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 300);
    });
    assert.equal(round.answer.status, exits.interrupted, round.answer.stderr);
    assert.ok(round.seconds < 3, `${round.seconds} s`);
    assert.equal((await round.place.jobs())[0].status, 'interrupted');
    await resumed(round);
});

/* --- MariaDB: one process with all its threads ------------------------------------------------- */

const skipMysql = skip || missing('mysql');
let mysql, filled;
let made = 0;
function shopIn(engine) {
    mysql ??= startServers({ mysql: true });
    filled ??= {};
    if (!filled[engine]) {
        filled[engine] = engine === 'mysql'
            ? servedDatabase(mysql.mysql, mysql.freshDatabase('frozen_source', 'mysql'))
            : sqliteDatabase(join(tempDir(), 'shop.db'));
        fill(filled[engine], 6000);
    }
    return filled[engine];
}
after(() => mysql?.stop());

// The command, MariaDB stopped as soon as it copies, and the command asked to end.
async function frozenMysql(from, to, phase) {
    const source = shopIn(from);
    const target = to === 'mysql' ? servedDatabase(mysql.mysql, mysql.freshDatabase(`frozen_${++made}`, 'mysql'))
        : sqliteDatabase(join(tempDir(), 'frozen.db'));
    const round = { source, target, place: makePlace(), env: { SOURCE: source.url, TARGET: target.url } };
    const pid = Number(readFileSync(join(mysql.mysql.folder, 'pid'), 'utf8'));
    const running = round.place.run(['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK],
        round.env);
    let text = '';
    let done = false;
    running.child.stderr.on('data', (bytes) => {
        text += bytes;
        if (!done && new RegExp(`^${phase}$`, 'm').test(text)) {
            done = true;
            process.kill(pid, 'SIGSTOP');
            round.asked = performance.now();
            running.child.kill('SIGINT');
        }
    });
    try {
        round.answer = await running;
        round.seconds = (performance.now() - round.asked) / 1000;
    } finally {
        process.kill(pid, 'SIGCONT');
    }
    return round;
}

const still = [['sqlite', 'mysql', 'copy'], ['mysql', 'sqlite', 'copy'], ['mysql', 'sqlite', 'preflight'],
               ['sqlite', 'mysql', 'keys'], ['mysql', 'sqlite', 'verify'], ['sqlite', 'mysql', 'verify']];
for (const [from, to, phase] of rounds > 10 ? still : still.slice(0, 1)) {
    test(`MariaDB stands still in ${phase}, ${from} to ${to}: its connections are cut, resume goes on`,
        { skip: skipMysql }, async (t) => {
            const round = await frozenMysql(from, to, phase);
            t.diagnostic(`${round.seconds.toFixed(1)} s`);
            assert.equal(round.answer.status, exits.interrupted, round.answer.stderr);
            assert.match(round.answer.stderr, /^dbwizard: paused on request$/m);
            assert.ok(round.seconds < 25, `${round.seconds} s`);
            const [job] = await round.place.jobs();
            assert.equal(job.status, 'paused');
            const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
            assert.ok([exits.done, exits.differs].includes(resumed.status), resumed.stderr);
            assertSameData(round.source, round.target, shape);
        });
}
