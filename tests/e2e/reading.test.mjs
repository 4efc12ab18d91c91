// Reading the curve: a layer's numbers, the switches below it, the text below the fold.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';

/** A number of the panel, in full precision. */
const panel = async (visitor, name) => Number(await visitor.page.locator(`#reading [data-name="${name}"]`).getAttribute('data-value'));

pageTest('pointing at a layer gives its D, ln D, the ratio to the layer before and each class', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const { train, test } = await visitor.fuzziness();
  const { width } = await visitor.page.locator('#reader').boundingBox();
  await visitor.page.locator('#reader').hover({ position: { x: width * 0.6, y: 120 } });
  const heading = await visitor.page.locator('#reading p').textContent();
  const layer = Number(heading.match(/\d+/)[0]);
  assert.equal(await panel(visitor, 'reading.fuzziness'), train[layer]);
  assert.ok(Math.abs((await panel(visitor, 'reading.ln')) - Math.log(train[layer])) < 1e-12);
  assert.ok(Math.abs((await panel(visitor, 'reading.ratio')) - train[layer] / train[layer - 1]) < 1e-12);
  assert.equal(await panel(visitor, 'reading.test'), test[layer]);
  const classes = [];
  for (let index = 0; index < 10; index++) classes.push(await panel(visitor, `class.${index}`));
  const mean = classes.reduce((sum, d) => sum + d, 0) / 10;
  assert.ok(Math.abs(mean / train[layer] - 1) < 1e-9, 'D is the mean of the classes, which are of one size');

  await visitor.page.mouse.move(2, 2);
  await visitor.page.locator('#reading').waitFor({ state: 'hidden' });
});

pageTest('the keys go from layer to layer, and Escape puts the numbers away', async (visitor) => {
  await visitor.open(SMALL);
  const { train } = await visitor.fuzziness();
  const reader = visitor.page.locator('#reader');
  await reader.focus();
  await visitor.page.keyboard.press('ArrowRight');
  await visitor.page.keyboard.press('ArrowRight');
  assert.equal(await panel(visitor, 'reading.fuzziness'), train[2]);
  assert.match(await reader.getAttribute('aria-valuetext'), /Layer 2: D .*ln D .*% of the layer before/);
  await visitor.page.keyboard.press('End');
  assert.equal(await panel(visitor, 'reading.fuzziness'), train[3]);
  assert.equal(await reader.getAttribute('aria-valuenow'), await reader.getAttribute('aria-valuemax'));
  await visitor.page.keyboard.press('Escape');
  assert.ok(await visitor.page.locator('#reading').isHidden());
});

pageTest('a tap on a phone reads a layer in sight, below the curve; a tap on the numbers puts them away', async (visitor) => {
  await visitor.page.setViewportSize({ width: 390, height: 844 });
  await visitor.open(SMALL);
  await visitor.page.locator('#reader').click({ position: { x: 150, y: 150 } });
  const [numbers, line] = await Promise.all(['#reading', '#reading-line'].map((id) => visitor.page.locator(id).boundingBox()));
  assert.ok(numbers.y >= line.y + line.height, `numbers at ${numbers.y}, curve to ${line.y + line.height}`);
  assert.ok(numbers.y + numbers.height <= 844.01);
  await visitor.page.locator('#reading').click();
  await visitor.page.locator('#reading').waitFor({ state: 'hidden' });
});

pageTest('the switches change the picture and come back to it', async (visitor) => {
  await visitor.open(SMALL);
  const picture = () => visitor.page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return document.getElementById('curve').toDataURL();
  });
  const before = await picture();
  for (const id of ['view-test', 'view-classes', 'view-linear']) {
    await visitor.page.locator(`#${id}`).click();
    assert.notEqual(await picture(), before, id);
    await visitor.page.locator(id === 'view-linear' ? '#views [value=log]' : `#${id}`).click();
  }
  // Classes may have widened the axis, which never shrinks during a run.
  const after = await picture();
  await visitor.page.locator('#view-test').click();
  assert.notEqual(await picture(), after);
});

pageTest('the text explains, and its links set the state', async (visitor) => {
  await visitor.open('?theme=dark');
  assert.ok((await visitor.page.locator('#about math').count()) >= 2);
  const links = await visitor.page.locator('#about a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.ok(links.includes('https://doi.org/10.1073/pnas.2221704120'));
  assert.ok(links.includes('https://arxiv.org/abs/2210.17020'));
  assert.ok(links.includes('?tour=1'));
  assert.deepEqual(links.filter((link) => !/^(\?|#|https:)/.test(link)), []);
  const untranslated = await visitor.page.locator('[data-text]').evaluateAll((all) => all.filter((e) => e.textContent.includes('{file}')).map((e) => e.dataset.text));
  assert.deepEqual(untranslated, [], 'texts that are missing');

  await visitor.page.locator('#gallery-counter a[href="?preset=linear"]').click();
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('preset'), 'linear');
  assert.equal(visitor.query().get('theme'), 'dark', 'the looks stay');
  assert.equal(await visitor.page.locator('[name=activation]').inputValue(), 'identity');
  assert.equal(await visitor.page.evaluate(() => scrollY), 0);
  await visitor.page.goBack();
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('preset'), null);
});
