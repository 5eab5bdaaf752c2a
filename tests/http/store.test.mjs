// SPDX-License-Identifier: Apache-2.0
// When dbwizard's own state store fails: said as such, never as a fault of the client's database.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { missingPrograms, startWizard } from '../lib/wizard.mjs';

const skip = missingPrograms()
    || (spawnSync('sqlite3', ['-version']).error ? 'the sqlite3 command is not installed' : false);
let wizard;
let token;

before(async () => {
    if (!skip) {
        wizard = await startWizard({ worker: false });
        await wizard.setPassword('correct horse battery');
        token = await wizard.token('connect,jobs,admin');
    }
});
after(() => wizard?.stop());

test('a locked state store: reading goes on, writing is 503', { skip, timeout: 120000 }, async () => {
    await wizard.get('/jobs', { token }); // its use is noted once a minute, and was just now
    const holder = spawn('sqlite3', [join(wizard.state, 'state.sqlite3')]);
    holder.stdin.write("BEGIN IMMEDIATE; SELECT 'held';\n");
    await once(holder.stdout, 'data');
    try {
        assert.equal((await wizard.get('/health')).status, 200);
        assert.equal((await wizard.get('/jobs', { token })).status, 200);
        const started = Date.now();
        const answer = await wizard.post('/session', { password: 'correct horse battery' });
        assert.equal(answer.status, 503, answer.text);
        assert.equal(answer.json.code, 'locked');
        assert.ok(Number(answer.headers.get('retry-after')) >= 1);
        assert.equal(answer.headers.get('set-cookie'), null);
        assert.ok(Date.now() - started < 30000, `${Date.now() - started} ms`);
    } finally {
        holder.stdin.end('ROLLBACK;\n');
        await once(holder, 'close');
    }
    assert.equal((await wizard.logIn('correct horse battery')).answer.status, 200);
    assert.match(wizard.log('fcgi'), /dbwizard-fcgi: error: 503: .*locked/, 'the failure is in the log');
});

test('nothing administrative happens unseen', { skip, timeout: 120000 }, async () => {
    const path = join(wizard.state, 'state.sqlite3');
    const sql = 'CREATE TRIGGER blind BEFORE INSERT ON audit_log '
        + "BEGIN SELECT RAISE(ABORT, 'the log is full'); END";
    assert.equal(spawnSync('sqlite3', [path, sql]).status, 0);
    const session = await wizard.post('/session', { password: 'correct horse battery' });
    assert.equal(session.status, 500, session.text);
    assert.equal(session.headers.get('set-cookie'), null);
    const tested = await wizard.post('/test-connection', { url: 'sqlite:////nowhere' }, { token });
    assert.equal(tested.status, 500);
    assert.equal(spawnSync('sqlite3', [path, 'DROP TRIGGER blind']).status, 0);
    assert.equal((await wizard.logIn('correct horse battery')).answer.status, 200);
    assert.ok(wizard.unharmed());
});
