#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Access: tokens and the password.
import assert from 'node:assert/strict';
import { PASSWORD } from './mock.mjs';
import { enter, stage } from './stage.mjs';

stage([
  [
    'a token is made, shown once, listed, revoked',
    async ({ driver, page, state }) => {
      await enter(driver, 'access');
      await page.getByText('No token yet.').waitFor();
      await page.getByText('Make a token', { exact: true }).click();
      await page.getByLabel('Name', { exact: true }).fill('script on nas');
      await page.getByRole('checkbox', { name: /^migrate/ }).uncheck();
      await page.getByLabel('Your password', { exact: true }).fill('wrong');
      await driver.button('Make the token').click();
      await page.getByText('That is not the password.').waitFor();
      await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
      await driver.button('Make the token').click();
      await page.getByText('It is shown this once.').waitFor();
      assert.match(await page.locator('.line code').innerText(), /^dbw_[\w-]{43}$/);
      assert.deepEqual(state.tokens[0].scopes, ['connect', 'jobs']);
      await page.locator('.tokens li', { hasText: 'script on nas' }).waitFor();
      await driver.button('I have it').click();
      assert.ok(!(await driver.remains()).includes('dbw_'));
      await driver.button('Revoke: script on nas').click();
      await driver.button('Revoke', page.getByRole('dialog')).click();
      await page.getByText('No token yet.').waitFor();
      assert.equal(state.tokens.length, 0);
    },
  ],

  [
    'a token wants a name',
    async ({ driver, page, state }) => {
      await enter(driver, 'access');
      await page.getByText('Make a token', { exact: true }).click();
      await driver.button('Make the token').click();
      await page.getByText('Give it a name').waitFor();
      assert.equal(
        state.log.some((one) => one.method === 'POST' && one.path === '/tokens'),
        false,
      );
    },
  ],

  [
    'the password is changed, and the page goes on with its new session',
    async ({ driver, page, state }) => {
      await enter(driver, 'access');
      const fill = async (current, first, again) => {
        await page.getByLabel('Present password', { exact: true }).fill(current);
        await page.getByLabel('New password', { exact: true }).fill(first);
        await page.getByLabel('The same again', { exact: true }).fill(again);
        await driver.button('Change the password').click();
      };
      await fill('wrong', 'a sentence of mine', 'a sentence of mine');
      await page.getByText('That is not the password.').waitFor();
      await fill(PASSWORD, 'a sentence of mine', 'another sentence');
      await page.getByText('The two are not the same.').waitFor();
      await fill(PASSWORD, 'a sentence of mine', 'a sentence of mine');
      await page.getByText('The password was changed.').waitFor();
      assert.equal(state.password, 'a sentence of mine');
      await driver.visit('Connect');
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      await driver.button('Test the connection').click();
      await page.locator('.notice', { hasText: 'Readable.' }).waitFor();
    },
  ],
]);
