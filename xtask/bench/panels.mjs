// How long the nine panels of Fig. 1 take in the page's pool of workers, in one worker, and in PyTorch, one after the other.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withBrowser } from './browser.mjs';

/** Which share of the time that one worker takes in sequence the pool may take, on 2 cores. */
const TARGET = 0.6;
/** And of the time that PyTorch takes in sequence on one thread, without measuring. */
const TORCH = 0.8;
/** Milliseconds until the nine are given up. */
const PATIENCE = 1_200_000;

const { python } = parseArgs({ options: { python: { type: 'string' } }, strict: false }).values;

await withBrowser(async (browser, address) => {
  const seconds = {};
  for (const workers of ['pool', 'one']) {
    // Nothing moves beside the data, as the recording would.
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
    if (workers === 'one') await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 1 }));
    const page = await context.newPage();
    await page.goto(`${address}/dist/index.html`);
    await page.locator('html[data-state=ready]').waitFor({ state: 'attached' });
    // The page makes its own run at the first sign of a reader: that is not what is timed.
    await page.mouse.move(5, 5);
    await page.locator('html[data-engine=cpu]').waitFor({ state: 'attached' });
    const start = performance.now();
    await page.click('#gallery-fig1 button');
    await page.locator('#gallery-fig1[data-state=finished]').waitFor({ state: 'attached', timeout: PATIENCE });
    seconds[workers] = (performance.now() - start) / 1000;
    await context.close();
  }
  const { pool, one } = seconds;
  const torch = python && Number(execFileSync(python, [fileURLToPath(new URL('panels.py', import.meta.url))]));
  console.log('the nine panels of Fig. 1 in the page, with their records');
  const row = (what, value) => console.log(`${what.padEnd(66)}${value.padStart(7)}`);
  row('in one worker, one after the other', `${one.toFixed(1)} s`);
  row(`in the pool, ${Math.min(os.availableParallelism(), 4)} workers`, `${pool.toFixed(1)} s`);
  row(`the pool's share (at most ${TARGET} on 2 cores)`, (pool / one).toFixed(2));
  if (!torch) return console.log('PyTorch: not there (--python)');
  row('PyTorch, one thread, one after the other', `${torch.toFixed(1)} s`);
  row(`the pool's share of that (at most ${TORCH} on 2 cores)`, (pool / torch).toFixed(2));
});
