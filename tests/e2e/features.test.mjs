// Files of features of the reader's own network: measured as NumPy does, arranged, compared, exported; and whatever is no such file.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageTest } from './harness.mjs';

const FOLDER = fileURLToPath(new URL('../golden/features/', import.meta.url));
const GOLDEN = JSON.parse(fs.readFileSync(path.join(FOLDER, 'golden.json'), 'utf8'));
const LAYERS = ['input', 'h1', 'conv', 'h2', 'tokens', 'codes', 'h3'];

const give = (visitor, ...files) => visitor.page.locator('#features-files').setInputFiles(files.map((file) => (typeof file === 'string' ? path.join(FOLDER, file) : file)));
const bytes = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) });
/** The rows of the table: name, D, d; waits until `first` leads it. */
const rows = (visitor) => visitor.page.locator('#features-layers tbody tr').evaluateAll((all) => all.map((row) => {
  const cells = [...row.cells];
  const numbers = cells.filter((cell) => cell.matches('td:not(:has(button, input))')).map((cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value)));
  return { name: cells[0].textContent.replace(/^\d+ · /, ''), numbers, used: row.querySelector('[data-does=used]').checked, block: row.querySelector('[data-does=block]').checked };
}));
const shown = (visitor, name = 'input') => visitor.page.waitForFunction((name) => document.querySelector('#features').dataset.state === 'ready' && document.querySelector('#features-layers tbody th')?.textContent.includes(name), name);
const near = (a, b) => Math.abs(a - b) <= 1e-5 * Math.abs(b) + 1e-9;
const said = (visitor) => visitor.page.locator('#features-said').textContent();
const alerted = async (visitor, pattern) => {
  const alert = visitor.page.locator('#features-alert').filter({ hasText: pattern });
  await alert.waitFor();
  await visitor.drawn(); // what the section shows besides follows at the next frame
  return alert.textContent();
};

/** An npy file, version 1. */
function npy(descr, shape, data) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = header.padEnd(117) + '\n';
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]), Buffer.from(padded, 'latin1'), Buffer.from(data)]);
}

pageTest('npz, deflated npz, safetensors and npy files give what NumPy gives', async (visitor) => {
  await visitor.open();
  await visitor.page.locator('#features').scrollIntoViewIfNeeded();
  for (const file of ['plain.npz', 'deflated.npz', 'features.safetensors']) {
    await give(visitor, file);
    await visitor.page.waitForFunction((name) => document.querySelector('#features-said').textContent.includes(`${name}: 60 points, 4 classes.`), file);
    const found = await rows(visitor);
    // A safetensors file has no order of its own.
    assert.deepEqual(found.map(({ name }) => name), file.endsWith('safetensors') ? LAYERS.toSorted() : LAYERS);
    assert.equal((await visitor.page.locator('#features-ignored').textContent()).includes('order of their names'), file.endsWith('safetensors'));
    for (const { name, numbers: [d, , nc1, angles, lengths, ncc] } of found) {
      const golden = file.endsWith('safetensors') && name === 'h1' ? GOLDEN.bfloat16 : GOLDEN.flatten[name];
      for (const [value, of] of [[d, golden.fuzziness], [nc1, golden.nc1], [angles, golden.angles], [lengths, golden.equinorm], [ncc, golden.nccAccuracy]]) assert.ok(near(value, of), `${file}, ${name}: ${value}, not ${of}`);
    }
  }
  // Several files, in the order of their names.
  const read = (name) => fs.readFileSync(path.join(FOLDER, name));
  await give(visitor, bytes('h10.npy', read('input.npy')), bytes('labels.npy', read('labels.npy')), bytes('H9.npy', read('h2.npy')));
  await shown(visitor, 'H9');
  assert.deepEqual((await rows(visitor)).map(({ name }) => name), ['H9', 'h10']);
  assert.match(await said(visitor), /^Fewer than three layers have a D to fit/);
  const { at } = await visitor.ink(['ink'], 'features-curve');
  assert.ok(at.ink.length > 100);
});

