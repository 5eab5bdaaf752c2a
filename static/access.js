// SPDX-License-Identifier: Apache-2.0
// Access: tokens for programs, and the password.
import { call, get, post, setCsrf } from './api.js';
import { ask } from './dialog.js';
import { announce, busy, button, fill, focusOn, h, notice } from './dom.js';
import { copyButton } from './copy.js';
import { failFields, field, secretField, slot } from './field.js';
import { dateTime } from './format.js';
import { icon } from './icons.js';
import { problemNotice } from './problem.js';
import { t } from './text.js';
import { account, SHORTEST, weakness } from './session.js';

const SCOPES = ['connect', 'migrate', 'jobs', 'admin'];
const LIVES = [7, 30, 90, 365, 0];
const DAY = 86400000;

export async function showAccess(main) {
  const list = tokenList();
  fill(
    main,
    h('h1', null, t.access.title),
    h('p', { class: 'lead' }, t.access.lead),
    h(
      'section',
      { class: 'card stack' },
      h('h2', null, t.access.tokens),
      h('p', { class: 'quiet' }, t.access.tokensBody),
      list.element,
      newToken(list),
    ),
    h('section', { class: 'card stack' }, h('h2', null, t.access.password), changePassword()),
  );
  list.load();
}

function tokenList() {
  const place = slot();
  async function load() {
    try {
      const tokens = (await get('/tokens')).tokens || [];
      place.show(
        tokens.length
          ? h(
              'ul',
              { class: 'tokens' },
              tokens.map((token) => tokenRow(token, load)),
            )
          : h('p', { class: 'empty' }, t.access.none),
      );
    } catch (error) {
      place.show(
        problemNotice(error, {
          title: t.access.listFailed,
          actions: [button(t.retry, load, 'primary')],
        }),
      );
    }
  }
  place.show(h('p', { class: 'loading' }, t.loading));
  return { element: place.element, load };
}

function tokenRow(token, reload) {
  const said = slot();
  const over = token.expires_at && new Date(token.expires_at) < new Date();
  const revoke = button(
    t.access.revoke,
    () =>
      busy(revoke, async () => {
        if (!(await ask(t.access.revokeTitle(token.name), t.access.revokeBody, t.access.revoke)))
          return;
        try {
          await call('DELETE', `/tokens/${encodeURIComponent(token.id)}`, { known: [404] });
          announce(t.access.revoked);
          await reload();
        } catch (error) {
          said.show(problemNotice(error));
        }
      }),
    '',
    { 'aria-label': `${t.access.revoke}: ${token.name}` },
  );
  return h(
    'li',
    null,
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        null,
        h('strong', null, token.name),
        ' ',
        (token.scopes || []).map((scope) => h('span', { class: 'tag' }, scope)),
        h(
          'p',
          { class: 'quiet' },
          [
            t.access.made(dateTime(token.created_at)),
            token.expires_at
              ? (over ? t.access.expired : t.access.expires)(dateTime(token.expires_at))
              : t.access.forever,
            token.last_used_at ? t.access.used(dateTime(token.last_used_at)) : t.access.unused,
          ].join(' · '),
        ),
      ),
      revoke,
    ),
    said.element,
  );
}

function scopeBoxes() {
  const boxes = SCOPES.map((scope) =>
    h('input', {
      type: 'checkbox',
      value: scope,
      checked: scope === 'migrate' || scope === 'connect' || scope === 'jobs',
    }),
  );
  const element = h(
    'fieldset',
    { class: 'choice' },
    h('legend', null, t.access.scopes),
    h(
      'div',
      { class: 'choices' },
      boxes.map((box) =>
        h(
          'label',
          { class: 'option' },
          box,
          h(
            'span',
            { class: 'option-text' },
            h('strong', null, box.value),
            h('span', { class: 'hint' }, t.access.scope[box.value]),
          ),
        ),
      ),
    ),
  );
  return {
    element,
    value: () => boxes.filter((box) => box.checked).map((box) => box.value),
    first: boxes[0],
  };
}

