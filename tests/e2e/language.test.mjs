// The page in Chinese: chosen by the link, by the browser or by the menu, complete, and as usable as in English.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';
const ZH = `${SMALL}&lang=zh`;
const CHINESE = /\p{Script=Han}/u;

const lang = (visitor) => visitor.page.locator('html').getAttribute('lang');
/** Waits until the texts are in a language. */
async function speaks(visitor, lang) {
  await visitor.page.locator(`html[lang=${lang}]`).waitFor({ state: 'attached' });
  await visitor.drawn();
}
const opened = (visitor) => visitor.page.locator('details').evaluateAll((all) => all.forEach((group) => { group.open = true; }));

/** Names and words that Chinese texts of the field keep. */
const KEPT = new Set(`Separation Playground Fashion MNIST IDX npz npy safetensors labels THIRD PARTY txt PyTorch Adam SGD ReLU Leaky Tanh CPU GPU WebGPU SIMD SwiftShader PNAS pnas doi arXiv Tab Home Esc
  Equi English CIFAR BibTeX PNG SVG CSV JSON HTML Ctrl reveal Quarto Jupyter train Fang He Long Su law data separation deep learning px
  Papyan Han Donoho Prevalence neural collapse during the terminal phase training Exploring networks via layer peeled model minority imbalanced`.split(/\s+/));
/** The words in Latin letters that are left, short ones being variables, units and keys. */
const foreign = (texts) => [...new Set(texts.flatMap((text) => text.match(/[A-Za-z]{3,}/g) ?? []))].filter((word) => !KEPT.has(word));

/** Records what figures write; before the page opens. */
function listening(visitor) {
  return visitor.page.addInitScript(() => {
    globalThis.written = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      globalThis.written.add(text);
      return fillText.call(this, text, ...rest);
    };
  });
}

pageTest('no English is left on the page or in its figures', async (visitor) => {
  await listening(visitor);
  await visitor.open(ZH);
  await visitor.train();
  await opened(visitor);
  await visitor.page.locator('#view-classes').check();
  await visitor.page.locator('#reader').focus();
  for (const part of ['#over-epochs', '.panels', '#collapse-curve']) {
    await visitor.page.locator(part).first().scrollIntoViewIfNeeded();
    await visitor.page.waitForTimeout(500);
  }
  const texts = await visitor.page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest('noscript, math, code')) found.push(walker.currentNode.data);
    }
    for (const name of ['aria-label', 'aria-valuetext', 'title', 'alt', 'label']) {
      for (const element of document.querySelectorAll(`body [${name}]`)) found.push(element.getAttribute(name));
    }
    return found;
  });
  assert.ok(texts.filter((text) => CHINESE.test(text)).length > 300, 'the page speaks Chinese');
  // Presets are found under their id where a title is missing, as texts are under their key.
  assert.deepEqual(foreign(texts), []);
  const written = await visitor.page.evaluate(() => [...globalThis.written]);
  for (const word of ['训练', '像素', '损失', '少数类分类器之间的余弦', '运动鞋']) assert.ok(written.includes(word), `no figure says ${word}`);
  assert.deepEqual(foreign(written), []);
});

for (const [width, height] of [[320, 568], [390, 844], [1024, 768], [1280, 720]]) {
  pageTest(`nothing overflows in Chinese at ${width} x ${height}`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.open(ZH);
    await opened(visitor);
    assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    const cut = await visitor.page.locator('button, .row > label, .row > span, .seg label, h1, h2, .stats dt, .nc dt').evaluateAll((all) => all
      .filter((element) => element.checkVisibility() && (element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1))
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => element.outerHTML.slice(0, 80)));
    assert.deepEqual(cut, []);
    const [verdict, curve, switches, timeline] = await Promise.all(['#verdict', '#curve', '#views', '.time'].map((part) => visitor.page.locator(part).boundingBox()));
    for (const [above, below] of [[verdict, curve], [curve, switches], [switches, timeline]]) assert.ok(above.y + above.height <= below.y + 1);
  }, { repeats: ![320, 1280].includes(width) });
}

