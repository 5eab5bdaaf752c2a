// SPDX-License-Identifier: Apache-2.0
// The check as a job: followed like any other, and ended when the reader turns away.
import { call, get, post, Problem } from '../api.js';
import { watch } from './watch.js';

const ENDED = new Set(['done', 'failed', 'cancelled', 'interrupted', 'paused']);

/** Waits for a job's end; `onjob` hears of its progress. */
function ended(id, signal, onjob) {
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      follow.stop();
      signal.removeEventListener('abort', leave);
      settle(value);
    };
    const leave = () => {
      // Nobody waits for the answer any more: the job may end as well.
      post(`/jobs/${encodeURIComponent(id)}/cancel`, {}).catch(() => {});
      end(reject, signal.reason);
    };
    const follow = watch(
      id,
      (job) => {
        onjob(job);
        if (ENDED.has(job.status)) end(resolve, job);
      },
      (error) => end(reject, error),
    );
    signal.addEventListener('abort', leave, { once: true });
  });
}

/** What preview-migration answers to `body`; throws its problem. */
export async function preview(body, signal, onjob) {
  const answer = await call('POST', '/preview-migration', {
    body,
    headers: { Prefer: 'respond-async' },
    signal,
  });
  if (answer.status !== 202) return answer.data;
  const job = await ended(answer.data.id, signal, onjob);
  if (job.status === 'done') return get(`/jobs/${encodeURIComponent(job.id)}/result`, { signal });
  const { code, message, hint } = job.error || { code: job.status, message: job.status };
  throw Object.assign(new Problem({ code, detail: message, hint: hint || '' }), job.error);
}
