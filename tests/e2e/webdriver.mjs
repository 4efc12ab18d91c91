// WebKitGTK's MiniBrowser, told what to do by WebDriver: as much of Playwright's interface as the tests of every browser need.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** Milliseconds for what is waited for, unless the context says otherwise, and between two looks. */
const PATIENCE = 30_000;
const POLL = 30;
/** Milliseconds in which a window opens, several times over, and how often that is tried: MiniBrowser hangs at its start once in a hundred. */
const OPENING = 15_000;
const TRIES = 3;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const KEYS = {
  Backspace: '\ue003', Tab: '\ue004', Enter: '\ue007', Shift: '\ue008', Control: '\ue009', Alt: '\ue00a', Escape: '\ue00c', Space: ' ', PageUp: '\ue00e', PageDown: '\ue00f',
  End: '\ue010', Home: '\ue011', ArrowLeft: '\ue012', ArrowUp: '\ue013', ArrowRight: '\ue014', ArrowDown: '\ue015', Delete: '\ue017', F2: '\ue032',
};

/** Runs in each page before its own scripts. */
const COMPLAIN = `{
  const complain = (text) => {
    const request = new XMLHttpRequest();
    request.open('POST', location.href, false);
    request.send(text);
  };
  const { error } = console;
  console.error = (...words) => { complain('console: ' + words.join(' ')); error.apply(console, words); };
  addEventListener('error', ({ error, message }) => complain('exception: ' + message + ' ' + (error?.stack ?? '')));
  addEventListener('unhandledrejection', ({ reason }) => complain('exception: ' + reason + ' ' + (reason?.stack ?? '')));
}`;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What `look` finds, once that is neither undefined, null nor false. */
async function until(look, what, timeout) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
    await pause(POLL);
  }
}

/** A program that has said, on its standard output or on the port, that it is ready. */
async function start(program, args, env) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } });
  await new Promise((done, failed) => child.once('spawn', done).once('error', failed));
  return child;
}

