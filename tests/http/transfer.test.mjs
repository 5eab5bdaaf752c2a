// SPDX-License-Identifier: Apache-2.0
// Moving databases over HTTP: plans, jobs, answers, and everything that can come in between.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { missing, startServers } from '../lib/servers.mjs';
import {
    exampleDatabase, giveToService, jobEnd, jobStatus, missingPrograms, startWizard, until,
} from '../lib/wizard.mjs';

const skip = missingPrograms() || missing('postgresql');
const later = { prefer: 'respond-async' };
let wizard;
let servers;
let token;
let example;

before(async () => {
    if (skip) {
        return;
    }
    servers = startServers({ postgresql: true });
    wizard = await startWizard();
    token = await wizard.token('migrate,jobs');
    example = await exampleDatabase(wizard, ['--rows=2000']);
});
after(async () => {
    await wizard?.stop();
    servers?.stop();
});

const fresh = (name) => servers.freshDatabase(name);
const post = (path, body, headers = {}) => wizard.post(path, body, { token, headers });
const look = (path, headers = {}) => wizard.get(path, { token, headers });
const migrate = (target, options = {}, headers = {}) =>
    post('/migrate', { source_url: example, target_url: target, ...options }, headers);
const databaseOf = (url) => /[^/]*$/.exec(url)[0];
const count = (url, table) =>
    Number(servers.postgresql.query(databaseOf(url), `SELECT count(*) FROM ${table}`));

function assertProblem(answer, status, code) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.json.status, status);
    assert.equal(answer.json.code, code, answer.text);
}

async function assertEqual(source, target) {
    const { status, json, text } = await post('/verify-migration',
        { source_url: source, target_url: target });
    assert.equal(status, 200, text);
    assert.equal(json.equal, true, text);
    assert.ok(json.tables.length > 0 && json.tables.every((one) => one.equal));
    assert.deepEqual(json.differences, []);
    return json;
}

test('preview: tables and rows, nothing else', { skip }, async () => {
    const { status, json, text } = await post('/preview-migration', { url: example });
    assert.equal(status, 200, text);
    assert.equal(json.success, true);
    assert.equal(json.tables.length, 10);
    assert.deepEqual(Object.keys(json.tables[0]), ['name', 'row_count']);
    assert.equal(json.total_rows, json.tables.reduce((sum, one) => sum + one.row_count, 0));
    assert.equal(json.plan, undefined);
});

test('preview with a target: plan, mappings, findings, estimate; nothing is written', { skip }, async () => {
    const target = fresh('preview');
    const { status, json, text } = await post('/preview-migration',
        { source_url: example, target_url: target });
    assert.equal(status, 200, text);
    assert.equal(json.plan.schema_mode, 'create');
    assert.equal(json.plan.target_empty, true);
    assert.equal(json.plan.tables.length, 10);
    assert.deepEqual(Object.keys(json.plan.tables[0]),
        ['source', 'target', 'action', 'reason', 'rows', 'bytes', 'columns']);
    assert.deepEqual(Object.keys(json.plan.tables[0].columns[0]),
        ['source', 'target', 'source_type', 'target_type', 'conversion', 'note']);
    assert.ok(Array.isArray(json.mappings) && Array.isArray(json.findings));
    for (const finding of json.findings) {
        assert.ok(['error', 'warning', 'info'].includes(finding.severity));
        assert.ok(finding.message && finding.code);
    }
    assert.equal(json.estimate.rows, json.total_rows);
    assert.equal(servers.postgresql.query(databaseOf(target),
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), '0');
    assert.doesNotMatch(text, /p@ss|p%40ss/);
});

test('a move that is waited for', { skip }, async () => {
    const target = fresh('waited');
    const { status, json, text } = await migrate(target);
    assert.equal(status, 200, text);
    assert.deepEqual(Object.keys(json), ['success', 'tables_copied', 'rows_copied', 'errors', 'job',
        'verdict', 'compared', 'replaced_rows', 'changed', 'source_changed']);
    assert.equal(json.success, true);
    assert.equal(json.tables_copied, 10);
    assert.deepEqual(json.errors, []);
    assert.equal(json.source_changed, false);
    assert.equal(count(target, 'users'), 120);
    const report = await assertEqual(example, target);
    assert.equal(report.tables.reduce((sum, one) => sum + one.target_rows, 0), json.rows_copied);
});

