// SPDX-License-Identifier: Apache-2.0
// The limit of SQLite: see rows.c; with the statistics, which a run of dbwizard makes in the same
// phase. As tried for 2.2 million rows on two cores, in one sitting and without them: cache_size
// 16 MB 6.2 s, 64 MB 7.3 s, 256 MB 7.1 s; threads = 2 for the sorter 6.5 s; WAL 9.0 s; without
// journal and synchronisation no faster (7.7 s), as pages that are new are not journalled.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byWork, createIndexes, createTable, names } from './shape.mjs';

/** Makes the files of cells in `folder` unless they are there. */
export function makeFiles(program, sqliteFile, folder) {
    if (existsSync(folder)) {
        return;
    }
    const work = `${folder}.new`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    for (const name of names) {
        execFileSync(program, ['cells', sqliteFile, name, join(work, name)]);
    }
    const lines = [
        'PRAGMA cache_size = -16384;',
        ...byWork.flatMap((name) => ['BEGIN;', createTable('sqlite', name),
            `load ${name} ${join(folder, name)}`, 'COMMIT;']),
        ...byWork.flatMap(createIndexes),
        'PRAGMA foreign_key_check;',
        'ANALYZE;',
    ];
    writeFileSync(join(work, 'script'), `${lines.join('\n')}\n`);
    renameSync(work, folder);
}

/** Loads everything into a new file; answers the seconds it took. */
export function runLimit(program, folder, file) {
    return Number(execFileSync(program, ['load', file, join(folder, 'script')]).toString());
}
