// SPDX-License-Identifier: Apache-2.0
// One browser per test file, one mock server and one page per test; each test ends by looking for
// console errors, refused content and uncaught exceptions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Driver, openBrowser, skipReason } from './drive.mjs';
import { PASSWORD, startMock } from './mock.mjs';

export const SOURCE = 'sqlite:////opt/paperless/db.sqlite3';
export const CANARY = 'Canary-9f3b';
export const TARGET = `postgresql://paperless:${CANARY}@db.example.net:5432/paperless?sslmode=verify-full`;

/** Declares the tests of a file: [[name, async ({mock, page, driver, context, tab}) => …], …]. */
export function stage(tests, context = {}) {
  const skip = skipReason();
  let browser;
  before(async () => {
    if (!skip) browser = await openBrowser(context);
  });
  after(() => browser?.close());
  for (const [name, run] of tests) {
    test(name, { skip, timeout: 60000 }, async () => {
      const mock = await startMock();
      browser.trouble.length = 0;
      const page = await browser.context.newPage();
      try {
        const driver = new Driver(page, mock.base);
        await run({ mock, page, driver, state: mock.state, context: browser.context });
        assert.deepEqual(browser.trouble, []);
      } finally {
        await page.close();
        await mock.close();
      }
    });
  }
}

/** Logged in, on the page of a hash. */
export async function enter(driver, hash = '') {
  await driver.open(hash);
  await driver.logIn(PASSWORD);
  await driver.page.getByRole('navigation').getByRole('link', { name: 'Move' }).waitFor();
}

/** A move that has been started and stays at `limit` until the test lets it go on. */
export async function startedMove({ driver, state }, limit = 0.5) {
  Object.assign(state, { limit, seconds: 0.6 });
  await enter(driver);
  await driver.chooseEnds(SOURCE, TARGET);
  await driver.decideAndContinue();
  return driver.start();
}
