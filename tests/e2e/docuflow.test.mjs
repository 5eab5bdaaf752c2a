// SPDX-License-Identifier: Apache-2.0
// The example database moved by the command: as the generator makes it, and with the values that
// SQLite keeps and other engines refuse.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exits, generate, makePlace } from '../lib/command.mjs';
import { assertEqual, compareDatabases, rowsOf, schemaOf, sqlite, sqliteTables }
    from '../lib/compare.mjs';
import { missing, startServers } from '../lib/servers.mjs';

const skip = missing('postgresql');
const servers = skip ? undefined : startServers({ postgresql: true });
const server = servers?.postgresql;
after(() => servers?.stop());

function fresh(name) {
    const url = servers.freshDatabase(name);
    return { env: { TARGET: url }, database: new URL(url).pathname.slice(1), place: makePlace() };
}

async function reported(place, args, env) {
    const path = join(place.folder, 'report.json');
    const answer = await place.run([...args, '--report', path], env);
    return { ...answer, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null };
}

const page = async (place, args, env) => {
    const path = join(place.folder, 'report.html');
    const answer = await place.run([...args, '--report', path], env);
    return { ...answer, html: readFileSync(path, 'utf8') };
};

test('the default data: every value equal, a view and a trigger named as left out', { skip },
    async () => {
        const { env, database, place } = fresh('default');
        const file = generate();
        const { status, stderr, stdout, report } =
            await reported(place, ['migrate', file, 'env:TARGET'], env);
        assert.equal(status, exits.differs, stderr);
        assert.match(stdout, /^5000 rows in 10 tables\.$/m);
        assertEqual(file, server, database);
        assert.equal(report.verdict, 'altered');
        assert.deepEqual(report.ledger.filter((entry) => entry.kind !== 'type').map((entry) =>
            `${entry.kind} ${entry.before}`).sort(),
            ['object trigger batches_count_documents', 'object view unbilled_usage']);
        assert.ok(report.tables.every((table) => table.equal &&
            table.source_sum === table.target_sum));
        assert.equal(report.source_changed, false);
        const foreignKeys = sqlite(file, `SELECT count(*) FROM (SELECT DISTINCT m.name, f.id
            FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table')`);
        assert.equal(server.query(database, `SELECT count(*) FROM pg_constraint
            WHERE contype = 'f' AND convalidated`), foreignKeys);
        const verified = await place.json(['verify', file, 'env:TARGET'], env);
        assert.equal(verified.status, exits.done, verified.stderr);
        assert.equal(verified.json.equal, true);
        server.query(database, `UPDATE users SET name = name || ' ' WHERE id = 17`);
        const differs = await place.json(['verify', file, 'env:TARGET'], env);
        assert.equal(differs.status, exits.differs);
        assert.equal(differs.json.differences.length, 1);
        const [difference] = differs.json.differences;
        assert.equal(`${difference.table} ${difference.column} ${difference.key}`, 'users name 17');
    });

test('a dry run writes nothing', { skip }, async () => {
    const { env, database, place } = fresh('dry');
    const answer = await place.run(['migrate', generate(), 'env:TARGET', '--dry-run'], env);
    assert.equal(answer.status, exits.done, answer.stderr);
    assert.equal(rowsOf(server, database), '');
});

/* --- hostile ------------------------------------------------------------------------------------ */

// What stands in examples/docuflow/README.md, as the preview has to find it: column, number of
// values, option and value of the fix.
const problems = [
    ['batches.cost', 0],
    ['batches.document_count', 1, 'types', 'batches.document_count=text'],
    ['batches.progress', 1, 'types', 'batches.progress=text'],
    ['batches.user_id', 1, 'transforms', 'batches.user_id:orphans=null'],
    ['connector_configs.enabled', 1, 'types', 'connector_configs.enabled=text'],
    ['document_metadata.document_date', 1, 'types', 'document_metadata.document_date=text'],
    ['field_corrections.document_id', 1, 'transforms', 'field_corrections.document_id:orphans=keep'],
    ['field_corrections.original_value', 1, 'types', 'field_corrections.original_value=bytea'],
    ['users.last_login_at', 1, 'transforms', 'users.last_login_at:zero-date=null'],
    ['users.last_login_at', 1, 'types', 'users.last_login_at=text'],
    ['users.last_login_at', 2, 'types', 'users.last_login_at=text'],
    ['users.login_epoch', 1, 'on_bad_row', 'reject'],
    ['users.name', 1, 'transforms', 'users.name:nul=strip'],
    ['users.name', 2, 'transforms', 'users.name:invalid-utf8=replace'],
    ['users.organization_id', 1, 'transforms', 'users.organization_id:orphans=null'],
    ['users.preferences', 1, 'types', 'users.preferences=text'],
    ['users.quota_bytes', 1, 'types', 'users.quota_bytes=text'],
    ['users.quota_bytes', 1, 'types', 'users.quota_bytes=text'],
].filter(([, count]) => count > 0);

