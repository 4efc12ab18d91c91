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

for (const [what, query] of [['moves the picture', '?epochs=5000'], ['shows what it has', '?epochs=5000&pace=fast']]) {
  pageTest(`while a run trains and ${what}, no task keeps the page's thread over 50 ms, and the page answers within that`, async (visitor) => {
    await visitor.page.addInitScript(() => {
      globalThis.tasks = [];
      globalThis.answers = [];
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration))).observe({ type: 'longtask' });
      // How late a message to itself arrives is how long the page's thread was busy.
      const { port1, port2 } = new MessageChannel();
      let sent = 0;
      port1.onmessage = () => {
        answers.push(performance.now() - sent);
        setTimeout(ask, 10);
      };
      const ask = () => {
        sent = performance.now();
        port2.postMessage(null);
      };
      ask();
    });
    await visitor.open(query);
    const found = await tried(TASK, async () => {
      await visitor.click('train');
      await visitor.reaches('training');
      await visitor.page.evaluate(() => void (tasks.length = answers.length = 0));
      await visitor.page.waitForTimeout(5000);
      assert.equal(await visitor.state(), 'training', 'this test needs a longer run');
      const { tasks, answers } = await visitor.page.evaluate(() => ({ tasks, answers }));
      await visitor.click('reset');
      await visitor.reaches('ready');
      answers.sort((a, b) => a - b);
      const late = answers.length > 50 ? answers[Math.floor(answers.length * 0.99)] : 5000 / answers.length; // one in a hundred takes longer
      return Math.max(late, ...tasks);
    });
    console.log(`the longest took ${found.map(Math.round)} ms`);
    assert.ok(Math.min(...found) <= TASK, `the longest took ${found.map(Math.round)} ms`);
  }, { alone: true });
}
