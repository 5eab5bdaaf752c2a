-- SPDX-License-Identifier: Apache-2.0
-- A SQLite file that has one of everything, values that break their column's type among it.
PRAGMA foreign_keys = OFF;
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE UNIQUE);
INSERT INTO parent VALUES (7, 'seven'), (9, 'nine');
DELETE FROM parent WHERE id = 9;
CREATE TABLE child (
    id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES parent ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    n INT CHECK (typeof(n) <> 'blob'), /* a remark */
    twice AS (n * 2),
    thrice INT GENERATED ALWAYS AS (n * 3) STORED,
    at DATETIME DEFAULT (strftime('%s', 'now')),
    "odd ""name" TEXT DEFAULT 'it''s'
);
INSERT INTO child (id, parent, n, at, "odd ""name") VALUES (1, 7, 5, '2024-01-01', 'x'),
    (2, 7, 'text in an integer', 1700000000, ''), (3, NULL, 1.5, NULL, NULL),
    (4, 7, 9223372036854775807, -0.0, CAST(x'00ff61' AS TEXT)), (-9223372036854775808, 7, NULL, 9e999, x'');
CREATE TABLE loose (a, b ANY, c BLOB, d REAL, e DECIMAL(10,2), f BOOLEAN);
INSERT INTO loose VALUES (1, '1', 'text', 'not real', '12.345', 'maybe'), (1.0, 2.5, x'00', 1, 1e30, 2),
    (NULL, NULL, NULL, NULL, NULL, NULL), (-0.0, '', '', -0.0, -0.0, 1.0);
CREATE TABLE strict_one (i INT PRIMARY KEY, r REAL, t TEXT, b BLOB, a ANY) STRICT, WITHOUT ROWID;
INSERT INTO strict_one VALUES (1, 2, 'x', x'01', 'any'), (2, 0.1, '', x'', 7);
CREATE TABLE pairs (a TEXT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
INSERT INTO pairs VALUES ('x', 'y'), ('y', 'x');
CREATE TABLE orphans (p INTEGER REFERENCES parent (id));
INSERT INTO orphans VALUES (7);
CREATE TABLE "order" ("select" TEXT, "from" INT DEFAULT -1, "a.b" NUMERIC DEFAULT 1e3);
INSERT INTO "order" VALUES ('it''s', 2, 3.25);
CREATE INDEX child_n ON child (n DESC) WHERE n > 3;
CREATE UNIQUE INDEX child_low ON child (lower("odd ""name"), id);
CREATE INDEX loose_expression ON loose (a + 1, b COLLATE NOCASE);
CREATE VIEW shown AS SELECT id, twice FROM child WHERE n > 1;
CREATE VIEW "more shown" (x) AS SELECT id FROM shown;
CREATE TABLE log (what TEXT);
CREATE TRIGGER child_added AFTER INSERT ON child BEGIN INSERT INTO log VALUES ('added ' || NEW.id); END;
CREATE TRIGGER shown_gone INSTEAD OF DELETE ON shown BEGIN DELETE FROM child WHERE id = OLD.id; END;
PRAGMA user_version = 42; PRAGMA application_id = 77;
