// SPDX-License-Identifier: Apache-2.0
// Request bodies that are wrong in every way that a client can think of.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingPrograms, startWizard, until } from '../lib/wizard.mjs';

const skip = missingPrograms();
let wizard;
let token;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
        token = await wizard.token('admin');
    }
});
after(() => wizard?.stop());

const send = (raw, options = {}) =>
    wizard.call('POST', '/parse-url', { token, raw, type: 'application/json', ...options });

function assertProblem(answer, status, code, where) {
    assert.equal(answer.status, status, `${where}: ${answer.text}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', where);
    assert.equal(answer.json.status, status, where);
    assert.equal(answer.json.code, code, where);
}

test('what is not JSON is 400', { skip }, async () => {
    const bodies = [
        '', ' ', '{', '}', '{"url"', '{"url":', '{"url":"x"', '{"url":"x",}', '{"url":"x"}}',
        '{"url":"x"} {"url":"y"}', '[]', '"x"', '5', 'null', 'true', "{'url':'x'}", '{url:"x"}',
        '{"url":"x" /* a comment */}', '// x\n{"url":"x"}', '{"url":"\\x41"}', '{"url":"\\u12"}',
        '{"url":NaN}', '{"url":Infinity}', '{"url":undefined}', '{"url":"a\nb"}', 'url=x',
        '\ufeff{"url":"x"}', '{"url":"x"}\u0000', '\u0000', '{"url":01}', '{"url":.5}', '{"url":+1}',
        '{"url":"x"}garbage', '{"a":1,,"url":"x"}', '{:"x"}', '{"url" "x"}', '{"url":TRUE}',
    ];
    for (const body of bodies) {
        assertProblem(await send(body), 400, 'usage', JSON.stringify(body));
    }
});

test('invalid UTF-8 is 400', { skip }, async () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
        const raw = Buffer.concat([Buffer.from('{"url":"'), Buffer.from(bytes), Buffer.from('"}')]);
        const answer = await send(raw);
        assertProblem(answer, 400, 'usage', bytes.join());
        assert.match(answer.json.detail, /invalid UTF-8 at byte 8/);
    }
});

test('half of a surrogate pair is 400', { skip }, async () => {
    for (const text of ['{"url":"\\ud800"}', '{"url":"\\udc00\\ud800"}', '{"\\ud800":"x"}']) {
        const answer = await send(text);
        assertProblem(answer, 400, 'usage', text);
    }
});

test('too deep is 400, at any size', { skip }, async () => {
    for (const depth of [33, 1000, 100000]) {
        for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
            const value = `${open.repeat(depth)}1${close.repeat(depth)}`;
            assertProblem(await send(`{"url":${value}}`), 400, 'usage', `${open} ${depth}`);
        }
    }
    const flat = `{"url":${'['.repeat(20)}1${']'.repeat(20)}}`;
    assertProblem(await send(flat), 422, 'invalid', 'not too deep');
});

test('a member that stands twice is 400', { skip }, async () => {
    for (const body of [
        '{"url":"a","url":"b"}', '{"url":"a","\\u0075rl":"b"}', '{"url":"a:b","x":{"y":1,"y":1}}',
        '{"url":"\\\\","url":"b"}', '{"url":"\\":","url":"b"}',
    ]) {
        const answer = await send(body);
        assertProblem(answer, 400, 'usage', body);
        assert.match(answer.json.detail, /a member stands twice/);
    }
    assert.equal((await send('{"url":"a:\\"b:\\\\"}')).status, 200);
});

test('a name with a NUL in it is not the name before the NUL', { skip }, async () => {
    for (const body of ['{"url\\u0000":"sqlite:////x"}', '{"url\\u0000x":"a","url":"b"}']) {
        assertProblem(await send(body), 400, 'usage', body);
    }
    assert.equal((await send('{"url":"\\\\u0000"}')).status, 200);
});

test('a NUL in a value names the field', { skip }, async () => {
    const options = { token };
    const cases = [
        ['/parse-url', { url: 'sqlite:////x\u0000y' }, 'url'],
        ['/migrate', { source_url: 'sqlite:////a', target_url: 'sqlite:////b', include: ['a\u0000b'] },
            'include'],
        ['/migrate', { source_url: 'sqlite:////a', target_url: 'sqlite:////b',
            rename: { a: ['x', { y: 'b\u0000' }] } }, 'rename'],
        ['/session', { password: 'correct\u0000horse battery' }, 'password'],
    ];
    for (const [path, body, field] of cases) {
        const answer = await wizard.post(path, body, options);
        assertProblem(answer, 422, 'invalid', path);
        assert.deepEqual(Object.keys(answer.json.fields), [field]);
    }
});

test('an unknown member is 422 and named, however long', { skip }, async () => {
    const answer = await send('{"url":"sqlite:////x","urll":1}');
    assertProblem(answer, 422, 'invalid', 'urll');
    assert.deepEqual(answer.json.fields, { urll: "'urll' is not a field of this call" });
    const long = await send(JSON.stringify({ url: 'sqlite:////x', ['ä'.repeat(100000)]: 1 }));
    assertProblem(long, 422, 'invalid', 'long');
    assert.ok(long.text.length < 2000);
    const strange = await send(JSON.stringify({ url: 'sqlite:////x', 'a"b\r\nSet-Cookie: x=y': 1 }));
    assertProblem(strange, 422, 'invalid', 'strange');
    assert.equal(strange.headers.get('set-cookie'), null);
});

test('wrong types are 422 with the field', { skip }, async () => {
    const good = { source_url: 'sqlite:////a.db', target_url: 'sqlite:////b.db' };
    const cases = [
        ['/session', { password: 5 }, 'password'], ['/session', {}, 'password'],
        ['/preview-migration', {}, 'source_url'], ['/preview-migration', { url: [] }, 'url'],
        ['/migrate', { ...good, source_url: 5 }, 'source_url'],
        ['/migrate', { ...good, source_url: 'nonsense' }, 'source_url'],
        ['/migrate', { source_url: good.source_url }, 'target_url'],
        ['/migrate', { ...good, target_url: 'oracle://h/d' }, 'target_url'],
        ['/migrate', { ...good, url: 'sqlite:////x' }, 'url'],
        ['/migrate', { ...good, clear: 'perhaps' }, 'clear'],
        ['/migrate', { ...good, streams: 'two' }, 'streams'],
        ['/migrate', { ...good, streams: 17 }, 'streams'],
        ['/migrate', { ...good, streams: 1e300 }, 'streams'],
        ['/migrate', { ...good, schema_mode: 'guess' }, 'schema_mode'],
        ['/migrate', { ...good, schema_mode: 'revisions', revisions: '/etc' }, 'revisions'],
        ['/migrate', { ...good, include: ['users'], exclude: 5 }, 'exclude'],
        ['/migrate', { ...good, rename: [] }, 'rename'],
        ['/migrate', { ...good, on_conflict: 'upsert' }, 'on_conflict'],
        ['/migrate', { ...good, unheard_of: 1 }, 'unheard_of'],
        ['/verify-migration', { source_url: good.source_url }, 'target_url'],
    ];
    for (const [path, body, field] of cases) {
        const answer = await wizard.post(path, body, { token });
        assertProblem(answer, 422, 'invalid', `${path} ${JSON.stringify(body)}`);
        assert.deepEqual(Object.keys(answer.json.fields), [field], `${path} ${answer.text}`);
    }
});

test('another content type is 415', { skip }, async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp',
        'multipart/form-data; boundary=x', 'application/problem+json', 'application/json,text/plain']) {
        assertProblem(await send('{"url":"sqlite:////x"}', { type }), 415, 'usage', type);
    }
    for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8']) {
        assert.equal((await send('{"url":"sqlite:////x"}', { type })).status, 200, type);
    }
});

// By hand: {status, headers, text, sent} of a request whose body is written piece by piece.
function trickle(headers, pieces, pause = 0) {
    return new Promise((resolve, reject) => {
        let sent = 0;
        const call = request({
            host: '127.0.0.1', port: wizard.port, path: '/api/database/parse-url', method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        }, (answer) => {
            let text = '';
            answer.on('data', (bytes) => {
                text += bytes;
            });
            answer.on('end', () => {
                resolve({ status: answer.statusCode, headers: answer.headers, text, sent });
                call.destroy();
            });
        });
        call.on('error', reject);
        call.setMaxListeners(0);
        (async () => {
            for (const piece of pieces) {
                if (call.destroyed || call.res) {
                    return;
                }
                sent += piece.length;
                if (!call.write(piece)) {
                    await Promise.race([once(call, 'drain'), once(call, 'close')]);
                }
                await sleep(pause);
            }
            call.end();
        })();
    });
}

test('100 MB is 413 and is not read', { skip }, async () => {
    const piece = Buffer.alloc(65536, 'x');
    const pieces = Array(1600).fill(piece);
    for (const headers of [{ 'content-length': 1600 * 65536 }, { 'transfer-encoding': 'chunked' }]) {
        const answer = await trickle(headers, pieces, 2);
        const problem = JSON.parse(answer.text);
        assert.equal(answer.status, 413);
        assert.equal(answer.headers['content-type'], 'application/problem+json');
        assert.equal(problem.status, 413);
        assert.equal(problem.code, 'limit');
        assert.ok(answer.sent < 16 << 20, `${answer.sent} bytes were sent`);
    }
});

test('a body in small slow pieces, and a chunked one', { skip }, async () => {
    const body = JSON.stringify({ url: 'sqlite:////opt/app.db' });
    const pieces = [...body].map((c) => Buffer.from(c));
    for (const headers of [{ 'content-length': body.length }, { 'transfer-encoding': 'chunked' }]) {
        const answer = await trickle(headers, pieces, 3);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(JSON.parse(answer.text).database, '/opt/app.db');
    }
});

test('a large body that is refused before it is read', { skip }, async () => {
    const raw = `{"url":"${'x'.repeat(900000)}"}`;
    for (let i = 0; i < 5; i += 1) {
        assertProblem(await send(raw, { token: undefined }), 401, 'auth', 'anonymous');
        assertProblem(await send(raw, { type: 'text/plain' }), 415, 'usage', 'text');
        assert.equal((await send(raw)).status, 200);
    }
});

// Bytes as they are; answers what came back until the other side hung up.
function speak(bytes, { hangUp = false, timeout = 5000 } = {}) {
    return new Promise((resolve) => {
        let text = '';
        const socket = connect(wizard.port, '127.0.0.1', () => {
            socket.write(bytes);
            if (hangUp) {
                socket.destroy();
            }
        });
        const timer = setTimeout(() => socket.destroy(), timeout);
        socket.on('data', (more) => {
            text += more;
        });
        socket.on('error', () => {});
        socket.on('close', () => {
            clearTimeout(timer);
            resolve(text);
        });
    });
}

const head = (...lines) => `${[...lines, `Authorization: Bearer ${token}`,
    'Content-Type: application/json', 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n`;
const post = 'POST /api/database/parse-url HTTP/1.1';

test('bodies that break off do no harm', { skip }, async () => {
    for (let i = 0; i < 20; i += 1) {
        await speak(`${head(post, 'Content-Length: 100')}{"url":"sqlite`, { hangUp: true });
        await speak(`${head(post, 'Transfer-Encoding: chunked')}ff\r\n{"url"`, { hangUp: true });
        await speak(head(post, 'Content-Length: 100'), { hangUp: true });
    }
    assert.equal((await wizard.get('/health')).status, 200);
});

test('what nginx itself refuses is a problem document too', { skip }, async () => {
    const cases = [
        [`${head(post, 'Transfer-Encoding: chunked')}zz\r\nrubbish`, 400],
        [head(post, 'Content-Length: -5'), 400],
        [head(post, 'Content-Length: 5', 'Content-Length: 6'), 400],
        ['rubbish\r\n\r\n', 400],
        [head('GET /api/database/%zz HTTP/1.1'), 400],
        [head(`GET /api/database/${'x'.repeat(20000)} HTTP/1.1`), 414],
        [head('GET /api/database/health HTTP/1.1', `X-Long: ${'x'.repeat(20000)}`), 431],
        [head('TRACE /api/database/health HTTP/1.1'), 405],
    ];
    for (const [bytes, status] of cases) {
        const text = await speak(bytes);
        const where = `${bytes.slice(0, 60)}: ${text}`;
        assert.match(text, new RegExp(`^HTTP/1\\.[01] ${status} `), where);
        assert.match(text, /content-type: application\/problem\+json/i, where);
        const problem = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
        assert.equal(problem.status, status);
        assert.ok(problem.detail && problem.code && problem.title);
    }
});

test('the pool is the one that was started, and the log is empty', { skip }, async () => {
    assert.equal((await wizard.get('/health')).status, 200);
    assert.ok(wizard.unharmed());
    assert.doesNotMatch(wizard.log('fcgi'), /dbwizard-fcgi:|child/);
});

test('without a pool the answer is a problem document', { skip }, async () => {
    await wizard.end('fcgi');
    const answer = await wizard.get('/health');
    assertProblem(answer, 502, 'unreachable', 'no pool');
    wizard.startFcgi();
    await until(async () => (await wizard.get('/health')).status === 200, 'the pool again');
});
