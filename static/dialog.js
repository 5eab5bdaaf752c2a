// SPDX-License-Identifier: Apache-2.0
// Questions that have to be answered before anything goes on.
import { button, h, uid } from './dom.js';
import { t } from './text.js';

/** Shows a modal dialog; resolves with what `close(value)` was given, or null when it was left. */
export function dialog(title, content) {
  return new Promise((resolve) => {
    const id = uid('dialog');
    let value = null;
    const close = (answer) => {
      value = answer;
      element.close();
    };
    const element = h('dialog', { 'aria-labelledby': id }, h('h2', { id }, title), content(close));
    element.addEventListener('close', () => {
      element.remove();
      resolve(value);
    });
    document.body.append(element);
    element.showModal();
  });
}

/** Asks yes or no; the harmless answer has the focus. */
export async function ask(title, body, yes, no = t.cancel, kind = 'danger') {
  return (
    (await dialog(title, (close) => [
      [body].flat().map((text) => h('p', null, text)),
      h(
        'div',
        { class: 'actions end' },
        button(no, () => close(false), '', { autofocus: true }),
        button(yes, () => close(true), kind),
      ),
    ])) === true
  );
}
