// The film strip: below the curve stand the points themselves, in the colours of their classes.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** The classes' colours. */
const CLASSES = Array.from({ length: 10 }, (_, label) => `c${label}`);

/** The pixels of each class's points. */
const points = async (visitor) => Object.values((await visitor.ink(CLASSES)).at);

/** Waits until the strip has come where it glides to. */
const stands = (visitor) => visitor.page.evaluate(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frame();
  await new Promise((done) => setTimeout(done, 400));
  await frame();
});

/** Where the boxes of the strip are: the first and the last row and column of the curve's canvas that have their colour. */
function boxes() {
  const canvas = document.querySelector('#curve');
  const probe = document.createElement('span');
  document.body.append(probe);
  probe.style.color = 'var(--rail)';
  const rail = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const edges = { top: height, bottom: -1, left: width, right: -1 };
  for (let i = 0; i < data.length; i += 4) {
    if (rail.some((value, channel) => data[i + channel] !== value)) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    edges.top = Math.min(edges.top, y);
    edges.bottom = Math.max(edges.bottom, y);
    edges.left = Math.min(edges.left, x);
    edges.right = Math.max(edges.right, x);
  }
  return edges;
}

/** How many different pictures of the canvas from row `top` down come in the half second after the scrubber goes to one of its ends. */
const pictures = (visitor, end, top) => visitor.page.evaluate(async ([end, top]) => {
  const [slider, curve] = ['scrub', 'curve'].map((id) => document.getElementById(id));
  const strip = document.createElement('canvas');
  Object.assign(strip, { width: curve.width, height: curve.height - top });
  const context = strip.getContext('2d');
  slider.value = slider[end];
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  const seen = new Set();
  for (const over = performance.now() + 500; performance.now() < over; await frame()) {
    context.drawImage(curve, 0, -top);
    seen.add(strip.toDataURL());
  }
  return seen.size;
}, [end, top]);

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
    await stands(visitor);
    return (await visitor.ink(CLASSES)).at;
  };
  const running = await shown('running');
  const batches = await shown('batches-of-100');
  assert.notDeepEqual(running, batches);
  assert.deepEqual(await shown('running'), running);
});

pageTest('the points glide to another record, unless nothing is to move', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=12');
  await visitor.train();
  await stands(visitor);
  const { top } = await visitor.page.evaluate(boxes);
  const gliding = await pictures(visitor, 'min', top);
  assert.ok(gliding >= 3, `${gliding} pictures`);
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await pictures(visitor, 'max', top), 1);
}, { alone: true });

pageTest('the recorded run has its points too, and where they are not recorded the curve keeps its height', async (visitor) => {
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.open();
  await stands(visitor);
  const recorded = await visitor.page.evaluate(boxes);
  for (const [label, pixels] of (await points(visitor)).entries()) assert.ok(pixels.length > 50, `${pixels.length} pixels have the colour of class ${label}`);

  await visitor.page.locator('[name=measure][value=running]').evaluate((choice) => choice.click());
  await visitor.page.locator('html[data-mode=running][data-source=recorded]').waitFor({ state: 'attached' });
  await stands(visitor);
  assert.ok((await points(visitor)).every((pixels) => pixels.length === 0), 'no points in this mode');
  assert.deepEqual(await visitor.page.evaluate(boxes), recorded);

  await visitor.click('step');
  await visitor.reaches('paused');
  await stands(visitor);
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'live');
  assert.ok((await points(visitor)).every((pixels) => pixels.length > 50));
  assert.deepEqual(await visitor.page.evaluate(boxes), recorded);
});
