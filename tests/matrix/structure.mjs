// SPDX-License-Identifier: Apache-2.0
// The traps of structure, one entry each: what stands in the source, by source engine.
import { keyFeatures } from './structure-keys.mjs';

export const features = [
    ...keyFeatures,
    {
        line: 40,
        trap: 'defaults in every spelling',
        source: {
            sqlite: `CREATE TABLE dflt (id INTEGER PRIMARY KEY,
                    a TIMESTAMP DEFAULT CURRENT_TIMESTAMP, b TIMESTAMP DEFAULT current_timestamp,
                    c TEXT DEFAULT (datetime('now')), d DATE DEFAULT CURRENT_DATE,
                    e TIME DEFAULT CURRENT_TIME, f INTEGER DEFAULT '7', g TEXT DEFAULT 'it''s',
                    h TEXT DEFAULT (lower(hex(randomblob(16)))), i REAL DEFAULT 1.5,
                    j INTEGER DEFAULT (strftime('%s', 'now')), k TEXT DEFAULT (datetime('now',
                    'localtime')), l BLOB DEFAULT x'00ff', m BOOLEAN DEFAULT TRUE,
                    n TEXT DEFAULT NULL, o INTEGER DEFAULT -5, p INTEGER DEFAULT (2 + 3),
                    q TEXT DEFAULT '', r DECIMAL(8,2) DEFAULT '9.50', s DATE DEFAULT (date('now')),
                    t TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
                INSERT INTO dflt (id) VALUES (1);`,
            mysql: `CREATE TABLE dflt (id INT PRIMARY KEY,
                    a DATETIME DEFAULT CURRENT_TIMESTAMP, b TIMESTAMP(6) NOT NULL DEFAULT now(6),
                    c DATETIME(3) DEFAULT localtimestamp(3), d DATE DEFAULT (curdate()),
                    e TIME DEFAULT (curtime()), f INT DEFAULT '7', g VARCHAR(9) DEFAULT 'it''s',
                    h CHAR(36) DEFAULT (uuid()), i DOUBLE DEFAULT 1.5, j BIGINT DEFAULT
                    (unix_timestamp()), k VARCHAR(40) DEFAULT (utc_timestamp()),
                    l VARBINARY(9) DEFAULT x'00ff', m TINYINT(1) DEFAULT 1, n TEXT DEFAULT NULL,
                    o INT DEFAULT -5, p INT DEFAULT (2 + 3), q VARCHAR(9) DEFAULT '',
                    r DECIMAL(8,2) DEFAULT 9.50, s TEXT DEFAULT 'text', t JSON DEFAULT '{"a": 1}',
                    u BIT(8) DEFAULT b'101', v ENUM('x', 'y') DEFAULT 'y');
                INSERT INTO dflt (id) VALUES (1);`,
            postgresql: `CREATE TABLE dflt (id int PRIMARY KEY,
                    a timestamp DEFAULT CURRENT_TIMESTAMP, b timestamptz NOT NULL DEFAULT now(),
                    c timestamptz DEFAULT clock_timestamp(), d date DEFAULT CURRENT_DATE,
                    e time DEFAULT LOCALTIME, f int DEFAULT '7', g text DEFAULT 'it''s',
                    h uuid DEFAULT gen_random_uuid(), i float8 DEFAULT 1.5,
                    j bigint DEFAULT (extract(epoch FROM now()))::bigint, k text DEFAULT
                    to_char(now(), 'YYYY'), l bytea DEFAULT '\\x00ff', m boolean DEFAULT true,
                    n text DEFAULT NULL, o int DEFAULT -5, p int DEFAULT (2 + 3), q text DEFAULT '',
                    r numeric(8,2) DEFAULT 9.50, s timestamp DEFAULT timezone('utc', now()),
                    t jsonb DEFAULT '{"a": 1}', u timestamptz DEFAULT statement_timestamp(),
                    v text DEFAULT CURRENT_USER, w text[] DEFAULT '{a,b}');
                INSERT INTO dflt (id) VALUES (1);`,
        },
        checks: {
            '*': [[`INSERT INTO dflt (id) VALUES (2);
                SELECT f, g, i, o, p, q FROM dflt WHERE id = 2`, `7|it's|1.5|-5|5|`],
                ['SELECT count(*) FROM dflt WHERE id = 2 AND a IS NOT NULL AND b IS NOT NULL AND ' +
                    'd IS NOT NULL AND e IS NOT NULL AND h IS NOT NULL AND n IS NULL AND r = 9.50', '1']],
        },
        ledger: {
            same: [],
            'sqlite>*': [/^dflt\.j: DEFAULT strftime\('%s', 'now'\) -> null$/,
                /^dflt\.k: DEFAULT datetime\('now',\s+'localtime'\) -> null$/,
                /^dflt\.t: DEFAULT strftime\('%Y-%m-%dT%H:%M:%fZ', 'now'\) -> null$/],
            'mysql>*': [/^dflt\.j: DEFAULT unix_timestamp\(\) -> null$/,
                /^dflt\.k: DEFAULT utc_timestamp\(\) -> null$/],
            'postgresql>*': [/^dflt\.j: DEFAULT .*epoch.* -> null$/, /^dflt\.k: DEFAULT to_char.* -> null$/,
                /^dflt\.v: DEFAULT CURRENT_USER -> null$/],
        },
        todo: {
            'sqlite>postgresql': [/dflt\.j/, /DEFAULT datetime\('now',\n-- +'localtime'\)/],
            'mysql>postgresql': [/unix_timestamp\(\)/],
            'postgresql>mysql': [/to_char\(now\(\), 'YYYY'/],
        },
    },
    {
        line: 41,
        trap: 'ON UPDATE CURRENT_TIMESTAMP',
        source: {
            mysql: `CREATE TABLE touched (id INT PRIMARY KEY, v INT, at TIMESTAMP(3) NOT NULL DEFAULT
                    CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3));
                INSERT INTO touched VALUES (1, 1, '2020-01-01 00:00:00');`,
        },
        checks: {
            'mysql>mysql': [['UPDATE touched SET v = 2; SELECT at > \'2024-01-01\' FROM touched', '1']],
        },
        ledger: {
            same: [],
            other: [/^touched\.at: ON UPDATE CURRENT_TIMESTAMP -> null$/],
        },
        todo: { other: [/ON UPDATE CURRENT_TIMESTAMP of touched\.at/] },
    },
    {
        line: 42,
        trap: 'odd type names, STRICT, WITHOUT ROWID, no key, rowid',
        source: {
            sqlite: `CREATE TABLE odd (a, b "", c FLOATING POINT, d CHARINT, e "VARCHAR (20) ", f
                    BIGGISH NUMBER, g DOUBLE UNSIGNED, h "it's a type", i UNSIGNED BIG INT,
                    j NATIVE CHARACTER(70), k STRING);
                INSERT INTO odd VALUES (1, 'two', 3.5, 4, 'five', 6, 7.5, 'eight', 9, 'ten', '11');
                CREATE TABLE strict_one (id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL, d BLOB,
                    e ANY) STRICT;
                INSERT INTO strict_one VALUES (1, 2, 'b', 3.5, x'04', 'any');
                CREATE TABLE norow (k TEXT, n INTEGER, v TEXT, PRIMARY KEY (k, n)) WITHOUT ROWID;
                INSERT INTO norow VALUES ('a', 1, 'x'), ('a', 2, 'y');
                CREATE TABLE nokey (v TEXT);
                INSERT INTO nokey VALUES ('same'), ('same'), (NULL), ('');`,
            mysql: `CREATE TABLE nokey (v VARCHAR(9));
                INSERT INTO nokey VALUES ('same'), ('same'), (NULL), ('');
                CREATE TABLE aria (id INT PRIMARY KEY, v TEXT) ENGINE=Aria;
                INSERT INTO aria VALUES (1, 'a');
                CREATE TABLE isam (id INT PRIMARY KEY, v TEXT) ENGINE=MyISAM;
                INSERT INTO isam VALUES (1, 'm');`,
            postgresql: `CREATE TABLE nokey (v text);
                INSERT INTO nokey VALUES ('same'), ('same'), (NULL), ('');
                CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY, v text);
                INSERT INTO unlogged VALUES (1, 'u');`,
        },
        checks: {
            'sqlite>*': [
                ['SELECT a, b, c, d, e, f, g, h, i, j, k FROM odd',
                    /^1\|two\|3\.5\|4\|five\|6(\.000000)?\|7\.5\|eight\|9\|ten\|11$/],
                ['SELECT id, a, b, c, e FROM strict_one', '1|2|b|3.5|any'],
                ['SELECT k, n, v FROM norow ORDER BY n', 'a|1|x\na|2|y'],
                [`INSERT INTO norow VALUES ('a', 2, 'z')`, /unique|duplicate/i],
                ['INSERT INTO norow (n) VALUES (2)', /null|default value/i],
            ],
            '*': [[`SELECT count(*), count(v) FROM nokey`, '4|3'],
                [`SELECT count(*) FROM nokey WHERE v = 'same'`, '2']],
            'sqlite>sqlite': [[`SELECT name, strict, wr FROM pragma_table_list WHERE name IN
                ('strict_one', 'norow') ORDER BY 1`, 'norow|0|1\nstrict_one|1|0']],
            'mysql>*': [['SELECT v FROM aria UNION ALL SELECT v FROM isam', 'a\nm']],
            'postgresql>*': [['SELECT v FROM unlogged', 'u']],
            'postgresql>postgresql': [[`SELECT relpersistence FROM pg_class WHERE relname = 'unlogged'`,
                'u']],
        },
        ledger: {
            'mysql>mysql': [/^aria: ENGINE=Aria -> ENGINE=InnoDB$/, /^isam: ENGINE=MyISAM -> ENGINE=InnoDB$/],
            '*': [],
        },
    },
    {
        line: 42,
        trap: 'no rows, one column, many columns',
        source: {
            sqlite: `CREATE TABLE norows (id INTEGER PRIMARY KEY, v TEXT NOT NULL);
                CREATE TABLE onecol (id INTEGER PRIMARY KEY); INSERT INTO onecol VALUES (5);
                CREATE TABLE many (id INTEGER PRIMARY KEY, ${manyColumns(900, 'INTEGER')});
                INSERT INTO many (id, c1, c899) VALUES (1, 11, 99);`,
            mysql: `CREATE TABLE norows (id INT PRIMARY KEY, v VARCHAR(9) NOT NULL);
                CREATE TABLE onecol (id INT PRIMARY KEY); INSERT INTO onecol VALUES (5);
                CREATE TABLE many (id INT PRIMARY KEY, ${manyColumns(900, 'INT')});
                INSERT INTO many (id, c1, c899) VALUES (1, 11, 99);`,
            postgresql: `CREATE TABLE norows (id int PRIMARY KEY, v text NOT NULL);
                CREATE TABLE onecol (id int PRIMARY KEY); INSERT INTO onecol VALUES (5);
                CREATE TABLE many (id int PRIMARY KEY, ${manyColumns(900, 'int')});
                INSERT INTO many (id, c1, c899) VALUES (1, 11, 99);`,
        },
        checks: {
            '*': [
                ['SELECT count(*) FROM norows', '0'],
                ['INSERT INTO norows (id) VALUES (1)', /null|default value/i],
                ['SELECT id FROM onecol', '5'],
                ['SELECT c1, c2, c899 FROM many', '11||99'],
            ],
        },
        ledger: { '*': [] },
    },
    {
        line: 43,
        trap: 'virtual tables and their shadow tables',
        source: {
            sqlite: `CREATE VIRTUAL TABLE notes USING fts5(title, body);
                INSERT INTO notes VALUES ('one', 'two three');
                CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1);
                INSERT INTO boxes VALUES (1, 0, 1);
                CREATE TABLE notes_own (id INTEGER PRIMARY KEY, t TEXT);
                INSERT INTO notes_own VALUES (1, 'mine');`,
        },
        checks: {
            '*': [['SELECT t FROM notes_own', 'mine']],
            'sqlite>sqlite': [[`SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE
                name LIKE 'notes%' OR name LIKE 'boxes%' ORDER BY 1)`, 'notes_own']],
            'sqlite>postgresql': [[`SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND
                (relname LIKE 'notes%' OR relname LIKE 'boxes%')`, 'notes_own']],
        },
        ledger: { '*': [/^boxes: virtual table boxes -> null$/, /^notes: virtual table notes -> null$/] },
        todo: { '*': [/CREATE VIRTUAL TABLE notes USING fts5/, /CREATE VIRTUAL TABLE boxes USING rtree/] },
    },
    {
        line: 44,
        trap: 'views, triggers, checks, functions',
        source: {
            sqlite: `CREATE TABLE chk (id INTEGER PRIMARY KEY, a INTEGER CHECK (a > 0),
                    b TEXT CHECK (b IN ('x', 'y')), c TEXT,
                    CONSTRAINT longish CHECK (length(c) < 9 OR c IS NULL),
                    CONSTRAINT odd CHECK (c NOT GLOB '*[0-9]*'));
                INSERT INTO chk VALUES (1, 1, 'x', 'c');
                CREATE VIEW seen AS SELECT id, a FROM chk WHERE a > 0;
                CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
                CREATE TRIGGER logged AFTER UPDATE ON chk BEGIN
                    INSERT INTO log (what) VALUES ('chk'); END;`,
            mysql: `CREATE TABLE chk (id INT PRIMARY KEY, a INT CHECK (a > 0),
                    b VARCHAR(9) CHECK (b IN ('x', 'y')), c VARCHAR(40),
                    CONSTRAINT longish CHECK (length(c) < 9 OR c IS NULL),
                    CONSTRAINT odd CHECK (c NOT REGEXP '[0-9]'));
                INSERT INTO chk VALUES (1, 1, 'x', 'c');
                CREATE VIEW seen AS SELECT id, a FROM chk WHERE a > 0;
                CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(9));
                CREATE TRIGGER logged AFTER UPDATE ON chk FOR EACH ROW
                    INSERT INTO log (what) VALUES ('chk');
                CREATE FUNCTION twice (x INT) RETURNS INT DETERMINISTIC RETURN x * 2;
                CREATE PROCEDURE noop () SELECT 1;`,
            postgresql: `CREATE TABLE chk (id int PRIMARY KEY, a int CHECK (a > 0),
                    b text CHECK (b IN ('x', 'y')), c text,
                    CONSTRAINT longish CHECK (length(c) < 9 OR c IS NULL),
                    CONSTRAINT odd CHECK (c !~ '[0-9]'));
                INSERT INTO chk VALUES (1, 1, 'x', 'c');
                CREATE VIEW seen AS SELECT id, a FROM chk WHERE a > 0;
                CREATE MATERIALIZED VIEW kept AS SELECT count(*) AS n FROM chk;
                CREATE TABLE log (id serial PRIMARY KEY, what text);
                CREATE FUNCTION note () RETURNS trigger LANGUAGE plpgsql AS $f$
                    BEGIN INSERT INTO log (what) VALUES ('chk'); RETURN NEW; END $f$;
                CREATE TRIGGER logged AFTER UPDATE ON chk FOR EACH ROW EXECUTE FUNCTION note ();
                CREATE FUNCTION twice (x int) RETURNS int LANGUAGE sql IMMUTABLE
                    AS 'SELECT x * 2';`,
        },
        checks: {
            '*': [
                ['INSERT INTO chk (id, a) VALUES (9, -1)', /check|constraint/i],
                [`INSERT INTO chk (id, b) VALUES (9, 'z')`, /check|constraint/i],
            ],
            same: [
                [`INSERT INTO chk (id, c) VALUES (9, '1')`, /check|constraint/i],
                ['SELECT id, a FROM seen', '1|1'],
                [`UPDATE chk SET c = 'd' WHERE id = 1; SELECT what FROM log`, 'chk'],
            ],
            'mysql>mysql': [['SELECT twice(4)', '8'], ['CALL noop()', '1']],
            'postgresql>postgresql': [['SELECT twice(4), n FROM kept', '8|1']],
            'sqlite>postgresql': [[`INSERT INTO chk (id, c) VALUES (9, '123456789')`, /check|constraint/i]],
            'postgresql>mysql': [[`INSERT INTO chk (id, c) VALUES (9, '123456789')`, /check|constraint/i]],
        },
        ledger: {
            same: [],
            'sqlite>*': [/^chk\.odd: CHECK .* -> null$/, /^seen\.seen: view seen -> null$/,
                /^chk\.logged: trigger logged -> null$/],
            'mysql>*': [/^chk\.odd: CHECK .* -> null$/, /^chk\.longish: CHECK \(octet_length/, /^seen\.seen: view seen -> null$/,
                /^chk\.logged: trigger logged -> null$/, /^twice\.twice: function/, /^noop\.noop: procedure/],
            'postgresql>*': [/^chk\.odd: CHECK .* -> null$/, /^seen\.seen: view seen -> null$/,
                /^kept\.kept: materialized view/, /^chk\.logged: trigger logged -> null$/,
                /^note\(\)\.note\(\): function/, /^twice\(x integer\)\.twice\(x integer\): function/],
        },
        todo: { other: [/seen/, /logged/] },
    },
    {
        line: 45,
        trap: 'partitions, inheritance, temporary and foreign tables, system versioning',
        source: {
            sqlite: `CREATE TEMPORARY TABLE gone (id INTEGER); INSERT INTO gone VALUES (1);`,
            mysql: `CREATE TABLE parted (k INT, d DATE NOT NULL, v VARCHAR(9), PRIMARY KEY (k, d))
                    PARTITION BY RANGE (year(d)) (PARTITION old VALUES LESS THAN (2020),
                    PARTITION rest VALUES LESS THAN MAXVALUE);
                INSERT INTO parted VALUES (1, '2019-05-05', 'a'), (2, '2024-05-05', 'b');
                CREATE TABLE versioned (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING;
                INSERT INTO versioned VALUES (1, 1); UPDATE versioned SET v = 2;
                CREATE TEMPORARY TABLE gone (id INT); INSERT INTO gone VALUES (1);`,
            postgresql: `CREATE TABLE parted (k int, d date NOT NULL, v text, PRIMARY KEY (k, d))
                    PARTITION BY RANGE (d);
                CREATE TABLE parted_old PARTITION OF parted FOR VALUES FROM (MINVALUE)
                    TO ('2020-01-01');
                CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
                INSERT INTO parted VALUES (1, '2019-05-05', 'a'), (2, '2024-05-05', 'b');
                CREATE TABLE listed (k int, l text) PARTITION BY LIST (l);
                CREATE TABLE listed_a PARTITION OF listed FOR VALUES IN ('a')
                    PARTITION BY HASH (k);
                CREATE TABLE listed_a0 PARTITION OF listed_a FOR VALUES WITH (MODULUS 2,
                    REMAINDER 0);
                CREATE TABLE listed_a1 PARTITION OF listed_a FOR VALUES WITH (MODULUS 2,
                    REMAINDER 1);
                CREATE TABLE listed_rest PARTITION OF listed DEFAULT;
                INSERT INTO listed SELECT i, chr(96 + i % 3 + 1) FROM generate_series(1, 12) AS i;
                CREATE TABLE base (id int PRIMARY KEY, v text);
                CREATE TABLE derived (extra int) INHERITS (base);
                INSERT INTO base VALUES (1, 'base');
                INSERT INTO derived VALUES (2, 'derived', 5);
                CREATE TEMPORARY TABLE gone (id int); INSERT INTO gone VALUES (1);`,
        },
        checks: {
            'mysql>*': [
                ['SELECT k, v FROM parted ORDER BY k', '1|a\n2|b'],
                ['SELECT id, v FROM versioned', '1|2'],
            ],
            'postgresql>*': [
                ['SELECT k, v FROM parted ORDER BY k', '1|a\n2|b'],
                ['SELECT count(*), sum(k) FROM listed', '12|78'],
                ['SELECT id, v FROM base ORDER BY id', /^1\|base/],
                ['SELECT id, v, extra FROM derived', '2|derived|5'],
            ],
            'postgresql>postgresql': [
                ['SELECT tableoid::regclass, k FROM parted ORDER BY k', 'parted_old|1\nparted_rest|2'],
                ['SELECT count(*) FROM listed_a', '4'],
                ['SELECT id FROM ONLY base', '1'],
                [`SELECT count(*) FROM pg_class WHERE relname LIKE 'listed_%' AND relkind IN ('r', 'p')`,
                    '4'],
            ],
            'postgresql>sqlite': [[`SELECT count(*) FROM sqlite_master WHERE name LIKE 'parted_%' OR name
                LIKE 'listed_%'`, '0'], ['SELECT id FROM base', '1']],
            '*': [['SELECT * FROM gone', /gone/]],
            'mysql>mysql': [[`SELECT partition_name, table_rows IS NOT NULL FROM
                information_schema.partitions WHERE table_schema = database() AND table_name = 'parted'`,
                'old|1\nrest|1'], ['SELECT count(*) FROM versioned FOR SYSTEM_TIME ALL', '1']],
        },
        ledger: {
            'sqlite>*': [],
            'mysql>mysql': [/^versioned: WITH SYSTEM VERSIONING -> its rows of now$/],
            'mysql>*': [/^versioned: WITH SYSTEM VERSIONING -> null$/,
                /^parted: PARTITION BY RANGE .* -> one table$/],
            'postgresql>postgresql': [],
            'postgresql>*': [/^parted: PARTITION BY RANGE \(d\) -> one table$/,
                /^listed: PARTITION BY LIST \(l\) -> one table$/, /^derived\.derived: inheritance/],
        },
    },
    {
        line: 46,
        trap: 'several schemas',
        source: {
            postgresql: `CREATE SCHEMA shop;
                CREATE TABLE shop.items (id int PRIMARY KEY, v text);
                INSERT INTO shop.items VALUES (1, 'shop');
                CREATE TABLE clash (id int PRIMARY KEY, v text);
                INSERT INTO clash VALUES (1, 'public');
                CREATE TABLE shop.clash (id int PRIMARY KEY, item int REFERENCES shop.items,
                    other int REFERENCES public.clash);
                INSERT INTO shop.clash VALUES (7, 1, 1);`,
        },
        checks: {
            'postgresql>postgresql': [
                ['SELECT v FROM shop.items', 'shop'], ['SELECT v FROM public.clash', 'public'],
                ['SELECT id, item, other FROM shop.clash', '7|1|1'],
                ['INSERT INTO shop.clash VALUES (8, 99, 1)', /foreign key/],
            ],
            'postgresql>mysql': [['SELECT v FROM clash', 'public'], ['SELECT v FROM shop_items', 'shop'],
                ['SELECT id, item, other FROM shop_clash', '7|1|1'],
                ['INSERT INTO shop_clash VALUES (8, 99, 1)', /foreign key/]],
            'postgresql>sqlite': [['SELECT v FROM clash', 'public'], ['SELECT v FROM shop_items', 'shop'],
                ['SELECT id, item, other FROM shop_clash', '7|1|1'],
                ['INSERT INTO shop_clash VALUES (8, 99, 1)', /foreign key/i]],
        },
    },
    {
        line: 10,
        trap: 'case-insensitive columns',
        source: {
            sqlite: `CREATE TABLE ci (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE UNIQUE,
                    b TEXT COLLATE NOCASE);
                INSERT INTO ci VALUES (1, 'Ab', 'x'), (2, 'cd', 'X');`,
            mysql: `CREATE TABLE ci (id INT PRIMARY KEY, a VARCHAR(20) COLLATE utf8mb4_general_ci
                    UNIQUE, b VARCHAR(20) COLLATE utf8mb4_unicode_ci);
                INSERT INTO ci VALUES (1, 'Ab', 'x'), (2, 'cd', 'X');`,
            postgresql: `CREATE EXTENSION citext;
                CREATE TABLE ci (id int PRIMARY KEY, a citext UNIQUE, b citext);
                INSERT INTO ci VALUES (1, 'Ab', 'x'), (2, 'cd', 'X');
                CREATE COLLATION de_ci (provider = icu, locale = 'de-u-ks-level2',
                    deterministic = false);
                CREATE TABLE icu (id int PRIMARY KEY, a text COLLATE de_ci UNIQUE);
                INSERT INTO icu VALUES (1, 'Straße');`,
        },
        checks: {
            '*': [
                ['SELECT id, a, b FROM ci ORDER BY id', '1|Ab|x\n2|cd|X'],
                [`INSERT INTO ci VALUES (9, 'aB', 'y')`, /unique|duplicate/i],
            ],
            'sqlite>sqlite': [[`SELECT count(*) FROM ci WHERE b = 'x'`, '2']],
            'sqlite>mysql': [[`SELECT count(*) FROM ci WHERE b = 'x'`, '2']],
            'mysql>mysql': [[`SELECT count(*) FROM ci WHERE b = 'x'`, '2']],
            'mysql>sqlite': [[`SELECT count(*) FROM ci WHERE b = 'x' COLLATE NOCASE`, '2']],
            'postgresql>*': [[`SELECT count(*) FROM ci WHERE b = 'x'`, '2']],
            'postgresql>postgresql': [[`INSERT INTO icu VALUES (2, 'STRASSE')`, ''],
                [`INSERT INTO icu VALUES (3, 'straße')`, /duplicate/]],
        },
    },
    {
        line: 11,
        trap: 'case and trailing spaces that tell keys apart',
        source: {
            sqlite: `CREATE TABLE cs (k TEXT PRIMARY KEY, v INTEGER);
                INSERT INTO cs VALUES ('a', 1), ('A', 2), ('a ', 3), ('ä', 4), ('Ä', 5),
                    ('ss', 6), ('ß', 7);`,
            mysql: `CREATE TABLE cs (k VARCHAR(9) COLLATE utf8mb4_nopad_bin PRIMARY KEY, v INT);
                INSERT INTO cs VALUES ('a', 1), ('A', 2), ('a ', 3), ('ä', 4), ('Ä', 5),
                    ('ss', 6), ('ß', 7);`,
            postgresql: `CREATE TABLE cs (k text PRIMARY KEY, v int);
                INSERT INTO cs VALUES ('a', 1), ('A', 2), ('a ', 3), ('ä', 4), ('Ä', 5),
                    ('ss', 6), ('ß', 7);`,
        },
        checks: {
            '*': [
                ['SELECT count(*) FROM cs', '7'],
                [`INSERT INTO cs VALUES ('a', 9)`, /unique|duplicate/i],
                [`INSERT INTO cs VALUES ('A ', 9); DELETE FROM cs WHERE v = 9`, ''],
            ],
        },
        ledger: { '*': [] },
    },
    {
        line: 44,
        trap: 'comments, zerofill, invisible columns',
        source: {
            mysql: `CREATE TABLE said (id INT(6) ZEROFILL PRIMARY KEY COMMENT 'it''s a key',
                    hidden INT INVISIBLE DEFAULT 3, v TEXT COMMENT 'x\\\\y
z') COMMENT 'a "table"; --';
                INSERT INTO said (id, v) VALUES (42, 'v');`,
            postgresql: `CREATE TABLE said (id int PRIMARY KEY, hidden int DEFAULT 3, v text);
                COMMENT ON TABLE said IS 'a "table"; --';
                COMMENT ON COLUMN said.id IS 'it''s a key';
                COMMENT ON COLUMN said.v IS E'x\\\\y\\nz';
                INSERT INTO said (id, v) VALUES (42, 'v');`,
        },
        checks: {
            '*': [['SELECT hidden, v FROM said WHERE id = 42', '3|v']],
            'mysql>mysql': [['SELECT * FROM said', '000042|v'],
                [`SELECT column_comment FROM information_schema.columns WHERE table_schema = database() AND
                    table_name = 'said' AND column_name = 'id'`, `it's a key`]],
            '*>postgresql': [[`SELECT obj_description('said'::regclass), col_description('said'::regclass, 1)`,
                `a "table"; --|it's a key`], [`SELECT count(*) FROM pg_description WHERE objoid =
                    'said'::regclass AND description = E'x\\\\y\\nz'`, '1']],
            'postgresql>mysql': [[`SELECT table_comment FROM information_schema.tables WHERE table_schema =
                database() AND table_name = 'said'`, 'a "table"; --']],
        },
        ledger: {
            same: [],
            'mysql>postgresql': [/^said\.hidden: INVISIBLE -> /, /^said\.id: ZEROFILL -> without zeros$/],
            'mysql>sqlite': [/^said\.hidden: INVISIBLE -> /, /^said\.id: ZEROFILL -> without zeros$/,
                /^said: COMMENT /, /^said\.id: COMMENT /, /^said\.v: COMMENT /],
            'postgresql>sqlite': [/^said: COMMENT /, /^said\.id: COMMENT /, /^said\.v: COMMENT /],
            'postgresql>mysql': [],
        },
        todo: { 'mysql>sqlite': [/it's a key/], 'postgresql>sqlite': [/it's a key/] },
    },
    {
        line: 50,
        trap: 'version tables',
        source: {
            sqlite: `CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
                INSERT INTO alembic_version VALUES ('abc123');`,
            mysql: `CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
                INSERT INTO alembic_version VALUES ('abc123');`,
            postgresql: `CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
                INSERT INTO alembic_version VALUES ('abc123');`,
        },
        checks: { '*': [['SELECT version_num FROM alembic_version', 'abc123']] },
    },
];

// What must stop a move, until it is told otherwise. `findings`: code, table, and keys that are
// named; `offered` false: no word settles it, and `way` is what the administrator says then.
export const stops = [
    {
        line: 34,
        trap: 'orphans that were never looked at',
        source: {
            mysql: `CREATE TABLE family (id INT PRIMARY KEY);
                CREATE TABLE lost (id INT PRIMARY KEY, p INT, FOREIGN KEY (p)
                    REFERENCES family (id));
                CREATE TABLE strays (id INT PRIMARY KEY, p INT NOT NULL, FOREIGN KEY (p)
                    REFERENCES family (id));
                SET foreign_key_checks = 0;
                INSERT INTO family VALUES (1); INSERT INTO lost VALUES (1, 1), (2, 7), (3, NULL);
                INSERT INTO strays VALUES (1, 8);`,
            sqlite: `CREATE TABLE family (id INTEGER PRIMARY KEY);
                CREATE TABLE lost (id INTEGER PRIMARY KEY, p INTEGER REFERENCES family);
                CREATE TABLE strays (id INTEGER PRIMARY KEY, p INTEGER NOT NULL REFERENCES family);
                INSERT INTO family VALUES (1); INSERT INTO lost VALUES (1, 1), (2, 7), (3, NULL);
                INSERT INTO strays VALUES (1, 8);`,
        },
        findings: {
            '*': [{ code: 'orphans', table: 'lost', keys: ['id=2'] },
                { code: 'orphans', table: 'strays', keys: ['id=1'] }],
        },
        checks: {
            '*': [['SELECT id, p FROM lost ORDER BY id', '1|1\n2|\n3|'],
                ['INSERT INTO lost VALUES (9, 9)', /foreign key/i],
                ['SELECT id, p FROM strays', '1|8']],
        },
    },
    {
        line: 11,
        trap: 'keys that only the target takes for equal',
        source: {
            sqlite: `CREATE TABLE umlauts (id INTEGER PRIMARY KEY, k TEXT COLLATE NOCASE UNIQUE);
                INSERT INTO umlauts VALUES (1, 'Ärger'), (2, 'ärger'), (3, 'x');`,
        },
        findings: {
            'sqlite>mysql': [{ code: 'duplicates', table: 'umlauts', keys: ["k='Ärger'",
                "k='ärger'"], offered: false }],
        },
        way: { 'sqlite>mysql': ['--exclude', 'umlauts'] },
        checks: { 'sqlite>postgresql': [['SELECT count(*) FROM umlauts', '3']] },
    },
    {
        line: 42,
        trap: 'more columns than a table or a row has room for',
        source: {
            sqlite: `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${manyColumns(1000, 'INTEGER')});
                CREATE TABLE wider (id INTEGER PRIMARY KEY, ${manyColumns(1600, 'INTEGER')});
                CREATE TABLE widest (id INTEGER PRIMARY KEY, ${manyColumns(1700, 'INTEGER')});
                INSERT INTO wide (id, c1) VALUES (1, 2); INSERT INTO wider (id, c1) VALUES (1, 2);`,
            postgresql: `CREATE TABLE wide (id int PRIMARY KEY, ${manyColumns(1000, 'bigint')});
                CREATE TABLE wider (id int PRIMARY KEY, ${manyColumns(1600, 'int')});
                INSERT INTO wide (id, c1) VALUES (1, 2); INSERT INTO wider (id, c1) VALUES (1, 2);`,
        },
        findings: {
            'sqlite>postgresql': [{ code: 'too-many-columns', table: 'widest', offered: false }],
            'sqlite>mysql': [{ code: 'too-wide', table: 'wide' },
                { code: 'too-many-columns', table: 'wider', offered: false },
                { code: 'too-many-columns', table: 'widest', offered: false }],
            'postgresql>mysql': [{ code: 'too-wide', table: 'wide' },
                { code: 'too-many-columns', table: 'wider', offered: false }],
        },
        way: {
            'sqlite>postgresql': ['--exclude', 'widest'],
            'sqlite>mysql': ['--exclude', 'wider', '--exclude', 'widest'],
            'postgresql>mysql': ['--exclude', 'wider'],
        },
        checks: {
            '*>sqlite': [['SELECT id, c1, c999 FROM wide', '1|2|'],
                ['SELECT id, c1, c1599 FROM wider', '1|2|']],
            '*>postgresql': [['SELECT id, c1, c1599 FROM wider', '1|2|']],
        },
    },
    {
        line: 44,
        trap: 'checks, indexes, defaults and expressions that the target refuses',
        // A function that the moving role may not make.
        admin: {
            postgresql: `CREATE FUNCTION shout (text) RETURNS text LANGUAGE internal IMMUTABLE
                STRICT AS 'upper';`,
        },
        source: {
            postgresql: `CREATE TABLE calm (id int PRIMARY KEY, t text, CONSTRAINT fine CHECK (id > 0));
                CREATE TABLE loud (id int PRIMARY KEY, t text DEFAULT shout('x'),
                    g text GENERATED ALWAYS AS (shout(t)) STORED, n int DEFAULT 5,
                    CONSTRAINT not_loud CHECK (t <> shout('never')), CONSTRAINT fine CHECK (id > 0));
                CREATE INDEX by_shout ON loud (shout(t)); CREATE INDEX by_t ON loud (t);
                INSERT INTO loud (id, t) VALUES (1, 'hey');`,
        },
        findings: {
            'postgresql>postgresql': [{ code: 'not-made', table: 'loud', message: /check 'not_loud'/ },
                { code: 'not-made', table: 'loud', message: /generated column loud\.g/ },
                { code: 'not-made', table: 'loud', message: /default of loud\.t/ },
                { code: 'not-made', table: 'loud', message: /index 'by_shout'.*shout/ }],
        },
        checks: {
            'postgresql>postgresql': [['SELECT id, t, g, n FROM loud', '1|hey|HEY|5'],
                ['INSERT INTO loud (id) VALUES (-1)', /fine/],
                [`SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid) FROM
                    pg_index WHERE indrelid = 'loud'::regclass`, 'loud_pkey by_t']],
        },
    },
];

function manyColumns(count, type) {
    return Array.from({ length: count - 1 }, (_, i) => `c${i + 1} ${type}`).join(', ');
}
