#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// An in-memory stand-in for the HTTP API, for states of the page that a real server does not
// produce on demand. It serves static/ with the content policy of the real site. Started by hand
// (node tests/browser/mock.mjs [port]) it prints its address.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BACKENDS, BYTES, PHASES, preview, report, TABLES } from './mock-data.mjs';

export const STATIC = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'static');
export const PASSWORD = 'correct horse battery';
export const CSP =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

class Refusal extends Error {
  constructor(status, code, detail, more = {}) {
    super(detail);
    this.status = status;
    this.body = {
      type: 'about:blank',
      title: code,
      status,
      detail,
      hint: '',
      code,
      fields: {},
      ...more,
    };
    this.headers = status === 429 ? { 'Retry-After': '30' } : {};
  }
}

/** What a test may set: everything that the server knows or does. */
export function newState() {
  return {
    password: PASSWORD,
    setupToken: '',
    sessions: new Map(),
    tokens: [],
    jobs: new Map(),
    keys: new Map(),
    log: [],
    tables: TABLES,
    verdict: 'lossless',
    seconds: 3,
    limit: 1,
    fail: null,
    testFails: null,
    previewFails: null,
    checking: 50,
    workers: 1,
    expired: false,
    down: false,
    away: false,
    delay: 0,
    targetEmpty: true,
  };
}

const redact = (url) => url.replace(/:\/\/([^:/@]*):[^@]*@/, '://$1:***@');

function newJob(state, body, kind = 'migrate') {
  const id = randomBytes(8).toString('hex');
  const job = {
    id,
    kind,
    status: 'running',
    source: redact(body.source_url),
    target: redact(body.target_url),
    requested: null,
    resumable: true,
    verdict: null,
    error: null,
    version: 1,
    created_at: now(),
    started_at: now(),
    finished_at: null,
    share: 0,
    since: Date.now(),
    events: [],
    options: body,
  };
  say(job, 'plan made');
  state.jobs.set(id, job);
  return job;
}

function say(job, text, level = 'info') {
  job.events.push({ seq: job.events.length + 1, at: now(), level, text });
}

/** A check takes as long as the state says, and ends as it says. */
function advancePreview(state, job) {
  job.share = Math.min(1, (Date.now() - job.since) / state.checking);
  job.version += 1;
  if (job.requested) settle(job, 'cancelled');
  else if (job.share >= 1 && state.previewFails) settle(job, 'failed', state.previewFails);
  else if (job.share >= 1) settle(job, 'done');
}

/** Lets a job get as far as the time, the limit and the failure of the state allow. */
function advance(state, job) {
  if (job.status !== 'running') return;
  if (job.kind === 'preview') return advancePreview(state, job);
  if (job.discarding) return settle(job, 'cancelled', null, true);
  const passed = (Date.now() - job.since) / 1000 / state.seconds;
  job.since = Date.now();
  const before = job.share;
  job.share = Math.min(1, state.limit, job.share + passed, state.fail ? state.fail.at : 1);
  if (job.share !== before) job.version += 1;
  if (state.fail && job.share >= state.fail.at)
    settle(job, state.fail.status || 'failed', state.fail.error);
  else if (job.requested) settle(job, job.requested === 'pause' ? 'paused' : 'cancelled');
  else if (job.share >= 1) settle(job, 'done');
  if (job.status === 'done') job.verdict = state.verdict;
}

function settle(job, status, error = null, discarded = false) {
  Object.assign(job, {
    status,
    error,
    requested: null,
    version: job.version + 1,
    finished_at: now(),
  });
  if (status === 'cancelled') Object.assign(job, { resumable: false, discarded });
  say(job, error ? error.message : status, error ? 'error' : 'info');
}

