#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The real thing: through the real site, worker and databases, by way of the page alone. It starts
// all of that itself, with the example database and a PostgreSQL of its own, or takes what runs:
//   DBW_TEST_BASE_URL    http://127.0.0.1:PORT/database-wizard/
//   DBW_TEST_SETUP_URL   what `dbwizard admin setup-link` printed
//   DBW_TEST_SOURCE_URL  the database to move
//   DBW_TEST_TARGET_URL  an empty database
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { missing, startServers } from '../lib/servers.mjs';
import { exampleDatabase, missingPrograms, startWizard } from '../lib/wizard.mjs';
import { Driver, openBrowser, skipReason } from './drive.mjs';

const NAMES = [
  'DBW_TEST_BASE_URL',
  'DBW_TEST_SETUP_URL',
  'DBW_TEST_SOURCE_URL',
  'DBW_TEST_TARGET_URL',
];
const given = NAMES.every((name) => process.env[name]);
const skip = skipReason() || (given ? false : missingPrograms() || missing('postgresql'));
let [base, setup, source, target] = NAMES.map((name) => process.env[name]);
const password = `a sentence of ${Math.random().toString(36).slice(2)}`;
let secret = '';
let wizard;
let servers;
let browser;
let driver;
let job;

before(async () => {
  if (skip) return;
  if (!given) {
    servers = startServers({ postgresql: true });
    wizard = await startWizard();
    base = `${wizard.site}/database-wizard/`;
    setup = await wizard.setupLink();
    source = await exampleDatabase(wizard);
    target = servers.freshDatabase('browser');
  }
  secret = /:\/\/[^:/@]*:([^@]+)@/.exec(target)?.[1] || '';
  browser = await openBrowser();
  driver = new Driver(browser.page, base);
});
after(async () => {
  await browser?.close();
  await wizard?.stop();
  servers?.stop();
});

/** No database password and no log-in password anywhere in the page. */
async function clean() {
  const remains = await driver.remains();
  assert.ok(!remains.includes(password), 'the log-in password is in the page');
  if (secret)
    assert.ok(
      !remains.includes(decodeURIComponent(secret)) && !remains.includes(secret),
      'the database password is in the page',
    );
}

test('the set-up link sets the first password', { skip, timeout: 60000 }, async () => {
  await driver.setUp(setup, password);
  assert.equal(browser.page.url().includes('setup='), false);
});

test('log-out, a wrong password, the right one', { skip, timeout: 60000 }, async () => {
  await driver.button('Log out').click();
  await driver.logIn('not the password at all');
  await browser.page.getByText('That is not the password.').waitFor();
  await driver.logIn(password);
  await driver.heading('Connect').waitFor();
});

test('both ends answer on Connect', { skip, timeout: 60000 }, async () => {
  for (const url of [source, target]) {
    await driver.paste(url);
    await driver.button('Test the connection').click();
    await browser.page.locator('.notice.ok').waitFor();
    await browser.page.getByText('DATABASE_URL=').first().waitFor();
  }
  await clean();
});

test('the move, from the first step to the proof', { skip, timeout: 300000 }, async () => {
  const moved = await driver.move(source, target);
  job = moved.job;
  assert.match(moved.verdict, /^(Nothing was lost\.|Every row arrived\.)/);
  assert.equal(await browser.page.locator('.proof-table tr.differs').count(), 0);
  assert.ok((await browser.page.locator('.proof-table tbody tr').count()) > 0);
  await clean();
});

test(
  'a reload shows the same proof, and the report is a page of its own',
  { skip, timeout: 60000 },
  async () => {
    await browser.page.reload();
    assert.match(await driver.proof(), /^(Nothing was lost\.|Every row arrived\.)/);
    const link = await browser.page
      .getByRole('link', { name: 'Download the report' })
      .getAttribute('href');
    const report = await browser.context.request.get(new URL(link, base).href);
    assert.equal(report.status(), 200);
    assert.match(report.headers()['content-type'], /^text\/html/);
    assert.ok(!secret || !(await report.text()).includes(secret));
  },
);

test('the move stands in the list', { skip, timeout: 60000 }, async () => {
  await driver.visit('Move');
  await browser.page.locator(`.jobs a[href="#move/${encodeURIComponent(job)}"]`).waitFor();
});

test(
  'a second move into the filled database is refused in plain words',
  { skip, timeout: 120000 },
  async () => {
    await driver.chooseEnds(source, target);
    await browser.page.locator('.verdict-head, .notice').first().waitFor({ timeout: 60000 });
    await browser.page.locator('.working').waitFor({ state: 'detached', timeout: 60000 });
    const text = await browser.page.locator('main').innerText();
    assert.doesNotMatch(text, /^Everything fits$/m);
    await clean();
  },
);

test(
  'into a file that is not there yet: it is offered, made and filled',
  { skip: skip || (given ? 'needs a folder of its own' : false), timeout: 180000 },
  async () => {
    await browser.page.reload();
    const file = `${wizard.data}/new copy.sqlite`;
    await driver.chooseEnds(source, `sqlite:///${encodeURI(file)}`);
    await browser.page.getByText('There is no such file.').waitFor();
    assert.equal(existsSync(file), false);
    await driver.button('Make the file during the move').click();
    await browser.page.locator('.verdict-line', { hasText: 'will be made' }).waitFor();
    await driver.button('Check everything').click();
    await driver.decideAndContinue();
    await driver.button('Rehearse first').click();
    await browser.page.getByRole('heading', { name: /^The rehearsal is over: the move takes about/ }).waitFor();
    assert.equal(existsSync(file), false);
    await browser.page.getByRole('link', { name: 'To the move' }).click();
    await driver.start();
    assert.match(await driver.proof(), /^(Nothing was lost\.|Every row arrived\.)/);
    assert.equal(existsSync(file), true);
  },
);

test('no console errors, no refused content', { skip }, () => {
  assert.deepEqual(browser.trouble, []);
});
