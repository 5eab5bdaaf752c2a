#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Connect: taking a URL apart, testing, failures with advice, the line to copy.
import assert from 'node:assert/strict';
import { CANARY, enter, stage, TARGET } from './stage.mjs';

const test = (driver) => driver.button('Test the connection').click();

stage([
  [
    'a pasted URL is taken apart, its field emptied, its password never visible',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.paste(TARGET);
      assert.equal(await page.getByLabel('Paste a database URL', { exact: true }).inputValue(), '');
      assert.equal(await page.getByLabel('Host').inputValue(), 'db.example.net');
      assert.equal(await page.getByLabel('Port').inputValue(), '5432');
      assert.equal(await page.getByLabel('Database', { exact: true }).inputValue(), 'paperless');
      assert.equal(await page.getByLabel('Encryption').inputValue(), 'verify-full');
      assert.equal(
        await page.getByLabel('Password', { exact: true }).getAttribute('type'),
        'password',
      );
      assert.ok(!(await driver.remains()).includes(CANARY));
      await test(driver);
      await page.locator('.notice', { hasText: 'Connected.' }).waitFor();
      assert.match(
        await page.locator('.facts').innerText(),
        /PostgreSQL 15\.14[\s\S]*2\.6\sms[\s\S]*encrypted, TLSv1\.3, identity confirmed\n[\s\S]*empty/,
      );
      assert.ok(!(await driver.remains()).includes(CANARY));
      assert.equal(state.log.find((one) => one.path === '/test-connection').body.url, TARGET);
      assert.ok(state.log.every((one) => !one.path.includes(CANARY)));
    },
  ],

  [
    'the line to copy is masked on the screen and whole on the clipboard',
    async ({ driver, page, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await enter(driver);
      await driver.paste(TARGET);
      await test(driver);
      const line = page.locator('.line', { hasText: 'DATABASE_URL=' });
      assert.equal(
        await line.locator('code').innerText(),
        `DATABASE_URL=${TARGET.replace(CANARY, '••••••')}`,
      );
      await driver.button('Copy', line).click();
      await driver.button('Copied', line).waitFor();
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        `DATABASE_URL=${TARGET}`,
      );
      await driver.button('Show', line).click();
      assert.equal(await line.locator('code').innerText(), `DATABASE_URL=${TARGET}`);
      await driver.button('Hide', line).click();
      assert.ok(!(await driver.remains()).includes(CANARY));
    },
  ],

  [
    'a typed password shows itself only when asked',
    async ({ driver, page }) => {
      await enter(driver);
      await driver.describe('PostgreSQL', { Password: 'Canary-typed' });
      const field = page.getByLabel('Password', { exact: true });
      await driver.button('Show: Password').click();
      assert.equal(await field.getAttribute('type'), 'text');
      await driver.button('Hide: Password').click();
      assert.equal(await field.getAttribute('type'), 'password');
    },
  ],

  [
    'what is wrong with a field stands at the field',
    async ({ driver, page }) => {
      await enter(driver);
      await test(driver);
      await page.getByText('Choose the kind of database first').waitFor();
      await driver.describe('PostgreSQL', { Port: '99999', Host: 'db' });
      await test(driver);
      await page.getByText('a number from 1 to 65535').waitFor();
      assert.equal(await page.getByLabel('Port').getAttribute('aria-invalid'), 'true');
      assert.equal(await page.evaluate(() => document.activeElement.value), '99999');
      await page.getByLabel('Port').fill('');
      await test(driver);
      await page.locator('.notice', { hasText: 'Connected.' }).waitFor();
      assert.equal(await page.getByLabel('Port').getAttribute('aria-invalid'), null);
    },
  ],

  [
    'a URL that is none says so and keeps what was typed',
    async ({ driver, page }) => {
      await enter(driver);
      const field = page.getByLabel('Paste a database URL', { exact: true });
      await field.fill('nonsense');
      await field.blur();
      await page.getByText('not a database URL').waitFor();
      assert.equal(await field.inputValue(), 'nonsense');
    },
  ],

  [
    'each failure has its words, its advice and the exact error',
    async ({ driver, page, state }) => {
      await enter(driver);
      const cases = [
        [TARGET, 'unreachable', 'Nothing answers there.', 'pg_isready -h db.example.net -p 5432'],
        [
          TARGET,
          'no-database',
          'The server has no database of that name.',
          'CREATE DATABASE "paperless" OWNER "paperless";',
        ],
        [TARGET, 'auth', 'The user or the password is wrong.', 'pg_hba.conf'],
        [TARGET, 'tls', 'Encryption could not be agreed on.', 'certificate'],
        [
          'mysql://a`b:x@db.example.net/a%60b',
          'no-database',
          'The server has no database of that name.',
          'CREATE DATABASE `a``b`',
        ],
        [
          "sqlite:////srv/it's here.db",
          'denied',
          'A right is missing.',
          `sudo setfacl -m u:www-data:rw '/srv/it'\\''s here.db'`,
          `Let this user reach it: sudo setfacl -m u:www-data:rw '/srv/it'\\''s here.db'`,
        ],
      ];
      for (const [url, code, words, advice, hint = ''] of cases) {
        state.testFails = { code, message: `unable to connect: ${code} <b>exactly</b>`, hint };
        await driver.paste(url);
        await test(driver);
        const notice = page.locator('.notice', { hasText: words });
        await notice.getByText(advice).first().waitFor();
        assert.equal(await notice.locator('pre').isVisible(), false);
        await notice.getByText('Exact error').click();
        assert.match(
          await notice.locator('pre').innerText(),
          new RegExp(`unable to connect: ${code} <b>exactly</b>`),
        );
        await page.getByText('The test did not succeed').waitFor();
      }
    },
  ],

  [
    "the server's own hint goes before ours, warnings of build-url are shown",
    async ({ driver, page, state }) => {
      await enter(driver);
      state.testFails = { code: 'auth', message: 'refused', hint: 'ask for the role' };
      await driver.paste('postgresql://u:p@localhost/x?sslmode=disable');
      await test(driver);
      await page.getByText('Ask for the role').waitFor();
      await page.getByText('the connection will not be encrypted').waitFor();
    },
  ],

  [
    'Enter tests as well, and what is changed afterwards takes the old answer away',
    async ({ driver, page }) => {
      await enter(driver);
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      await page.getByLabel('Path of the file').press('Enter');
      await page.locator('.notice', { hasText: 'Readable.' }).waitFor();
      await page.getByLabel('Path of the file').fill('/srv/b.db');
      assert.equal(await page.locator('.notice').count(), 0);
    },
  ],

  [
    'a cut line is said, a harmless call goes on by itself',
    async ({ driver, page, state }) => {
      await enter(driver);
      state.down = true;
      await driver.visit('Access');
      await page.getByText('No answer from dbwizard.').waitFor();
      state.down = false;
      await page.getByText('No token yet.').waitFor();
      assert.equal(await page.getByText('No answer from dbwizard.').count(), 0);
    },
  ],

  [
    'a call that may do harm twice is not sent twice',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.describe('SQLite', { 'Path of the file': '/srv/a.db' });
      state.down = true;
      await test(driver);
      await page.getByText('dbwizard does not answer.').waitFor();
      state.down = false;
      await test(driver);
      await page.locator('.notice', { hasText: 'Readable.' }).waitFor();
    },
  ],
  [
    'a password among the options is hidden too, and the mode is not said twice',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.paste(
        'postgresql://u:p@db/x?sslmode=require&sslpassword=Canary-opt&connect_timeout=3',
      );
      assert.equal(await page.getByLabel('Encryption').inputValue(), 'require');
      await page.getByText('Extra options').click();
      const options = page.getByLabel('Options of the URL', { exact: true });
      assert.equal(await options.getAttribute('type'), 'password');
      assert.equal(await options.inputValue(), 'sslpassword=Canary-opt&connect_timeout=3');
      assert.ok(!(await driver.remains()).includes('Canary-opt'));
      await test(driver);
      await page.locator('.notice').first().waitFor();
      const sent = state.log.find((one) => one.path === '/build-url').body;
      assert.equal(sent.ssl_mode, 'require');
      assert.deepEqual(sent.extra_options, { sslpassword: 'Canary-opt', connect_timeout: '3' });
    },
  ],

  [
    'a web server without the wizard behind it is told apart from a database that is away',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.describe('PostgreSQL', { Host: 'db' });
      state.away = true;
      await test(driver);
      await page.getByText('dbwizard does not answer.').waitFor();
      assert.equal(await page.getByText('pg_isready').count(), 0);
      await driver.visit('Access');
      await page.getByText('No answer from dbwizard.').waitFor();
      state.away = false;
      await page.getByText('No token yet.').waitFor();
    },
  ],
]);
