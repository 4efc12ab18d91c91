// Minority Collapse: a model that follows its sliders, and networks that the pool trains beside it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

const SMALL = 'hidden=20x3&perClass=20&epochs=3';
const GOLDEN = JSON.parse(fs.readFileSync(new URL('../golden/layer_peeled.json', import.meta.url))).cases;
const RATIOS = [1, 3, 10, 30, 100, 300, 1000];
/** A sweep of a few seconds. */
const QUICK = `?${SMALL}&minorityEpochs=2&minorityPerClass=30`;

async function open(visitor, query = `?${SMALL}`) {
  await visitor.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 2 }));
  await visitor.open(query);
  await visitor.page.locator('#peeled').scrollIntoViewIfNeeded();
}

const reaches = (visitor, name) => visitor.page.locator(`#minority[data-state=${name}]`).waitFor({ state: 'attached', timeout: 60_000 });
/** What is said of the model, once it is drawn. */
async function sentence(visitor) {
  await visitor.drawn();
  return visitor.page.locator('#peeled-said').textContent();
}
/** Moves a slider as a reader's hand does. */
const slide = (visitor, id, value) => visitor.page.locator(`#${id}`).evaluate((slider, value) => {
  slider.value = value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  slider.dispatchEvent(new Event('change', { bubbles: true }));
}, value);
const shows = (visitor, id, expected) => visitor.page.waitForFunction(([id, expected]) => document.getElementById(id).dataset.value === expected, [id, expected]);
/** Where ink of these tokens is on a canvas once it is drawn, as counts. */
async function painted(visitor, id, tokens) {
  await visitor.drawn();
  const { at } = await visitor.ink(tokens, id);
  return Object.fromEntries(tokens.map((token) => [token, at[token].length]));
}
/** The rows of a table as numbers or texts. */
const rows = (visitor, table) => visitor.page.locator(`#${table} tbody tr`).evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent)));
async function openTables(visitor) {
  await visitor.page.locator('#minority-twin summary').click();
  await visitor.page.locator('#trained tbody tr').nth(12).waitFor();
  await visitor.page.waitForFunction(() => document.querySelectorAll('#swept tbody tr').length === 41); // some at a frame
}

pageTest('the sliders move the numbers, the pictures and the link', async (visitor) => {
  await open(visitor);
  assert.match(await sentence(visitor), /^At R = 10 the cosine .* 0\.51\d; they collapse at R₀ = 12\.2\.$/);
  const before = await painted(visitor, 'peeled', ['c0', 'c3']);
  assert.ok(before.c0 > 500 && before.c3 > 500, JSON.stringify(before));
  assert.equal(visitor.query().get('peeledImbalance'), null);

  await slide(visitor, 'peeled-imbalance', 1.48);
  await shows(visitor, 'peeled-within-minority', '1');
  assert.equal(visitor.query().get('peeledImbalance'), '30');
  assert.match(await sentence(visitor), /^At R = 30 the minority classifiers are one and the same; they collapse at R₀ = 12\.2\.$/);
  const after = await painted(visitor, 'peeled', ['c0', 'c3']);
  assert.ok(after.c3 < 0.6 * before.c3, `the triangles lie on each other: ${JSON.stringify([before, after])}`);

  await slide(visitor, 'peeled-classes', 3);
  await visitor.page.waitForFunction(() => document.getElementById('peeled-majority').max === '3');
  assert.deepEqual(['peeledClasses', 'peeledMajority'].map((key) => visitor.query().get(key)), ['3', '3']);
  assert.match(await sentence(visitor), /^Without minority classes nothing collapses/);
  assert.equal(await visitor.page.locator('#peeled-within-minority').textContent(), '–');
  assert.ok(await visitor.page.locator('#peeled-shadow').isHidden(), 'a triangle is no shadow');
});

