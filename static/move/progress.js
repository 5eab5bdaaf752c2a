// SPDX-License-Identifier: Apache-2.0
// How far a job is: over all, phase by phase, table by table. Changed in place, never redrawn, so
// that focus, selection and screen readers are left in peace.
import { announce, button, h, write } from '../dom.js';
import { bytes, clock, duration, number, percent } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../text.js';

const FEW = 8;

function phaseList() {
  const rows = new Map();
  const element = h('ol', { class: 'phases', 'aria-label': t.run.phases });
  const update = (phases) => {
    for (const phase of phases || []) {
      let row = rows.get(phase.name);
      if (!row) {
        row = {
          mark: h('span', { class: 'mark', 'aria-hidden': 'true' }),
          name: h('span', null, t.phase[phase.name] || phase.name),
          state: h('span', { class: 'sr' }),
          time: h('span', { class: 'quiet number' }),
          status: '',
        };
        row.element = h('li', null, row.mark, h('span', null, row.name, row.state), row.time);
        rows.set(phase.name, row);
        element.append(row.element);
      }
      write(row.time, phase.status === 'done' && phase.seconds > 0 ? duration(phase.seconds) : '');
      if (row.status === phase.status) continue;
      row.status = phase.status;
      row.element.className = phase.status;
      row.mark.replaceChildren(
        ...({ done: [icon('check')], failed: [icon('stop')], skipped: ['–'] }[phase.status] || []),
      );
      write(row.state, ` (${t.phaseStatus[phase.status] || phase.status})`);
    }
  };
  return { element, update };
}

const RANK = { running: 0, failed: 0, waiting: 1, queued: 1, done: 2, skipped: 3 };

function tableList() {
  const rows = new Map();
  const list = h('ul', { class: 'tables' });
  let all = false;
  const toggle = button(
    '',
    () => {
      all = !all;
      arrange(last);
    },
    'quiet',
  );
  const element = h('section', { class: 'stack tight' }, list, toggle);
  let last = [];

  function row(one) {
    if (!rows.has(one.name)) {
      const made = {
        bar: h('progress', { 'aria-label': one.name }),
        count: h('span', { class: 'number quiet' }),
      };
      made.element = h('li', null, h('code', null, one.name), made.bar, made.count);
      rows.set(one.name, made);
    }
    const { element: item, bar, count } = rows.get(one.name);
    item.className = one.status;
    bar.max = Math.max(1, one.rows_total);
    bar.value = one.status === 'done' && !one.rows_total ? 1 : Math.min(one.rows_done, bar.max);
    write(
      count,
      one.rows_total
        ? t.run.ofRows(number(one.rows_done), number(one.rows_total))
        : t.tableStatus[one.status] || one.status,
    );
    return item;
  }

  function arrange(tables) {
    last = tables;
    const order = tables
      .map((one, index) => ({ one, rank: (RANK[one.status] ?? 1) * 1e6 + index }))
      .sort((a, b) => a.rank - b.rank);
    const wanted = order.slice(0, all ? order.length : FEW).map(({ one }) => row(one));
    if (
      wanted.length !== list.children.length ||
      wanted.some((item, index) => list.children[index] !== item)
    )
      list.replaceChildren(...wanted);
    toggle.hidden = tables.length <= FEW;
    write(toggle.querySelector('span'), all ? t.run.fewer : t.run.all(tables.length));
  }
  return { element, update: (tables) => arrange(tables || []) };
}

function eventList() {
  const list = h('ol', { class: 'events' });
  const element = h(
    'details',
    { class: 'more' },
    h('summary', null, icon('chevron'), h('span', null, t.run.events)),
    h(
      'div',
      { class: 'more-body scroll', tabindex: '0', role: 'region', 'aria-label': t.run.events },
      list,
    ),
  );
  const update = (events) => {
    for (const event of events) {
      list.prepend(
        h(
          'li',
          { class: event.level },
          h('span', { class: 'quiet number' }, clock(event.at)),
          ' ',
          event.level === 'info'
            ? null
            : h('strong', null, `${t.level[event.level] || event.level}: `),
          event.text,
        ),
      );
    }
    while (list.children.length > 500) list.lastChild.remove();
  };
  return { element, update };
}

/** Says the progress every ten percent and at each phase, not more. */
function speaker() {
  let said = '';
  return (job, phase) => {
    const tenth = job.rows_total > 0 ? Math.floor((job.rows_done / job.rows_total) * 10) : 0;
    const key = `${phase}/${tenth}`;
    if (said && said !== key)
      announce(`${t.phase[phase] || phase}: ${percent(job.rows_done, job.rows_total)}`);
    said = key;
  };
}

/** Answers {element, update(job, events)}. */
export function progressView() {
  const share = h('p', { class: 'share number' });
  const bar = h('progress', { class: 'main-bar', 'aria-label': t.run.bar });
  const line = h('p', { class: 'number counts' });
  const rest = h('p', { class: 'number quiet' });
  const phases = phaseList();
  const tables = tableList();
  const events = eventList();
  const speak = speaker();
  const element = h(
    'div',
    { class: 'stack' },
    h('div', { class: 'overall' }, share, h('div', { class: 'overall-text' }, line, rest)),
    bar,
    h('div', { class: 'run-grid' }, phases.element, tables.element),
    events.element,
  );
  const update = (job, fresh) => {
    const phase = job.phase || '';
    bar.max = Math.max(1, job.rows_total);
    bar.value = Math.min(job.rows_done, bar.max);
    write(share, percent(job.rows_done, job.rows_total));
    write(
      line,
      job.rows_total
        ? t.run.ofRowsLong(number(job.rows_done), number(job.rows_total))
        : t.run.counting,
    );
    write(
      rest,
      [
        t.run.now(t.phase[phase] || phase),
        job.bytes_done ? bytes(job.bytes_done) : '',
        job.status === 'running' && job.rate > 0 ? t.run.rate(number(Math.round(job.rate))) : '',
        job.status === 'running' && job.eta_seconds !== null && job.eta_seconds !== undefined
          ? t.run.left(duration(Math.ceil(job.eta_seconds)))
          : '',
      ]
        .filter(Boolean)
        .join(' · '),
    );
    phases.update(job.phases);
    tables.update(job.tables);
    events.update(fresh);
    speak(job, phase);
  };
  return { element, update };
}
