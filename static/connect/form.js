// SPDX-License-Identifier: Apache-2.0
// The form that describes one database: a URL to take apart, or its parts. Used by Connect and by
// both ends of Move.
import { announce, busy, button, fill, h, more, uid } from '../dom.js';
import { choice, failFields, field, secretField, slot } from '../field.js';
import { t } from '../text.js';
import { backendOf, takeApart } from './draft.js';

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * `draft` is changed in place as the reader types; `onchange` hears of every change.
 * Answers {element, fail(reasons), settled()}: fail answers whether each reason found its field,
 * settled waits for a URL that is being taken apart, and answers whether it could be.
 */
export function databaseForm({ draft, backends, onchange }) {
  const state = { draft, backends, onchange, fields: {}, details: slot('details'), said: slot() };
  const element = h('div', { class: 'stack' });
  state.redraw = () => {
    fill(element, pasteField(state), kinds(state), state.details.element);
    showDetails(state);
  };
  state.redraw();
  return {
    element,
    fail: (reasons) => failFields(state.fields, reasons),
    settled: () => state.settle(),
  };
}

/**
 * A URL is taken apart when it was pasted, or typed and left; then the field is emptied, as it may
 * hold a password.
 */
function pasteField(state) {
  let reading = null;
  const paste = secretField(
    t.form.paste,
    {
      placeholder: 'postgresql://…',
      inputmode: 'url',
      onchange: () => read(),
      onpaste: () => setTimeout(read, 0),
    },
    { hint: t.form.pasteHint, classes: 'paste' },
  );

  function read() {
    const url = paste.input.value.trim();
    reading = url
      ? takeApart(url, state.draft).catch((error) => error.fields?.url || error.message)
      : Promise.resolve('');
    const mine = reading;
    return mine.then((wrong) =>
      mine === reading && paste.input.isConnected ? show(url, wrong) : true,
    );
  }
  function show(url, wrong) {
    paste.fail(wrong);
    if (wrong || !url) return !wrong;
    state.onchange();
    state.redraw();
    state.said.show(h('p', { class: 'taken' }, t.form.takenApart));
    announce(t.form.takenApart);
    state.details.element.querySelector('input')?.focus();
    return true;
  }
  state.settle = () => (paste.input.value.trim() ? read() : Promise.resolve(true));
  return paste.element;
}

function kinds(state) {
  return choice(
    t.form.kind,
    'backend',
    state.backends.map((one) => ({
      value: one.id,
      label: one.label,
      hint: t.form.about[one.id] || one.description,
      note: one.available === false ? t.form.notBuilt : '',
      disabled: one.available === false,
    })),
    state.draft.backend,
    (id) => {
      state.draft.backend = id;
      state.draft.driver = '';
      state.onchange();
      state.said.show();
      showDetails(state);
    },
    'cards',
  );
}

function showDetails(state) {
  state.fields = {};
  const backend = backendOf(state.draft);
  if (!backend) return state.details.show();
  return state.details.show(
    state.said.element,
    backend.requires_host === false ? fileDetails(state) : serverDetails(state, backend),
  );
}

function textInput(state, name, label, props = {}, options = {}) {
  const input = h('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
    value: state.draft[name],
    oninput: () => {
      state.draft[name] = input.value.trim();
      state.fields[name].fail('');
      state.onchange();
    },
    ...props,
  });
  state.fields[name] = field(label, input, options);
  return state.fields[name].element;
}

/** The options as text; hidden where one of them is a password. */
function optionsField(state, placeholder) {
  const { draft } = state;
  const hint = { hint: t.form.optionsHint };
  if (!/pass|pwd|secret|token/i.test(draft.extra_options)) {
    return textInput(state, 'extra_options', t.form.options, { placeholder }, hint);
  }
  return secretInput(state, 'extra_options', t.form.options, hint);
}

function secretInput(state, name, label, options) {
  const made = secretField(
    label,
    {
      value: state.draft[name],
      oninput: () => {
        state.draft[name] = made.input.value;
        made.fail('');
        state.onchange();
      },
    },
    options,
  );
  state.fields[name] = made;
  return made.element;
}

function fileDetails(state) {
  return h(
    'div',
    { class: 'stack' },
    textInput(
      state,
      'sqlite_path',
      t.form.path,
      { placeholder: '/opt/paperless/db.sqlite3' },
      { hint: t.form.pathHint },
    ),
    more(t.form.more, optionsField(state, 'mode=ro')),
  );
}

function serverDetails(state, backend) {
  return h(
    'div',
    { class: 'stack' },
    h(
      'div',
      { class: 'grid host' },
      textInput(
        state,
        'host',
        t.form.host,
        { placeholder: 'db.example.net', inputmode: 'url' },
        { hint: t.form.hostHint },
      ),
      textInput(
        state,
        'port',
        t.form.port,
        { placeholder: String(backend.default_port || ''), inputmode: 'numeric', maxlength: 9 },
        { hint: t.form.portHint(backend.default_port) },
      ),
    ),
    textInput(
      state,
      'database',
      t.form.database,
      { placeholder: 'paperless' },
      { hint: t.form.databaseHint },
    ),
    h(
      'div',
      { class: 'grid' },
      textInput(
        state,
        'username',
        t.form.username,
        { placeholder: 'paperless' },
        { hint: t.form.usernameHint },
      ),
      secretInput(state, 'password', t.form.password, { hint: t.form.passwordHint }),
    ),
    encryption(state),
    more(t.form.more, optionsField(state, 'connect_timeout=10')),
  );
}

function encryption(state) {
  const { draft } = state;
  const about = h('p', { class: 'hint', id: uid('mode') });
  const authority = h(
    'div',
    null,
    textInput(
      state,
      'ssl_ca',
      t.form.authority,
      { placeholder: '/etc/ssl/certs/db-ca.pem' },
      { hint: t.form.authorityHint },
    ),
  );
  const select = h(
    'select',
    {
      onchange: () => {
        draft.ssl_mode = select.value;
        show();
        state.onchange();
      },
    },
    ['', ...MODES].map((mode) => h('option', { value: mode }, t.form.modes[mode].label)),
  );
  select.value = MODES.includes(draft.ssl_mode) ? draft.ssl_mode : '';
  state.fields.ssl_mode = field(t.form.encryption, select);
  select.setAttribute('aria-describedby', `${about.id} ${select.getAttribute('aria-describedby')}`);
  state.fields.ssl_mode.element.insertBefore(about, state.fields.ssl_mode.element.lastChild);
  function show() {
    about.textContent = t.form.modes[select.value].hint;
    authority.hidden = !select.value.startsWith('verify');
  }
  show();
  return h('div', { class: 'stack' }, state.fields.ssl_mode.element, authority);
}

/** A form that tests on Enter and by its button; `work` does the testing. */
export function testable(form, label, work, kind = 'primary') {
  const submit = button(label, null, kind, { type: 'submit' });
  return h(
    'form',
    {
      class: 'stack',
      autocomplete: 'off',
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        busy(submit, work);
      },
    },
    form.element,
    h('div', { class: 'actions' }, submit),
  );
}
