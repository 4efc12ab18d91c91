// Everybody can use the page: keys, explanations, sizes.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';
const LONG = '?epochs=5000';
/** What the page says of its engine at length. */
const ENGINES = ['CPU SIMD, 93.9\u00a0k points/s. Software GPU, not used', 'WebGPU, NVIDIA GeForce RTX 4080 Laptop GPU, 1.3\u00a0M points/s'];

/** What of the header is cut, outside it or over something else while it says `engine`, until it is drawn again; runs in the page. */
function misplaced(engine) {
  document.getElementById('badge').textContent = engine;
  const top = document.querySelector('.top');
  const around = top.getBoundingClientRect();
  const parts = [...top.children].filter((part) => part.offsetWidth);
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return parts.filter((part, at) => {
    const box = part.getBoundingClientRect();
    const outside = box.left < 0 || box.top < 0 || box.right > around.right || box.bottom > around.bottom;
    return outside || part.scrollWidth > part.clientWidth || parts.slice(0, at).some((other) => over(box, other.getBoundingClientRect()));
  }).map((part) => part.id || part.className || part.tagName);
}

for (const [width, height] of [[320, 568], [390, 844], [800, 600], [768, 1024], [1024, 768], [1280, 720], [2560, 1440], [3840, 2160]]) {
  pageTest(`nothing overflows at ${width} x ${height}`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.open(SMALL);
    assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    const [verdict, curve, switches, timeline] = await Promise.all(['#verdict', '#curve', '#views', '.time'].map((part) => visitor.page.locator(part).boundingBox()));
    for (const [above, below] of [[verdict, curve], [curve, switches], [switches, timeline]]) {
      assert.ok(above.y + above.height <= below.y + 0.01, `${JSON.stringify(above)} and ${JSON.stringify(below)} overlap`);
    }
    for (const engine of ENGINES) assert.deepEqual(await visitor.page.evaluate(misplaced, engine), [], `the header, ${engine}`);
    assert.equal(await visitor.page.locator('#settings details[open]').count() === 0, width <= 760, 'phones fold the settings');
    if (width <= 760) {
      const bar = await visitor.page.locator('.transport').boundingBox();
      assert.ok(Math.abs(bar.y + bar.height - height) < 1, 'the buttons stand at the bottom');
    }
  }, { repeats: ![320, 768, 1280].includes(width) });
}

pageTest('the keys train, step, reset and turn the records; fields keep theirs', async (visitor) => {
  await visitor.open(LONG);
  const press = (key) => visitor.page.keyboard.press(key);
  await press('t');
  await visitor.reaches('training');
  await press('Space');
  await visitor.reaches('paused');
  const epoch = await visitor.number('epoch');
  await press('ArrowLeft');
  await visitor.page.waitForFunction((shown) => Number(document.getElementById('epoch').dataset.value) < shown, epoch);
  await press('r');
  await visitor.reaches('ready');
  await press('s');
  await visitor.reaches('paused');

  await visitor.page.locator('[name=seed]').focus();
  await press('t');
  await press('r');
  assert.equal(await visitor.state(), 'paused', 'letters typed into a field');
});

pageTest('the sheet of keys opens with ?, closes with Escape, and can switch the keys off', async (visitor) => {
  await visitor.open(SMALL);
  const sheet = visitor.page.locator('#sheet');
  await visitor.page.keyboard.press('?');
  assert.ok(await sheet.isVisible());
  await visitor.page.keyboard.press('Escape');
  assert.ok(await sheet.isHidden());
  await visitor.page.locator('#shortcuts').click();
  await visitor.page.locator('#sheet-on').uncheck();
  await visitor.page.locator('#sheet-close').click();
  await visitor.page.keyboard.press('s');
  await visitor.page.waitForTimeout(300);
  assert.equal(await visitor.state(), 'ready');
});

