// SPDX-License-Identifier: Apache-2.0
// Step 5: the application's new address, and the way back.
import { h } from '../dom.js';
import { copyable, secretLine } from '../copy.js';
import { maskUrl } from '../format.js';
import { t } from '../text.js';
import { addressesOf } from './plan.js';

/** The line for a URL: in full while this page still knows it, masked otherwise. */
function addressLine(url, redacted) {
  if (url) return secretLine(`DATABASE_URL=${url}`, `DATABASE_URL=${maskUrl(url)}`);
  return [
    h('div', { class: 'line' }, h('code', { tabindex: '0' }, `DATABASE_URL=${redacted}`)),
    h(
      'p',
      { class: 'hint' },
      t.switch.noSecret,
      ' ',
      h('a', { href: '#connect' }, t.switch.toConnect),
    ),
  ];
}

export function switchCard(job) {
  const known = addressesOf(job.id);
  return h(
    'section',
    { class: 'card stack' },
    h('h2', null, t.switch.title),
    h(
      'ol',
      { class: 'todo' },
      h('li', null, h('p', null, t.switch.put), addressLine(known.to, job.target)),
      h(
        'li',
        null,
        h('p', null, t.switch.start),
        h(
          'div',
          { class: 'commands' },
          copyable('docker compose up -d'),
          copyable(`sudo systemctl start ${t.start.unit}`),
        ),
      ),
      h('li', null, h('p', null, t.switch.look)),
    ),
    h(
      'div',
      { class: 'wayback' },
      h('h3', null, t.switch.back),
      h('p', null, t.switch.backBody),
      addressLine(known.from, job.source),
    ),
  );
}
