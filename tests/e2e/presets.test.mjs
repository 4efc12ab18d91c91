// Every preset of the menu: it trains the first two epochs of its own schedule, is measured, draws what it found, and gives the digits that it
// gives in every browser and in Node.js.
import assert from 'node:assert/strict';
import { checksum, golden } from '../digits.mjs';
import { pageTest } from './harness.mjs';

/** Milliseconds for a step of a wide network on a busy machine. */
const PATIENCE = 120_000;

/** The link to a preset whose network has millions of weights: few images, also to be measured on, save most of its time. */
const few = (id) => golden.few.presets.includes(id) && `?preset=${id}&${new URLSearchParams(golden.few.changes)}`;

/** What the visitor's page has drawn on the canvas of the curve, and what it says in numbers. */
const look = (visitor) => visitor.page.evaluate(() => {
  const canvas = document.getElementById('curve');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let hash = 0, ink = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const value = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    hash = (Math.imul(hash, 31) + value) | 0;
    ink += value !== 0xffffff;
  }
  const rows = [...document.querySelectorAll('#fuzziness tr[data-layer]')];
  const values = rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.value ?? NaN)));
  return { hash, ink, values, epoch: Number(document.getElementById('epoch').dataset.value), state: document.documentElement.dataset.state };
});

pageTest('every preset trains two epochs of its schedule, measures each layer, draws, and gives the digits of every other browser', async (visitor) => {
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' }); // curves jump to their places
  await visitor.page.setViewportSize({ width: 480, height: 844 }); // small figures cost less
  await visitor.open('?hidden=20x2&perClass=10');
  const ids = await visitor.page.locator('#preset option[value]:not([value=""])').evaluateAll((options) => options.map((option) => option.value));
  assert.ok(ids.length >= 30, `${ids.length} presets`);
  const checksums = {};
  for (const id of ids) {
    if (few(id)) {
      await visitor.page.goto(visitor.address + few(id));
      await visitor.reaches('ready', PATIENCE);
    } else {
      await visitor.page.locator('#preset').selectOption(id);
      if ((await visitor.state()) === 'paused') await visitor.click('reset'); // a run under way waits for that
    }
    await visitor.drawn(); // until then it shows the run before
    await visitor.page.waitForFunction(() => document.documentElement.dataset.state === 'ready' && document.getElementById('epoch').dataset.value === '0', null, { timeout: PATIENCE });
    assert.equal(visitor.query().get('preset'), id);
    const untrained = await look(visitor);
    const epochs = await visitor.page.locator('[name=epochs]').inputValue();
    const last = Math.min(golden.epochs, Number(epochs));
    for (let epoch = 1; epoch <= last; epoch++) {
      await visitor.click('step');
      await visitor.page.waitForFunction((epoch) => document.getElementById('epoch').dataset.value === String(epoch) && document.documentElement.dataset.state !== 'training', epoch, { timeout: PATIENCE });
    }
    await visitor.drawn();
    const trained = await look(visitor);
    assert.equal(await visitor.alert(), '', id);
    assert.equal(trained.state, last < Number(epochs) ? 'paused' : 'finished', id);
    assert.equal(trained.values.length, untrained.values.length, id);
    assert.equal(trained.values.length, await layers(visitor), `${id}: the pixels and each hidden layer`);
    for (const [layer, row] of trained.values.entries()) assert.ok(row.every((d) => Number.isFinite(d) && d > 0), `${id}, layer ${layer}: ${row}`);
    assert.ok(trained.ink > 2000, `${id}: ${trained.ink} pixels`);
    const { loss, rho, pearson, 'half-life': halfLife, 'train-accuracy': trainAccuracy, 'test-accuracy': testAccuracy, train, test } = await visitor.digits();
    checksums[id] = checksum({ loss, trainAccuracy, testAccuracy, law: { rho, pearson, halfLife }, train, test });
    if (last === 2) assert.notEqual(trained.hash, untrained.hash, `${id}: what was trained is drawn`);
  }
  assert.deepEqual(checksums, golden.checksums);
}, { timeout: 600_000, repeats: true }); // of what Node.js does with each

/** Points of the curve that the settings ask for. */
const layers = async (visitor) => Number(await visitor.page.locator('#layers').inputValue());
