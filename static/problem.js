// SPDX-License-Identifier: Apache-2.0
// Failures in words: what happened, what to do, and the exact error one click away.
import { h, more, notice } from './dom.js';
import { copyable } from './copy.js';
import { t } from './text.js';
import { sentence, shellWord, sqlName } from './format.js';

/** Codes whose words and hints speak of a database, not of dbwizard itself. */
const OF_DATABASES = new Set([
  'auth',
  'denied',
  'limit',
  'locked',
  'no-database',
  'read-only',
  'timeout',
  'tls',
  'unreachable',
]);
const EXACT = ['code', 'sqlstate', 'object', 'statement'];

/** The commands that help with a failure on a database; [[what it does, command], …]. */
function commands(code, draft, hint) {
  if (!draft) return [];
  const host = shellWord(draft.host || 'localhost');
  const name = draft.database || 'name';
  const user = draft.username || 'user';
  const postgresql = draft.backend === 'postgresql';
  if (draft.backend === 'sqlite') {
    const path = shellWord(draft.sqlite_path || '');
    // Only the server knows which user it is, and whether the file may be a database at all.
    const allow = /sudo setfacl .*$/.exec(hint || '')?.[0];
    return ['unreachable', 'denied', 'not-found', 'io', 'read-only'].includes(code) &&
      draft.sqlite_path
      ? [
          ...(allow ? [[t.command.allow, allow]] : []),
          [t.command.list, `ls -l ${path}`],
        ]
      : [];
  }
  if (code === 'unreachable' || code === 'timeout') {
    return postgresql
      ? [[t.command.ready, `pg_isready -h ${host} -p ${Number(draft.port) || 5432}`]]
      : [[t.command.ready, `mariadb-admin -h ${host} -P ${Number(draft.port) || 3306} ping`]];
  }
  if (code === 'no-database') {
    return postgresql
      ? [
          [
            t.command.create,
            `CREATE DATABASE ${sqlName(name, 'postgresql')} OWNER ${sqlName(user, 'postgresql')};`,
          ],
        ]
      : [[t.command.create, `CREATE DATABASE ${sqlName(name, 'mysql')} CHARACTER SET utf8mb4;`]];
  }
  if (code === 'denied' && postgresql) {
    return [
      [
        t.command.owner,
        `ALTER DATABASE ${sqlName(name, 'postgresql')} OWNER TO ${sqlName(user, 'postgresql')};`,
      ],
    ];
  }
  return [];
}

/** A SQLite database that is not there is a file. `database` is the draft, or whether one is meant. */
const isFile = (error, database) => error.code === 'no-database' && database?.backend === 'sqlite';

/** Our words for a failure, where they fit. */
const words = (error, database) => {
  if (error.status === 429) return { title: t.session.tooMany };
  if (isFile(error, database)) return t.problem['no-file'];
  return database || !OF_DATABASES.has(error.code) ? t.problem[error.code] : null;
};

/** The words for a failure's code; what the server says where the code is not known. */
export function headline(error, database = true) {
  return words(error, database)?.title || error.message || error.title || t.problem.unknown.title;
}

/** The exact error, as it came. */
export function exactError(error) {
  const lines = [error.message || error.detail].filter(Boolean);
  for (const key of EXACT) if (error[key]) lines.push(`${key}: ${error[key]}`);
  if (error.status) lines.push(`HTTP ${error.status}`);
  return more(
    t.exactError,
    h('pre', { class: 'exact', tabindex: '0' }, lines.join('\n') || t.problem.unknown.title),
  );
}

/** What to do: the server's hint, else ours, and commands to copy. */
export function advice(error, draft, database = Boolean(draft)) {
  // The server's hint for a file speaks of the command's options.
  const hint = isFile(error, draft) ? t.problem['no-file'].hint : error.hint || words(error, database)?.hint;
  return [
    hint ? h('p', null, sentence(hint)) : null,
    commands(error.code, draft, error.hint).map(([label, command]) =>
      h('div', { class: 'command' }, h('p', { class: 'quiet' }, label), copyable(command)),
    ),
  ];
}

/** A whole notice for a failure. */
export function problemNotice(error, { title, draft, actions, kind = 'warn' } = {}) {
  return notice(
    kind,
    title || headline(error, draft || false),
    title ? h('p', null, headline(error, draft || false)) : null,
    error.retryAfter ? h('p', null, t.retryAfter(error.retryAfter)) : null,
    advice(error, draft),
    fieldReasons(error),
    exactError(error),
    actions ? h('div', { class: 'actions' }, actions) : null,
  );
}

function fieldReasons(error) {
  const entries = Object.entries(error.fields || {});
  return entries.length
    ? h(
        'ul',
        null,
        entries.map(([name, reason]) => h('li', null, h('code', null, name), ': ', reason)),
      )
    : null;
}
