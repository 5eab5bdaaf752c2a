// SPDX-License-Identifier: Apache-2.0
// Connect: describe a database, test it, take its DATABASE_URL along.
import { announce, fill, focusOn, h, notice } from './dom.js';
import { slot } from './field.js';
import { maskUrl } from './format.js';
import { secretLine } from './copy.js';
import { problemNotice } from './problem.js';
import { t } from './text.js';
import { loadBackends, newDraft, testDraft } from './connect/draft.js';
import { databaseForm, testable } from './connect/form.js';
import { testNotice } from './connect/result.js';

const draft = newDraft();

/** Forgets what was typed; called at log-out. */
export function forget() {
  Object.assign(draft, newDraft());
}

export async function showConnect(main) {
  const backends = await loadBackends();
  const answer = slot('stack');
  const form = databaseForm({ draft, backends, onchange: () => answer.show() });
  const work = async () => {
    if (!(await form.settled())) return undefined;
    answer.show(h('p', { class: 'loading' }, t.test.running));
    try {
      if (!draft.backend) return answer.show(notice('warn', t.form.chooseKind));
      const outcome = await testDraft(draft);
      answer.show(testNotice(outcome, draft), urlCard(outcome));
      announce(outcome.result.success ? t.test.connected : t.test.failed);
      focusOn(answer.element.querySelector('.notice'));
    } catch (error) {
      const placed = form.fail(error.fields);
      answer.show(placed ? null : problemNotice(error, { draft }));
    }
    return undefined;
  };
  fill(
    main,
    h('h1', null, t.connect.title),
    h('p', { class: 'lead' }, t.connect.lead),
    h('section', { class: 'card' }, testable(form, t.connect.test, work)),
    answer.element,
  );
}

/** The line to put into the application's settings. */
function urlCard({ url, result }) {
  return h(
    'section',
    { class: 'card stack' },
    h('h2', null, t.connect.urlTitle),
    h('p', null, result.success ? t.connect.urlBody : t.connect.urlUntested),
    secretLine(`DATABASE_URL=${url}`, `DATABASE_URL=${maskUrl(url)}`),
    h('p', { class: 'hint' }, t.connect.urlHint),
  );
}
