// SPDX-License-Identifier: Apache-2.0
// The page's files as nginx serves them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
const top = process.env.DBW_TOP_SRCDIR ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const page = '/database-wizard/';
let wizard;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
    }
});
after(() => wizard?.stop());

// Paths go out as they are: fetch() would tidy them up.
function get(path, headers = {}, method = 'GET') {
    return new Promise((resolve, reject) => {
        const call = request({ host: '127.0.0.1', port: wizard.port, path, method, headers }, (answer) => {
            const pieces = [];
            answer.on('data', (bytes) => pieces.push(bytes));
            answer.on('end', () => resolve({
                status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces),
            }));
        });
        call.on('error', reject);
        call.end();
    });
}

const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
});
const files = filesBelow(join(top, 'static')).filter((path) => !/\.mk$/.test(path));

const expected = {
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'; object-src 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

function assertHeaders(answer, where) {
    for (const [name, value] of Object.entries(expected)) {
        assert.equal(answer.headers[name], value, `${where}: ${name}`);
    }
    assert.equal(answer.headers.server, 'nginx', where);
}

test('every file: its bytes, its type, its headers', { skip }, async () => {
    const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
    assert.ok(files.length > 20);
    for (const path of files) {
        const name = relative(join(top, 'static'), path);
        const answer = await get(page + name);
        assert.equal(answer.status, 200, name);
        assert.deepEqual(answer.body, readFileSync(path), name);
        assert.equal(answer.headers['content-type'].split(';')[0], types[name.split('.').pop()], name);
        assertHeaders(answer, name);
    }
});

test('the page, with and without its slash', { skip }, async () => {
    const index = await get(page);
    assert.equal(index.status, 200);
    assert.match(index.body.toString(), /<title>/);
    assertHeaders(index, page);
    const bare = await get('/database-wizard');
    assert.equal(bare.status, 308);
    assert.equal(new URL(bare.headers.location, wizard.site).pathname, page);
    const root = await get('/');
    assert.equal(root.status, 302);
    assert.equal(new URL(root.headers.location, wizard.site).pathname, page);
});

test('a redirect stays on the host and port that were asked', { skip }, async () => {
    for (const path of ['/', '/database-wizard']) {
        const { location } = (await get(path, { host: 'db.example.net:8443' })).headers;
        const url = new URL(location, 'https://db.example.net:8443/');
        assert.equal(url.href, `https://db.example.net:8443${page}`, location);
    }
});

test('headers stand on errors and 304 too', { skip }, async () => {
    assertHeaders(await get(`${page}nothing.js`), '404');
    const { headers } = await get(`${page}main.js`);
    const unchanged = await get(`${page}main.js`, { 'if-none-match': headers.etag });
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.body.length, 0);
    assertHeaders(unchanged, '304');
    const changed = await get(`${page}main.js`, { 'if-none-match': '"another"' });
    assert.equal(changed.status, 200);
});

test('gzip where it is asked for and worth it', { skip }, async () => {
    for (const name of ['main.js', 'style.css', 'text.de.js', '']) {
        const plain = await get(page + name);
        assert.equal(plain.headers['content-encoding'], undefined);
        const packed = await get(page + name, { 'accept-encoding': 'gzip' });
        assert.equal(packed.headers['content-encoding'], 'gzip', name);
        assert.match(packed.headers.vary, /Accept-Encoding/i);
        assert.deepEqual(gunzipSync(packed.body), plain.body);
        assert.ok(packed.body.length < plain.body.length);
        const again = await get(page + name, {
            'accept-encoding': 'gzip', 'if-none-match': packed.headers.etag,
        });
        assert.equal(again.status, 304);
    }
});

test('answers of the API are packed neither by accident nor with secrets', { skip }, async () => {
    const health = await get('/api/database/health', { 'accept-encoding': 'gzip' });
    assert.equal(health.headers['content-encoding'], undefined);
});

test('no listing of folders', { skip }, async () => {
    for (const path of [`${page}move/`, `${page}connect/`]) {
        const answer = await get(path);
        assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`);
        assert.doesNotMatch(answer.body.toString(), /\.js/);
    }
});

test('nothing outside of the folder', { skip }, async () => {
    const secrets = /SPDX|dbwizard_session|root:|-lfcgi|@socket@/;
    for (const path of [
        `${page}../fcgi/main.c`, `${page}..%2ffcgi/main.c`, `${page}%2e%2e/fcgi/main.c`,
        `${page}%2e%2e%2ffcgi%2fmain.c`, `${page}..%5cfcgi%5cmain.c`, '/database-wizard../fcgi/main.c',
        '/database-wizard..%2ffcgi/main.c', `${page}.../main.c`, `${page}%00/main.js`,
        `${page}sources.mk/../../configure.ac`, '/../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd',
        `${page}//../fcgi/main.c`, `${page}move/..%2f..%2ffcgi/main.c`, '/etc/passwd',
        '/static/main.js', '/.dbwizard-problem/413', '/.dbwizard-problem/',
    ]) {
        const answer = await get(path);
        assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
        assert.doesNotMatch(answer.body.toString(), secrets, path);
    }
});

test('files are only read', { skip }, async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await get(`${page}main.js`, {}, method);
        assert.ok([403, 405].includes(answer.status), `${method}: ${answer.status}`);
    }
    assert.equal((await get(`${page}main.js`, {}, 'HEAD')).status, 200);
});

test('the version of nginx is not told', { skip }, async () => {
    for (const path of [page, '/nothing', '/api/database/health', '/.dbwizard-problem/500']) {
        const answer = await get(path);
        assert.equal(answer.headers.server, 'nginx');
        assert.doesNotMatch(answer.body.toString(), /nginx\/\d/);
    }
});
