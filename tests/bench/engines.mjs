// SPDX-License-Identifier: Apache-2.0
// What the bench needs of each engine: fresh databases, counts, sources, the limit.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Lane } from './lane.mjs';
import * as limitMysql from './limit_mysql.mjs';
import * as limitPostgresql from './limit_postgresql.mjs';
import * as limitSqlite from './limit_sqlite.mjs';
import { createIndexes, createTable, primaryKey, alterTable } from './shape.mjs';

export const kinds = ['sqlite', 'postgresql', 'mysql'];
export const titles = { sqlite: 'SQLite', postgresql: 'PostgreSQL', mysql: 'MariaDB' };

// What an administrator of this machine would set; the rest is the server's default. All that is
// committed is on the disk.
export const settings = {
    postgresql: ['fsync=on', 'shared_buffers=256MB', 'max_wal_size=4GB', 'ssl=off'],
    mysql: ['innodb_buffer_pool_size=1G', 'innodb_log_file_size=1G',
        'innodb_flush_log_at_trx_commit=1', 'innodb_flush_method=O_DIRECT'],
};

/** The name of the database of a server's URL. */
export const databaseOf = (url) => url.split('/').pop().replace(/\?.*/, '');

// The servers' own clients take no TLS either.
const plain = '?sslmode=disable';

/** A file of rows, one per line of the file of table `name`, for servers. */
async function loadEvents(server, database, file) {
    const lane = new Lane(server, database);
    await lane.run(createTable(server.name, 'events'));
    if (server.name === 'mysql') {
        await lane.run(limitMysql.loadFile('events', file));
        await lane.run(alterTable('events'));
    } else {
        await lane.run(`\\copy events FROM '${file}'`);
        await lane.run(...primaryKey('events'), ...createIndexes('events'), 'VACUUM ANALYZE;');
    }
    await lane.close();
}

function makeServer(kind, servers, files) {
    const server = servers[kind];
    const admin = { ...server, user: 'admin' };
    const limit = kind === 'mysql' ? limitMysql : limitPostgresql;
    const self = {
        kind,
        /** An empty database with nothing left to write from before; what to pass as its URL. */
        fresh(name) {
            self.settle();
            return servers.freshDatabase(name, kind) + plain;
        },
        /** Whatever was written stands on the disk, so that nobody pays for those before him. */
        settle() {
            if (kind === 'postgresql') {
                execFileSync('psql', ['-Xqw', '-d', server.adminUrl, '-c', 'CHECKPOINT']);
                return;
            }
            const sql = 'SET GLOBAL innodb_io_capacity_max = 20000; ' +
                'SET GLOBAL innodb_io_capacity = 20000; ' +
                'SET GLOBAL innodb_max_dirty_pages_pct = 0; ' +
                'SELECT variable_value FROM information_schema.global_status ' +
                "WHERE variable_name = 'Innodb_buffer_pool_pages_dirty'";
            for (let i = 0; i < 100 && Number(execute(admin, sql)) > 100; i++) {
                execFileSync('sleep', ['0.2']);
            }
            execute(admin, 'SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT; ' +
                'SET GLOBAL innodb_io_capacity = DEFAULT; ' +
                'SET GLOBAL innodb_io_capacity_max = DEFAULT');
        },
        count: (url, table) =>
            server.query(databaseOf(url), `SELECT count(*) FROM ${table}`),
        drop: (name) => servers.freshDatabase(name, kind),
        async limit(name) {
            self.settle();
            const url = servers.freshDatabase(name, kind);
            const seconds = await limit.runLimit(files(kind), server, databaseOf(url));
            return { url: url + plain, seconds };
        },
        async loadEvents(name, file) {
            const url = servers.freshDatabase(name, kind);
            await loadEvents(server, databaseOf(url), file);
            return url + plain;
        },
    };
    return self;
}

function execute(server, sql) {
    return execFileSync('mariadb', ['--no-defaults', '--batch', '--skip-column-names',
        '--protocol=tcp', `--host=${server.host}`, `--port=${server.port}`,
        `--user=${server.user}`, '-e', sql],
    { env: { ...process.env, MYSQL_PWD: server.password } }).toString().trim();
}

function removeFile(file) {
    for (const end of ['', '-journal', '-wal', '-shm', '-dbwizard-lock']) {
        rmSync(file + end, { force: true });
    }
}

function makeSqlite(workFolder, program, files) {
    const fileOf = (name) => join(workFolder, `${name}.sqlite`);
    return {
        kind: 'sqlite',
        fresh(name) {
            removeFile(fileOf(name));
            execFileSync('sync');
            return `sqlite:///${fileOf(name)}`;
        },
        count: (url, table) => execFileSync('sqlite3', ['-readonly', url.replace('sqlite:///', ''),
            `SELECT count(*) FROM ${table}`]).toString().trim(),
        drop: (name) => removeFile(fileOf(name)),
        limit(name) {
            removeFile(fileOf(name));
            execFileSync('sync');
            const seconds = limitSqlite.runLimit(program, files('sqlite'), fileOf(name));
            return { url: `sqlite:///${fileOf(name)}`, seconds };
        },
    };
}

/** {sqlite, postgresql, mysql}; `files(kind)` names the folder of that engine's rows. */
export function makeEngines(servers, workFolder, program, files) {
    const engines = { sqlite: makeSqlite(workFolder, program, files) };
    for (const kind of ['postgresql', 'mysql']) {
        if (servers[kind]) {
            engines[kind] = makeServer(kind, servers, files);
        }
    }
    return engines;
}

/** The rows for the limit of `kind`, made once and kept. */
export async function makeFiles(kind, sqliteFile, folder, program, servers) {
    if (existsSync(folder)) {
        return;
    }
    if (kind === 'postgresql') {
        await limitPostgresql.makeFiles(sqliteFile, folder, servers.postgresql,
            (name) => servers.freshDatabase(name, 'postgresql'));
    } else {
        (kind === 'mysql' ? limitMysql : limitSqlite).makeFiles(program, sqliteFile, folder);
    }
}