test('hostile data: the preview lists every problem with its fix, migrate refuses', { skip },
    async () => {
        const { env, database, place } = fresh('hostile_preview');
        const file = generate('--hostile');
        const preview = await place.json(['preview', file, 'env:TARGET'], env);
        assert.equal(preview.status, exits.done, preview.stderr);
        const errors = preview.json.findings.filter((finding) => finding.severity === 'error');
        assert.deepEqual(errors.map((finding) => [`${finding.table}.${finding.column}`,
            finding.count, finding.fix?.option, finding.fix?.value].join(' ')).sort(),
            problems.map((problem) => problem.join(' ')).sort());
        for (const finding of errors) {
            assert.ok(finding.keys.length === finding.count, JSON.stringify(finding));
            assert.ok(finding.keys.every((key) => /9000\d{3}|not-a-uuid/.test(key)), finding.keys);
        }
        const shown = await place.run(['preview', file, 'env:TARGET'], env);
        assert.match(shown.stdout, /Leave these rows out, and list them: --on-bad-row reject$/m);
        const answer = await place.run(['migrate', file, 'env:TARGET'], env);
        assert.equal(answer.status, exits.refused);
        assert.match(answer.stderr, /^dbwizard: unable to copy as things are: .* \(and 16 more\)$/m);
        assert.equal(schemaOf(server, database).includes('CREATE TABLE'), false);
    });

const fixes = ['--transforms', 'users.name:nul=strip',
    '--transforms', 'users.name:invalid-utf8=replace',
    '--transforms', 'users.last_login_at:zero-date=null',
    '--transforms', 'users.organization_id:orphans=null',
    '--transforms', 'batches.user_id:orphans=null',
    '--transforms', 'field_corrections.document_id:orphans=keep'];

const rejectedRows = {
    batches: ['9000001'],
    connector_configs: ['9000001'],
    document_metadata: ["'not-a-uuid'"],
    field_corrections: ['9000001'],
    users: ['9000013', '9000015', '9000021', '9000022', '9000023', '9000031'],
};

// Rows of the source as they are to stand in the target.
function decided(table, row) {
    const id = row.id?.value;
    const text = (value) => ({ kind: 't', value: Buffer.from(value).toString('hex') });
    const key = row.id?.kind === 't' ? `'${Buffer.from(id, 'hex')}'` : id;
    if (rejectedRows[table]?.includes(key)) {
        return null;
    }
    if (table !== 'users') {
        return row;
    }
    switch (id) {
    case '9000001':
        return { ...row, name: text('beforeafter\n') };
    case '9000002':
        return { ...row, name: text('M\ufffdy') };
    case '9000003':
        return { ...row, name: text('A\ufffd\ufffd\ufffdz') };
    case '9000005':
        return { ...row, organization_id: { kind: 'n', value: '' } };
    case '9000011':
    case '9000012':
        return { ...row, last_login_at: { kind: 'n', value: '' } };
    default:
        return row;
    }
}

test('hostile data, with the fixes and bad rows rejected: altered, and all of it is listed', { skip },
    async () => {
        const { env, database, place } = fresh('hostile_rejected');
        const file = generate('--hostile');
        const { status, stderr, stdout, report } = await reported(place,
            ['migrate', file, 'env:TARGET', ...fixes, '--on-bad-row', 'reject'], env);
        assert.equal(status, exits.differs, stderr);
        assert.match(stdout, /What was altered or left out stands/);
        assert.equal(report.verdict, 'altered');
        assert.deepEqual(compareDatabases(file, server, database, { expect: decided }), []);

        const of = (kind) => report.ledger.filter((entry) => entry.kind === kind);
        const wanted = Object.entries(rejectedRows).flatMap(([table, keys]) =>
            keys.map((key) => `${table} ${key}`)).sort();
        assert.deepEqual(of('rejected').map((entry) => `${entry.table} ${entry.key}`).sort(), wanted);
        assert.deepEqual(of('value').map((entry) => `${entry.table}.${entry.column} ${entry.key}`)
            .sort(), ['users.last_login_at 9000011', 'users.last_login_at 9000012',
                      'users.last_login_at 9000014', 'users.name 9000001', 'users.name 9000002',
                      'users.name 9000003', 'users.organization_id 9000005']);
        for (const [table, keys] of Object.entries(rejectedRows)) {
            assert.equal(report.tables.find((entry) => entry.source === table).rejected, keys.length);
        }
        const [job] = await place.jobs();
        const lines = readFileSync(join(place.state, 'jobs', job.id, 'rejected.jsonl'), 'utf8').trim()
            .split('\n').map((line) => JSON.parse(line));
        assert.deepEqual(lines.map((line) => `${line.table} ${line.key}`).sort(), wanted);
        const blob = lines.find((line) => line.key === '9000023');
        assert.deepEqual(blob.row.login_epoch, { hex: '00ff' });
        assert.equal(blob.row.email, 'blob-in-integer@example.org');
        // The key whose orphans are kept is not made; all others are.
        assert.equal(server.query(database, `SELECT count(*) FROM pg_constraint WHERE contype = 'f'
            AND conname LIKE 'field_corrections_document%'`), '0');
    });

