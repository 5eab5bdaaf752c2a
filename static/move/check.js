// SPDX-License-Identifier: Apache-2.0
// Step 2: what the check found, and what is to be decided before anything is written.
import { announce, button, fill, focusOn, h, more, notice, table, write } from '../dom.js';
import { slot } from '../field.js';
import { bytes, duration, number, sentence } from '../format.js';
import { icon } from '../icons.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';
import { decide, isDecided, moveBody, plan, undecide } from './plan.js';
import { preview } from './preview.js';
import { noWorker } from './worker.js';

const WEIGHT = { error: 0, warning: 1, info: 2 };

/** Only what has no way out is red. */
function look(finding) {
  if (isDecided(finding)) return 'ok';
  if (finding.severity === 'error') return finding.fix ? 'warn' : 'bad';
  return finding.severity === 'warning' ? 'warn' : 'info';
}

/** An error that the server knows no cure for has one way out all the same: without its table. */
function withWayOut(finding) {
  if (finding.severity !== 'error' || finding.fix || !finding.table) return finding;
  const fix = { option: 'exclude', value: finding.table, label: t.check.leaveOut };
  return { ...finding, fix, leavesOut: true };
}

/** The message as a sentence; a name that it begins with stays as it is. */
function worded(finding) {
  const named = finding.table && finding.message?.startsWith(finding.table);
  return named ? finding.message : sentence(finding.message);
}

/** Draws step 2 and runs the check unless its answer is there already. Answers how to stop it. */
export function showCheck(place, { back, onward }) {
  let control = null;
  const view = slot('stack');
  fill(place, view.element);
  const run = async () => {
    control?.abort();
    control = new AbortController();
    const mine = control;
    const running = showRunning(view, back);
    try {
      const body = moveBody();
      const answer = await preview(body, mine.signal, running.progress);
      plan.preview = answer;
      plan.previewOf = JSON.stringify(body);
      show();
    } catch (error) {
      if (mine.signal.aborted) return;
      view.show(
        problemNotice(error, {
          title: t.check.failed,
          draft: plan.from,
          actions: [button(t.retry, run, 'primary'), button(t.back, back)],
        }),
      );
      focusOn(view.element.querySelector('.notice'));
    } finally {
      running.stop();
    }
  };
  const show = () => showFindings(view, { back, onward, again: run });
  if (plan.preview && plan.previewOf === JSON.stringify(moveBody())) show();
  else run();
  return () => control?.abort();
}

function showRunning(view, back) {
  const since = Date.now();
  const time = h('p', { class: 'number' }, duration(0));
  const rows = h('p', { class: 'number quiet' });
  const bar = h('progress', { class: 'main-bar', 'aria-label': t.check.running, hidden: true });
  const worker = h('div');
  view.show(
    h(
      'section',
      { class: 'card center' },
      h(
        'p',
        { class: 'working' },
        h('span', { class: 'pulse', 'aria-hidden': 'true' }),
        t.check.running,
      ),
      h('p', { class: 'quiet' }, t.check.runningBody),
      bar,
      time,
      rows,
      worker,
      h('div', { class: 'actions' }, button(t.check.stop, back)),
    ),
  );
  announce(t.check.running);
  const timer = setInterval(() => {
    time.textContent = duration(Math.floor((Date.now() - since) / 1000));
  }, 1000);
  const progress = (job) => {
    if (job.status === 'queued' && !worker.firstChild) worker.append(noWorker());
    if (job.status !== 'queued') fill(worker);
    if (!job.rows_total) return;
    bar.hidden = false;
    bar.max = job.rows_total;
    bar.value = Math.min(job.rows_done, job.rows_total);
    write(rows, t.run.ofRowsLong(number(job.rows_done), number(job.rows_total)));
  };
  return { progress, stop: () => clearInterval(timer) };
}

const isOpen = (finding) => finding.severity === 'error' && !isDecided(finding);

function showFindings(view, acts) {
  const answer = plan.preview;
  const findings = (answer.findings || []).map(withWayOut).sort(
    (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity],
  );
  const open = findings.filter(isOpen).length;
  const loud = findings.filter((one) => one.severity !== 'info');
  const quiet = findings.filter((one) => one.severity === 'info');
  const stuck = findings.some((one) => isOpen(one) && !one.fix);
  const title = h(
    'h2',
    null,
    open ? t.check.open(open) : loud.length ? t.check.warned(loud.length) : t.check.fine,
  );
  view.show(
    h(
      'section',
      { class: 'card stack' },
      h(
        'div',
        { class: `verdict-head ${stuck ? 'bad' : open ? 'warn' : 'ok'}` },
        icon(stuck ? 'stop' : open ? 'warn' : 'check'),
        h(
          'div',
          null,
          title,
          h(
            'p',
            { class: 'quiet' },
            t.check.read(answer.tables?.length || 0, answer.total_rows || 0),
          ),
        ),
      ),
      h(
        'div',
        { class: 'stack tight' },
        loud.map((one) => findingView(one, acts)),
      ),
      quiet.length
        ? more(
            t.check.notes(quiet.length),
            h(
              'div',
              { class: 'stack tight' },
              quiet.map((one) => findingView(one, acts)),
            ),
          )
        : null,
      decidedList(acts),
    ),
    summaryCard(answer),
    h(
      'div',
      { class: 'actions foot' },
      button(t.continue, acts.onward, 'primary big', open ? { disabled: true } : {}),
      button(t.back, acts.back),
      button(t.check.again, acts.again, 'quiet'),
      open
        ? h('p', { class: 'quiet' }, t.check.openFirst)
        : h('p', { class: 'quiet' }, icon('info'), t.move.nothingYet),
    ),
  );
  announce(title.textContent);
  focusOn(title);
}

