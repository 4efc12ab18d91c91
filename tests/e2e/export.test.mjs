// What leaves the page: each figure as PNG and SVG, the records as CSV and JSON, the run in words.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=12&seed=5&engine=auto';
const FIGURES = { decay: 'curve', simplex: 'simplex', cosines: 'simplex', loss: 'history', emergence: 'emergence', collapse: 'over-epochs', 'layer-peeled': 'peeled', minority: 'collapse-curve' };

/** Opens the dialog at one of its parts. */
async function share(visitor, part) {
  await visitor.click('share');
  await visitor.page.locator(`#share-what input[value=${part}]`).check();
}

/** What pressing a button downloads: its name and bytes. */
async function download(visitor, button) {
  const started = visitor.page.waitForEvent('download');
  await visitor.click(button);
  const file = await started;
  return [file.suggestedFilename(), fs.readFileSync(await file.path())];
}

pageTest('every figure is a PNG of twice its size, and an SVG of its size, both with ink', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await share(visitor, 'export');
  for (const [figure, canvas] of Object.entries(FIGURES)) {
    await visitor.page.locator('#export-figure').selectOption(figure);
    const [width, height] = await visitor.page.locator(`#${canvas}`).evaluate((element) => [element.clientWidth + 24, element.clientHeight + 24]); // 12 px of paper on each side
    const [png, bytes] = await download(visitor, 'export-png');
    assert.equal(png, `run-seed-5-epoch-12-${figure}.png`);
    assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * width, 2 * height], figure);
    const colors = await visitor.page.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
      return { distinct: new Set(pixels).size, inked: pixels.filter((pixel) => pixel !== pixels[0]).length / pixels.length };
    }, bytes.toString('base64'));
    assert.ok(colors.distinct > 20 && colors.inked > 0.005, `${figure}: ${JSON.stringify(colors)}`);

    const [svg, text] = await download(visitor, 'export-svg');
    assert.equal(svg, `run-seed-5-epoch-12-${figure}.svg`);
    const parsed = await visitor.page.evaluate((source) => {
      const document = new DOMParser().parseFromString(source, 'image/svg+xml');
      const { documentElement: root } = document;
      const marks = document.querySelectorAll('circle, line, polyline, polygon, rect').length;
      return [root.localName, Number(root.getAttribute('width')), Number(root.getAttribute('height')), marks > 5, document.querySelectorAll('text').length > 1];
    }, text.toString());
    assert.deepEqual(parsed, ['svg', width, height, true, true], figure);
  }
});

pageTest('the decay curve in the SVG names its layers', async (visitor) => {
  await visitor.open(SMALL);
  await share(visitor, 'export');
  const [, svg] = await download(visitor, 'export-svg');
  assert.match(svg.toString(), />\s*pixels\s*</);
});

pageTest('CSV and JSON hold the numbers of the page, and the engine that ran', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const { train, test, rho, pearson, loss, 'test-accuracy': accuracy } = await visitor.digits();
  await share(visitor, 'export');
  const [name, csv] = await download(visitor, 'export-csv');
  assert.equal(name, 'run-seed-5-epoch-12-records.csv');
  const [headings, ...lines] = csv.toString().trim().split('\n').map((line) => line.split(','));
  const last = (column) => Number(lines.at(-1)[headings.indexOf(column)]);
  assert.deepEqual([last('epoch'), last('loss'), last('test_accuracy'), last('train_rho'), last('train_r')], [12, loss, accuracy, rho, pearson]);
  for (const [split, values] of [['train', train], ['test', test]]) assert.deepEqual(values.map((_, layer) => last(`${split}_D${layer}`)), values);
  assert.deepEqual(lines.map((line) => Number(line[0])), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]);

  const [, json] = await download(visitor, 'export-json');
  const { config, processor, records } = JSON.parse(json);
  assert.deepEqual([config.seed, config.engine, processor.engine, records.length], [5, 'cpu', 'cpu', lines.length]);
  assert.deepEqual(records.at(-1).train.fuzziness, train);
  assert.equal(records.at(-1).train.film, undefined);
});

pageTest('the run in words has the numbers of the page, and the paper its DOI', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const rho = await visitor.number('rho');
  await share(visitor, 'cite');
  const words = await visitor.page.locator('#copy-methods').inputValue();
  for (const part of ['of 4 layers', 'hidden widths 20x3', 'seed 5', 'rank 9', 'batches of 100', `rho = ${rho.toFixed(3)}`, 'CPU SIMD']) assert.ok(words.includes(part), `${part}: ${words}`);
  assert.match(await visitor.page.locator('#copy-paper').inputValue(), /10\.1073\/pnas\.2221704120/);
  assert.match(await visitor.page.locator('#copy-software').inputValue(), /@software/);
});

pageTest('a recording is exported as what it is', async (visitor) => {
  await visitor.open();
  await share(visitor, 'export');
  assert.ok(await visitor.page.locator('#export-run').isDisabled());
  const [, json] = await download(visitor, 'export-json');
  const { config, processor, records } = JSON.parse(json);
  assert.deepEqual([config.engine, processor, records.at(-1).epoch], ['cpu', null, 600]);
});
