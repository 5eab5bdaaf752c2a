// SPDX-License-Identifier: Apache-2.0
// Logging in: the set-up link, the cookie, CSRF, the limit on tries, changing the password.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { missingPrograms, sessionOf, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
const first = 'correct horse battery';
const second = 'another fine sentence';
let wizard;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
    }
});
after(() => wizard?.stop());

const tokenOf = (link) => new URL(link).hash.slice('#setup='.length);

function assertProblem(answer, status, code) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.json.code, code);
}

test('the set-up link works once, and the earlier one not at all', { skip }, async () => {
    const earlier = await wizard.setupLink();
    const link = await wizard.setupLink();
    assert.match(link, new RegExp(`^${wizard.site}/database-wizard/#setup=[\\w-]{43}$`));
    const use = (one, password = first) =>
        wizard.call('PUT', '/password', { body: { setup_token: tokenOf(one), password } });
    assertProblem(await use(earlier), 401, 'auth');
    const short = await use(link, 'short');
    assertProblem(short, 422, 'invalid');
    assert.deepEqual(Object.keys(short.json.fields), ['password']);
    const done = await use(link);
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.authenticated, true);
    const session = sessionOf(done);
    assert.equal((await wizard.get('/session', { session })).json.csrf, session.csrf);
    assertProblem(await use(link), 401, 'auth');
    assert.equal((await wizard.get('/health')).json.setup_needed, false);
});

test('log-in: the answer and the cookie', { skip }, async () => {
    const session = await wizard.logIn(first);
    assert.equal(session.answer.status, 200);
    assert.deepEqual(Object.keys(session.answer.json),
        ['authenticated', 'account', 'csrf', 'expires_at']);
    assert.equal(session.answer.headers.get('set-cookie'),
        `dbwizard_session=${session.cookie}; Path=/; HttpOnly; SameSite=Strict`);
    assert.match(session.cookie, /^[\w-]{43}$/);
    const hours = (Date.parse(session.answer.json.expires_at) - Date.now()) / 3600000;
    assert.ok(hours > 7.9 && hours < 8.1, session.answer.json.expires_at);
});

test('a wrong password is 401 and sets no cookie', { skip }, async () => {
    for (const password of ['wrong', `${first} `, first.toUpperCase(), 'x'.repeat(5000)]) {
        const answer = await wizard.post('/session', { password });
        assertProblem(answer, 401, 'auth');
        assert.equal(answer.headers.get('set-cookie'), null);
    }
    assert.equal((await wizard.logIn(first)).answer.status, 200); // forgets the failures
});

test('a log-in never takes over a cookie that was brought along', { skip }, async () => {
    const planted = 'B'.repeat(43);
    const headers = { cookie: `dbwizard_session=${planted}` };
    const session = await wizard.logIn(first, { headers });
    assert.notEqual(session.cookie, planted);
    assert.equal((await wizard.get('/session', { session: { cookie: planted } })).status, 401);
    const again = await wizard.logIn(first, { session });
    assert.notEqual(again.cookie, session.cookie);
    assert.equal((await wizard.get('/session', { session })).status, 401, 'the earlier one ended');
    assert.equal((await wizard.get('/session', { session: again })).status, 200);
});

test('every change needs the CSRF token', { skip }, async () => {
    const session = await wizard.logIn(first);
    const other = await wizard.logIn(first);
    const calls = [
        ['DELETE', '/session'], ['PUT', '/password', { current: first, password: second }],
        ['POST', '/tokens', {}], ['DELETE', '/tokens/abc'], ['POST', '/parse-url', {}],
        ['POST', '/jobs/abc/cancel'],
    ];
    for (const [method, path, body] of calls) {
        for (const csrf of [undefined, 'x', other.csrf, `${session.csrf}0`]) {
            const answer = await wizard.call(method, path, {
                session: { cookie: session.cookie, csrf }, body,
            });
            assertProblem(answer, 403, 'denied');
            assert.match(answer.json.detail, /X-CSRF-Token/);
        }
    }
    assert.equal((await wizard.get('/session', { session })).status, 200);
});

test('a page of another site is refused', { skip }, async () => {
    const session = await wizard.logIn(first);
    for (const site of ['cross-site', 'same-site']) {
        const headers = { 'sec-fetch-site': site };
        assertProblem(await wizard.post('/session', { password: first }, { headers }), 403, 'denied');
        assertProblem(await wizard.call('DELETE', '/session', { session, headers }), 403, 'denied');
    }
    for (const site of ['same-origin', 'none']) {
        const headers = { 'sec-fetch-site': site };
        const answer = await wizard.post('/parse-url', { url: 'sqlite:////x' }, { session, headers });
        assert.equal(answer.status, 200);
    }
});

