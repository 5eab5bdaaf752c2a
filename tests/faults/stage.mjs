// SPDX-License-Identifier: Apache-2.0
// What the rounds of faults play on: both servers, each behind a relay, nginx with API and worker,
// and databases of every engine with the shop in them.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { exits } from '../lib/command.mjs';
import { assertSameData, servedDatabase, sqliteDatabase } from '../lib/database.mjs';
import { missing, startServers } from '../lib/servers.mjs';
import { giveToService, jobEnd, missingPrograms, startWizard } from '../lib/wizard.mjs';
import { startProxy } from './proxy.mjs';
import { CHUNK, profile, rowsWanted } from './rounds.mjs';
import { applicationOf, engines, fill, shape } from './shop.mjs';

export const skip = missing('postgresql') || missing('mysql') || missingPrograms();
export const modes = ['create', 'existing'];
const ORDERS = Math.max(5000, rowsWanted / 10); // fewer would be one range

let made = 0;

class Stage {
    sources = {};
    quiet = {};
    proxies = {};

    async start() {
        this.servers = startServers({ postgresql: true, mysql: true });
        this.wizard = await startWizard();
        this.token = await this.wizard.token('migrate,jobs');
        for (const name of ['postgresql', 'mysql']) {
            this.proxies[name] = await startProxy(this.servers[name].port);
        }
        const run = (args, env) => this.wizard.command(args, { env, timeout: 180000 });
        this.place = {
            state: this.wizard.state,
            run,
            jobs: async () => JSON.parse((await run(['jobs', 'list', '--json'])).stdout).jobs,
            job: async (id) => JSON.parse((await run(['jobs', 'show', id, '--json'])).stdout),
        };
        return this;
    }

    async stop() {
        Object.values(this.proxies).forEach((proxy) => proxy.close());
        await this.wizard.stop();
        this.servers.stop();
    }

    /** A new database: empty (of SQLite: no file yet), or with what `sql` makes. */
    fresh(engine, sql) {
        const name = `faults_${++made}`;
        const database = engine === 'sqlite' ? sqliteDatabase(join(this.wizard.data, `${name}.db`))
            : servedDatabase(this.servers[engine], this.servers.freshDatabase(name, engine));
        if (sql) {
            database.sql(sql);
        }
        if (engine === 'sqlite' && database.isThere) {
            giveToService(database.file);
        }
        return database;
    }

    /** The shop in that engine, filled by the engine's own client. */
    source(engine, orders = ORDERS) {
        const database = this.fresh(engine);
        fill(database, orders);
        if (engine === 'sqlite') {
            giveToService(database.file);
        }
        return database;
    }

    sourceOf(engine) {
        this.sources[engine] ??= this.source(engine);
        return this.sources[engine];
    }

    /** A target as a run of that mode finds it. */
    targetOf(engine, mode) {
        return this.fresh(engine, mode === 'existing' ? applicationOf(engine) : undefined);
    }

    /** The same address, by way of the relay. */
    relayed(database) {
        const { port } = database.server;
        return database.url.replace(`:${port}/`, `:${this.proxies[database.engine].port}/`);
    }

    /** An undisturbed run, once: its phases, and the state that it leads to, compared row by row. */
    async undisturbed(from, to, mode) {
        const name = `${from} ${to} ${mode}`;
        if (!this.quiet[name]) {
            const source = this.sourceOf(from);
            const target = this.targetOf(to, mode);
            const quiet = await profile(this.place, argsOf(mode), { SOURCE: source.url, TARGET: target.url });
            assert.ok([exits.done, exits.differs].includes(quiet.answer.status), quiet.answer.stderr);
            assertSameData(source, target, shape, `undisturbed, ${name}`);
            this.quiet[name] = { ...quiet, state: target.state() };
        }
        return this.quiet[name];
    }

    /** A job's way through the API: {status, job}, as the command's exits. */
    async byApi(id, verb) {
        const asked = await this.wizard.post(`/jobs/${id}/${verb}`, undefined, { token: this.token });
        assert.equal(asked.status, 202, asked.text);
        const job = await jobEnd(this.wizard, id, this.token);
        const good = job.status === 'done' || (verb === 'discard' && job.discarded);
        return { status: good ? exits.done : exits.failed, stderr: job.error?.message ?? job.status };
    }

    /** A move begun through the API, for the worker; answers the job's id. */
    async post(source, target, mode) {
        const answer = await this.wizard.post('/migrate', { source_url: source.url, target_url: target.url,
            schema_mode: mode === 'create' ? 'auto' : mode, chunk_bytes: Number(CHUNK[1]), create_database: true },
            { token: this.token, headers: { prefer: 'respond-async' } });
        assert.equal(answer.status, 202, answer.text);
        return answer.json.id;
    }
}

/** The arguments of a move of that mode. */
export const argsOf = (mode) => ['migrate', 'env:SOURCE', 'env:TARGET', '--create-database', ...CHUNK,
    ...(mode === 'create' ? [] : ['--schema-mode', mode])];

/** While `act` goes on, the file is not where it was. */
export async function away(file, act) {
    renameSync(file, `${file}.away`);
    try {
        return await act();
    } finally {
        renameSync(`${file}.away`, file);
    }
}

export const startStage = () => new Stage().start();
export { engines };
