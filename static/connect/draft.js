// SPDX-License-Identifier: Apache-2.0
// What is known of a database before it is tested. It lives in memory only: a password is never
// stored by the browser on our behalf.
import { get, post } from '../api.js';

let backends = null;

/** The backends of the server, asked for once. */
export async function loadBackends() {
  backends = backends || (await get('/backends'));
  return backends;
}

export function backendOf(draft) {
  return (backends || []).find((one) => one.id === draft.backend) || null;
}

export function newDraft() {
  return {
    backend: '',
    host: '',
    port: '',
    database: '',
    username: '',
    password: '',
    ssl_mode: '',
    ssl_ca: '',
    extra_options: '',
    sqlite_path: '',
    driver: '',
  };
}

/** Options as an object, decoded; text that is no list of them goes as it is, to be told so. */
function optionsOf(text) {
  const complete = text.split('&').every((part) => part.indexOf('=') > 0);
  return complete ? Object.fromEntries(new URLSearchParams(text)) : text;
}

/** The body for build-url: only what belongs to the backend, empty fields left out. */
function parts(draft) {
  const names =
    backendOf(draft)?.requires_host === false
      ? ['sqlite_path', 'extra_options', 'driver']
      : [
          'host',
          'port',
          'database',
          'username',
          'password',
          'ssl_mode',
          'ssl_ca',
          'extra_options',
          'driver',
        ];
  const body = { backend: draft.backend };
  for (const name of names) if (draft[name] !== '') body[name] = draft[name];
  if (/^\d{1,9}$/.test(body.port || '')) body.port = Number(body.port);
  if (body.extra_options) body.extra_options = optionsOf(body.extra_options);
  return body;
}

/** {url, warnings} for a draft; throws the problem with its fields. */
export async function buildUrl(draft) {
  const answer = await post('/build-url', parts(draft));
  return { url: answer.url, warnings: answer.warnings || [] };
}

/** The options of an answer as pairs, whether they came as an object or as a list. */
function optionPairs(options) {
  if (!options) return [];
  if (typeof options === 'string') return [...new URLSearchParams(options)];
  if (Array.isArray(options)) {
    return options.map((one) => (Array.isArray(one) ? one : [one.name, one.value]));
  }
  return Object.entries(options).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one]),
  );
}

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
const SPELLINGS = {
  allow: 'prefer',
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  'verify-identity': 'verify-full',
};
const AUTHORITY = new Set(['sslrootcert', 'ssl_ca']);
const SAY_THE_MODE = new Set([
  'sslmode',
  'ssl_mode',
  'ssl',
  'ssl_disabled',
  'ssl_check_hostname',
  'ssl_verify_cert',
  'ssl_verify_identity',
]);

function modeOf(value) {
  const plain = String(value || '')
    .toLowerCase()
    .replaceAll('_', '-');
  const mode = SPELLINGS[plain] || plain;
  return MODES.includes(mode) ? mode : '';
}

const text = (value) => (value === null || value === undefined ? '' : String(value));

/** Takes a URL apart into the draft; answers '' or why it cannot be. */
export async function takeApart(url, draft) {
  const answer = await post('/parse-url', { url });
  if (!answer.valid) return answer.error || 'invalid';
  Object.assign(draft, newDraft(), {
    backend: answer.backend === 'mariadb' ? 'mysql' : answer.backend,
    driver: text(answer.driver),
  });
  let pairs = optionPairs(answer.options);
  if (answer.is_sqlite) draft.sqlite_path = text(answer.database);
  else {
    for (const name of ['host', 'port', 'database', 'username', 'password']) {
      draft[name] = text(answer[name]);
    }
    // What has a field of its own is not said a second time among the options.
    // "prefer" is also what a URL means that says nothing about it.
    const said = pairs.some(([name]) => SAY_THE_MODE.has(name));
    draft.ssl_mode = said || answer.ssl_mode !== 'prefer' ? modeOf(answer.ssl_mode) : '';
    draft.ssl_ca = text(pairs.find(([name]) => AUTHORITY.has(name))?.[1]);
    pairs = pairs.filter(
      ([name]) => !AUTHORITY.has(name) && !(draft.ssl_mode && SAY_THE_MODE.has(name)),
    );
  }
  draft.extra_options = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return '';
}

/**
 * Builds and tests. Answers {url, warnings, result}; `result.success` is false where the database
 * could not be reached, whichever way the server said so. Field problems of build-url are thrown.
 */
export async function testDraft(draft) {
  const { url, warnings } = await buildUrl(draft);
  try {
    return { url, warnings, result: await post('/test-connection', { url }) };
  } catch (error) {
    if (![404, 409, 422, 502, 504].includes(error.status)) throw error;
    return {
      url,
      warnings,
      result: {
        success: false,
        code: error.code,
        message: error.detail || error.title,
        hint: error.hint,
      },
    };
  }
}

/** A database in words: "PostgreSQL, paperless on db.example.net". */
export function draftPlace(draft) {
  return {
    engine: backendOf(draft)?.label || draft.backend,
    name: draft.backend === 'sqlite' ? draft.sqlite_path : draft.database,
    place: draft.backend === 'sqlite' ? '' : draft.host + (draft.port ? `:${draft.port}` : ''),
  };
}