pageTest('the browser chooses the language, and a link that names one has the last word', async (visitor) => {
  const prefer = (...tags) => visitor.page.addInitScript((tags) => Object.defineProperty(navigator, 'languages', { get: () => tags, configurable: true }), tags);
  await prefer('zh-TW', 'en');
  await visitor.open(SMALL);
  assert.equal(await lang(visitor), 'zh');
  assert.equal(visitor.query().get('lang'), null, 'a link is for everybody');
  await visitor.open(`${SMALL}&lang=en`);
  assert.equal(await lang(visitor), 'en');
  await visitor.open(`${SMALL}&lang=zh-CN`);
  assert.equal(await lang(visitor), 'zh');
  await prefer('fr-FR');
  await visitor.open(SMALL);
  assert.equal(await lang(visitor), 'en');
  await visitor.open(`${SMALL}&lang=tlh`);
  assert.match(await visitor.alert(), /lang is "tlh"\. Use "en" or "zh"/);
  assert.equal(await lang(visitor), 'en');
});

pageTest('another language from the menu leaves the run as it is, and goes into the link and its history', async (visitor) => {
  await visitor.open('?epochs=5000');
  await visitor.click('train');
  await visitor.reaches('training');
  const menu = visitor.page.locator('#language');
  await menu.focus();
  await visitor.page.keyboard.press('ArrowDown'); // without a mouse
  await speaks(visitor, 'zh');
  assert.equal(await visitor.state(), 'training');
  assert.equal(visitor.query().get('lang'), 'zh');
  await visitor.click('pause');
  await visitor.reaches('paused');
  const before = await visitor.digits();
  assert.match(await visitor.page.locator('#train-text').textContent(), /^继续$/);
  assert.match(await visitor.page.locator('#left').textContent(), /^已暂停/);
  assert.match(await visitor.page.locator('#preset option:checked').textContent(), CHINESE);
  assert.match(await visitor.page.locator('.panels b').first().textContent(), CHINESE);
  assert.equal(await visitor.page.locator('.row:has(#layers) .help').getAttribute('aria-label'), '关于“层数”');
  await menu.selectOption('en');
  await speaks(visitor, 'en');
  assert.equal(await visitor.page.locator('#train-text').textContent(), 'Continue');
  assert.equal(await visitor.page.locator('.row:has(#layers) .help').getAttribute('aria-label'), 'About Layers');
  assert.match(await visitor.page.locator('#left').textContent(), /^Paused/);
  assert.deepEqual(await visitor.digits(), before);
});

pageTest('going back to a link in another language changes the words', async (visitor) => {
  await visitor.open(ZH);
  await visitor.page.locator('#preset').selectOption('k3');
  await visitor.page.locator('#language').selectOption('en');
  await speaks(visitor, 'en');
  await visitor.page.goBack();
  await speaks(visitor, 'zh');
  assert.equal(await visitor.page.locator('#language').inputValue(), 'zh');
});

pageTest('a language that cannot be loaded is named, and the words stay', async (visitor) => {
  await visitor.open(SMALL);
  visitor.spoil('strings/zh.json', () => 'nothing of the kind');
  await visitor.page.locator('#language').selectOption('zh');
  assert.match(await visitor.alerted(/strings/), /could not load/);
  assert.equal(await lang(visitor), 'en');
  assert.equal(await visitor.page.locator('#language').inputValue(), 'en');
});

pageTest('texts that never come leave a message, and an embed speaks Chinese', async (visitor) => {
  visitor.spoil('strings/zh.json', () => '');
  await visitor.open(ZH);
  assert.equal(await visitor.state(), 'failed');
  assert.match(await visitor.alert(), /error\.load/);
  visitor.complaints.length = 0; // the console has the same message
  visitor.mend();
  const figure = await visitor.embedded(`${ZH}&embed`, 320, 240);
  assert.equal(await figure.page.locator('#train').getAttribute('aria-label').then((name) => name ?? figure.page.locator('#train-text').textContent()), '训练');
});
