// SPDX-License-Identifier: Apache-2.0
// One secret in every place that takes one, then a search in every place where none may be.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { missing, run, startServers } from '../lib/servers.mjs';
import { exampleDatabase, jobEnd, missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms() || missing('postgresql');
const canary = 'Kanari/Zwitscher?Vogel';
const encoded = encodeURIComponent(canary);
const shapes = [canary, encoded, encoded.toLowerCase(), canary.replaceAll('/', '\\/'),
    Buffer.from(canary).toString('base64').slice(0, 20), 'Kanari', 'Zwitscher', 'Vogel'];
const password = `log-in ${canary}`;
let wizard;
let servers;
let session;
const answers = []; // [what was asked, the answer] of calls that did not ask for a secret
const tokens = [];

before(async () => {
    if (skip) {
        return;
    }
    servers = startServers({ postgresql: true });
    wizard = await startWizard({ env: { DBWIZARD_LOG_LEVEL: 'debug' } });
});
after(async () => {
    await wizard?.stop();
    servers?.stop();
});

function assertClean(text, where, more = []) {
    for (const secret of [...shapes, ...more]) {
        const at = text.indexOf(secret);
        assert.ok(at < 0, `${where}: …${text.slice(Math.max(0, at - 60), at + 60)}…`);
    }
}

async function ask(method, path, body, options = {}) {
    const answer = await wizard.call(method, path, { session, body, ...options });
    const headers = JSON.stringify([...answer.headers]);
    answers.push([`${method} ${path}`, `${answer.status} ${headers} ${answer.text}`]);
    return answer;
}

const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
});

function commandLines() {
    return readdirSync('/proc').filter((one) => /^\d+$/.test(one)).flatMap((pid) => {
        try {
            return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
        } catch {
            return [];
        }
    });
}

test('the secret is used everywhere', { skip, timeout: 120000 }, async () => {
    await wizard.setPassword(password);
    session = await wizard.logIn(password);
    assert.equal(session.answer.status, 200);
    await ask('POST', '/session', { password: `${password} but wrong` }, { session: undefined });
    await ask('PUT', '/password', { current: `wrong ${canary}`, password });
    await ask('PUT', '/password', { setup_token: canary, password }, { session: undefined });
    await ask('GET', '/jobs', undefined, { session: undefined, token: canary });
    const made = await wizard.post('/tokens', { name: 'x', scopes: ['jobs'], password }, { session });
    tokens.push(made.json.token);
    await ask('GET', '/jobs', undefined, { session: undefined, token: made.json.token });

    // Whole and broken URLs, where no answer needs the password.
    const { port } = servers.postgresql;
    const urls = [
        `postgresql://app:${encoded}@127.0.0.1:${port}/app`, `mysql://app:${encoded}@127.0.0.1:1/d`,
        `postgresql://app:${canary}@127.0.0.1:${port}/app`, `postgresql://app:x@${canary.replace(/\W/g, '')}@h/d`,
        `postgresql://h/d?password=${encoded}&sslpassword=${encoded}&passfile=${encoded}`,
        `app:${encoded}@h/d`, `oracle://app:${encoded}@h/d`, `postgresql://app:${encoded}@h:99999/d`,
        `postgresql://${encoded}@[::1]rubbish/d`, `postgresql://app:${encoded}@127.0.0.1:1/d?nonsense=1`,
        `//app:${encoded}@h/d`, `postgresql:app:${encoded}@h/d`, `postgresql//app:${encoded}@h`,
    ];
    for (const url of urls) {
        await ask('POST', '/validate-url', { url });
        await ask('POST', '/test-connection', { url });
        for (const path of ['/migrate', '/preview-migration', '/verify-migration']) {
            const answer = await ask('POST', path, { source_url: url, target_url: url },
                { headers: { prefer: 'respond-async' } });
            if (answer.status === 202) {
                await jobEnd(wizard, answer.json.id, await jobsToken());
            }
        }
    }
    // Wrong bodies with it.
    await ask('POST', '/session', { password, extra: 1 });
    await ask('POST', '/migrate', { source_url: urls[0], target_url: urls[0], streams: canary });
    await wizard.call('POST', '/session', { raw: `{"password":"${canary}"`, type: 'application/json' })
        .then((answer) => answers.push(['broken body', answer.text]));
});

