// SPDX-License-Identifier: Apache-2.0
// All nine directions: the command is killed at seeded instants, resumed, and the target equals the
// source; killed and discarded, and nothing is left. FAULT_ROUNDS beyond 10 kills more often.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, generate, makePlace } from '../lib/command.mjs';
import { sqlite, sqliteTables } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';
import { CHUNK, instantOf, instants, profile, rounds, rowsWanted, runAndKill, seed } from './rounds.mjs';

const skip = missing('postgresql') || missing('mysql');
const engines = ['sqlite', 'postgresql', 'mysql'];
const each = Math.ceil(rounds / 10);
const folder = skip ? '' : tempDir();
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
const file = skip ? '' : generate('--rows', Math.ceil(rowsWanted / 4));
const tables = skip ? [] : sqliteTables(file);
const sources = { sqlite: `sqlite:///${file}` };
after(() => servers?.stop());

let made = 0;
/** An empty database of that engine: its URL, and how to look into it. */
function fresh(engine) {
    const name = `direction_${++made}`;
    if (engine === 'sqlite') {
        const path = join(folder, `${name}.db`);
        return { url: `sqlite:///${path}`, path, rows: (table) => sqlite(path, `SELECT count(*) FROM "${table}"`),
            empty: () => !existsSync(path) || sqlite(path, 'SELECT count(*) FROM sqlite_schema') === '0' };
    }
    const url = servers.freshDatabase(name, engine);
    const database = new URL(url).pathname.slice(1);
    const ask = (sql) => servers[engine].query(database, sql);
    const schema = engine === 'mysql' ? 'DATABASE()' : "'public'";
    return { url, rows: (table) => ask(`SELECT count(*) FROM ${table}`),
        empty: () => ask(`SELECT count(*) FROM information_schema.tables
            WHERE table_schema = ${schema}`) === '0' };
}

/** The example database in that engine, made once by a move of its own. */
async function sourceOf(engine) {
    if (!sources[engine]) {
        const target = fresh(engine);
        const moved = await makePlace().run(['migrate', `sqlite:///${file}`, 'env:TARGET'],
            { TARGET: target.url });
        assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr);
        sources[engine] = target.url;
    }
    return sources[engine];
}

const argsOf = ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK];

async function assertEqualNow(place, env, target) {
    const verified = await place.json(['verify', 'env:SOURCE', 'env:TARGET'], env);
    assert.equal(verified.status, exits.done, verified.stderr);
    for (const table of tables) {
        assert.equal(target.rows(table), sqlite(file, `SELECT count(*) FROM "${table}"`), table);
    }
}

for (const from of engines) {
    for (const to of engines) {
        test(`${from} to ${to}: killed, resumed, equal; killed, discarded, gone`,
            { skip, timeout: 600000 }, async (t) => {
                const SOURCE = await sourceOf(from);
                const quiet = fresh(to);
                const undisturbed = await profile(makePlace(), argsOf, { SOURCE, TARGET: quiet.url });
                assert.ok([exits.done, exits.differs].includes(undisturbed.answer.status),
                    undisturbed.answer.stderr);
                for (const [i, at] of instants(`${from} ${to}`, 2 * each).entries()) {
                    const target = fresh(to);
                    const env = { SOURCE, TARGET: target.url };
                    const place = makePlace();
                    const killed = await runAndKill(place, argsOf, env, instantOf(undisturbed, at));
                    t.diagnostic(`seed ${seed}: killed in ${killed.phase}`);
                    const [job] = await place.jobs();
                    if (!job || killed.phase === 'end') {
                        continue; // it had not begun, or had ended by itself
                    }
                    const back = i % 2 === 1;
                    const answer = await place.run(['jobs', back ? 'discard' : 'resume', job.id], env);
                    const over = /had come to its end|it is done/.test(answer.stderr);
                    assert.ok([exits.done, exits.differs].includes(answer.status) || over,
                        `${killed.phase}: ${answer.stderr}`);
                    if (back && !over) {
                        assert.ok(target.empty(), `${killed.phase}: something is left`);
                    } else {
                        await assertEqualNow(place, env, target);
                    }
                }
            });
    }
}
