// SPDX-License-Identifier: Apache-2.0
// lock_source on servers: writers wait until the move is over, readers do not; a writer who is
// under way is waited for, and then named as what is in the way.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

// How each server is told not to wait for a lock, and a writer that does not end by itself.
const engines = {
    postgresql: {
        impatient: (sql) => `SET lock_timeout = '300ms'; ${sql}`,
        refusal: /lock timeout/,
        busy: "BEGIN; UPDATE item SET v = 'w' WHERE id = 1; SELECT 'begun';\n",
    },
    mysql: {
        impatient: (sql) => `SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1; ${sql}`,
        refusal: /Lock wait timeout|read.lock/i,
        busy: "BEGIN; UPDATE item SET v = 'w' WHERE id = 1; SELECT 'begun';\n",
    },
};

function source(engine) {
    const SOURCE = servers.freshDatabase(`locked_${engine}`, engine);
    const database = new URL(SOURCE).pathname.slice(1);
    const ask = (sql) => servers[engine].query(database, sql);
    ask(`CREATE TABLE item (id integer PRIMARY KEY, v text);
        INSERT INTO item VALUES ${Array.from({ length: 2000 }, (_, i) => `(${i}, 'v${i}')`).join()}`);
    const target = join(tempDir(), 'new.db');
    return { ask, target, env: { SOURCE, TARGET: `sqlite:///${target}` } };
}
const args = ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', '--lock-source'];

for (const [engine, how] of Object.entries(engines)) {
    test(`${engine}: nobody writes until the end, everybody reads`, { skip, timeout: 120000 }, async () => {
        const { ask, env } = source(engine);
        const report = join(tempDir(), 'report.json');
        const running = makePlace().run([...args, '--report', report], env);
        const child = running.child;
        const stopped = await new Promise((resolve) => {
            child.stderr.on('data', (bytes) => {
                if (/^preflight$/m.test(bytes)) {
                    resolve(child.kill('SIGSTOP'));
                }
            });
            child.on('exit', () => resolve(false));
        });
        assert.ok(stopped, 'the run was over before it was looked at');
        try {
            assert.throws(() => ask(how.impatient("INSERT INTO item VALUES (9999, 'late')")),
                (error) => how.refusal.test(error.message));
            assert.equal(ask('SELECT count(*) FROM item'), '2000');
        } finally {
            child.kill('SIGCONT');
        }
        const answer = await running;
        assert.ok([exits.done, exits.differs].includes(answer.status), answer.stderr);
        assert.equal(JSON.parse(readFileSync(report)).source_changed, false);
        ask(how.impatient("INSERT INTO item VALUES (9999, 'late')"));
    });
}

async function waitsForWriter([engine, how]) {
    const { env, target } = source(engine);
    const writer = servers[engine].session(new URL(env.SOURCE).pathname.slice(1), how.busy);
    await once(writer.stdout, 'data');
    const answer = await makePlace().run(args, env);
    writer.kill();
    assert.notEqual(answer.status, exits.done);
    assert.match(answer.stderr, /unable to lock the source/, engine);
    assert.ok(!existsSync(target) || sqlite(target, 'SELECT count(*) FROM sqlite_schema') === '0');
}

test('a writer under way is in the way, and nothing is made', { skip, timeout: 120000 },
    () => Promise.all(Object.entries(engines).map(waitsForWriter)));
