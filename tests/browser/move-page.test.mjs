#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Move, against the mock: from the first step to the proof, and everything that can come between.
import assert from 'node:assert/strict';
import { PASSWORD } from './mock.mjs';
import { CANARY, enter, SOURCE, stage, startedMove, TARGET } from './stage.mjs';

const FULL = {
  code: 'disk-full',
  message: "unable to write table 'track': No space left on device",
  hint: 'free about 1.4 GB there',
  object: 'track',
  sqlstate: '53100',
  statement: 'COPY "track"',
};
const share = (page) => page.locator('.share').innerText();
const halfway = (page) =>
  page.waitForFunction(() => document.querySelector('.share')?.textContent === '71%');

stage([
  [
    'the whole way: ends, check, decision, copy, proof, switch',
    async ({ driver, page, state }) => {
      state.verdict = 'altered';
      state.seconds = 0.5;
      await enter(driver);
      await driver.chooseEnds(SOURCE, TARGET);
      await driver.heading('One thing is to be decided').waitFor();
      assert.equal(await driver.button('Continue').isDisabled(), true);
      await driver.button('Leave empty').click();
      await driver.heading('As you decided').waitFor();
      await driver.button('Undo: Leave empty').click();
      await driver.heading('One thing is to be decided').waitFor();
      await driver.decideAndContinue();
      const job = await driver.start();
      assert.equal(await driver.proof(), 'Every row arrived. 3 values differ, as you decided.');
      await page.getByText('11 tables, 15,607 rows, each read back and compared.').waitFor();
      await page.getByText('See what differs (3)').click();
      assert.equal(
        await page
          .getByRole('region', { name: /See what differs/ })
          .locator('tbody tr')
          .count(),
        3,
      );
      assert.equal(
        await page.getByRole('region', { name: 'Tables' }).getByText('equal').count(),
        11,
      );
      assert.equal(
        await page.getByRole('link', { name: 'Download the report' }).getAttribute('href'),
        `/api/database/jobs/${job}/report.html`,
      );
      await driver.heading('Switch to the new database').waitFor();
      await page.getByText(`DATABASE_URL=${TARGET.replace(CANARY, '••••••')}`).waitFor();
      await page.getByText(`DATABASE_URL=${SOURCE}`).waitFor();
      const sent = state.log.find((one) => one.path === '/migrate');
      assert.deepEqual(sent.body, {
        source_url: SOURCE,
        target_url: TARGET,
        schema_mode: 'create',
        transforms: { 'zero-date': 'null' },
      });
      assert.match(sent.headers['idempotency-key'], /^[0-9a-f]{32}$/);
      assert.ok(!(await driver.remains()).includes(CANARY));
    },
  ],

  [
    'nothing lost is said when nothing was lost',
    async ({ driver, state }) => {
      state.seconds = 0.3;
      await enter(driver);
      assert.equal((await driver.move(SOURCE, TARGET)).verdict, 'Nothing was lost.');
    },
  ],

  [
    'the words claim no more than was done',
    async ({ driver, page, state }) => {
      state.seconds = 0.3;
      state.report = { options: { verify: 'counts' }, source_changed: true };
      await enter(driver);
      assert.equal((await driver.move(SOURCE, TARGET)).verdict, 'Every row arrived.');
      await page.getByText('The values were not compared.').waitFor();
      await page.getByText('Somebody wrote to the old database during the move.').waitFor();
    },
  ],

  [
    'an incomplete move says so',
    async ({ driver, state }) => {
      Object.assign(state, { seconds: 0.3, verdict: 'incomplete' });
      await enter(driver);
      assert.equal((await driver.move(SOURCE, TARGET)).verdict, 'Not everything arrived.');
    },
  ],

  [
    'a target with tables proposes to fill those',
    async ({ driver, page, state }) => {
      state.targetEmpty = false;
      await enter(driver, 'move');
      await driver.paste(TARGET, driver.end('To'));
      await driver.button('Test', driver.end('To')).click();
      await page.getByText('11 tables found').waitFor();
      assert.equal(await page.getByRole('radio', { name: /fill those/ }).isChecked(), true);
    },
  ],

  [
    'both ends the same is refused before anything is asked',
    async ({ driver, page, state }) => {
      await enter(driver);
      await driver.chooseEnds(SOURCE, SOURCE);
      await page.getByText('Both ends are the same database.').waitFor();
      assert.equal(
        state.log.some((one) => one.path === '/preview-migration'),
        false,
      );
    },
  ],

  [
    'a check that fails keeps the plan and can be tried again',
    async ({ driver, page, state }) => {
      state.previewFails = { code: 'timeout', message: 'no answer within 30 s' };
      await enter(driver);
      await driver.chooseEnds(SOURCE, TARGET);
      await page.getByText('The check could not be finished.').waitFor();
      state.previewFails = null;
      await driver.button('Try again').click();
      await driver.heading('One thing is to be decided').waitFor();
      await page.goBack();
      await driver.end('From').getByText('Readable').waitFor();
    },
  ],

  [
    'the check shows how far it is, and stops when the reader turns away',
    async ({ driver, page, state }) => {
      state.checking = 60000;
      await enter(driver);
      await driver.chooseEnds(SOURCE, TARGET);
      await page.getByText('of 15,607 rows').waitFor();
      await driver.button('Stop checking').click();
      await driver.end('From').getByText('Readable').waitFor();
      const [{ id }] = state.jobs.values();
      const cancelled = () => state.log.some((one) => one.path === `/jobs/${id}/cancel`);
      for (let left = 50; !cancelled() && left > 0; left -= 1) await page.waitForTimeout(50);
      assert.ok(cancelled());
    },
  ],

  [
    'a reload in the middle finds the move again',
    async ({ driver, page, state }) => {
      const job = await startedMove({ driver, state });
      await halfway(page);
      await page.reload();
      await halfway(page);
      await driver.heading('The move is running').waitFor();
      assert.equal(new URL(page.url()).hash, `#move/${job}`);
      state.limit = 1;
      assert.equal(await driver.proof(), 'Nothing was lost.');
      await page.getByText('The password is not kept in this page.').first().waitFor();
    },
  ],

  [
    'a second tab shows the same move',
    async ({ driver, page, state, context, mock }) => {
      const job = await startedMove({ driver, state });
      const second = await context.newPage();
      await second.goto(`${mock.base}#move/${job}`);
      await halfway(second);
      await driver.button('Pause').click();
      await driver.heading('The move is paused').waitFor();
      await second.getByRole('heading', { name: 'The move is paused' }).waitFor();
      await second.close();
      assert.equal(await share(page), '71%');
    },
  ],

  [
    'a session that runs out in the middle: asked in place, the move is followed on',
    async ({ driver, page, state }) => {
      await startedMove({ driver, state });
      state.expired = true;
      await page.getByRole('dialog', { name: 'Please log in again' }).waitFor();
      await driver.logIn(PASSWORD, page.getByRole('dialog'));
      state.limit = 1;
      assert.equal(await driver.proof(), 'Nothing was lost.');
    },
  ],

  [
    'a line that is cut in the middle comes back by itself',
    async ({ driver, page, state }) => {
      await startedMove({ driver, state });
      state.down = true;
      await page.getByText('No answer from dbwizard.').waitFor();
      await page.getByText('A move that runs goes on without this page.').waitFor();
      Object.assign(state, { down: false, limit: 1 });
      assert.equal(await driver.proof(), 'Nothing was lost.');
      assert.equal(await page.getByText('No answer from dbwizard.').count(), 0);
    },
  ],

  [
    'pause and continue',
    async ({ driver, page, state }) => {
      await startedMove({ driver, state });
      await driver.button('Pause').click();
      await driver.heading('The move is paused').waitFor();
      await page.locator('.notice').getByText('Your old database is untouched.').waitFor();
      state.limit = 1;
      await driver.button(/^Continue from \d+%$/).click();
      assert.equal(await driver.proof(), 'Nothing was lost.');
    },
  ],

  [
    'a failure says first that the old database is untouched',
    async ({ driver, page, state }) => {
      state.fail = { at: 0.4, error: FULL };
      await startedMove({ driver, state });
      await driver.heading('The move has stopped').waitFor();
      const text = await page.locator('main').innerText();
      assert.ok(
        text.indexOf('Your old database is untouched.') < text.indexOf('The disk is full.'),
      );
      assert.ok(text.includes('Free about 1.4 GB there'));
      assert.equal(text.includes('53100'), false);
      await page.getByText('Exact error').click();
      assert.match(
        await page.locator('pre').innerText(),
        /No space left on device\ncode: disk-full\nsqlstate: 53100\nobject: track/,
      );
      state.limit = 1;
      await driver.button(/^Continue from 57%$/).click();
      assert.equal(await driver.proof(), 'Nothing was lost.');
    },
  ],

  [
    'an interrupted move can be given up, after a question',
    async ({ driver, page, state }) => {
      state.fail = {
        at: 0.4,
        status: 'interrupted',
        error: { code: 'interrupted', message: 'the worker was killed' },
      };
      await startedMove({ driver, state });
      await driver.heading('The move was interrupted').waitFor();
      await driver.button('Give up and clean').click();
      const dialog = page.getByRole('dialog', { name: 'Give up this move?' });
      await driver.button('Cancel', dialog).click();
      await driver.heading('The move was interrupted').waitFor();
      await driver.button('Give up and clean').click();
      await driver.button('Give up and clean', dialog).click();
      await driver.heading('The move was stopped').waitFor();
      await page.getByText('The new database is as it was before.').waitFor();
    },
  ],

  [
    'stop asks first, and Escape is no',
    async ({ driver, page, state }) => {
      await startedMove({ driver, state });
      await driver.button('Stop').click();
      await page.getByRole('dialog', { name: 'Stop the move?' }).waitFor();
      await page.keyboard.press('Escape');
      await driver.heading('The move is running').waitFor();
      await driver.button('Stop').click();
      await driver.button('Stop the move').click();
      await driver.heading('The move was stopped').waitFor();
      await page.getByText('What was copied may still be in the new database.').waitFor();
      await driver.button('Give up and clean').click();
      await driver.button('Give up and clean', page.getByRole('dialog')).click();
      await page.getByText('The new database is as it was before.').waitFor();
    },
  ],

  [
    'a move that is not there',
    async ({ driver, page }) => {
      await enter(driver, 'move/0000');
      await page.getByText('There is no such move here.').waitFor();
    },
  ],

  [
    'nobody working is said with the command',
    async ({ driver, page, state }) => {
      state.workers = 0;
      const job = await startedMove({ driver, state }, 0);
      Object.assign(state.jobs.get(job), { status: 'queued', version: 99 });
      await driver.heading('Waiting for its turn').waitFor();
      await page.getByText('sudo systemctl start dbwizard-worker').waitFor();
    },
  ],

  [
    'earlier moves are listed with their state',
    async ({ driver, page, state }) => {
      await startedMove({ driver, state });
      await halfway(page);
      await driver.button('Pause').click();
      await driver.heading('The move is paused').waitFor();
      await driver.visit('Move');
      const row = page.locator('.jobs li');
      assert.match(
        await row.innerText(),
        /SQLite, \/opt\/paperless\/db\.sqlite3[\s\S]*PostgreSQL, paperless on db\.example\.net:5432[\s\S]*paused 71%/,
      );
      await row.getByRole('link').click();
      await driver.heading('The move is paused').waitFor();
    },
  ],

  [
    'asking says what is known already, and rests while nobody looks',
    async ({ page, driver, state }) => {
      const job = await startedMove({ driver, state });
      const asked = () => state.log.filter((one) => one.path === `/jobs/${job}`);
      await halfway(page);
      await page.waitForTimeout(700);
      assert.ok(asked().some((one) => one.headers['if-none-match']));
      await page.evaluate(() => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      await page.waitForTimeout(200);
      const before = asked().length;
      await page.waitForTimeout(1200);
      assert.equal(asked().length, before);
      await page.evaluate(() => {
        delete document.hidden;
        document.dispatchEvent(new Event('visibilitychange'));
      });
      state.limit = 1;
      assert.equal(await driver.proof(), 'Nothing was lost.');
    },
  ],

  [
    'an error without a cure: the table is left out',
    async ({ driver, page, state }) => {
      const message = 'rowid_like.ctid has a name that PostgreSQL keeps for itself';
      const finding = { severity: 'error', code: 'x', table: 'rowid_like', column: null, count: 0 };
      state.preview = { findings: [{ ...finding, keys: [], message, fix: null }] };
      await enter(driver);
      await driver.chooseEnds(SOURCE, TARGET);
      await driver.heading('One thing is to be decided').waitFor();
      await page.getByText(/rowid_like\.ctid has a name/).waitFor();
      state.preview = { findings: [] };
      await driver.button('Leave this table out').click();
      await driver.heading('Everything fits').waitFor();
      await driver.button('Undo: Leave this table out').waitFor();
      const asked = state.log.filter((one) => one.path === '/preview-migration').pop();
      assert.deepEqual(asked.body.exclude, ['rowid_like']);
    },
  ],

  [
    'a move that is not there is said once',
    async ({ driver, page }) => {
      await enter(driver);
      await page.evaluate(() => {
        window.location.hash = '#move/0123456789abcdef';
      });
      await page.getByText('There is no such move here.').waitFor();
      assert.equal(await page.getByText('It is not there.').count(), 0);
    },
  ],

  [
    'names and errors that look like markup stay text',
    async ({ driver, page, state }) => {
      const evil = '<img src=x onerror="window.hacked=1">';
      state.tables = [
        [evil, 3],
        ['"; drop table x; --', 2],
        ['a'.repeat(300), 1],
      ];
      state.preview = {
        findings: [
          {
            severity: 'warning',
            code: 'x',
            table: evil,
            column: evil,
            count: 2,
            keys: [evil],
            message: evil,
            fix: { option: 'types', value: evil, label: evil },
          },
        ],
      };
      state.fail = { at: 0.4, error: { code: evil, message: evil, hint: evil, object: evil } };
      await startedMove({ driver, state });
      await driver.heading('The move has stopped').waitFor();
      await page.getByText('Exact error').click();
      await page.getByText('What happened').click();
      assert.ok((await page.locator('pre').innerText()).includes(evil));
      state.limit = 1;
      state.report = {
        ledger: [
          {
            kind: 'value',
            table: evil,
            column: evil,
            key: evil,
            before: evil,
            after: evil,
            reason: evil,
            count: 1,
          },
        ],
        advice: [evil],
        verdict: 'altered',
      };
      await driver.button(/^Continue from/).click();
      await driver.proof();
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      assert.equal(await page.locator('main img').count(), 0);
    },
  ],
]);