function findingView(finding, acts) {
  const place = [finding.table, finding.column].filter(Boolean).join('.');
  const decided = isDecided(finding);
  return notice(
    look(finding),
    worded(finding),
    h(
      'p',
      { class: 'quiet' },
      place ? h('code', null, place) : null,
      finding.count ? ` ${t.check.count(finding.count)}` : null,
    ),
    finding.keys?.length
      ? more(
          t.check.keys,
          h(
            'ul',
            { class: 'names' },
            finding.keys.map((key) => h('li', null, h('code', null, String(key)))),
          ),
          finding.count > finding.keys.length
            ? h('p', { class: 'quiet' }, t.check.keysMore(finding.count - finding.keys.length))
            : null,
        )
      : null,
    decided
      ? h('p', null, t.check.decided(finding.fix.label))
      : finding.fix
        ? h(
            'div',
            { class: 'actions' },
            button(
              finding.fix.label,
              () => {
                decide(finding);
                acts.again();
              },
              finding.severity === 'error' && !finding.leavesOut ? 'primary' : '',
            ),
          )
        : null,
  );
}

/** What the reader decided, each with a way back. */
function decidedList(acts) {
  if (!plan.decided.length) return null;
  return h(
    'div',
    { class: 'decided' },
    h('h3', null, t.check.decidedTitle),
    h(
      'ul',
      null,
      plan.decided.map((one) =>
        h(
          'li',
          null,
          h(
            'span',
            null,
            h('strong', null, one.label),
            ' ',
            h('span', { class: 'quiet' }, one.about),
          ),
          button(
            t.undo,
            () => {
              undecide(one);
              acts.again();
            },
            'quiet',
            { icon: 'undo', 'aria-label': `${t.undo}: ${one.label}` },
          ),
        ),
      ),
    ),
  );
}

function summaryCard(answer) {
  const tables = answer.plan?.tables || [];
  const { estimate } = answer;
  const made = tables.filter((one) => one.action === 'create').length;
  const filled = tables.filter((one) => one.action === 'fill').length;
  const skipped = tables.filter((one) => one.action === 'skip');
  return h(
    'section',
    { class: 'card stack' },
    h('h2', null, t.check.planTitle),
    h(
      'p',
      { class: 'big-line' },
      estimate
        ? t.check.expect(duration(Math.max(1, estimate.seconds)), bytes(estimate.bytes))
        : null,
    ),
    h(
      'ul',
      { class: 'plain' },
      made ? h('li', null, t.check.made(made)) : null,
      filled ? h('li', null, t.check.filled(filled)) : null,
      skipped.length ? h('li', null, t.check.skipped(skipped.length)) : null,
      answer.mappings?.length ? h('li', null, t.check.mapped(answer.mappings.length)) : null,
    ),
    mappingList(answer.mappings),
    tables.length ? more(t.check.columns, tables.map(tableView)) : null,
  );
}

function mappingList(mappings) {
  if (!mappings?.length) return null;
  return more(
    t.check.mappings,
    table(
      t.check.mappings,
      [t.check.column, t.check.was, t.check.becomes, t.check.loss],
      mappings.map((one) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row' }, h('code', null, `${one.table}.${one.column}`)),
          h('td', null, one.source_type),
          h('td', null, one.target_type),
          h('td', null, one.loss || t.check.noLoss),
        ),
      ),
    ),
  );
}

function tableView(one) {
  const renamed = one.target && one.target !== one.source ? ` → ${one.target}` : '';
  return more(
    h(
      'span',
      { class: 'spread' },
      h(
        'span',
        null,
        h('code', null, one.source + renamed),
        ' ',
        h('span', { class: `tag ${one.action}` }, t.check.action[one.action] || one.action),
      ),
      h('span', { class: 'quiet' }, t.rows(one.rows)),
    ),
    one.reason ? h('p', null, one.reason) : null,
    one.columns?.length
      ? table(
          one.source,
          [t.check.column, t.check.was, t.check.becomes, t.check.how],
          one.columns.map((column) =>
            h(
              'tr',
              null,
              h(
                'th',
                { scope: 'row' },
                h(
                  'code',
                  null,
                  column.source === column.target || !column.target
                    ? column.source
                    : `${column.source} → ${column.target}`,
                ),
              ),
              h('td', null, column.source_type),
              h('td', null, column.target_type),
              h('td', null, [column.conversion, column.note].filter(Boolean).join('; ')),
            ),
          ),
        )
      : null,
  );
}
