// SPDX-License-Identifier: Apache-2.0
// Servers whose settings suit web pages and not a move: connections that are idle for a second are
// thrown out, as are statements that take long; packets are small; somebody holds a lock. The command
// is made to stand still for longer than all of that, again and again.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { assertSameData } from '../lib/database.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { CHUNK, rounds, sleep } from './rounds.mjs';
import { applicationOf, engines, fill, shape, shops } from './shop.mjs';

const skip = missing('postgresql') || missing('mysql');
const ORDERS = 6000;
const hostile = {
    postgresql: ['statement_timeout=900', 'idle_in_transaction_session_timeout=900', 'idle_session_timeout=900',
                 'lock_timeout=300'],
    mysql: ['wait_timeout=1', 'interactive_timeout=1', 'idle_transaction_timeout=1',
            'idle_write_transaction_timeout=1', 'idle_readonly_transaction_timeout=1', 'net_read_timeout=1',
            'net_write_timeout=1', 'max_statement_time=0.9', 'lock_wait_timeout=1',
            'innodb_lock_wait_timeout=1'],
};
const servers = skip ? undefined : startServers(hostile);
after(() => servers?.stop());

const { fresh, sourceOf } = shops(servers, 'hostile', ORDERS);

const args = ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK];

const phases = rounds > 10 ? /^[a-z]+$/ : /^(preflight|copy|keys|verify)$/;

// Each time that the command has come to such a phase it stands still for so long, a little later.
async function slowly(place, env, more = [], still = 1300) {
    const running = place.run([...args, ...more], env);
    let text = '';
    let stopping = Promise.resolve();
    running.child.stderr.on('data', (bytes) => {
        text += bytes;
        const lines = text.split('\n');
        text = lines.pop();
        for (const phase of lines.filter((line) => phases.test(line))) {
            stopping = stopping.then(() => sleep(phase === 'copy' ? 25 : 2)).then(async () => {
                running.child.kill('SIGSTOP');
                await sleep(still);
                running.child.kill('SIGCONT');
            });
        }
    });
    return running;
}

const good = [exits.done, exits.differs];
const directions = rounds > 10 ? engines.flatMap((from) => engines.map((to) => [from, to]))
    : [['postgresql', 'mysql'], ['mysql', 'postgresql']];

test('nobody is thrown out for being idle or slow', { skip, timeout: 300000 }, async (t) => {
    // Beside each other: most of it is waiting.
    const runs = directions.map(([from, to]) => ({ name: `${from} to ${to}`, source: sourceOf(from), target: fresh(to) }));
    await Promise.all(runs.map(async (run) => {
        run.answer = await slowly(makePlace(), { SOURCE: run.source.url, TARGET: run.target.url });
    }));
    for (const { name, source, target, answer } of runs) {
        await t.test(name, () => {
            assert.ok(good.includes(answer.status), answer.stderr);
            assertSameData(source, target, shape);
        });
    }
});

// A client of the server that holds a lock for so long.
async function locked(database, sql, milliseconds, act) {
    const { server } = database;
    const [program, argv, env] = server.name === 'postgresql'
        ? ['psql', ['-XqAt', '-h', server.host, '-p', String(server.port), '-U', server.user, '-d', database.database],
           { PGPASSWORD: server.password }]
        : ['mariadb', ['--no-defaults', '--protocol=tcp', '-N', '--unbuffered', `--host=${server.host}`,
                       `--port=${server.port}`, `--user=${server.user}`, database.database],
           { MYSQL_PWD: server.password }];
    const holder = spawn(program, argv, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    const lives = server.name === 'postgresql' ? "SET statement_timeout = 0; SET idle_session_timeout = 0;\n" +
        'SET idle_in_transaction_session_timeout = 0;\n' : 'SET SESSION wait_timeout = 100;\n';
    const has = new Promise((resolve) => holder.stdout.once('data', resolve));
    holder.stdin.write(`${lives}${sql};\nSELECT 1;\n`);
    await has;
    const acting = act();
    await sleep(milliseconds);
    holder.stdin.end();
    return acting;
}

for (const [engine, sql] of [['postgresql', 'BEGIN; LOCK TABLE documents IN ACCESS EXCLUSIVE MODE'],
                             ['mysql', 'LOCK TABLES documents WRITE']]) {
    test(`${engine}: somebody holds a lock on a table for longer than the server lets wait`, { skip },
        async () => {
            const target = fresh(engine, applicationOf(engine));
            const place = makePlace();
            const answer = await locked(target, sql, 2000, () => place.run([...args, '--schema-mode', 'existing'],
                { SOURCE: sourceOf('sqlite').url, TARGET: target.url }));
            assert.ok(good.includes(answer.status), answer.stderr);
            assertSameData(sourceOf('sqlite'), target, shape);
        });
}

// As root, by the socket: the application's user may not set anything for all.
function setForAll(name, value) {
    const done = spawnSync('mariadb', ['--no-defaults', `--socket=${servers.mysql.socket}`, '--user=root', '-e',
        `SET GLOBAL ${name} = ${value}`], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
}

test('MariaDB takes small packets: rows go in small pieces, one that is too large is named', { skip },
    async () => {
        const source = fresh('sqlite');
        fill(source, 2000);
        source.sql("INSERT INTO documents VALUES ('large', 'large', printf('%.*c', 100000, 'x'), NULL)");
        setForAll('max_allowed_packet', 65536);
        const target = fresh('mysql');
        const place = makePlace();
        const env = { SOURCE: source.url, TARGET: target.url };
        const answer = await place.run(args, env);
        assert.equal(answer.status, exits.refused, answer.stderr);
        assert.match(answer.stderr,
            /documents\.body holds a value of 100000 bytes, and the target's server takes rows of 65536 at most/);
        const without = await place.run([...args, '--on-bad-row', 'reject'], env);
        assert.equal(without.status, exits.differs, without.stderr);
        source.sql("DELETE FROM documents WHERE code = 'large'");
        assertSameData(source, target, shape);
        setForAll('max_allowed_packet', 'DEFAULT');
    });
