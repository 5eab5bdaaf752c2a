// SPDX-License-Identifier: Apache-2.0
// The programs that are measured: dbwizard and pgloader.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tempDir } from '../lib/servers.mjs';
import { databaseOf } from './engines.mjs';

const minutes = 60000;

/** Runs argv, for at most 10 minutes, and answers {seconds, user, system, rss_kib, …}. */
async function measured(program, argv, env) {
    const file = join(tempDir(), 'usage.json');
    const result = await run([program, file, ...argv], { env, timeout: 10 * minutes });
    if (!existsSync(file)) {
        throw new Error(`unable to measure ${argv[0]}: ${result.stderr}`);
    }
    return { ...result, ...JSON.parse(readFileSync(file, 'utf8')) };
}

/* --- pgloader ------------------------------------------------------------------------------- */

// The fastest of what was tried on two cores: with the defaults (25,000 rows of 20 MB a batch,
// 100,000 rows read ahead) its heap is exhausted; larger batches and more workers cost it more.
const pgloaderCommand = (from, to) => `load database
    from ${from}
    into ${to}
    with create tables, create indexes, reset sequences, foreign keys,
         workers = 2, concurrency = 1, batch rows = 1000, batch size = 8 MB,
         prefetch rows = 1000
    set maintenance_work_mem to '256MB', work_mem to '64MB';
`;

/** Whether it is installed, and can read databases of that kind. */
export async function pgloaderReads(kind) {
    if (kind === 'postgresql') {
        return false;
    }
    return Boolean(await run(['pgloader', '--version']).catch(() => undefined));
}

// Its grammar has no way to write our test passwords.
function makeLoader(servers, from, to) {
    const { host, port, adminUrl } = servers.postgresql;
    const database = databaseOf(to);
    execFileSync('psql', ['-Xqw', '-d', adminUrl.replace(/[^/]*$/, database), '-c',
        "DO $make$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loader') THEN " +
        "CREATE ROLE loader LOGIN PASSWORD 'loader' IN ROLE app; END IF; END $make$; " +
        `ALTER SCHEMA public OWNER TO loader; GRANT CREATE ON DATABASE ${database} TO loader`]);
    const target = `postgresql://loader:loader@${host}:${port}/${database}`;
    if (!from.startsWith('mysql:')) {
        return { source: from.replace('sqlite:///', 'sqlite://'), target, database };
    }
    const { mysql } = servers;
    const name = databaseOf(from);
    execFileSync('mariadb', ['--no-defaults', '--protocol=tcp', `--host=${mysql.host}`,
        `--port=${mysql.port}`, '--user=admin', '-e', "CREATE OR REPLACE USER loader@'%' " +
        `IDENTIFIED BY 'loader'; GRANT ALL ON ${name}.* TO loader@'%'`],
    { env: { ...process.env, MYSQL_PWD: mysql.password } });
    const source = `mysql://loader:loader@${mysql.host}:${mysql.port}/${name}`;
    return { source, target, database };
}

// It makes a schema of its own, named after the source's database, where that is a server's.
function tidy(servers, database, from) {
    const admin = servers.postgresql.adminUrl.replace(/[^/]*$/, database);
    const schema = from.startsWith('mysql:') ? databaseOf(from) : 'public';
    const sql = `GRANT USAGE ON SCHEMA ${schema} TO app;
        GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO app;
        ALTER ROLE app IN DATABASE ${database} SET search_path = ${schema}, public;`;
    execFileSync('psql', ['-Xqw', '-d', admin, '-c', sql]);
}

/** pgloader's way from `from` into the empty PostgreSQL database `to`. */
export async function runPgloader(place, from, to) {
    const { source, target, database } = makeLoader(place.servers, from, to);
    const folder = tempDir();
    const file = join(folder, 'bench.load');
    writeFileSync(file, pgloaderCommand(source, target));
    const argv = ['pgloader', '--root-dir', folder, '--logfile', join(folder, 'log'), file];
    const result = await measured(place.measure, argv, { PGSSLMODE: 'disable' });
    if (result.status !== 0 || /ERROR|FATAL|exhausted/.test(result.stdout + result.stderr)) {
        throw new Error(`pgloader: ${result.stdout.slice(-3000)}${result.stderr.slice(-3000)}`);
    }
    tidy(place.servers, database, from);
    const { seconds, user, system, rss_kib: kib } = result;
    return { seconds, cpu: user + system, rss: kib / 1024 };
}

/* --- dbwizard ------------------------------------------------------------------------------- */

/** What the aims speak of, out of the phases of the report. */
const parts = { load: ['copy', 'keys'], preflight: ['plan', 'preflight'], verify: ['verify'] };

function sumsOf(phases, member) {
    return Object.fromEntries(Object.entries(parts).map(([part, names]) => [part,
        phases.filter((phase) => names.includes(phase.name))
            .reduce((sum, phase) => sum + (phase[member] ?? 0), 0)]));
}

/** dbwizard's way from `from` into the empty database `to`. */
export async function runDbwizard(place, from, to) {
    const state = tempDir();
    const reportFile = join(state, 'report.json');
    const env = {
        BENCH_SOURCE: from,
        BENCH_TARGET: to,
        DBWIZARD_STATE_DIR: state,
        DBWIZARD_DATA_DIR: place.source,
    };
    const argv = [place.command, 'migrate', 'env:BENCH_SOURCE', 'env:BENCH_TARGET', '--json',
        '--report', reportFile, '--create-database'];
    const result = await measured(place.measure, argv, env);
    if (![0, 3].includes(result.status)) {
        throw new Error(`dbwizard: status ${result.status}: ${result.stdout}${result.stderr}`);
    }
    const { phases, verdict } = JSON.parse(readFileSync(reportFile, 'utf8'));
    const cpu = sumsOf(phases, 'cpu_seconds');
    return {
        seconds: result.seconds,
        cpu: result.user + result.system,
        rss: result.rss_kib / 1024,
        ...sumsOf(phases, 'seconds'),
        load_cpu: cpu.load,
        preflight_cpu: cpu.preflight,
        verify_cpu: cpu.verify,
        verdict,
        phases: Object.fromEntries(phases.map((phase) => [phase.name, phase.seconds ?? 0])),
    };
}
