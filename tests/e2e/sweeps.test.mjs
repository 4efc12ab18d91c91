// The sweeps and the grid: recorded results at once, live ones from the pool, and nothing lost by a stop.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';
const QUICK = `${SMALL}&sweepEpochs=1&sweepSeeds=2`;

async function open(visitor, query, section = '#sweeps') {
  await visitor.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 2 }));
  await visitor.open(query);
  await visitor.page.locator(section).scrollIntoViewIfNeeded();
}

const reaches = (visitor, section, state) => visitor.page.locator(`${section}[data-state=${state}]`).waitFor({ state: 'attached', timeout: 60_000 });
/** The sweep's table, once it has as many lines. */
async function rows(visitor, count) {
  await visitor.page.locator('#sweep-twin').evaluate((twin) => { twin.open = true; });
  await visitor.page.waitForFunction((count) => document.querySelectorAll('#sweep-table tbody tr').length === count, count);
  return visitor.page.locator('#sweep-table tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent)));
}
/** How many different colours a canvas shows: one before anything is drawn on its ground. */
const colours = (visitor, id) => visitor.page.evaluate((id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}, id);

pageTest('the default sweep shows the committed report, every value and seed of it', async (visitor) => {
  await open(visitor, SMALL);
  await visitor.page.locator('#sweep-made').filter({ hasText: /^Recorded on 20\d\d-\d\d-\d\d, .*600 epochs, seeds from 666, 3 each/ }).waitFor();
  const table = await rows(visitor, 24);
  assert.deepEqual([...new Set(table.map(([value]) => value))], ['2', '3', '4', '6', '8', '12', '16', '20']);
  for (const [value, seed, pearson, rho, test, train, state] of table) {
    assert.ok(pearson === '–' || (pearson >= -1 && pearson < -0.9), `${value} layers, seed ${seed}: r ${pearson}`);
    assert.ok(value === '2' || (rho > 0 && rho < 1), `${value} layers: rho ${rho}`);
    assert.ok(test > 0.7 && train === '1' && state === 'Recorded', `${test} ${train} ${state}`);
  }
  assert.ok(await colours(visitor, 'sweep-measures') > 10 && await colours(visitor, 'sweep-curves') > 10);
  assert.equal(await visitor.threads(), 1, 'nothing trains for it');
});

pageTest('a sweep trains every value with every seed, stands in the link, and stays while another one is looked at', async (visitor) => {
  await open(visitor, QUICK);
  await visitor.page.locator('label:has(#sweep-rate)').click();
  assert.equal(visitor.query().get('sweep'), 'rate');
  await visitor.click('sweep-train');
  await reaches(visitor, '#sweeps', 'finished');
  assert.match(await visitor.page.locator('#sweep-said').textContent(), /^10 of 10 trained in \d+.s\.$/);
  const table = await rows(visitor, 10);
  assert.deepEqual(table.map(([value, seed]) => `${value} ${seed}`), ['0.00003', '0.0001', '0.0003', '0.001', '0.003'].flatMap((rate) => [`${rate} 666`, `${rate} 667`]));
  assert.ok(table.every(([, , pearson]) => Math.abs(pearson) <= 1));
  assert.equal(new Set(table.map(([, , pearson]) => pearson)).size, 10, 'no two runs are the same');
  await visitor.page.locator('label:has(#sweep-points)').click();
  await visitor.page.locator('#sweep-train').filter({ hasText: 'Train all 12' }).waitFor();
  await visitor.page.locator('label:has(#sweep-rate)').click();
  await reaches(visitor, '#sweeps', 'finished');
  assert.deepEqual(await rows(visitor, 10), table);
});

pageTest('on a phone the curves are drawn while the measures are out of sight', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 400 });
  await visitor.open(SMALL);
  await visitor.page.locator('#sweep-made').scrollIntoViewIfNeeded();
  await visitor.page.locator('#sweep-made').filter({ hasText: /^Recorded on/ }).waitFor();
  await visitor.drawn();
  assert.ok(await visitor.page.locator('#sweep-measures').evaluate((measures) => measures.getBoundingClientRect().bottom < 0));
  assert.ok(await colours(visitor, 'sweep-curves') > 10);
});

