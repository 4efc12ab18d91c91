// The figure alone, in somebody else's page.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?embed&hidden=20x3&perClass=20&epochs=3';
const SIZES = [[320, 240], [640, 400], [1280, 720]];
/** What design.md promises to those who embed the page. */
const CONTRACT = ['button#train', 'button#pause', 'button#step', 'button#reset', 'select#preset', 'table#fuzziness tr[data-layer] td[data-split=train]',
  ...['epoch', 'rho', 'pearson', 'half-life', 'loss', 'train-accuracy', 'test-accuracy', 'verdict'].map((id) => `output#${id}`)];

/** By how many px anything is wider or higher than its frame. */
const overflow = (visitor) => visitor.page.evaluate(() => [document.documentElement, document.getElementById('figure')]
  .map(({ scrollWidth, scrollHeight, clientWidth, clientHeight }) => [scrollWidth - clientWidth, scrollHeight - clientHeight]));

/** Which of these can be seen. */
async function seen(visitor, selectors) {
  const all = [];
  for (const selector of selectors) if (await visitor.page.locator(selector).isVisible()) all.push(selector);
  return all;
}

for (const [width, height] of SIZES) {
  pageTest(`the figure fills a frame of ${width} x ${height}, and trains in it`, async (visitor) => {
    const figure = await visitor.embedded(SMALL, width, height);
    assert.deepEqual(await overflow(figure), [[0, 0], [0, 0]]);
    const untrained = await figure.number('rho');
    await figure.page.getByRole('button', { name: 'Train', exact: true }).click();
    await figure.reaches('finished');
    assert.notEqual(await figure.number('rho'), untrained);
    const { at, width: pixels, scale } = await figure.ink(['ink', 'law']);
    assert.ok(pixels / scale > width - 40, 'as wide as the frame');
    for (const [token, found] of Object.entries(at)) assert.ok(found.length > 100, `${found.length} pixels of ${token}`);
    assert.deepEqual(await overflow(figure), [[0, 0], [0, 0]]);
    for (const selector of CONTRACT) assert.ok(await figure.page.locator(selector).count() > 0, selector);
    assert.deepEqual(await seen(figure, ['#settings', '#presets', '#history', '#scrub', '#about', '#views', '#step', '#badge']), []);
    assert.deepEqual(await figure.barriers(), []);
  });
}

for (const [width, height, left] of [
  [320, 240, []],
  [659, 299, []],
  [660, 299, ['#fuzziness-last']],
  [640, 300, ['#verdict', '#half-life']],
  [640, 419, ['#verdict', '#half-life']],
  [640, 420, ['#verdict', '#half-life', '#verdict small']],
  [1280, 720, ['#verdict', '#half-life', '#verdict small', '#fuzziness-last']],
]) {
  pageTest(`a frame of ${width} x ${height} has room for ${left.join(', ') || 'the line alone'}, and says that the run is recorded`, async (visitor) => {
    await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
    const figure = await visitor.embedded('?embed', width, height);
    const optional = ['#verdict', '#half-life', '#verdict small', '#fuzziness-last'];
    assert.deepEqual((await seen(figure, optional)).sort(), left.toSorted());
    const parts = [];
    for (const part of [...await seen(figure, ['#recorded', '#rho', '#pearson', '#train', '#whole', ...left])]) {
      const { x, y, width, height } = await figure.page.locator(part).boundingBox();
      if (!part.startsWith('#verdict')) parts.push({ part, x, y, width, height });
    }
    assert.equal(parts[0].part, '#recorded');
    for (const [i, a] of parts.entries()) {
      for (const b of parts.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        assert.ok(apart, `${a.part} and ${b.part} overlap`);
      }
    }
    assert.deepEqual(await overflow(figure), [[0, 0], [0, 0]]);
  });
}

pageTest('an embed leaves the focus where it is, from its start to the end of its run', async (visitor) => {
  const figure = await visitor.embedded(`${SMALL}&autoplay`, 640, 400);
  await figure.reaches('finished');
  assert.equal(await visitor.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Notes');
});

pageTest("an embed's link opens the whole page, with the same run", async (visitor) => {
  const figure = await visitor.embedded(SMALL, 320, 240);
  const link = figure.page.getByRole('link', { name: 'Open the whole page in a new tab' });
  assert.doesNotMatch(await link.getAttribute('href'), /engine/);
  await figure.train();
  assert.match(await link.getAttribute('href'), /engine=cpu/, 'the engine that ran');
  const opened = visitor.page.context().waitForEvent('page');
  await link.click();
  const whole = await opened;
  await whole.locator('html[data-state=ready]').waitFor({ state: 'attached' });
  assert.ok(await whole.locator('#settings').isVisible());
  assert.equal(await whole.locator('#whole').isVisible(), false);
  const query = new URL(whole.url()).searchParams;
  assert.deepEqual([query.get('hidden'), query.get('epochs'), query.get('embed')], ['20x3', '3', null]);
});

pageTest("an embed's table shows itself to the keyboard", async (visitor) => {
  const figure = await visitor.embedded(SMALL, 320, 240);
  const twin = figure.page.locator('.twin:has(#fuzziness) summary');
  await twin.focus();
  await twin.press('Enter');
  const box = await figure.page.locator('#fuzziness caption').boundingBox();
  assert.ok(box.width > 100 && box.y >= 0 && box.y + box.height < 200, JSON.stringify(box));
  assert.deepEqual(await overflow(figure), [[0, 0], [0, 0]]);
});
