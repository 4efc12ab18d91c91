// axe-core finds nothing: every panel of the page, each in a state that has content, in both themes, in both languages, and on a phone.
import assert from 'node:assert/strict';
import { SHORT, pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3&sweepEpochs=1&sweepSeeds=1&minorityEpochs=2&minorityPerClass=30';
const SECTIONS = ['#epochs', '#galleries section:has(a)', '#sweeps', '#grid', '#robustness', '#minority', '#features', '#about'];

const reaches = (visitor, section, state) => visitor.page.locator(`${section}[data-state=${state}]`).waitFor({ state: 'attached', timeout: 60_000 });

/** Fills every section of the page, and opens whatever stays open. */
async function fill(visitor) {
  const { page } = visitor;
  await visitor.fill();
  await page.locator('#features-classes').check();
  await page.locator('.row .help, #view-classes').evaluateAll((all) => all.forEach((button) => button.click()));
  await page.locator('details').evaluateAll((all) => all.forEach((group) => { group.open = true; }));
  for (const section of SECTIONS) {
    for (const part of await page.locator(section).all()) await part.evaluate((part) => part.scrollIntoView());
    await visitor.drawn();
  }
  await page.locator('#grid-table a[data-state=recorded]').nth(24).waitFor();
  for (const [button, section] of [['sweep-train', '#sweeps'], ['minority-train', '#minority']]) {
    await visitor.click(button);
    await reaches(visitor, section, 'finished');
  }
  // Drawn beside the run that stands.
  await visitor.click('predict');
  await visitor.click('guess-done');
  await visitor.click('robust-take');
  // What is wrong is said: of a setting, and of files of images.
  await page.locator('[name=learningRate]').fill('40');
  await page.locator('[name=learningRate]').press('Tab');
  await visitor.alerted(/40/);
  await page.locator('#k-dataset').selectOption('own');
  await page.locator('#images-files').setInputFiles([{ name: 'empty.npz', mimeType: 'application/octet-stream', buffer: Buffer.alloc(0) }]);
  await page.locator('#images-said.bad').waitFor();
}

/** In short without the dark, in which the same is looked at once more. */
const THEMES = SHORT ? ['light'] : ['light', 'dark'];

/** Asserts that nothing is wrong with the page, or a part of it, in these themes. */
async function assertFree(visitor, themes, what, part) {
  for (const colorScheme of themes) {
    await visitor.page.emulateMedia({ colorScheme });
    await visitor.drawn();
    assert.deepEqual(await visitor.barriers(part), [], `${what}, ${colorScheme}`);
  }
}

/** What opens over the page or in the place of something else: its name, what opens it, and the part of the page that it is. */
const OPENED = [
  ...['all', 'three', 'four', 'cosines'].map((view) => [`the class means, ${view}`, ({ page }) => page.locator(`#means-${view}`).check({ force: true }), '.means']),
  ['a layer of the curve', ({ page }) => page.locator('#reader').focus(), '#figure'],
  ...['views', 'means', 'timeline'].map((list) => [`what is said of ${list}`, ({ page }) => page.locator(`[aria-controls=about-${list}]`).press('Enter'), `#about-${list}`]),
  ['the keys', (visitor) => visitor.click('shortcuts'), '#sheet'],
  ...['link', 'embed', 'export', 'cite'].map((what) => [`sharing, ${what}`, async (visitor) => {
    await visitor.click('share');
    await visitor.page.locator(`#share-what [value=${what}]`).check();
  }, '#sharing']),
  ['a guess', (visitor) => visitor.click('predict'), '#figure'],
  ['the tour', (visitor) => visitor.click('tour-open'), '#tour'],
];

for (const [lang, width, height, themes] of [['en', 1280, 720, THEMES], ['zh', 1280, 720, THEMES], ['en', 320, 568, ['dark']], ['zh', 390, 844, ['light']]]) {
  pageTest(`no panel has a barrier: ${lang}, ${width} x ${height}`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 2 }));
    await visitor.open(`${SMALL}&lang=${lang}`);
    await visitor.train();
    for (const [what, open, part] of OPENED) {
      await open(visitor);
      await visitor.page.locator(part).waitFor();
      await assertFree(visitor, themes, what, part);
      await visitor.page.keyboard.press('Escape');
    }
    await visitor.open(`${SMALL}&lang=${lang}`);
    await fill(visitor);
    await assertFree(visitor, themes, 'everything that can be open at once');
    const gallery = visitor.page.locator('#gallery-fig1 .conduct button');
    await gallery.click();
    await reaches(visitor, '#gallery-fig1', 'training');
    assert.deepEqual(await visitor.barriers('#gallery-fig1 .conduct'), [], 'a gallery that trains');
    await gallery.click();
    await reaches(visitor, '#gallery-fig1', 'paused');
    await visitor.open(`${SMALL}&lang=${lang}&present`);
    await assertFree(visitor, themes, 'on a projector');
  }, { timeout: 600_000, repeats: lang !== 'en' || width !== 1280 });
}

for (const lang of ['en', 'zh']) {
  pageTest(`no embed has a barrier: ${lang}`, async (visitor) => {
    for (const kind of ['decay', 'simplex', 'loss', 'layer-peeled', 'all']) {
      const figure = await visitor.embedded(`${SMALL}&embed=${kind}&lang=${lang}&autoplay`, 900, 600);
      await figure.reaches(['finished', 'ready']);
      for (const colorScheme of THEMES) {
        await visitor.page.emulateMedia({ colorScheme });
        assert.deepEqual(await figure.barriers(), [], `${kind}, ${colorScheme}`);
      }
    }
  }, { repeats: lang !== 'en' });
}
