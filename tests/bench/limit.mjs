// SPDX-License-Identifier: Apache-2.0
// The limit: what PostgreSQL itself takes for rows that are ready. Binary COPY files on disk, two
// connections, COPY … FREEZE in the transaction that created the table, lz4 for long values,
// primary keys from unique indexes, indexes of one lane while the other still loads, foreign keys
// last.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Lane } from './lane.mjs';
import { createTable, csv, foreignKey, indexes, names, primaryKey } from './shape.mjs';

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
export async function makeCopyFiles(sqliteFile, folder, server, freshDatabase) {
    if (existsSync(folder)) {
        return;
    }
    const database = freshDatabase('bench_make').split('/').pop();
    const work = `${folder}.new`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    const lane = new Lane(server, database);
    for (const name of names) {
        await lane.run(createTable(name));
        await loadCsv(sqliteFile, name, server, database);
        await lane.run(`\\copy ${name} TO '${join(work, name)}' (FORMAT binary)`);
    }
    await lane.close();
    renameSync(work, folder);
}

const load = (name, folder) => [
    'BEGIN;',
    createTable(name),
    `\\copy ${name} FROM '${join(folder, name)}' (FORMAT binary, FREEZE)`,
    'COMMIT;',
];

// One lane: takes tasks off the list until none is left. A task whose condition does not hold yet
// is passed over; conditions are about the tasks before it in the lists of both lanes.
async function work(lane, tasks, done) {
    while (tasks.length > 0) {
        const next = tasks.findIndex((task) => task.after.every((name) => done.has(name)));
        if (next < 0) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            continue;
        }
        const [task] = tasks.splice(next, 1);
        await lane.run(...task.lines);
        done.add(task.name);
    }
}

/** Loads everything into a fresh database; answers the seconds it took. */
export async function runLimit(folder, server, database) {
    const lanes = [new Lane(server, database), new Lane(server, database)];
    for (const lane of lanes) {
        await lane.run('SET default_toast_compression = lz4;');
    }
    // In the order in which they are taken: the largest table first, and its keys as soon as it
    // is loaded, since they take longest.
    const tasks = ['orders', 'texts', 'blobs', 'users'].map((name) => ({
        name,
        after: [],
        lines: load(name, folder),
    }));
    for (const name of ['orders', 'texts', 'blobs', 'users']) {
        const key = { name: `${name}_pkey`, after: [name], lines: primaryKey(name) };
        tasks.push(key);
        indexes[name].forEach((sql, i) =>
            tasks.push({ name: `${name}_index_${i}`, after: [name], lines: [`${sql};`] }));
    }
    for (const name of ['orders', 'texts', 'blobs']) {
        const after = [name, 'users_pkey', `${name}_pkey`,
            ...indexes[name].map((_, i) => `${name}_index_${i}`)];
        tasks.push({ name: `${name}_fkey`, after, lines: foreignKey(name) });
    }
    const start = performance.now();
    const done = new Set();
    await Promise.all(lanes.map((lane) => work(lane, tasks, done)));
    const seconds = (performance.now() - start) / 1000;
    await Promise.all(lanes.map((lane) => lane.close()));
    return seconds;
}
