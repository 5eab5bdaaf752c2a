// SPDX-License-Identifier: Apache-2.0
// Fifty connections at once: every request is answered, none waits long, the pool stays as it is.
// DBW_TEST_LOAD_SECONDS says how long (3); the rate stands in the output.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
const seconds = Number(process.env.DBW_TEST_LOAD_SECONDS ?? 3);
const connections = 50;
let wizard;
let token;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
        token = await wizard.token('connect,jobs');
    }
});
after(() => wizard?.stop());

function one(agent, { method = 'GET', path, body, headers = {} }) {
    const started = performance.now();
    return new Promise((resolve, reject) => {
        const call = request({
            agent, host: '127.0.0.1', port: wizard.port, path: `/api/database${path}`, method,
            headers: body ? { ...headers, 'content-length': Buffer.byteLength(body) } : headers,
            timeout: 20000,
        }, (answer) => {
            answer.resume();
            answer.on('end', () => resolve({
                status: answer.statusCode, took: performance.now() - started,
            }));
            answer.on('error', reject);
        });
        call.on('timeout', () => call.destroy(new Error(`${path} was not answered`)));
        call.on('error', reject);
        call.end(body);
    });
}

async function load(t, what, wanted) {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const times = [];
    const wrong = [];
    const end = performance.now() + seconds * 1000;
    const started = performance.now();
    await Promise.all(Array.from({ length: connections }, async () => {
        while (performance.now() < end) {
            const { status, took } = await one(agent, what);
            times.push(took);
            if (status !== wanted) {
                wrong.push(status);
            }
        }
    }));
    const total = (performance.now() - started) / 1000;
    agent.destroy();
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
    t.diagnostic(`${what.method ?? 'GET'} ${what.path}: ${Math.round(times.length / total)} requests/s, `
        + `median ${at(0.5)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`);
    assert.deepEqual(wrong, []);
    assert.ok(times.length > connections * 2, `${times.length} requests`);
    assert.ok(times.at(-1) < 10000, `the longest took ${at(1)} ms`);
}

test('GET /backends', { skip }, (t) => load(t, { path: '/backends' }, 200));

test('GET /jobs with a token', { skip }, (t) =>
    load(t, { path: '/jobs', headers: { authorization: `Bearer ${token}` } }, 200));

test('POST /parse-url with a token', { skip }, (t) =>
    load(t, {
        method: 'POST', path: '/parse-url', body: '{"url":"postgresql://u:p@h/d"}',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }, 200));

test('bodies of 100 KB that nobody reads', { skip }, (t) =>
    load(t, {
        method: 'POST', path: '/parse-url', body: `{"url":"${'x'.repeat(100000)}"}`,
        headers: { 'content-type': 'application/json' },
    }, 401));

test('the pool is the one that was started', { skip }, async () => {
    assert.equal((await wizard.get('/health')).status, 200);
    assert.ok(wizard.unharmed());
});