pageTest('labels and further axes are the reader’s choice, and each choice is measured anew', async (visitor) => {
  await visitor.open();
  await give(visitor, 'plain.npz');
  await shown(visitor);
  const { page } = visitor;
  assert.deepEqual(await page.locator('#features-labels option').allTextContents(), ['labels']);
  await page.locator('#features-spatial [value=average]').check({ force: true });
  await page.waitForFunction((d) => Math.abs(Number(document.querySelector('#features-layers [data-layer="2"] [data-split=D]').dataset.value) / d - 1) < 1e-5, GOLDEN.average.conv.fuzziness);
  for (const { name, numbers } of await rows(visitor)) assert.ok(near(numbers[0], GOLDEN.average[name].fuzziness), name);

  // Two arrays that could be labels: the page asks, and nothing is lost until it is told.
  const layer = Buffer.from(new Float32Array([0, 1, 4, 5]).buffer);
  const two = [bytes('a.npy', npy('|i1', '(4,)', [0, 0, 1, 1])), bytes('b.npy', npy('|i1', '(4,)', [0, 1, 0, 1])), bytes('h.npy', npy('<f4', '(4, 1)', layer))];
  await give(visitor, ...two);
  assert.match(await alerted(visitor, /could be the labels/), /each of a, b could be the labels; choose one/);
  assert.match(await said(visitor), /plain\.npz: 60 points/);
  assert.deepEqual(await page.locator('#features-labels option').allTextContents(), ['Choose…', 'a.npy: a', 'b.npy: b']);
  await page.locator('#features-labels').selectOption({ label: 'a.npy: a' });
  await shown(visitor, 'h');
  const [d, columns] = (await rows(visitor))[0].numbers;
  assert.ok(columns === 1 && near(d, 0.0625), `${columns} ${d}`);
  assert.equal(await page.locator('#features-alert').textContent(), '');
  await page.locator('#features-labels').selectOption({ label: 'b.npy: b' });
  await page.waitForFunction(() => Number(document.querySelector('#features-layers [data-split=D]').dataset.value) > 15);
});

pageTest('layers are moved, left out and marked as blocks by keyboard, and the fits and exports follow', async (visitor) => {
  await visitor.open();
  await give(visitor, 'plain.npz');
  await shown(visitor);
  const { page } = visitor;
  const control = (does, place) => page.locator(`#features-layers [data-does=${does}][data-place="${place}"]`);
  const names = async () => (await rows(visitor)).map(({ name }) => name);
  await control('down', 0).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#features-layers tbody th').textContent.includes('h1'));
  assert.deepEqual(await names(), ['h1', 'input', 'conv', 'h2', 'tokens', 'codes', 'h3']);
  assert.deepEqual(await page.evaluate(() => [document.activeElement.dataset.does, document.activeElement.dataset.place]), ['down', '1'], 'the focus goes with the row');
  await control('up', 1).press('Enter');
  await page.waitForFunction(() => document.querySelector('#features-layers tbody th').textContent.includes('input'));
  for (const place of [2, 4, 5]) await control('used', place).press('Space');
  assert.equal(await page.locator('#features-layers [data-does=used]:checked').count(), 4);
  const d = ['input', 'h1', 'h2', 'h3'].map((name) => Math.log(GOLDEN.flatten[name].fuzziness));
  const mean = d.reduce((a, b) => a + b) / 4;
  const slope = d.reduce((sum, y, x) => sum + (x - 1.5) * (y - mean), 0) / 5;
  await page.locator('#features-said').filter({ hasText: `rho ${Math.exp(slope).toFixed(3)}` }).waitFor();
  for (const place of [1, 6]) await control('block', place).press('Space');
  await page.waitForFunction(() => document.querySelector('#features-said').textContent.includes('Over the blocks alone: rho'));

  const file = async (id) => {
    const [download] = await Promise.all([page.waitForEvent('download'), visitor.click(id)]);
    return { name: download.suggestedFilename(), text: fs.readFileSync(await download.path(), 'latin1') };
  };
  const csv = await file('features-csv');
  assert.equal(csv.name, 'plain-layers.csv');
  assert.deepEqual(csv.text.trim().split('\n').map((line) => line.split(',')[2]), ['array', '"input"', '"h1"', '"h2"', '"h3"']);
  const json = JSON.parse((await file('features-json')).text);
  assert.deepEqual([json.files, json.labels, json.analysis.layers.length, json.analysis.simplex, json.arrangement.filter(({ used }) => used).length], ['plain.npz', 'labels', 7, null, 4]);
  assert.ok(near(json.law.rho, Math.exp(slope)) && json.blockLaw.layers.length === 3);
  const svg = await file('features-svg');
  assert.ok(svg.name === 'plain-decay.svg' && svg.text.startsWith('<svg') && svg.text.includes('plain.npz'));
  await page.locator('#features-figure').selectOption('simplex');
  const png = await file('features-png');
  assert.ok(png.name === 'plain-simplex.png' && png.text.startsWith('\x89PNG'));
  await page.locator('#features-sort').press('Enter');
  await page.waitForFunction(() => document.querySelector('#features-layers tbody th').textContent.includes('codes'));
  assert.deepEqual(await names(), LAYERS.toSorted());
});

