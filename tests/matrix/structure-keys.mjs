// SPDX-License-Identifier: Apache-2.0
// The traps of keys, names and what rows obey, one entry each: what stands in the source, by source
// engine. The others stand in structure.mjs.
import { createHash } from 'node:crypto';

const n63 = `t${'n'.repeat(62)}`; // PostgreSQL's 63 bytes
const n64 = `m${'n'.repeat(63)}`; // MySQL's 64 characters
const e63 = `e${'é'.repeat(31)}`; // 63 bytes in 32 characters
const e64 = `e${'é'.repeat(63)}`; // 64 characters in 127 bytes

export const keyFeatures = [
    {
        line: 30,
        trap: 'generated columns, stored and virtual',
        source: {
            sqlite: `CREATE TABLE gen (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER,
                s INTEGER GENERATED ALWAYS AS (a + b * 2) STORED,
                v INTEGER AS (a - b) VIRTUAL);
                INSERT INTO gen (id, a, b) VALUES (1, 5, 7), (2, NULL, 1);`,
            mysql: `CREATE TABLE gen (id INT PRIMARY KEY, a INT, b INT,
                s INT AS (a + b * 2) STORED, v INT AS (a - b) VIRTUAL);
                INSERT INTO gen (id, a, b) VALUES (1, 5, 7), (2, NULL, 1);`,
            postgresql: `CREATE TABLE gen (id int PRIMARY KEY, a int, b int,
                s int GENERATED ALWAYS AS (a + b * 2) STORED,
                v int GENERATED ALWAYS AS (a - b) STORED);
                INSERT INTO gen (id, a, b) VALUES (1, 5, 7), (2, NULL, 1);`,
        },
        checks: {
            '*': [
                ['SELECT id, s, v FROM gen ORDER BY id', '1|19|-2\n2||'],
                ['UPDATE gen SET a = 6 WHERE id = 1; SELECT s, v FROM gen WHERE id = 1', '20|-1'],
                ['UPDATE gen SET s = 1 WHERE id = 1', /generated|can only be updated to DEFAULT/i],
            ],
            '*>postgresql': [[`SELECT string_agg(attname::text || attgenerated::text, ',' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = 'gen'::regclass AND attgenerated <> ''`, 'ss,vs']],
            'sqlite>sqlite': [[`SELECT name, hidden FROM pragma_table_xinfo('gen') WHERE hidden > 0`,
                's|3\nv|2']],
            'mysql>mysql': [[`SELECT column_name, extra FROM information_schema.columns WHERE
                table_schema = database() AND table_name = 'gen' AND extra <> ''`,
                's|STORED GENERATED\nv|VIRTUAL GENERATED']],
        },
        ledger: { '*': [] },
    },
    {
        line: 30,
        trap: 'generated columns that no other engine can say',
        source: {
            sqlite: `CREATE TABLE genx (id INTEGER PRIMARY KEY, t TEXT,
                u TEXT AS (printf('%05d:%s', id, t)) STORED, w TEXT AS (strftime('%Y', t)));
                INSERT INTO genx (id, t) VALUES (1, '2024-05-06'), (2, NULL);`,
            mysql: `CREATE TABLE genx (id INT PRIMARY KEY, t VARCHAR(40),
                u VARCHAR(60) AS (lpad(md5(t), 40, 'x')) STORED, w VARCHAR(40) AS (soundex(t)));
                INSERT INTO genx (id, t) VALUES (1, '2024-05-06'), (2, NULL);`,
            postgresql: `CREATE TABLE genx (id int PRIMARY KEY, t text,
                u text GENERATED ALWAYS AS (md5(t)) STORED,
                w text[] GENERATED ALWAYS AS (string_to_array(t, '-')) STORED);
                INSERT INTO genx (id, t) VALUES (1, '2024-05-06'), (2, NULL);`,
        },
        checks: {
            'sqlite>*': [['SELECT u, w FROM genx WHERE id = 1', '00001:2024-05-06|2024']],
            'mysql>*': [['SELECT u FROM genx WHERE id = 1', `xxxxxxxx${md5('2024-05-06')}`]],
            'postgresql>*': [['SELECT u FROM genx WHERE id = 1', md5('2024-05-06')]],
            'postgresql>sqlite': [['SELECT w FROM genx WHERE id = 1', '["2024","05","06"]']],
            '*': [['SELECT count(*) FROM genx WHERE u IS NULL OR w IS NULL', '1']],
            'same': [[`UPDATE genx SET u = 'x' WHERE id = 1`,
                /generated|can only be updated to DEFAULT/i]],
            'other': [[`UPDATE genx SET u = 'x' WHERE id = 1`, '']],
        },
        ledger: {
            same: [],
            other: [/^genx\.u: GENERATED ALWAYS AS .* -> an ordinary column with the same values/,
                /^genx\.w: GENERATED ALWAYS AS .* -> an ordinary column with the same values/],
        },
        todo: { other: [/genx\.u/, /genx\.w/] },
    },
    {
        line: 31,
        trap: 'identity with zero, negative and gaps',
        source: {
            sqlite: `CREATE TABLE ident (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);
                INSERT INTO ident VALUES (-3, 'minus'), (0, 'zero'), (7, 'seven');
                CREATE TABLE ident_always (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);
                INSERT INTO ident_always VALUES (0, 'zero'), (9, 'nine');`,
            mysql: `SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
                CREATE TABLE ident (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(20));
                INSERT INTO ident VALUES (-3, 'minus'), (0, 'zero'), (7, 'seven');
                CREATE TABLE ident_always (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, t TEXT);
                INSERT INTO ident_always VALUES (0, 'zero'), (9, 'nine');
                SET sql_mode = DEFAULT;`,
            postgresql: `CREATE TABLE ident (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                    t text);
                INSERT INTO ident VALUES (-3, 'minus'), (0, 'zero'), (7, 'seven');
                SELECT setval('ident_id_seq', 7);
                CREATE TABLE ident_always (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    t text);
                INSERT INTO ident_always OVERRIDING SYSTEM VALUE VALUES (0, 'zero'), (9, 'nine');
                SELECT setval('ident_always_id_seq', 9);`,
        },
        checks: {
            '*': [
                ['SELECT id, t FROM ident ORDER BY id', '-3|minus\n0|zero\n7|seven'],
                [`INSERT INTO ident (t) VALUES ('new'); SELECT max(id) FROM ident`, '8'],
                ['SELECT id, t FROM ident_always ORDER BY id', '0|zero\n9|nine'],
                [`INSERT INTO ident_always (t) VALUES ('new'); SELECT max(id) FROM ident_always`, '10'],
            ],
            'postgresql>postgresql': [[`INSERT INTO ident_always VALUES (50, 'x')`, /GENERATED ALWAYS/]],
        },
        ledger: { '*': [] },
    },
    {
        line: 32,
        trap: 'high-water marks after deletions',
        source: {
            sqlite: `CREATE TABLE mark (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);
                INSERT INTO mark VALUES (1, 'a'), (2, 'b'), (500, 'c');
                DELETE FROM mark WHERE id > 1;
                CREATE TABLE mark_empty (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);
                INSERT INTO mark_empty VALUES (41, 'x'); DELETE FROM mark_empty;
                CREATE TABLE mark_new (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);`,
            mysql: `CREATE TABLE mark (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(9));
                INSERT INTO mark VALUES (1, 'a'), (2, 'b'), (500, 'c');
                DELETE FROM mark WHERE id > 1;
                CREATE TABLE mark_empty (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(9));
                INSERT INTO mark_empty VALUES (41, 'x'); DELETE FROM mark_empty;
                CREATE TABLE mark_new (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(9));`,
            postgresql: `CREATE TABLE mark (id serial PRIMARY KEY, t text);
                INSERT INTO mark VALUES (1, 'a'), (2, 'b'), (500, 'c');
                SELECT setval('mark_id_seq', 500);
                DELETE FROM mark WHERE id > 1;
                CREATE TABLE mark_empty (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text);
                SELECT setval('mark_empty_id_seq', 41);
                CREATE TABLE mark_new (id serial PRIMARY KEY, t text);`,
        },
        checks: {
            '*': [
                [`INSERT INTO mark (t) VALUES ('n'); SELECT max(id) FROM mark`, '501'],
                [`INSERT INTO mark_empty (t) VALUES ('n'); SELECT max(id) FROM mark_empty`, '42'],
                [`INSERT INTO mark_new (t) VALUES ('n'); SELECT max(id) FROM mark_new`, '1'],
            ],
        },
        ledger: { '*': [] },
    },
    {
        line: 32,
        trap: 'sequences by tens, not yet called, shared',
        source: {
            mysql: `CREATE SEQUENCE tens START WITH 100 INCREMENT BY 10;
                SELECT NEXTVAL(tens), NEXTVAL(tens);
                CREATE TABLE drawn (id BIGINT NOT NULL DEFAULT NEXTVAL(tens) PRIMARY KEY, t INT);
                INSERT INTO drawn (t) VALUES (1);`,
            postgresql: `CREATE SEQUENCE tens START 100 INCREMENT 10;
                SELECT nextval('tens'), nextval('tens');
                CREATE TABLE drawn (id bigint NOT NULL DEFAULT nextval('tens') PRIMARY KEY, t int);
                INSERT INTO drawn (t) VALUES (1);
                CREATE TABLE by_tens (id int GENERATED BY DEFAULT AS IDENTITY
                    (START 1000 INCREMENT 10) PRIMARY KEY, t int);
                INSERT INTO by_tens (t) VALUES (1), (2);
                CREATE TABLE uncalled (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, t int);
                SELECT setval('uncalled_id_seq', 55, false);`,
        },
        checks: {
            'postgresql>postgresql': [['INSERT INTO drawn (t) VALUES (2); SELECT max(id) FROM drawn',
                '130']],
            // What MariaDB had in its cache of a thousand numbers is not given out twice.
            'mysql>mysql': [['INSERT INTO drawn (t) VALUES (2); SELECT max(id) FROM drawn',
                '10100']],
            'other': [['INSERT INTO drawn (t) VALUES (2); SELECT max(id) >= 121 FROM drawn', /^(t|1)$/]],
            'postgresql>*': [['INSERT INTO uncalled (t) VALUES (1); SELECT max(id) FROM uncalled', '55']],
            'postgresql>postgresql': [['INSERT INTO by_tens (t) VALUES (3); SELECT max(id) FROM by_tens',
                '1020']],
            'postgresql>sqlite': [['INSERT INTO by_tens (t) VALUES (3); SELECT max(id) FROM by_tens',
                '1020']],
            'postgresql>mysql': [['INSERT INTO by_tens (t) VALUES (3); SELECT max(id) FROM by_tens',
                '1020']],
        },
    },
    {
        line: 33,
        trap: 'self-references and circles of foreign keys',
        source: {
            sqlite: `CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER
                    REFERENCES tree (id) ON DELETE SET NULL);
                INSERT INTO tree VALUES (1, 3), (2, 1), (3, 3);
                CREATE TABLE hen (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES egg (id));
                CREATE TABLE egg (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hen (id));
                INSERT INTO hen VALUES (1, 2), (2, 1); INSERT INTO egg VALUES (1, 1), (2, 2);`,
            mysql: `CREATE TABLE tree (id INT PRIMARY KEY, up INT,
                    FOREIGN KEY (up) REFERENCES tree (id) ON DELETE SET NULL);
                SET foreign_key_checks = 0;
                INSERT INTO tree VALUES (1, 3), (2, 1), (3, 3);
                CREATE TABLE hen (id INT PRIMARY KEY, egg INT, FOREIGN KEY (egg)
                    REFERENCES egg (id));
                CREATE TABLE egg (id INT PRIMARY KEY, hen INT, FOREIGN KEY (hen)
                    REFERENCES hen (id));
                INSERT INTO hen VALUES (1, 2), (2, 1); INSERT INTO egg VALUES (1, 1), (2, 2);
                SET foreign_key_checks = 1;`,
            postgresql: `CREATE TABLE tree (id int PRIMARY KEY, up int
                    REFERENCES tree (id) ON DELETE SET NULL);
                INSERT INTO tree VALUES (1, 3), (2, 1), (3, 3);
                CREATE TABLE hen (id int PRIMARY KEY, egg int);
                CREATE TABLE egg (id int PRIMARY KEY, hen int REFERENCES hen (id));
                INSERT INTO hen VALUES (1, 2), (2, 1); INSERT INTO egg VALUES (1, 1), (2, 2);
                ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg (id);`,
        },
        checks: {
            '*': [
                ['SELECT id, up FROM tree ORDER BY id', '1|3\n2|1\n3|3'],
                ['SELECT hen.id, egg.hen FROM hen JOIN egg ON egg.id = hen.egg ORDER BY 1', '1|2\n2|1'],
                ['INSERT INTO tree VALUES (9, 99)', /foreign key/i],
                ['INSERT INTO hen VALUES (9, 99)', /foreign key/i],
                ['INSERT INTO egg VALUES (9, 99)', /foreign key/i],
                ['DELETE FROM tree WHERE id = 1; SELECT id, up FROM tree ORDER BY id', '2|\n3|3'],
            ],
        },
        ledger: {
            same: [],
            // Indexes that have the name of a table.
            'mysql>*': [/^hen\.egg: egg -> egg_[0-9a-f]{8}$/, /^egg\.hen: hen -> hen_[0-9a-f]{8}$/],
            '*': [],
        },
    },
    {
        line: 34,
        trap: 'every action of a foreign key, composite keys, MATCH, DEFERRABLE',
        source: {
            sqlite: `CREATE TABLE par (a INTEGER, b INTEGER, n INTEGER UNIQUE, PRIMARY KEY (a, b));
                INSERT INTO par VALUES (1, 1, 10), (1, 2, 20), (2, 1, 30);
                CREATE TABLE kid (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER,
                    c1 INTEGER REFERENCES par (n) ON DELETE CASCADE ON UPDATE CASCADE,
                    c2 INTEGER REFERENCES par (n) ON DELETE SET NULL ON UPDATE SET NULL,
                    c3 INTEGER DEFAULT 20 REFERENCES par (n) ON DELETE SET DEFAULT,
                    c4 INTEGER REFERENCES par (n) ON DELETE RESTRICT ON UPDATE RESTRICT,
                    c5 INTEGER REFERENCES par (n) ON DELETE NO ACTION
                        DEFERRABLE INITIALLY DEFERRED,
                    FOREIGN KEY (a, b) REFERENCES par (a, b) ON DELETE CASCADE);
                INSERT INTO kid VALUES (1, 1, 1, 10, 10, 10, 10, 10), (2, 2, 1, 30, 30, 30, 30, 30),
                    (3, NULL, 4, NULL, NULL, NULL, NULL, NULL);`,
            mysql: `CREATE TABLE par (a INT, b INT, n INT UNIQUE, PRIMARY KEY (a, b));
                INSERT INTO par VALUES (1, 1, 10), (1, 2, 20), (2, 1, 30);
                CREATE TABLE kid (id INT PRIMARY KEY, a INT, b INT, c1 INT, c2 INT, c3 INT DEFAULT
                    20, c4 INT, c5 INT,
                    FOREIGN KEY (c1) REFERENCES par (n) ON DELETE CASCADE ON UPDATE CASCADE,
                    FOREIGN KEY (c2) REFERENCES par (n) ON DELETE SET NULL ON UPDATE SET NULL,
                    FOREIGN KEY (c4) REFERENCES par (n) ON DELETE RESTRICT ON UPDATE RESTRICT,
                    FOREIGN KEY (c5) REFERENCES par (n) ON DELETE NO ACTION ON UPDATE NO ACTION,
                    FOREIGN KEY (a, b) REFERENCES par (a, b) ON DELETE CASCADE);
                INSERT INTO kid VALUES (1, 1, 1, 10, 10, 10, 10, 10), (2, 2, 1, 30, 30, 30, 30, 30),
                    (3, NULL, 4, NULL, NULL, NULL, NULL, NULL);`,
            postgresql: `CREATE TABLE par (a int, b int, n int UNIQUE, PRIMARY KEY (a, b));
                INSERT INTO par VALUES (1, 1, 10), (1, 2, 20), (2, 1, 30);
                CREATE TABLE kid (id int PRIMARY KEY, a int, b int,
                    c1 int REFERENCES par (n) ON DELETE CASCADE ON UPDATE CASCADE,
                    c2 int REFERENCES par (n) ON DELETE SET NULL ON UPDATE SET NULL,
                    c3 int DEFAULT 20 REFERENCES par (n) ON DELETE SET DEFAULT,
                    c4 int REFERENCES par (n) ON DELETE RESTRICT ON UPDATE RESTRICT,
                    c5 int REFERENCES par (n) DEFERRABLE INITIALLY DEFERRED,
                    FOREIGN KEY (a, b) REFERENCES par (a, b) ON DELETE CASCADE);
                INSERT INTO kid VALUES (1, 1, 1, 10, 10, 10, 10, 10), (2, 2, 1, 30, 30, 30, 30, 30),
                    (3, NULL, 4, NULL, NULL, NULL, NULL, NULL);
                CREATE TABLE matched (id int PRIMARY KEY, a int, b int,
                    FOREIGN KEY (a, b) REFERENCES par MATCH FULL);
                INSERT INTO matched VALUES (1, 1, 2), (2, NULL, NULL);`,
        },
        checks: {
            '*': [['SELECT count(*) FROM kid JOIN par ON par.a = kid.a AND par.b = kid.b', '2'],
                ['INSERT INTO kid (id, a, b) VALUES (9, 9, 9)', /foreign key/i],
                ['INSERT INTO kid (id, c4) VALUES (9, 99)', /foreign key/i]],
            '*>postgresql': [[`SELECT attname, confupdtype, confdeltype FROM pg_constraint
                JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
                WHERE conrelid = 'kid'::regclass AND contype = 'f' AND attname <> 'c3' ORDER BY 1`,
                /^a\|[ar]\|c\nc1\|c\|c\nc2\|n\|n\nc4\|r\|r\nc5\|a\|a$/]],
            '*>mysql': [[`SELECT column_name, update_rule, delete_rule
                FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints
                AS r ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name AND
                r.constraint_name = k.constraint_name WHERE k.table_schema = database() AND
                k.table_name = 'kid' AND ordinal_position = 1 AND column_name <> 'c3' ORDER BY 1`,
                /^a\|(NO ACTION|RESTRICT)\|CASCADE\nc1\|CASCADE\|CASCADE\nc2\|SET NULL\|SET NULL\nc4\|(NO ACTION|RESTRICT)\|(NO ACTION|RESTRICT)\nc5\|NO ACTION\|NO ACTION$/]],
            '*>sqlite': [[`SELECT "from", on_update, on_delete FROM pragma_foreign_key_list('kid')
                WHERE seq = 0 AND "from" <> 'c3' ORDER BY 1`,
                /^a\|(NO ACTION|RESTRICT)\|CASCADE\nc1\|CASCADE\|CASCADE\nc2\|SET NULL\|SET NULL\nc4\|RESTRICT\|RESTRICT\nc5\|NO ACTION\|NO ACTION$/]],
            'sqlite>postgresql': [[`SELECT attname, confdeltype FROM pg_constraint JOIN pg_attribute ON
                attrelid = conrelid AND attnum = conkey[1] WHERE conrelid = 'kid'::regclass AND
                (condeferred OR confdeltype = 'd') ORDER BY 1`, 'c3|d\nc5|a']],
            'postgresql>postgresql': [[`SELECT attname, confdeltype FROM pg_constraint JOIN pg_attribute ON
                attrelid = conrelid AND attnum = conkey[1] WHERE conrelid = 'kid'::regclass AND
                (condeferred OR confdeltype = 'd') ORDER BY 1`, 'c3|d\nc5|a'],
                ['INSERT INTO matched VALUES (3, 1, NULL)', /MATCH FULL/]],
            'postgresql>sqlite': [[`SELECT on_delete FROM pragma_foreign_key_list('kid')
                WHERE "from" = 'c3'`, 'SET DEFAULT'],
                [`BEGIN; INSERT INTO kid (id, c5) VALUES (9, 99); DELETE FROM kid WHERE id = 9; COMMIT`,
                    '']],
            'sqlite>sqlite': [[`BEGIN; INSERT INTO kid (id, c5) VALUES (9, 99); DELETE FROM kid
                WHERE id = 9; COMMIT`, '']],
        },
        ledger: {
            'sqlite>mysql': [/^kid\.kid_c3_fkey: SET DEFAULT -> NO ACTION/,
                /^kid\.kid_c5_fkey: DEFERRABLE -> /],
            'postgresql>mysql': [/^kid\.kid_c3_fkey: SET DEFAULT -> NO ACTION/,
                /^kid\.kid_c5_fkey: DEFERRABLE -> /, /^matched\..*: MATCH FULL -> MATCH SIMPLE/],
            'postgresql>sqlite': [/^matched\..*: MATCH FULL -> MATCH SIMPLE/],
            'mysql>sqlite': [/^kid\.a: a -> a_[0-9a-f]{8}$/],
            'mysql>postgresql': [/^kid\.a: a -> a_[0-9a-f]{8}$/],
            '*': [],
        },
    },
    {
        line: 35,
        trap: 'text longer than its column declares',
        source: {
            sqlite: `CREATE TABLE roomy (id INTEGER PRIMARY KEY, v VARCHAR(5), w CHAR(2));
                INSERT INTO roomy VALUES (1, 'longer than five', 'xyz'), (2, 'ok', 'ab');`,
        },
        checks: {
            '*': [['SELECT v, w FROM roomy WHERE id = 1', 'longer than five|xyz'],
                ['SELECT v, w FROM roomy WHERE id = 2', 'ok|ab']],
        },
    },
    {
        line: 36,
        trap: 'text as a key',
        source: {
            sqlite: `CREATE TABLE textkey (k TEXT PRIMARY KEY, u TEXT UNIQUE, v INTEGER);
                INSERT INTO textkey VALUES ('alpha', 'one', 1), ('béta', 'two', 2), ('', 'x', 3);
                CREATE TABLE textref (id INTEGER PRIMARY KEY, k TEXT REFERENCES textkey (k));
                INSERT INTO textref VALUES (1, 'béta');`,
            mysql: `CREATE TABLE textkey (k VARCHAR(700) COLLATE utf8mb4_bin PRIMARY KEY,
                    u TEXT COLLATE utf8mb4_bin, v INT, UNIQUE KEY u (u));
                INSERT INTO textkey VALUES ('alpha', 'one', 1), ('béta', 'two', 2), ('', 'x', 3);
                CREATE TABLE textref (id INT PRIMARY KEY, k VARCHAR(700) COLLATE utf8mb4_bin,
                    FOREIGN KEY (k) REFERENCES textkey (k));
                INSERT INTO textref VALUES (1, 'béta');`,
            postgresql: `CREATE TABLE textkey (k text PRIMARY KEY, u text UNIQUE, v int);
                INSERT INTO textkey VALUES ('alpha', 'one', 1), ('béta', 'two', 2), ('', 'x', 3);
                CREATE TABLE textref (id int PRIMARY KEY, k text REFERENCES textkey (k));
                INSERT INTO textref VALUES (1, 'béta');`,
        },
        checks: {
            '*': [
                ['SELECT k, u, v FROM textkey ORDER BY v', 'alpha|one|1\nbéta|two|2\n|x|3'],
                [`INSERT INTO textkey VALUES ('alpha', 'other', 9)`, /unique|duplicate/i],
                [`INSERT INTO textkey VALUES ('other', 'one', 9)`, /unique|duplicate/i],
                [`INSERT INTO textref VALUES (2, 'nobody')`, /foreign key/i],
            ],
            'mysql>mysql': [[`SELECT column_name, column_type FROM information_schema.columns WHERE
                table_schema = database() AND table_name = 'textkey' AND column_name < 'v'`,
                'k|varchar(700)\nu|text']],
            'mysql>postgresql': [[`SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
                WHERE attrelid = 'textkey'::regclass AND attname IN ('k', 'u') ORDER BY 1`,
                'k|character varying(700)\nu|text']],
        },
        ledger: { same: [], 'mysql>*': [/^textkey\.u: u -> u_[0-9a-f]{8}$/], '*': [] },
    },
    {
        line: 36,
        trap: 'a unique text beyond 3072 bytes',
        source: {
            sqlite: `CREATE TABLE longkey (id INTEGER PRIMARY KEY, u TEXT UNIQUE);
                INSERT INTO longkey VALUES (1, replace(hex(zeroblob(1000)), '00', 'xé')),
                    (2, replace(hex(zeroblob(1000)), '00', 'xé') || 'b');`,
            postgresql: `CREATE TABLE longkey (id int PRIMARY KEY, u text UNIQUE);
                INSERT INTO longkey VALUES (1, repeat('xé', 1000)), (2, repeat('xé', 1000) || 'b');`,
            mysql: `CREATE TABLE longkey (id INT PRIMARY KEY, u TEXT COLLATE utf8mb4_bin, UNIQUE (u));
                INSERT INTO longkey VALUES (1, repeat('xé', 1000)), (2, concat(repeat('xé', 1000),
                    'b'));`,
        },
        checks: {
            '*': [
                ['SELECT id, length(u) IN (2000, 2001, 3000, 3001) FROM longkey ORDER BY 1',
                    /^1\|(1|t)\n2\|(1|t)$/],
                ['INSERT INTO longkey SELECT 3, u FROM longkey WHERE id = 2', /unique|duplicate/i],
            ],
        },
        ledger: { '*': [] },
    },
    {
        line: 37,
        trap: 'indexes: descending, partial, expression, prefix, full text, INCLUDE, methods',
        source: {
            sqlite: `CREATE TABLE ix (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c TEXT);
                INSERT INTO ix VALUES (1, 1, 'Ab', 'x'), (2, 2, 'cd', 'y');
                CREATE INDEX ix_desc ON ix (a DESC, b);
                CREATE INDEX ix_part ON ix (a) WHERE a > 5;
                CREATE UNIQUE INDEX ix_upart ON ix (b) WHERE a > 0;
                CREATE UNIQUE INDEX ix_lower ON ix (lower(b));
                CREATE INDEX ix_expr ON ix (a + 1);
                CREATE INDEX ix_odd ON ix (printf('%s', c));
                CREATE UNIQUE INDEX ix_nocase ON ix (c COLLATE NOCASE);`,
            mysql: `CREATE TABLE ix (id INT PRIMARY KEY, a INT, b VARCHAR(40) COLLATE utf8mb4_bin,
                    c TEXT COLLATE utf8mb4_bin, p POINT NOT NULL);
                INSERT INTO ix VALUES (1, 1, 'Ab', 'x', POINT(1, 2)), (2, 2, 'cd', 'y', POINT(3, 4));
                CREATE INDEX ix_desc ON ix (a DESC, b);
                CREATE INDEX ix_prefix ON ix (c (10));
                CREATE UNIQUE INDEX ix_uprefix ON ix (b (2));
                CREATE FULLTEXT INDEX ix_words ON ix (b, c);
                CREATE SPATIAL INDEX ix_place ON ix (p);`,
            postgresql: `CREATE TABLE ix (id int PRIMARY KEY, a int, b text, c text, j jsonb,
                    r int4range);
                INSERT INTO ix VALUES (1, 1, 'Ab', 'x', '{"k": 1}', '[1,5)'),
                    (2, 2, 'cd', 'y', NULL, NULL);
                CREATE INDEX ix_desc ON ix (a DESC NULLS LAST, b);
                CREATE INDEX ix_part ON ix (a) WHERE a > 5;
                CREATE UNIQUE INDEX ix_upart ON ix (b) WHERE a > 0;
                CREATE UNIQUE INDEX ix_lower ON ix (lower(b));
                CREATE INDEX ix_expr ON ix ((a + 1));
                CREATE UNIQUE INDEX ix_incl ON ix (a) INCLUDE (b);
                CREATE INDEX ix_gin ON ix USING gin (j jsonb_path_ops);
                CREATE INDEX ix_gist ON ix USING gist (r);
                CREATE INDEX ix_ops ON ix (c text_pattern_ops);
                CREATE INDEX ix_hash ON ix USING hash (c);
                CREATE INDEX ix_brin ON ix USING brin (a);
                CREATE TABLE rooms (id int PRIMARY KEY, room int4range,
                    EXCLUDE USING gist (room WITH &&));
                INSERT INTO rooms VALUES (1, '[1,5)'), (2, '[5,9)');
                CREATE TABLE onenull (id int PRIMARY KEY, u int, UNIQUE NULLS NOT DISTINCT (u));
                INSERT INTO onenull VALUES (1, NULL), (2, 5);`,
        },
        checks: {
            'sqlite>*': [
                [`INSERT INTO ix (id, a, b, c) VALUES (9, 1, 'AB', 'new')`, /unique|duplicate/i],
                [`INSERT INTO ix (id, a, b, c) VALUES (9, 1, 'cd', 'new')`, /unique|duplicate/i],
                [`INSERT INTO ix (id, a, b, c) VALUES (9, -1, 'new', 'X')`, /unique|duplicate/i],
                [`INSERT INTO ix (id, a, b, c) VALUES (9, -1, 'new', 'z'); DELETE FROM ix WHERE id = 9`, ''],
            ],
            'postgresql>*': [
                [`INSERT INTO ix (id, a, b, c) VALUES (9, 9, 'AB', 'new')`, /unique|duplicate/i],
                [`INSERT INTO ix (id, a, b, c) VALUES (9, 1, 'new', 'new')`, /unique|duplicate/i],
                [`INSERT INTO ix (id, a, b, c) VALUES (9, -1, 'new', 'x'); DELETE FROM ix WHERE id = 9`, ''],
            ],
            'mysql>sqlite': [[`INSERT INTO ix (id, b, p) VALUES (9, 'Abx', '')`, /unique/i]],
            'mysql>postgresql': [[`INSERT INTO ix (id, b, p) VALUES (9, 'Abx', '')`, /unique/i]],
            'mysql>mysql': [[`INSERT INTO ix (id, b, p) VALUES (9, 'Abx', POINT(1, 1))`, /duplicate/i],
                [`SELECT index_name, index_type, group_concat(concat(column_name, coalesce(sub_part, ''))
                    ORDER BY seq_in_index) FROM information_schema.statistics WHERE table_schema =
                    database() AND table_name = 'ix' GROUP BY 1, 2 ORDER BY 1`,
                    'ix_desc|BTREE|a,b\nix_place|SPATIAL|p32\nix_prefix|BTREE|c10\nix_uprefix|BTREE|b2\n' +
                    'ix_words|FULLTEXT|b,c\nPRIMARY|BTREE|id']],
            'sqlite>sqlite': [[`SELECT count(*) FROM sqlite_master WHERE type = 'index' AND
                tbl_name = 'ix' AND sql IS NOT NULL`, '7']],
            'sqlite>postgresql': [[`SELECT pg_get_indexdef('ix_desc'::regclass),
                pg_get_indexdef('ix_part'::regclass), pg_get_indexdef('ix_expr'::regclass)`,
                'CREATE INDEX ix_desc ON public.ix USING btree (a DESC, b)|CREATE INDEX ix_part ON ' +
                'public.ix USING btree (a) WHERE (a > 5)|CREATE INDEX ix_expr ON public.ix USING btree ' +
                '(((a + 1)))']],
            'postgresql>postgresql': [[`SELECT count(*) FROM pg_index WHERE indrelid = 'ix'::regclass`,
                '12'], [`INSERT INTO rooms VALUES (3, '[2,3)')`, /exclusion/],
                ['INSERT INTO onenull VALUES (3, NULL)', /duplicate/],
                [`SELECT pg_get_indexdef('ix_gin'::regclass) || pg_get_indexdef('ix_ops'::regclass) ||
                    pg_get_indexdef('ix_incl'::regclass)`, 'CREATE INDEX ix_gin ON public.ix USING gin ' +
                    '(j jsonb_path_ops)CREATE INDEX ix_ops ON public.ix USING btree (c text_pattern_ops)' +
                    'CREATE UNIQUE INDEX ix_incl ON public.ix USING btree (a) INCLUDE (b)']],
        },
        ledger: {
            same: [],
            'sqlite>postgresql': [/^ix\.ix_odd: /],
            'sqlite>mysql': [/^ix\.ix_odd: /, /^ix\.ix_expr: /, /^ix\.ix_lower: .*hidden column/,
                /^ix\.ix_part: WHERE .* -> null/, /^ix\.ix_upart: .*hidden column/],
            'mysql>sqlite': [/^ix\.ix_place: CREATE SPATIAL/, /^ix\.ix_words: CREATE FULLTEXT/],
            'mysql>postgresql': [/^ix\.ix_place: CREATE SPATIAL/, /^ix\.ix_words: CREATE FULLTEXT/],
            'postgresql>sqlite': [/^ix\.ix_gin: /, /^ix\.ix_gist: /, /^ix\.ix_brin: USING brin -> /,
                /^ix\.ix_hash: /, /^rooms\.rooms_room_excl: /, /^onenull\..*NULLS NOT DISTINCT/,
                /^ix\.ix_incl: INCLUDE/, /^ix\.ix_ops: text_pattern_ops/, /^ix\.ix_desc: NULLS LAST -> /],
            'postgresql>mysql': [/^ix\.ix_gin: /, /^ix\.ix_gist: /, /^ix\.ix_brin: USING brin -> /,
                /^ix\.ix_hash: /, /^rooms\.rooms_room_excl: /, /^onenull\..*NULLS NOT DISTINCT/,
                /^ix\.ix_expr: /, /^ix\.ix_incl: INCLUDE/, /^ix\.ix_lower: /, /^ix\.ix_part: /,
                /^ix\.ix_upart: /, /^ix\.ix_ops: text_pattern_ops/,
                /^ix\.ix_desc: NULLS LAST -> /],
        },
        todo: {
            'postgresql>sqlite': [/USING gin \(j jsonb_path_ops\)/, /USING gist \(r\)/,
                /EXCLUDE USING gist/],
            'postgresql>mysql': [/USING gin \(j jsonb_path_ops\)/, /EXCLUDE USING gist/],
            'mysql>sqlite': [/CREATE FULLTEXT INDEX/, /CREATE SPATIAL INDEX/],
            'mysql>postgresql': [/CREATE FULLTEXT INDEX/, /CREATE SPATIAL INDEX/],
            'sqlite>postgresql': [/CREATE INDEX ix_odd/],
            'sqlite>mysql': [/CREATE INDEX ix_odd/, /ix_expr ON ix \(a \+ 1\)/],
        },
    },
    {
        line: 38,
        trap: 'hostile names',
        source: {
            sqlite: `CREATE TABLE "Ho""st'il\`e; -- $$ x" ("select" INTEGER PRIMARY KEY,
                    "a b.c" TEXT, "<img src=x onerror=alert(1)>" TEXT, "new
line" TEXT, "日本" INTEGER, "\\back" INTEGER, "per%s%n" INTEGER DEFAULT 4);
                INSERT INTO "Ho""st'il\`e; -- $$ x" VALUES (1, 'x', 'y', 'z', 2, 3, 4);
                CREATE TABLE "order" ("group" INTEGER PRIMARY KEY, "Mixed" TEXT,
                    "🙂" INTEGER UNIQUE);
                INSERT INTO "order" VALUES (1, 'm', 7);
                CREATE TABLE "user.table" (id INTEGER PRIMARY KEY, "user" INTEGER
                    REFERENCES "order" ("group"));
                INSERT INTO "user.table" VALUES (5, 1);
                CREATE UNIQUE INDEX "in""dex" ON "order" ("Mixed");`,
            mysql: "CREATE TABLE `Ho\"st'il``e; -- $$ x` (`select` INT PRIMARY KEY, " +
                '`a b.c` TEXT, `<img src=x onerror=alert(1)>` TEXT, `new\nline` TEXT, ' +
                '`日本` INT, `\\back` INT, `per%s%n` INT DEFAULT 4);' +
                "INSERT INTO `Ho\"st'il``e; -- $$ x` VALUES (1, 'x', 'y', 'z', 2, 3, 4);" +
                'CREATE TABLE `order` (`group` INT PRIMARY KEY, `Mixed` VARCHAR(9), `ß` INT UNIQUE);' +
                "INSERT INTO `order` VALUES (1, 'm', 7);" +
                'CREATE TABLE `user.table` (id INT PRIMARY KEY, `user` INT, FOREIGN KEY (`user`) ' +
                'REFERENCES `order` (`group`)); INSERT INTO `user.table` VALUES (5, 1);' +
                'CREATE UNIQUE INDEX `in"dex` ON `order` (`Mixed`);',
            postgresql: `CREATE TABLE "Ho""st'il\`e; -- $$ x" ("select" int PRIMARY KEY,
                    "a b.c" text, "<img src=x onerror=alert(1)>" text, "new
line" text, "日本" int, "\\back" int, "per%s%n" int DEFAULT 4);
                INSERT INTO "Ho""st'il\`e; -- $$ x" VALUES (1, 'x', 'y', 'z', 2, 3, 4);
                CREATE TABLE "order" ("group" int PRIMARY KEY, "Mixed" text, "🙂" int UNIQUE);
                INSERT INTO "order" VALUES (1, 'm', 7);
                CREATE TABLE "user.table" (id int PRIMARY KEY, "user" int
                    REFERENCES "order" ("group"));
                INSERT INTO "user.table" VALUES (5, 1);
                CREATE UNIQUE INDEX "in""dex" ON "order" ("Mixed");`,
        },
        checks: {
            '*': [
                [`SELECT "select", "a b.c", "<img src=x onerror=alert(1)>", "new\nline", "日本", "\\back",
                    "per%s%n" FROM "Ho""st'il\`e; -- $$ x"`, '1|x|y|z|2|3|4'],
                [`INSERT INTO "Ho""st'il\`e; -- $$ x" ("select") VALUES (2);
                    SELECT "per%s%n" FROM "Ho""st'il\`e; -- $$ x" WHERE "select" = 2`, '4'],
                ['SELECT "group", "Mixed" FROM "order"', '1|m'],
                [`INSERT INTO "order" ("group", "Mixed") VALUES (2, 'm')`, /unique|duplicate/i],
                ['INSERT INTO "user.table" VALUES (6, 99)', /foreign key/i],
            ],
            'sqlite>sqlite': [['SELECT "🙂" FROM "order"', '7']],
            'sqlite>postgresql': [['SELECT "🙂" FROM "order"', '7']],
            'postgresql>sqlite': [['SELECT "🙂" FROM "order"', '7']],
            'postgresql>postgresql': [['SELECT "🙂" FROM "order"', '7']],
            'mysql>*': [['SELECT "ß" FROM "order" WHERE "group" = 1', '7']],
        },
        ledger: {
            'sqlite>mysql': [/^order\.🙂: 🙂 -> __[0-9a-f]{8}$/],
            'postgresql>mysql': [/^order\.🙂: 🙂 -> __[0-9a-f]{8}$/, /^order\.order_🙂_key: /],
        },
    },
    {
        line: 39,
        trap: '63 bytes and 64 characters',
        source: {
            sqlite: `CREATE TABLE "${n64}" (id INTEGER PRIMARY KEY, "${n64}x" INTEGER,
                    "${n64}y" INTEGER, "${e64}" INTEGER);
                INSERT INTO "${n64}" VALUES (1, 2, 3, 4);
                CREATE TABLE "${n64}2" (id INTEGER PRIMARY KEY REFERENCES "${n64}" (id));
                INSERT INTO "${n64}2" VALUES (1);
                CREATE INDEX "${n64}_index" ON "${n64}" ("${n64}x");`,
            mysql: `CREATE TABLE \`${n64}\` (id INT PRIMARY KEY, \`x${n64.slice(1)}\` INT,
                    \`y${n64.slice(1)}\` INT, \`${e64}\` INT);
                INSERT INTO \`${n64}\` VALUES (1, 2, 3, 4);
                CREATE TABLE \`2${n64.slice(1)}\` (id INT PRIMARY KEY, CONSTRAINT fk64 FOREIGN KEY (id)
                    REFERENCES \`${n64}\` (id)); INSERT INTO \`2${n64.slice(1)}\` VALUES (1);
                CREATE INDEX \`i${n64.slice(1)}\` ON \`${n64}\` (\`x${n64.slice(1)}\`);`,
            postgresql: `CREATE TABLE "${n63}" (id int PRIMARY KEY, "x${n63.slice(1)}" int,
                    "y${n63.slice(1)}" int, "${e63}" int);
                INSERT INTO "${n63}" VALUES (1, 2, 3, 4);
                CREATE TABLE "2${n63.slice(1)}" (id int PRIMARY KEY REFERENCES "${n63}" (id));
                INSERT INTO "2${n63.slice(1)}" VALUES (1);
                CREATE INDEX "i${n63.slice(1)}" ON "${n63}" ("x${n63.slice(1)}");`,
        },
        checks: {
            '*>postgresql': [[`SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace =
                'public'::regnamespace AND octet_length(relname) > 50`, '2'],
                [`SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM
                    pg_class WHERE octet_length(relname) > 50)`, '1']],
            '*>mysql': [[`SELECT count(*) FROM information_schema.tables WHERE table_schema = database()
                AND char_length(table_name) > 50`, '2'],
                [`SELECT count(*) FROM information_schema.referential_constraints WHERE constraint_schema =
                    database() AND char_length(table_name) > 50`, '1']],
            '*>sqlite': [[`SELECT count(*) FROM sqlite_master WHERE type = 'table' AND length(name) > 50`,
                '2']],
            'sqlite>sqlite': [[`SELECT "${n64}x", "${n64}y", "${e64}" FROM "${n64}"`, '2|3|4']],
            'mysql>sqlite': [[`SELECT "x${n64.slice(1)}", "y${n64.slice(1)}", "${e64}" FROM "${n64}"`,
                '2|3|4']],
            'mysql>mysql': [[`SELECT "x${n64.slice(1)}", "y${n64.slice(1)}", "${e64}" FROM "${n64}"`,
                '2|3|4']],
            'postgresql>*': [[`SELECT "x${n63.slice(1)}", "y${n63.slice(1)}", "${e63}" FROM "${n63}"`,
                '2|3|4']],
        },
    },
];

function md5(text) {
    return createHash('md5').update(text).digest('hex');
}
