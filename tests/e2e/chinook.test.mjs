// SPDX-License-Identifier: Apache-2.0
// The chinook database moved into PostgreSQL by the command. Its file is no part of the source: it
// lies in DBW_SHARED_DATA.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exits, makePlace } from '../lib/command.mjs';
import { assertEqual, assertSameState, schemaOf, sequencesOf, sqlite, sqliteTables, stateOf }
    from '../lib/compare.mjs';
import { missing, startServers, tempDir } from '../lib/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const chinook = join(process.env.DBW_SHARED_DATA ?? join(here, '../../../shared/data'),
    'chinook.sqlite');
const skip = missing('postgresql') || (!existsSync(chinook) && 'no chinook.sqlite in DBW_SHARED_DATA');
const servers = skip ? undefined : startServers({ postgresql: true });
const server = servers?.postgresql;
after(() => servers?.stop());

function fresh(name) {
    const url = servers.freshDatabase(name);
    return { env: { TARGET: url }, database: new URL(url).pathname.slice(1), place: makePlace() };
}

const query = (database, sql) => server.query(database, sql);

test('eleven tables, their keys, indexes and sequences', { skip }, async () => {
    const { env, database, place } = fresh('moved');
    assert.equal(sqliteTables(chinook).length, 11);
    const report = join(place.folder, 'report.json');
    const answer = await place.run(['migrate', chinook, 'env:TARGET', '--report', report], env);
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.match(answer.stdout, new RegExp('^15607 rows in 11 tables\\.\n' +
        'Nothing was lost\\. Every value was read back and is equal\\.\n' +
        'Report: dbwizard jobs show [0-9a-f]{8} --html\n$'));
    assertEqual(chinook, server, database);
    assert.equal(JSON.parse(readFileSync(report, 'utf8')).verdict, 'lossless');

    // Foreign keys: as many as SQLite knows, each valid, and each enforced.
    const foreignKeys = sqlite(chinook, `SELECT count(*) FROM sqlite_master m,
        pragma_foreign_key_list(m.name) WHERE m.type = 'table'`);
    assert.equal(query(database, `SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND
        convalidated`), foreignKeys);
    assert.throws(() => query(database, `INSERT INTO "Album" ("Title", "ArtistId") VALUES ('x', -1)`),
        /violates foreign key constraint/);
    const indexes = sqlite(chinook, `SELECT name FROM sqlite_master WHERE type = 'index' AND
        sql IS NOT NULL ORDER BY name`);
    assert.equal(query(database, `SELECT indexname FROM pg_indexes WHERE indexname LIKE 'IFK%'
        ORDER BY indexname COLLATE "C"`), indexes);
    assert.equal(query(database, `SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND
        connamespace = 'public'::regnamespace`), '11');

    // The failed insert above took a number, as it would have anywhere.
    const next = Object.fromEntries(sequencesOf(server, database).split('\n').map((line) =>
        line.split('|')));
    assert.equal(next['public."Album_AlbumId_seq"'], '349');
    for (const table of ['Artist', 'Customer', 'Employee', 'Genre', 'Invoice', 'InvoiceLine',
                         'MediaType', 'Playlist', 'Track']) {
        const last = sqlite(chinook, `SELECT max(${table}Id) FROM ${table}`);
        assert.equal(next[`public."${table}_${table}Id_seq"`], String(Number(last) + 1), table);
    }
    assert.equal(query(database, `INSERT INTO "Genre" ("Name") VALUES ('new') RETURNING "GenreId"`),
        '26');
});

test('a filled target is refused, and nothing in it changes', { skip }, async () => {
    const { env, database, place } = fresh('refused');
    assert.equal((await place.run(['migrate', chinook, 'env:TARGET'], env)).status, exits.done);
    const before = stateOf(server, database);
    const answer = await place.run(['migrate', chinook, 'env:TARGET'], env);
    assert.equal(answer.status, exits.refused);
    assert.match(answer.stderr, /^dbwizard: unable to copy into 'public': it already holds 11 tables$/m);
    assert.match(answer.stderr, /^ {2}hint: .*--schema-mode existing.*--clear.*--on-conflict skip/m);
    assert.doesNotMatch(answer.stderr, /jobs resume/);
    assert.equal(answer.stdout, '');
    assertSameState(stateOf(server, database), before);
    const json = await place.json(['migrate', chinook, 'env:TARGET'], env);
    assert.equal(json.status, exits.refused);
    assert.equal(json.json.code, 'refused');
    assertSameState(stateOf(server, database), before);
});

