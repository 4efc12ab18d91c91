// The film strip: below the curve stand the points themselves, in the colours of their classes.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** The classes' colours. */
const CLASSES = Array.from({ length: 10 }, (_, label) => `c${label}`);

pageTest('after a step the points of all ten classes stand under the curve, and in a small embed none do', async (visitor) => {
  await visitor.open('?hidden=20x3&epochs=3');
  await visitor.click('step');
  await visitor.reaches('paused');
  const { at, width, height } = await visitor.ink(CLASSES);
  for (const [label, pixels] of Object.entries(at)) {
    assert.ok(pixels.length > 50, `${pixels.length} pixels have the colour of class ${label}`);
    const top = Math.floor(pixels[0] / width) / height;
    assert.ok(top > 0.5, `class ${label} begins at ${top} of the figure's height`);
  }
  await visitor.page.setViewportSize({ width: 320, height: 240 });
  await visitor.drawn();
  const { at: left } = await visitor.ink(CLASSES);
  assert.deepEqual(Object.values(left).flat(), []);
});

pageTest('the strip shows the points in the mode that the curve shows', async (visitor) => {
  await visitor.open('?hidden=20x3&epochs=3');
  await visitor.train();
  const shown = async (mode) => {
    await visitor.page.locator(`[name=measure][value=${mode}]`).evaluate((choice) => choice.click());
    await visitor.page.locator(`html[data-mode="${mode}"]`).waitFor({ state: 'attached' });
    await visitor.drawn();
    return (await visitor.ink(CLASSES)).at;
  };
  const running = await shown('running');
  const batches = await shown('batches-of-100');
  assert.notDeepEqual(running, batches);
  assert.deepEqual(await shown('running'), running);
});
