// The Quarto deck and the notebook of www/examples: every address in them, opened in a frame of its size, shows a figure and no alert.
// Neither Quarto nor Jupyter is needed: the deck's addresses stand in it, and Python makes the notebook's.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visit } from './browser.mjs';
import { shown } from './notebook.mjs';

const SITE = fileURLToPath(new URL('../../dist/', import.meta.url));
const COPY = 'https://example.org/separation/';
const read = (name) => fs.readFileSync(new URL(`../../www/examples/${name}`, import.meta.url), 'utf8');

/** The addresses of the Quarto deck: backgrounds fill a slide of reveal.js. */
function deck() {
  const text = read('quarto.qmd');
  const backgrounds = [...text.matchAll(/^## .+ \{background-iframe="(.+?)" background-interactive=true\}$/gm)].map(([, url]) => ({ url, width: 1280, height: 720 }));
  const frames = [...text.matchAll(/<iframe src="(.+?)" width="(\d+)" height="(\d+)" title=".+?"/g)].map(([, url, width, height]) => ({ url, width, height }));
  assert.equal(backgrounds.length + frames.length, text.split(COPY).length - 2, 'each address but the one of the remark');
  return [...backgrounds, ...frames];
}

for (const [name, frames] of [['quarto.qmd', deck], ['notebook.ipynb', (t) => shown('notebook.ipynb', t)]]) {
  test(`every address of ${name} shows a figure`, { timeout: 300_000 }, async (t) => {
    const all = frames(t);
    if (!all) return;
    assert.ok(all.length >= 3, `${all.length} addresses`);
    for (const { url, width, height } of all) {
      assert.ok(url.startsWith(COPY), url);
      const host = `<!doctype html><html lang="en"><title>A document</title><link rel="icon" href="data:,"><iframe title="Figure" src="${url.replace(COPY, './')}" width="${width}" height="${height}"></iframe>`;
      await visit(SITE, 'host.html', async (page) => {
        const frame = await (await page.locator('iframe').elementHandle()).contentFrame();
        await frame.locator('html:is([data-state=ready], [data-state=training], [data-state=finished])').waitFor({ state: 'attached' });
        assert.deepEqual((await frame.locator('[role=alert]').allTextContents()).filter(Boolean), [], url);
        assert.ok(await frame.locator('html[data-embed]').count(), `${url} is an embed`);
        const box = await frame.locator('canvas:visible').first().boundingBox();
        assert.ok(box.width > 0.8 * width && box.height > 0.5 * height, `${url}: the figure has ${box.width} x ${box.height}`);
        await page.waitForTimeout(500);
        const colors = await frame.locator('canvas:visible').first().evaluate((canvas) => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size);
        assert.ok(colors > 3, `${url} draws ${colors} colours`);
      }, { 'host.html': host });
    }
  });
}
