// SPDX-License-Identifier: Apache-2.0
// Building, parsing and validating database URLs: the fields and their meaning, and bad input.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms();
let wizard;
let token;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
        token = await wizard.token('connect');
    }
});
after(() => wizard?.stop());

const build = (body) => wizard.post('/build-url', body, { token });
const parse = (url) => wizard.post('/parse-url', { url }, { token });
const validate = (url) => wizard.post('/validate-url', { url }, { token });

async function builds(body, url) {
    const answer = await build(body);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.url, url);
    assert.ok(Array.isArray(answer.json.warnings));
    return answer.json;
}

test('build: each backend', { skip }, async () => {
    await builds({
        backend: 'postgresql', host: 'db.example.net', port: 5433, database: 'app',
        username: 'app', password: 'p@ss:w/rd%#?', ssl_mode: 'require',
        extra_options: { application_name: 'my app' },
    }, 'postgresql://app:p%40ss%3Aw%2Frd%25%23%3F@db.example.net:5433/app?application_name=my+app'
        + '&sslmode=require');
    await builds({ backend: 'sqlite', sqlite_path: '/opt/app/db.sqlite3' },
        'sqlite:////opt/app/db.sqlite3');
    const mysql = await builds({ backend: 'mysql', host: '::1', database: 'app', username: 'ä' },
        'mysql+pymysql://%C3%A4@[::1]/app');
    assert.deepEqual(mysql.warnings, []);
});

test('build: numbers and options as forms send them', { skip }, async () => {
    await builds({ backend: 'postgresql', host: 'h', port: '5432', database: 'd' },
        'postgresql://h:5432/d');
    await builds({ backend: 'postgresql', host: 'h', port: '', database: 'd', username: null,
        extra_options: 'connect_timeout=5&application_name=x' },
    'postgresql://h/d?application_name=x&connect_timeout=5');
});

test('build: what is wrong is named', { skip }, async () => {
    const good = { backend: 'postgresql', host: 'h', database: 'd' };
    const cases = [
        [{ backend: 'oracle' }, 'backend'], [{ backend: undefined }, 'backend'],
        [{ backend: '' }, 'backend'], [{ backend: 5 }, 'backend'],
        [{ host: undefined }, 'host'], [{ host: '' }, 'host'], [{ host: 'a b' }, 'host'],
        [{ host: 'a\u0000b' }, 'host'], [{ host: 'a\nb' }, 'host'], [{ host: 'a/b' }, 'host'],
        [{ host: ['h'] }, 'host'], [{ port: 65536 }, 'port'], [{ port: -1 }, 'port'],
        [{ port: '54x' }, 'port'], [{ port: 5432.5 }, 'port'], [{ port: 1e30 }, 'port'],
        [{ port: true }, 'port'], [{ ssl_mode: 'maybe' }, 'ssl_mode'],
        [{ password: 'a\u0000b' }, 'password'], [{ password: 7 }, 'password'],
        [{ extra_options: 'no equals sign' }, 'extra_options'], [{ extra_options: 5 }, 'extra_options'],
        [{ extra_options: { a: 'b\u0000c' } }, 'extra_options'], [{ hots: 'x' }, 'hots'],
        [{ backend: 'sqlite', sqlite_path: 'a\u0000b' }, 'sqlite_path'],
    ];
    for (const [change, field] of cases) {
        const answer = await build({ ...good, ...change });
        assert.equal(answer.status, 422, `${JSON.stringify(change)}: ${answer.text}`);
        assert.equal(answer.json.code, 'invalid');
        assert.deepEqual(Object.keys(answer.json.fields), [field], JSON.stringify(change));
    }
});

test('parse gives back what was built', { skip }, async () => {
    const { json } = await parse('postgresql+asyncpg://u:p%40ss@db.example.net:5433/app'
        + '?sslmode=verify-full&application_name=x');
    assert.deepEqual(json, {
        backend: 'postgresql', host: 'db.example.net', port: 5433, database: 'app', username: 'u',
        password: 'p@ss', ssl_mode: 'verify-full', is_sqlite: false, valid: true, driver: 'asyncpg',
        options: { sslmode: 'verify-full', application_name: 'x' },
    });
    const sqlite = (await parse('sqlite:////opt/app/db.sqlite3')).json;
    assert.equal(sqlite.is_sqlite, true);
    assert.equal(sqlite.valid, true);
    assert.equal(sqlite.database, '/opt/app/db.sqlite3');
    assert.equal(sqlite.port, null);
    assert.equal((await parse('mariadb://u@h/d')).json.backend, 'mysql');
});

