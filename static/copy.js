// SPDX-License-Identifier: Apache-2.0
// Copying to the clipboard, and lines that hide their secret until asked.
import { announce, button, h, write } from './dom.js';
import { t } from './text.js';

/** Puts text on the clipboard; where the browser forbids it, by way of a selection. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h('textarea', { class: 'sr', 'aria-hidden': 'true', tabindex: '-1', value: text });
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    before?.focus();
    return done;
  }
}

/** A button that copies what `text()` answers and says so on itself. */
export function copyButton(text, label = t.copy, kind = '') {
  const element = button(
    label,
    async () => {
      const done = await copyText(text());
      const words = element.querySelector('span');
      write(words, done ? t.copied : t.copyFailed);
      announce(done ? t.copied : t.copyFailed);
      setTimeout(() => write(words, label), 2500);
    },
    kind,
    { icon: 'copy' },
  );
  return element;
}

/** A line to copy. */
export function copyable(text) {
  return h(
    'div',
    { class: 'line' },
    h('code', { tabindex: '0' }, text),
    copyButton(() => text),
  );
}

/** A line with a secret in it: masked until asked; copied in full. */
export function secretLine(full, masked) {
  const code = h('code', { tabindex: '0', class: 'secret' }, masked);
  let shown = false;
  const toggle = button(
    t.show,
    () => {
      shown = !shown;
      write(code, shown ? full : masked);
      write(toggle.querySelector('span'), shown ? t.hide : t.show);
    },
    '',
    { icon: 'eye' },
  );
  return h(
    'div',
    { class: 'line' },
    code,
    full === masked ? null : toggle,
    copyButton(() => full, t.copy, 'primary'),
  );
}
