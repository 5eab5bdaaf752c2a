// SPDX-License-Identifier: Apache-2.0
// Steps 3 to 5 of a move that exists: it runs, it rests, it is over.
import { post } from '../api.js';
import { ask } from '../dialog.js';
import { announce, busy, button, fill, focusOn, h, notice } from '../dom.js';
import { slot } from '../field.js';
import { percent } from '../format.js';
import { exactError, headline, advice, problemNotice } from '../problem.js';
import { t } from '../text.js';
import { noWorker } from './worker.js';
import { progressView } from './progress.js';
import { showProof } from './proof.js';
import { routeOf, steps } from './steps.js';
import { watch } from './watch.js';

const LIVELY = new Set(['queued', 'running']);

/** Draws the job into `place` and follows it. Answers how to stop following. */
export function showRun(place, id, settitle) {
  const state = {
    id,
    head: slot(),
    path: slot(),
    acts: slot('stack'),
    result: slot('stack'),
    view: progressView(),
    shown: '',
    place,
    settitle,
  };
  state.running = h(
    'section',
    { class: 'card stack', hidden: true },
    state.acts.element,
    state.view.element,
  );
  fill(place, state.head.element, state.path.element, state.running, state.result.element);
  state.head.show(h('p', { class: 'loading' }, t.loading));
  state.follow = watch(
    id,
    (job, events) => showJob(state, job, events),
    (error) => {
      state.shown = '';
      state.acts.show();
      if (error.status === 404) {
        state.head.show();
        state.result.show(notice('warn', t.run.unknown, exactError(error)));
        return;
      }
      state.result.show(
        problemNotice(error, {
          title: t.run.lost,
          actions: [
            button(
              t.retry,
              () => {
                state.result.show();
                state.follow.now();
              },
              'primary',
            ),
          ],
        }),
      );
    },
  );
  return () => state.follow.stop();
}

function showJob(state, job, events) {
  const done = job.status === 'done';
  if (!state.path.element.firstChild) state.path.show(routeOf(job));
  state.view.update(job, events);
  state.running.hidden = done;
  state.settitle(
    job.status === 'running'
      ? `${percent(job.rows_done, job.rows_total)} · ${t.status.running}`
      : t.status[job.status] || job.status,
  );
  const cleaning = (state.discarding || job.work === 'discard') && LIVELY.has(job.status);
  const look = `${cleaning}/${job.status}/${job.requested || ''}/${job.discarded ? 'd' : ''}`;
  if (look === state.shown) return;
  const first = state.shown === '';
  state.shown = look;
  state.head.show(steps(done ? 5 : 3));
  if (done) showProof(state.result, job);
  else state.result.show();
  state.acts.show(LOOKS[cleaning ? 'discarding' : job.status]?.(state, job));
  if (!first) {
    announce(t.status[job.status] || job.status);
    if (!['queued', 'running'].includes(job.status)) focusOn(state.place.querySelector('h2'));
  }
}

/** A button that does something to the job; what went wrong stands beside it. */
function act(state, what, label, kind, props = {}, question = null) {
  const element = button(
    label,
    () =>
      busy(element, async () => {
        if (
          question &&
          !(await ask(question.title, question.body, question.yes, question.no, question.kind))
        )
          return;
        try {
          await post(`/jobs/${encodeURIComponent(state.id)}/${what}`, {});
          state.discarding = what === 'discard';
          state.result.show();
        } catch (error) {
          state.result.show(problemNotice(error));
          focusOn(state.result.element.querySelector('.notice'));
        }
        await state.follow.now();
      }),
    kind,
    props,
  );
  return element;
}

const resume = (state, job) =>
  act(
    state,
    'resume',
    job.rows_done > 0 && job.rows_total > 0
      ? t.run.continueFrom(percent(job.rows_done, job.rows_total))
      : t.run.continueNow,
    'primary',
    { icon: 'play' },
  );
const discard = (state) =>
  act(
    state,
    'discard',
    t.run.giveUp,
    '',
    {},
    {
      title: t.run.giveUpTitle,
      body: t.run.giveUpBody,
      yes: t.run.giveUp,
      no: t.cancel,
      kind: 'danger',
    },
  );
const stop = (state) =>
  act(
    state,
    'cancel',
    t.run.stop,
    '',
    { icon: 'square' },
    {
      title: t.run.stopTitle,
      body: t.run.stopBody,
      yes: t.run.stopYes,
      no: t.run.stopNo,
      kind: 'danger',
    },
  );

function resting(title, kind, state, job) {
  const { error } = job;
  const remains = job.resumable !== false || job.rows_done > 0;
  return [
    h('h2', null, title),
    notice(kind, t.run.untouched, h('p', null, job.rows_done > 0 ? t.run.safe : t.run.nothing)),
    error
      ? h(
          'div',
          { class: 'stack tight' },
          h('p', { class: 'reason' }, headline(error)),
          advice(error, null, true),
          exactError(error),
        )
      : null,
    h(
      'div',
      { class: 'actions' },
      job.resumable === false ? null : resume(state, job),
      remains ? discard(state) : h('a', { class: 'button', href: '#move' }, t.run.anew),
    ),
    remains ? h('p', { class: 'hint' }, t.run.giveUpHint) : null,
  ];
}

const LOOKS = {
  discarding: () => [h('h2', null, t.run.discarding), h('p', null, t.run.close)],
  queued: (state) => [
    h('h2', null, t.run.queued),
    h('p', null, t.run.close),
    noWorker(),
    h('div', { class: 'actions' }, stop(state)),
  ],
  running: (state, job) =>
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        null,
        h(
          'h2',
          null,
          job.requested ? t.run.requested[job.requested] || t.run.running : t.run.running,
        ),
        h('p', { class: 'quiet' }, t.run.close),
      ),
      job.requested
        ? null
        : h(
            'div',
            { class: 'actions' },
            act(state, 'pause', t.run.pause, '', { icon: 'pause' }),
            stop(state),
          ),
    ),
  paused: (state, job) => resting(t.run.paused, 'info', state, job),
  interrupted: (state, job) => resting(t.run.interrupted, 'info', state, job),
  failed: (state, job) => resting(t.run.failed, 'info', state, job),
  cancelled: (state, job) => [
    h('h2', null, t.run.cancelled),
    notice(
      'info',
      t.run.untouched,
      h('p', null, job.discarded ? t.run.discarded : t.run.cancelledBody),
    ),
    job.error ? exactError(job.error) : null,
    h(
      'div',
      { class: 'actions' },
      job.discarded ? null : discard(state),
      h('a', { class: 'button', href: '#move' }, t.run.anew),
    ),
  ],
};