test('validate: good, and not a connection is made', { skip }, async () => {
    for (const [url, backend] of [
        ['postgresql://u:p@192.0.2.1:1/d', 'postgresql'], ['sqlite:////nowhere/at/all', 'sqlite'],
        ['mysql://u@h/d', 'mysql'],
    ]) {
        const started = Date.now();
        assert.deepEqual((await validate(url)).json, { valid: true, backend });
        assert.ok(Date.now() - started < 3000);
    }
});

test('bad URLs: valid false with a reason, never the URL', { skip }, async () => {
    const canary = 'Secret7Canary';
    const urls = [
        `u:${canary}@h/d`, `postgresql://u:${canary}@h:99999/d`, `postgresql://u:${canary}@h:-1/d`,
        `postgresql://u:${canary}@h:5_432/d`, `oracle://u:${canary}@h/d`, `://u:${canary}@h`,
        `postgresql://u:${canary}@[::1]x/d`, ` postgresql://u:${canary}@h/d`,
        `postgres ql://u:${canary}@h/d`, `http://u:${canary}@h/`, `${canary}`,
        `postgresql://u:${canary}@h:٣/d`,
    ];
    for (const url of urls) {
        for (const call of [parse, validate]) {
            const answer = await call(url);
            assert.equal(answer.status, 200, answer.text);
            assert.equal(answer.json.valid, false, url);
            assert.ok(answer.json.error.length > 5, url);
            assert.ok(!answer.text.includes(canary), `${url}: ${answer.text}`);
        }
    }
    for (const url of [`postgresql://u:${canary}@/d`, `mysql://:${canary}@/d`]) {
        const answer = await validate(url);
        assert.equal(answer.json.valid, false, `${url}: ${answer.text}`);
        assert.ok(!answer.text.includes(canary));
    }
});

test('control characters and NULs', { skip }, async () => {
    assert.deepEqual(Object.keys((await parse('postgresql://u:p\u0000@h/d')).json.fields), ['url']);
    for (const c of ['\n', '\r', '\t', '\u0001', '\u007f', '\u001b']) {
        assert.equal((await validate(`postgresql://u@h${c}x/d`)).json.valid, false, JSON.stringify(c));
    }
    const encoded = await validate('postgresql://u:p%00@h/d');
    assert.equal(encoded.json.valid, false, encoded.text);
});

test('wrong members', { skip }, async () => {
    for (const path of ['/parse-url', '/validate-url', '/test-connection']) {
        for (const [body, field] of [
            [{}, 'url'], [{ url: '' }, 'url'], [{ url: null }, 'url'], [{ url: 5 }, 'url'],
            [{ url: ['a'] }, 'url'], [{ url: 'sqlite:////x', other: 1 }, 'other'],
        ]) {
            const answer = await wizard.post(path, body, { token });
            assert.equal(answer.status, 422, answer.text);
            assert.deepEqual(Object.keys(answer.json.fields), [field]);
        }
    }
});

test('long URLs: 60 KB is answered, 2 MB is 413', { skip }, async () => {
    const long = `postgresql://u:${'p'.repeat(60000)}@h/d`;
    for (const call of [parse, validate]) {
        const answer = await call(long);
        assert.equal(answer.status, 200);
        assert.equal(typeof answer.json.valid, 'boolean');
    }
    const options = `postgresql://h/d?${'a=b&'.repeat(15000)}`;
    assert.equal((await validate(options)).status, 200);
    const huge = await parse(`postgresql://u:${'p'.repeat(2 << 20)}@h/d`);
    assert.equal(huge.status, 413);
    assert.equal(huge.headers.get('content-type'), 'application/problem+json');
    assert.equal(huge.json.code, 'limit');
    assert.ok(wizard.unharmed());
});