test('Chinook, every row', { skip }, async (t) => {
    const original = join(process.env.DBW_SHARED_DATA ?? '', 'chinook.sqlite');
    if (!process.env.DBW_SHARED_DATA || !existsSync(original)) {
        t.skip('there is no chinook.sqlite in DBW_SHARED_DATA');
        return;
    }
    const path = join(wizard.data, 'chinook.sqlite');
    copyFileSync(original, path);
    giveToService(path);
    const source = `sqlite:///${path}`;
    const target = fresh('chinook');
    const preview = await post('/preview-migration', { url: source });
    assert.equal(preview.status, 200, preview.text);
    const moved = await post('/migrate', { source_url: source, target_url: target });
    assert.equal(moved.status, 200, moved.text);
    assert.equal(moved.json.rows_copied, preview.json.total_rows);
    await assertEqual(source, target);
});

test('respond-async: 202, Location, polling with ETag and since', { skip }, async () => {
    const target = fresh('async');
    const started = await migrate(target, {}, { prefer: 'respond-async, wait=10' });
    assert.equal(started.status, 202, started.text);
    assert.equal(started.headers.get('location'), `/api/database/jobs/${started.json.id}`);
    assert.equal(started.headers.get('preference-applied'), 'respond-async');
    assert.equal(started.json.kind, 'migrate');
    assert.match(started.json.target, /:\*\*\*@/);
    const path = `/jobs/${started.json.id}`;
    let since = 0;
    let etag = '';
    const seen = [];
    let unchanged = 0;
    const last = await until(async () => {
        const answer = await look(`${path}?since=${since}`, etag ? { 'if-none-match': etag } : {});
        if (answer.status === 304) {
            assert.equal(answer.text, '');
            assert.equal(answer.headers.get('etag'), etag);
            unchanged += 1;
            return false;
        }
        assert.equal(answer.status, 200, answer.text);
        assert.notEqual(answer.headers.get('etag'), etag);
        etag = answer.headers.get('etag');
        assert.equal(etag, `"${answer.json.version}"`);
        for (const event of answer.json.events) {
            assert.ok(event.seq > since, 'no event comes twice');
            since = event.seq;
            seen.push(event);
        }
        return answer.json.status === 'done' && answer.json;
    }, 'the end of the job', 60000);
    assert.ok(unchanged > 0);
    assert.equal(last.rows_done, last.rows_total);
    assert.ok(last.phases.every((one) => ['done', 'skipped'].includes(one.status)));
    assert.equal(last.verdict, 'altered');
    assert.equal(new Set(seen.map((one) => one.seq)).size, seen.length);
    assert.equal((await look(path, { 'if-none-match': `W/"1", ${etag}` })).status, 304);
    assert.equal((await look(path, { 'if-none-match': '"0"' })).status, 200);
    const result = await look(`${path}/result`);
    assert.equal(result.json.success, true);
    assert.equal(result.json.job, started.json.id);
});

test('the list of jobs', { skip }, async () => {
    const all = (await look('/jobs')).json.jobs;
    assert.ok(all.length >= 3);
    const times = all.map((one) => one.created_at);
    assert.deepEqual(times, [...times].sort().reverse());
    assert.equal((await look('/jobs?limit=1')).json.jobs[0].id, all[0].id);
    assert.ok((await look('/jobs?status=done')).json.jobs.every((one) => one.status === 'done'));
    assert.deepEqual((await look('/jobs?status=running')).json.jobs, []);
});

test('the report, as JSON and as a page', { skip }, async () => {
    const [{ id }] = (await look('/jobs?limit=1&status=done')).json.jobs;
    const report = (await look(`/jobs/${id}/report`)).json;
    assert.equal(report.format, 1);
    assert.equal(report.job, id);
    assert.equal(report.source.backend, 'sqlite');
    assert.equal(report.target.backend, 'postgresql');
    assert.ok(report.tables.every((one) => one.equal && one.source_sum === one.target_sum));
    assert.ok(report.ledger.every((one) => one.kind));
    const page = await look(`/jobs/${id}/report.html`);
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; style-src/);
    assert.match(page.text, /^<!doctype html>/i);
    assert.doesNotMatch(page.text, /<script|javascript:|https?:\/\/(?!www\.w3\.org)/i);
    assert.doesNotMatch(page.text, /p@ss|p%40ss/);
});

test('names out of the database are escaped in the page', { skip }, async () => {
    const name = '<img src=x onerror=alert(1)>&"\'';
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const source = fresh('escaped');
    servers.postgresql.query(databaseOf(source),
        `CREATE TABLE ${quoted} (${quoted} text PRIMARY KEY);
        INSERT INTO ${quoted} VALUES ('<b>')`);
    const target = fresh('escaped to');
    const moved = await post('/migrate', { source_url: source, target_url: target });
    assert.equal(moved.status, 200, moved.text);
    const page = (await look(`/jobs/${moved.json.job}/report.html`)).text;
    assert.ok(page.includes('&lt;img src=x'), 'the name is there');
    assert.ok(!page.includes('<img'), 'and is no element');
    assert.equal((await look(`/jobs/${moved.json.job}`)).json.tables[0].name, name);
});