let reader;
async function jobsToken() {
    reader ??= await wizard.token('jobs', 'reader');
    return reader;
}

test('a real move with it', { skip, timeout: 120000 }, async () => {
    const admin = servers.postgresql;
    const sql = `CREATE ROLE bird LOGIN PASSWORD '${canary}'; CREATE DATABASE nest OWNER bird;`;
    const made = await run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', admin.adminUrl], { input: sql });
    assert.equal(made.status, 0, made.stderr);
    const source = await exampleDatabase(wizard, ['--rows=200']);
    const target = `postgresql://bird:${encoded}@127.0.0.1:${admin.port}/nest`;
    const moved = await ask('POST', '/migrate', { source_url: source, target_url: target });
    assert.equal(moved.status, 200, moved.text);
    await ask('POST', '/migrate', { source_url: source, target_url: target });
    await ask('POST', '/verify-migration', { source_url: source, target_url: target });
    const ran = await wizard.command(['migrate', source, 'env:TARGET', '--schema-mode', 'existing',
        '--on-conflict', 'skip'], { env: { TARGET: target } });
    assert.ok([0, 3].includes(ran.status), ran.stderr);
    answers.push(['dbwizard migrate', ran.stdout + ran.stderr]);
    const tested = await wizard.command(['test', '-'], { input: target });
    answers.push(['dbwizard test', tested.stdout + tested.stderr]);
    for (const { id } of (await ask('GET', '/jobs?limit=1000')).json.jobs) {
        for (const part of ['', '/result', '/report', '/report.html']) {
            await ask('GET', `/jobs/${id}${part}`);
        }
    }
    for (const path of ['/audit?limit=1000', '/tokens', '/session', '/health']) {
        await ask('GET', path);
    }
});

test('who asks for it gets it', { skip }, async () => {
    const url = `postgresql://app:${encoded}@h/d`;
    const parsed = await wizard.post('/parse-url', { url }, { session });
    assert.equal(parsed.json.password, canary);
    const built = await wizard.post('/build-url',
        { backend: 'postgresql', host: 'h', database: 'd', password: canary, username: 'app' }, { session });
    assert.ok(built.json.url.includes(encoded));
});

test('no answer holds it', { skip }, () => {
    assert.ok(answers.length > 60);
    for (const [where, text] of answers) {
        assertClean(text, where, where.endsWith('/session') ? [] : [session.csrf]);
        assertClean(text, where, [session.cookie, ...tokens]);
    }
});

test('no command line holds it', { skip }, () => {
    const lines = commandLines();
    assert.ok(lines.some((line) => line.includes('dbwizard worker') || line.includes('dbwizard')));
    for (const line of lines) {
        assertClean(line, 'a command line', [session.cookie, ...tokens]);
    }
});

test('no log holds it', { skip }, () => {
    for (const name of ['nginx', 'nginx-access', 'nginx-error', 'fcgi', 'worker']) {
        assertClean(wizard.log(name), name, [session.cookie, session.csrf, ...tokens]);
    }
    assert.match(wizard.log('nginx-access'), /\/api\/database\/migrate/);
});

test('no file of the state folder holds it', { skip }, () => {
    const files = filesBelow(wizard.state);
    assert.ok(files.some((path) => path.endsWith('state.sqlite3')));
    for (const path of files) {
        assertClean(readFileSync(path, 'latin1'), path, [session.cookie, session.csrf, ...tokens]);
    }
    assert.ok(files.reduce((sum, path) => sum + statSync(path).size, 0) > 100000);
});

test('no other file of the services holds it', { skip }, () => {
    for (const path of filesBelow(wizard.run).filter((one) => !one.endsWith('.sock'))) {
        assertClean(readFileSync(path, 'latin1'), path, [session.cookie, ...tokens]);
    }
});