/** The job as the API shows it. */
function show(state, job, since = 0) {
  const total = state.tables.reduce((sum, [, rows]) => sum + rows, 0);
  let left = Math.floor(total * Math.min(1, job.share / 0.7));
  const phase =
    job.status === 'done'
      ? 8
      : Math.min(8, job.share < 0.7 ? 3 : 4 + Math.floor((job.share - 0.7) / 0.06));
  const done = left;
  const tables = state.tables.map(([name, rows]) => {
    const part = Math.min(rows, left);
    left -= part;
    return {
      name,
      rows_done: part,
      rows_total: rows,
      status: part === rows ? 'done' : part > 0 ? 'running' : 'waiting',
    };
  });
  const halted = ['failed', 'paused', 'interrupted'].includes(job.status);
  const { share, since: _, options, events, discarding, ...rest } = job;
  return {
    ...rest,
    phase: PHASES[phase],
    phases: PHASES.map((name, index) => ({
      name,
      seconds: index < phase ? 0.4 : 0,
      status:
        job.status === 'done' || index < phase
          ? 'done'
          : index > phase
            ? 'waiting'
            : halted
              ? 'failed'
              : 'running',
    })),
    rows_done: done,
    rows_total: total,
    bytes_done: Math.floor(BYTES * share),
    bytes_total: BYTES,
    rate: job.status === 'running' ? total / state.seconds : 0,
    eta_seconds: job.status === 'running' ? (1 - share) * state.seconds : null,
    tables,
    events: events.filter((one) => one.seq > since),
  };
}

const parts =
  /^(?<scheme>[a-z]+)(?:\+(?<dialect>[a-z0-9]+))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@]*))?@)?(?<host>[^:/?]*)(?::(?<port>\d+))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/;

function parse(url) {
  const found = parts.exec(url)?.groups;
  if (!found) return { valid: false, error: 'not a database URL' };
  const sqlite = found.scheme === 'sqlite';
  const query = Object.fromEntries(new URLSearchParams(found.query || ''));
  return {
    valid: true,
    backend: found.scheme,
    host: found.host || null,
    port: found.port ? Number(found.port) : null,
    database: found.database ? decodeURIComponent(found.database) : null,
    username: found.user || null,
    password: found.password ? decodeURIComponent(found.password) : null,
    ssl_mode: query.sslmode || 'prefer',
    is_sqlite: sqlite,
    driver: found.dialect || null,
    options: query,
  };
}

function build(body) {
  if (body.backend === 'sqlite') {
    if (!body.sqlite_path)
      throw new Refusal(422, 'invalid', 'unable to build the URL: no path', {
        fields: { sqlite_path: 'name the file' },
      });
    return `sqlite:///${body.sqlite_path}`;
  }
  if (!body.host)
    throw new Refusal(422, 'invalid', 'unable to build the URL: no host', {
      fields: { host: 'name the host' },
    });
  if (body.port !== undefined && !(Number(body.port) > 0 && Number(body.port) < 65536)) {
    throw new Refusal(422, 'invalid', 'unable to build the URL: bad port', {
      fields: { port: 'a number from 1 to 65535' },
    });
  }
  const user = body.username
    ? `${encodeURIComponent(body.username)}${body.password ? `:${encodeURIComponent(body.password)}` : ''}@`
    : '';
  return `${body.backend}://${user}${body.host}${body.port ? `:${body.port}` : ''}/${encodeURIComponent(body.database || '')}${body.ssl_mode ? `?sslmode=${body.ssl_mode}` : ''}`;
}

function session(state) {
  const id = randomBytes(16).toString('hex');
  const csrf = randomBytes(16).toString('hex');
  state.sessions.set(id, csrf);
  state.expired = false;
  return {
    status: 200,
    body: { authenticated: true, csrf, expires_at: now() },
    headers: { 'Set-Cookie': `dbwizard_session=${id}; HttpOnly; SameSite=Strict; Path=/` },
  };
}

function who(state, request) {
  const id = /dbwizard_session=([0-9a-f]+)/.exec(request.headers.cookie || '')?.[1];
  const csrf = state.sessions.get(id);
  if (!csrf || state.expired) {
    state.sessions.delete(id);
    throw new Refusal(401, 'auth', 'log in first');
  }
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== csrf)
    throw new Refusal(403, 'denied', 'the CSRF token is wrong');
  return { id, csrf };
}

