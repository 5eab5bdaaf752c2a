// SPDX-License-Identifier: Apache-2.0
// How the table of features is written: literals of the three engines, and what becomes of a value
// as the source's own program shows it.

/** What goes wrong when values cross engines: each is a named case in every direction listed. */
export const traps = {
    1: ['SQLite keeps any type in any column', ['sqlite *']],
    2: ['integer width', ['* *']],
    3: ['booleans as 0/1, words, 2', ['* *']],
    4: ['dates as text, seconds, milliseconds, Julian days', ['sqlite *']],
    5: ['zero dates, day 0', ['mysql *', 'sqlite *']],
    6: ['NUL byte in text', ['sqlite *', 'mysql *']],
    7: ['NUL inside JSON', ['* *']],
    8: ['invalid UTF-8, lone surrogates', ['sqlite *', 'mysql *']],
    9: ['latin1 is cp1252; doubly encoded text', ['* *']],
    10: ['case-insensitive columns', ['* *']],
    11: ['case-sensitive keys, trailing spaces', ['* *']],
    12: ['unknown collations and functions', ['sqlite *']],
    13: ['unsigned integers', ['mysql *', 'sqlite *']],
    14: ['bit strings', ['mysql *', 'postgresql *']],
    15: ['enum and set labels', ['mysql *', 'postgresql *']],
    16: ['decimals through a double', ['* *']],
    17: ['float drift', ['* *']],
    18: ['a session\'s time zone', ['mysql *', 'postgresql *']],
    19: ['microseconds', ['* *']],
    20: ['infinity, BC, long times, intervals', ['mysql *', 'postgresql *']],
    21: ['types of one engine', ['* *']],
    22: ['bytes are bytes', ['* *']],
    23: ['large values', ['* *']],
    24: ['large objects', ['postgresql *']],
    25: ['minus zero, NaN, infinity', ['* *']],
};

/* --- literals --------------------------------------------------------------------------------- */

const hex = (text) => Buffer.from(text, 'utf8').toString('hex');

/** Text and bytes as literals that no quoting can spoil. */
export const text = {
    sqlite: (value) => `CAST(x'${hex(value)}' AS TEXT)`,
    postgresql: (value) => `convert_from('\\x${hex(value)}', 'UTF8')`,
    mysql: (value) => `CONVERT(x'${hex(value)}' USING utf8mb4)`,
};
export const bytes = {
    sqlite: (digits) => `x'${digits}'`,
    postgresql: (digits) => `'\\x${digits}'::bytea`,
    mysql: (digits) => `x'${digits}'`,
};
export const quoted = (list) => list.map((one) => `'${one.replaceAll("'", "''")}'`);

/** Texts that break what quotes, escapes, counts or folds carelessly. */
export const hostile = [
    '', ' ', 'NULL', '\\N', 'null', `it's "x" \`y\` $$z$$`, 'a\\b\\n\\\\', 'tab\tnewline\nreturn\r\n',
    '--; DROP TABLE x; /* ? :a $1 %s', ' lead and trail ', '\u{1f600}\u{1f468}\u200d\u{1f469}',
    'שלום \u202eabc\u202c', 'e\u0301 é', '\u{10ffff}\ufffd\ufeff\uffff', '\x01\x1a\x1f\x7f', 'İıßſ ŒœŠž€',
    '{a,"b"}', '[1,', '0x41', '1e5', '\x1b[31m',
];
export const allBytes = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0')).join('');

export const megabyte = {
    sqlite: `replace(hex(zeroblob(100000)), '00', 'aé☃\u{1f600}')`,
    postgresql: `repeat('aé☃\u{1f600}', 100000)`,
    mysql: `REPEAT('aé☃\u{1f600}', 100000)`,
};
export const megabyteOfBytes = {
    sqlite: `CAST(replace(hex(zeroblob(250000)), '00', 'a' || char(10) || '\\N') AS BLOB)`,
    postgresql: `decode(repeat('610a5c4e', 250000), 'hex')`,
    mysql: `UNHEX(REPEAT('610A5C4E', 250000))`,
};

/* --- what becomes of a value ------------------------------------------------------------------ */

export const same = (value) => value;
export const integer = (value) => BigInt(value);
export const real = (value) => Number(value);
export const single = (value) => Math.fround(Number(value));
export const string = (value) => String(value);
/** A column of SQLite's that takes numbers: what is whole becomes an integer. */
export const number = (value) => (Number.isInteger(Number(value)) ? BigInt(Number(value))
    : Number(value));
export const truth = (value) => (/^[t1]/.test(String(value)) ? 1n : 0n);
export const bit = (value) => (/^[t1]/.test(String(value)) ? '1' : '0');
export const word = (value) => (/^[t1]/.test(String(value)) ? 'true' : 'false');
/** Six digits behind the second, as text in SQLite has them; the zone as +00:00. */
export const sixDigits = (value) => value.replace(/(:\d\d:\d\d)(\.\d+)?([+-]\d\d(:?\d\d)?)?( BC)?$/,
    (_, time, fraction = '.', zone = '') => `${time}${fraction.padEnd(7, '0')}${zone && `${zone}:00`}`);
/** The other way round: as PostgreSQL shows it. */
export const shortFraction = (value) => value.replace(/(\.\d*?)0+(?=$|[+-]| )/, '$1').replace(/\.(?=$|[+-]| )/, '')
    .replace(/([+-]\d\d):00$/, '$1');
