// The film strip: below the curve stand the points themselves, in the colours of their classes.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** Indices of the pixels of the curve's canvas that have one of the classes' colours: class -> [index]; and the canvas's size. */
function ink() {
  const canvas = document.querySelector('#curve');
  const probe = document.createElement('span');
  document.body.append(probe);
  const colors = Array.from({ length: 10 }, (_, k) => {
    probe.style.color = `var(--c${k})`;
    return getComputedStyle(probe).color.match(/\d+/g).map(Number).join();
  });
  probe.remove();
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const classes = colors.map(() => []);
  for (let i = 0; i < data.length; i += 4) {
    classes[colors.indexOf(`${data[i]},${data[i + 1]},${data[i + 2]}`)]?.push(i / 4);
  }
  return { classes, width, height };
}

pageTest('after a step the points of all ten classes stand under the curve, and in a small embed none do', async (visitor) => {
  await visitor.open('?hidden=20x3&epochs=3');
  await visitor.click('step');
  await visitor.reaches('paused');
  const { classes, width, height } = await visitor.page.evaluate(ink);
  for (const [label, pixels] of classes.entries()) {
    assert.ok(pixels.length > 50, `${pixels.length} pixels have the colour of class ${label}`);
    const top = Math.floor(pixels[0] / width) / height;
    assert.ok(top > 0.5, `class ${label} begins at ${top} of the figure's height`);
  }
  await visitor.page.setViewportSize({ width: 320, height: 240 });
  await visitor.page.waitForFunction(`(${ink})().classes.every((pixels) => pixels.length === 0)`);
});

pageTest('the strip shows the points in the mode that the curve shows', async (visitor) => {
  await visitor.open('?hidden=20x3&epochs=3');
  await visitor.train();
  const shown = async (mode) => {
    await visitor.page.locator(`[name=measure][value=${mode}]`).evaluate((choice) => choice.click());
    await visitor.page.locator(`html[data-mode="${mode}"]`).waitFor({ state: 'attached' });
    await visitor.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return visitor.page.evaluate(ink);
  };
  const running = await shown('running');
  const batches = await shown('batches-of-100');
  assert.notDeepEqual(running, batches);
  assert.deepEqual(await shown('running'), running);
});
