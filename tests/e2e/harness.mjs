// A real browser, the built site below a sub-path, and tests that fail on anything the browser complains of.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER, launch } from './browsers.mjs';
import { late } from './late.mjs';
import { EXCEPTIONS } from './plan.mjs';

const SITE = fileURLToPath(new URL('../../dist/', import.meta.url));
/** As on a lecturer's web space: the site must work below any path. */
const BASE = '/~lecturer/2026/separation/';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.gz': 'application/gzip' };
/** A file of features, to be given to the page. */
export const FEATURES = fileURLToPath(new URL('../golden/features/plain.npz', import.meta.url));
/** Milliseconds for one answer of the page; a run has its own limit. */
const PATIENCE = 30_000;

const axe = process.env.PLAYWRIGHT_CORE ? path.join(process.env.PLAYWRIGHT_CORE, '../axe-core/axe.min.js') : createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser, server;
/** What this browser has to complain of in the test that runs, and what each page of the site runs first where only the site can see to that. */
let complaints = [], script = null;
/** Whether the browser has crashed before in this file: see stall. What has a reason crashes it again. */
let crashed = false;
/** How a driver says so, and what WebKit says of the code that it made of a module: no index into wasm-bindgen's own table is out of bounds. Seen once, and in no other browser. */
const CRASHES = /(page|target) crashed/i;
const MISCOMPILED = /Out of bounds table access/;
/** Files that the server spoils, or makes up: name -> (bytes) => bytes, or (bytes) => (response) => what it does instead of answering. */
const spoilt = new Map();

function answer(request, response) {
  const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const relative = name.startsWith(BASE) ? name.slice(BASE.length) || 'index.html' : null;
  if (script && request.method === 'POST') return request.on('data', (text) => complaints.push(String(text))).on('end', () => response.end());
  if (script && relative === 'script.js') return response.writeHead(200, { 'content-type': TYPES['.js'] }).end(script());
  const file = relative === null ? null : path.join(SITE, relative);
  const found = file?.startsWith(SITE) && fs.existsSync(file) && !fs.statSync(file).isDirectory();
  if (!found && !spoilt.has(relative)) return response.writeHead(404).end();
  const sent = found ? fs.readFileSync(file) : Buffer.alloc(0);
  const bytes = spoilt.get(relative)?.(sent) ?? sent;
  if (typeof bytes === 'function') return bytes(response);
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
  response.end(script && file.endsWith('.html') ? String(bytes).replace('>', `><script src="${BASE}script.js"></script>`) : bytes);
}

before(() => {
  server = http.createServer(answer).listen(0, '127.0.0.1');
  server.unref(); // where no test of a file runs now, nothing ends it
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Which tests of the file there are: those that run alone, the others, or where nothing is said all. run.mjs says it. */
const ALONE = process.env.ALONE;
/**
 * How long tests may last: where LENGTH is short, those that do once more what another does, at another size, in another language or after
 * another fault, or many times over, are left out; where it is thorough, what is done many times over takes half an hour.
 */
export const SHORT = process.env.LENGTH === 'short';
export const THOROUGH = process.env.LENGTH === 'thorough';
const FILE = path.basename(process.argv[1], '.test.mjs');

/**
 * A test of the page: `body` gets a fresh visitor, of the site here or of the one whose address `at` gives. Whatever the body asserts, the
 * browser must have had nothing to complain of: no console error, no exception, no policy violation, no request to elsewhere.
 * What times the page or counts its frames runs `alone`: no other test beside it. What does once more what another test does `repeats`.
 */
export function pageTest(name, body, { timeout = 120_000, skip = false, alone = false, repeats = false, at } = {}) {
  if (ALONE && ALONE !== String(alone)) return;
  if (SHORT && repeats) return;
  const [, exception = false] = Object.entries(EXCEPTIONS[BROWSER][FILE] ?? {}).find(([begins]) => name.startsWith(begins)) ?? [];
  test(name, { timeout, skip: skip || exception }, async () => {
    try {
      await visit(body, at);
    } catch (error) {
      if (!error.fault || crashed) throw error;
      crashed = true;
      console.log(`${BROWSER} ${error.fault}; once more: ${name}`);
      await visit(body, at);
    }
  });
}

/** One visit: the page as `body` sees it, and what the browser has to say. */
async function visit(body, at) {
  if (!browser?.isConnected()) browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  context.setDefaultTimeout(PATIENCE);
  complaints = [];
  script = context.script?.bind(context);
  const address = at ? at() : `http://127.0.0.1:${server.address().port}${BASE}`;
  const { origin } = new URL(address);
  context.on('request', (request) => {
    const fromDisk = request.url().startsWith('file:') && request.isNavigationRequest();
    if (!fromDisk && !/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) complaints.push(`request to ${request.url()}`);
  });
  // Firefox's console says nothing of what is missing.
  context.on('response', (response) => BROWSER === 'firefox' && response.status() >= 400 && complaints.push(`${response.status()}: ${response.url()}`));
  context.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  context.on('weberror', (error) => complaints.push(`exception: ${error.error().stack}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`));
  });
  if (process.env.LATE) await context.addInitScript(late, Number(process.env.LATE));
  await context.addInitScript(keepThreads);
  const page = await context.newPage();
  try {
    await body(new Visitor(page, address, complaints));
    assert.deepEqual(complaints, []);
  } catch (error) {
    if (CRASHES.test(error.message) || (BROWSER === 'webkit' && complaints.some((line) => MISCOMPILED.test(line)))) error.fault = 'has crashed';
    else if ([error, error.cause].some((one) => one?.name === 'TimeoutError')) error.fault = await stall(page);
    if (error.fault) error.message += `\n${BROWSER} ${error.fault}`;
    if (complaints.length) error.message += `\nthe browser says:\n${complaints.join('\n')}`;
    throw error;
  } finally {
    spoilt.clear();
    await context.close();
  }
}

