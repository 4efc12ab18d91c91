// The page as one file: opened from disk with the network off, it is the page.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pageTest } from './harness.mjs';

const SINGLE = fileURLToPath(new URL('../../dist/single.html', import.meta.url));
const SMALL = '?hidden=20x3&perClass=20&epochs=12&seed=5';
const MOST = 1_200_000;

/** Opens the file at `place` with the network off, and waits until it has something to show. */
async function openFile(visitor, place, query = '') {
  await visitor.page.context().setOffline?.(true); // WebDriver has no such switch; the file's policy lets it reach nothing
  await visitor.page.goto('about:blank');
  await visitor.page.goto(pathToFileURL(place).href + query);
  await visitor.reaches(['ready', 'failed']);
  await visitor.stirs();
}

/** Saves the page as one file; returns where it lies. */
async function save(visitor) {
  await visitor.click('share');
  await visitor.page.locator('#share-what input[value=export]').check();
  const started = visitor.page.waitForEvent('download');
  await visitor.click('save-single');
  const file = await started;
  const place = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'one-file-')), file.suggestedFilename());
  await file.saveAs(place);
  await visitor.page.keyboard.press('Escape');
  return place;
}

pageTest('the one file weighs at most 1.2 MB, and its policy names scripts and styles by their hashes', async () => {
  const html = fs.readFileSync(SINGLE, 'utf8');
  assert.ok(html.length <= MOST, `${html.length} bytes`);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+';/);
  assert.doesNotMatch(policy, /unsafe-inline|'self'|https?:|connect-src/);
});

pageTest('opened from disk without a network it trains a run to the digits of the page', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const digits = await visitor.digits();
  await openFile(visitor, SINGLE, SMALL);
  assert.ok(visitor.page.url().startsWith('file:'));
  await visitor.train();
  assert.deepEqual(await visitor.digits(), digits);
});

pageTest('opened from disk it plays the recorded default, and trains it as the page does', async (visitor) => {
  await visitor.open();
  await visitor.page.locator('#step').click();
  await visitor.reaches('paused');
  const digits = await visitor.digits();
  await openFile(visitor, SINGLE);
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'recorded');
  assert.ok((await visitor.number('rho')) > 0);
  await visitor.page.locator('#step').click();
  await visitor.reaches('paused');
  assert.deepEqual(await visitor.digits(), digits);
});

pageTest('a saved file carries the settings and the curves of its run, and trains the same run again', async (visitor) => {
  await visitor.open(`${SMALL}&axis=linear`);
  await visitor.train();
  const digits = await visitor.digits();
  const place = await save(visitor);
  assert.match(path.basename(place), /^run-seed-5-epoch-12-page\.html$/);
  assert.ok(fs.statSync(place).size <= MOST);

  await openFile(visitor, place);
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'recorded');
  assert.ok(await visitor.page.locator('#view-linear').isChecked());
  await visitor.page.locator('#epoch[data-value="12"]').waitFor({ state: 'attached' });
  const near = (a, b) => assert.ok(Math.abs(a - b) <= 1e-3 * Math.abs(b), `${a} is not ${b}`);
  (await visitor.fuzziness()).train.forEach((d, layer) => near(d, digits.train[layer]));
  await visitor.train();
  assert.deepEqual(await visitor.digits(), digits);

  // And the file saves itself, with what it shows now.
  await visitor.page.locator('#k-seed').fill('6');
  await visitor.page.locator('#k-seed').press('Tab');
  await visitor.reaches('ready');
  const second = await save(visitor);
  await openFile(visitor, second);
  assert.equal(await visitor.page.locator('#k-seed').inputValue(), '6');
  assert.equal(await visitor.page.locator('#preset').inputValue(), '');
});

pageTest('images that the file does not hold are refused with a message; the run on show stays', async (visitor) => {
  await openFile(visitor, SINGLE, SMALL);
  await visitor.train();
  const digits = await visitor.digits();
  await visitor.page.locator('#settings details').first().evaluate((details) => { details.open = true; });
  await visitor.page.locator('#k-dataset').selectOption('fashion-mnist-28x28');
  assert.match(await visitor.alerted(/28x28/), /this page is one file/);
  assert.deepEqual(await visitor.digits(), digits);
});

pageTest('a file saved from a run of other images holds them', async (visitor) => {
  await visitor.open('?dataset=fashion-mnist-28x28&hidden=10x3&perClass=10&epochs=2');
  await visitor.train();
  const digits = await visitor.digits();
  const place = await save(visitor);
  await openFile(visitor, place);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), digits);
});

pageTest('without single.html on the server the button says so', async (visitor) => {
  visitor.spoil('single.html', () => 'something else');
  await visitor.open(SMALL);
  await visitor.click('share');
  await visitor.page.locator('#share-what input[value=export]').check();
  await visitor.click('save-single');
  await visitor.page.locator('#share-said:not(:empty)').waitFor();
  assert.match(await visitor.page.locator('#share-said').textContent(), /could not be made.*single\.html/);
});
