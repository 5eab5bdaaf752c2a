// SPDX-License-Identifier: Apache-2.0
// Form fields: each with its label, its explanation and a place for what is wrong with it.
import { button, fill, h, uid, write } from './dom.js';
import { t } from './text.js';

/**
 * A labelled field around an input. Answers {element, input, fail(reason)}: fail('') clears.
 */
export function field(label, input, { hint = '', extra = null, classes = '' } = {}) {
  input.id = input.id || uid('field');
  const hintId = hint ? `${input.id}-hint` : '';
  const wrongId = `${input.id}-wrong`;
  const wrong = h('p', { class: 'wrong', id: wrongId });
  input.setAttribute('aria-describedby', `${hintId} ${wrongId}`.trim());
  const element = h(
    'div',
    { class: `field ${classes}` },
    h('label', { for: input.id }, label),
    extra ? h('div', { class: 'joined' }, input, extra) : input,
    hint ? h('p', { class: 'hint', id: hintId }, hint) : null,
    wrong,
  );
  const fail = (reason) => {
    write(wrong, reason || '');
    if (reason) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  };
  return { element, input, fail };
}

/** A field whose content is hidden; a button beside it shows what the reader typed, when asked. */
export function secretField(label, props, options = {}) {
  const input = h('input', {
    type: 'password',
    autocomplete: 'new-password',
    spellcheck: 'false',
    autocapitalize: 'off',
    ...props,
  });
  const toggle = button(
    t.show,
    () => {
      const show = input.type === 'password';
      input.type = show ? 'text' : 'password';
      say(show ? t.hide : t.show);
    },
    'quiet',
    { icon: 'eye' },
  );
  const say = (word) => {
    write(toggle.querySelector('span'), word);
    toggle.setAttribute('aria-label', `${word}: ${label}`);
  };
  say(t.show);
  const made = field(label, input, { ...options, extra: toggle });
  const hide = () => {
    if (input.type === 'text') toggle.click();
  };
  return { ...made, hide };
}

/** A group of choices: options are [{value, label, hint, note, disabled}]. */
export function choice(legend, name, options, value, onchange, classes = '') {
  const group = uid(name);
  return h(
    'fieldset',
    { class: `choice ${classes}` },
    h('legend', null, legend),
    h(
      'div',
      { class: 'choices' },
      options.map((option) =>
        h(
          'label',
          { class: 'option' },
          h('input', {
            type: 'radio',
            name: group,
            value: option.value,
            checked: option.value === value,
            disabled: Boolean(option.disabled),
            onchange: () => onchange(option.value),
          }),
          h(
            'span',
            { class: 'option-text' },
            h('strong', null, option.label),
            option.hint ? h('span', { class: 'hint' }, option.hint) : null,
            option.note ? h('span', { class: 'note' }, option.note) : null,
          ),
        ),
      ),
    ),
  );
}

/** Shows a problem's field reasons at the fields; answers whether every reason found its place. */
export function failFields(fields, reasons) {
  let first = null;
  let all = true;
  for (const item of Object.values(fields)) item.fail('');
  for (const [name, reason] of Object.entries(reasons || {})) {
    const item = fields[name];
    if (!item || !item.element.isConnected || item.element.hidden) {
      all = false;
      continue;
    }
    item.fail(reason);
    first = first || item.input;
  }
  first?.closest('details')?.setAttribute('open', '');
  first?.focus();
  return all && first !== null;
}

/** A place on the page whose content is replaced. */
export function slot(classes = '', props = {}) {
  const element = h('div', { class: classes, ...props });
  return { element, show: (...children) => fill(element, ...children) };
}