test('hostile data, with every column made as wide as its values: no row is left out', { skip },
    async () => {
        const { env, database, place } = fresh('hostile_wide');
        const file = generate('--hostile');
        const wide = problems.filter(([, , option]) => option === 'types').flatMap(([, , , value]) =>
            ['--types', value]);
        const { status, stderr, report } = await reported(place, ['migrate', file, 'env:TARGET',
            ...fixes.slice(0, 4), ...fixes.slice(6), ...wide, '--types', 'users.login_epoch=text',
            '--on-bad-row', 'reject'], env);
        assert.equal(status, exits.differs, stderr);
        assert.equal(report.verdict, 'altered');
        const rejected = report.ledger.filter((entry) => entry.kind === 'rejected');
        // A blob has no text: that row alone has no place.
        assert.deepEqual(rejected.map((entry) => `${entry.table} ${entry.key}`), ['users 9000023']);
        assert.equal(server.query(database, `SELECT document_count || progress FROM batches
            WHERE id = 9000001`), 'manyhalf');
        assert.equal(server.query(database, `SELECT string_agg(last_login_at, ',' ORDER BY id) FROM
            users WHERE id BETWEEN 9000011 AND 9000015`), '0000-00-00 00:00:00,2024-02-30 10:00:00,' +
            'yesterday,2024-05-06 07:08:09.123456789,1714979289');
        assert.equal(server.query(database, `SELECT encode(original_value, 'hex') FROM
            field_corrections WHERE id = 9000001`), '0001');
    });

test('the report as a page escapes what stood in the values', { skip }, async () => {
    const { env, place } = fresh('hostile_page');
    const file = generate('--hostile');
    sqlite(file, `UPDATE users SET name = '<script>alert(1)</script>' || x'00' WHERE id = 9000001`);
    const { html, status, stderr } = await page(place, ['migrate', file, 'env:TARGET', ...fixes,
        '--on-bad-row', 'reject'], env);
    assert.equal(status, exits.differs, stderr);
    assert.match(html, /^<!doctype html>/i);
    assert.doesNotMatch(html, /<script/i);
    assert.match(html, /&lt;script&gt;alert/);
});

/* --- into another SQLite file ------------------------------------------------------------------- */

test('into a new SQLite file', async () => {
    const place = makePlace();
    const file = generate('--rows', 3000);
    const target = join(place.folder, 'copy.sqlite');
    const answer = await place.run(['migrate', file, `sqlite:///${target}`, '--create-database']);
    assert.ok([exits.done, exits.differs].includes(answer.status), answer.stderr);
    assert.deepEqual(sqliteTables(target), sqliteTables(file));
    for (const table of sqliteTables(file)) {
        const both = sqlite(file, `ATTACH '${target}' AS other;
            SELECT (SELECT count(*) FROM (SELECT * FROM main."${table}" EXCEPT
            SELECT * FROM other."${table}")) || ' ' || (SELECT count(*) FROM main."${table}") || ' '
            || (SELECT count(*) FROM other."${table}")`);
        const [differing, left, right] = both.split(' ').map(Number);
        assert.equal(differing, 0, table);
        assert.equal(left, right, table);
    }
    assert.equal(sqlite(target, 'PRAGMA foreign_key_check; PRAGMA integrity_check'), 'ok');
    assert.equal(sqlite(target, 'SELECT * FROM sqlite_sequence ORDER BY name'),
        sqlite(file, 'SELECT * FROM sqlite_sequence ORDER BY name'));
    const again = await place.run(['migrate', file, `sqlite:///${target}`]);
    assert.equal(again.status, exits.refused, again.stderr);
});