const freePort = () => new Promise((done) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

/** Ends a program. */
async function stop(child) {
  if ((child.exitCode ?? child.signalCode) !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill();
  await ended;
}

/** Starts a screen that nobody sees; each context is a window with a driver and a profile of its own. */
export async function launch() {
  const screen = await start('Xvfb', ['-displayfd', '1', '-screen', '0', '4000x2400x24', '-nolisten', 'tcp']);
  const display = await new Promise((done, failed) => screen.stdout.once('data', (number) => done(`:${String(number).trim()}`)).once('end', () => failed(new Error('Xvfb has ended'))));
  const drivers = [];
  const newContext = async ({ viewport }) => {
    for (let tries = 1; ; tries++) {
      const port = await freePort();
      const driver = await start('WebKitWebDriver', [`--port=${port}`], { DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' });
      drivers.push(driver);
      const address = `http://127.0.0.1:${port}`;
      await until(() => fetch(`${address}/status`).then(({ ok }) => ok, () => false), 'WebKitWebDriver', PATIENCE);
      try {
        return await Context.open(address, viewport, () => stop(driver));
      } catch (error) {
        await stop(driver);
        if (error.name !== 'TimeoutError' || tries === TRIES) throw error;
        console.log(`no window of WebKit in ${OPENING} ms: tried again`);
      }
    }
  };
  return {
    newContext,
    isConnected: () => screen.exitCode === null,
    // The windows go with their screen.
    close: () => Promise.all([...drivers, screen].map(stop)),
  };
}

/** A session: one window. Its commands go one after the other. */
class Context {
  /** `end` ends the driver. */
  static async open(address, viewport, end) {
    const context = new Context();
    context.last = Promise.resolve();
    context.patience = PATIENCE;
    context.end = end;
    context.address = `${address}/session`;
    const { sessionId } = await context.send('POST', '', { capabilities: { alwaysMatch: {} } }, AbortSignal.timeout(OPENING));
    context.address += `/${sessionId}`;
    await context.send('POST', '/timeouts', { script: 300_000, pageLoad: 60_000 });
    context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'webdriver-'));
    context.page = new Page(context, []);
    context.scripts = [COMPLAIN];
    await context.page.setViewportSize(viewport);
    return context;
  }

  setDefaultTimeout(milliseconds) {
    this.patience = milliseconds;
  }

  newPage() {
    return this.page;
  }

  /** WebDriver hears of nothing: the site's pages run `script` first, and it tells the site what there is to complain of. */
  on() {}

  script() {
    return this.scripts.join('\n');
  }

  addInitScript(script, argument) {
    this.scripts.push(`(${script})(${JSON.stringify(argument)});`);
  }

  async close() {
    fs.rmSync(this.folder, { recursive: true });
    await this.send('DELETE', '');
    await this.end();
  }

  /** A command in the frame that `frames` lead to, each known by its element in the one around it. */
  command(frames, method, path, body) {
    const run = async () => {
      if (this.frames !== frames) {
        this.frames = undefined;
        await this.send('POST', '/frame', { id: null });
        for (const id of frames) await this.send('POST', '/frame', { id });
        this.frames = frames;
      }
      return this.send(method, path, body);
    };
    this.last = this.last.then(run, run);
    return this.last;
  }

  async send(method, path, body, signal) {
    const response = await fetch(this.address + path, { method, signal, body: body && JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const { value } = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error });
    return value;
  }
}

/** Runs in the page: whether an element takes room and is not hidden. */
const visible = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';

/** Runs in the page: the elements that `steps` lead to, each from what the step before has found. */
function find(steps) {
  const says = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  const seen = (element) => element.getClientRects().length > 0;
  return steps.reduce((found, { css, nth, text, flags }) => {
    if (nth !== undefined) return found.slice(nth, nth + 1);
    if (flags !== undefined) return found.filter((element) => new RegExp(text, flags).test(says(element)));
    if (text !== undefined) return found.filter((element) => says(element).toLowerCase().includes(text.toLowerCase()));
    const [plain, only] = css.split(':visible');
    const inside = [...new Set(found.flatMap((root) => [...root.querySelectorAll(plain)]))];
    return only === undefined ? inside : inside.filter(seen);
  }, [document]);
}

/** The window, or a frame in it. */
class Page {
  constructor(session, frames) {
    Object.assign(this, { session, frames, at: '' });
    this.keyboard = { press: (keys) => this.press(keys) };
    const move = (x, y) => this.point([{ type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y), origin: 'viewport' }]);
    const [down, up] = ['pointerDown', 'pointerUp'].map((type) => () => this.point([{ type, button: 0 }]));
    this.mouse = { move, down, up, click: (x, y) => move(x, y).then(down).then(up) };
  }

  /** After each command the address is asked for too: tests take it without waiting. */
  async command(method, path, body) {
    const value = await this.session.command(this.frames, method, path, body);
    if (!this.frames.length) this.at = await this.session.command(this.frames, 'GET', '/url');
    return value;
  }

  url() {
    return this.at;
  }

  context() {
    return this.session;
  }

  async goto(url) {
    await this.command('POST', '/url', { url });
  }

  async reload() {
    await this.command('POST', '/refresh', {});
  }

  /** By script: WebDriver's own way back leaves away what the reader's hand did not bring about. */
  goBack() {
    return this.evaluate(() => history.back());
  }

  /** Runs a function, or an expression, in the page. What it takes and gives goes as JSON, an element as its reference. */
  async evaluate(what, argument = null) {
    const call = typeof what === 'function' ? `(${what})(argument)` : what.trim().replace(/;$/, '');
    const script = `const [argument, done] = arguments;
      (async () => ${call})().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.command('POST', '/execute/async', { script, args: [argument] });
    if (error) throw new Error(error);
    return value;
  }

  async waitForFunction(what, argument, { timeout = this.session.patience } = {}) {
    await until(() => this.evaluate(what, argument), what, timeout);
  }

  addInitScript(script, argument) {
    this.session.addInitScript(script, argument);
  }

  /** As the next page's scripts see it; style sheets go by the desktop's settings. */
  emulateMedia({ reducedMotion }) {
    this.addInitScript((is) => {
      const { matchMedia } = window;
      window.matchMedia = (query) => matchMedia.call(window, query.replace('(prefers-reduced-motion: reduce)', is ? 'all' : 'not all'));
    }, reducedMotion === 'reduce');
  }

  waitForTimeout(milliseconds) {
    return pause(milliseconds);
  }

  async setViewportSize({ width, height }) {
    await until(async () => {
      const [x, y] = await this.evaluate(() => [innerWidth, innerHeight]);
      if (x === width && y === height) return true;
      const window = await this.command('GET', '/window/rect');
      await this.command('POST', '/window/rect', { width: window.width + width - x, height: window.height + height - y });
      return false;
    }, `a window of ${width} x ${height}`, this.session.patience);
  }

  locator(selector) {
    return new Locator(async () => this, []).locator(selector);
  }

  getByRole(role, { name }) {
    return this.locator(role).filter({ hasText: new RegExp(`^${name}$`) });
  }

  frameLocator(selector) {
    const frame = async () => (await this.locator(selector).elementHandle()).contentFrame();
    return { locator: (inner) => new Locator(frame, []).locator(inner) };
  }

  async press(keys) {
    const values = keys.split(/(?<=.)\+/).map((name) => KEYS[name] ?? name);
    const actions = [...values.map((value) => ({ type: 'keyDown', value })), ...values.reverse().map((value) => ({ type: 'keyUp', value }))];
    await this.command('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  async point(actions) {
    await this.command('POST', '/actions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }] });
  }
}

/** The elements that `steps` lead to in what `frame` gives, looked for whenever something is asked of them. */
class Locator {
  constructor(frame, steps) {
    Object.assign(this, { frame, steps });
  }

  with(...steps) {
    return new Locator(this.frame, [...this.steps, ...steps]);
  }

  locator(selector) {
    return this.with(...selector.split('>>').map((part) => part.trim()).map((part) => (part.startsWith('nth=') ? { nth: Number(part.slice(4)) } : { css: part })));
  }

  nth(nth) {
    return this.with({ nth });
  }

  first() {
    return this.nth(0);
  }

  filter({ hasText }) {
    return this.with(hasText instanceof RegExp ? { text: hasText.source, flags: hasText.flags } : { text: hasText });
  }

  async all() {
    return Array.from({ length: await this.count() }, (_, nth) => this.nth(nth));
  }

  count() {
    return this.evaluateAll((all) => all.length);
  }

  /** Calls `what` with the elements and `argument`. */
  async evaluateAll(what, argument = null) {
    return (await this.frame()).evaluate(`(${what})((${find})(argument.steps), argument.argument)`, { steps: this.steps, argument });
  }

  /** Waits for the one element; calls `what` with it and `argument`. */
  async evaluate(what, argument = null) {
    const answer = await this.one(`(element, argument) => Promise.resolve((${what})(element, argument)).then((value) => ({ value }))`, argument);
    return answer.value;
  }

  /** Waits until there is an element, and `what` of it is something; more than one are an error. */
  async one(what, argument = null, timeout) {
    const page = await this.frame();
    const look = `(all, argument) => {
      if (all.length > 1) throw new Error(all.length + ' elements, where one is meant');
      return all.length ? (${what})(all[0], argument) : null;
    }`;
    return until(() => this.evaluateAll(look, argument), `${JSON.stringify(this.steps)} and ${what}`, timeout ?? page.session.patience);
  }

  async waitFor({ state = 'visible', timeout } = {}) {
    const [page, wanted] = [await this.frame(), state === 'attached' || state === 'visible'];
    const is = state === 'attached' || state === 'detached' ? (all) => all.length > 0 : `(all) => all.some(${visible})`;
    await until(async () => (await this.evaluateAll(is)) === wanted, `${JSON.stringify(this.steps)} to be ${state}`, timeout ?? page.session.patience);
  }

  getAttribute(name) {
    return this.evaluate((element, name) => element.getAttribute(name), name);
  }

  textContent() {
    return this.evaluate((element) => element.textContent);
  }

  inputValue() {
    return this.evaluate((element) => element.value);
  }

  allTextContents() {
    return this.evaluateAll((all) => all.map((element) => element.textContent));
  }

  isVisible() {
    return this.evaluateAll(`(all) => all.some(${visible})`);
  }

  async isHidden() {
    return !(await this.isVisible());
  }

  isChecked() {
    return this.evaluate((element) => element.checked);
  }

  isDisabled() {
    return this.evaluate((element) => element.matches(':disabled'));
  }

  boundingBox() {
    return this.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
  }

  focus() {
    return this.evaluate((element) => element.focus());
  }

  blur() {
    return this.evaluate((element) => element.blur());
  }

  scrollIntoViewIfNeeded() {
    return this.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  }

  /** The element, once it can be clicked. */
  ready(timeout) {
    return this.one(`(element) => (${visible})(element) && !element.matches(':disabled') && element`, null, timeout);
  }

  async click({ timeout } = {}) {
    const page = await this.frame();
    await until(async () => {
      const { [ELEMENT]: id } = await this.ready(timeout);
      return page.command('POST', `/element/${id}/click`, {}).then(() => true, (error) => {
        if (!/intercepted|not interactable|stale/.test(error.code)) throw error;
      });
    }, `a click on ${JSON.stringify(this.steps)}`, timeout ?? page.session.patience);
  }

  async hover({ position: { x, y } }) {
    const box = await this.boundingBox();
    await (await this.frame()).mouse.move(box.x + x, box.y + y);
  }

  async press(keys) {
    await this.focus();
    await (await this.frame()).press(keys);
  }

  /** As typed: the page hears of it when the field is left. */
  async fill(text) {
    await this.ready();
    await this.evaluate((field, text) => {
      field.focus();
      if (field.type === 'range') {
        field.value = text;
        for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
      } else {
        field.select();
        document.execCommand(text ? 'insertText' : 'delete', false, text);
      }
    }, text);
  }

  /** `force` is for what a label covers. */
  async check({ force = false } = {}) {
    if (await this.isChecked()) return;
    await (force ? this.evaluate((element) => element.click()) : this.click());
  }

  async uncheck() {
    if (await this.isChecked()) await this.click();
  }

  async selectOption(option) {
    await this.ready();
    await this.one((select, option) => {
      const found = [...select.options].find(({ value, text }) => (option.label === undefined ? value === option : text === option.label));
      if (!found) return false;
      found.selected = true;
      for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }));
      return true;
    }, option);
  }

  /** Files by their paths, or as { name, buffer }. */
  async setInputFiles(files) {
    const page = await this.frame();
    const paths = [files].flat().map((file) => {
      if (typeof file === 'string') return file;
      const place = path.join(page.session.folder, file.name);
      fs.writeFileSync(place, file.buffer);
      return place;
    });
    const { [ELEMENT]: id } = await this.one((element) => Object.assign(element, { value: '' }));
    await page.command('POST', `/element/${id}/value`, { text: paths.join('\n') });
  }

  async elementHandle() {
    const [page, element] = [await this.frame(), await this.one((element) => element)];
    return { contentFrame: () => new Page(page.session, [...page.frames, element]) };
  }
}
