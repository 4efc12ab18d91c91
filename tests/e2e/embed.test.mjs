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
  }, { repeats: width === 640 });
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

/** What each of the other embeds draws, and the smallest frames in which it draws more. */
const KINDS = [
  ['simplex', [['simplex', 0, 0]], ['#nc1', '#layer', '#recorded', '#train']],
  ['loss', [['history', 0, 0]], ['#loss', '#scrub', '#recorded', '#train']],
  ['layer-peeled', [['peeled', 0, 0], ['collapse-curve', 560, 0]], ['#peeled-imbalance', '#peeled-within-minority, #peeled-said']],
  ['all', [['curve', 0, 0], ['simplex', 700, 0], ['history', 0, 520]], ['#rho', '#recorded', '#train']],
];

for (const [kind, figures, always] of KINDS) {
  for (const [width, height] of SIZES) {
    pageTest(`embed=${kind} fills a frame of ${width} x ${height}, and nothing of it is cut`, async (visitor) => {
      await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
      const figure = await visitor.embedded(`?embed=${kind}`, width, height);
      await figure.drawn();
      for (const [id, wide, high] of figures) {
        const there = width >= wide && height >= high;
        assert.equal(await figure.page.locator(`#${id}`).isVisible(), there, id);
        if (there) assert.ok((await figure.ink(['ink', 'law', 'c0', 'edge'], id)).blank.left < width, `${id} is blank`);
      }
      const outside = await figure.page.evaluate(() => {
        const { innerWidth, innerHeight } = window;
        const seen = [...document.querySelectorAll('button, a, input, select, output, dt, canvas, .tag, #peeled-said')].filter((part) => part.checkVisibility() && !part.closest('.vh, .twin, .top'));
        return seen.map((part) => [part.id || part.textContent, part.getBoundingClientRect()])
          .filter(([, { left, top, right, bottom }]) => left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5)
          .map(([name, { left, top, right, bottom }]) => `${name}: ${left} ${top} ${right} ${bottom}`);
      });
      assert.deepEqual(outside, []);
      assert.deepEqual(await overflow(figure), [[0, 0], [0, 0]]);
      for (const selectors of always) assert.ok((await seen(figure, selectors.split(', '))).length > 0, selectors);
      assert.deepEqual(await seen(figure, ['#settings', '#presets', '#about', '#share', '#language', '#step']), []);
      assert.equal(await figure.page.evaluate(() => document.documentElement.dataset.embed), kind);
    }, { repeats: width === 640 });
  }

  pageTest(`embed=${kind} says what its link got wrong`, async (visitor) => {
    const figure = await visitor.embedded(`?embed=${kind}&learningRate=40&hide=nothing`, 640, 400);
    const alert = figure.page.locator('#alert');
    assert.match(await alert.textContent(), /^learningRate is 40.*\nhide is "nothing"/s);
    assert.ok(await alert.isVisible());
  });
}

pageTest('a link hides the parts and settings that it names', async (visitor) => {
  const figure = await visitor.embedded('?embed&hide=train,whole,numbers', 640, 400);
  assert.deepEqual(await seen(figure, ['#train', '#pause', '#whole', '#rho', '#verdict', '#curve']), ['#verdict', '#curve']);
  await visitor.open('?hide=seed,layers,presets');
  assert.deepEqual(await seen(visitor, ['#k-seed', '#new-seed', '#layers', '#presets', '#k-epochs', '#train']), ['#k-epochs', '#train']);
  await visitor.open('?hide=gallery');
  assert.match(await visitor.alert(), /^hide is "gallery"\. Use presets, /);
  const names = (await visitor.alert()).match(/Use (.*), or the key/)[1].split(', ');
  for (const name of names) assert.ok((await visitor.page.locator(`#${name}, [data-part~=${name}]`).count()) > 0, `nothing is called ${name}`);
});

/** A host that is higher than the window, with the frame at its top, and keeps what it hears. */
async function tall(visitor, query) {
  visitor.spoil('host.html', () => `<!doctype html><title>A lecture</title><link rel="icon" href="data:,"><body><iframe src="./${query}" width="640" height="400"></iframe><p>`);
  await visitor.page.goto(`${visitor.address}host.html`);
  await visitor.page.evaluate(() => {
    document.querySelector('p').style.height = '4000px';
    globalThis.heard = [];
    addEventListener('message', ({ data }) => globalThis.heard.push(data));
  });
  return visitor.page.frameLocator('iframe');
}

pageTest('an embed trains only in view, and a reader who paused it finds it paused', async (visitor) => {
  const frame = await tall(visitor, '?embed&epochs=5000&pace=fast&autoplay');
  const reaches = (state) => frame.locator(`html[data-state=${state}]`).waitFor({ state: 'attached' });
  const scroll = (y) => visitor.page.evaluate((y) => scrollTo(0, y), y);
  await reaches('training');
  await scroll(3000);
  await reaches('paused');
  await scroll(0);
  await reaches('training');
  await frame.locator('#pause').click();
  await reaches('paused');
  await scroll(3000);
  await visitor.page.waitForTimeout(300);
  await scroll(0);
  await visitor.page.waitForTimeout(500);
  await reaches('paused');
});

pageTest('an embed trains only while its tab is in front', async (visitor) => {
  const frame = await tall(visitor, '?embed&epochs=5000&pace=fast&autoplay');
  const reaches = (state) => frame.locator(`html[data-state=${state}]`).waitFor({ state: 'attached' });
  const turn = (hidden) => frame.locator('html').evaluate((root, hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await reaches('training');
  await turn(true);
  await reaches('paused');
  await turn(false);
  await reaches('training');
});

pageTest('keys that an embed has no use for go to its host, the others stay', async (visitor) => {
  const frame = await tall(visitor, '?embed=simplex&hidden=20x3&perClass=20');
  await frame.locator('html[data-state=ready]').waitFor({ state: 'attached' });
  const keys = () => visitor.page.evaluate(() => globalThis.heard.splice(0).filter(({ type }) => type === 'key').map(({ key, keyCode }) => [key, keyCode]));
  const layer = frame.locator('#layer');
  await layer.focus();
  for (const key of ['ArrowLeft', 'Home', 'Tab', 'Shift', 'F2', 'Control+a']) await layer.press(key);
  await frame.locator('#train').focus();
  for (const key of ['PageDown', 'Escape', 'ArrowRight', 'b']) {
    await frame.locator('#train').focus();
    await visitor.page.keyboard.press(key);
  }
  await visitor.page.waitForFunction(() => globalThis.heard.filter(({ type }) => type === 'key').length >= 4); // messages take their time
  assert.deepEqual(await keys(), [['PageDown', 34], ['Escape', 27], ['ArrowRight', 39], ['b', 66]]);
  assert.equal(await layer.inputValue(), '0');
  assert.equal(await frame.locator('html').getAttribute('data-state'), 'ready', 'no key of the page trains');
});

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
