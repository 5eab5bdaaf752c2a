// SPDX-License-Identifier: Apache-2.0
// Bearer tokens: made, shown once, listed, used, expired, revoked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
const password = 'correct horse battery';
let wizard;
let session;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
        await wizard.setPassword(password);
        session = await wizard.logIn(password);
    }
});
after(() => wizard?.stop());

const make = (body, options = { session }) => wizard.post('/tokens', body, options);
const inHours = (hours) => new Date(Date.now() + hours * 3600000).toISOString();

test('a token is shown once and works', { skip }, async () => {
    const made = await make({ name: 'script', scopes: ['connect', 'jobs'], password });
    assert.equal(made.status, 201, made.text);
    const { token, id, ...rest } = made.json;
    assert.match(token, /^dbw_[\w-]{43}$/);
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.equal(rest.name, 'script');
    assert.deepEqual(rest.scopes, ['connect', 'jobs']);
    assert.equal(rest.expires_at, null);
    assert.equal(rest.last_used_at, null);
    assert.equal((await wizard.get('/jobs', { token })).status, 200);
    assert.equal((await wizard.get('/tokens', { token })).status, 403);
    const list = await wizard.get('/tokens', { session });
    const mine = list.json.tokens.find((one) => one.id === id);
    assert.equal(mine.name, 'script');
    assert.ok(Date.now() - Date.parse(mine.last_used_at) < 60000);
    assert.ok(!list.text.includes(token));
});

test('a session gives the password again', { skip }, async () => {
    const body = { name: 'x', scopes: ['jobs'] };
    assert.deepEqual((await make(body)).json.fields, { password: "'password' is missing" });
    const wrong = await make({ ...body, password: 'not this one' });
    assert.equal(wrong.status, 403);
    assert.equal(wrong.json.code, 'auth');
    const before = (await wizard.get('/tokens', { session })).json.tokens.length;
    assert.equal((await make({ ...body, password })).status, 201);
    assert.equal((await wizard.get('/tokens', { session })).json.tokens.length, before + 1);
});

test('wrong fields are named', { skip }, async () => {
    const good = { name: 'x', scopes: ['jobs'], password };
    const cases = [
        [{ name: '' }, 'name'], [{ name: 7 }, 'name'], [{ name: 'n'.repeat(65) }, 'name'],
        [{ name: undefined }, 'name'], [{ scopes: ['everything'] }, 'scopes'],
        [{ scopes: [] }, 'scopes'], [{ scopes: [1] }, 'scopes'], [{ scopes: {} }, 'scopes'],
        [{ scopes: undefined }, 'scopes'], [{ scopes: '' }, 'scopes'],
        [{ expires_at: 'tomorrow' }, 'expires_at'], [{ expires_at: inHours(-1) }, 'expires_at'],
        [{ expires_at: '2027-02-30T00:00:00Z' }, 'expires_at'],
        [{ expires_at: '2027-01-01T00:00:00+02:00' }, 'expires_at'],
        [{ expires_at: '2027-01-01T00:00:00 rubbish Z' }, 'expires_at'],
        [{ expires_at: 1 }, 'expires_at'], [{ apps: ['a'] }, 'apps'],
        [{ scope: 'jobs' }, 'scope'],
    ];
    for (const [change, field] of cases) {
        const answer = await make({ ...good, ...change });
        assert.equal(answer.status, 422, `${JSON.stringify(change)}: ${answer.text}`);
        assert.deepEqual(Object.keys(answer.json.fields), [field], JSON.stringify(change));
    }
});

test('scopes may be written as text', { skip }, async () => {
    const made = await make({ name: 'text', scopes: 'jobs, migrate', password });
    assert.deepEqual(made.json.scopes, ['migrate', 'jobs']);
});

test('an admin token manages tokens, and has no password to give', { skip }, async () => {
    const token = await wizard.token('admin', 'operator');
    const made = await make({ name: 'made by a token', scopes: ['jobs'] }, { token });
    assert.equal(made.status, 201, made.text);
    const gone = await wizard.call('DELETE', `/tokens/${made.json.id}`, { token });
    assert.equal(gone.status, 204);
    assert.equal((await wizard.get('/jobs', { token: made.json.token })).status, 401);
});

test('a revoked token is worth nothing, and revoking again is 404', { skip }, async () => {
    const { json } = await make({ name: 'short-lived', scopes: ['jobs'], password });
    const path = `/tokens/${json.id}`;
    assert.equal((await wizard.call('DELETE', path, { session })).status, 204);
    assert.equal((await wizard.get('/jobs', { token: json.token })).status, 401);
    const again = await wizard.call('DELETE', path, { session });
    assert.equal(again.status, 404);
    assert.equal(again.json.code, 'not-found');
});

test('a token ends at its time', { skip }, async () => {
    const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000).toISOString();
    const made = await make({ name: 'brief', scopes: ['jobs'], expires_at: at, password });
    assert.equal(made.status, 201, made.text);
    assert.equal(Date.parse(made.json.expires_at), Date.parse(at));
    assert.equal((await wizard.get('/jobs', { token: made.json.token })).status, 200);
    await sleep(Date.parse(at) - Date.now() + 100);
    assert.equal((await wizard.get('/jobs', { token: made.json.token })).status, 401);
});

test('the audit log tells who made and revoked what', { skip }, async () => {
    const { json, text } = await wizard.get('/audit', { session });
    assert.ok(json.entries.some((one) => one.action === 'token.create' && one.who === 'admin'));
    assert.ok(json.entries.some((one) => one.action === 'token.create'
        && one.who === 'token:operator'));
    assert.ok(json.entries.some((one) => one.action === 'token.revoke'));
    assert.doesNotMatch(text, /dbw_[\w-]{43}/);
});

test('wrong passwords for tokens count as tries: 429 in the end', { skip }, async () => {
    let last;
    for (let i = 0; i < 12; i += 1) {
        last = await make({ name: 'x', scopes: ['jobs'], password: `wrong password ${i}` });
        if (last.status === 429) {
            break;
        }
        assert.equal(last.status, 403);
    }
    assert.equal(last.status, 429);
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
});