pageTest('every setting explains itself, by keyboard too', async (visitor) => {
  await visitor.open(SMALL);
  const rows = visitor.page.locator('#settings .row');
  const helps = visitor.page.locator('#settings .row .help');
  assert.equal(await helps.count(), await rows.count());
  const help = visitor.page.locator('.row:has(#layers) .help');
  const sentence = visitor.page.locator(`#${await help.getAttribute('aria-controls')}`);
  assert.ok(await sentence.isHidden());
  await help.focus();
  await visitor.page.keyboard.press('Enter');
  assert.ok(await sentence.isVisible());
  assert.equal(await help.getAttribute('aria-expanded'), 'true');
  const texts = await visitor.page.locator('#settings .row p.note').allTextContents();
  for (const text of texts) assert.match(text, /^[A-Z].*\.$/, 'a sentence');
  await visitor.page.keyboard.press('Enter');
  assert.ok(await sentence.isHidden());
});

pageTest('every other control explains itself, in lists that open over the page and go with Escape or a click elsewhere', async (visitor) => {
  await visitor.open(SMALL);
  const { page } = visitor;
  const sentences = await page.locator(':is(.top, .time, .means, #figure) :is(button, input, select, [role=slider]):not(.help)').evaluateAll((controls) => controls
    .filter((control) => control.ariaHasPopup !== 'dialog')
    .map((control) => {
      const id = control.closest('[aria-describedby]')?.getAttribute('aria-describedby');
      const sentence = document.getElementById(id);
      return { control: control.id || control.name, sentence: sentence?.textContent, listed: Boolean(sentence?.closest('.explained, dialog')) };
    }));
  assert.ok(sentences.length >= 14, `${sentences.length} controls`);
  for (const { control, sentence, listed } of sentences) {
    assert.match(sentence ?? '', /^[A-Z].*\.$/, `${control} has no sentence`);
    assert.ok(listed, `${control} explains itself nowhere in sight`);
  }
  assert.match(await page.locator('#about-preset').textContent(), /^$|\.$/);

  const screen = (await page.locator('.screen').boundingBox()).height;
  for (const id of ['about-views', 'about-timeline', 'about-means']) {
    const [help, list] = [page.locator(`.help[aria-controls=${id}]`), page.locator(`#${id}`)];
    const open = async (expected) => {
      assert.equal(await list.isVisible(), expected);
      assert.equal(await help.getAttribute('aria-expanded'), String(expected));
    };
    await open(false);
    await help.press('Enter');
    await open(true);
    const { x, y, width, height } = await list.boundingBox();
    assert.ok(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 720, 'in sight');
    assert.equal((await page.locator('.screen').boundingBox()).height, screen, 'moves nothing');
    await page.keyboard.press('Escape');
    await open(false);
    await help.click();
    await list.click();
    await open(true);
    await page.locator('#rho').click();
    await open(false);
  }
});

pageTest('the summary is said at most every five seconds', async (visitor) => {
  await visitor.open(LONG);
  await visitor.page.evaluate(() => {
    globalThis.said = [];
    new MutationObserver(() => said.push(performance.now())).observe(document.getElementById('summary'), { childList: true, characterData: true, subtree: true });
  });
  await visitor.click('train');
  await visitor.page.waitForTimeout(12_000);
  const said = await visitor.page.evaluate(() => globalThis.said);
  assert.ok(said.length >= 2, `${said.length} sentences`);
  for (let i = 1; i < said.length; i++) assert.ok(said[i] - said[i - 1] >= 4900, `${said[i] - said[i - 1]} ms apart`);
  assert.match(await visitor.page.locator('#summary').textContent(), /^Epoch [\d.]+\. D .*rho/);
});

pageTest('the theme button goes round, and the link keeps it', async (visitor) => {
  await visitor.page.emulateMedia({ colorScheme: 'light' });
  await visitor.open(SMALL);
  const paper = () => visitor.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await visitor.click('theme');
  assert.equal(visitor.query().get('theme'), 'light');
  await visitor.click('theme');
  assert.equal(visitor.query().get('theme'), 'dark');
  assert.notEqual(await paper(), light);
  await visitor.click('theme');
  assert.equal(visitor.query().get('theme'), null);
  assert.equal(await paper(), light);
});

pageTest('present=1 leaves the figure, with rho at 48 px', async (visitor) => {
  await visitor.open(`${SMALL}&present=1`);
  assert.ok(await visitor.page.locator('#settings').isHidden());
  assert.equal(await visitor.page.locator('#rho').evaluate((rho) => getComputedStyle(rho).fontSize), '48px');
});
