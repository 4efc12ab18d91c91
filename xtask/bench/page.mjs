// How soon the page is there in a browser that has never seen it, and how long its thread is busy at a time while a run trains.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, start, withBrowser } from './browser.mjs';

const ROUNDS = 7;
/** Milliseconds from the navigation until Train can be pressed: what a visitor waits without wondering. */
const TARGET = 1500;
/** Milliseconds that a task may keep the page's thread: beyond it a click feels late. */
const LONG_TASK = 50;
/** Milliseconds of training that are watched. */
const WATCHED = 10_000;

/** Written down by the page itself: when the browser's first picture came, when Train could be pressed, when a run stood; and long tasks. */
function watch() {
  globalThis.seen = { long: [] };
  const note = (name) => (seen[name] ??= performance.now());
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen[entry.name] ??= entry.startTime))).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.long.push(entry.duration))).observe({ type: 'longtask' });
  const look = () => {
    const { state, engine } = document.documentElement?.dataset ?? {};
    if (state === 'ready') note('interactive');
    if (state === 'ready' && engine) note('run');
    if (seen.run === undefined) requestAnimationFrame(look);
  };
  look();
}

await withBrowser(async (_, address) => {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    // A profile of its own each time: nothing is cached, compiled code least of all.
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'profile-'));
    const context = await start(profile);
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(`${address}/dist/index.html`);
    await page.waitForFunction(() => globalThis.seen.interactive !== undefined);
    await page.evaluate(() => (globalThis.seen.sign = performance.now()));
    await page.mouse.move(5, 5);
    await page.waitForFunction(() => globalThis.seen.run !== undefined);
    if (round === ROUNDS - 1) {
      const loading = await page.evaluate(() => seen.long.splice(0));
      await page.click('#train');
      await page.waitForTimeout(WATCHED);
      const training = await page.evaluate(() => seen.long);
      const longest = (tasks) => (tasks.length ? `${tasks.length}, the longest ${Math.max(...tasks).toFixed(0)} ms` : 'none');
      rounds.tasks = [['while it loads', longest(loading)], [`in ${WATCHED / 1000} s of training`, longest(training)]];
    }
    rounds.push(await page.evaluate(() => seen));
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
  const row = (what, value) => console.log(`${what.padEnd(66)}${value}`);
  const ms = (name, since) => `${median(rounds.map((round) => round[name] - (round[since] ?? 0))).toFixed(0).padStart(7)} ms`;
  console.log(`the page in a cold profile, median of ${ROUNDS}`);
  row('first picture', ms('first-contentful-paint'));
  row(`Train can be pressed, the recorded run plays (at most ${TARGET})`, ms('interactive'));
  row('from the first sign of a reader until a live run stands', ms('run', 'sign'));
  for (const [when, tasks] of rounds.tasks) row(`tasks over ${LONG_TASK} ms ${when}`, `   ${tasks}`);
});
