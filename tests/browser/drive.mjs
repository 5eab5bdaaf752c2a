// SPDX-License-Identifier: Apache-2.0
// Drives the page like a person: by labels and buttons, never by inner workings. The same helper
// works against the mock and against the real site, whatever their address.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const CHROMIUM = process.env.DBW_TEST_CHROMIUM || '/usr/bin/chromium';
const MODULES = process.env.DBW_TEST_NODE_MODULES || join(HERE, 'node_modules');
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function playwright() {
  try {
    return createRequire(join(MODULES, 'x.js'))('playwright-core');
  } catch {
    return null;
  }
}

/** Why browser tests cannot run here, or false. */
export function skipReason() {
  if (!existsSync(CHROMIUM)) return `no ${CHROMIUM}`;
  if (!playwright()) return `no playwright-core in ${MODULES} (npm ci in tests/browser)`;
  return false;
}

/**
 * A browser with a fresh profile. `context` goes to Playwright (viewport, colorScheme, locale …).
 * Answers {context, page, trouble, close}; `trouble` collects console errors, refused content and
 * uncaught exceptions, and is to be empty at the end.
 */
export async function openBrowser(context = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'dbwizard-browser-'));
  const opened = await playwright().chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: ARGS,
    headless: true,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...context,
  });
  const trouble = [];
  const listen = (page) => {
    page.setDefaultTimeout(15000);
    page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // The browser itself reports 4xx answers and cut lines as errors; the page's own words count.
      if (message.type() === 'error' && !text.startsWith('Failed to load resource'))
        trouble.push(text);
      if (/Content Security Policy|Refused to/.test(text)) trouble.push(`policy: ${text}`);
    });
  };
  opened.on('page', listen);
  const page = opened.pages()[0] || (await opened.newPage());
  listen(page);
  return {
    context: opened,
    page,
    trouble,
    close: async () => {
      await opened.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** What a person does on the page. */
export class Driver {
  constructor(page, base) {
    this.page = page;
    this.base = base;
  }

  button(name, scope = this.page) {
    return scope.getByRole('button', { name, exact: typeof name === 'string' });
  }

  heading(name) {
    return this.page.getByRole('heading', { name });
  }

  /** Opens the page at a hash: 'move', 'move/ID', … */
  async open(hash = '') {
    await this.page.goto(`${this.base}${hash ? `#${hash}` : ''}`);
  }

  /** Sets the first password by a set-up link. */
  async setUp(link, password) {
    await this.page.goto(link);
    await this.page.getByLabel('New password', { exact: true }).fill(password);
    await this.page.getByLabel('The same again', { exact: true }).fill(password);
    await this.button('Set the password').click();
    await this.page.getByRole('navigation').getByRole('link', { name: 'Move' }).waitFor();
  }

  async logIn(password, scope = this.page) {
    await scope.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Log in', scope).click();
  }

  async visit(name) {
    await this.page.getByRole('navigation').getByRole('link', { name }).click();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  /** One end of a move, or the whole page for Connect. */
  end(title) {
    return this.page
      .locator('section')
      .filter({ has: this.page.getByRole('heading', { name: title, exact: true }) });
  }

  /** Pastes a URL into a database form and waits until it was taken apart. */
  async paste(url, scope = this.page) {
    const field = scope.getByLabel('Paste a database URL', { exact: true });
    await field.fill(url);
    await field.blur();
    await scope.getByText('Taken apart: the fields below').first().waitFor();
  }

  /** Fills the fields of a database form; `kind` is a card's label. */
  async describe(kind, values, scope = this.page) {
    await scope.getByRole('radio', { name: kind }).check();
    for (const [label, value] of Object.entries(values))
      await scope.getByLabel(label, { exact: true }).fill(value);
  }

  /** Step 1: both ends by URL, and on to the check. */
  async chooseEnds(source, target) {
    await this.visit('Move');
    await this.paste(source, this.end('From'));
    await this.paste(target, this.end('To'));
    await this.button('Check everything').click();
  }

  /** Step 2: waits for the findings, takes the way out of each that stops the move, goes on. */
  async decideAndContinue(timeout = 120000) {
    const onward = this.button('Continue');
    for (let left = 50; left > 0; left -= 1) {
      await onward.waitFor({ timeout });
      if (await onward.isEnabled()) return onward.click();
      const checked = this.page.waitForResponse(/\/preview-migration$/, { timeout });
      await this.page.locator('.notice .button.primary').first().click();
      await checked;
      await this.page.locator('.working').waitFor({ state: 'detached', timeout });
    }
    throw new Error('the check asks for ever more decisions');
  }

  /** Step 3: starts; answers the id of the job. */
  async start() {
    await this.button('Start the move').click();
    await this.page.waitForURL(/#move\/[^/]+$/);
    await this.page.waitForFunction(() => !/#move\/(check|start)$/.test(location.hash));
    return decodeURIComponent(new URL(this.page.url()).hash.slice('#move/'.length));
  }

  /** Waits for the proof; answers the verdict's words. */
  async proof(timeout = 120000) {
    const verdict = this.page.locator('.proof h2');
    await verdict.waitFor({ timeout });
    return verdict.textContent();
  }

  /** The whole move by URLs; answers {job, verdict}. */
  async move(source, target) {
    await this.chooseEnds(source, target);
    await this.decideAndContinue();
    const job = await this.start();
    return { job, verdict: await this.proof() };
  }

  /** Everywhere a secret could have been left by the page: markup, storage, address. */
  async remains() {
    return this.page.evaluate(() =>
      JSON.stringify([
        document.documentElement.outerHTML,
        document.body.innerText,
        { ...localStorage },
        { ...sessionStorage },
        location.href,
        document.cookie,
        document.title,
        [...document.querySelectorAll('input:not([type=password])')].map((one) => one.value),
      ]),
    );
  }
}