test('Idempotency-Key: the same job again; another body is 422', { skip }, async () => {
    const target = fresh('idempotent');
    const key = { 'idempotency-key': 'move the example, once' };
    const before = (await look('/jobs?limit=1000')).json.jobs.length;
    const first = await migrate(target, {}, { ...later, ...key });
    assert.equal(first.status, 202, first.text);
    const again = await migrate(target, {}, { ...later, ...key });
    assert.equal(again.status, 202, again.text);
    assert.equal(again.json.id, first.json.id);
    const waited = await migrate(target, {}, key);
    assert.equal(waited.status, 200, waited.text);
    assert.equal(waited.json.job, first.json.id);
    assert.equal((await look('/jobs?limit=1000')).json.jobs.length, before + 1);
    const other = await migrate(target, { clear: true }, { ...later, ...key });
    assertProblem(other, 422, 'invalid');
    assert.deepEqual(Object.keys(other.json.fields), ['Idempotency-Key']);
    const stranger = await wizard.token('migrate', 'stranger');
    const theirs = await wizard.post('/migrate', { source_url: example, target_url: target },
        { token: stranger, headers: { ...later, ...key } });
    assert.notEqual(theirs.json.id, first.json.id, 'a key belongs to who sent it');
    const reader = await wizard.token('jobs', 'reader');
    await jobEnd(wizard, theirs.json.id, reader);
    for (const bad of ['', 'x'.repeat(256)]) {
        assertProblem(await migrate(target, {}, { ...later, 'idempotency-key': bad }), 422, 'invalid');
    }
});

test('a filled target is refused: 409, and nothing is written', { skip }, async () => {
    const target = fresh('refused');
    assert.equal((await migrate(target)).status, 200);
    const rows = count(target, 'users');
    const again = await migrate(target);
    assertProblem(again, 409, 'refused');
    assert.equal(again.json.success, false);
    assert.equal(again.json.tables_copied, 0);
    assert.match(again.json.job, /^[0-9a-f]{16}$/);
    assert.match(again.json.hint, /schema_mode/);
    assert.equal(count(target, 'users'), rows);
    assert.equal((await look(`/jobs/${again.json.job}`)).json.status, 'failed');
});

test('on_conflict=skip can be repeated', { skip }, async () => {
    const target = fresh('skip');
    assert.equal((await migrate(target)).status, 200);
    const options = { schema_mode: 'existing', on_conflict: 'skip' };
    for (let i = 0; i < 2; i += 1) {
        const again = await migrate(target, options);
        assert.equal(again.status, 200, again.text);
    }
    servers.postgresql.query(databaseOf(target), 'DELETE FROM usage_logs WHERE id % 3 = 0');
    const filled = await migrate(target, options);
    assert.equal(filled.status, 200, filled.text);
    await assertEqual(example, target);
});

test('a difference is found and told', { skip }, async () => {
    const target = fresh('differs');
    assert.equal((await migrate(target)).status, 200);
    servers.postgresql.query(databaseOf(target), "UPDATE users SET name = name || '!' WHERE id = "
        + '(SELECT min(id) FROM users)');
    const answer = await post('/verify-migration', { source_url: example, target_url: target });
    assert.equal(answer.json.equal, false, answer.text);
    assert.ok(answer.json.differences.some((one) => one.table === 'users'), answer.text);
});

test('a source that is not there: the job fails with its reason', { skip }, async () => {
    const answer = await post('/migrate',
        { source_url: `sqlite:///${wizard.data}/absent.sqlite3`, target_url: fresh('absent') });
    assertProblem(answer, 502, 'no-database');
    assert.match(answer.json.detail, /absent\.sqlite3/);
    const job = (await look(`/jobs/${answer.json.job}`)).json;
    assert.equal(job.status, 'failed');
    assert.equal(job.error.code, 'no-database');
});

test('unknown jobs are 404, what is forbidden now is 409', { skip }, async () => {
    for (const path of ['/jobs/0000000000000000', '/jobs/0000000000000000/result',
        '/jobs/0000000000000000/report', '/jobs/0000000000000000/report.html']) {
        assertProblem(await look(path), 404, 'not-found');
    }
    for (const action of ['pause', 'resume', 'cancel', 'discard']) {
        assertProblem(await post(`/jobs/0000000000000000/${action}`), 404, 'not-found');
        const [{ id }] = (await look('/jobs?limit=1&status=done')).json.jobs;
        assertProblem(await post(`/jobs/${id}/${action}`), 409, 'conflict');
    }
});

