// SPDX-License-Identifier: Apache-2.0
// make bench: every direction beside the limit of its target and beside pgloader, in one run, as
// ratios.
//
//   BENCH_DIRECTIONS=mysql-postgresql,…   only these (all nine; the engines: sqlite, postgresql,
//                        mysql, which is MariaDB)
//   BENCH_SCALE=0.1      a tenth of 2.22 million rows (1)
//   BENCH_REPEAT=3       each of limit and dbwizard so often, the median counts (1)
//   BENCH_ONLY=limit,pgloader,dbwizard   only these parts
//   BENCH_SCALES=1e6,1e7 another question: one narrow table of so many rows each, how peak memory
//                        and rows per second change from the first to the last
//   BENCH_WORK=FOLDER    where the files are kept ($DBW_TOP_BUILDDIR/tests/bench/work)
//   BENCH_DBWIZARD=FILE  the command to measure ($DBW_TOP_BUILDDIR/dbwizard)
//   BENCH_JSON=FILE      the figures, also as JSON
//   BENCH_STRICT=1       exit with 1 when an aim is missed
//
// The limit is measured anew beside each direction. Database file and rows for the limits are made
// once and kept; databases of servers are made anew.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, startServers } from '../lib/servers.mjs';
import { pgloaderReads, runDbwizard, runPgloader } from './contenders.mjs';
import { kinds, makeEngines, makeFiles, settings, titles } from './engines.mjs';
import { makeEvents, names } from './shape.mjs';
import { fixed, least, median, most, printAims, printTable } from './table.mjs';

const source = process.env.DBW_TOP_SRCDIR ?? fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.DBW_TOP_BUILDDIR ?? process.cwd();
const scale = process.env.BENCH_SCALE ?? '1';
const scales = process.env.BENCH_SCALES?.split(',').map(Number);
const repeat = Number(process.env.BENCH_REPEAT ?? '1');
const only = (process.env.BENCH_ONLY ?? 'limit,pgloader,dbwizard').split(',');
const workFolder = process.env.BENCH_WORK ?? join(build, 'tests', 'bench', 'work');
const rowsProgram = join(build, 'tests', 'bench', 'rows');
const allDirections = kinds.flatMap((from) => kinds.map((to) => `${from}-${to}`));
const directions = process.env.BENCH_DIRECTIONS?.split(',') ?? allDirections;
const place = {
    source,
    command: process.env.BENCH_DBWIZARD ?? join(build, 'dbwizard'),
    measure: join(build, 'tests', 'bench', 'measure'),
};

const sqliteFile = join(workFolder, `bench-${scale}.sqlite`);
const filesOf = (kind) => join(workFolder, `${kind}-${scale}`);
const title = (direction) => direction.split('-').map((kind) => titles[kind]).join(' → ');

function say(text) {
    console.error(`# ${text}`);
}

/** A file made by `make(path)` unless it is there. */
function kept(path, make) {
    if (!existsSync(path)) {
        rmSync(`${path}.new`, { force: true });
        make(`${path}.new`);
        renameSync(`${path}.new`, path);
    }
    return path;
}

/** The rows must have arrived: a fast program that loses some is no comparison. */
function checkRows(engine, url, expected, who) {
    for (const [name, rows] of Object.entries(expected)) {
        const found = engine.count(url, name);
        if (Number(found) !== Number(rows)) {
            throw new Error(`${who}: '${name}' has ${found} rows, not ${rows}`);
        }
    }
}

function countAll(file, tables) {
    const sql = (name) => `SELECT count(*) FROM ${name}`;
    return Object.fromEntries(tables.map((name) =>
        [name, execFileSync('sqlite3', ['-readonly', file, sql(name)]).toString().trim()]));
}

/** The median of several runs in each member. */
function middle(runs) {
    const result = { ...runs[0] };
    for (const [member, value] of Object.entries(runs[0])) {
        if (typeof value === 'number') {
            result[member] = median(runs.map((one) => one[member]));
        }
    }
    return runs.length > 1 ? { ...result, all: runs } : result;
}

/* --- limits ----------------------------------------------------------------------------------- */

/** The databases to read from: of servers, what the limit's way has loaded. */
async function makeSources(engines, wanted, expected) {
    const sources = { sqlite: `sqlite:///${sqliteFile}` };
    for (const kind of kinds) {
        if (kind !== 'sqlite' && wanted.has(kind)) {
            say(`loading the source into ${titles[kind]}`);
            const { url } = await engines[kind].limit('bench_source');
            checkRows(engines[kind], url, expected, 'source');
            engines[kind].settle();
            sources[kind] = url;
        }
    }
    return sources;
}

