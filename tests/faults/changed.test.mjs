// SPDX-License-Identifier: Apache-2.0
// An application writes to the source between kill and resume, in all nine directions: what the target
// holds in the end is the new source, by the engines' own clients. A structure that changed is refused.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { exits, makePlace, randomNumbers, sanitized } from '../lib/command.mjs';
import { assertSameData } from '../lib/database.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { CHUNK, rounds, rowsWanted, runAndKill, seed } from './rounds.mjs';
import { advance, applicationOf, engines, refOf, shape, shops } from './shop.mjs';

const skip = missing('postgresql') || missing('mysql');
const ORDERS = Math.max(5000, rowsWanted / 10);
const turns = Math.max(1, Math.floor(rounds / 20)); // FAULT_ROUNDS=200: each direction ten times
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
after(() => servers?.stop());

const { fresh, sourceOf } = shops(servers, 'changed', ORDERS);

/* What goes on in a shop; of another part of the rows each time. In every range of keys rows come, go,
 * change and move, and change places in a unique column: `orders` is copied in several. */
function changes(engine, n) {
    const low = 20 + (n * 37) % 400;
    const high = ORDERS - 30 - (n * 41) % 400;
    const lift = ORDERS + 40 * (n + 1);
    return `${engine === 'sqlite' ? 'PRAGMA foreign_keys = ON;' : ''} ${engine === 'mysql' ? 'START TRANSACTION' : 'BEGIN'};
        DELETE FROM orders WHERE id % 97 = ${n % 97};
        UPDATE orders SET amount = amount * 2, note = 'changed ${n}' WHERE id % 89 = ${n % 89};
        UPDATE orders SET note = NULL, rating = rating / 3 WHERE id % 83 = ${n % 83};
        DELETE FROM order_lines WHERE order_id IN (${low}, ${low + 1}, ${high}, ${high - 1});
        UPDATE orders SET id = ${lift} WHERE id = ${low};
        UPDATE orders SET id = ${lift + 1} WHERE id = ${high};
        UPDATE orders SET id = ${-n - 1} WHERE id = ${low + 1};
        UPDATE orders SET id = ${-1000 - n} WHERE id = ${high - 1};
        UPDATE orders SET ref = NULL WHERE id = ${high - 5};
        UPDATE orders SET ref = '${refOf(high - 5)}' WHERE id = ${low + 5};
        UPDATE orders SET ref = '${refOf(low + 5)}' WHERE id = ${high - 5};
        INSERT INTO customers (id, email, name, balance, active) VALUES
            (${2 * n + 1}, 'odd${n}@example.org', 'between', 7.77, TRUE);
        UPDATE customers SET email = 'moved${n}@example.org', photo = NULL WHERE id = ${2 * n + 4};
        INSERT INTO orders (id, customer_id, placed, amount, note, ref) VALUES
            (${lift + 2}, ${2 * n + 1}, '2026-11-20 10:00:00', 12.5, 'new', 'N-${n}'),
            (${lift + 3}, ${2 * n + 1}, '2026-11-20 10:00:01', 12.5, NULL, NULL);
        INSERT INTO order_lines VALUES (${lift + 2}, 1, 'new', 1), (${lift + 2}, 2, 'new', 2);
        UPDATE documents SET body = 'rewritten ${n}' WHERE code LIKE 'D-%${n % 10}';
        UPDATE documents SET code = replace(code, 'D-${n % 9 + 1}', 'A${n}-') WHERE title LIKE '%${(n + 3) % 10}';
        DELETE FROM documents WHERE title LIKE '%${n % 10}7';
        INSERT INTO documents VALUES ('0-${n}', 'first', 'b', NULL), ('Z-${n}', 'last', 'b', '{"z": [1]}');
        UPDATE categories SET parent_id = 2 WHERE id = ${4 + n % 30};
        INSERT INTO categories (id, parent_id, name) VALUES (${1000 + n}, 3, 'late');
        DELETE FROM log WHERE message IS NULL;
        INSERT INTO log SELECT at, message FROM log WHERE message IS NOT NULL LIMIT ${5 + n % 5};
        INSERT INTO spare (id, name) VALUES (${n + 1}, 'no more');
        COMMIT;
        ${advance(engine, 'orders', ORDERS * 4 + 100 * n)} ${advance(engine, 'spare', 77000 + n)}`;
}

