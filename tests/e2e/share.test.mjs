// The share dialog: a link, an embed, and the copy buttons.
import assert from 'node:assert/strict';
import { BROWSER } from './browsers.mjs';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3&seed=5';

async function share(visitor, part) {
  await visitor.click('share');
  await visitor.page.locator(`#share-what input[value=${part}]`).check();
}

const value = (visitor, id) => visitor.page.locator(`#${id}`).inputValue();

pageTest('the link has the whole state, with the engine that ran, and leads to the same run', async (visitor) => {
  await visitor.open(`${SMALL}&curves=training&axis=linear`);
  await visitor.train();
  const digits = await visitor.digits();
  await share(visitor, 'link');
  const link = new URL(await value(visitor, 'copy-link'));
  assert.equal(link.origin + link.pathname, visitor.address);
  assert.deepEqual(Object.fromEntries(link.searchParams), { hidden: '20x3', perClass: '20', epochs: '3', seed: '5', engine: 'cpu', axis: 'linear', curves: 'training' });
  await visitor.open(link.search);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), digits);
});

pageTest('Copy copies and says so', async (visitor) => {
  if (BROWSER === 'chromium') await visitor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitor.open(SMALL);
  await share(visitor, 'link');
  const button = visitor.page.locator('[data-copies=copy-link]');
  await button.click();
  await visitor.page.locator('#share-said:not(:empty)').waitFor();
  assert.deepEqual([await button.textContent(), await visitor.page.locator('#share-said').textContent()], ['Copied', 'Copied to the clipboard.']);
  assert.equal(await visitor.page.evaluate(() => navigator.clipboard.readText()), await value(visitor, 'copy-link'));
});

pageTest('where the clipboard is denied the text is selected', async (visitor) => {
  await visitor.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await visitor.open(SMALL);
  await share(visitor, 'cite');
  await visitor.page.locator('[data-copies=copy-paper]').click();
  await visitor.page.locator('#share-said:not(:empty)').waitFor();
  assert.match(await visitor.page.locator('#share-said').textContent(), /selected/);
  const selected = await visitor.page.evaluate(() => {
    const { id, value, selectionStart, selectionEnd } = document.activeElement;
    return [id, value.slice(selectionStart, selectionEnd)];
  });
  assert.deepEqual(selected, ['copy-paper', await value(visitor, 'copy-paper')]);
});

pageTest('the embed code follows the form, and the preview shows what it embeds', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await share(visitor, 'embed');
  const page = visitor.page;
  assert.match(await value(visitor, 'copy-embed'), /^<iframe src="[^"]*engine=cpu[^"]*embed=decay"\s+width="640" height="400"/);
  await page.locator('#embed-width').fill('480');
  await page.locator('#embed-width').press('Tab');
  await page.locator('[data-hides]').first().uncheck();
  const hidden = await page.locator('[data-hides]').first().getAttribute('data-hides');
  assert.match(await value(visitor, 'copy-embed'), new RegExp(`&amp;hide=${hidden}"\\s+width="480"`));
  const preview = page.frameLocator('#preview iframe');
  await preview.locator('html[data-embed][data-state=ready]').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#preview iframe').evaluate((frame) => frame.clientWidth), 480);

  for (const [kind, pattern] of [
    ['reveal', /<section>[^]*data-src="[^"]*embed=decay&amp;hide[^]*data-preload/],
    ['quarto', /^## .* \{background-iframe="[^"]*embed=decay&hide=\w+" background-interactive=true\}$/],
    ['jupyter', /^from IPython.display import IFrame\n\nIFrame\("[^"]*embed=decay&hide=\w+", width=480, height=400\)$/],
  ]) {
    await page.locator('#embed-kind').selectOption(kind);
    assert.match(await value(visitor, 'copy-embed'), pattern);
  }
  for (const figure of ['simplex', 'loss', 'layer-peeled', 'all']) {
    await page.locator('#embed-figure').selectOption(figure);
    assert.match(await value(visitor, 'copy-embed'), new RegExp(`embed=${figure}&hide`));
    await preview.locator(`html[data-embed=${figure}]:not([data-state=loading])`).waitFor({ state: 'attached' });
    assert.equal(await preview.locator('[role=alert]').first().textContent(), '');
  }
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#preview iframe').count(), 0, 'nothing goes on behind a closed dialog');
});

pageTest('the dialog opens with keys, closes with Escape and gives the focus back', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.page.locator('#share').press('Enter');
  await visitor.page.locator('#sharing[open]').waitFor();
  await visitor.page.keyboard.press('Tab');
  await visitor.page.keyboard.press('ArrowRight');
  assert.ok(await visitor.page.locator('[data-share=embed]').isVisible());
  await visitor.page.keyboard.press('Escape');
  assert.ok(!(await visitor.page.locator('#sharing').isVisible()));
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'share');
});

for (const [width, height] of [[1280, 720], [320, 568]]) {
  pageTest(`nothing in the dialog overflows at ${width} x ${height}`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.open(SMALL);
    await visitor.click('share');
    for (const part of ['link', 'embed', 'export', 'cite']) {
      await visitor.page.locator(`#share-what input[value=${part}]`).check();
      const [inner, outer] = await visitor.page.locator('#sharing').evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
      assert.ok(inner <= outer, `${part}: ${inner} px in ${outer}`);
    }
  });
}
