// The scene of emergence: a map of epochs and layers that moves the page's epoch, two scenes that a click starts, and what was measured here.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** Steps of the first two epochs are recorded: 2 an epoch. */
const SMALL = '?hidden=20x3&perClass=20&epochs=12&records=every-step&pace=fast';
const EPOCHS = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];

async function open(visitor, query = SMALL) {
  await visitor.open(query);
  await visitor.page.locator('#emergence').scrollIntoViewIfNeeded();
  await visitor.drawn();
}

/** The rows of a table in full precision. */
const rows = (visitor, table) => visitor.page.locator(`#${table} tbody tr`).evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent)));
async function openTables(visitor) {
  await visitor.page.locator('#epochs .twin summary').click();
  await visitor.page.locator('#depths tbody tr').first().waitFor();
}
const shows = (visitor, epoch) => visitor.page.locator(`output#epoch[data-value="${epoch}"]`).waitFor({ state: 'attached' });
/** The darkest and the lightest grey of a picture's column, `share` of the way through the map. */
const greys = (visitor, share) => visitor.page.locator('#emergence').evaluate((canvas, share) => {
  const scale = canvas.width / canvas.clientWidth;
  const right = canvas.width - 150 * scale;
  const x = Math.round(48 * scale + share * (right - 48 * scale));
  const { data } = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height);
  const reds = new Set();
  for (let at = 0; at < data.length; at += 4) reds.add(data[at]);
  return reds.size;
}, share);

pageTest('each record is a row of the table, each layer a column, and the map shows them', async (visitor) => {
  await open(visitor);
  await visitor.train();
  await openTables(visitor);
  const depths = await rows(visitor, 'depths');
  assert.deepEqual(depths.map(([epoch]) => Number(epoch)), EPOCHS);
  const { train } = await visitor.fuzziness();
  const [, r, rho, ...fuzziness] = depths.at(-1);
  assert.deepEqual(fuzziness.map(Number), train);
  assert.deepEqual([Number(r), Number(rho)], [await visitor.number('pearson'), await visitor.number('rho')]);
  assert.equal((await rows(visitor, 'measures')).length, EPOCHS.length);
  assert.deepEqual(await visitor.page.locator('#depths thead th').allTextContents(), ['Epoch', 'r', 'Rho', 'pixels', 'Layer 1', 'Layer 2', 'Layer 3']);
  assert.ok((await greys(visitor, 0.5)) >= 4, 'four layers, four colours');
  const { at } = await visitor.ink(['law', 'ink'], 'emergence');
  assert.ok(at.law.length > 500 && at.ink.length > 500);
});

pageTest('keys and the pointer on the map move the epoch of the whole page', async (visitor) => {
  await open(visitor);
  await visitor.train();
  const last = await visitor.digits();
  const head = visitor.page.locator('#epochs-head');
  for (const [key, epoch] of [['Home', 0], ['ArrowRight', 0.5], ['ArrowUp', 1], ['ArrowLeft', 0.5], ['End', 12], ['ArrowDown', 10]]) {
    await head.press(key);
    await shows(visitor, epoch);
    assert.equal(Number(await head.getAttribute('aria-valuenow')), epoch);
  }
  assert.match(await head.getAttribute('aria-valuetext'), /^Epoch 10: r (minus )?[\d.]+, rho [\d.]+$/);
  assert.equal(await visitor.page.locator('#epochs-now').textContent(), 'Epoch 10 of 12');

  const box = await head.boundingBox();
  await visitor.page.mouse.move(box.x + 50, box.y + 150);
  await visitor.page.mouse.down();
  await shows(visitor, 0);
  await visitor.page.mouse.move(box.x + box.width - 20, box.y + 150); // beyond the end
  await shows(visitor, 12);
  await visitor.page.mouse.up();
  await visitor.page.mouse.move(box.x + 50, box.y + 150);
  await visitor.drawn();
  assert.deepEqual(await visitor.digits(), last, 'a pointer that only passes moves nothing');
});

