#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// What holds on every page: labels, order of focus, narrow screens, contrast, languages, size,
// the content policy, and that every file is preloaded and listed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CSP, STATIC } from './mock.mjs';
import { enter, SOURCE, stage, startedMove, TARGET } from './stage.mjs';

const files = readdirSync(STATIC, { withFileTypes: true, recursive: true })
  .flatMap((entry) =>
    entry.isFile() ? [relative(STATIC, join(entry.path ?? entry.parentPath, entry.name))] : [],
  )
  .filter((name) => name !== 'sources.mk')
  .sort();
const read = (name) => readFileSync(join(STATIC, name), 'utf8');

/** Faults of a page that a machine can see. */
function faults() {
  const found = [];
  const shown = (element) => element.checkVisibility();
  for (const input of document.querySelectorAll('input, select, textarea')) {
    if (shown(input) && !input.labels?.length && !input.getAttribute('aria-label'))
      found.push(`no label: ${input.outerHTML}`);
  }
  for (const button of document.querySelectorAll('button, a[href], summary')) {
    if (shown(button) && !(button.getAttribute('aria-label') || button.textContent).trim())
      found.push(`no name: ${button.outerHTML}`);
    const size = button.getBoundingClientRect();
    if (shown(button) && button.matches('button') && size.height < 24)
      found.push(`too small: ${button.outerHTML}`);
  }
  for (const image of document.querySelectorAll('img'))
    if (!image.hasAttribute('alt')) found.push('no alt');
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: ${id}`);
  for (const element of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
    for (const id of `${element.getAttribute('aria-describedby') || ''} ${element.getAttribute('aria-labelledby') || ''}`
      .trim()
      .split(/\s+/)) {
      if (!document.getElementById(id)) found.push(`points nowhere: ${id}`);
    }
  }
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  if (document.querySelector('[style]')) found.push('a style attribute');
  for (const region of document.querySelectorAll('[role=region], nav, fieldset, progress')) {
    if (!region.getAttribute('aria-label') && !region.querySelector('legend'))
      found.push(`no name: ${region.outerHTML.slice(0, 80)}`);
  }
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
    found.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  return found;
}

/** Goes through every page and state, calling `look(name)` on each. */
async function tour({ driver, page, state }, look) {
  await driver.open();
  await page.getByLabel('Password', { exact: true }).waitFor();
  await look('log-in');
  await enter(driver);
  await driver.paste(TARGET);
  await driver.button('Test the connection').click();
  await page.locator('.notice').waitFor();
  await look('connect');
  state.testFails = { code: 'unreachable', message: 'x'.repeat(200), hint: '' };
  await driver.button('Test the connection').click();
  await page.getByText('Nothing answers there.').first().waitFor();
  await look('connect, failed');
  state.testFails = null;
  Object.assign(state, {
    limit: 0.5,
    seconds: 0.6,
    verdict: 'altered',
    tables: [...state.tables, ['t'.repeat(120), 7]],
  });
  await driver.visit('Move');
  await driver.paste(SOURCE, driver.end('From'));
  await look('move');
  await driver.paste(TARGET, driver.end('To'));
  await driver.button('Check everything').click();
  await driver.heading('One thing is to be decided').waitFor();
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  await look('check');
  await driver.decideAndContinue();
  await driver.heading('First stop the application').waitFor();
  await look('start');
  await driver.start();
  await driver.heading('The move is running').waitFor();
  await driver.button(/^Show all/).click();
  await look('running');
  await driver.button('Pause').click();
  await driver.heading('The move is paused').waitFor();
  await look('paused');
  await driver.button('Give up and clean').click();
  await look('dialog');
  await page.keyboard.press('Escape');
  state.limit = 1;
  await driver.button(/^Continue from/).click();
  await driver.proof();
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  await look('proof');
  await driver.visit('Move');
  await page.locator('.jobs li').first().waitFor();
  await look('list');
  await driver.visit('Access');
  await page.getByText('Make a token', { exact: true }).click();
  await look('access');
}

const looker = (page) => async (name) => assert.deepEqual(await page.evaluate(faults), [], name);

stage([
  [
    'every page: labels, names, references, one heading, nothing beyond the edge',
    async (at) => tour(at, looker(at.page)),
  ],

  [
    'the same at 360 pixels',
    async (at) => {
      await at.page.setViewportSize({ width: 360, height: 720 });
      await tour(at, looker(at.page));
    },
  ],

  [
    'the keyboard reaches everything in reading order, and it shows',
    async ({ driver, page }) => {
      await enter(driver);
      await driver.describe('PostgreSQL', {});
      await page.locator('#skip').focus();
      const seen = [];
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === document.body) return null;
          const all = [...document.querySelectorAll('*')];
          const ring = getComputedStyle(
            element.matches('[type=radio]') ? element.closest('.option') : element,
          );
          return {
            place: all.indexOf(element),
            text: (element.labels?.[0] || element).textContent.trim(),
            ring: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
          };
        });
        if (!at) break;
        seen.push(at);
      }
      assert.equal(seen[0].text, 'dbwizard');
      assert.deepEqual(
        seen.map((one) => one.place),
        seen.map((one) => one.place).sort((a, b) => a - b),
      );
      assert.deepEqual(
        seen.filter((one) => !one.ring),
        [],
      );
      const names = seen.map((one) => one.text).join('|');
      for (const name of [
        'Connect',
        'Move',
        'Access',
        'Log out',
        'Paste a database URL',
        'PostgreSQL',
        'Host',
        'Port',
        'Database',
        'User',
        'Password',
        'Encryption',
        'Extra options',
        'Test the connection',
      ]) {
        assert.ok(names.includes(name), `${name} in ${names}`);
      }
    },
  ],

  [
    'the skip link leads to the content without leaving the page',
    async ({ driver, page }) => {
      await enter(driver, 'access');
      await driver.heading('Access').waitFor();
      await page.locator('#skip').focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Access');
      assert.equal(new URL(page.url()).hash, '#access');
    },
  ],

  [
    'the progress is said to screen readers, but not all the time',
    async ({ driver, page, state }) => {
      await enter(driver);
      await page.evaluate(() => {
        window.said = [];
        new MutationObserver(() =>
          window.said.push(document.getElementById('live').textContent),
        ).observe(document.getElementById('live'), {
          childList: true,
          characterData: true,
          subtree: true,
        });
      });
      Object.assign(state, { seconds: 3 });
      await driver.move(SOURCE, TARGET);
      const said = await page.evaluate(() => window.said);
      const progress = said.filter((text) => /\d%/.test(text));
      assert.ok(progress.length >= 3 && progress.length <= 18, said.join('|'));
      assert.ok(said.includes('done'));
    },
  ],

  [
    'nothing moves for those who asked for that',
    async ({ driver, page, state }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      state.checking = 2000;
      await enter(driver);
      await driver.chooseEnds(SOURCE, TARGET);
      await page.locator('.pulse').waitFor();
      assert.equal(
        await page.locator('.pulse').evaluate((element) => getComputedStyle(element).animationName),
        'none',
      );
    },
  ],

  [
    'German and English have the same words to say',
    async ({ driver, page }) => {
      await driver.open();
      const shapes = await page.evaluate(async () => {
        const shape = (value, path) =>
          value && typeof value === 'object'
            ? Object.entries(value).flatMap(([name, inner]) => shape(inner, `${path}.${name}`))
            : [`${path}: ${typeof value}`];
        const load = async (name) => shape((await import(`/database-wizard/${name}`)).default, '');
        return [await load('text.en.js'), await load('text.de.js')];
      });
      assert.deepEqual(shapes[1], shapes[0]);
      assert.ok(shapes[0].length > 200);
    },
  ],

  [
    'the language can be switched, what was typed stays',
    async ({ driver, page }) => {
      await enter(driver);
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      await page.getByLabel('Language').selectOption('de');
      await driver.heading('Verbinden').waitFor();
      assert.equal(await page.getByLabel('Pfad der Datei').inputValue(), '/srv/a.db');
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
      await page.reload();
      await driver.heading('Verbinden').waitFor();
      await page.getByLabel('Sprache').selectOption('en');
      await driver.heading('Connect').waitFor();
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['dbwizard-language']);
    },
  ],

  [
    'the first page needs few requests and little time',
    async ({ driver, page }) => {
      await driver.open();
      await page.getByLabel('Password', { exact: true }).waitFor();
      const timing = await page.evaluate(() => ({
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
        foreign: performance
          .getEntriesByType('resource')
          .filter((one) => !one.name.startsWith(location.origin)).length,
      }));
      assert.equal(timing.foreign, 0);
      assert.ok(timing.paint < 1500, `first paint after ${timing.paint} ms`);
    },
  ],
]);

const luminance = (hex) =>
  [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);

/** WCAG 2.2, 1.4.3 and 1.4.11 */
function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

test('the palette keeps the contrast of WCAG AA, light and dark', () => {
  const [light, dark] = [...read('style.css').matchAll(/:root \{([^}]*)\}/g)].map(([, body]) =>
    Object.fromEntries(
      [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    ),
  );
  assert.deepEqual(Object.keys(dark), Object.keys(light));
  const tints = ['good-tint', 'warn-tint', 'bad-tint', 'note-tint', 'tint'];
  const grounds = ['ground', 'card', 'sunk', ...tints];
  const pairs = [
    ...['text', 'soft', 'accent'].flatMap((name) => grounds.map((ground) => [name, ground, 4.5])),
    ['on-accent', 'accent', 4.5],
    ['on-accent', 'accent-strong', 4.5],
    ['accent-strong', 'tint', 4.5],
    ['good', 'card', 4.5],
    ['good', 'good-tint', 4.5],
    ['warn', 'card', 4.5],
    ['warn', 'warn-tint', 4.5],
    ['bad', 'card', 4.5],
    ['bad', 'bad-tint', 4.5],
    ['note', 'note-tint', 4.5],
    ['edge', 'card', 3],
    ['edge', 'ground', 3],
  ];
  for (const [mode, palette] of Object.entries({ light, dark })) {
    for (const [front, back, least] of pairs) {
      const value = contrast(palette[front], palette[back]);
      assert.ok(
        value >= least,
        `${mode}: ${front} on ${back} is ${value.toFixed(2)}, less than ${least}`,
      );
    }
  }
});

test('nothing inline, nothing foreign, no markup from text', () => {
  const html = read('index.html');
  assert.equal(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style/i.test(html), false);
  assert.equal(/unsafe|data:|https?:/.test(CSP), false);
  for (const name of files.filter((one) => /\.(js|css|html)$/.test(one))) {
    assert.equal(
      /innerHTML\s*=|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|cssText|url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(
        read(name),
      ),
      false,
      name,
    );
  }
});

test('every module is preloaded but the second language, and every file is installed', () => {
  const preloaded = [...read('index.html').matchAll(/modulepreload" href="([^"]+)"/g)]
    .map(([, name]) => name)
    .sort();
  assert.deepEqual(
    preloaded,
    files.filter((name) => name.endsWith('.js') && name !== 'main.js' && name !== 'text.de.js'),
  );
  const listed = [...read('sources.mk').matchAll(/\tstatic\/(\S+)/g)].map(([, name]) => name);
  assert.deepEqual(listed, files);
});

test('the whole page is small: under 120 kB as served, both languages', () => {
  const served = files.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(STATIC, name))).length,
    0,
  );
  assert.ok(served < 120000, `${served} bytes`);
});