pageTest('an own network stands beside the run above, and beside another file', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=2&engine=cpu');
  await visitor.train();
  const run = await visitor.fuzziness();
  await give(visitor, 'plain.npz');
  await shown(visitor);
  const { page } = visitor;
  await page.locator('#features-beside').selectOption('run');
  await page.locator('#features-there').waitFor();
  assert.deepEqual((await rows(visitor)).map(({ numbers }) => numbers[1]), [...run.train, null, null, null]);
  await visitor.drawn();
  assert.ok((await visitor.ink(['ghost'], 'features-curve')).at.ghost.length > 200);
  assert.match(await page.locator('#features-beside-said').textContent(), new RegExp(`Beside it: rho ${(await visitor.number('rho')).toFixed(3).replace('.', '\\.')}`));
  await give(visitor, 'features.safetensors');
  await page.waitForFunction(() => document.querySelector('#features-said').textContent.includes('features.safetensors'));
  await page.locator('#features-beside').selectOption({ label: 'plain.npz' });
  await page.waitForFunction((d) => Math.abs(Number(document.querySelector('#features-layers [data-split=there]').dataset.value) / d - 1) < 1e-5, GOLDEN.flatten.input.fuzziness);
});

pageTest('a file that is none, or holds something else, is refused by name and reason, and what is shown stays', async (visitor) => {
  await visitor.open();
  await give(visitor, 'plain.npz');
  await shown(visitor);
  const before = await rows(visitor);
  const good = npy('|i1', '(4,)', [0, 0, 1, 1]);
  const floats = (...numbers) => Buffer.from(new Float32Array(numbers).buffer);
  const layer = npy('<f4', '(4, 1)', floats(0, 1, 4, 5));
  const labelled = (labels) => [bytes('labels.npy', labels), bytes('h.npy', layer)];
  const whole = fs.readFileSync(path.join(FOLDER, 'plain.npz'));
  const cases = [
    [[bytes('nothing.npz', [])], /nothing\.npz: it is empty/],
    [[bytes('wrong.npz', 'GIF89a, and more')], /wrong\.npz: it begins with the bytes 47 49 46/],
    [[bytes('cut.npz', whole.subarray(0, whole.length / 2))], /cut\.npz/],
    [[bytes('<img src=x onerror=alert(1)>.npy', npy('|O', '(4, 1)', [1, 2, 3, 4])), bytes('labels.npy', good)], /<img src=x onerror=alert\(1\)>.*object/s],
    [[bytes('ten.npy', npy('|i1', '(4, 1, 1, 1, 1, 1, 1, 1, 1, 2)', [1, 2, 3, 4, 5, 6, 7, 8])), bytes('labels.npy', good)], /10 dimensions/],
    [labelled(npy('<f4', '(4,)', floats(0, 0, 1, 1))), /no labels are found|not labels|labels/],
    [labelled(npy('|i1', '(4,)', [3, 3, 3, 3])), /every label is 3; separation needs at least two classes/],
    [[bytes('labels.npy', good), bytes('h.npy', npy('<f4', '(4, 1)', floats(0, NaN, 4, 5)))], /h\.npy, array h: .*NaN/],
    [[bytes('labels.npy', npy('<i4', '(1000000,)', new Uint8Array(new Int32Array(1e6).map((_, i) => i).buffer))), bytes('h.npy', npy('<f4', '(1000000, 1)', Buffer.alloc(4e6)))], /classes/],
    [[bytes('lying.npy', npy('<f4', '(4, 1000000000000)', floats(1, 2))), bytes('labels.npy', good)], /lying\.npy/],
  ];
  for (const [files, pattern] of cases) {
    await give(visitor, ...files);
    assert.match(await alerted(visitor, pattern), /Still shown: plain\.npz\.$/);
    assert.deepEqual(await rows(visitor), before, String(pattern));
    assert.equal(await visitor.page.locator('#features-alert *').count(), 0, 'a name is text');
  }
  await give(visitor, 'plain.npz');
  await visitor.page.waitForFunction(() => document.querySelector('#features-alert').textContent === '');
});