const OPEN = {
  'GET /health': (state) => ({
    body: { status: 'ok', version: '0.1', setup_needed: !state.password, workers: state.workers },
  }),
  'GET /backends': () => ({ body: BACKENDS }),
  'POST /session': (state, { body }) => {
    if (!state.password)
      throw new Refusal(409, 'conflict', 'no password has been set', {
        hint: 'run dbwizard admin setup-link',
      });
    if (state.tries > 4) throw new Refusal(429, 'limit', 'too many tries');
    if (body.password !== state.password) {
      state.tries = (state.tries || 0) + 1;
      throw new Refusal(401, 'auth', 'wrong password');
    }
    return session(state);
  },
  'PUT /password': (state, { body, request }) => {
    if (body.setup_token !== undefined) {
      if (!state.setupToken || body.setup_token !== state.setupToken)
        throw new Refusal(403, 'denied', 'the set-up link was used or has expired');
      state.setupToken = '';
    } else {
      who(state, request);
      if (body.current !== state.password) throw new Refusal(401, 'auth', 'wrong password');
    }
    state.password = body.password;
    state.sessions.clear();
    return session(state);
  },
};

const INSIDE = {
  'GET /session': (state, { me }) => ({
    body: { authenticated: true, csrf: me.csrf, expires_at: now() },
  }),
  'DELETE /session': (state, { me }) => {
    state.sessions.delete(me.id);
    return { status: 204 };
  },
  'POST /build-url': (state, { body }) => ({
    body: {
      url: build(body),
      warnings: body.ssl_mode === 'disable' ? ['the connection will not be encrypted'] : [],
    },
  }),
  'POST /parse-url': (state, { body }) => ({ body: parse(body.url) }),
  'POST /test-connection': (state, { body }) => {
    const { backend } = parse(body.url);
    if (state.testFails) return { body: { success: false, backend, ...state.testFails } };
    const sqlite = backend === 'sqlite';
    return {
      body: {
        success: true,
        message: 'connected',
        backend,
        server_version: sqlite ? '3.40.1' : '15.14 (Debian 15.14-0+deb12u1)',
        latency_ms: sqlite ? 0.4 : 2.6,
        tls: sqlite ? null : 'TLSv1.3 TLS_AES_256_GCM_SHA384, identity confirmed',
        privileges: {
          user: 'paperless',
          superuser: false,
          create_tables: true,
          create_database: false,
          read_only: true,
        },
        is_empty: !sqlite && state.targetEmpty,
        tables: sqlite ? state.tables.length : state.targetEmpty ? 0 : state.tables.length,
      },
    };
  },
  'POST /preview-migration': (state, { body }) => {
    const job = newJob(state, body, 'preview');
    return { status: 202, body: show(state, job) };
  },
  'POST /migrate': (state, { body, request }) => {
    const key = request.headers['idempotency-key'];
    if (request.headers.prefer !== 'respond-async')
      throw new Refusal(400, 'usage', 'the mock only answers at once');
    const job = state.jobs.get(state.keys.get(key)) || newJob(state, body);
    state.keys.set(key, job.id);
    return {
      status: 202,
      body: show(state, job),
      headers: { Location: `/api/database/jobs/${job.id}` },
    };
  },
  'GET /jobs': (state) => ({
    body: {
      jobs: [...state.jobs.values()]
        .reverse()
        .map((job) => (advance(state, job), show(state, job))),
    },
  }),
  'GET /tokens': (state) => ({ body: { tokens: state.tokens } }),
  'POST /tokens': (state, { body }) => {
    if (body.password !== state.password) throw new Refusal(403, 'auth', 'wrong password');
    const made = {
      id: String(state.tokens.length + 1),
      name: body.name,
      scopes: body.scopes,
      apps: [],
      created_at: now(),
      expires_at: body.expires_at || null,
      last_used_at: null,
    };
    state.tokens.push(made);
    return {
      status: 201,
      body: { ...made, token: `dbw_${randomBytes(32).toString('base64url')}` },
    };
  },
};

