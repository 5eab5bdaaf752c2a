// SPDX-License-Identifier: Apache-2.0
// Step 1: from and to.
import { announce, busy, button, fill, focusOn, h, notice } from '../dom.js';
import { choice, slot } from '../field.js';
import { icon } from '../icons.js';
import { problemNotice } from '../problem.js';
import { t } from '../text.js';
import { draftPlace, testDraft } from '../connect/draft.js';
import { databaseForm, testable } from '../connect/form.js';
import { tableCount, testNotice, testWords, warningNotices } from '../connect/result.js';
import { endChanged, plan, schemaMode } from './plan.js';

/** Draws step 1 into `place`; `onward` is called when both ends have answered. */
export function showEnds(place, backends, onward) {
  const target = slot();
  const said = slot();
  const drawTarget = () => target.show(plan.tested.to?.result.success ? modeChoice() : null);
  const from = endCard('from', backends, drawTarget);
  const to = endCard('to', backends, drawTarget);
  const check = button(
    t.move.checkAll,
    () =>
      busy(check, async () => {
        said.show();
        if (!(await from.test()) || !(await to.test())) return;
        if (plan.tested.from.url === plan.tested.to.url) said.show(notice('warn', t.move.same));
        else onward();
      }),
    'primary big',
  );
  fill(
    place,
    h('div', { class: 'ends' }, from.element, to.element),
    target.element,
    said.element,
    h(
      'div',
      { class: 'actions foot' },
      check,
      h('p', { class: 'quiet' }, icon('info'), t.move.nothingYet),
    ),
  );
  drawTarget();
}

/** A database that answered: where it is, what it said, and the way back to the form. */
function testedCard(outcome, draft, onchange) {
  const { engine, name, place } = draftPlace(draft);
  return h(
    'div',
    { class: 'tested' },
    h('p', { class: 'place-name' }, t.place(engine, name, place)),
    h(
      'p',
      { class: 'verdict-line ok' },
      icon('check'),
      outcome.result.absent ? t.move.willBeMade : testWords(outcome.result, draft),
    ),
    warningNotices(outcome.warnings),
    h('div', { class: 'actions' }, button(t.move.change, onchange, 'quiet')),
  );
}

/** One end: a form until it was tested, then a short card with a way back to the form. */
function endCard(side, backends, ontested) {
  const draft = plan[side];
  const body = slot();
  const answer = slot('stack');
  let form = null;
  const title = h('h2', null, t.move[side]);
  const element = h(
    'section',
    { class: 'card end-card' },
    title,
    h('p', { class: 'quiet' }, t.move[`${side}About`]),
    body.element,
    answer.element,
  );
  const drawForm = () => {
    form = databaseForm({
      draft,
      backends,
      onchange: () => {
        if (plan.tested[side]) endChanged(side);
        answer.show();
        ontested();
      },
    });
    body.show(testable(form, t.move.test, test, ''));
  };
  const drawDone = () => {
    body.show(
      testedCard(plan.tested[side], draft, () => {
        drawForm();
        element.querySelector('input')?.focus();
      }),
    );
    answer.show();
  };
  /* A new file is as good as an empty one; a server's database is made by who owns the server. */
  const canBeMade = (outcome) =>
    side === 'to' && draft.backend === 'sqlite' && outcome.result.code === 'no-database';
  const makeButton = (outcome) =>
    button(
      t.move.makeFile,
      () => {
        plan.tested.to = { ...outcome, result: { success: true, absent: true, is_empty: true } };
        drawDone();
        announce(t.move.willBeMade);
        ontested();
      },
      'primary',
    );
  async function test() {
    if (plan.tested[side]?.result.success) return true;
    if (!form) drawForm();
    if (!(await form.settled())) return false;
    if (!draft.backend) {
      answer.show(notice('warn', t.form.chooseKind));
      focusOn(answer.element.firstChild);
      return false;
    }
    answer.show(h('p', { class: 'loading' }, t.test.running));
    try {
      const outcome = await testDraft(draft);
      if (outcome.result.success) {
        plan.tested[side] = outcome;
        drawDone();
        announce(`${t.move[side]}: ${testWords(outcome.result, draft)}`);
        ontested();
        return true;
      }
      answer.show(testNotice(outcome, draft), canBeMade(outcome) ? makeButton(outcome) : null);
    } catch (error) {
      answer.show(form.fail(error.fields) ? null : problemNotice(error, { draft }));
      if (!answer.element.firstChild) return false;
    }
    focusOn(answer.element.querySelector('.notice'));
    return false;
  }
  if (plan.tested[side]?.result.success) drawDone();
  else drawForm();
  return { element, test };
}

/** Who makes the tables: dbwizard, or the application that has already done so. */
function modeChoice() {
  const count = tableCount(plan.tested.to.result);
  return h(
    'section',
    { class: 'card' },
    choice(
      t.move.modeTitle,
      'mode',
      [
        { value: 'create', label: t.move.create, hint: t.move.createHint },
        {
          value: 'existing',
          label: t.move.existing,
          hint: t.move.existingHint,
          note: count === null ? '' : t.move.found(count),
        },
      ],
      schemaMode(),
      (value) => {
        plan.mode = value;
        plan.preview = null;
        plan.decided = [];
        plan.key = '';
      },
    ),
  );
}
