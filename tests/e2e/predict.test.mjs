// Predict first: drawn by hand, by finger and by keys; nothing is given away; the guess stays with its distance.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';

const handles = (visitor) => visitor.page.locator('#guess-board .handle');
const value = async (visitor, at) => Number(await handles(visitor).nth(at).getAttribute('aria-valuenow'));
const said = (visitor) => visitor.page.locator('#guess-said').textContent();
const factor = (visitor) => visitor.page.locator('#guess-said').getAttribute('data-value');
const guessed = (visitor) => visitor.page.locator('#fuzziness td[data-split=guess]').evaluateAll((all) => all.map((cell) => Number(cell.dataset.value)));

pageTest('a guess by keys stays while the run trains, with its distance in words, in the table and for screen readers', async (visitor) => {
  await visitor.open(SMALL);
  const first = (await visitor.fuzziness()).train[0];
  await visitor.page.locator('#predict').press('Enter');
  assert.equal(await handles(visitor).count(), 3, 'the pixels are given');
  assert.ok(await handles(visitor).first().evaluate((handle) => handle === document.activeElement));
  assert.ok(Math.abs((await value(visitor, 0)) - Math.log(first)) < 1e-3, 'it begins flat');
  for (const key of ['ArrowDown', 'ArrowRight', 'PageDown', 'End', 'PageDown', 'PageDown', 'ArrowUp']) await visitor.page.keyboard.press(key);
  const expected = [0, -0.1, -0.5, -0.9].map((step) => Math.log(first) + step);
  await visitor.page.waitForFunction((last) => Math.abs(Number(document.querySelector('#guess-board .handle:last-child').getAttribute('aria-valuenow')) - last) < 1e-3, expected[3]);
  assert.match(await handles(visitor).nth(2).getAttribute('aria-valuetext'), /^D [\d.]+, ln D [\d.]+$/);
  assert.deepEqual(await handles(visitor).evaluateAll((all) => all.map((handle) => handle.tabIndex)), [-1, -1, 0], 'one stop of Tab');

  await visitor.train();
  assert.ok(await visitor.page.locator('#guess-board').isHidden());
  const { train } = await visitor.fuzziness();
  const column = await guessed(visitor);
  column.forEach((d, layer) => assert.ok(Math.abs(Math.log(d) - expected[layer]) < 1e-9, `${d} at ${layer}`));
  const off = Math.exp(Math.sqrt([1, 2, 3].reduce((sum, layer) => sum + Math.log(column[layer] / train[layer]) ** 2, 0) / 3));
  assert.ok(Math.abs(Number(await factor(visitor)) - off) < 1e-9);
  assert.equal(await said(visitor), `Your guess is off by a factor of ${off.toFixed(off < 10 ? 2 : 0)} on average.`);
  await visitor.page.locator('#summary', { hasText: 'Your guess is off by' }).waitFor({ state: 'attached' });
  await visitor.page.locator('#reader').focus();
  assert.equal(Number(await visitor.page.locator('#reading [data-name="guess.label"]').getAttribute('data-value')), column[0]);

  // Another seed, the same depth: it stays. Another depth: it is none of that run.
  await visitor.click('reset');
  await visitor.reaches('ready');
  assert.match(await said(visitor), /^Your guess stands/);
  await visitor.page.locator('#layers').press('ArrowRight');
  await visitor.page.locator('#guess').waitFor({ state: 'hidden' });
  assert.ok(await visitor.page.locator('#guess-column').isHidden());
});

pageTest('a hand draws across the plot, also the layers that it skips; Forget takes the guess away', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.click('predict');
  await visitor.drawn();
  const board = await visitor.page.locator('#guess-board').boundingBox();
  const places = await handles(visitor).evaluateAll((all) => all.map((handle) => handle.getBoundingClientRect()).map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })));
  const [from, to] = [board.y + 0.3 * board.height, board.y + 0.6 * board.height];
  await visitor.page.mouse.move(places[0].x, from);
  await visitor.page.mouse.down();
  await visitor.page.mouse.move(places[2].x, to); // in one leap
  await visitor.page.mouse.up();
  await visitor.drawn();
  const drawn = await handles(visitor).evaluateAll((all) => all.map((handle) => handle.getBoundingClientRect()).map(({ y, height }) => y + height / 2));
  for (const [at, y] of [from, (from + to) / 2, to].entries()) assert.ok(Math.abs(drawn[at] - y) < 2, `${drawn} at ${at}, not ${y}`);
  const ink = await visitor.ink(['law']);
  assert.ok(ink.at.law.length > 200, 'the guess is drawn');
  await visitor.click('guess-forget');
  await visitor.page.locator('#guess').waitFor({ state: 'hidden' });
  assert.ok(await visitor.page.locator('#predict').isVisible());
});

pageTest('while the reader draws over the recording it gives nothing away; then it plays, or a live run takes its place', async (visitor) => {
  await visitor.open();
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'recorded');
  await visitor.click('predict');
  await visitor.drawn();
  for (const id of ['rho', 'pearson', 'half-life', 'fuzziness-last', 'loss', 'train-accuracy', 'test-accuracy', 'nc1']) assert.ok(Number.isNaN(await visitor.number(id)), id);
  const { at } = await visitor.ink(['ink', 'test']);
  assert.equal(at.test.length, 0, 'no test curve');
  for (const table of ['fuzziness', 'records', 'measures']) {
    await visitor.page.locator(`details:has(#${table})`).evaluate((details) => { details.open = true; });
    await visitor.drawn();
    assert.equal(await visitor.page.locator(`#${table} tbody tr`).count(), 0, table);
  }
  assert.match(await visitor.page.locator('#verdict').textContent(), /^Your turn/);
  assert.ok(await visitor.page.locator('#play').isDisabled());
  assert.ok(await visitor.page.locator('#robust-take').isDisabled());

  await visitor.click('guess-done');
  await visitor.page.waitForFunction(() => Number(document.getElementById('epoch').dataset.value) > 0);
  assert.ok((await visitor.number('epoch')) < 300, 'from its start');
  assert.match(await said(visitor), /^Your guess is off by a factor of/);
  await visitor.click('predict');
  await visitor.click('train');
  await visitor.reaches('training');
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'live');
  assert.ok(await visitor.page.locator('#guess').isVisible());
  assert.ok(await visitor.page.locator('#predict').isDisabled(), 'nothing to guess while it trains');
});

pageTest('on a phone a finger draws, and the page does not scroll meanwhile', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 568 });
  await visitor.open(SMALL);
  await visitor.click('predict');
  await visitor.drawn();
  assert.equal(await visitor.page.locator('#guess-board').evaluate((board) => getComputedStyle(board).touchAction), 'none');
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  const { at } = await visitor.ink(['law']);
  assert.ok(at.law.length > 100, 'the guess shows in the smallest figure');
});
