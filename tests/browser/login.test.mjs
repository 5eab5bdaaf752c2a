#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Set-up, log-in, a session that runs out, log-out.
import assert from 'node:assert/strict';
import { PASSWORD } from './mock.mjs';
import { enter, stage } from './stage.mjs';

stage([
  [
    'a wrong password is said to be wrong, the right one opens the page',
    async ({ driver, page }) => {
      await driver.open();
      await driver.logIn('not the password');
      await page.getByText('That is not the password.').waitFor();
      await driver.logIn(PASSWORD);
      await driver.heading('Connect').waitFor();
      assert.ok(!(await driver.remains()).includes(PASSWORD));
    },
  ],

  [
    'too many tries name the time to wait',
    async ({ driver, page, state }) => {
      state.tries = 5;
      await driver.open();
      await driver.logIn('anything');
      await page.getByText('Too many attempts.').waitFor();
      await page.getByText('Try again in 30 seconds.').waitFor();
    },
  ],

  [
    'without a password yet the page names the command',
    async ({ driver, page, state }) => {
      state.password = '';
      await driver.open();
      await page.getByText('No password has been set yet.').waitFor();
      await page.getByText('sudo dbwizard admin setup-link').waitFor();
      assert.equal(await page.getByLabel('Password', { exact: true }).count(), 0);
    },
  ],

  [
    'a set-up link sets the first password, its token leaves the address at once',
    async ({ mock, driver, page, state }) => {
      Object.assign(state, { password: '', setupToken: 'tok-en_1' });
      await page.goto(`${mock.base}#setup=tok-en_1`);
      await driver.heading('Choose a password').waitFor();
      assert.equal(page.url(), mock.base);
      await page.getByLabel('New password', { exact: true }).fill('short');
      await page.getByLabel('The same again', { exact: true }).fill('short');
      await driver.button('Set the password').click();
      await page.getByText('Use at least 10 characters.').waitFor();
      await page.getByLabel('New password', { exact: true }).fill('a sentence of mine');
      await page.getByLabel('The same again', { exact: true }).fill('another sentence');
      await driver.button('Set the password').click();
      await page.getByText('The two are not the same.').waitFor();
      await page.getByLabel('The same again', { exact: true }).fill('a sentence of mine');
      await driver.button('Set the password').click();
      await driver.heading('Connect').waitFor();
      assert.equal(state.password, 'a sentence of mine');
      assert.equal(await page.evaluate(() => history.length < 4), true);
      assert.ok(!(await driver.remains()).includes('tok-en_1'));
    },
  ],

  [
    'a link that was used says how to make a new one',
    async ({ mock, driver, page }) => {
      await page.goto(`${mock.base}#setup=spent`);
      await page.getByLabel('New password', { exact: true }).fill('a sentence of mine');
      await page.getByLabel('The same again', { exact: true }).fill('a sentence of mine');
      await driver.button('Set the password').click();
      await page.getByText('This link cannot be used any more.').waitFor();
      await page.getByText('sudo dbwizard admin setup-link').waitFor();
    },
  ],

  [
    'a session that ran out asks in place and the same call goes on',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      state.expired = true;
      await driver.button('Test the connection').click();
      const dialog = page.getByRole('dialog', { name: 'Please log in again' });
      await dialog.waitFor();
      await driver.logIn('wrong one', dialog);
      await dialog.getByText('That is not the password.').waitFor();
      await driver.logIn(PASSWORD, dialog);
      await page.locator('.notice', { hasText: 'Readable.' }).waitFor();
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.equal(await page.getByLabel('Path of the file').inputValue(), '/srv/a.db');
    },
  ],

  [
    'several calls that find the session gone share one question',
    async ({ driver, page, state }) => {
      await enter(driver, 'access');
      state.expired = true;
      await page.evaluate(() => {
        location.hash = '#move';
      });
      await page.getByRole('dialog').waitFor();
      assert.equal(await page.getByRole('dialog').count(), 1);
      await driver.logIn(PASSWORD, page.getByRole('dialog'));
      await page.getByText('None yet.').waitFor();
    },
  ],

  [
    'leaving the question leads to the log-in page',
    async ({ driver, page, state }) => {
      await enter(driver, 'access');
      state.expired = true;
      await driver.visit('Move');
      await driver.button('Leave this page').click();
      await driver.heading('Your databases, in safe hands').waitFor();
      assert.equal(await page.getByRole('navigation').getByRole('link').count(), 0);
    },
  ],

  [
    'a log-in in another tab changes the CSRF token; this tab goes on',
    async ({ driver, page, state }) => {
      await enter(driver);
      for (const id of state.sessions.keys()) state.sessions.set(id, 'changed');
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      await driver.button('Test the connection').click();
      await page.locator('.notice', { hasText: 'Readable.' }).waitFor();
    },
  ],

  [
    'log-out ends the session and forgets what was typed',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.describe('PostgreSQL', { Host: 'db.example.net', Password: 'Canary-out' });
      await driver.button('Log out').click();
      await driver.heading('Your databases, in safe hands').waitFor();
      assert.equal(state.sessions.size, 0);
      await driver.logIn(PASSWORD);
      await driver.heading('Connect').waitFor();
      assert.equal(await page.getByLabel('Host').count(), 0);
    },
  ],

  [
    'an address that was asked for is shown after the log-in',
    async ({ driver }) => {
      await enter(driver, 'access');
      await driver.heading('Access').waitFor();
    },
  ],
]);