pageTest('a reading shows its progress, is cancelled, and a drop anywhere finds the section', async (visitor) => {
  await visitor.open();
  const { page } = visitor;
  // 64 MB of numbers: long enough to be seen at work.
  const [points, columns] = [16_000, 1000];
  const big = Buffer.alloc(4 * points * columns);
  for (let at = 0; at < big.length; at += 4) big.writeFloatLE(((at * 2654435761) % 1000) / 1000, at);
  const files = ['labels', 'a', 'b', 'c'].map((name) => (name === 'labels' ? bytes('labels.npy', npy('|u1', `(${points},)`, Buffer.alloc(points).map((_, at) => at % 10))) : bytes(`${name}.npy`, npy('<f4', `(${points}, ${columns})`, big.subarray(0, 4 * points * columns)))));
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(process.env.TMPDIR ?? '/tmp'), 'features-'));
  const paths = files.map(({ name, buffer }) => {
    fs.writeFileSync(path.join(folder, name), buffer);
    return path.join(folder, name);
  });
  try {
    await page.locator('#features-files').setInputFiles(paths);
    await page.locator('#features-left').filter({ hasText: /^Layer \d of 3…$/ }).waitFor();
    assert.equal(await page.locator('#features').getAttribute('data-state'), 'training');
    await visitor.click('features-cancel');
    await page.waitForFunction(() => document.querySelector('#features').dataset.state === 'ready');
    assert.ok(await page.locator('#features-found').isHidden());
    assert.equal(await page.evaluate(() => document.activeElement.id), 'features-open');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  const file = fs.readFileSync(path.join(FOLDER, 'plain.npz')).toString('base64');
  await page.evaluate((file) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(file), (c) => c.charCodeAt())], 'dropped.npz'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, file);
  await page.waitForFunction(() => document.querySelector('#features-said').textContent.includes('dropped.npz'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'features-title');
});

pageTest('the tables have a row for each layer and each class, and on a phone nothing overflows', async (visitor) => {
  await visitor.open();
  await give(visitor, 'plain.npz');
  await shown(visitor);
  for (const id of ['features-twin', 'features-python']) await visitor.page.locator(`#${id} summary`).click();
  await visitor.page.locator('#features-classes').check();
  await visitor.drawn();
  assert.ok((await visitor.page.locator('#features-per-class tbody tr').count()) === 7);
  assert.ok((await visitor.page.locator('#features-cosines tbody tr').count()) === 4);
  await visitor.page.setViewportSize({ width: 320, height: 640 });
  await visitor.drawn();
  assert.ok(await visitor.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
