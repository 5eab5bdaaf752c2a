// SPDX-License-Identifier: Apache-2.0
// The limit: what PostgreSQL itself takes for rows that are ready. Binary COPY files on disk, two
// connections, COPY … FREEZE in the transaction that created the table, lz4 for long values,
// primary keys from unique indexes, indexes of one lane while the other still loads, foreign keys
// last; and the statistics, which a run of dbwizard makes in the same phase.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Lane, runTasks } from './lane.mjs';
import {
    byWork, children, createIndexes, createTable, csv, foreignKey, names, primaryKey,
} from './shape.mjs';

const table = (name) => createTable('postgresql', name);

// Rows of SQLite into a table, through CSV: slow, and done once.
function loadCsv(sqliteFile, name, server, database) {
    const url = server.url.replace(/[^/]*$/, database);
    const reader = spawn('sqlite3', ['-readonly', '-csv', '-newline', '\n', sqliteFile, csv[name]], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const argv = ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c',
        `COPY ${name} FROM STDIN (FORMAT csv)`];
    const writer = spawn('psql', argv, { stdio: [reader.stdout, 'inherit', 'inherit'] });
    reader.stdout.destroy(); // the writer has it now
    const ended = (child, what) =>
        new Promise((resolve, reject) => {
            child.on('error', reject);
            child.on('exit', (status) =>
                status === 0 ? resolve() : reject(new Error(`${what} of '${name}' failed`)));
        });
    return Promise.all([ended(reader, 'reading'), ended(writer, 'loading')]);
}

/** Makes the COPY files in `folder` unless they are there. */
export async function makeFiles(sqliteFile, folder, server, freshDatabase) {
    if (existsSync(folder)) {
        return;
    }
    const database = freshDatabase('bench_make').split('/').pop();
    const work = `${folder}.new`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    const lane = new Lane(server, database);
    for (const name of names) {
        await lane.run(table(name));
        await loadCsv(sqliteFile, name, server, database);
        await lane.run(`\\copy ${name} TO '${join(work, name)}' (FORMAT binary)`);
    }
    await lane.close();
    freshDatabase('bench_make');
    renameSync(work, folder);
}

const load = (name, folder) => [
    'BEGIN;',
    table(name),
    `\\copy ${name} FROM '${join(folder, name)}' (FORMAT binary, FREEZE)`,
    'COMMIT;',
];

/** Loads everything into a fresh database; answers the seconds it took. */
export function runLimit(folder, server, database) {
    // In the order in which they are taken: the largest table first, and its keys as soon as it
    // is loaded, since they take longest.
    const tasks = byWork.map((name) => ({ name, after: [], lines: load(name, folder) }));
    for (const name of byWork) {
        tasks.push({ name: `${name}_pkey`, after: [name], lines: primaryKey(name) });
        createIndexes(name).forEach((sql, i) =>
            tasks.push({ name: `${name}_index_${i}`, after: [name], lines: [sql] }));
    }
    for (const name of children) {
        const after = [name, 'users_pkey', `${name}_pkey`,
            ...createIndexes(name).map((_, i) => `${name}_index_${i}`)];
        tasks.push({ name: `${name}_fkey`, after, lines: foreignKey(name) });
    }
    for (const name of byWork) {
        const before = tasks.filter((task) => task.name.startsWith(`${name}_`));
        tasks.push({ name: `${name}_analyze`, after: before.map((task) => task.name),
            lines: [`ANALYZE ${name};`] });
    }
    return runTasks(server, database, 'SET default_toast_compression = lz4;', tasks);
}
