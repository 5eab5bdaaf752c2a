// SPDX-License-Identifier: Apache-2.0
// What stands in a database, by its own catalog: one line each of tables, columns, keys, unique
// keys, foreign keys, indexes, comments. Types by what they hold: engines spell them differently.
const sqlite = [
    `SELECT 'column', m.name, x.name, x.type || '~' || (x."notnull" OR x.pk > 0) || '~' ||
        CASE WHEN x.hidden IN (2, 3) THEN 'generated' WHEN coalesce(x.dflt_value, 'NULL') = 'NULL'
        THEN ''
        ELSE 'default' END
        FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS x
        WHERE m.name IN (SELECT name FROM pragma_table_list WHERE type = 'table' AND
        schema = 'main' AND name NOT LIKE 'sqlite%')`,
    `SELECT 'key', name, '', group_concat(c) FROM (SELECT m.name, x.name AS c FROM sqlite_master
        AS m JOIN pragma_table_info(m.name) AS x WHERE m.type = 'table' AND x.pk > 0
        AND m.name IN (SELECT name FROM pragma_table_list WHERE type = 'table')
        ORDER BY m.name, x.pk) GROUP BY name`,
    `SELECT 'foreign key', name, c, r FROM (SELECT m.name, f.id, group_concat(f."from") AS c,
        f."table" || '~' || f.on_delete || '~' || f.on_update AS r FROM sqlite_master AS m JOIN
        pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' GROUP BY m.name, f.id)`,
    `SELECT CASE u WHEN 1 THEN 'unique' ELSE 'index' END, name, c, '' FROM (SELECT m.name, l.name
        AS i, l."unique" AS u, group_concat(coalesce(x.name, '?')) AS c FROM sqlite_master AS m JOIN
        pragma_index_list(m.name) AS l JOIN pragma_index_info(l.name) AS x WHERE m.type = 'table' AND
        l.origin <> 'pk' AND NOT l.partial GROUP BY m.name, l.name) WHERE c NOT LIKE '%?%'`,
];

const mysql = [
    `SELECT 'column', table_name, column_name, concat(column_type, '~', is_nullable = 'NO', '~',
        CASE WHEN is_generated = 'ALWAYS' THEN 'generated' WHEN column_default IS NULL OR
        column_default = 'NULL' THEN '' ELSE 'default' END) FROM information_schema.columns
        WHERE table_schema = database() AND table_name IN (SELECT table_name FROM
        information_schema.tables WHERE table_schema = database() AND table_type <> 'VIEW'
        AND table_type <> 'SEQUENCE')`,
    `SELECT 'comment', table_name, column_name, column_comment FROM information_schema.columns
        WHERE table_schema = database() AND column_comment <> '' AND table_name NOT IN (SELECT table_name FROM
        information_schema.tables WHERE table_type = 'SEQUENCE')`,
    `SELECT CASE WHEN index_name = 'PRIMARY' THEN 'key' WHEN non_unique THEN 'index' ELSE 'unique'
        END, table_name, CASE WHEN index_name = 'PRIMARY' THEN '' ELSE group_concat(column_name
        ORDER BY seq_in_index) END, CASE WHEN index_name = 'PRIMARY' THEN group_concat(column_name
        ORDER BY seq_in_index) ELSE '' END FROM information_schema.statistics WHERE table_schema =
        database() AND sub_part IS NULL GROUP BY table_name, index_name, non_unique`,
    `SELECT 'foreign key', k.table_name, group_concat(k.column_name ORDER BY k.ordinal_position),
        concat(r.referenced_table_name, '~', r.delete_rule, '~', r.update_rule)
        FROM information_schema.key_column_usage AS k JOIN
        information_schema.referential_constraints AS r ON r.constraint_schema = k.constraint_schema
        AND r.table_name = k.table_name AND r.constraint_name = k.constraint_name
        WHERE k.table_schema = database() GROUP BY k.table_name, k.constraint_name,
        r.referenced_table_name, r.delete_rule, r.update_rule`,
];

const place = `c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND
    NOT c.relispartition`;
const keyColumns = (array) => `(SELECT string_agg(attname, ',' ORDER BY n) FROM unnest(${array})
    WITH ORDINALITY AS u (k, n) JOIN pg_attribute ON attrelid = c.oid AND attnum = k)`;
const postgresql = [
    `SELECT 'column', c.relname, a.attname, format_type(a.atttypid, NULL) || '~' ||
        a.attnotnull::int || '~' || CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN
        d.adbin IS NULL OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%' THEN '' ELSE 'default'
        END FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT
        a.attisdropped LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE ${place}`,
    `SELECT 'comment', c.relname, a.attname, col_description(c.oid, a.attnum) FROM pg_class AS c JOIN
        pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 WHERE ${place} AND
        col_description(c.oid, a.attnum) IS NOT NULL`,
    `SELECT CASE k.contype WHEN 'p' THEN 'key' ELSE 'unique' END, c.relname,
        CASE k.contype WHEN 'p' THEN '' ELSE ${keyColumns('k.conkey')} END,
        CASE k.contype WHEN 'p' THEN ${keyColumns('k.conkey')} ELSE '' END
        FROM pg_class AS c JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype IN ('p', 'u')
        WHERE ${place}`,
    `SELECT CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END, c.relname,
        ${keyColumns('i.indkey::int2[]')}, '' FROM pg_class AS c JOIN pg_index AS i ON i.indrelid =
        c.oid AND NOT i.indisprimary AND i.indexprs IS NULL AND i.indpred IS NULL AND i.indnatts =
        i.indnkeyatts WHERE ${place}`,
    `SELECT 'foreign key', c.relname, ${keyColumns('k.conkey')}, r.relname || '~' ||
        (ARRAY['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'])[position(k.confdeltype
        IN 'arcnd')] || '~' || (ARRAY['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL',
        'SET DEFAULT'])[position(k.confupdtype IN 'arcnd')] FROM pg_class AS c JOIN pg_constraint AS
        k ON k.conrelid = c.oid AND k.contype = 'f' JOIN pg_class AS r ON r.oid = k.confrelid
        WHERE ${place}`,
];

/** The queries, by engine: each answers kind, table, name, detail. */
export const inventories = { sqlite, mysql, postgresql };

const classes = [
    [/^(tinyint\(1\)|bool)/i, 'truth'], [/double|real|float/i, 'real'], [/json/i, 'json'],
    [/^(time|timetz)\b(?!stamp)/i, 'time'], [/timestamp|datetime/i, 'moment'], [/^date/i, 'date'],
    [/dec|num/i, 'decimal'], [/uuid/i, 'uuid'], [/int/i, 'integer'], [/blob|binary|bytea/i, 'bytes'],
    [/char|text|clob|string/i, 'text'],
];

/** One spelling for what is the same: {table, name, line}. */
export function itemOf(text) {
    const [kind, table, name, detail] = text.split('|');
    let shown = detail;
    if (kind === 'column') {
        const [type, ...rest] = detail.split('~');
        shown = [classes.find(([pattern]) => pattern.test(type))?.[1] ?? type, ...rest].join('~');
    } else if (kind === 'foreign key') {
        shown = detail.replaceAll('RESTRICT', 'NO ACTION');
    }
    return { kind, table, name, line: [kind, table, name, shown].join('|') };
}