pageTest('the records play from here', async (visitor) => {
  await open(visitor);
  const play = visitor.page.locator('#epochs-play');
  await visitor.train();
  await visitor.page.locator('#emergence').scrollIntoViewIfNeeded();
  await play.click();
  await visitor.page.locator('#epochs-play-text').filter({ hasText: 'Hold' }).waitFor();
  await visitor.page.waitForFunction(() => Number(document.getElementById('epochs-head').ariaValueNow) > 0);
  await play.click();
  await visitor.page.locator('#epochs-play-text').filter({ hasText: 'Play back' }).waitFor();
});

for (const [layers, preset] of [[20, 'emergence'], [8, 'emergence-8']]) {
  pageTest(`a click starts ${layers} layers, which are a link too, and every step of two epochs is recorded`, async (visitor) => {
    await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
    await open(visitor);
    const link = visitor.page.locator(`#scenes a[data-preset=${preset}]`);
    assert.equal(await link.getAttribute('href'), `?preset=${preset}&autoplay`);
    await link.click();
    await visitor.page.waitForFunction(() => Number(document.querySelector('#epoch').dataset.value) >= 2, null, { timeout: 200_000 });
    assert.equal(visitor.query().get('preset'), preset);
    assert.ok(await visitor.page.locator('#emergence').evaluate((map) => map.getBoundingClientRect().top < innerHeight && scrollY > 0), 'the reader stays');
    await visitor.page.locator('#pause').evaluate((button) => button.click());
    await visitor.reaches('paused');
    await openTables(visitor);
    const depths = await rows(visitor, 'depths');
    const steps = depths.map(([epoch]) => Number(epoch)).filter((epoch) => epoch <= 2);
    assert.equal(steps.length, 17, `${steps}`);
    for (const [step, epoch] of steps.entries()) assert.ok(Math.abs(epoch - step / 8) < 0.01, `${steps}`);
    assert.equal(depths[0].length, 3 + layers);
    const said = await visitor.page.locator('#epochs-said').textContent();
    if (layers === 20) {
      assert.ok(Number(depths[0][1]) > 0.9 && Number(depths.at(-1)[1]) > 0.9, 'D grows with depth still');
      assert.match(said, /^Measured here: r is \+0\.9\d+ at epoch 0, and not at or below −0\.95 so far\./);
    } else {
      assert.ok(Number(depths[0][1]) > 0 && Number(depths[16][1]) < -0.9, `${depths[16]}`);
      assert.match(said, /^Measured here: r is \+0\.\d+ at epoch 0, .+ At epoch [\d.]+ it is −0\.9\d+, with ρ [\d.]+\./);
    }
    assert.match(said, /BatchNorm on batches of 100, seed 666, CPU/);
  }, { repeats: layers === 8, timeout: 300_000 });
}

pageTest('what was measured is said in the mode that is shown', async (visitor) => {
  await open(visitor);
  assert.equal(await visitor.page.locator('#epochs-said').textContent(), '', 'nothing was measured yet');
  await visitor.train();
  const said = visitor.page.locator('#epochs-said');
  const batches = await said.textContent();
  await visitor.page.locator('input[name=measure][value=running]').evaluate((input) => input.click());
  await said.filter({ hasText: 'BatchNorm running, seed 666' }).waitFor();
  assert.notEqual(await said.textContent(), batches);
});

pageTest('the map is drawn in forced colours, and fits a phone of 320 px', async (visitor) => {
  await visitor.page.emulateMedia({ forcedColors: 'active' });
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await open(visitor);
  await visitor.train();
  await visitor.page.locator('#emergence').scrollIntoViewIfNeeded();
  await openTables(visitor);
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  const { at } = await visitor.ink(['law'], 'emergence');
  assert.ok(at.law.length > 50);
});

pageTest('nothing is drawn that nobody sees', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const blank = () => visitor.page.locator('#emergence').evaluate((canvas) => canvas.width === 300 || !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value));
  assert.ok(await blank());
  await visitor.page.locator('#emergence').scrollIntoViewIfNeeded();
  await visitor.page.waitForFunction(() => document.getElementById('emergence').width !== 300);
  assert.ok(!(await blank()));
});
