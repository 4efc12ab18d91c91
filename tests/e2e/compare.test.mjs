// The run on show beside one before it: curves, a table of what differs, a link that sets the other up again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3&engine=cpu';

/** Trains two runs, the second with another rate and one layer more; returns both in numbers. */
async function two(visitor) {
  await visitor.open(SMALL);
  await visitor.train();
  const there = await visitor.digits();
  const rate = visitor.page.locator('[name=learningRate]');
  await rate.fill('0.01');
  await rate.press('Tab');
  await visitor.reaches('ready');
  await visitor.page.locator('#layers').press('ArrowRight');
  await visitor.reaches('ready');
  await visitor.train();
  return { there, here: await visitor.digits() };
}

const compare = (visitor) => visitor.page.locator('#ghosts [data-compare]').first();
/** The table, by what the first cell says: texts, and numbers where there are. */
const table = (visitor) => visitor.page.locator('#differences tbody tr').evaluateAll((all) => Object.fromEntries(all.map((row) => [row.cells[0].textContent, [...row.cells].slice(1).map((cell) => (cell.dataset.value ? Number(cell.dataset.value) : cell.textContent))])));

pageTest('two runs stand side by side: settings, D by layer with the ratio, fits, accuracies, engine and mode', async (visitor) => {
  const { here, there } = await two(visitor);
  assert.ok(await visitor.page.locator('#comparison').isHidden());
  await compare(visitor).press('Enter');
  assert.ok(await visitor.page.locator('#comparison').isVisible());
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'comparison-title');
  await visitor.drawn();
  assert.equal(await compare(visitor).getAttribute('aria-pressed'), 'true');
  const rows = await table(visitor);
  assert.deepEqual(rows.Rate, ['0.01', '0.001', '']);
  assert.deepEqual(rows.Hidden, ['20x4', '20x3', '']);
  assert.ok(!('Seed' in rows) && !('Measure' in rows), Object.keys(rows).join());
  for (const layer of [1, 2, 3]) assert.deepEqual(rows[`D, layer ${layer}`], [here.train[layer], there.train[layer], here.train[layer] / there.train[layer]]);
  assert.deepEqual(rows['D, layer 4'], [here.train[4], '–', '–']);
  assert.deepEqual(rows['Kept per layer, ρ'].slice(0, 2), [here.rho, there.rho]);
  assert.deepEqual(rows['Correlation, r'].slice(0, 2), [here.pearson, there.pearson]);
  assert.deepEqual(rows['Test accuracy'].slice(0, 2), [here['test-accuracy'], there['test-accuracy']]);
  assert.deepEqual(rows.Epoch.slice(0, 2), [3, 3]);
  assert.deepEqual(rows.Engine.slice(0, 2), ['CPU SIMD', 'CPU SIMD']);
  assert.deepEqual(rows.BatchNorm.slice(0, 2), ['By 100s', 'By 100s']);
  await visitor.drawn();
  for (const canvas of ['compared', 'curve']) {
    const { at } = await visitor.ink(['law', 'ink', 'ghost'], canvas);
    assert.ok(at.law.length > 500 && at.ink.length > 500 && at.ghost.length > 500, `${canvas}: ${at.law.length} ${at.ink.length} ${at.ghost.length}`);
  }

  // The mode on show is that of both.
  await visitor.page.locator('[name=measure][value=running]').check({ force: true });
  await visitor.page.waitForFunction(() => document.querySelector('#differences tbody tr:last-child td').textContent === 'Running');
  assert.notDeepEqual((await table(visitor))['D, layer 3'], rows['D, layer 3']);

  await visitor.click('compare-end');
  await visitor.page.locator('#comparison').waitFor({ state: 'hidden' });
  assert.equal(await compare(visitor).getAttribute('aria-pressed'), 'false');
});

pageTest('the comparison leaves as CSV, and a link sets the other run up again', async (visitor) => {
  const { here, there } = await two(visitor);
  await compare(visitor).click();
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.click('compare-csv')]);
  assert.match(download.suggestedFilename(), /compared\.csv$/);
  const lines = fs.readFileSync(await download.path(), 'utf8').trim().split('\n').map((line) => line.split(','));
  const field = (name) => lines.find(([quantity]) => quantity === name).slice(1);
  assert.deepEqual(field('quantity'), ['this', 'other', 'ratio']);
  assert.deepEqual(field('setting:learningRate'), ['0.01', '0.001', '']);
  assert.deepEqual(field('D2').slice(0, 2).map(Number), [here.train[2], there.train[2]]);
  assert.deepEqual(field('D4')[1], '');
  assert.deepEqual(field('batch_norm'), ['batches-of-100', 'batches-of-100', '']);

  const again = visitor.page.locator('#compare-rerun');
  assert.match(await again.textContent(), /^Set up the other again: 4 layers, rate 0\.001$/);
  await again.click();
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('hidden'), '20x3');
  assert.equal(visitor.query().get('learningRate'), null);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), there, 'it is the same run');
});

pageTest('removing the run that is compared ends the comparison; a phone has room', async (visitor) => {
  await two(visitor);
  await compare(visitor).click();
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await visitor.drawn();
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await visitor.page.locator('#ghosts [data-ghost]').first().click();
  await visitor.page.locator('#comparison').waitFor({ state: 'hidden' });
});