/**
 * What has become of Chromium's page, if it has crashed without the driver's notice, answers nothing or draws nothing. Seen once in some
 * six hundred visits as long as the page moved its settings by moveBefore (www/boot.js).
 */
async function stall(page) {
  if (BROWSER !== 'chromium') return undefined;
  const fault = (asked, silent) => Promise.race([
    page.evaluate(asked).then(() => undefined, ({ message }) => (CRASHES.test(message) ? 'has crashed' : undefined)),
    sleep(10_000, silent),
  ]);
  return (await fault(() => {}, 'answers nothing any more'))
    ?? fault(() => new Promise((drawn) => { requestAnimationFrame(drawn); }), 'draws nothing any more');
}

/** Runs in each page first: `threads` are the workers that it has started and not ended. Drivers tell of workers each in its own way, or not at all. */
function keepThreads() {
  const { Worker } = globalThis;
  globalThis.threads = [];
  globalThis.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      threads.push(this);
    }
    terminate() {
      threads = threads.filter((thread) => thread !== this);
      super.terminate();
    }
  };
}

/** Where on a canvas the colours of these tokens are, exactly; runs in the page. */
function inked({ tokens, id }) {
  const canvas = document.getElementById(id);
  const { width, height } = canvas;
  const probe = document.body.appendChild(document.createElement('span'));
  const packed = (token) => {
    probe.style.color = `var(--${token})`;
    const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0; // as little-endian machines hold RGBA
  };
  const [paper, ...colors] = ['paper', ...tokens].map(packed);
  probe.remove();
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
  const found = new Map(colors.map((color) => [color, []]));
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] === paper) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    found.get(pixels[at])?.push(at);
  }
  const scale = width / canvas.clientWidth;
  const blank = { left, top, right: width - 1 - right, bottom: height - 1 - bottom };
  for (const side of Object.keys(blank)) blank[side] /= scale;
  return { width, height, scale, blank, at: Object.fromEntries(tokens.map((token, i) => [token, found.get(colors[i])])) };
}

/** Somebody in front of the page, who knows of it what design.md's DOM contract says. */
class Visitor {
  constructor(page, address, complaints) {
    this.page = page;
    this.address = address;
    this.complaints = complaints;
  }

  /** Opens the page with a query string, and waits until it has something to show or says why not. */
  async open(query = '') {
    await this.page.goto(this.address + query);
    await this.reaches(['ready', 'failed']);
    await this.stirs();
  }

  /** Moves the mouse: the page then makes the run that the visitor may start. */
  async stirs() {
    await this.page.mouse.move(2, 2);
    await this.page.mouse.move(3, 3); // a visitor that opens a second page had the mouse there already
  }

  /** From now on the server sends `file`, relative to the site, changed; one that does not exist is made. A change to a function does with the response what it likes. */
  spoil(file, change) {
    spoilt.set(file, change);
  }

  mend() {
    spoilt.clear();
  }

  /** How many workers the page has started and not ended. */
  threads() {
    return this.page.evaluate(() => threads.length);
  }

  state() {
    return this.page.locator('html').getAttribute('data-state');
  }

  /** Waits until the page is in one of `states`. */
  async reaches(states, timeout = PATIENCE) {
    const selector = [states].flat().map((state) => `html[data-state="${state}"]`).join(', ');
    try {
      await this.page.locator(selector).waitFor({ state: 'attached', timeout });
    } catch (error) {
      throw new Error(`the page is ${await this.state()}, not ${states}, after ${timeout} ms; it says: ${await this.alert()}`, { cause: error });
    }
  }

  click(id) {
    return this.page.locator(`#${id}`).click();
  }

  /** Trains to the end. */
  async train(timeout = 60_000) {
    await this.click('train');
    await this.reaches('finished', timeout);
  }

  /** Waits until a run that has ended is stored, too: what is stored of it no longer changes. A worker that is taken away before stores no more. */
  async stored() {
    const sizes = () => this.page.evaluate(() => new Promise((done) => {
      const opening = indexedDB.open('separation-playground');
      opening.onupgradeneeded = () => opening.transaction.abort(); // it is the worker's to make
      opening.onerror = () => done([]);
      opening.onsuccess = () => {
        const asking = opening.result.transaction('runs').objectStore('runs').getAll();
        asking.onsuccess = () => { opening.result.close(); done(asking.result.map(({ byteLength }) => byteLength)); };
      };
    }));
    const until = Date.now() + PATIENCE;
    for (let before = '', now = `${await sizes()}`; !now || now !== before; before = now, now = `${await sizes()}`) {
      assert.ok(Date.now() < until, `stored are ${now || 'none'} bytes, ${before || 'none'} before`);
      await this.page.waitForTimeout(1000);
    }
  }