// --- in between -------------------------------------------------------------------------------

let large;
async function startLarge(name, options = {}) {
    large ??= await exampleDatabase(wizard, ['--rows=120000', '--force'])
        .then((url) => {
            example = url;
            return url;
        });
    const target = fresh(name);
    const { json, text } = await post('/migrate',
        { source_url: large, target_url: target, streams: 1, ...options }, later);
    assert.ok(json.id, text);
    return { id: json.id, target };
}
const copying = (id) => until(async () => {
    const { json } = await look(`/jobs/${id}`);
    assert.notEqual(json.status, 'done', 'it is too late');
    return json.phase === 'copy' && json.rows_done > 0 && json;
}, 'rows to be copied');

test('pause, resume, equal in the end', { skip }, async () => {
    const { id, target } = await startLarge('paused');
    await copying(id);
    const asked = await post(`/jobs/${id}/pause`);
    assert.equal(asked.status, 202, asked.text);
    const paused = await jobEnd(wizard, id, token);
    assert.equal(paused.status, 'paused');
    assert.equal(paused.resumable, true);
    assert.equal((await look(`/jobs/${id}/result`)).json.success, false);
    const resumed = await post(`/jobs/${id}/resume`);
    assert.equal(resumed.status, 202, resumed.text);
    const done = await jobEnd(wizard, id, token);
    assert.equal(done.status, 'done', JSON.stringify(done.error));
    await assertEqual(large, target);
});

test('cancel, then discard: the target is as it was', { skip }, async () => {
    const { id, target } = await startLarge('cancelled');
    await copying(id);
    assert.equal((await post(`/jobs/${id}/cancel`)).status, 202);
    assert.equal((await jobEnd(wizard, id, token)).status, 'cancelled');
    const discarded = await post(`/jobs/${id}/discard`);
    assert.equal(discarded.status, 202, discarded.text);
    const end = await until(async () => {
        const { json } = await look(`/jobs/${id}`);
        return json.discarded && json.status === 'cancelled' && json;
    }, 'the discarding');
    assert.equal(end.resumable, false);
    assert.equal(servers.postgresql.query(databaseOf(target),
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        + "WHERE n.nspname = 'public'"), '0');
});

test('a caller that hangs up stops nothing', { skip }, async () => {
    const target = fresh('hung up');
    const hangUp = new AbortController();
    const call = wizard.post('/migrate', { source_url: large, target_url: target, streams: 1 },
        { token, signal: hangUp.signal }).catch((error) => error.name);
    const id = await until(async () => {
        const { jobs } = (await look('/jobs?limit=1&status=running')).json;
        return jobs[0]?.id;
    }, 'the job');
    await copying(id);
    hangUp.abort();
    assert.equal(await call, 'AbortError');
    const done = await jobEnd(wizard, id, token);
    assert.equal(done.status, 'done', JSON.stringify(done.error));
    await assertEqual(large, target);
});

test('a worker killed in the middle: interrupted, resumed, equal', { skip }, async () => {
    const { id, target } = await startLarge('killed');
    await copying(id);
    await wizard.crash('worker');
    const { json: interrupted } = await look(`/jobs/${id}`);
    assert.equal(interrupted.status, 'interrupted', 'seen at once, with no worker left');
    assert.equal(interrupted.resumable, true);
    assert.ok(interrupted.rows_done < 120000, 'what was not committed does not count');
    assert.equal((await wizard.get('/health')).json.workers, 0);
    wizard.startWorker();
    assert.equal((await post(`/jobs/${id}/resume`)).status, 202);
    const done = await jobEnd(wizard, id, token);
    assert.equal(done.status, 'done', JSON.stringify(done.error));
    await assertEqual(large, target);
});

test('a worker told to end hands its job to the next one', { skip }, async () => {
    const { id, target } = await startLarge('handed over');
    await copying(id);
    const took = await wizard.end('worker');
    assert.ok(took < 10000, `${took} ms`);
    assert.notEqual((await look(`/jobs/${id}`)).json.status, 'running');
    wizard.startWorker();
    const done = await jobEnd(wizard, id, token);
    assert.equal(done.status, 'done', JSON.stringify(done.error));
    await assertEqual(large, target);
});

test('nothing of this harmed the pool', { skip }, async () => {
    assert.equal((await wizard.get('/health')).status, 200);
    assert.ok(wizard.unharmed());
});
