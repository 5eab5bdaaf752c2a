// SPDX-License-Identifier: Apache-2.0
// Building the page. Text reaches the document through text nodes only: there is no way in here
// to hand over markup, so nothing a server or a database says can become an element.
import { t } from './text.js';
import { icon } from './icons.js';

const PROPERTIES = new Set([
  'value',
  'checked',
  'disabled',
  'hidden',
  'open',
  'max',
  'indeterminate',
]);
let serial = 0;

/** An id that no other element of the page has. */
export function uid(prefix = 'x') {
  serial += 1;
  return `${prefix}-${serial}`;
}

/**
 * Makes an element: h('p', {class: 'hint', onclick: f}, 'text', child, null, [more]).
 * Names that begin with "on" are listeners; null, undefined and false leave an attribute out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) set(element, name, value);
  return add(element, children);
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value;
  else if (name === 'style' || name === 'innerHTML') throw new Error(`${name} is not allowed`);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** Appends children: nodes, text, or nested lists of them; null and false are left out. */
export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Replaces everything inside an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

/** Writes text only where it changed, so that selections and screen readers are left in peace. */
export function write(element, text) {
  const next = String(text);
  if (element.textContent !== next) element.textContent = next;
}

/** Says something to screen readers without moving the focus. */
export function announce(text) {
  write(document.getElementById('live'), text);
}

/** Moves the focus to a heading or a notice that has just appeared. */
export function focusOn(element) {
  if (!element) return;
  if (!element.hasAttribute('tabindex')) element.setAttribute('tabindex', '-1');
  element.focus({ preventScroll: false });
}

/** A button; `kind` is '', 'primary', 'quiet' or 'danger'. */
export function button(label, onclick, kind = '', props = {}) {
  const { icon: name, ...rest } = props;
  return h(
    'button',
    { type: 'button', class: `button ${kind}`, onclick, ...rest },
    name ? icon(name) : null,
    h('span', null, label),
  );
}

/** Runs `work` while the button says that it is busy; a second press does nothing meanwhile. */
export async function busy(element, work) {
  if (element.getAttribute('aria-busy') === 'true') return undefined;
  element.setAttribute('aria-busy', 'true');
  element.setAttribute('aria-disabled', 'true');
  try {
    return await work();
  } finally {
    element.removeAttribute('aria-busy');
    element.removeAttribute('aria-disabled');
  }
}

/** A notice that stays; `kind` is 'ok', 'info', 'warn' or 'bad'. The kind is also said in words. */
export function notice(kind, title, ...children) {
  return h(
    'div',
    { class: `notice ${kind}` },
    icon({ ok: 'check', info: 'info', warn: 'warn', bad: 'stop' }[kind]),
    h(
      'div',
      { class: 'notice-body' },
      title
        ? h('p', { class: 'notice-title' }, h('span', { class: 'sr' }, `${t.kind[kind]}: `), title)
        : null,
      children,
    ),
  );
}

/** A disclosure. */
export function more(summary, ...children) {
  return h(
    'details',
    { class: 'more' },
    h('summary', null, icon('chevron'), h('span', null, summary)),
    h('div', { class: 'more-body' }, children),
  );
}

/** A list of facts: [[name, value], …]; rows with a null value are left out. */
export function facts(rows) {
  return h(
    'dl',
    { class: 'facts' },
    rows
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))),
  );
}

/** A wide table inside a region that scrolls by itself and can be reached by keyboard. */
export function table(label, head, rows, classes = '') {
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' },
    h(
      'table',
      { class: classes },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((cell) =>
            h('th', { scope: 'col', class: cell.number ? 'number' : null }, cell.text ?? cell),
          ),
        ),
      ),
      h('tbody', null, rows),
    ),
  );
}
