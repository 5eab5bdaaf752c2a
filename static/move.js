// SPDX-License-Identifier: Apache-2.0
// Move: from one database into another, in five steps. Steps 1 to 3 are prepared here; a move that
// exists lives under its own address (#move/ID) and survives reloads.
import { fill, h } from './dom.js';
import { t } from './text.js';
import { draftPlace, loadBackends } from './connect/draft.js';
import { showCheck } from './move/check.js';
import { showEnds } from './move/ends.js';
import { jobList } from './move/jobs.js';
import { forgetPlan, plan, ready, started } from './move/plan.js';
import { showRun } from './move/run.js';
import { showStart } from './move/start.js';
import { route, steps } from './move/steps.js';

export { forgetPlan as forget };

const go = (hash) => {
  location.hash = hash;
};

/** `where` is '', 'check', 'start' or a job's id. Answers how to leave, where that matters. */
export async function showMove(main, where, settitle) {
  const place = h('div', { class: 'stack' });
  const body = (head) => fill(main, h('h1', null, t.move.title), head, place);
  if (where && where !== 'check' && where !== 'start') {
    body(null);
    return showRun(place, where, settitle);
  }
  const backends = await loadBackends();
  if (where && !ready()) {
    location.replace('#move');
    return null;
  }
  if (where === 'check') {
    body([steps(2, { 1: '#move' }), ends()]);
    return showCheck(place, { back: () => go('#move'), onward: () => go('#move/start') });
  }
  if (where === 'start') {
    if (!plan.preview) {
      location.replace('#move/check');
      return null;
    }
    body([steps(3, { 1: '#move', 2: '#move/check' }), ends()]);
    showStart(place, {
      back: () => go('#move/check'),
      started: (job) => {
        const id = job.id || job.job;
        started(id);
        location.replace(`#move/${encodeURIComponent(id)}`);
      },
      // The plan stays: it is for the move in earnest.
      rehearsed: (job) => go(`#move/${encodeURIComponent(job.id || job.job)}`),
    });
    return null;
  }
  body([h('p', { class: 'lead' }, t.move.lead), steps(1)]);
  const first = h('div', { class: 'stack' });
  place.append(first, jobList());
  showEnds(first, backends, () => go('#move/check'));
  return null;
}

const ends = () => route(draftPlace(plan.from), draftPlace(plan.to));
