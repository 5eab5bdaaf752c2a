// SPDX-License-Identifier: Apache-2.0
// Following a job: quick at first, slower for long ones, not at all while nobody looks.
import { call } from '../api.js';

const QUICKEST = 250;
const SLOWEST = 2000;
const RESTING = 5000;
const AFTER_ACT = 30000;
const LIVELY = new Set(['queued', 'running']);
const OVER = new Set(['done', 'cancelled']);

/**
 * Calls `onjob(job, newEvents)` for each new version, `onproblem(error)` when following had to end.
 * A job that rests (paused, failed) is looked at now and then, as another tab may wake it.
 * Answers {stop, now}; `now` asks at once and follows closely for a while, as after a button.
 */
export function watch(id, onjob, onproblem) {
  const control = new AbortController();
  let since = Date.now();
  let awake = 0;
  let status = 'queued';
  let tag = '';
  let seen = 0;
  let timer = 0;
  let asking = false;
  let again = false;

  async function ask() {
    clearTimeout(timer);
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    try {
      const answer = await call('GET', `/jobs/${encodeURIComponent(id)}?since=${seen}`, {
        headers: tag ? { 'If-None-Match': tag } : {},
        known: [304],
        signal: control.signal,
      });
      if (answer.status === 200 && !control.signal.aborted) take(answer);
    } catch (error) {
      if (!control.signal.aborted) onproblem(error);
      return;
    } finally {
      asking = false;
    }
    plan();
  }

  function take(answer) {
    tag = answer.headers.get('ETag') || '';
    const events = (answer.data.events || []).filter((one) => one.seq > seen);
    for (const event of events) seen = Math.max(seen, event.seq);
    status = answer.data.status;
    onjob(answer.data, events);
  }

  function plan() {
    if (control.signal.aborted || document.hidden) return;
    const close = LIVELY.has(status) || Date.now() < awake;
    if (!close && OVER.has(status) && !again) return;
    const pause = close
      ? Math.min(SLOWEST, Math.max(QUICKEST, (Date.now() - since) / 20))
      : RESTING;
    timer = setTimeout(ask, again ? 0 : pause);
  }

  const looked = () => {
    if (document.hidden) clearTimeout(timer);
    else ask();
  };
  document.addEventListener('visibilitychange', looked);
  ask();
  return {
    now: () => {
      since = Date.now();
      awake = since + AFTER_ACT;
      return ask();
    },
    stop: () => {
      control.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', looked);
    },
  };
}
