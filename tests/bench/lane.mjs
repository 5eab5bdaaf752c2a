// SPDX-License-Identifier: Apache-2.0
// A connection to PostgreSQL through a psql that stays: statements in order, an error ends it.
import { spawn } from 'node:child_process';

export class Lane {
    #psql;
    #errors = '';
    #waiting; // {marker, resolve, reject}
    #count = 0;
    #closed = false;

    constructor(server, database) {
        const argv = ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
        const env = {
            ...process.env,
            PGHOST: server.host,
            PGPORT: String(server.port),
            PGUSER: server.user,
            PGPASSWORD: server.password,
            PGDATABASE: database,
            PGSSLMODE: 'disable',
        };
        this.#psql = spawn('psql', argv, { env, stdio: ['pipe', 'ignore', 'pipe'] });
        this.#psql.stderr.on('data', (bytes) => this.#read(bytes));
        this.#psql.stdin.on('error', () => {});
        this.#psql.on('error', (error) => this.#end(error.message));
        this.#psql.on('close', () => this.#end(this.#errors));
    }

    // The marker comes on the standard error output, which psql does not hold back.
    #read(bytes) {
        this.#errors += bytes;
        const { marker, resolve } = this.#waiting ?? {};
        if (marker && this.#errors.includes(marker)) {
            this.#waiting = undefined;
            this.#errors = '';
            resolve();
        }
    }

    #end(why) {
        this.#closed = true;
        this.#waiting?.reject(new Error(`psql ended: ${why}`));
    }

    /** Runs statements and psql's own commands, each on a line of its own. */
    run(...lines) {
        const marker = `--done ${++this.#count}--`;
        return new Promise((resolve, reject) => {
            if (this.#closed) {
                reject(new Error(`psql ended: ${this.#errors}`));
                return;
            }
            this.#waiting = { marker, resolve, reject };
            this.#psql.stdin.write(`${lines.join('\n')}\n\\warn ${marker}\n`);
        });
    }

    /** Ends it. */
    close() {
        return new Promise((resolve) => {
            if (this.#closed) {
                resolve();
                return;
            }
            this.#psql.on('close', resolve);
            this.#psql.stdin.end();
        });
    }
}