test('--if-needed: once, and again only where nothing is there any more', { skip }, async () => {
    const { env, database, place } = fresh('needed');
    const again = () => place.run(['migrate', chinook, 'env:TARGET', '--if-needed'], env);
    assert.equal((await again()).status, exits.done);
    query(database, `DELETE FROM "InvoiceLine" WHERE "InvoiceLineId" = 1`);
    const second = await again();
    assert.equal(second.status, exits.done, second.stderr);
    assert.match(second.stdout, /^Nothing to do: job [0-9a-f]{16} has moved it/);
    assert.equal(query(database, 'SELECT count(*) FROM "InvoiceLine"'), '2239', 'nothing was written');
    query(database, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    assert.equal((await again()).status, exits.done);
    assert.equal(query(database, 'SELECT count(*) FROM "InvoiceLine"'), '2240');
    // What somebody else put there is not taken for the move.
    const other = fresh('needed_other');
    query(other.database, 'CREATE TABLE theirs (a int)');
    const refused = await other.place.run(['migrate', chinook, 'env:TARGET', '--if-needed'], other.env);
    assert.equal(refused.status, exits.refused, refused.stderr);
});

test('on_conflict=skip can be repeated, and brings back what is missing', { skip }, async () => {
    const { env, database, place } = fresh('skip');
    const args = ['migrate', chinook, 'env:TARGET', '--on-conflict', 'skip'];
    for (let turn = 0; turn < 2; turn++) {
        const answer = await place.run(args, env);
        assert.equal(answer.status, exits.done, answer.stderr);
        assertEqual(chinook, server, database);
    }
    const full = stateOf(server, database);
    query(database, `DELETE FROM "InvoiceLine" WHERE "InvoiceLineId" % 7 = 0;
        DELETE FROM "PlaylistTrack" WHERE "TrackId" < 100;
        DELETE FROM "InvoiceLine" WHERE "InvoiceId" = 5; DELETE FROM "Invoice" WHERE "InvoiceId" = 5`);
    const answer = await place.run(args, env);
    assert.equal(answer.status, exits.done, answer.stderr);
    assertEqual(chinook, server, database);
    assertSameState(stateOf(server, database), full);

    // A row that was changed meanwhile stays as it is and is named.
    query(database, `UPDATE "Artist" SET "Name" = 'changed here' WHERE "ArtistId" = 7;
        INSERT INTO "Genre" VALUES (99, 'only here')`);
    const report = join(place.folder, 'kept.json');
    const kept = await place.run([...args, '--report', report], env);
    assert.equal(kept.status, exits.differs, kept.stderr);
    assert.equal(query(database, `SELECT "Name" FROM "Artist" WHERE "ArtistId" = 7`), 'changed here');
    assert.equal(query(database, `SELECT "Name" FROM "Genre" WHERE "GenreId" = 99`), 'only here');
    const written = JSON.parse(readFileSync(report, 'utf8'));
    const entries = written.ledger.filter((entry) => entry.kind === 'kept');
    assert.equal(entries.length, 1, JSON.stringify(entries));
    assert.equal(entries[0].table, 'Artist');
    assert.match(String(entries[0].key), /7/);
});

/* --- tables that a Django application made before --------------------------------------------- */

// The same data in the SQLite file of that application, with values as Django writes them there.
function djangoFile() {
    const file = join(tempDir(), 'db.sqlite3');
    copyFileSync(chinook, file);
    sqlite(file, `
        CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
            app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL);
        INSERT INTO django_migrations (app, name, applied) VALUES
            ('contenttypes', '0001_initial', '2024-01-01 08:00:00.000001'),
            ('music', '0001_initial', '2024-01-01 08:00:00.100000'),
            ('music', '0002_profiles', '2024-01-01 08:00:01');
        CREATE TABLE django_content_type (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
            app_label varchar(100) NOT NULL, model varchar(100) NOT NULL);
        INSERT INTO django_content_type VALUES (1, 'contenttypes', 'contenttype'),
            (5, 'music', 'album'), (4, 'music', 'profile');
        CREATE TABLE music_profile (id char(32) NOT NULL PRIMARY KEY, customer_id integer NOT NULL
            UNIQUE REFERENCES Customer (CustomerId) DEFERRABLE INITIALLY DEFERRED,
            is_active bool NOT NULL, settings text NOT NULL CHECK (JSON_VALID(settings)),
            listened bigint NOT NULL, seen datetime, avatar BLOB);
        INSERT INTO music_profile SELECT lower(hex(randomblob(16))), CustomerId, CustomerId % 2,
            '{"volume": ' || CustomerId || ', "tags": ["a", null, "ü"]}',
            CustomerId * 86399999999, '2025-06-' || printf('%02d', CustomerId % 28 + 1) ||
            ' 23:59:59.' || printf('%06d', CustomerId), randomblob(CustomerId) FROM Customer`);
    return file;
}

const django = readFileSync(join(here, 'django.sql'), 'utf8');
const structure = (database) => schemaOf(server, database);

test('existing: a Django application\'s own tables are filled, set-up rows replaced', { skip },
    async () => {
        const { env, database, place } = fresh('django');
        const file = djangoFile();
        query(database, django);
        const before = structure(database);
        const versions = query(database, 'SELECT * FROM django_migrations ORDER BY id');
        const report = join(place.folder, 'report.json');
        const args = ['migrate', file, 'env:TARGET', '--schema-mode', 'existing',
                      '--transforms', 'source_time_zone=+00:00', '--report', report];
        const answer = await place.run(args, env);
        assert.equal(answer.status, exits.done, answer.stderr);
        for (const [table, rows] of [['Genre', 2], ['MediaType', 1], ['Artist', 1], ['Album', 1],
                                     ['django_content_type', 3]]) {
            assert.match(answer.stderr,
                new RegExp(`table ${table} holds ${rows} rows?, which are saved and replaced`));
        }
        const tables = sqliteTables(file).filter((table) =>
            !['django_migrations', 'music_profile'].includes(table));
        assertEqual(file, server, database, { tables });
        assertEqual(file, server, database, { tables: ['music_profile'], ignore: ['listened'] });
        assert.equal(query(database, `SELECT count(*) FROM music_profile WHERE
            extract(epoch FROM listened) <> customer_id * 86399.999999`), '0');
        assert.equal(structure(database), before, 'the application\'s own structure');
        assert.equal(query(database, 'SELECT * FROM django_migrations ORDER BY id'), versions);
        assert.equal(query(database, 'SELECT what FROM audit_log'), 'installed');
        const written = JSON.parse(readFileSync(report, 'utf8'));
        assert.equal(written.schema_mode, 'existing');
        assert.equal(written.verdict, 'converted');
        const saved = written.ledger.filter((entry) => entry.kind === 'setup-rows');
        assert.deepEqual(saved.map((entry) => `${entry.table} ${entry.count}`).sort(),
            ['Album 1', 'Artist 1', 'Genre 2', 'MediaType 1', 'django_content_type 3']);
        const [job] = await place.jobs();
        for (const entry of saved) {
            const name = /written to (\S+)/.exec(entry.reason)[1];
            assert.ok(name.startsWith(join(place.state, 'jobs', job.id)), name);
            const lines = readFileSync(name, 'utf8').trim().split('\n');
            assert.equal(lines.length, entry.count, name);
            if (entry.table === 'Album') {
                assert.deepEqual(JSON.parse(lines[0]), { AlbumId: 1, Title: 'Untitled', ArtistId: 1 });
            }
        }
        assert.equal(query(database, `INSERT INTO "Genre" ("Name") VALUES ('n') RETURNING "GenreId"`),
            '26');
        assert.equal(query(database, `INSERT INTO django_content_type (app_label, model)
            VALUES ('a', 'b') RETURNING id`), '6');
    });

test('existing: without a zone, times are asked about before anything is written', { skip },
    async () => {
        const { env, database, place } = fresh('zone');
        const file = djangoFile();
        query(database, django);
        const before = stateOf(server, database);
        const answer = await place.run(['migrate', file, 'env:TARGET', '--schema-mode', 'existing'], env);
        assert.equal(answer.status, exits.refused, answer.stderr);
        assert.match(answer.stderr, /^dbwizard: unable to copy as things are: .* cannot become timestamp with time zone: without a time zone, such as '[-0-9 :.]+' \(and \d+ more\)$/m);
        assert.match(answer.stderr, /hint: .*source_time_zone=UTC/);
        assertSameState(stateOf(server, database), before);
    });

test('existing: schema versions that differ are named, and nothing is written', { skip }, async () => {
    const { env, database, place } = fresh('versions');
    const file = djangoFile();
    query(database, `${django}; DELETE FROM django_migrations WHERE name = '0002_profiles';
        INSERT INTO django_migrations (app, name, applied) VALUES ('music', '0003_later', now())`);
    const before = stateOf(server, database);
    const answer = await place.run(['migrate', file, 'env:TARGET', '--schema-mode', 'existing',
        '--transforms', 'source_time_zone=+00:00'], env);
    assert.equal(answer.status, exits.refused, answer.stderr);
    assert.match(answer.stderr, /django_migrations has 'music\.0002_profiles', the target's 'music\.0003_later'/);
    assertSameState(stateOf(server, database), before);
});

test('existing: a run killed or failing leaves set-up rows to be given back', { skip }, async () => {
    const { env, database, place } = fresh('given_back');
    const file = djangoFile();
    query(database, `${django}; ALTER TABLE "Track" ADD CONSTRAINT short CHECK ("Milliseconds" < 1000)`);
    const before = stateOf(server, database);
    const answer = await place.run(['migrate', file, 'env:TARGET', '--schema-mode', 'existing',
        '--transforms', 'source_time_zone=+00:00'], env);
    assert.equal(answer.status, exits.failed, answer.stderr);
    assert.match(answer.stderr, /table 'Track'.*"short"/s);
    const [job] = await place.jobs();
    const discarded = await place.run(['jobs', 'discard', job.id], env);
    assert.equal(discarded.status, exits.done, discarded.stderr);
    assertSameState(stateOf(server, database), before);
});
