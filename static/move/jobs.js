// SPDX-License-Identifier: Apache-2.0
// The moves that were made before, with their state.
import { get } from '../api.js';
import { busy, button, h } from '../dom.js';
import { slot } from '../field.js';
import { dateTime, percent, urlInWords } from '../format.js';
import { icon } from '../icons.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';

const MARK = {
  done: 'check',
  failed: 'warn',
  interrupted: 'warn',
  paused: 'pause',
  running: 'play',
  queued: 'dots',
  cancelled: 'square',
};
const LOOK = { done: 'ok', failed: 'warn', interrupted: 'warn', running: 'live', queued: 'live' };

/** A section that loads itself. */
export function jobList() {
  const list = slot();
  const again = button(t.refresh, () => busy(again, load), 'quiet');
  async function load() {
    try {
      const jobs = ((await get('/jobs?limit=200')).jobs || []).filter(
        (one) => one.kind === 'migrate',
      );
      list.show(
        jobs.length
          ? h('ul', { class: 'jobs' }, jobs.map(row))
          : h('p', { class: 'empty' }, t.jobs.none),
      );
    } catch (error) {
      list.show(problemNotice(error, { title: t.jobs.failed }));
    }
  }
  list.show(h('p', { class: 'loading' }, t.loading));
  load();
  return h(
    'section',
    { class: 'card stack' },
    h('div', { class: 'head' }, h('h2', null, t.jobs.title), again),
    list.element,
  );
}

function row(job) {
  const halfway = !['done', 'queued', 'cancelled'].includes(job.status) && job.rows_total > 0;
  return h(
    'li',
    null,
    h(
      'a',
      { href: `#move/${encodeURIComponent(job.id)}` },
      h(
        'span',
        { class: 'job-what' },
        h('strong', null, urlInWords(job.source)),
        icon('arrow'),
        h('strong', null, urlInWords(job.target)),
      ),
      h('span', { class: 'job-when quiet' }, dateTime(job.created_at)),
      h(
        'span',
        { class: `badge ${LOOK[job.status] || ''}` },
        icon(MARK[job.status] || 'info'),
        job.status === 'done' && job.verdict
          ? t.verdict[job.verdict] || job.verdict
          : t.status[job.status] || job.status,
        halfway ? ` ${percent(job.rows_done, job.rows_total)}` : null,
      ),
    ),
  );
}
