// SPDX-License-Identifier: Apache-2.0
// What a connection test found.
import { facts, h, more, notice } from '../dom.js';
import { engineName, milliseconds } from '../format.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';
import { backendOf } from './draft.js';

/** The product and its version in one line: some servers answer a number, some a paragraph. */
function version(result) {
  const text = String(result.server_version || '').split('\n')[0];
  const short = text.split(/ \(| on |, compiled|-mariadb/i)[0].slice(0, 80);
  if (!/^\d/.test(short)) return short;
  const maria = /mariadb/i.test(`${text} ${result.message}`);
  return `${maria ? 'MariaDB' : engineName(result.backend)} ${short}`;
}

/** Encryption in words: the server answers true, a protocol's name, or an object with more. */
export function tlsWords(tls) {
  if (!tls || tls === 'none' || tls === 'disable') return t.test.plain;
  if (typeof tls === 'object') {
    if (tls.active === false || tls.in_use === false || tls.encrypted === false)
      return t.test.plain;
    const name = tls.version || tls.protocol || '';
    return [t.test.encrypted, name, tls.verified ? t.test.identity : ''].filter(Boolean).join(', ');
  }
  if (typeof tls !== 'string') return t.test.encrypted;
  // The cipher's name behind the protocol says nothing to most readers.
  return `${t.test.encrypted}, ${tls.replace(/^(TLSv?[\d.]+) [\w-]+/, '$1')}`;
}

/** How many tables there are: the server answers a number or their list; null where unknown. */
export function tableCount(result) {
  if (Array.isArray(result.tables)) return result.tables.length;
  if (typeof result.tables === 'number') return result.tables;
  return result.is_empty === true ? 0 : null;
}

function inside(result) {
  const count = tableCount(result);
  if (count === null) return result.is_empty === false ? t.test.notEmpty : null;
  return count === 0 ? t.test.empty : t.test.tables(count);
}

/** What the user may do there; the user's own name is no right. */
function privileges(value) {
  if (!value) return null;
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value !== 'object') return String(value);
  return (
    Object.keys(t.test.right)
      .filter((name) => value[name])
      .map((name) => t.test.right[name])
      .join(', ') || null
  );
}

function tableNames(result) {
  if (!Array.isArray(result.tables) || !result.tables.length) return null;
  return more(
    t.test.showTables,
    h(
      'ul',
      { class: 'names' },
      result.tables.slice(0, 500).map((one) => {
        const rows = one.row_count ?? one.rows;
        return h(
          'li',
          null,
          h('code', null, one.name ?? one),
          rows === undefined ? null : ` ${t.rows(rows)}`,
        );
      }),
    ),
  );
}

/** Whether a host is this machine, where a plain connection is no worry. */
function isLocal(host) {
  return !host || host === 'localhost' || host.startsWith('/') || /^(127\.|\[?::1\]?$)/.test(host);
}

/** The whole answer of a test, with the warnings that build-url gave. */
export function testNotice({ result, warnings = [] }, draft) {
  if (!result.success) {
    return [
      problemNotice({ ...result, detail: result.message, fields: {} }, { draft }),
      warningNotices(warnings),
    ];
  }
  const server = backendOf(draft)?.requires_host !== false;
  const plain =
    server &&
    tlsWords(result.tls) === t.test.plain &&
    result.tls !== undefined &&
    !isLocal(draft.host);
  return [
    notice(
      'ok',
      server ? t.test.connected : t.test.readable,
      facts([
        [t.test.server, version(result) || null],
        [
          t.test.answered,
          typeof result.latency_ms === 'number' ? milliseconds(result.latency_ms) : null,
        ],
        [t.test.encryption, server && result.tls !== undefined ? tlsWords(result.tls) : null],
        [t.test.inside, inside(result)],
        [t.test.rights, server ? privileges(result.privileges) : null],
      ]),
      tableNames(result),
    ),
    plain ? notice('warn', t.test.plainTitle, h('p', null, t.test.plainBody)) : null,
    warningNotices(warnings),
  ];
}

/** What build-url had to say about the URL. */
export function warningNotices(warnings) {
  return warnings.map((text) =>
    notice('warn', typeof text === 'string' ? text : text.message || text.code),
  );
}

/** The same in a few words, for a card: "readable · 62 tables". */
export function testWords(result, draft) {
  const server = backendOf(draft)?.requires_host !== false;
  const count = tableCount(result);
  return [
    server ? t.test.connected : t.test.readable,
    version(result) || null,
    server && result.tls !== undefined ? tlsWords(result.tls) : null,
    count === null ? null : inside(result),
  ]
    .filter(Boolean)
    .map((word) => String(word).replace(/\.$/, ''))
    .join(' · ');
}