test('logging out ends the session and the cookie', { skip }, async () => {
    const session = await wizard.logIn(first);
    const out = await wizard.call('DELETE', '/session', { session });
    assert.equal(out.status, 204);
    assert.equal(out.text, '');
    assert.equal(out.headers.get('set-cookie'),
        'dbwizard_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
    assertProblem(await wizard.get('/session', { session }), 401, 'auth');
});

test('a session has all scopes', { skip }, async () => {
    const session = await wizard.logIn(first);
    for (const path of ['/jobs', '/tokens', '/audit', '/session']) {
        assert.equal((await wizard.get(path, { session })).status, 200, path);
    }
});

test('changing the password ends all other sessions', { skip }, async () => {
    const mine = await wizard.logIn(first);
    const other = await wizard.logIn(first);
    const change = (body) => wizard.call('PUT', '/password', { session: mine, body });
    assertProblem(await change({ current: 'not this one', password: second }), 401, 'auth');
    assert.deepEqual((await change({ password: second })).json.fields,
        { current: "'current' is missing" });
    assert.deepEqual(Object.keys((await change({ current: first, password: 'short' })).json.fields),
        ['password']);
    assert.equal((await wizard.get('/session', { session: other })).status, 200);
    assert.equal((await change({ current: first, password: second })).status, 200);
    assert.equal((await wizard.get('/session', { session: mine })).status, 200);
    assertProblem(await wizard.get('/session', { session: other }), 401, 'auth');
    assertProblem(await wizard.post('/session', { password: first }), 401, 'auth');
    assert.equal((await wizard.logIn(second)).answer.status, 200);
});

test('changing the password without a session is 401', { skip }, async () => {
    const body = { current: second, password: first };
    assertProblem(await wizard.call('PUT', '/password', { body }), 401, 'auth');
    const token = await wizard.token('admin');
    assertProblem(await wizard.call('PUT', '/password', { body, token }), 403, 'denied');
});

test('the command changes the password and ends all sessions', { skip }, async () => {
    const session = await wizard.logIn(second);
    await wizard.setPassword(first);
    assertProblem(await wizard.get('/session', { session }), 401, 'auth');
    assert.equal((await wizard.logIn(first)).answer.status, 200);
});

test('the audit log tells it, without any password', { skip }, async () => {
    const session = await wizard.logIn(first);
    const { json, text } = await wizard.get('/audit?limit=1000', { session });
    const actions = new Set(json.entries.map((one) => `${one.action} ${one.outcome}`));
    for (const expected of ['session.start done', 'session.start auth', 'session.end done',
        'password.set-up done', 'password.set-up auth', 'password.change done',
        'password.change auth']) {
        assert.ok(actions.has(expected), `${expected} in ${[...actions].join(', ')}`);
    }
    for (const secret of [first, second, session.cookie, session.csrf]) {
        assert.ok(!text.includes(secret));
    }
    assert.ok(json.entries.every((one) => one.address === null || one.address === '127.0.0.1'));
});

test('other names for this machine than its own need TLS', { skip }, async () => {
    const { request } = await import('node:http');
    const logIn = (host) => new Promise((resolve, reject) => {
        const body = JSON.stringify({ password: first });
        const call = request({
            host: '127.0.0.1', port: wizard.port, path: '/api/database/session', method: 'POST',
            headers: { host, 'content-type': 'application/json', 'content-length': body.length },
        }, (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode));
        });
        call.on('error', reject);
        call.end(body);
    });
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1', '127.0.0.1:8787', '[::1]:80']) {
        assert.equal(await logIn(host), 200, host);
    }
    for (const host of ['rebound.example', 'localhost.example', '127.0.0.1.example', '127.example']) {
        assert.equal(await logIn(host), 403, host);
    }
});

test('too many wrong tries: 429 with Retry-After, the right password too', { skip }, async () => {
    let last;
    for (let i = 0; i < 12; i += 1) {
        last = await wizard.post('/session', { password: `wrong ${i} password` });
        if (last.status === 429) {
            break;
        }
        assertProblem(last, 401, 'auth');
    }
    assertProblem(last, 429, 'limit');
    const seconds = Number(last.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 900, last.headers.get('retry-after'));
    const right = await wizard.post('/session', { password: first });
    assertProblem(right, 429, 'limit');
    assert.ok(Number(right.headers.get('retry-after')) >= 1);
});

test('over plain HTTP from another machine nobody logs in', { skip }, async () => {
    const remote = await startWizard({ worker: false, remoteAddress: '192.0.2.7' });
    try {
        const link = await remote.setupLink();
        const body = { setup_token: tokenOf(link), password: first };
        const setUp = await remote.call('PUT', '/password', { body });
        assertProblem(setUp, 403, 'denied');
        assert.equal(setUp.json.detail, 'logging in over plain HTTP is refused');
        assert.equal(setUp.headers.get('set-cookie'), null);
        assertProblem(await remote.post('/session', { password: first }), 403, 'denied');
        assert.equal((await remote.get('/health')).status, 200);
    } finally {
        await remote.stop();
    }
});

test('over TLS the cookie is Secure, from anywhere', { skip }, async () => {
    const remote = await startWizard({
        worker: false, remoteAddress: '192.0.2.7', location: 'fastcgi_param HTTPS on;',
    });
    try {
        const body = { setup_token: tokenOf(await remote.setupLink()), password: first };
        const setUp = await remote.call('PUT', '/password', { body });
        assert.equal(setUp.status, 200, setUp.text);
        assert.equal(setUp.headers.get('set-cookie'),
            `dbwizard_session=${sessionOf(setUp).cookie}; Path=/; HttpOnly; SameSite=Strict; Secure`);
        const audit = await remote.get('/audit', { session: sessionOf(setUp) });
        assert.ok(audit.json.entries.some((one) => one.address === '192.0.2.7'));
    } finally {
        await remote.stop();
    }
});
