// SPDX-License-Identifier: Apache-2.0
// The databases that the usual frameworks make, moved into the tables that the same framework makes
// in the new database: what each of them does to values in SQLite, and what it expects elsewhere.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, makePlace } from '../lib/command.mjs';
import { sqlite } from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const skip = missing('postgresql') || missing('mysql');
const servers = skip ? undefined : startServers({ postgresql: true, mysql: true });
const folder = skip ? '' : tempDir();
after(() => servers?.stop());

// One entry per application: its SQLite, the tables that it makes in each server, the options that
// docs/migrating.md names for it, and what has to be there afterwards.
const stories = [
    {
        name: 'SQLAlchemy with Alembic: CHAR(32) keys, Interval, JSON, Enum, naive datetimes',
        sqlite: `
            CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
                CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
            INSERT INTO alembic_version VALUES ('27c6a30d7c24');
            CREATE TABLE account (id CHAR(32) NOT NULL, name VARCHAR(30) NOT NULL, active BOOLEAN,
                kind VARCHAR(5), meta JSON, pause DATETIME, price NUMERIC(10, 2), seen DATETIME,
                PRIMARY KEY (id), CHECK (active IN (0, 1)),
                CONSTRAINT kind CHECK (kind IN ('admin', 'user')));
            INSERT INTO account VALUES
                ('0123456789abcdef0123456789abcdef', 'Ada', 1, 'admin', '{"a": [1, null]}',
                 '1970-01-02 03:04:05.000006', 12.5, '2024-05-06 07:08:09.123456'),
                ('ffffffffffffffffffffffffffffffff', 'Grace', 0, NULL, NULL, NULL, NULL, NULL);`,
        postgresql: `
            CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
            INSERT INTO alembic_version VALUES ('27c6a30d7c24');
            CREATE TYPE kind AS ENUM ('admin', 'user');
            CREATE TABLE account (id UUID PRIMARY KEY, name VARCHAR(30) NOT NULL, active BOOLEAN,
                kind kind, meta JSON, pause INTERVAL, price NUMERIC(10, 2), seen TIMESTAMP);`,
        mysql: `
            CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
            INSERT INTO alembic_version VALUES ('27c6a30d7c24');
            CREATE TABLE account (id CHAR(32) PRIMARY KEY, name VARCHAR(30) NOT NULL, active BOOL,
                kind ENUM('admin', 'user'), meta JSON, pause DATETIME(6), price NUMERIC(10, 2), seen DATETIME(6));`,
        expect: {
            postgresql: ['SELECT * FROM account ORDER BY name', [
                '01234567-89ab-cdef-0123-456789abcdef|Ada|t|admin|{"a": [1, null]}|27:04:05.000006|12.50|2024-05-06 07:08:09.123456',
                'ffffffff-ffff-ffff-ffff-ffffffffffff|Grace|f|||||',
            ]],
            mysql: [`SELECT id, active, kind, meta, pause, price, seen FROM account ORDER BY name`, [
                '0123456789abcdef0123456789abcdef|1|admin|{"a": [1, null]}|1970-01-02 03:04:05.000006|12.50|2024-05-06 07:08:09.123456',
                'ffffffffffffffffffffffffffffffff|0|NULL|NULL|NULL|NULL|NULL',
            ]],
        },
    },
    {
        name: 'Rails: booleans as t and f, microseconds, JSON, versions compared',
        sqlite: `
            CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
            INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240202000000');
            CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar,
                "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
            INSERT INTO ar_internal_metadata VALUES ('environment', 'production',
                '2024-01-01 00:00:00.000001', '2024-01-01 00:00:00.000001');
            CREATE TABLE "posts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar,
                "live" boolean DEFAULT 'f' NOT NULL, "data" json, "score" decimal(8,3),
                "photo" blob, "published" date, "created_at" datetime(6) NOT NULL);
            INSERT INTO posts VALUES (1, 'It''s', 't', '{"k":"v"}', 1.125, x'00ff', '2024-02-29',
                '2024-03-04 05:06:07.890123'), (7, NULL, 'f', NULL, NULL, NULL, NULL, '2024-03-04 05:06:07');
            INSERT INTO posts (title, created_at) VALUES ('gone', '2024-01-01'); DELETE FROM posts WHERE title = 'gone';`,
        postgresql: `
            CREATE TABLE schema_migrations (version character varying PRIMARY KEY);
            INSERT INTO schema_migrations VALUES ('20240202000000'), ('20240101000000');
            CREATE TABLE ar_internal_metadata (key varchar PRIMARY KEY, value varchar,
                created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
            INSERT INTO ar_internal_metadata VALUES ('environment', 'production', now(), now());
            CREATE TABLE posts (id bigserial PRIMARY KEY, title varchar, live boolean DEFAULT false NOT NULL,
                data jsonb, score numeric(8,3), photo bytea, published date, created_at timestamp(6) NOT NULL);`,
        mysql: `
            CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY);
            INSERT INTO schema_migrations VALUES ('20240202000000'), ('20240101000000');
            CREATE TABLE ar_internal_metadata (\`key\` varchar(255) PRIMARY KEY, value varchar(255),
                created_at datetime(6) NOT NULL, updated_at datetime(6) NOT NULL);
            CREATE TABLE posts (id bigint AUTO_INCREMENT PRIMARY KEY, title varchar(255), live tinyint(1) DEFAULT 0 NOT NULL,
                data json, score decimal(8,3), photo longblob, published date, created_at datetime(6) NOT NULL);`,
        expect: {
            postgresql: [`SELECT id, title, live, data, score, photo, published, created_at, nextval('posts_id_seq') FROM posts ORDER BY id`, [
                '1|It\'s|t|{"k": "v"}|1.125|\\x00ff|2024-02-29|2024-03-04 05:06:07.890123|9',
                '7||f|||||2024-03-04 05:06:07|10',
            ]],
            mysql: [`SELECT id, title, live, data, score, hex(photo), published, created_at FROM posts ORDER BY id`, [
                '1|It\'s|1|{"k":"v"}|1.125|00FF|2024-02-29|2024-03-04 05:06:07.890123',
                '7|NULL|0|NULL|NULL|NULL|NULL|2024-03-04 05:06:07.000000',
            ]],
        },
    },
    {
        name: 'GORM: nine digits of a second with offsets, numeric booleans, soft deletes',
        sqlite: `
            CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT, created_at datetime,
                deleted_at datetime, name text, admin numeric, balance real, picture blob);
            CREATE INDEX idx_users_deleted_at ON users (deleted_at);
            INSERT INTO users VALUES
                (1, '2024-01-02 15:04:05.999999000+02:00', NULL, 'Ada', 1, 0.1, x'01'),
                (2, '2024-01-02 15:04:05+00:00', '2024-01-03 00:00:00.5-05:00', 'Grace', 0, -2.5e300, NULL);`,
        postgresql: `
            CREATE TABLE users (id bigserial PRIMARY KEY, created_at timestamptz, deleted_at timestamptz,
                name text, admin boolean, balance double precision, picture bytea);
            CREATE INDEX idx_users_deleted_at ON users (deleted_at);`,
        mysql: `
            CREATE TABLE users (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, created_at timestamp(6) NULL, deleted_at timestamp(6) NULL,
                name longtext, admin boolean, balance double, picture longblob);`,
        expect: {
            postgresql: ['SELECT * FROM users ORDER BY id', [
                '1|2024-01-02 13:04:05.999999+00||Ada|t|0.1|\\x01',
                '2|2024-01-02 15:04:05+00|2024-01-03 05:00:00.5+00|Grace|f|-2.5e+300|',
            ]],
            mysql: [`SELECT id, created_at, deleted_at, name, admin, balance, hex(picture) FROM users ORDER BY id`, [
                '1|2024-01-02 13:04:05.999999|NULL|Ada|1|0.1|01',
                '2|2024-01-02 15:04:05.000000|2024-01-03 05:00:00.500000|Grace|0|-2.5e300|NULL',
            ]],
        },
    },
    {
        name: 'Prisma: milliseconds since 1970, enumerations as text, names in mixed case',
        sqlite: `
            CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL,
                "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
                "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);
            INSERT INTO _prisma_migrations VALUES ('a', 'x', 1704207845123, '20240101_init', NULL, NULL, 1704207845000, 1);
            CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
                "role" TEXT NOT NULL DEFAULT 'USER', "verified" BOOLEAN NOT NULL DEFAULT false, "credit" DECIMAL NOT NULL, "big" BIGINT NOT NULL);
            INSERT INTO "User" VALUES ('cuid1', 1704207845123, 'ADMIN', 1, 10.25, 9007199254740993),
                ('cuid2', 1704207845999, 'USER', 0, 3, -1);`,
        postgresql: `
            CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
                migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
                applied_steps_count integer NOT NULL DEFAULT 0);
            INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('b', 'y', '20240101_init');
            CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
            CREATE TABLE "User" ("id" TEXT PRIMARY KEY, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
                "role" "Role" NOT NULL DEFAULT 'USER', "verified" BOOLEAN NOT NULL DEFAULT false,
                "credit" DECIMAL(65,30) NOT NULL, "big" BIGINT NOT NULL);`,
        expect: {
            postgresql: [`SELECT id, "createdAt", role, verified, trim_scale(credit), big FROM "User" ORDER BY id`, [
                'cuid1|2024-01-02 15:04:05.123|ADMIN|t|10.25|9007199254740993',
                'cuid2|2024-01-02 15:04:05.999|USER|f|3|-1',
            ]],
        },
    },
    {
        name: 'Laravel: small integers as booleans, text for dates, its migrations table',
        sqlite: `
            CREATE TABLE "migrations" ("id" integer primary key autoincrement not null, "migration" varchar not null, "batch" integer not null);
            INSERT INTO migrations VALUES (1, '2014_10_12_000000_create_users_table', 1);
            CREATE TABLE "orders" ("id" integer primary key autoincrement not null, "paid" tinyint(1) not null default '0',
                "total" numeric not null, "state" varchar check ("state" in ('open', 'paid')) not null, "created_at" datetime, "options" text);
            INSERT INTO orders VALUES (1, 1, 12.34, 'paid', '2024-01-02 03:04:05', '[]'), (2, 0, 100, 'open', NULL, NULL);`,
        postgresql: `
            CREATE TABLE migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch integer NOT NULL);
            INSERT INTO migrations (migration, batch) VALUES ('2014_10_12_000000_create_users_table', 1);
            CREATE TABLE orders (id bigserial PRIMARY KEY, paid boolean NOT NULL DEFAULT false, total numeric(8, 2) NOT NULL,
                state varchar(255) NOT NULL CHECK (state IN ('open', 'paid')), created_at timestamp(0), options json);`,
        mysql: `
            CREATE TABLE migrations (id int unsigned AUTO_INCREMENT PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL);
            INSERT INTO migrations (migration, batch) VALUES ('2014_10_12_000000_create_users_table', 7);
            CREATE TABLE orders (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, paid tinyint(1) NOT NULL DEFAULT 0, total decimal(8, 2) NOT NULL,
                state enum('open', 'paid') NOT NULL, created_at timestamp NULL, options json);`,
        options: ['--transforms', 'orders.created_at:source_time_zone=+00:00'],
        expect: {
            postgresql: ['SELECT * FROM orders ORDER BY id', ['1|t|12.34|paid|2024-01-02 03:04:05|[]', '2|f|100.00|open||']],
            mysql: ['SELECT * FROM orders ORDER BY id', ['1|1|12.34|paid|2024-01-02 03:04:05|[]', '2|0|100.00|open|NULL|NULL']],
        },
    },
    {
        name: 'a wall clock of Berlin, into instants',
        sqlite: `CREATE TABLE event (id INTEGER PRIMARY KEY, at DATETIME);
            INSERT INTO event VALUES (1, '2024-01-15 12:00:00'), (2, '2024-07-15 12:00:00.25'),
                (3, '2024-10-27 02:30:00'), (4, '2024-07-15 12:00:00Z');`,
        postgresql: 'CREATE TABLE event (id integer PRIMARY KEY, at timestamptz)',
        mysql: 'CREATE TABLE event (id integer PRIMARY KEY, at timestamp(6) NULL)',
        options: ['--transforms', 'source_time_zone=Europe/Berlin'],
        expect: {
            postgresql: ['SELECT * FROM event ORDER BY id', ['1|2024-01-15 11:00:00+00', '2|2024-07-15 10:00:00.25+00',
                '3|2024-10-27 00:30:00+00', '4|2024-07-15 12:00:00+00']],
            mysql: ['SELECT * FROM event ORDER BY id', ['1|2024-01-15 11:00:00.000000', '2|2024-07-15 10:00:00.250000',
                '3|2024-10-27 00:30:00.000000', '4|2024-07-15 12:00:00.000000']],
        },
    },
];

for (const [n, story] of stories.entries()) {
    for (const engine of Object.keys(story.expect)) {
        test(`${story.name}, into ${engine}`, { skip }, async () => {
            const file = join(folder, `${n}_${engine}.db`);
            sqlite(file, story.sqlite);
            const TARGET = servers.freshDatabase(`story_${n}`, engine);
            const database = new URL(TARGET).pathname.slice(1);
            const ask = (sql) => servers[engine].query(database, sql);
            ask(story[engine]);
            const place = makePlace();
            const args = [file, 'env:TARGET', '--schema-mode', 'existing', ...(story.options ?? [])];
            const moved = await place.json(['migrate', ...args], { TARGET });
            assert.ok([exits.done, exits.differs].includes(moved.status), moved.stderr + moved.stdout);
            assert.equal(moved.json.errors.length, 0);
            const [sql, rows] = story.expect[engine];
            assert.deepEqual(ask(sql).replaceAll('\t', '|').split('\n'), rows);
        });
    }
}