pageTest('the arrow keys move a slider step by step', async (visitor) => {
  await open(visitor);
  const slider = visitor.page.locator('#peeled-majority');
  await slider.focus();
  await visitor.page.keyboard.press('ArrowRight');
  await visitor.page.keyboard.press('ArrowRight');
  assert.equal(await slider.getAttribute('aria-valuetext'), '7');
  assert.equal(visitor.query().get('peeledMajority'), '7');
  await slide(visitor, 'peeled-imbalance', 3);
  assert.match(await sentence(visitor), /have shrunk to nothing/);
  await shows(visitor, 'peeled-w-minority', '0');
});

pageTest('the numbers are those of the golden values', async (visitor) => {
  for (const [classes, majority, ratio, features, classifiers] of [[10, 5, 30, 5, 1], [10, 5, 3, 5, 1]]) {
    const golden = GOLDEN.find((one) => one.classes === classes && one.majority === majority && one.imbalance === ratio && one.energy_features === features && one.energy_classifiers === classifiers);
    await open(visitor, `?${SMALL}&peeledClasses=${classes}&peeledMajority=${majority}&peeledImbalance=${ratio}&peeledFeatures=${features}&peeledClassifiers=${classifiers}`);
    const near = async (id, expected, tolerance) => {
      const found = await visitor.number(id);
      assert.ok(Math.abs(found - expected) <= tolerance, `${id} at R = ${ratio}: ${found}, not ${expected}`);
    };
    await near('peeled-within-minority', golden.mean_cos_minority_classifiers, 1e-2);
    await near('peeled-within-majority', golden.mean_cos_majority_classifiers, 1e-2);
    await near('peeled-between', golden.mean_cos_between, 1e-2);
    await near('peeled-loss', golden.loss, 1e-3);
    await near('peeled-w-minority', Math.sqrt(golden.classifier_sq_norm_minority), 1e-2);
    await near('peeled-h-majority', Math.sqrt(golden.feature_sq_norm_majority), 2e-2);
  }
  assert.equal(await visitor.page.locator('#peeled-within-minority').textContent(), '\u22120.024');
});

pageTest('the sweep has its 41 settings, its threshold, and a curve in grey, and the law is not in it', async (visitor) => {
  await open(visitor);
  assert.ok(Math.abs((await visitor.number('peeled-threshold')) - 12.2) < 0.05);
  const ink = await painted(visitor, 'collapse-curve', ['ghost', 'edge', 'ink', 'law']);
  assert.ok(ink.ghost > 1000 && ink.edge > 100 && ink.ink > 50 && ink.law === 0, JSON.stringify(ink));
  await openTables(visitor);
  const swept = await rows(visitor, 'swept');
  assert.ok(Math.abs(swept[10][1] - 0.518) < 1e-2 && swept[40][1] === '1' && swept[40][0] === '10000', `${swept[10]} ${swept[40]}`);
});

pageTest('on a phone the curve is drawn and its table filled while the simplex is out of sight', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await visitor.open(`?${SMALL}`);
  await openTables(visitor);
  assert.ok(await visitor.page.locator('#peeled').evaluate((simplex) => simplex.getBoundingClientRect().bottom < 0));
  const { ghost } = await painted(visitor, 'collapse-curve', ['ghost']);
  assert.ok(ghost > 300, `${ghost}`);
});

pageTest('bad values are named, and the others stand', async (visitor) => {
  await open(visitor, `?${SMALL}&peeledClasses=1&peeledImbalance=0&peeledMajority=12&minorityEpochs=x&peeledFeatures=2`);
  const alert = await visitor.alerted(/peeledClasses/);
  for (const message of ['peeledClasses is 1. Use a whole number from 2 to 20.', 'peeledImbalance is 0. Use 1 to 10000.', 'minorityEpochs is "x".', 'peeledMajority is "12". Use 0 to 10.']) {
    assert.ok(alert.includes(message), alert);
  }
  assert.equal(visitor.query().get('peeledFeatures'), '2');
  assert.deepEqual(await visitor.page.locator('#peeled-dials output').evaluateAll((all) => all.map((output) => output.dataset.value)), ['10', '5', '10', '2', '1']);
});

