// SPDX-License-Identifier: Apache-2.0
// Calls that wait for their jobs: the places are few, are given back, and end with the process.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exampleDatabase, jobEnd, missingPrograms, startWizard, until } from '../lib/wizard.mjs';

const skip = missingPrograms();
let wizard;
let token;
let example;

// One process with one place, and nobody who works: a call that waits waits for ever.
before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false, processes: 1, env: { DBWIZARD_WAITERS: '1' } });
        token = await wizard.token('migrate,jobs');
        example = await exampleDatabase(wizard, ['--rows=100']);
    }
});
after(() => wizard?.stop());

const preview = (options) => wizard.post('/preview-migration', { url: example }, { token, ...options });
const jobs = async () => (await wizard.get('/jobs', { token })).json.jobs;

function waiting() {
    const hangUp = new AbortController();
    const answer = preview({ signal: hangUp.signal }).catch((error) => error);
    return { answer, hangUp: () => hangUp.abort() };
}

async function assertFull() {
    const before = (await jobs()).length;
    const refused = await preview();
    assert.equal(refused.status, 503, refused.text);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    assert.equal(refused.json.code, 'limit');
    assert.equal(refused.headers.get('retry-after'), '5');
    assert.match(refused.json.hint, /respond-async/);
    assert.equal((await jobs()).length, before, 'no job was made');
}

test('no place left: 503 with Retry-After, and no job', { skip }, async () => {
    const first = waiting();
    await until(async () => (await jobs()).length === 1, 'the first job');
    await assertFull();
    const later = await preview({ headers: { prefer: 'respond-async' } });
    assert.equal(later.status, 202, 'who does not wait needs no place');
    assert.equal((await wizard.get('/health')).status, 200);
    first.hangUp();
    assert.equal((await first.answer).name, 'AbortError');
});

test('who hangs up gives the place back', { skip }, async () => {
    await until(async () => {
        const next = waiting();
        const early = await Promise.race([next.answer, new Promise((resolve) => {
            setTimeout(resolve, 300, 'it waits');
        })]);
        next.hangUp();
        return early === 'it waits';
    }, 'the place', 5000);
});

test('nobody works: after a while 503, and the job waits for a worker', { skip }, async () => {
    const answer = await until(async () => {
        const one = await preview();
        return one.json.code !== 'limit' && one;
    }, 'the place', 30000);
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.json.detail, 'no worker is running: the job waits for one');
    assert.match(answer.json.hint, /systemctl start dbwizard-worker/);
    assert.equal((await wizard.get(`/jobs/${answer.json.job}`, { token })).json.status, 'queued');
});

test('the service ends while a call waits: 503, and the job goes on', { skip }, async () => {
    const next = await until(async () => {
        const one = waiting();
        const early = await Promise.race([one.answer, new Promise((resolve) => {
            setTimeout(resolve, 300, 'it waits');
        })]);
        return early === 'it waits' && one;
    }, 'the place', 5000);
    const took = await wizard.end('fcgi');
    assert.ok(took < 5000, `${took} ms`);
    const answer = await next.answer;
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.json.code, 'interrupted');
    assert.ok(answer.headers.get('retry-after'));
    assert.match(answer.json.hint, new RegExp(`/api/database/jobs/${answer.json.job}`));
    wizard.startFcgi();
    await until(async () => (await wizard.get('/health')).status === 200, 'the pool again');
    wizard.startWorker();
    assert.equal((await jobEnd(wizard, answer.json.job, token)).status, 'done');
});

test('all that was enqueued meanwhile is done', { skip }, async () => {
    await until(async () => (await jobs()).every((one) => one.status === 'done'), 'the jobs');
});

test('idle processes end at once, busy ones in a moment', { skip }, async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1']) {
        const took = await wizard.end('fcgi', signal);
        assert.ok(took < 3000, `${signal}: ${took} ms`);
        wizard.startFcgi();
        await until(async () => (await wizard.get('/health')).status === 200, `the pool after ${signal}`);
    }
});