const argsOf = (mode) => ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK,
    ...(mode === 'create' ? [] : ['--schema-mode', mode])];
const good = [exits.done, exits.differs];

function begin(from, to, mode, source = sourceOf(from)) {
    const target = fresh(to, mode === 'existing' ? applicationOf(to) : undefined);
    return { source, target, place: makePlace(), args: argsOf(mode), before: target.state(),
             env: { SOURCE: source.url, TARGET: target.url } };
}

const phases = ['schema', 'copy', 'copy', 'keys', 'sequences', 'verify'];
const random = randomNumbers(seed);
const all = engines.flatMap((from) => engines.map((to) => ({ from, to })));
const directions = sanitized ? [all[1], all[5], all[6]] : all; // each engine on each side
let n = 0;

for (let turn = 0; turn < turns; turn++) {
    for (const [i, { from, to }] of directions.entries()) {
        const phase = phases[Math.floor(random() * phases.length)];
        const delay = random() * (phase === 'copy' ? 120 : 10);
        const mode = (turn + i) % 2 ? 'existing' : 'create';
        test(`${from} to ${to} (${mode}): killed ${delay.toFixed(0)} ms into ${phase}, the source changed`,
            { skip, timeout: 120000 }, async (t) => {
                const round = begin(from, to, mode);
                const killed = await runAndKill(round.place, round.args, round.env, { phase, delay });
                t.diagnostic(`FAULT_SEED=${seed}: in ${killed.phase}`);
                if (['stamp', 'report', 'end'].includes(killed.phase)) {
                    return; // the source was not asked any more
                }
                round.source.sql(changes(from, n++));
                const [job] = await round.place.jobs();
                const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
                assert.ok(good.includes(resumed.status), `${killed.phase}: ${resumed.stderr}`);
                assertSameData(round.source, round.target, shape);
            });
    }
}

const structures = {
    'a column came': { sql: 'ALTER TABLE customers ADD COLUMN nickname varchar(20)',
                       shape: { ...shape, customers: { ...shape.customers, nickname: 'text' } } },
    'an index came': { sql: 'CREATE INDEX late ON documents (title)', shape },
    'a table came': { sql: 'CREATE TABLE late (id int NOT NULL PRIMARY KEY)', shape: { ...shape, late: { id: 'integer' } } },
};
for (const [i, [what, change]] of Object.entries(structures).slice(0, sanitized ? 1 : 3).entries()) {
    const [from, to] = [engines[i], engines[(i + 1) % 3]];
    test(`${from} to ${to}: ${what} in between: refused, given back, moved anew`, { skip, timeout: 120000 },
        async () => {
            const round = begin(from, to, 'create');
            await runAndKill(round.place, round.args, round.env, { phase: 'keys', delay: 0 });
            const [job] = await round.place.jobs();
            assert.equal(job.resumable, true);
            round.source.sql(change.sql);
            const resumed = await round.place.run(['jobs', 'resume', job.id], round.env);
            assert.equal(resumed.status, exits.failed, resumed.stderr);
            assert.match(resumed.stderr,
                /unable to resume: the structure of the source changed since the run began/);
            assert.match(resumed.stderr, /hint: Discard the run and start it anew\./);
            const discarded = await round.place.run(['jobs', 'discard', job.id], round.env);
            assert.equal(discarded.status, exits.done, discarded.stderr);
            assert.equal(round.target.state(), round.before);
            const anew = await round.place.run(round.args, round.env);
            assert.ok(good.includes(anew.status), anew.stderr);
            assertSameData(round.source, round.target, change.shape);
        });
}
