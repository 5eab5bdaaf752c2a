// SPDX-License-Identifier: Apache-2.0
// make bench: SQLite into PostgreSQL beside the limit and beside pgloader, in one run, as ratios.
//
//   BENCH_SCALE=0.1      a tenth of 2.22 million rows (1)
//   BENCH_REPEAT=3       each of limit and dbwizard so often, the median counts (1)
//   BENCH_ONLY=limit,pgloader,dbwizard   only these parts
//   BENCH_WORK=FOLDER    where the files are kept ($DBW_TOP_BUILDDIR/tests/bench/work)
//   BENCH_DBWIZARD=FILE  the command to measure ($DBW_TOP_BUILDDIR/dbwizard)
//   BENCH_JSON=FILE      the figures, also as JSON
//   BENCH_STRICT=1       exit with 1 when an aim is missed
//
// The database file and the COPY files are made once and kept.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, startServers, tempDir } from '../lib/servers.mjs';
import { makeCopyFiles, runLimit } from './limit.mjs';
import { names } from './shape.mjs';

const source = process.env.DBW_TOP_SRCDIR ?? fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.DBW_TOP_BUILDDIR ?? process.cwd();
const scale = process.env.BENCH_SCALE ?? '1';
const repeat = Number(process.env.BENCH_REPEAT ?? '1');
const only = (process.env.BENCH_ONLY ?? 'limit,pgloader,dbwizard').split(',');
const command = process.env.BENCH_DBWIZARD ?? join(build, 'dbwizard');
const workFolder = process.env.BENCH_WORK ?? join(build, 'tests', 'bench', 'work');
const sqliteFile = join(workFolder, `bench-${scale}.sqlite`);
const measureProgram = join(build, 'tests', 'bench', 'measure');

// What an administrator of this machine would set; the rest is the server's default.
const settings = ['fsync=on', 'shared_buffers=256MB', 'max_wal_size=4GB', 'ssl=off'];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1];

function say(text) {
    console.error(`# ${text}`);
}

/** Runs argv, for at most 10 minutes, and answers {seconds, user, system, rss_kib, …}. */
async function measured(argv, env) {
    const file = join(tempDir(), 'usage.json');
    const result = await run([measureProgram, file, ...argv], { env, timeout: 600000 });
    if (!existsSync(file)) {
        throw new Error(`unable to measure ${argv[0]}: ${result.stderr}`);
    }
    return { ...result, ...JSON.parse(readFileSync(file, 'utf8')) };
}

/** A fresh database with nothing left to write from before; answers its URL. */
function prepare(servers, name) {
    const url = servers.freshDatabase(name);
    execFileSync('psql', ['-Xqw', '-d', servers.postgresql.adminUrl, '-c', 'CHECKPOINT']);
    return url;
}

const databaseOf = (url) => url.split('/').pop();

/** The rows must have arrived: a fast program that loses some is no comparison. */
function checkRows(servers, database, who) {
    for (const name of names) {
        const sql = `SELECT count(*) FROM ${name}`;
        const expected = execFileSync('sqlite3', ['-readonly', sqliteFile, sql]).toString().trim();
        const found = servers.postgresql.query(database, sql);
        if (found !== expected) {
            throw new Error(`${who}: '${name}' has ${found} rows, not ${expected}`);
        }
    }
}

async function benchLimit(servers) {
    const copyFolder = join(workFolder, `copy-${scale}`);
    say('making the COPY files');
    await makeCopyFiles(sqliteFile, copyFolder, servers.postgresql, servers.freshDatabase);
    const seconds = [];
    for (let i = 0; i < repeat; i++) {
        const database = databaseOf(prepare(servers, 'bench_limit'));
        seconds.push(await runLimit(copyFolder, servers.postgresql, database));
        checkRows(servers, database, 'limit');
        say(`limit: ${seconds.at(-1).toFixed(2)} s`);
    }
    return { seconds: median(seconds), all: seconds };
}

// The fastest of what was tried on two cores: with the defaults (25,000 rows of 20 MB a batch,
// 100,000 rows read ahead) its heap is exhausted; larger batches and more workers cost it more.
const pgloaderCommand = (url) => `load database
    from sqlite://${sqliteFile}
    into ${url}
    with create tables, create indexes, reset sequences, foreign keys,
         workers = 2, concurrency = 1, batch rows = 1000, batch size = 8 MB,
         prefetch rows = 1000
    set maintenance_work_mem to '256MB', work_mem to '64MB';
`;

