// SPDX-License-Identifier: Apache-2.0
// Who is there: set-up of the first password, log-in, asking again in place, log-out.
import { call, get, Problem, setCsrf } from './api.js';
import { dialog } from './dialog.js';
import { busy, button, fill, focusOn, h, notice } from './dom.js';
import { failFields, secretField, slot } from './field.js';
import { copyable } from './copy.js';
import { problemNotice } from './problem.js';
import { t } from './text.js';

export const SHORTEST = 10;
const LONGEST = 1024;
let asking = null;

function enter(data) {
  setCsrf(data.csrf);
}

/** Whether there is a session; takes over its CSRF token. */
export async function resume() {
  const answer = await call('GET', '/session', { plain: true, known: [401] });
  if (answer.status === 200) enter(answer.data);
  return answer.status === 200;
}

async function logIn(password) {
  enter((await call('POST', '/session', { plain: true, body: { password } })).data);
}

export async function logOut() {
  await call('DELETE', '/session', { plain: true, known: [401, 403] });
  setCsrf('');
}

/** Why a new password cannot be taken, or ''. */
export function weakness(password, again) {
  const length = [...password].length;
  if (length < SHORTEST) return t.session.tooShort(SHORTEST);
  if (length > LONGEST) return t.session.tooLong(LONGEST);
  return password === again ? '' : t.session.notSame;
}

function failure(error) {
  if (error.status === 401) return notice('warn', t.session.wrong);
  if (error.status === 429)
    return notice('warn', t.session.tooMany, h('p', null, t.retryAfter(error.retryAfter)));
  if (error.status === 409) return setupNeeded();
  if (error.status === 403) return problemNotice(error, { title: t.session.refused });
  return problemNotice(error);
}

/** The one account there is, for password managers. */
export const account = () =>
  h('input', {
    type: 'text',
    name: 'username',
    autocomplete: 'username',
    value: 'dbwizard',
    hidden: true,
    readonly: true,
  });

/** The form that asks for the password; `done` is called once it was right. */
function logInForm(done, extra = null) {
  const password = secretField(t.session.password, {
    autocomplete: 'current-password',
    name: 'password',
    required: true,
    maxlength: LONGEST,
  });
  const answer = slot('', { role: 'alert' });
  const submit = button(t.session.logIn, null, 'primary', { type: 'submit' });
  const onsubmit = (event) => {
    event.preventDefault();
    busy(submit, async () => {
      try {
        await logIn(password.input.value);
        password.input.value = '';
        done();
      } catch (error) {
        answer.show(failure(error));
        password.input.select();
      }
    });
  };
  return h(
    'form',
    { onsubmit, class: 'stack' },
    account(),
    password.element,
    answer.element,
    h('div', { class: 'actions' }, submit, extra),
  );
}

function setupNeeded() {
  return notice(
    'info',
    t.session.setupTitle,
    h('p', null, t.session.setupBody),
    copyable('sudo dbwizard admin setup-link'),
  );
}

/** The log-in page. */
export async function showLogIn(main, done) {
  const place = slot();
  const title = h('h1', null, t.session.welcome);
  fill(
    main,
    h(
      'div',
      { class: 'gate' },
      title,
      h('p', { class: 'lead' }, t.session.lead),
      h('div', { class: 'card' }, place.element),
    ),
  );
  place.show(logInForm(done));
  place.element.querySelector('input').focus();
  const health = await get('/health', { plain: true }).catch(() => null);
  if (health?.setup_needed && place.element.isConnected) {
    place.show(
      setupNeeded(),
      h(
        'div',
        { class: 'actions' },
        button(t.session.setupDone, () => showLogIn(main, done), ''),
      ),
    );
    focusOn(title);
  }
}

/** The page behind a set-up link: the first password is chosen here. */
export function showSetup(main, token, done) {
  const first = secretField(
    t.session.newPassword,
    { name: 'password', required: true, maxlength: LONGEST },
    { hint: t.session.passwordHint(SHORTEST) },
  );
  const again = secretField(t.session.again, { name: 'again', required: true, maxlength: LONGEST });
  const answer = slot('', { role: 'alert' });
  const submit = button(t.session.setPassword, null, 'primary', { type: 'submit' });
  const onsubmit = (event) => {
    event.preventDefault();
    const weak = weakness(first.input.value, again.input.value);
    first.fail(weak === t.session.notSame ? '' : weak);
    again.fail(weak === t.session.notSame ? weak : '');
    if (weak) return (weak === t.session.notSame ? again : first).input.focus();
    return busy(submit, async () => {
      try {
        enter(
          (
            await call('PUT', '/password', {
              plain: true,
              body: { setup_token: token, password: first.input.value },
            })
          ).data,
        );
        done();
      } catch (error) {
        answer.show(setupFailure(error, { password: first, again }));
      }
    });
  };
  fill(
    main,
    h(
      'div',
      { class: 'gate' },
      h('h1', null, t.session.setupWelcome),
      h('p', { class: 'lead' }, t.session.setupLead),
      h(
        'form',
        { class: 'card stack', onsubmit },
        account(),
        first.element,
        again.element,
        answer.element,
        h('div', { class: 'actions' }, submit),
      ),
    ),
  );
  first.input.focus();
}

function setupFailure(error, fields) {
  if (failFields(fields, error.fields)) return null;
  const spent = [400, 401, 403, 404, 409, 410, 422].includes(error.status);
  return spent
    ? [
        problemNotice(error, { title: t.session.linkSpent }),
        copyable('sudo dbwizard admin setup-link'),
      ]
    : problemNotice(error);
}

/**
 * Asks for the password over whatever is on the page. All calls that wait share one dialog.
 * Answers whether the reader is in again.
 */
export function askAgain() {
  asking =
    asking ||
    dialog(t.session.ranOut, (close) => [
      h('p', null, t.session.ranOutBody),
      logInForm(
        () => close(true),
        button(t.session.leave, () => close(false)),
      ),
    ])
      .then((value) => value === true)
      .finally(() => {
        asking = null;
      });
  return asking;
}

/** Whether an error means that the reader is out and chose to stay out. */
export function isOut(error) {
  return error instanceof Problem && error.status === 401;
}
