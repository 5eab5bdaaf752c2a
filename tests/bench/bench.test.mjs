// SPDX-License-Identifier: Apache-2.0
// The bench itself runs, on a small database, and tells every figure it should. How large the
// figures are is no test's business.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run, tempDir } from '../lib/servers.mjs';

test('make bench measures the limit and the command', { timeout: 300000 }, async () => {
    const folder = tempDir();
    const file = join(folder, 'figures.json');
    const argv = [process.execPath, fileURLToPath(new URL('bench.mjs', import.meta.url))];
    const env = { BENCH_SCALE: '0.002', BENCH_ONLY: 'limit,dbwizard', BENCH_WORK: folder,
        BENCH_JSON: file };
    const result = await run(argv, { env, timeout: 280000 });
    assert.equal(result.status, 0, result.stderr);
    const { limit, dbwizard } = JSON.parse(readFileSync(file, 'utf8'));
    assert.ok(limit.seconds > 0);
    for (const figure of ['seconds', 'cpu', 'rss', 'load', 'preflight', 'verify', 'load_cpu']) {
        assert.ok(dbwizard[figure] > 0, `${figure}: ${dbwizard[figure]}`);
    }
    assert.match(result.stdout, /copy \+ keys/);
});
