// SPDX-License-Identifier: Apache-2.0
// What the mock server answers: a small record shop, its check, its report.
export const BACKENDS = [
  {
    id: 'sqlite',
    label: 'SQLite',
    driver: 'sqlite',
    default_port: null,
    description: 'One file.',
    requires_host: false,
  },
  {
    id: 'postgresql',
    label: 'PostgreSQL',
    driver: 'postgresql',
    default_port: 5432,
    description: 'A server.',
    requires_host: true,
  },
  {
    id: 'mysql',
    label: 'MySQL / MariaDB',
    driver: 'mysql+pymysql',
    default_port: 3306,
    description: 'A server.',
    requires_host: true,
  },
];

export const TABLES = [
  ['album', 347],
  ['artist', 275],
  ['customer', 59],
  ['employee', 8],
  ['genre', 25],
  ['invoice', 412],
  ['invoice_line', 2240],
  ['media_type', 5],
  ['playlist', 18],
  ['playlist_track', 8715],
  ['track', 3503],
];

export const ROWS = TABLES.reduce((total, [, rows]) => total + rows, 0);
export const BYTES = 1067008;
export const PHASES = [
  'plan',
  'preflight',
  'schema',
  'copy',
  'keys',
  'sequences',
  'verify',
  'stamp',
  'report',
];

const column = (source, from, to, conversion = 'as it is', note = '') => ({
  source,
  target: source,
  source_type: from,
  target_type: to,
  conversion,
  note,
});

export function preview(names, decided) {
  const zero = decided.transforms?.['zero-date'] === 'null';
  return {
    success: true,
    tables: names.map(([name, row_count]) => ({ name, row_count })),
    total_rows: names.reduce((sum, [, n]) => sum + n, 0),
    plan: {
      id: 'p1',
      schema_mode: decided.schema_mode,
      source_fingerprint: 'ab12',
      target_empty: true,
      tables: names.map(([name, rows]) => ({
        source: name,
        target: name,
        action: 'create',
        reason: '',
        rows,
        bytes: rows * 70,
        columns: [
          column('id', 'INTEGER', 'bigint'),
          column('title', 'NVARCHAR(160)', 'varchar(160)'),
          column('created', 'DATETIME', 'timestamp', 'ISO text', 'all values fit'),
        ],
      })),
    },
    mappings: [
      {
        table: names[0][0],
        column: 'created',
        source_type: 'DATETIME',
        target_type: 'timestamp',
        loss: '',
      },
      {
        table: 'invoice',
        column: 'total',
        source_type: 'NUMERIC(10,2)',
        target_type: 'numeric(10,2)',
        loss: '',
      },
    ],
    findings: [
      ...(zero
        ? []
        : [
            {
              severity: 'error',
              code: 'zero-date',
              table: 'invoice',
              column: 'invoice_date',
              count: 3,
              keys: ['17', '204', '388'],
              message: '3 dates are 0000-00-00',
              fix: { option: 'transforms', value: 'zero-date=null', label: 'Leave empty' },
            },
          ]),
      {
        severity: 'warning',
        code: 'collation',
        table: 'genre',
        column: 'name',
        count: 0,
        keys: [],
        message: 'PostgreSQL tells "Rock" from "rock"',
        fix: null,
      },
      {
        severity: 'info',
        code: 'affinity',
        table: 'track',
        column: 'composer',
        count: 0,
        keys: [],
        message: 'text without a length becomes text',
        fix: null,
      },
    ],
    estimate: { rows: ROWS, bytes: BYTES, seconds: 4 },
  };
}

const hex = (seed) =>
  Array.from({ length: 32 }, (_, index) =>
    ((seed * 7 + index * 13 + seed * index) % 16).toString(16),
  ).join('');

export function report(job, names, verdict) {
  const altered = verdict === 'altered';
  return {
    format: 1,
    job: job.id,
    verdict,
    source: { backend: 'sqlite', url: job.source, server_version: '3.40.1' },
    target: { backend: 'postgresql', url: job.target, server_version: '15.14' },
    schema_mode: 'create',
    started_at: job.started_at,
    finished_at: job.finished_at,
    seconds: 3.4,
    snapshot: 'read transaction',
    source_changed: false,
    phases: PHASES.map((name) => ({ name, seconds: 0.3 })),
    tables: names.map(([name, rows], index) => ({
      source: name,
      target: name,
      rows,
      bytes: rows * 70,
      seconds: 0.1,
      source_rows: rows,
      target_rows: rows,
      source_sum: hex(index + 3),
      target_sum: hex(index + 3),
      equal: true,
      rejected: 0,
      kept: 0,
    })),
    ledger: [
      {
        kind: 'type',
        table: 'invoice',
        column: 'total',
        key: null,
        before: 'NUMERIC(10,2)',
        after: 'numeric(10,2)',
        reason: 'same values',
        count: 1,
      },
      ...(altered
        ? ['17', '204', '388'].map((key) => ({
            kind: 'value',
            table: 'invoice',
            column: 'invoice_date',
            key,
            before: '0000-00-00',
            after: null,
            reason: 'zero-date=null',
            count: 1,
          }))
        : []),
    ],
    findings: [],
    sequences: [{ table: 'album', column: 'id', next: 348 }],
    advice: ['invoice_line.track_id is a foreign key without an index'],
    options: { verify: 'checksum' },
  };
}
