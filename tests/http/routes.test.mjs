// SPDX-License-Identifier: Apache-2.0
// Every line of the route table: who may call, by which method, with which body.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
const top = process.env.DBW_TOP_SRCDIR ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const table = readFileSync(join(top, 'fcgi', 'routes.def'), 'utf8');
const routes = [...table.matchAll(/^DBW_ROUTE\("(\w+)", "([^"]+)", (\w+), (\w+), (\w+)\)/gm)].map(
    ([, method, path, access, body]) => ({
        method, path, access, body, call: path.replace('{id}', '0123456789abcdef'),
    }),
);
const scopes = ['connect', 'migrate', 'jobs', 'admin'];
let wizard;
const tokens = {};

before(async () => {
    if (skip) {
        return;
    }
    wizard = await startWizard({ worker: false });
    for (const scope of scopes) {
        tokens[scope] = await wizard.token(scope, scope);
    }
});
after(() => wizard?.stop());

function assertProblem(answer, status, code, where) {
    assert.equal(answer.status, status, `${where}: ${answer.text}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', where);
    assert.equal(answer.json.status, status, where);
    assert.equal(answer.json.type, 'about:blank', where);
    assert.equal(answer.json.code, code, where);
    assert.ok(answer.json.title && answer.json.detail, where);
    assert.equal(answer.headers.get('cache-control'), 'no-store', where);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', where);
}

const send = (route, options = {}) =>
    wizard.call(route.method, route.call, {
        body: route.body === 'BODY' ? {} : undefined,
        ...options,
    });

test('the table is read', { skip }, () => {
    assert.ok(routes.length >= 25);
    assert.equal(routes.length, table.match(/^DBW_ROUTE\(/gm).length);
});

test('without credentials every route but the public ones answers 401', { skip }, async () => {
    for (const route of routes.filter((one) => one.access !== 'PUBLIC')) {
        const where = `${route.method} ${route.path}`;
        const answer = await send(route);
        assertProblem(answer, 401, 'auth', where);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="dbwizard"');
    }
});

test('wrong credentials are 401 too', { skip }, async () => {
    const wrong = [
        { token: 'dbw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
        { token: '' },
        { token: 'x'.repeat(4000) },
        { headers: { authorization: 'Basic YWRtaW46YWRtaW4=' } },
        { session: { cookie: 'A'.repeat(43), csrf: 'x' } },
        { session: { cookie: 'A'.repeat(4000), csrf: 'x' } },
    ];
    for (const options of wrong) {
        assertProblem(await wizard.get('/jobs', options), 401, 'auth', JSON.stringify(options));
    }
});

test('a token without the scope answers 403 and names the scope', { skip }, async () => {
    for (const route of routes.filter((one) => one.access !== 'PUBLIC')) {
        for (const scope of scopes) {
            const allowed = scope === 'admin' || scope === route.access.toLowerCase();
            if (allowed && route.access !== 'SESSION') {
                continue;
            }
            const where = `${route.method} ${route.path} with ${scope}`;
            const answer = await send(route, { token: tokens[scope] });
            assertProblem(answer, 403, 'denied', where);
            if (route.access !== 'SESSION') {
                assert.match(answer.json.hint, new RegExp(`scope ${route.access.toLowerCase()}\\.`));
            }
        }
    }
});

test('a token with the scope comes through to the handler', { skip }, async () => {
    for (const route of routes.filter((one) => scopes.includes(one.access.toLowerCase()))) {
        for (const scope of [route.access.toLowerCase(), 'admin']) {
            const answer = await send(route, { token: tokens[scope] });
            assert.ok(![401, 403, 405, 415].includes(answer.status),
                `${route.method} ${route.path} with ${scope}: ${answer.status} ${answer.text}`);
        }
    }
});

test('the public ones answer without credentials', { skip }, async () => {
    const health = await wizard.get('/health');
    assert.equal(health.status, 200);
    assert.deepEqual(Object.keys(health.json), ['status', 'version', 'setup_needed', 'workers']);
    assert.equal(health.json.status, 'ok');
    assert.equal(health.json.setup_needed, true);
    assert.equal(health.json.workers, 0);
    const backends = await wizard.get('/backends');
    assert.deepEqual(backends.json.map((one) => one.id), ['sqlite', 'postgresql', 'mysql']);
    for (const backend of backends.json) {
        assert.deepEqual(Object.keys(backend), ['id', 'label', 'driver', 'default_port',
            'description', 'requires_host', 'available']);
    }
    // No password was ever set.
    const logIn = await wizard.post('/session', { password: 'a long enough one' });
    assertProblem(logIn, 409, 'conflict', 'POST /session');
    assert.match(logIn.json.hint, /dbwizard admin setup-link/);
});

test('a wrong method answers 405 with Allow', { skip }, async () => {
    const paths = new Map();
    for (const { call, method } of routes) {
        const allowed = paths.get(call) ?? [];
        allowed.push(method, ...(method === 'GET' ? ['HEAD'] : []));
        paths.set(call, allowed);
    }
    for (const [path, allowed] of paths) {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
            if (allowed.includes(method)) {
                continue;
            }
            const where = `${method} ${path}`;
            const answer = await wizard.call(method, path, { token: tokens.admin });
            assertProblem(answer, 405, 'usage', where);
            assert.equal(answer.headers.get('allow'), allowed.join(', '), where);
        }
    }
});

test('unknown paths: 401 without credentials, 404 with them', { skip }, async () => {
    const paths = ['/', '/nothing', '/jobs/', '/jobs//result', '/jobs/a/b/c', '/jobs/%2e%2e',
        '/jobs/..%2f', '/jobs/a.b', `/jobs/${'a'.repeat(65)}`, '/HEALTH', '/health/', '/jobs/{id}/x',
        '/tokens/', '/jobs/0123456789abcdef/report.htm'];
    for (const path of paths) {
        assertProblem(await wizard.get(path), 401, 'auth', path);
        assertProblem(await wizard.get(path, { token: tokens.admin }), 404, 'not-found', path);
    }
});

test('the scheme of a token has no case', { skip }, async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
        const headers = { authorization: `${scheme} ${tokens.jobs}` };
        assert.equal((await wizard.get('/jobs', { headers })).status, 200, scheme);
    }
});

test('HEAD answers like GET, without a body', { skip }, async () => {
    for (const path of ['/health', '/backends', '/jobs', '/nothing']) {
        const [head, get] = [
            await wizard.call('HEAD', path, { token: tokens.admin }),
            await wizard.get(path, { token: tokens.admin }),
        ];
        assert.equal(head.status, get.status, path);
        assert.equal(head.text, '', path);
        assert.equal(head.headers.get('content-type'), get.headers.get('content-type'), path);
    }
});

test('every answer forbids sniffing, framing, caching and content of its own', { skip }, async () => {
    for (const path of ['/health', '/jobs', '/nothing']) {
        const { headers } = await wizard.get(path, { token: tokens.admin });
        assert.equal(headers.get('content-security-policy'),
            "default-src 'none'; frame-ancestors 'none'");
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.equal(headers.get('x-frame-options'), 'DENY');
        assert.equal(headers.get('referrer-policy'), 'no-referrer');
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.equal(headers.get('access-control-allow-origin'), null);
    }
});

test('queries: wrong values are 422 with the field', { skip }, async () => {
    const cases = [
        ['/jobs?limit=0', 'limit'], ['/jobs?limit=x', 'limit'], ['/jobs?limit=1001', 'limit'],
        ['/jobs?limit=99999999999999999999', 'limit'], ['/jobs?status=strange', 'status'],
        ['/jobs?status=%ff%fe', 'status'], ['/jobs?limit=', 'limit'],
        ['/jobs/0123456789abcdef?since=-1', 'since'], ['/audit?before=x', 'before'],
        ['/audit?limit=0', 'limit'],
    ];
    for (const [path, field] of cases) {
        const answer = await wizard.get(path, { token: tokens.admin });
        assertProblem(answer, 422, 'invalid', path);
        assert.deepEqual(Object.keys(answer.json.fields), [field], path);
    }
});

test('nothing of this harmed the pool', { skip }, async () => {
    assert.equal((await wizard.get('/health')).status, 200);
    assert.ok(wizard.unharmed());
});
