// SPDX-License-Identifier: Apache-2.0
// Calls to the HTTP API: CSRF, problem documents, a session that ran out, a line that is cut.

/** The API lies beside the page: /database-wizard/ and /api/database. */
const BASE = new URL('../api/database', document.baseURI).pathname;

/** Anything that kept a call from succeeding; carries the fields of a problem document. */
export class Problem extends Error {
  constructor(fields) {
    super(fields.detail || fields.title || fields.code || 'error');
    Object.assign(
      this,
      { status: 0, code: '', title: '', detail: '', hint: '', fields: {}, body: null },
      fields,
    );
  }
}

const hooks = {
  lost: async () => false,
  online: () => {},
};
let csrf = '';

/**
 * `lost` is asked to log in again (true: done, go on); `online` is told when the line is cut or
 * is back.
 */
export function setHooks(next) {
  Object.assign(hooks, next);
}

export function setCsrf(token) {
  csrf = token || '';
}

/** Where a document of the API lies, for links. */
export function address(path) {
  return BASE + path;
}

const wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    }
    window.addEventListener('online', done);
    signal?.addEventListener('abort', done, { once: true });
  });

async function send(method, path, { body, headers = {}, signal }) {
  const head = { Accept: 'application/json', ...headers };
  if (body !== undefined) head['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) head['X-CSRF-Token'] = csrf;
  const response = await fetch(BASE + path, {
    method,
    headers: head,
    signal,
    cache: 'no-store',
    credentials: 'same-origin',
    redirect: 'error',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const json = /[/+]json\b/.test(response.headers.get('Content-Type') || '');
  let data = null;
  try {
    data = json && text ? JSON.parse(text) : null;
  } catch {
    throw new Problem({ status: response.status, code: 'bad-answer', detail: text.slice(0, 2000) });
  }
  // An answer that is not ours (a proxy's page) means that the service itself is not there.
  const foreign = response.status >= 400 && !json;
  return {
    status: response.status,
    ok: response.ok,
    data,
    foreign,
    headers: response.headers,
    text,
  };
}

const AWAY = new Set([502, 503, 504]);

/**
 * Whether dbwizard itself is away. A GET asks nobody else, so the status says it; for the others
 * 502 and 504 may also speak of a database, and the service's own health decides.
 */
async function isAway(method, answer) {
  if (!AWAY.has(answer.status)) return false;
  if (method === 'GET' || answer.foreign) return true;
  const health = await send('GET', '/health', {}).catch(() => null);
  return !health?.ok;
}

/** Sends, and sends again while nothing answers, when that can do no harm. */
async function sendPatiently(method, path, options) {
  const harmless = method === 'GET' || Boolean(options.headers?.['Idempotency-Key']);
  for (let pause = 1000; ; pause = Math.min(pause * 2, 8000)) {
    let away = { code: 'offline' };
    try {
      const answer = await send(method, path, options);
      if (!(await isAway(method, answer))) {
        hooks.online(true);
        return answer;
      }
      away = { code: 'offline', status: answer.status, detail: answer.text.slice(0, 300) };
    } catch (error) {
      if (error instanceof Problem || error.name === 'AbortError') throw error;
      away.detail = error.message;
    }
    if (!harmless) throw new Problem(away);
    hooks.online(false);
    await wait(pause, options.signal);
  }
}

function problem(answer) {
  const data = answer.data || {};
  const retry = Number(answer.headers.get('Retry-After'));
  return new Problem({
    status: answer.status,
    code: data.code || '',
    title: data.title || (answer.foreign ? `HTTP ${answer.status}` : ''),
    detail: data.detail || '',
    hint: data.hint || '',
    fields: data.fields || {},
    body: data,
    retryAfter: Number.isFinite(retry) ? retry : 0,
  });
}

/** Whether the session is alive still; takes over its CSRF token. */
async function alive() {
  const answer = await sendPatiently('GET', '/session', {});
  if (answer.ok) csrf = answer.data.csrf;
  return answer.ok;
}

/**
 * One call. Answers {status, data, headers}; throws Problem. `known` lists statuses from 300 on
 * that the caller wants to see as an answer. Where the session ran out, the reader is asked for
 * the password in place and the same call goes on.
 */
export async function call(method, path, options = {}) {
  for (let attempt = 0; ; attempt += 1) {
    const before = csrf;
    const answer = await sendPatiently(method, path, options);
    if (answer.ok || options.known?.includes(answer.status)) return answer;
    if (options.plain || attempt > 1 || (answer.status !== 401 && answer.status !== 403))
      throw problem(answer);
    const stillIn = await alive();
    if (stillIn && csrf === before) throw problem(answer);
    if (!stillIn && !(await hooks.lost())) throw problem(answer);
  }
}

export const get = async (path, options) => (await call('GET', path, options)).data;
export const post = async (path, body, options) =>
  (await call('POST', path, { ...options, body })).data;

/** A key for calls that must happen once, however often they are sent. */
export function onceKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