async function runLimit(target, direction, expected) {
    const { url, seconds } = await target.limit('bench_limit');
    checkRows(target, url, expected, 'limit');
    target.drop('bench_limit');
    say(`${title(direction)}: limit ${seconds.toFixed(2)} s`);
    return { seconds };
}

async function runCommand(target, from, direction, expected) {
    const url = target.fresh('bench_dbwizard');
    const one = await runDbwizard(place, from, url);
    checkRows(target, url, expected, 'dbwizard');
    target.drop('bench_dbwizard');
    say(`${title(direction)}: ${one.seconds.toFixed(2)} s, ${one.verdict}: ` +
        JSON.stringify(one.phases));
    return one;
}

async function benchDirection(engines, sources, direction, expected) {
    const [from, to] = direction.split('-');
    const target = engines[to];
    const result = {};
    const runs = { limit: [], dbwizard: [] };
    // One after the other, so that whatever else the machine does meets both.
    for (let i = 0; i < repeat; i++) {
        if (only.includes('limit')) {
            runs.limit.push(await runLimit(target, direction, expected));
        }
        if (only.includes('dbwizard')) {
            runs.dbwizard.push(await runCommand(target, sources[from], direction, expected));
        }
    }
    for (const [who, list] of Object.entries(runs).filter(([, list]) => list.length > 0)) {
        result[who] = middle(list);
    }
    if (only.includes('pgloader') && to === 'postgresql' && (await pgloaderReads(from))) {
        const url = target.fresh('bench_pgloader');
        result.pgloader = await runPgloader(place, sources[from], url);
        checkRows(target, url, expected, 'pgloader');
        target.drop('bench_pgloader');
        say(`${title(direction)}: pgloader ${result.pgloader.seconds.toFixed(2)} s`);
    }
    return result;
}

/** Every figure beside its aim, where both could be measured. */
function aimsOf(direction, { limit, pgloader, dbwizard }) {
    const rows = [];
    const what = (text) => `${title(direction)}: ${text}`;
    if (dbwizard && limit) {
        rows.push(most(what('(copy + keys) / limit'), dbwizard.load / limit.seconds, 1.3));
    }
    if (dbwizard && pgloader) {
        rows.push(least(what('pgloader / (copy + keys)'), pgloader.seconds / dbwizard.load, 3));
        rows.push(least(what('pgloader / everything'), pgloader.seconds / dbwizard.seconds, 2));
    }
    if (dbwizard) {
        rows.push(most(what('peak memory'), dbwizard.rss, 64, ' MB'));
    }
    if (dbwizard && direction === 'sqlite-postgresql') {
        rows.push(most(what('preflight / (copy + keys)'), dbwizard.preflight / dbwizard.load, 0.2));
        rows.push(most(what('verify / (copy + keys)'), dbwizard.verify / dbwizard.load, 0.5));
        rows.push(most(what('client CPU of copy + keys'), dbwizard.load_cpu, 3, ' s'));
    }
    return rows;
}

function report(results) {
    const megabytes = (statSync(sqliteFile).size / 1e6).toFixed(0);
    console.log(`\n${megabytes} MB of SQLite, scale ${scale}`);
    for (const [kind, list] of Object.entries(settings)) {
        console.log(`${titles[kind]} with ${list.join(' ')}`);
    }
    console.log();
    printTable(['seconds', 'limit', 'copy + keys', 'ratio', 'preflight', 'verify', 'all',
        'client CPU: copy + keys', 'all', 'peak MB', 'pgloader', 'its CPU', 'its MB'],
    Object.entries(results).map(([direction, { limit, dbwizard, pgloader }]) => [
        title(direction), fixed(limit?.seconds), fixed(dbwizard?.load),
        limit && dbwizard ? fixed(dbwizard.load / limit.seconds) : '',
        fixed(dbwizard?.preflight), fixed(dbwizard?.verify), fixed(dbwizard?.seconds),
        fixed(dbwizard?.load_cpu), fixed(dbwizard?.cpu), fixed(dbwizard?.rss, 1),
        fixed(pgloader?.seconds), fixed(pgloader?.cpu), fixed(pgloader?.rss, 0)]));
    return printAims(Object.entries(results).flatMap(([direction, one]) => aimsOf(direction, one)));
}