async function benchPgloader(servers) {
    const version = await run(['pgloader', '--version']).catch(() => undefined);
    if (!version) {
        say('pgloader is not installed');
        return undefined;
    }
    const { host, port, adminUrl } = servers.postgresql;
    const database = databaseOf(prepare(servers, 'bench_pgloader'));
    // Its grammar has no way to write our test password.
    execFileSync('psql', ['-Xqw', '-d', adminUrl.replace(/[^/]*$/, database), '-c',
        "CREATE ROLE loader LOGIN PASSWORD 'loader'; GRANT app TO loader; " +
        'GRANT CREATE ON SCHEMA public TO loader']);
    const folder = tempDir();
    const file = join(folder, 'bench.load');
    writeFileSync(file, pgloaderCommand(`postgresql://loader:loader@${host}:${port}/${database}`));
    const argv = ['pgloader', '--root-dir', folder, '--logfile', join(folder, 'log'), file];
    const result = await measured(argv, { PGSSLMODE: 'disable' });
    if (result.status !== 0 || /ERROR|FATAL|exhausted/.test(result.stdout + result.stderr)) {
        throw new Error(`pgloader: ${result.stdout.slice(-3000)}${result.stderr.slice(-3000)}`);
    }
    execFileSync('psql', ['-Xqw', '-d', adminUrl.replace(/[^/]*$/, database), '-c',
        'GRANT SELECT ON ALL TABLES IN SCHEMA public TO app']);
    checkRows(servers, database, 'pgloader');
    say(`pgloader: ${result.seconds.toFixed(2)} s`);
    return { seconds: result.seconds, cpu: result.user + result.system, rss: result.rss_kib / 1024 };
}

/** The seconds, or processor seconds, of each phase, from the report. */
function phasesOf(reportFile, member) {
    const { phases } = JSON.parse(readFileSync(reportFile, 'utf8'));
    return Object.fromEntries(phases.map((phase) => [phase.name, phase[member] ?? 0]));
}

/** What the aims speak of, out of the phases. */
const parts = {
    load: ['copy', 'keys'],
    preflight: ['plan', 'preflight'],
    verify: ['verify'],
};

function sumOf(phases, part) {
    return parts[part].reduce((sum, name) => sum + (phases[name] ?? 0), 0);
}

async function migrate(servers) {
    const url = `${prepare(servers, 'bench_dbwizard')}?sslmode=disable`;
    const state = tempDir();
    const reportFile = join(state, 'report.json');
    const env = { BENCH_TARGET: url, DBWIZARD_STATE_DIR: state, DBWIZARD_DATA_DIR: source };
    const argv = [command, 'migrate', `sqlite:///${sqliteFile}`, 'env:BENCH_TARGET', '--json',
        '--report', reportFile];
    const result = await measured(argv, env);
    if (![0, 3].includes(result.status)) {
        throw new Error(`dbwizard: status ${result.status}: ${result.stdout}${result.stderr}`);
    }
    const answer = JSON.parse(result.stdout);
    checkRows(servers, 'app_bench_dbwizard', 'dbwizard');
    const phases = phasesOf(reportFile, 'seconds');
    const cpus = phasesOf(reportFile, 'cpu_seconds');
    say(`dbwizard: ${result.seconds.toFixed(2)} s, ${answer.verdict}: ${JSON.stringify(phases)}`);
    return {
        seconds: result.seconds,
        cpu: result.user + result.system,
        rss: result.rss_kib / 1024,
        load: sumOf(phases, 'load'),
        preflight: sumOf(phases, 'preflight'),
        verify: sumOf(phases, 'verify'),
        load_cpu: sumOf(cpus, 'load'),
        preflight_cpu: sumOf(cpus, 'preflight'),
        verify_cpu: sumOf(cpus, 'verify'),
        verdict: answer.verdict,
        phases,
    };
}

