// What the page may take of a reader's time; cargo xtask dist holds its size. The machine that measures may do other things too: each is tried
// up to three times, and the best counts.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** Milliseconds until Train can be pressed, in a profile that has never seen the page. */
const INTERACTIVE = 1500;
/** Milliseconds for which a task may keep the page's thread while a run trains: a reader notices longer ones. */
const TASK = 50;

const TRIES = 3;

/** What `measure` finds, up to three times, as long as it is over `limit`. */
async function tried(limit, measure) {
  const found = [];
  while (found.length < TRIES && !(Math.min(...found) <= limit)) found.push(await measure());
  return found;
}

pageTest('in a cold profile Train can be pressed within 1.5 s', async (visitor) => {
  const found = await tried(INTERACTIVE, async () => {
    const context = await visitor.page.context().browser().newContext({ viewport: { width: 1280, height: 720 } });
    try {
      const page = await context.newPage();
      await page.addInitScript(() => {
        const look = new MutationObserver(() => {
          if (document.documentElement.dataset.state !== 'ready' || document.getElementById('train').disabled) return;
          globalThis.interactive = performance.now();
          look.disconnect();
        });
        look.observe(document, { attributes: true, subtree: true });
      });
      await page.goto(visitor.address);
      await page.waitForFunction(() => globalThis.interactive);
      await page.locator('#train').click();
      await page.locator('html[data-state=training]').waitFor({ state: 'attached' });
      return await page.evaluate(() => interactive);
    } finally {
      await context.close();
    }
  });
  console.log(`Train can be pressed after ${found.map(Math.round)} ms`);
  assert.ok(Math.min(...found) <= INTERACTIVE, `after ${found.map(Math.round)} ms`);
}, { alone: true });

/** The longest task of the page's thread within so many milliseconds, in milliseconds of the processor: what other programs take is not the page's. */
async function longestTask(visitor, duration) {
  const session = await visitor.page.context().browser().newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel'] } });
  await visitor.page.waitForTimeout(duration);
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const pages = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = events.filter((event) => event.tdur && /RunTask$/.test(event.name) && pages.has(thread(event)));
  assert.ok(tasks.length > duration / 50, `${tasks.length} tasks of the page were seen`);
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}

for (const [what, query] of [['moves the picture', '?epochs=5000'], ['shows what it has', '?epochs=5000&pace=fast']]) {
  pageTest(`while a run trains and ${what}, no task keeps the page's thread over 50 ms`, async (visitor) => {
    await visitor.open(query);
    await visitor.click('train');
    await visitor.reaches('training');
    const found = await tried(TASK, () => longestTask(visitor, 5000));
    assert.equal(await visitor.state(), 'training', 'this test needs a longer run');
    console.log(`the longest took ${found.map(Math.round)} ms`);
    assert.ok(Math.min(...found) <= TASK, `the longest took ${found.map(Math.round)} ms`);
  }, { alone: true });
}
