// SPDX-License-Identifier: Apache-2.0
// Step 3, before it runs: stop the application, then start the move.
import { onceKey, post } from '../api.js';
import { busy, button, fill, focusOn, h } from '../dom.js';
import { copyable } from '../copy.js';
import { slot } from '../field.js';
import { bytes, duration } from '../format.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';
import { moveBody, plan, startKey } from './plan.js';

/** A button that makes a job of the plan; what went wrong is said in `said`. */
function starter(label, said, more, onjob, look, props) {
  const element = button(
    label,
    () =>
      busy(element, async () => {
        said.show();
        try {
          onjob(
            await post('/migrate', { ...moveBody(), ...more }, {
              headers: {
                Prefer: 'respond-async',
                'Idempotency-Key': more.rehearse ? onceKey() : startKey(),
              },
            }),
          );
        } catch (error) {
          plan.key = '';
          said.show(problemNotice(error, { title: t.start.failed, draft: plan.to }));
          focusOn(said.element.querySelector('.notice'));
        }
      }),
    look,
    props,
  );
  return element;
}

/** Draws the start; `started(job)` is called with the new job, `rehearsed(job)` with a rehearsal. */
export function showStart(place, { back, started, rehearsed }) {
  const said = slot();
  const estimate = plan.preview?.estimate;
  const start = starter(t.start.start, said, {}, started, 'primary big', { icon: 'play' });
  const rehearse =
    moveBody().schema_mode === 'create'
      ? starter(t.start.rehearse, said, { rehearse: true, create_database: true }, rehearsed, '')
      : null;
  const title = h('h2', null, t.start.title);
  fill(
    place,
    h(
      'section',
      { class: 'card stack' },
      title,
      h('p', null, t.start.stopBody),
      h(
        'div',
        { class: 'commands' },
        h(
          'div',
          { class: 'command' },
          h('p', { class: 'quiet' }, 'Docker Compose'),
          copyable('docker compose stop'),
        ),
        h(
          'div',
          { class: 'command' },
          h('p', { class: 'quiet' }, 'systemd'),
          copyable(`sudo systemctl stop ${t.start.unit}`),
        ),
      ),
    ),
    h(
      'section',
      { class: 'card stack calm' },
      h('h2', null, t.start.promise),
      h(
        'ul',
        { class: 'plain checks' },
        t.start.promises.map((text) => h('li', null, text)),
      ),
      estimate
        ? h(
            'p',
            null,
            t.check.expect(duration(Math.max(1, estimate.seconds)), bytes(estimate.bytes)),
          )
        : null,
    ),
    said.element,
    h('div', { class: 'actions foot' }, start, rehearse, button(t.back, back)),
    rehearse ? h('p', { class: 'quiet' }, t.start.rehearseBody) : null,
  );
  focusOn(title);
}