pageTest('a small sweep comes to its end; oversampled networks stand beside the others; the main run is left alone', async (visitor) => {
  await open(visitor, QUICK);
  const main = await visitor.digits();
  assert.match(await visitor.page.locator('#minority-left').textContent(), /^Takes about \d+.s on 2 cores/);
  await visitor.click('minority-train');
  await reaches(visitor, 'finished');
  assert.match(await visitor.page.locator('#minority-said').textContent(), /^7 of 7 networks trained in \d+.s\. At R = 30\.0 the cosine is \S+, and \S+.% of/);
  await openTables(visitor);
  const plain = (await rows(visitor, 'trained')).slice(0, 7);
  for (const [at, [ratio, repeated, most, least, cosine, length, accuracy, test, train, said]] of plain.entries()) {
    assert.deepEqual([ratio, repeated, most, said], [String(RATIOS[at]), 'no', '30', 'Trained, 2 epochs']);
    assert.equal(Number(least), Math.max(1, Math.round(30 / RATIOS[at])));
    for (const [value, low] of [[cosine, -1], [accuracy, 0], [test, 0], [train, 0]]) assert.ok(value >= low && value <= 1, `${plain[at]}`);
    assert.ok(length > 0);
  }
  const alone = await painted(visitor, 'collapse-curve', ['ink', 'test']);
  assert.ok(alone.ink > 1000 && alone.test > 500, JSON.stringify(alone));
  assert.match(await visitor.page.locator('#minority-made').textContent(), /5 classes of 30 images.*2 epochs, seed 666, BatchNorm running, CPU/);

  await visitor.page.locator('#minority-oversample').check();
  assert.equal(visitor.query().get('minorityOversample'), 'true');
  await reaches(visitor, 'paused'); // R = 1 is the same either way
  await visitor.click('minority-train');
  await reaches(visitor, 'finished');
  const all = await rows(visitor, 'trained');
  assert.deepEqual(all.slice(0, 7), plain, 'the others stay');
  assert.ok(all.slice(7).every(([, repeated, , , cosine]) => repeated === 'yes' && Number.isFinite(Number(cosine))), JSON.stringify(all.slice(7)));
  const both = await painted(visitor, 'collapse-curve', ['ink', 'test']);
  assert.ok(both.ink > alone.ink && both.test > alone.test);
  assert.deepEqual(await visitor.digits(), main);
  assert.equal(await visitor.threads(), 1);
});

pageTest('stopping keeps what is trained and lets the workers go; the rest can follow', async (visitor) => {
  await open(visitor, `?${SMALL}&minorityEpochs=8&minorityPerClass=200`);
  await openTables(visitor);
  await visitor.click('minority-train');
  await visitor.page.waitForFunction(() => [...document.querySelectorAll('#trained tbody tr')].some((row) => row.lastChild.textContent.startsWith('Trained')));
  await visitor.click('minority-train');
  await reaches(visitor, 'paused');
  assert.equal(await visitor.threads(), 1);
  const kept = (await rows(visitor, 'trained')).filter((row) => row.at(-1).startsWith('Trained'));
  assert.ok(kept.length >= 1 && kept.length < 7, `${kept.length}`);
  await visitor.click('minority-train');
  await reaches(visitor, 'finished');
  const all = await rows(visitor, 'trained');
  for (const row of kept) assert.ok(all.some((other) => JSON.stringify(other) === JSON.stringify(row)), `${row} was trained anew`);
});

pageTest('the section fits a phone of 320 px, and is not there in an embed or while presenting', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await open(visitor);
  await openTables(visitor);
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  const ink = await painted(visitor, 'collapse-curve', ['ghost']);
  assert.ok(ink.ghost > 300, JSON.stringify(ink));
  await visitor.page.keyboard.press('Escape');
  await visitor.page.locator('body').press('p');
  assert.ok(await visitor.page.locator('#minority').isHidden());
  await visitor.open(`?${SMALL}&embed`);
  assert.ok(await visitor.page.locator('#minority').isHidden());
});