async function benchLimits(engines, servers, wanted) {
    const results = {};
    kept(sqliteFile, (path) => {
        say('generating the database');
        const generate = join(build, 'examples', 'docuflow', 'docuflow-generate');
        execFileSync(generate, ['--shape=bench', `--scale=${scale}`, path], { stdio: 'pipe' });
    });
    for (const kind of wanted) {
        say(`rows for ${titles[kind]}`);
        await makeFiles(kind, sqliteFile, filesOf(kind), rowsProgram, servers);
    }
    const expected = countAll(sqliteFile, names);
    const sources = await makeSources(engines, new Set(directions.map((d) => d.split('-')[0])),
        expected);
    for (const direction of directions) {
        results[direction] = await benchDirection(engines, sources, direction, expected);
    }
    return { met: report(results), results };
}

/* --- scales ----------------------------------------------------------------------------------- */

async function benchScale(engines, rows, results) {
    const file = kept(join(workFolder, `events-${rows}.sqlite`), (path) => {
        say(`making ${rows} rows`);
        execFileSync('sqlite3', [path], { input: makeEvents(rows),
            stdio: ['pipe', 'ignore', 'inherit'] });
    });
    const text = join(workFolder, `events-${rows}.txt`);
    for (const from of kinds.filter((kind) => directions.some((d) => d.startsWith(`${kind}-`)))) {
        let url = `sqlite:///${file}`;
        if (from !== 'sqlite') {
            kept(text, (path) => execFileSync(rowsProgram, ['text', file, 'events', path]));
            url = await engines[from].loadEvents('bench_source', text);
        }
        for (const direction of directions.filter((d) => d.startsWith(`${from}-`))) {
            const target = engines[direction.split('-')[1]];
            const runs = [];
            for (let i = 0; i < repeat; i++) {
                runs.push(await runCommand(target, url, direction, { events: rows }));
            }
            (results[direction] ??= {})[rows] = middle(runs);
        }
        if (from !== 'sqlite') {
            engines[from].drop('bench_source');
        }
    }
}

function reportScales(results) {
    const [first, last] = [scales[0], scales.at(-1)];
    const rows = [];
    const aims = [];
    for (const direction of directions) {
        const [small, large] = [results[direction][first], results[direction][last]];
        const speed = (one, count) => count / one.load;
        const memory = large.rss / small.rss;
        const faster = speed(large, last) / speed(small, first);
        rows.push([title(direction), fixed(small.rss, 1), fixed(large.rss, 1), fixed(memory),
            fixed(speed(small, first), 0), fixed(speed(large, last), 0), fixed(faster),
            fixed(first / small.seconds, 0), fixed(last / large.seconds, 0),
            fixed(last / large.seconds / (first / small.seconds))]);
        aims.push(most(`${title(direction)}: memory, last / first`, memory, 1.1));
        aims.push(most(`${title(direction)}: peak memory`, large.rss, 64, ' MB'));
        aims.push(least(`${title(direction)}: rows/s, last / first`, faster, 0.85));
    }
    console.log(`\n${first} rows and ${last} rows of one narrow table\n`);
    printTable(['', 'MB, first', 'last', 'ratio', 'copy + keys rows/s, first', 'last', 'ratio',
        'all rows/s, first', 'last', 'ratio'], rows);
    return printAims(aims);
}

async function benchScales(engines) {
    const results = {};
    for (const rows of scales) {
        await benchScale(engines, rows, results);
    }
    return { met: reportScales(results), results };
}

/* --- both ------------------------------------------------------------------------------------- */

for (const direction of directions) {
    if (!allDirections.includes(direction)) {
        throw new Error(`unknown direction '${direction}': one of ${allDirections.join(', ')}`);
    }
}
mkdirSync(workFolder, { recursive: true });
const wanted = kinds.filter((kind) => directions.some((d) => d.split('-').includes(kind)));
const needed = Object.fromEntries(wanted.filter((kind) => kind !== 'sqlite')
    .map((kind) => [kind, settings[kind]]));
const servers = Object.keys(needed).length > 0 ? startServers(needed) : {};
place.servers = servers;
const engines = makeEngines(servers, workFolder, rowsProgram, filesOf);
await run([place.command, 'version']); // libtool's wrapper relinks at its first run
const { met, results } = scales ? await benchScales(engines)
    : await benchLimits(engines, servers, wanted);
if (process.env.BENCH_JSON) {
    const head = { scale: scales ? undefined : scale, scales, settings };
    writeFileSync(process.env.BENCH_JSON, `${JSON.stringify({ ...head, directions: results })}\n`);
}
if (!met && process.env.BENCH_STRICT) {
    process.exitCode = 1;
}
