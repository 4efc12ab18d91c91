// The gallery: the nine panels of Fig. 1, trained side by side, below a main run that they leave alone.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';
const IMAGES = 'data/fashion-mnist-10x10/train-images-idx3-ubyte.gz';
const PRESETS = ['sgd', 'momentum', 'adam'].flatMap((optimizer) => [4, 8, 20].map((layers) => `fig1-${optimizer}-${layers}`));

/** Opens the page on a machine that says it has this many cores. */
async function open(visitor, query = SMALL, cores = 2) {
  await visitor.page.addInitScript((cores) => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => cores }), cores);
  await visitor.open(query);
}

const reaches = (visitor, state) => visitor.page.locator(`#gallery-fig1[data-state=${state}]`).waitFor({ state: 'attached', timeout: 60_000 });
/** How the panels stand: [{ state, rho }]. */
const panels = (visitor) => visitor.page.locator('#gallery-fig1 a').evaluateAll((links) => links.map((link) => ({
  state: link.dataset.state, rho: Number(link.querySelector('[data-value]')?.dataset.value ?? NaN), says: link.querySelector('small').textContent,
})));
/** Waits until `count` panels train, or have trained already, and have been measured. */
const train = (visitor, count) => visitor.page.waitForFunction((count) => document.querySelectorAll('#gallery-fig1 a:is([data-state=training], [data-state=finished]):has([data-value])').length >= count, count);
/** From now on the workers that start train every run for this many epochs. */
const shorten = (visitor, epochs) => visitor.spoil('worker.js', (bytes) => `addEventListener('message', ({ data }) => { if (data.configure) data.configure.config.epochs = ${epochs}; });\n${bytes}`);
const said = (visitor) => visitor.page.locator('#gallery-fig1 .told').textContent();

pageTest('the panels are links to their presets, and cost nothing before they are in sight', async (visitor) => {
  await open(visitor);
  const links = visitor.page.locator('#gallery-fig1 a');
  assert.deepEqual(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href'))), PRESETS.map((id) => `?preset=${id}`));
  assert.equal(await visitor.page.locator('#gallery-fig1 canvas').count(), 0);
  await links.first().scrollIntoViewIfNeeded();
  await visitor.page.locator('#gallery-fig1 canvas').nth(8).waitFor();
  assert.equal(await visitor.threads(), 1, 'the main run has its worker, the gallery none');

  await links.nth(3).focus();
  await visitor.page.keyboard.press('Enter');
  await visitor.page.waitForFunction(() => document.querySelectorAll('#fuzziness tr[data-layer]').length === 4);
  assert.equal(visitor.query().get('preset'), 'fig1-momentum-4');
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'figure');
});

pageTest('two cores train two panels at a time; stopping keeps their curves, lets the workers go, and leaves the main run and the storage alone', async (visitor) => {
  await open(visitor);
  await visitor.train();
  const main = await visitor.digits();
  const stored = () => visitor.page.evaluate(() => new Promise((done) => {
    const opening = indexedDB.open('separation-playground');
    opening.onsuccess = () => {
      const asking = opening.result.transaction('runs').objectStore('runs').getAllKeys();
      asking.onsuccess = () => { opening.result.close(); done(asking.result); };
    };
  }));
  const before = await stored();
  assert.equal(before.length, 1);

  const button = visitor.page.locator('#gallery-fig1 button');
  await button.focus();
  await visitor.page.keyboard.press('Enter');
  await reaches(visitor, 'training');
  await train(visitor, 2);
  assert.equal(await visitor.threads(), 3);
  assert.equal((await panels(visitor)).filter(({ state }) => state === 'loading').length, 7, 'the others wait');
  await visitor.page.locator('#gallery-fig1 .left').filter({ hasText: /^\d+.(s|min) left, 0 of 9 trained$/ }).waitFor();

  await visitor.page.keyboard.press('Enter'); // the same button
  await reaches(visitor, 'paused');
  const stopped = (await panels(visitor)).filter(({ state }) => state === 'paused');
  assert.equal(stopped.length, 2);
  for (const { rho, says } of stopped) assert.ok(rho > 0 && /^Stopped at epoch \d+ of 600$/.test(says), `${rho}: ${says}`);
  assert.equal(await visitor.threads(), 1);
  assert.equal(await button.textContent(), 'Train all 9');
  assert.deepEqual(await visitor.digits(), main);
  assert.equal(await visitor.state(), 'finished');
  assert.deepEqual(await stored(), before);
});