pageTest('the run above is swept as it is set', async (visitor) => {
  await open(visitor, `${SMALL}&activation=identity&sweep=depth&sweepOf=run&sweepEpochs=1&sweepSeeds=1`);
  await visitor.page.locator('#sweep-made').filter({ hasText: /identity|none/i }).waitFor();
  await visitor.click('sweep-train');
  await reaches(visitor, '#sweeps', 'finished');
  const table = await rows(visitor, 8);
  assert.ok(table.every(([, , , , , , state]) => state === 'Trained'), `${table.map((row) => row[6])}`);
  const made = await visitor.page.locator('#sweep-made').textContent();
  await visitor.page.locator('#k-activation').selectOption('tanh');
  await visitor.page.waitForFunction(() => new URLSearchParams(location.search).get('activation') === 'tanh');
  await visitor.page.waitForTimeout(500);
  assert.equal(await visitor.page.locator('#sweep-made').textContent(), made, 'it says how the runs shown were made, not the run that is set now');
});

pageTest('a stopped sweep keeps what is trained, and goes on with the rest', async (visitor) => {
  await open(visitor, `${SMALL}&sweep=seed&sweepOf=run&sweepEpochs=400`);
  await visitor.click('sweep-train');
  await visitor.page.locator('#sweeps .left').filter({ hasText: /[1-9]\d* of 10 trained/ }).waitFor({ timeout: 90_000 });
  await visitor.click('sweep-train');
  await reaches(visitor, '#sweeps', 'paused');
  assert.equal(await visitor.threads(), 1);
  const trained = (table) => table.filter((row) => row[6] === 'Trained');
  const before = trained(await rows(visitor, 10));
  assert.ok(before.length >= 1 && before.length < 10, `${before.length}`);
  await visitor.page.locator('#sweep-train').filter({ hasText: 'Train the rest' }).click();
  await reaches(visitor, '#sweeps', 'finished');
  const after = trained(await rows(visitor, 10));
  assert.equal(after.length, 10);
  for (const row of before) assert.ok(after.some((other) => `${other}` === `${row}`), `${row}`);
});

pageTest('another language reaches what the sections say of recorded runs', async (visitor) => {
  await open(visitor, SMALL, '#grid');
  const notes = ['#grid-made', '#sweep-made', '#gallery-fig1 .note'];
  await visitor.page.locator('#grid-table a[data-state=recorded] canvas').nth(24).waitFor();
  await visitor.page.locator('#language').selectOption('zh');
  for (const note of notes) await visitor.page.locator(note).filter({ hasText: /^录制于 20/ }).waitFor({ state: 'attached' });
});

pageTest('bad values of a sweep are named, and the others stand', async (visitor) => {
  await open(visitor, `${SMALL}&sweep=colour&sweepSeeds=11&sweepEpochs=60`);
  const alert = await visitor.page.locator('[role=alert]').first().textContent();
  assert.ok(alert.includes('sweep is "colour".') && alert.includes('sweepSeeds is 11. Use a whole number from 1 to 10.'), alert);
  assert.equal(await visitor.page.locator('#sweep-epochs').inputValue(), '60');
  assert.ok(await visitor.page.locator('#sweep-depth').isChecked());
});

pageTest('the grid shows 25 recorded curves with their bends, trains them, and each field is a link to its run', async (visitor) => {
  await open(visitor, SMALL, '#grid');
  const fields = visitor.page.locator('#grid-table a');
  assert.equal(await fields.count(), 25);
  await visitor.page.locator('#grid-table a[data-state=recorded] canvas').nth(24).waitFor();
  const words = await fields.evaluateAll((all) => all.map((link) => link.textContent));
  for (const said of words) assert.match(said, /^(Concave|Convex|Straight) −?[0-9.]+, ρ 0\.\d+$|^Flat, ρ \d\.\d+$/);

  visitor.spoil('worker.js', (bytes) => `addEventListener('message', ({ data }) => { if (data.configure) data.configure.config.epochs = 1; });\n${bytes}`);
  await visitor.click('grid-train');
  await reaches(visitor, '#grid', 'finished');
  assert.equal(await visitor.page.locator('#grid-table a[data-state=finished]').count(), 25);

  await fields.nth(13).click();
  assert.deepEqual(['activation', 'negativeSlope', 'labelNoise'].map((key) => visitor.query().get(key)), ['leaky-relu', '0.3', '0.35']);
});

pageTest('both fit a phone of 320 px, and are not there in an embed or while presenting', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await open(visitor, SMALL);
  await rows(visitor, 24);
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await visitor.page.keyboard.press('p');
  for (const section of ['#sweeps', '#grid']) assert.ok(await visitor.page.locator(section).isHidden());
  await visitor.open(`${SMALL}&embed`);
  for (const section of ['#sweeps', '#grid']) assert.ok(await visitor.page.locator(section).isHidden());
});
