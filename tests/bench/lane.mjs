// SPDX-License-Identifier: Apache-2.0
// A connection to a server through its own client program, which stays: statements in order, an
// error ends it.
import { spawn } from 'node:child_process';

const clients = {
    // The marker comes on the standard error output, which psql does not hold back.
    postgresql: (server, database) => ({
        argv: ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
        env: {
            PGHOST: server.host,
            PGPORT: String(server.port),
            PGUSER: server.user,
            PGPASSWORD: server.password,
            PGDATABASE: database,
            PGSSLMODE: 'disable',
        },
        tell: (marker) => `\\warn ${marker}`,
    }),
    mysql: (server, database) => ({
        argv: ['mariadb', '--no-defaults', '--batch', '--skip-column-names', '--unbuffered',
            '--local-infile=1', '--protocol=tcp', `--host=${server.host}`, `--port=${server.port}`,
            `--user=${server.user}`, '--default-character-set=utf8mb4', database],
        env: { MYSQL_PWD: server.password },
        tell: (marker) => `SELECT '${marker}';`,
    }),
};

export class Lane {
    #client;
    #tell;
    #output = '';
    #waiting; // {marker, resolve, reject}
    #count = 0;
    #closed = false;

    constructor(server, database) {
        const { argv, env, tell } = clients[server.name](server, database);
        this.#tell = tell;
        this.#client = spawn(argv[0], argv.slice(1), { env: { ...process.env, ...env } });
        this.#client.stdout.on('data', (bytes) => this.#read(bytes));
        this.#client.stderr.on('data', (bytes) => this.#read(bytes));
        this.#client.stdin.on('error', () => {});
        this.#client.on('error', (error) => this.#end(error.message));
        this.#client.on('close', () => this.#end(this.#output));
    }

    #read(bytes) {
        this.#output += bytes;
        const { marker, resolve } = this.#waiting ?? {};
        if (marker && this.#output.includes(marker)) {
            this.#waiting = undefined;
            const answer = this.#output.slice(0, this.#output.indexOf(marker)).trim();
            this.#output = '';
            resolve(answer);
        }
    }

    #end(why) {
        this.#closed = true;
        this.#waiting?.reject(new Error(`the client ended: ${why}`));
    }

    /** Runs statements and the client's own commands, each on a line of its own; what it printed. */
    run(...lines) {
        const marker = `--done ${++this.#count}--`;
        return new Promise((resolve, reject) => {
            if (this.#closed) {
                reject(new Error(`the client ended: ${this.#output}`));
                return;
            }
            this.#waiting = { marker, resolve, reject };
            this.#client.stdin.write(`${lines.join('\n')}\n${this.#tell(marker)}\n`);
        });
    }

    /** Ends it. */
    close() {
        return new Promise((resolve) => {
            if (this.#closed) {
                resolve();
                return;
            }
            this.#client.on('close', resolve);
            this.#client.stdin.end();
        });
    }
}

/**
 * One lane's work: takes tasks {name, after, lines} off the list until none is left. A task that
 * waits for others (`after`, names) is passed over; they stand before it in the list.
 */
async function work(lane, tasks, done) {
    while (tasks.length > 0) {
        const next = tasks.findIndex((task) => task.after.every((name) => done.has(name)));
        if (next < 0) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            continue;
        }
        const [task] = tasks.splice(next, 1);
        const answer = await lane.run(...task.lines);
        if (task.answer !== undefined && answer !== task.answer) {
            throw new Error(`${task.name}: '${answer}' instead of '${task.answer}'`);
        }
        done.add(task.name);
    }
}

/** Does the tasks on two lanes, after `settings` on each; the seconds that the tasks took. */
export async function runTasks(server, database, settings, tasks) {
    const lanes = [new Lane(server, database), new Lane(server, database)];
    for (const lane of lanes) {
        await lane.run(settings);
    }
    const start = performance.now();
    const done = new Set();
    await Promise.all(lanes.map((lane) => work(lane, tasks, done)));
    const seconds = (performance.now() - start) / 1000;
    await Promise.all(lanes.map((lane) => lane.close()));
    return seconds;
}
