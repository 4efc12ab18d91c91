// Why equal shares would be good: a curve that hands bend, and what that costs.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x4&perClass=20&epochs=3';

async function open(visitor, query = SMALL) {
  await visitor.open(query);
  await visitor.page.locator('#robust-curve').scrollIntoViewIfNeeded();
  await visitor.page.locator('#robust-board .handle').first().waitFor({ state: 'attached' });
}

const handle = (visitor, at) => visitor.page.locator('#robust-board .handle').nth(at);
const said = (visitor) => visitor.page.locator('#robust-said').textContent();
const number = (visitor, id) => visitor.number(`robust-${id}`);
/** Layer, D, rho and share by layer. */
async function rows(visitor) {
  await visitor.page.locator('#robust-twin').evaluate((twin) => { twin.open = true; });
  await visitor.page.locator('#robust-layers tbody tr').first().waitFor();
  await visitor.drawn();
  return visitor.page.locator('#robust-layers tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.dataset.value))));
}
/** The cost of a curve, as a reader would work it out. */
function cost(curve, epsilon) {
  const ratios = curve.slice(1).map((d, at) => d / curve[at]);
  const equal = (curve.at(-1) / curve[0]) ** (1 / ratios.length);
  const exact = (all) => all.reduce((product, ratio) => product * (1 + epsilon / ratio), 1) - 1;
  const first = (all) => all.reduce((sum, ratio) => sum + epsilon / ratio, 0);
  return { exact: [exact(ratios), exact(ratios.map(() => equal))], first: [first(ratios), first(ratios.map(() => equal))] };
}
async function assertCost(visitor, epsilon) {
  const { exact, first } = cost((await rows(visitor)).map(([d]) => d), epsilon);
  for (const [row, [bent, line]] of [['exact', exact], ['first', first]]) {
    for (const [column, expected] of [['bent', bent], ['line', line], ['factor', bent / line]]) {
      const shown = await number(visitor, `${row}-${column}`);
      assert.ok(Math.abs(shown / expected - 1) < 1e-9, `${row} ${column}: ${shown}, not ${expected}`);
    }
  }
}

pageTest('keys take a layer off the line, the numbers follow, and the way back is one button', async (visitor) => {
  await open(visitor);
  assert.match(await said(visitor), /On the straight line that is the least\.$/);
  assert.equal((await rows(visitor)).length, 8);
  await assertCost(visitor, 0.02);
  await handle(visitor, 0).focus();
  for (const key of ['ArrowRight', 'PageUp', 'PageUp']) await visitor.page.keyboard.press(key);
  await visitor.drawn();
  assert.match(await said(visitor), /^With ε = 0\.02 the last D grows by [\d.]+\u202f%: 1\.\d\d times as much/);
  await assertCost(visitor, 0.02);
  assert.match(await handle(visitor, 1).getAttribute('aria-valuetext'), /^D [\d.]+, ln D [\d.]+$/);
  assert.equal(await visitor.page.locator('#robust-board [tabindex="0"]').count(), 1);
  await visitor.page.locator('#robust-epsilon').fill('-1');
  await assertCost(visitor, 0.1);
  await visitor.click('robust-reset');
  await visitor.drawn();
  assert.ok(Math.abs((await number(visitor, 'exact-factor')) - 1) < 1e-9);
});

pageTest('on a phone the table is filled while the curve is out of sight', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 400 });
  await visitor.open(SMALL);
  await visitor.page.locator('#robust-twin').evaluate((twin) => {
    twin.open = true;
    twin.querySelector('.scroll').scrollIntoView();
  });
  await visitor.page.locator('#robust-layers tbody tr').nth(7).waitFor();
  const bottom = await visitor.page.locator('#robust-curve').evaluate((curve) => curve.getBoundingClientRect().bottom);
  assert.ok(bottom < -20, `${bottom}`);
});

pageTest('a drag moves one layer and no other, and no farther than the axis', async (visitor) => {
  await open(visitor);
  const before = await rows(visitor);
  const box = await handle(visitor, 3).boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await visitor.page.mouse.move(x, y + 3); // beside its middle: it does not jump
  await visitor.page.mouse.down();
  await visitor.page.mouse.move(x + 60, y + 33, { steps: 3 });
  await visitor.drawn();
  const moved = await handle(visitor, 3).boundingBox();
  assert.ok(Math.abs(moved.y - box.y - 30) < 2 && Math.abs(moved.x - box.x) < 2, JSON.stringify([box, moved]));
  await visitor.page.mouse.move(x, visitor.page.viewportSize().height - 1);
  await visitor.page.mouse.up();
  await visitor.drawn();
  const after = await rows(visitor);
  assert.deepEqual(after.map(([d], layer) => d === before[layer][0]), [true, true, true, true, false, true, true, true]);
  assert.ok(Math.abs(Math.log(after[4][0]) + 1) < 1e-6, `ln D ends at -1: ${after[4][0]}`);
});

pageTest('the curve of the run can be taken, and says what it costs', async (visitor) => {
  await open(visitor);
  await visitor.train();
  await visitor.click('robust-take');
  await visitor.drawn();
  const { train } = await visitor.fuzziness();
  assert.deepEqual((await rows(visitor)).map(([d]) => d), train);
  assert.equal(await visitor.page.locator('#robust-board .handle').count(), train.length - 2, 'the ends stay');
  await assertCost(visitor, 0.02);
  assert.ok((await number(visitor, 'exact-factor')) >= 1);
});

for (const colorScheme of ['light', 'dark']) {
  pageTest(`the line is there in the colour of the law, ${colorScheme}`, async (visitor) => {
    await visitor.page.emulateMedia({ colorScheme });
    await open(visitor);
    const { at } = await visitor.ink(['law', 'ink'], 'robust-curve');
    assert.ok(at.law.length > 1000 && at.ink.length > 1000, `${at.law.length} ${at.ink.length}`);
  });
}

pageTest('the section fits a phone of 320 px, scrolls under a finger beside the handles, and is not there while presenting', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await open(visitor);
  await rows(visitor);
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  const touch = await visitor.page.evaluate(() => ['#robust-board', '#robust-board .handle'].map((part) => getComputedStyle(document.querySelector(part))).map(({ pointerEvents, touchAction }) => [pointerEvents, touchAction]));
  assert.deepEqual(touch, [['none', 'auto'], ['auto', 'none']]);
  await visitor.page.locator('body').press('p');
  assert.ok(await visitor.page.locator('#robustness').isHidden());
});
