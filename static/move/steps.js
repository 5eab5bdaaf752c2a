// SPDX-License-Identifier: Apache-2.0
// The five steps of a move, and two ends with an arrow between them.
import { h } from '../dom.js';
import { describeUrl } from '../format.js';
import { icon } from '../icons.js';
import { t } from '../text.js';

/** `current` is 1 to 5; `links` maps the number of an earlier step to where it is. */
export function steps(current, links = {}) {
  return h(
    'ol',
    { class: 'steps', 'aria-label': t.move.stepsLabel },
    t.move.steps.map((name, index) => {
      const number = index + 1;
      const done = number < current;
      const mark = h(
        'span',
        { class: 'mark', 'aria-hidden': 'true' },
        done ? icon('check') : number,
      );
      const text = [
        mark,
        h(
          'span',
          { class: 'step-name' },
          h('span', { class: 'sr' }, `${number} `),
          name,
          done ? h('span', { class: 'sr' }, ` (${t.move.stepDone})`) : null,
        ),
      ];
      return h(
        'li',
        {
          class: done ? 'done' : number === current ? 'current' : '',
          'aria-current': number === current ? 'step' : null,
        },
        done && links[number]
          ? h('a', { href: links[number] }, text)
          : h('span', { class: 'step' }, text),
      );
    }),
  );
}

function end(label, { engine, name, place }) {
  return h(
    'div',
    { class: 'place' },
    h(
      'p',
      { class: 'place-label' },
      icon(place ? 'database' : 'file'),
      label,
      engine ? ` · ${engine}` : '',
    ),
    h('p', { class: 'place-name' }, name),
    place ? h('p', { class: 'place-host' }, place) : null,
  );
}

/** "From … to …" for two described databases. */
export function route(from, to) {
  return h(
    'div',
    { class: 'route' },
    end(t.move.from, from),
    h('span', { class: 'route-arrow' }, icon('arrow')),
    end(t.move.to, to),
  );
}

export const routeOf = (job) => route(describeUrl(job.source), describeUrl(job.target));
