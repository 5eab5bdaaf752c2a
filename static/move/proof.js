// SPDX-License-Identifier: Apache-2.0
// Steps 4 and 5: the proof, in plain words, and the switch to the new database.
import { address, get } from '../api.js';
import { button, focusOn, h, more, notice, table } from '../dom.js';
import { bytes, dateTime, duration, number } from '../format.js';
import { icon } from '../icons.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';
import { ready } from './plan.js';
import { switchCard } from './switch.js';

const SHORT = 200;

/** Loads the report of a job that is done and draws it into the slot. */
export async function showProof(place, job) {
  place.show(h('p', { class: 'loading' }, t.proof.loading));
  try {
    const report = await get(`/jobs/${encodeURIComponent(job.id)}/report`);
    const proof = proofCard(job, report);
    place.show(proof, report.rehearsal ? rehearsedCard() : switchCard(job));
    focusOn(proof.querySelector('h2'));
  } catch (error) {
    place.show(
      notice('ok', t.proof.arrived),
      problemNotice(error, {
        title: t.proof.noReport,
        actions: [button(t.retry, () => showProof(place, job), 'primary')],
      }),
      switchCard(job),
    );
  }
}

const sum = (list, pick) => list.reduce((total, one) => total + (pick(one) || 0), 0);

/** How many values and objects differ, by kind of ledger entry. */
function tally(ledger) {
  const counts = {};
  for (const entry of ledger) counts[entry.kind] = (counts[entry.kind] || 0) + (entry.count || 1);
  return counts;
}

/** What the old database has and the new one does not: views, triggers, keys that could not be said. */
const lost = (ledger) => ledger.filter((one) => one.kind === 'object' && one.after === null);

/** Of large tables only pieces were read back. */
const sampled = (report) =>
  (report.tables || []).some((one) => one.sampled_rows !== undefined);

/** What was proven, in words that claim no more than was done. */
function depth(report) {
  const tables = report.tables || [];
  const rows = sum(tables, (one) => one.rows ?? one.target_rows);
  const verify = report.options?.verify;
  if (verify === 'none') return t.proof.notVerified(tables.length, rows);
  const compared = tables.every((one) => typeof one.equal === 'boolean') && verify !== 'counts';
  if (compared && sampled(report)) return t.proof.sampled(tables.length, rows);
  return (compared ? t.proof.compared : t.proof.counted)(tables.length, rows);
}

function verdictWords(report, counts) {
  const verify = report.options?.verify;
  if (report.verdict === 'altered') {
    if (counts.rejected) return t.proof.left(counts.rejected);
    if (counts.value) return t.proof.values(counts.value);
    const gone = lost(report.ledger || []).length;
    if (gone) return t.proof.gone(gone);
    return t.proof.changes(sum(Object.entries(counts), ([kind, n]) => (kind === 'type' ? 0 : n)));
  }
  const words = t.proof.verdict[report.verdict];
  if (!words || report.verdict === 'incomplete') return t.proof.verdict.incomplete;
  if (verify === 'none') return t.proof.copied;
  return verify === 'counts' || sampled(report) ? t.proof.arrived : words;
}

/** That a type changed says something of the values only where all of them were compared. */
function typesWords(report, count) {
  const all = report.verdict === 'converted' && report.options?.verify === 'checksum';
  return all ? t.proof.types(count) : t.proof.typesOnly(count);
}

/** After a rehearsal: the plan is still there, unless the page was loaded anew. */
function rehearsedCard() {
  return h(
    'section',
    { class: 'card stack' },
    h('h2', null, t.proof.rehearsedNext),
    h('p', null, t.proof.rehearsedBody),
    h(
      'div',
      { class: 'actions' },
      h('a', { class: 'button primary', href: ready() ? '#move/start' : '#move' }, t.proof.inEarnest),
    ),
  );
}

/** What could not be said in the new database, to be done by hand. */
const todoView = (todo) =>
  todo
    ? more(
        t.proof.todo,
        h('p', { class: 'quiet' }, t.proof.todoBody),
        h('pre', { class: 'exact' }, todo),
      )
    : null;

