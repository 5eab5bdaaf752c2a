// SPDX-License-Identifier: Apache-2.0
// Numbers, sizes, times and database URLs as people read them.
import { locale, t } from './text.js';

const cache = new Map();

function formatter(kind, options) {
  const key = `${locale()}|${kind.name}|${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new kind(locale(), options));
  return cache.get(key);
}

/** 4812339 -> "4,812,339" */
export function number(value) {
  return formatter(Intl.NumberFormat, {}).format(value || 0);
}

/** Never rounds up: 99.9 % is "99 %", and 100 % is only said when nothing is left. */
export function percent(done, total) {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  return formatter(Intl.NumberFormat, { style: 'percent' }).format(Math.floor(share * 100) / 100);
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** 5100000000 -> "5.1 GB" (powers of 1000, as disks are sold and servers report). */
export function bytes(value) {
  let rest = Math.max(0, value || 0);
  let step = 0;
  while (rest >= 1000 && step < SIZES.length - 1) {
    rest /= 1000;
    step += 1;
  }
  const digits = step > 0 && rest < 10 ? 1 : 0;
  return formatter(Intl.NumberFormat, {
    style: 'unit',
    unit: SIZES[step],
    unitDisplay: step ? 'short' : 'long',
    maximumFractionDigits: digits,
  }).format(rest);
}

/** A number with an international symbol behind it: "2.6 ms". */
function unit(value, symbol, digits = 0) {
  const text = formatter(Intl.NumberFormat, { maximumFractionDigits: digits }).format(value);
  return `${text}\u00a0${symbol}`;
}

/** Seconds -> "0.4 s", "50 s", "1 min 12 s", "4 h 3 min" */
export function duration(seconds) {
  const value = Math.max(0, Number(seconds) || 0);
  if (value < 10) return unit(value, 's', 1);
  const whole = Math.round(value);
  if (whole < 60) return unit(whole, 's');
  if (whole < 3600) {
    const rest = whole % 60;
    return unit(Math.floor(whole / 60), 'min') + (rest ? ` ${unit(rest, 's')}` : '');
  }
  const minutes = Math.round(whole / 60);
  const rest = minutes % 60;
  return unit(Math.floor(minutes / 60), 'h') + (rest ? ` ${unit(rest, 'min')}` : '');
}

export function milliseconds(value) {
  return unit(value, 'ms', value < 10 ? 1 : 0);
}

/** A point in time in the reader's zone; an empty or wrong one is a dash. */
export function dateTime(iso) {
  const date = new Date(iso);
  if (!iso || Number.isNaN(date.getTime())) return '–';
  return formatter(Intl.DateTimeFormat, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

export function clock(iso) {
  const date = new Date(iso);
  if (!iso || Number.isNaN(date.getTime())) return '–';
  return formatter(Intl.DateTimeFormat, { timeStyle: 'medium' }).format(date);
}

const DOTS = '••••••';

/** Hides everything in a URL that could be a secret. Hides rather too much than too little. */
export function maskUrl(url) {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url);
  if (!match) return DOTS;
  const [, scheme, rest] = match;
  const mark = rest.indexOf('?');
  let head = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark);
  const at = head.lastIndexOf('@');
  const colon = head.indexOf(':');
  if (!scheme.startsWith('sqlite') && at >= 0 && colon >= 0 && colon < at) {
    head = `${head.slice(0, colon)}:${DOTS}${head.slice(at)}`;
  }
  const secret = /([?&][^=&]*(?:pass|pwd|secret|token|key)[^=&]*=)[^&]*/gi;
  return `${scheme}://${head}${query.replace(secret, `$1${DOTS}`)}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const NAMES = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
};

/** The name of an engine from its id or from a URL's scheme. */
export function engineName(id) {
  const plain = String(id || '')
    .split('+')[0]
    .toLowerCase();
  return NAMES[plain] || plain;
}

/** A redacted URL in words: {engine, name, place}; "paperless" on "db.example.net". */
export function describeUrl(url) {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(String(url || ''));
  if (!match) return { engine: '', name: String(url || ''), place: '' };
  const engine = engineName(match[1]);
  const rest = match[2].split('?')[0];
  if (match[1].toLowerCase().startsWith('sqlite'))
    return { engine, name: decode(rest.replace(/^\//, '')) || ':memory:', place: '' };
  const slash = rest.indexOf('/', rest.lastIndexOf('@') + 1);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  return {
    engine,
    name: slash < 0 ? '' : decode(rest.slice(slash + 1)),
    place: authority.slice(authority.lastIndexOf('@') + 1),
  };
}

/** The same on one line. */
export function urlInWords(url) {
  const { engine, name, place } = describeUrl(url);
  return engine ? t.place(engine, name, place) : name;
}

/** A server's hint begins with a small letter; on the page it is a sentence of its own. */
export function sentence(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : '';
}

/** One word of a POSIX shell command. */
export function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-')
    ? text
    : `'${String(text).replaceAll("'", `'\\''`)}'`;
}

/** A name in SQL, quoted for its engine. */
export function sqlName(text, backend) {
  return backend === 'mysql' || backend === 'mariadb'
    ? `\`${String(text).replaceAll('`', '``')}\``
    : `"${String(text).replaceAll('"', '""')}"`;
}
