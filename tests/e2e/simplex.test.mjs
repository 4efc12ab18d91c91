// The panel of the class means: where they go, in every layer, from every side; its numbers, tables and link.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=12';
const CLASSES = Array.from({ length: 10 }, (_, label) => `c${label}`);

/** The picture, once nothing moves. */
const picture = async (visitor, id = 'simplex') => {
  await visitor.page.waitForTimeout(450);
  await visitor.drawn();
  return visitor.page.locator(`#${id}`).evaluate((canvas) => canvas.toDataURL());
};

/** Shows another of the four views. */
const choose = (visitor, view) => visitor.page.locator(`#means-${view}`).check({ force: true });

/** Moves the slider to a layer, and waits until the page shows it. */
const slide = async (visitor, layer) => {
  await visitor.page.locator('#layer').fill(String(layer));
  await visitor.drawn();
};

pageTest('three classes come to a triangle, exactly', async (visitor) => {
  await visitor.open('?preset=k3&epochs=200');
  await visitor.train(200_000);
  assert.ok((await visitor.number('nc2')) < 0.05, `the angles are ${await visitor.number('nc2')} off`);
  assert.match(await visitor.page.locator('#means-note').textContent(), /^Exact: three/);
  for (const name of ['three', 'four']) assert.ok(await visitor.page.locator(`#means-${name}`).isDisabled(), 'there are no more than three');
  await picture(visitor);
  // Each class's mark is around its corner: T-shirt on top, the others below.
  const { at, width, height } = await visitor.ink(['c0', 'c1', 'c8'], 'simplex');
  const middles = Object.values(at).map((pixels) => {
    assert.ok(pixels.length > 100, `${pixels.length} pixels`);
    const mean = (of) => pixels.reduce((sum, index) => sum + of(index), 0) / pixels.length;
    return [mean((index) => index % width) / width, mean((index) => Math.floor(index / width)) / height];
  });
  const [[, top], ...rest] = middles;
  for (const [, below] of rest) assert.ok(below > top + 0.2, `${JSON.stringify(middles)}`);
}, { timeout: 240_000 });

pageTest('the layer slider goes from the pixels to the last hidden layer, marks the layer on the curve, and the numbers follow', async (visitor) => {
  await visitor.open('?hidden=20x3&epochs=12');
  await visitor.train();
  const slider = visitor.page.locator('#layer');
  assert.equal(await slider.inputValue(), '3');
  assert.equal(await slider.getAttribute('max'), '3');
  const [nc1, last, curve] = [await visitor.number('nc1'), await picture(visitor), await picture(visitor, 'curve')];
  assert.ok(Number.isFinite(await visitor.number('nc3')) && Number.isFinite(await visitor.number('nc4')));
  await slide(visitor, 0);
  assert.notEqual(await picture(visitor), last);
  assert.notEqual(await picture(visitor, 'curve'), curve);
  assert.ok((await visitor.number('nc1')) > nc1, 'the pixels are less separated');
  assert.ok(Number.isNaN(await visitor.number('nc3')), 'the classifier is behind another layer');
  assert.equal(visitor.query().get('layer'), '0');
  await slide(visitor, 3);
  assert.equal(visitor.query().get('layer'), null);
  assert.equal(await visitor.number('nc1'), nc1);
  assert.equal(await picture(visitor), last);
});

pageTest('keys and drags turn and zoom the picture, Home puts it back', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await choose(visitor, 'four');
  const turner = visitor.page.locator('#turner');
  const before = await picture(visitor);
  await turner.focus();
  for (const key of ['ArrowRight', 'ArrowDown', '+']) {
    await visitor.page.keyboard.press(key);
    assert.notEqual(await picture(visitor), before, key);
    await visitor.page.keyboard.press('Home');
    assert.equal(await picture(visitor), before, `Home after ${key}`);
  }
  const { x, y, width, height } = await turner.boundingBox();
  await visitor.page.mouse.move(x + width / 2, y + height / 2);
  await visitor.page.mouse.down();
  await visitor.page.mouse.move(x + width / 2 + 40, y + height / 2 + 10, { steps: 4 });
  await visitor.page.mouse.up();
  assert.notEqual(await picture(visitor), before, 'a drag');
  assert.match(await turner.getAttribute('aria-valuetext'), /turned by \d+ degrees/);
  assert.equal(await visitor.number('epoch'), 12, 'the keys were the picture\'s, not the timeline\'s');
});

