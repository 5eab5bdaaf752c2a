// SPDX-License-Identifier: Apache-2.0
// A job that waits because nobody works: said plainly, with the command that helps.
import { get } from '../api.js';
import { copyable } from '../copy.js';
import { fill, h, notice } from '../dom.js';
import { t } from '../text.js';

const PATIENCE = 3000;

/** An empty place that fills itself when no worker is there after a while. */
export function noWorker() {
  const place = h('div', { role: 'status' });
  setTimeout(async () => {
    if (!place.isConnected) return;
    const health = await get('/health').catch(() => null);
    if (health?.workers === 0 && place.isConnected) {
      fill(
        place,
        notice(
          'warn',
          t.run.noWorker,
          h('p', null, t.run.noWorkerBody),
          copyable('sudo systemctl start dbwizard-worker'),
        ),
      );
    }
  }, PATIENCE);
  return place;
}
