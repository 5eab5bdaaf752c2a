// SPDX-License-Identifier: Apache-2.0
// Which language the page speaks: the reader's choice, else the browser's, else English.
import en from './text.en.js';

const KEY = 'dbwizard-language';
export const LANGUAGES = { en: 'English', de: 'Deutsch' };

/** The words of the language in use; the binding changes when the language does. */
export let t = en;
export let language = 'en';

function wanted() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // Storage may be switched off: the browser's language decides then.
  }
  if (chosen in LANGUAGES) return chosen;
  const offered = (navigator.languages || [navigator.language]).map((tag) => tag.slice(0, 2));
  return offered.find((tag) => tag in LANGUAGES) || 'en';
}

/** Loads the language to use; English is always there to fall back on. */
export async function loadLanguage() {
  language = wanted();
  try {
    t = language === 'de' ? (await import('./text.de.js')).default : en;
  } catch {
    t = en;
    language = 'en';
  }
  document.documentElement.lang = language;
}

/** Remembers a choice and loads it. */
export async function chooseLanguage(next) {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice holds until the page is loaded again.
  }
  language = next;
  t = next === 'de' ? (await import('./text.de.js')).default : en;
  document.documentElement.lang = next;
}

/** The locale for numbers and times: the reader's own, as far as it speaks the page's language. */
export function locale() {
  const tags = navigator.languages || [navigator.language];
  return tags.find((tag) => tag.slice(0, 2) === language) || language;
}
