// SPDX-License-Identifier: Apache-2.0
// The bench itself runs, on a small database, and tells every figure it should. How large the
// figures are is no test's business.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sanitized } from '../lib/command.mjs';
import { run, tempDir } from '../lib/servers.mjs';

const engines = ['sqlite', 'postgresql', 'mysql'];
const directions = sanitized ? ['sqlite-postgresql', 'postgresql-mysql', 'mysql-sqlite']
    : engines.flatMap((from) => engines.map((to) => `${from}-${to}`));
const folder = tempDir();

async function bench(settings) {
    const file = join(tempDir(), 'figures.json');
    const argv = [process.execPath, fileURLToPath(new URL('bench.mjs', import.meta.url))];
    const env = { BENCH_WORK: folder, BENCH_JSON: file, ...settings };
    const result = await run(argv, { env, timeout: 280000 });
    assert.equal(result.status, 0, result.stderr);
    return { ...result, figures: JSON.parse(readFileSync(file, 'utf8')).directions };
}

function checkFigures(one, what) {
    for (const figure of ['seconds', 'cpu', 'rss', 'load', 'preflight', 'verify', 'load_cpu']) {
        assert.ok(one[figure] >= 0, `${what}: ${figure}: ${one[figure]}`);
    }
    for (const figure of ['seconds', 'rss', 'load']) {
        assert.ok(one[figure] > 0, `${what}: ${figure}: ${one[figure]}`);
    }
}

test('make bench measures limit and command in every direction', { timeout: 300000 },
    async () => {
        const { figures, stdout } = await bench({ BENCH_SCALE: '0.002',
            BENCH_ONLY: 'limit,dbwizard', BENCH_DIRECTIONS: directions.join() });
        assert.deepEqual(Object.keys(figures), directions);
        for (const [direction, { limit, dbwizard }] of Object.entries(figures)) {
            assert.ok(limit.seconds > 0, direction);
            checkFigures(dbwizard, direction);
        }
        assert.match(stdout, /PostgreSQL → MariaDB: \(copy \+ keys\) \/ limit/);
    });

test('it compares sizes of one table', { timeout: 300000 }, async () => {
    const { figures, stdout } = await bench({ BENCH_SCALES: '1000,4000',
        BENCH_DIRECTIONS: sanitized ? 'sqlite-sqlite' : 'mysql-sqlite,sqlite-postgresql' });
    for (const [direction, sizes] of Object.entries(figures)) {
        assert.deepEqual(Object.keys(sizes), ['1000', '4000']);
        checkFigures(sizes[4000], direction);
    }
    assert.match(stdout, /memory, last \/ first/);
});