pageTest('the link keeps the view, the classes and the layer', async (visitor) => {
  await visitor.open(SMALL);
  await choose(visitor, 'three');
  await visitor.page.locator('#corner-1').selectOption('9');
  await slide(visitor, 1);
  const query = visitor.query();
  assert.deepEqual(['means', 'corners', 'layer'].map((key) => query.get(key)), ['three', '0,9,8,7', '1']);
  await visitor.open(`?${query}`);
  assert.ok(await visitor.page.locator('#means-three').isChecked());
  assert.equal(await visitor.page.locator('#corner-1').inputValue(), '9');
  assert.equal(await visitor.page.locator('#layer').inputValue(), '1');
  // A class that is picked already changes places.
  await visitor.page.locator('#corner-0').selectOption('9');
  await visitor.drawn();
  assert.equal(await visitor.page.locator('#corner-1').inputValue(), '0');
  await visitor.open('?corners=1,1,2,3');
  assert.match(await visitor.alert(), /corners.*four different labels/);
});

pageTest('the tables say what the pictures show, and each has its sentence', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await choose(visitor, 'cosines');
  await visitor.page.locator('.means .twin summary').click();
  const rows = visitor.page.locator('#cosines tbody tr');
  await rows.first().waitFor();
  const values = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.value))));
  assert.equal(values.length, 10);
  for (let i = 0; i < 10; i++) {
    assert.ok(Math.abs(values[i][i] - 1) < 1e-6);
    for (let j = 0; j < i; j++) assert.equal(values[i][j], values[j][i]);
  }
  // NC2 is the mean distance of these cosines from -1/9.
  const off = values.flatMap((row, i) => row.slice(0, i)).map((cosine) => Math.abs(cosine + 1 / 9));
  assert.ok(Math.abs(off.reduce((sum, value) => sum + value, 0) / off.length - (await visitor.number('nc2'))) < 1e-5);
  assert.equal(await visitor.page.locator('#collapse tbody tr').count(), 4);
  assert.match(await visitor.page.locator('#means-summary').textContent(), /^Layer 3, epoch 12: .*simplex/);

  await visitor.page.locator('details:has(#measures) summary').click();
  await visitor.page.locator('#measures tbody tr').first().waitFor();
  assert.equal(await visitor.page.locator('#measures tbody tr').count(), 12, 'epochs 0 to 10, and the last');
});

for (const [width, height] of [[320, 568], [390, 844], [800, 600], [1180, 720], [1280, 720]]) {
  pageTest(`the panel fits at ${width} x ${height}, in every view`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.open(SMALL);
    await visitor.train();
    for (const view of ['all', 'three', 'four', 'cosines']) {
      await choose(visitor, view);
      await picture(visitor);
      assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width, view);
      const spills = await visitor.page.locator('.means').evaluate((panel) => [...panel.children].filter((part) => part.scrollWidth > part.clientWidth + 1 && part.className !== 'vh').map((part) => part.className || part.id));
      assert.deepEqual(spills, [], view);
      const { at, blank } = await visitor.ink(CLASSES, 'simplex');
      for (const label of view === 'three' ? ['c0', 'c1', 'c8'] : view === 'four' ? ['c0', 'c1', 'c7', 'c8'] : CLASSES) assert.ok(at[label].length > 20, `${view}: ${label}`);
      assert.ok(Math.min(...Object.values(blank)) >= 0.5, `${view}: ${JSON.stringify(blank)}`);
    }
    if (width >= 1180) {
      const [panel, curve, timeline] = await Promise.all(['.means', '#figure', '.time'].map((part) => visitor.page.locator(part).boundingBox()));
      assert.ok(panel.x >= curve.x + curve.width - 1 && panel.y + panel.height <= timeline.y + 1, 'at the right of the curve, above the timeline');
    }
  }, { repeats: ![320, 1280].includes(width) });
}

pageTest('an embed has no panel', async (visitor) => {
  await visitor.open('?embed');
  assert.ok(await visitor.page.locator('.means').isHidden());
});
