// SPDX-License-Identifier: Apache-2.0
// The frame: which page is shown, who may see it, which language it speaks.
import { setHooks } from './api.js';
import { announce, button, fill, focusOn, h, notice, write } from './dom.js';
import { problemNotice } from './problem.js';
import { askAgain, isOut, logOut, resume, showLogIn, showSetup } from './session.js';
import { chooseLanguage, language, LANGUAGES, loadLanguage, t } from './text.js';
import { forget as forgetConnect, showConnect } from './connect.js';
import { forget as forgetMove, showMove } from './move.js';
import { showAccess } from './access.js';

const PAGES = { connect: showConnect, move: showMove, access: showAccess };
const main = document.getElementById('main');
const line = document.getElementById('line');
let inside = false;
let leave = null;
let round = 0;
let redraw = () => {};

/** The set-up token of the address bar; it is taken out of there at once. */
function takeSetupToken() {
  const match = /^#setup=(.+)$/.exec(location.hash);
  if (!match) return '';
  history.replaceState(null, '', location.pathname + location.search);
  return decodeURIComponent(match[1]);
}

function where() {
  const [page, ...rest] = location.hash.replace(/^#/, '').split('/');
  let argument = rest.join('/');
  try {
    argument = decodeURIComponent(argument);
  } catch {
    argument = '';
  }
  return Object.hasOwn(PAGES, page) ? { page, argument } : { page: 'connect', argument: '' };
}

function frame(page) {
  const nav = document.getElementById('nav');
  fill(
    nav,
    inside
      ? Object.keys(PAGES).map((name) =>
          h('a', { href: `#${name}`, 'aria-current': name === page ? 'page' : null }, t.nav[name]),
        )
      : null,
  );
  const select = h(
    'select',
    {
      'aria-label': t.language,
      class: 'language',
      onchange: async () => {
        await chooseLanguage(select.value);
        redraw();
        document.querySelector('.language').focus();
      },
    },
    Object.entries(LANGUAGES).map(([id, name]) => h('option', { value: id, lang: id }, name)),
  );
  select.value = language;
  fill(
    document.getElementById('tools'),
    select,
    inside ? button(t.session.logOut, goOut, 'quiet') : null,
  );
  write(document.getElementById('skip'), t.skip);
}

const title = (text) => {
  document.title = text ? `${text} · dbwizard` : 'dbwizard';
};

/** Draws the page of the address. A page that was left in the meantime draws nothing more. */
async function show() {
  const { page, argument } = where();
  round += 1;
  const mine = round;
  leave?.();
  leave = null;
  redraw = show;
  frame(page);
  title(t.nav[page]);
  window.scrollTo(0, 0);
  const body = h('div', { class: 'page' }, h('p', { class: 'loading' }, t.loading));
  fill(main, body);
  try {
    const stop = await PAGES[page](
      body,
      argument,
      (text) => mine === round && title(`${text} · ${t.nav[page]}`),
    );
    if (mine !== round) stop?.();
    else leave = stop || null;
  } catch (error) {
    if (mine !== round || isOut(error)) return;
    fill(
      body,
      h('h1', null, t.nav[page]),
      problemNotice(error, { actions: [button(t.retry, show, 'primary')] }),
    );
  }
  if (mine === round && !body.contains(document.activeElement)) focusOn(body.querySelector('h1'));
}

function showGate() {
  inside = false;
  round += 1;
  leave?.();
  leave = null;
  redraw = showGate;
  frame('');
  title(t.session.logIn);
  return showLogIn(main, goIn);
}

function goIn() {
  inside = true;
  announce(t.session.in);
  show();
}

async function goOut() {
  try {
    await logOut();
  } catch (error) {
    return main.prepend(problemNotice(error));
  }
  forgetConnect();
  forgetMove();
  return showGate();
}

/** The line was cut or is back. */
function setOnline(yes) {
  if (yes === !line.firstChild) return;
  fill(line, yes ? null : notice('warn', t.offline, h('p', null, t.offlineBody)));
}

async function begin() {
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    focusOn(main.querySelector('h1') || main);
  });
  const token = takeSetupToken();
  await loadLanguage();
  setHooks({
    online: setOnline,
    lost: async () => {
      if (!inside) return false;
      const back = await askAgain();
      if (!back && inside) {
        forgetConnect();
        forgetMove();
        showGate();
      }
      return back;
    },
  });
  window.addEventListener('hashchange', () => {
    const fresh = takeSetupToken();
    if (fresh) setUp(fresh);
    else if (inside) show();
  });
  if (token) return setUp(token);
  frame('');
  try {
    return (await resume()) ? goIn() : showGate();
  } catch (error) {
    return fill(
      main,
      problemNotice(error, { actions: [button(t.retry, () => location.reload(), 'primary')] }),
    );
  }
}

function setUp(token) {
  inside = false;
  redraw = () => setUp(token);
  frame('');
  title(t.session.setupWelcome);
  showSetup(main, token, goIn);
}

begin();