function proofCard(job, report) {
  const ledger = report.ledger || [];
  const counts = tally(ledger);
  const title = verdictWords(report, counts);
  const good = ['lossless', 'converted', 'altered'].includes(report.verdict);
  const values = ledger.filter((one) => one.kind !== 'type');
  const types = ledger.filter((one) => one.kind === 'type');
  return h(
    'section',
    { class: 'card stack proof' },
    h(
      'div',
      { class: `seal ${good ? 'ok' : 'bad'}` },
      h('span', { class: 'seal-mark' }, icon(good ? 'check' : 'stop')),
      h(
        'div',
        null,
        h('h2', null, report.rehearsal ? t.proof.rehearsed(duration(report.rehearsal.seconds)) : title),
        report.rehearsal ? h('p', null, h('strong', null, title)) : null,
        h('p', null, depth(report)),
        h(
          'p',
          { class: 'quiet' },
          t.proof.when(
            dateTime(report.finished_at || job.finished_at),
            duration(report.seconds),
            bytes(sum(report.tables || [], (one) => one.bytes)),
          ),
        ),
      ),
    ),
    report.source_changed === true
      ? notice('warn', t.proof.changed, h('p', null, t.proof.changedBody))
      : null,
    types.length ? h('p', null, typesWords(report, types.length)) : null,
    values.length ? ledgerView(t.proof.see(values.length), values) : null,
    types.length ? ledgerView(t.proof.seeTypes, types) : null,
    todoView(report.todo),
    report.advice?.length
      ? more(
          t.proof.advice(report.advice.length),
          h(
            'ul',
            null,
            report.advice.map((text) => h('li', null, text)),
          ),
        )
      : null,
    h(
      'div',
      { class: 'actions' },
      button(t.proof.print, (event) => printProof(event.currentTarget.closest('.proof')), '', {
        icon: 'print',
      }),
      h(
        'a',
        {
          class: 'button',
          href: address(`/jobs/${job.id}/report.html`),
          download: `dbwizard-${job.id}.html`,
        },
        icon('download'),
        h('span', null, t.proof.download),
      ),
      h(
        'a',
        {
          class: 'button quiet',
          href: address(`/jobs/${job.id}/report`),
          download: `dbwizard-${job.id}.json`,
        },
        h('span', null, t.proof.json),
      ),
    ),
    tablesView(report.tables || []),
  );
}

function ledgerView(title, entries) {
  const shown = entries.slice(0, SHORT);
  return more(
    title,
    table(
      title,
      [t.proof.where, t.proof.before, t.proof.after, t.proof.why],
      shown.map((one) =>
        h(
          'tr',
          null,
          h(
            'th',
            { scope: 'row' },
            h('code', null, [one.table, one.column].filter(Boolean).join('.')),
            one.key ? h('span', { class: 'quiet' }, ` ${one.key}`) : null,
          ),
          h('td', null, cell(one.before)),
          h('td', null, one.kind === 'object' && one.after === null ? t.proof.notMade : cell(one.after)),
          h(
            'td',
            null,
            h('span', { class: 'tag' }, t.proof.ledger[one.kind] || one.kind),
            one.reason,
            one.count > 1 ? ` (${number(one.count)})` : null,
          ),
        ),
      ),
    ),
    entries.length > SHORT
      ? h('p', { class: 'quiet' }, t.proof.rest(entries.length - SHORT))
      : null,
  );
}

const cell = (value) =>
  value === null || value === undefined
    ? h('span', { class: 'quiet' }, 'NULL')
    : h('code', null, String(value));

function tablesView(tables) {
  const rows = tables.map((one) =>
    h(
      'tr',
      { class: one.equal === false ? 'differs' : '' },
      h(
        'th',
        { scope: 'row' },
        h(
          'code',
          null,
          one.target && one.target !== one.source ? `${one.source} → ${one.target}` : one.source,
        ),
      ),
      h('td', { class: 'number' }, number(one.source_rows ?? one.rows)),
      h('td', { class: 'number' }, number(one.target_rows ?? one.rows)),
      h(
        'td',
        { class: 'sum' },
        one.source_sum
          ? h(
              'code',
              null,
              brief(one.source_sum),
              one.target_sum && one.target_sum !== one.source_sum
                ? ` ≠ ${brief(one.target_sum)}`
                : '',
            )
          : '–',
      ),
      h(
        'td',
        null,
        one.equal === true
          ? [icon('check'), one.sampled_rows === undefined ? t.proof.equal : t.proof.piecesEqual]
          : one.equal === false
            ? [icon('stop'), t.proof.differs]
            : t.proof.notCompared,
      ),
    ),
  );
  return table(
    t.proof.tables,
    [
      t.proof.table,
      { text: t.proof.oldRows, number: true },
      { text: t.proof.newRows, number: true },
      t.proof.sums,
      t.proof.result,
    ],
    rows,
    tables.every((one) => one.equal) ? 'proof-table all-equal' : 'proof-table',
  );
}

const brief = (text) => (String(text).length > 12 ? `${String(text).slice(0, 12)}…` : String(text));

/** Prints this page with everything opened; the report itself is a document without scripts. */
function printProof(card) {
  for (const one of card.querySelectorAll('details')) one.open = true;
  window.print();
}