pageTest('all nine come to their end, each with its line in the table, and one core takes them one by one', async (visitor) => {
  await open(visitor, SMALL, 1);
  shorten(visitor, 2);
  await visitor.page.locator('#gallery-fig1 button').click();
  await train(visitor, 1);
  assert.equal(await visitor.threads(), 2);
  await reaches(visitor, 'finished');
  assert.equal(await visitor.threads(), 1);
  assert.match(await said(visitor), /^9 of 9 trained in \d+.s: the law holds in 0\.$/);
  const all = await panels(visitor);
  assert.deepEqual(all.map(({ state }) => state), PRESETS.map(() => 'finished'));
  await visitor.page.locator('#gallery-fig1 summary').click();
  const rows = visitor.page.locator('#gallery-fig1 tbody tr');
  await rows.nth(8).waitFor();
  const numbers = await rows.evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent)));
  for (const [i, [run, r, rho, train, test, verdict]] of numbers.entries()) {
    assert.equal(run.toLowerCase().replace(/^(\w+), (\d+) layers$/, 'fig1-$1-$2'), PRESETS[i]);
    assert.equal(Number(rho), all[i].rho);
    assert.ok(Math.abs(r) <= 1 && train >= 0 && train <= 1 && test >= 0 && test <= 1, `${numbers[i]}`);
    assert.match(verdict, /: .+\. Test accuracy .+\u202f%\.$/, 'says what is missing after two epochs');
  }
  assert.match(await visitor.page.locator('#gallery-fig1 .note').textContent(), /batches of 100, seed 666, CPU/);
});

pageTest('a worker that fails says so at its panel, and the others go on', async (visitor) => {
  await open(visitor);
  let asked = 0;
  visitor.spoil('worker.js', (bytes) => (asked++ ? bytes : 'throw new Error("no room here");'));
  await visitor.page.locator('#gallery-fig1 button').click();
  await train(visitor, 2);
  const failed = (await panels(visitor)).filter(({ state }) => state === 'failed');
  assert.deepEqual(failed.map(({ says }) => /^Its training thread stopped: .*no room here\.$/.test(says)), [true], JSON.stringify(failed));
  visitor.complaints.splice(0, visitor.complaints.length, ...visitor.complaints.filter((text) => !text.includes('no room here')));
});

pageTest('a file that is damaged is named at every panel, and once it is whole they train', async (visitor) => {
  await open(visitor);
  visitor.spoil(IMAGES, (bytes) => bytes.subarray(0, bytes.length / 2));
  await visitor.page.locator('#gallery-fig1 button').click();
  await visitor.page.locator('#gallery-fig1 .told:not(:empty)').waitFor();
  assert.match(await said(visitor), /^0 of 9 trained/);
  for (const { state, says } of await panels(visitor)) assert.ok(state === 'failed' && /train-images.*damaged/.test(says), says);
  visitor.mend();
  await visitor.page.locator('#gallery-fig1 button').click();
  await train(visitor, 2);
  visitor.excuse(/Failed to read data from the ReadableStream/); // Firefox says so of a response that ends too early
});

pageTest('the gallery fits a phone of 320 px, and is not there in an embed or while presenting', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await open(visitor);
  await visitor.page.locator('#gallery-fig1 summary').click();
  await visitor.page.locator('#gallery-fig1 tbody tr').nth(8).waitFor();
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await visitor.page.keyboard.press('p');
  assert.ok(await visitor.page.locator('#galleries section >> nth=0').isHidden());
  await visitor.open(`${SMALL}&embed`);
  assert.ok(await visitor.page.locator('#galleries section >> nth=0').isHidden());
});
