-- SPDX-License-Identifier: Apache-2.0
-- A PostgreSQL database that has one of everything: types with their edges, keys, indexes, objects.
SET client_min_messages = warning;
CREATE TYPE mood AS ENUM ('sad', 'it''s "ok", so', 'happy', '');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN email AS varchar(80) NOT NULL DEFAULT 'x@y' CHECK (VALUE ~ '@') CHECK (length(VALUE) < 70);
CREATE SEQUENCE free_seq START 100 INCREMENT 5 MAXVALUE 10000 CYCLE;
SELECT setval('free_seq', 105);
CREATE FUNCTION double_it(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := coalesce(NEW.note,'') || '!'; RETURN NEW; END $$;
CREATE TABLE all_types (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision,
  n numeric, n2 numeric(12,2), n40 numeric(40,10), m money,
  c char(10), vc varchar(20), t text COLLATE "C", nm name, ch "char", o oid,
  by bytea, d date, ti time(3), titz timetz, ts timestamp, tstz timestamptz(3), iv interval, u uuid,
  j json, jb jsonb, x xml, bi bit(5), bv bit varying(20),
  ai int[], at text[], aa int[][], ats timestamptz[], abt bytea[],
  ine inet, ci cidr, ma macaddr, ma8 macaddr8,
  pt point, ln line, ls lseg, bx box, pa path, po polygon, cr circle,
  tsv tsvector, tsq tsquery, ir int4range, nr numrange, tr tstzrange, mr int4multirange,
  lsn pg_lsn, mo mood, mos mood[], p pair, dom positive, em email, reg regclass, jp jsonpath,
  dbl int GENERATED ALWAYS AS (i2 * 2) STORED,
  up text GENERATED ALWAYS AS (upper(vc)) STORED
);
INSERT INTO all_types (b,i2,i4,i8,f4,f8,n,n2,n40,m,c,vc,t,nm,ch,o,by,d,ti,titz,ts,tstz,iv,u,j,jb,x,bi,bv,ai,at,aa,ats,abt,ine,ci,ma,ma8,pt,ln,ls,bx,pa,po,cr,tsv,tsq,ir,nr,tr,mr,lsn,mo,mos,p,dom,em,reg,jp) VALUES
(true, 32767, 2147483647, 9223372036854775807, 3.4028235e38, 1.7976931348623157e308, 123456789012345678901234567890.123456789, 9999999999.99, 123456789012345678901234567890.0123456789, '-92233720368547758.08',
 'abc', 'héllo', E'tab\there', 'name', 'x', 4294967295, '\x00ff10', '2024-02-29', '23:59:59.999', '12:00:00+05:30', '2024-02-29 12:34:56.789012', '2024-02-29 12:34:56.789+02', '1 year 2 mons 3 days 04:05:06.789', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
 '{"a": 1e400, "b": 12345678901234567890123, "a": 2}', '{"b": 12345678901234567890123.5, "a": [1, null, "\u00e9"]}', '<a>x</a>', B'10101', B'1',
 '{1,NULL,3}', '{"a,b","q\"q",NULL,"NULL","","{x}","back\\slash"}', '{{1,2},{3,4}}', '{"2024-01-01 00:00:00+00",infinity}', ARRAY['\x00'::bytea,'\xff'],
 '192.168.1.5/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
 '(1.5,2)', '{1,2,3}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '<(0,0),5>',
 to_tsvector('simple','the quick fox'), 'a & b', '[1,5)', '[1.5,)', '["2024-01-01 00:00+00","2024-02-01 00:00+00")', '{[1,3),[5,9)}', '16/B374D848', 'it''s "ok", so', '{sad,happy}', '(1,"a,b")', 5, 'a@b.c', 'pg_class', '$.a[*]'),
(false, -32768, -2147483647, -9223372036854775808, '-0', '-0', 'NaN', 0, 0, 0, '', '', '', '', '', 0, '', '-infinity', '00:00', '00:00+00', 'infinity', '-infinity', '-1 mon +1 day -00:00:01', '00000000-0000-0000-0000-000000000000', '[]', '""', '', B'00000', B'', '{}', '{}', '{}', '{}', '{}', '::1', '::/0', '00:00:00:00:00:00','00:00:00:00:00:00:00:00', '(0,0)', '{1,0,0}', '[(0,0),(0,0)]', '(0,0),(0,0)', '((0,0))', '((0,0))', '<(0,0),0>', '', '', 'empty', 'empty', 'empty', '{}', '0/0', '', '{}', '(,)', 1, 'q@q', 'pg_type', '$'),
(NULL,NULL,NULL,NULL,'NaN','Infinity','Infinity',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0044-03-15 BC',NULL,NULL,'0044-03-15 12:00:00 BC','12024-01-01 00:00:00+00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'z@z',NULL,NULL),
(NULL,NULL,NULL,NULL,'-Infinity','-Infinity','-Infinity',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'infinity','24:00',NULL,'-infinity','infinity',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'z@z',NULL,NULL);
COMMENT ON TABLE all_types IS 'every ''type''';
COMMENT ON COLUMN all_types.b IS 'a boolean';
CREATE TABLE parent (a int, b int, code text UNIQUE, UNIQUE NULLS NOT DISTINCT (a, b), PRIMARY KEY (a, b));
CREATE TABLE child (id serial PRIMARY KEY, a int, b int, self int REFERENCES child DEFERRABLE, note text DEFAULT 'x'::text, at timestamptz DEFAULT now(), g uuid DEFAULT gen_random_uuid(), mo mood DEFAULT 'sad', n int DEFAULT double_it(4), fs int DEFAULT nextval('free_seq'),
  FOREIGN KEY (a, b) REFERENCES parent MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT pos CHECK (n > 0 AND note <> ''), CONSTRAINT fn CHECK (double_it(n) > 0));
INSERT INTO parent VALUES (1,1,'x'),(1,2,NULL),(2,2,NULL);
INSERT INTO child (a,b,self) VALUES (1,1,NULL),(1,2,1),(NULL,NULL,2);
ALTER TABLE child ADD COLUMN pz int DEFAULT 7; ALTER TABLE child ADD CONSTRAINT nv CHECK (pz > 100) NOT VALID;
CREATE TABLE loose (x int, y int); INSERT INTO loose VALUES (1,99),(1,99),(NULL,NULL);
ALTER TABLE loose ADD FOREIGN KEY (y) REFERENCES child NOT VALID;
CREATE TABLE excl (room int, during tstzrange, EXCLUDE USING gist (during WITH &&));
INSERT INTO excl VALUES (1,'[2024-01-01,2024-01-02)');
CREATE INDEX child_note ON child USING hash (note);
CREATE INDEX child_part ON child (at DESC NULLS LAST) WHERE n > 2;
CREATE UNIQUE INDEX child_low ON child (lower(note), id) INCLUDE (n);
CREATE INDEX child_ops ON child (note text_pattern_ops);
CREATE INDEX at_gin ON all_types USING gin (jb jsonb_path_ops);
CREATE INDEX at_brin ON all_types USING brin (d);
CREATE TABLE parted (k int, v text, d date NOT NULL) PARTITION BY RANGE (d);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE parted_2 PARTITION OF parted DEFAULT;
ALTER TABLE parted ADD PRIMARY KEY (k, d); CREATE INDEX ON parted (v);
INSERT INTO parted SELECT i, 'v'||i, '2024-01-01'::date + i FROM generate_series(1,300) i;
CREATE TABLE base (id int PRIMARY KEY, name text); CREATE TABLE derived (extra int) INHERITS (base);
INSERT INTO base VALUES (1,'base'); INSERT INTO derived VALUES (2,'derived',5);
CREATE UNLOGGED TABLE unlog (x int); INSERT INTO unlog VALUES (1);
CREATE VIEW v1 AS SELECT id, note FROM child WHERE n > 2;
CREATE VIEW a_first AS SELECT * FROM v1;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS c FROM child;
CREATE UNIQUE INDEX mvi ON mv (c);
CREATE TRIGGER tr BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE ru AS ON DELETE TO unlog DO INSTEAD NOTHING;
ALTER TABLE excl ENABLE ROW LEVEL SECURITY;
CREATE POLICY pol ON excl USING (room = 1);
CREATE STATISTICS st ON a, b FROM parent;
CREATE TABLE "Hostile ""name"" ' ; -- x" ("select" int PRIMARY KEY, "from 'x'" text, "ünï" text, "a.b" int);
INSERT INTO "Hostile ""name"" ' ; -- x" VALUES (1, E'a\'b"c\\', '', 2);
CREATE TABLE nokey (x text); INSERT INTO nokey VALUES ('a'),('a'),(NULL),('');
CREATE TABLE empty_table (x int PRIMARY KEY);
CREATE TABLE dt_pk (d date PRIMARY KEY, v int); INSERT INTO dt_pk VALUES ('infinity',1),('2024-01-01',2);
CREATE TABLE sq (id bigint GENERATED BY DEFAULT AS IDENTITY (START 1000 INCREMENT 10 MAXVALUE 100000) PRIMARY KEY, v text);
INSERT INTO sq (v) VALUES ('a'),('b'); DELETE FROM sq WHERE v='b';
CREATE TABLE noc (id int PRIMARY KEY, uu uuid, jj jsonb DEFAULT '{"a": 1}', tt text[] DEFAULT '{a,b}', ba bytea DEFAULT '\x0102', bo boolean DEFAULT true, dd date DEFAULT '2020-01-01', nn numeric(10,2) DEFAULT 1.50, iv interval DEFAULT '1 day', cu timestamp DEFAULT CURRENT_TIMESTAMP, big numeric DEFAULT 12345678901234567890);
INSERT INTO noc (id) VALUES (1);
CREATE SCHEMA other; CREATE TABLE other.things (id int PRIMARY KEY, c int REFERENCES public.child); INSERT INTO other.things VALUES (1,1);
CREATE TABLE other.child (id serial PRIMARY KEY, v text); INSERT INTO other.child (v) VALUES ('not the public one');
CREATE TYPE other.color AS ENUM ('red', 'green');
CREATE TABLE other.painted (id int PRIMARY KEY, c other.color DEFAULT 'red', parent int REFERENCES other.child); INSERT INTO other.painted VALUES (1, 'green', 1);
CREATE VIEW other.both AS SELECT t.id, c.note FROM other.things t JOIN public.child c ON c.id = t.c;
CREATE TABLE "Codes" (code text PRIMARY KEY CHECK (code IN ('a', 'b', 'c')), price numeric(8,2) CHECK (price > 0 AND price <= 100.5), kind varchar(10) CHECK (kind <> 'x' AND length(kind) < 9), due date CHECK (due >= '2020-01-01'));
INSERT INTO "Codes" VALUES ('a', 1.50, 'k', '2024-01-01'), ('b', 99.99, NULL, NULL);
CREATE TABLE deferred (a int UNIQUE DEFERRABLE INITIALLY DEFERRED, b int, c int UNIQUE); INSERT INTO deferred VALUES (1, 1, 1), (2, NULL, 2);
ALTER TABLE deferred ADD CONSTRAINT deferred_fk FOREIGN KEY (b) REFERENCES deferred (c) ON DELETE SET NULL (b) DEFERRABLE INITIALLY DEFERRED;
CREATE COLLATION german (provider = icu, locale = 'de-u-ks-level2', deterministic = false);
CREATE TABLE words (w text COLLATE german PRIMARY KEY) WITH (fillfactor = 70); INSERT INTO words VALUES ('Straße');
CREATE TABLE lists (id int PRIMARY KEY, status text CHECK (status IN ('new', 'old')), tags jsonb[], flags boolean[], nums numeric[]);
INSERT INTO lists VALUES (1, 'new', ARRAY['{"a": "x"}'::jsonb], '{t,NULL,f}', '{1.50,NaN,-3e20}');
CREATE TABLE sub (k int, l text) PARTITION BY LIST (l);
CREATE TABLE sub_a PARTITION OF sub FOR VALUES IN ('a') PARTITION BY HASH (k);
CREATE TABLE sub_a0 PARTITION OF sub_a FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sub_a1 PARTITION OF sub_a FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE sub_rest PARTITION OF sub DEFAULT;
INSERT INTO sub SELECT i, CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END FROM generate_series(1, 30) AS i;

CREATE INDEX sub_rest_alone ON sub_rest (l, k);
CREATE FUNCTION plus_one(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';
CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TRIGGER part_touch BEFORE INSERT ON parted_1 FOR EACH ROW WHEN (NEW.v IS NULL) EXECUTE FUNCTION touch();