function newToken(list) {
  const name = field(
    t.access.name,
    h('input', {
      type: 'text',
      autocomplete: 'off',
      maxlength: 200,
      placeholder: t.access.namePlaceholder,
    }),
  );
  const life = field(
    t.access.life,
    h(
      'select',
      null,
      LIVES.map((days) =>
        h('option', { value: days }, days ? t.access.days(days) : t.access.forever),
      ),
    ),
  );
  life.input.value = '90';
  const scopes = scopeBoxes();
  const password = secretField(
    t.access.yourPassword,
    { autocomplete: 'current-password' },
    { hint: t.access.yourPasswordHint },
  );
  const answer = slot('stack');
  const submit = button(t.access.create, null, 'primary', { type: 'submit' });
  const work = async () => {
    const days = Number(life.input.value);
    const body = {
      name: name.input.value.trim(),
      scopes: scopes.value(),
      password: password.input.value,
    };
    if (days)
      body.expires_at = new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, 'Z');
    name.fail(body.name ? '' : t.access.nameNeeded);
    if (!body.name) return name.input.focus();
    try {
      const made = await post('/tokens', body);
      password.input.value = '';
      name.input.value = '';
      answer.show(shownOnce(made.token, answer));
      focusOn(answer.element.querySelector('.notice'));
      await list.load();
    } catch (error) {
      const wrong = error.status === 401 || (error.status === 403 && error.code === 'auth');
      password.fail(wrong ? t.session.wrong : '');
      const placed = wrong || failFields({ name, password, expires_at: life }, error.fields);
      answer.show(placed ? null : problemNotice(error));
    }
    return undefined;
  };
  return h(
    'div',
    { class: 'stack' },
    answer.element,
    h(
      'details',
      { class: 'more' },
      h('summary', null, icon('chevron'), h('span', null, t.access.createTitle)),
      h(
        'form',
        {
          class: 'stack more-body',
          autocomplete: 'off',
          onsubmit: (event) => {
            event.preventDefault();
            busy(submit, work);
          },
        },
        h('div', { class: 'grid' }, name.element, life.element),
        scopes.element,
        password.element,
        h('div', { class: 'actions' }, submit),
      ),
    ),
  );
}

/** The token, this once. It leaves the page by the reader's own hand. */
function shownOnce(token, place) {
  return notice(
    'ok',
    t.access.once,
    h('p', null, t.access.onceBody),
    h(
      'div',
      { class: 'line' },
      h('code', { tabindex: '0' }, token),
      copyButton(() => token, t.copy, 'primary'),
    ),
    h(
      'div',
      { class: 'actions' },
      button(t.access.onceDone, () => place.show()),
    ),
  );
}

function changePassword() {
  const current = secretField(t.access.current, {
    autocomplete: 'current-password',
    required: true,
  });
  const first = secretField(
    t.session.newPassword,
    { required: true },
    { hint: t.session.passwordHint(SHORTEST) },
  );
  const again = secretField(t.session.again, { required: true });
  const answer = slot();
  const submit = button(t.access.change, null, 'primary', { type: 'submit' });
  const work = async () => {
    const weak = weakness(first.input.value, again.input.value);
    first.fail(weak === t.session.notSame ? '' : weak);
    again.fail(weak === t.session.notSame ? weak : '');
    current.fail('');
    if (weak) return (weak === t.session.notSame ? again : first).input.focus();
    try {
      const { data } = await call('PUT', '/password', {
        body: { current: current.input.value, password: first.input.value },
      });
      if (data?.csrf) setCsrf(data.csrf);
      for (const one of [current, first, again]) one.input.value = '';
      answer.show(notice('ok', t.access.changed, h('p', null, t.access.changedBody)));
      focusOn(answer.element.firstChild);
    } catch (error) {
      current.fail(error.status === 401 || error.status === 403 ? t.session.wrong : '');
      const placed =
        error.status === 401 ||
        error.status === 403 ||
        failFields({ current, password: first }, error.fields);
      answer.show(placed ? null : problemNotice(error));
    }
    return undefined;
  };
  return h(
    'form',
    {
      class: 'stack',
      onsubmit: (event) => {
        event.preventDefault();
        busy(submit, work);
      },
    },
    account(),
    current.element,
    h('div', { class: 'grid' }, first.element, again.element),
    answer.element,
    h('div', { class: 'actions' }, submit),
  );
}
