// SPDX-License-Identifier: Apache-2.0
// The limit: what MariaDB itself takes for rows that are ready. Text files on disk, two
// connections, LOAD DATA LOCAL into tables that have their primary key alone, then all keys of a
// table in one ALTER TABLE, so that its rows are read once, with foreign_key_checks off; an
// anti-join proves each foreign key; and the statistics, which a run of dbwizard makes in the same
// phase. As tried for 2.2 million rows on two cores, in one sitting:
//
//   keys after the rows, LOCAL 10.4 s; from files of the server 13.7 s
//   keys in CREATE TABLE, LOCAL 18.5 s; from files of the server 20.8 s; two halves of the largest
//   table at the same time 21.7 s; with unique_checks off as well 25.8 s
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTasks } from './lane.mjs';
import { alterTable, antiJoin, byWork, children, createTable, names } from './shape.mjs';

/** Makes the text files in `folder` unless they are there. */
export function makeFiles(program, sqliteFile, folder) {
    if (existsSync(folder)) {
        return;
    }
    const work = `${folder}.new`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    for (const name of names) {
        execFileSync(program, ['text', sqliteFile, name, join(work, name)]);
    }
    renameSync(work, folder);
}

/** The statement that loads such a file. Bytes are no text of any character set. */
export const loadFile = (name, file) =>
    `LOAD DATA LOCAL INFILE '${file}' INTO TABLE ${name} ` +
    `CHARACTER SET ${name === 'blobs' ? 'binary' : 'utf8mb4'};`;

/** Loads everything into a fresh database; answers the seconds it took. */
export function runLimit(folder, server, database) {
    const tasks = byWork.map((name) => ({
        name,
        after: [],
        lines: [createTable('mysql', name), loadFile(name, join(folder, name))],
    }));
    for (const name of byWork) {
        tasks.push({ name: `${name}_keys`, after: [name],
            lines: [alterTable(name), `ANALYZE TABLE ${name};`] });
    }
    for (const name of children) {
        tasks.push({ name: `${name}_proof`, after: [`${name}_keys`, 'users_keys'],
            lines: [antiJoin(name)], answer: '0' });
    }
    return runTasks(server, database, 'SET foreign_key_checks = 0;', tasks);
}