async function benchDbwizard(servers) {
    if (!existsSync(command)) {
        say(`${command} is not there`);
        return undefined;
    }
    await run([command, 'version']); // libtool's wrapper relinks at its first run
    const runs = [];
    for (let i = 0; i < repeat; i++) {
        runs.push(await migrate(servers));
    }
    const result = { ...runs[0], all: runs };
    for (const part of ['seconds', 'cpu', 'rss', 'load', 'preflight', 'verify', 'load_cpu',
        'preflight_cpu', 'verify_cpu']) {
        result[part] = median(runs.map((one) => one[part]));
    }
    return result;
}

/** [what, figure, aim, whether it is met] for every figure that could be measured. */
function aims({ limit, pgloader, dbwizard }) {
    const rows = [];
    const most = (what, figure, aim, unit = '') =>
        rows.push([what, `${figure.toFixed(2)}${unit}`, `≤ ${aim}${unit}`, figure <= aim]);
    const least = (what, figure, aim) =>
        rows.push([what, `${figure.toFixed(2)}`, `≥ ${aim}`, figure >= aim]);
    if (dbwizard && limit) {
        most('(copy + keys) / limit', dbwizard.load / limit.seconds, 1.3);
    }
    if (dbwizard && pgloader) {
        least('pgloader / (copy + keys)', pgloader.seconds / dbwizard.load, 3);
        least('pgloader / everything', pgloader.seconds / dbwizard.seconds, 2);
    }
    if (dbwizard) {
        most('preflight / (copy + keys)', dbwizard.preflight / dbwizard.load, 0.2);
        most('verify / (copy + keys)', dbwizard.verify / dbwizard.load, 0.5);
        most('peak memory', dbwizard.rss, 64, ' MB');
        most('client CPU of copy + keys', dbwizard.load_cpu, 3, ' s');
    }
    return rows;
}

function printTable(head, rows) {
    const widths = head.map((title, i) =>
        Math.max(title.length, ...rows.map((row) => String(row[i]).length)));
    const line = (row) => `| ${row.map((cell, i) => String(cell).padEnd(widths[i])).join(' | ')} |`;
    console.log([line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`,
        ...rows.map(line), ''].join('\n'));
}

function report(results) {
    const { limit, pgloader, dbwizard } = results;
    const f = (value, digits = 2) => (value === undefined ? '' : value.toFixed(digits));
    const megabytes = (statSync(sqliteFile).size / 1e6).toFixed(0);
    console.log(`\n${megabytes} MB of SQLite, scale ${scale}, PostgreSQL with ${settings.join(' ')}\n`);
    const rows = [['limit', f(limit?.seconds), '', '']];
    rows.push(['pgloader', f(pgloader?.seconds), f(pgloader?.cpu), f(pgloader?.rss, 0)]);
    rows.push(['dbwizard', f(dbwizard?.seconds), f(dbwizard?.cpu), f(dbwizard?.rss, 0)]);
    for (const [title, part] of [['copy + keys', 'load'], ['preflight', 'preflight'],
        ['verify', 'verify']]) {
        rows.push([`  ${title}`, f(dbwizard?.[part]), f(dbwizard?.[`${part}_cpu`]), '']);
    }
    printTable(['', 'seconds', 'client CPU s', 'peak MB'], rows);
    const judged = aims(results);
    if (judged.length > 0) {
        printTable(['ratio', 'figure', 'aim', ''],
            judged.map(([what, figure, aim, met]) => [what, figure, aim, met ? 'met' : 'MISSED']));
    }
    return judged.every((row) => row[3]);
}

mkdirSync(workFolder, { recursive: true });
if (!existsSync(sqliteFile)) {
    say('generating the database');
    const generate = join(build, 'examples', 'docuflow', 'docuflow-generate');
    execFileSync(generate, ['--shape=bench', `--scale=${scale}`, sqliteFile], { stdio: 'pipe' });
}
const servers = startServers({ postgresql: settings });
const results = {};
const contenders = { limit: benchLimit, pgloader: benchPgloader, dbwizard: benchDbwizard };
for (const [name, part] of Object.entries(contenders)) {
    if (only.includes(name)) {
        results[name] = await part(servers);
    }
}
const met = report(results);
if (process.env.BENCH_JSON) {
    writeFileSync(process.env.BENCH_JSON, `${JSON.stringify({ scale, settings, ...results })}\n`);
}
if (!met && process.env.BENCH_STRICT) {
    process.exitCode = 1;
}