  /** Fills the page, for tests that look at all of it: a run beside another, a file of features, every group of settings open. */
  async fill() {
    await this.train();
    await this.page.locator('#settings details').evaluateAll((all) => all.forEach((group) => { group.open = true; }));
    await this.page.locator('#layers').press('ArrowRight');
    await this.reaches('ready');
    await this.train();
    await this.page.locator('#ghosts [data-compare]').press('Enter');
    await this.page.locator('#features-files').setInputFiles(FEATURES);
    await this.page.locator('#features-layers tbody tr').first().waitFor();
  }

  /** What the browser says of a fault that the test made is no complaint. */
  excuse(pattern) {
    this.complaints.splice(0, this.complaints.length, ...this.complaints.filter((line) => !pattern.test(line)));
  }

  /** Goes on after something went wrong: chooses another preset and takes a step. */
  async goesOn() {
    await this.page.locator('select#preset').selectOption('fig1-adam-4');
    await this.reaches('ready');
    assert.equal(await this.alert(), '');
    await this.click('step');
    await this.reaches('paused');
    assert.equal(await this.number('epoch'), 1);
  }

  /** The full precision of `output#id`; NaN if it has none. */
  async number(id) {
    const value = await this.page.locator(`output#${id}`).getAttribute('data-value');
    return value === null ? NaN : Number(value);
  }

  verdict() {
    return this.page.locator('output#verdict').getAttribute('data-value');
  }

  alert() {
    return this.page.locator('[role=alert]').first().textContent({ timeout: PATIENCE }).then((text) => text.trim());
  }

  /** Waits until an alert matches `pattern`. */
  async alerted(pattern) {
    await this.page.locator('[role=alert]').filter({ hasText: pattern }).first().waitFor({ state: 'attached' });
    return this.alert();
  }

  /** D by layer: { train: [...], test: [...] }, in full precision. */
  async fuzziness() {
    const rows = await this.page.locator('table#fuzziness tr[data-layer]').evaluateAll((rows) => rows.map((row) => [row.dataset.layer, ...['train', 'test'].map((split) => row.querySelector(`td[data-split=${split}]`).dataset.value)]));
    assert.deepEqual(rows.map(([layer]) => layer), rows.map((_, layer) => String(layer)));
    const column = (at) => rows.map((row) => Number(row[at] ?? null));
    return { train: column(1), test: column(2) };
  }

  /** Everything the page says in numbers: two runs are the same if these are. */
  async digits() {
    const names = ['epoch', 'rho', 'pearson', 'half-life', 'loss', 'train-accuracy', 'test-accuracy'];
    const values = await this.page.evaluate((names) => names.map((name) => document.querySelector(`output#${name}`).dataset.value), names);
    const numbers = Object.fromEntries(names.map((name, at) => [name, Number(values[at] ?? NaN)]));
    return { ...numbers, ...(await this.fuzziness()) };
  }

  /** Waits until what has changed is drawn: a resize takes a frame to be seen, and one to be followed. */
  drawn() {
    return this.page.evaluate(() => new Promise((done) => {
      const wait = (frames) => (frames ? requestAnimationFrame(() => wait(frames - 1)) : done());
      wait(3);
    }));
  }

  /**
   * Where the ink of the canvas `id` is: `at[token]` lists the indices of the pixels that have exactly a token's colour, row by row in a
   * picture of `width` x `height`, of whose pixels `scale` are a CSS px; `blank` says how many CSS px along each edge show paper alone.
   */
  ink(tokens, id = 'curve') {
    return this.page.evaluate(inked, { tokens, id });
  }

  /** Opens somebody else's page that shows this one in an iframe, and has a field with the focus; returns the frame's visitor. */
  async embedded(query, width, height) {
    this.spoil('host.html', () => `<!doctype html><html lang="en"><title>A lecture</title><link rel="icon" href="data:,"><body style="margin: 0">
      <iframe title="The law" src="./${query}" width="${width}" height="${height}" style="border: 0"></iframe><input aria-label="Notes" autofocus>`);
    await this.page.goto(`${this.address}host.html`);
    const element = await this.page.locator('iframe').elementHandle();
    const visitor = new Visitor(await element.contentFrame(), this.address, this.complaints);
    await visitor.reaches(['ready', 'training', 'finished', 'failed']);
    return visitor;
  }

  /** What axe-core finds wrong on the page, or in the part of it that a selector finds: rule and elements. */
  async barriers(part) {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(fs.readFileSync(axe, 'utf8'));
    const { violations } = await this.page.evaluate((part) => globalThis.axe.run(part ?? document, { resultTypes: ['violations'] }), part);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
  }

  query() {
    return new URLSearchParams(new URL(this.page.url()).search);
  }

  historyLength() {
    return this.page.evaluate(() => history.length);
  }
}