function jobRoute(state, method, rest, query, request) {
  const [id, what = ''] = rest.split('/');
  const job = state.jobs.get(id);
  if (!job) throw new Refusal(404, 'not-found', 'no such job');
  advance(state, job);
  if (method === 'GET' && !what) {
    const tag = `"${job.version}"`;
    if (request.headers['if-none-match'] === tag) return { status: 304, headers: { ETag: tag } };
    return { body: show(state, job, Number(query.get('since') || 0)), headers: { ETag: tag } };
  }
  if (method === 'GET' && what === 'result') {
    return { body: { ...preview(state.tables, job.options), ...state.preview } };
  }
  if (method === 'GET' && what.startsWith('report')) {
    if (job.status !== 'done') throw new Refusal(409, 'conflict', 'the job is not done');
    const answer = { ...report(job, state.tables, state.verdict), ...state.report };
    return what === 'report'
      ? { body: answer }
      : { html: `<!DOCTYPE html><title>Report</title><h1>${answer.verdict}</h1>` };
  }
  const change = {
    pause: () => {
      job.requested = 'pause';
    },
    cancel: () => {
      job.requested = 'cancel';
    },
    resume: () => {
      Object.assign(job, { status: 'running', error: null, since: Date.now() });
      state.fail = null;
    },
    discard: () => {
      Object.assign(job, { status: 'running', discarding: true, resumable: false });
    },
  }[what];
  if (method !== 'POST' || !change) throw new Refusal(404, 'not-found', 'no such route');
  change();
  job.version += 1;
  return { status: 202, body: show(state, job) };
}

function route(state, method, path, query, request, body) {
  const open = OPEN[`${method} ${path}`];
  if (open) return open(state, { body, request });
  const me = who(state, request);
  if (INSIDE[`${method} ${path}`]) return INSIDE[`${method} ${path}`](state, { me, body, request });
  if (path.startsWith('/jobs/')) return jobRoute(state, method, path.slice(6), query, request);
  if (method === 'DELETE' && path.startsWith('/tokens/')) {
    state.tokens = state.tokens.filter((one) => one.id !== path.slice(8));
    return { status: 204 };
  }
  throw new Refusal(404, 'not-found', 'no such route');
}

async function api(state, request, response, url) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const path = url.pathname.slice('/api/database'.length);
  if (state.delay) await new Promise((resolve) => setTimeout(resolve, state.delay));
  let answer;
  try {
    if (state.away) {
      throw new Refusal(502, 'unreachable', 'the wizard is not running');
    }
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {};
    state.log.push({ method: request.method, path, body, headers: request.headers });
    answer = route(state, request.method, path, url.searchParams, request, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = { status: error.status, body: error.body, headers: error.headers, problem: true };
  }
  const text = answer.html || (answer.body === undefined ? '' : JSON.stringify(answer.body));
  response.writeHead(answer.status || 200, {
    'Content-Type': answer.html
      ? TYPES['.html']
      : answer.problem
        ? 'application/problem+json'
        : 'application/json',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': CSP,
    ...answer.headers,
  });
  response.end(text);
}

async function file(response, path) {
  const inside = normalize(path.replace(/^\/database-wizard\//, '') || 'index.html');
  try {
    if (inside.startsWith('..')) throw new Error('outside');
    const content = await readFile(join(STATIC, inside));
    response.writeHead(200, {
      'Content-Type': TYPES[extname(inside)] || 'application/octet-stream',
      'Content-Security-Policy': CSP,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
    response.end(content);
  } catch {
    response.writeHead(404, { 'Content-Type': 'text/plain' });
    response.end('not found');
  }
}

/** Starts a server on a free port of the loopback. Answers {base, state, close}. */
export async function startMock(port = 0) {
  const state = newState();
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (state.down) return request.socket.destroy();
    if (url.pathname === '/database-wizard') {
      response.writeHead(301, { Location: '/database-wizard/' });
      return response.end();
    }
    const work = url.pathname.startsWith('/api/database/')
      ? api(state, request, response, url)
      : file(response, url.pathname);
    return work.catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      response.destroy();
    });
  });
  await new Promise((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    base: `http://127.0.0.1:${server.address().port}/database-wizard/`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { base } = await startMock(Number(process.argv[2] || 0));
  process.stdout.write(`${base}  password: ${PASSWORD}\n`);
}
