// The reader's own images: files of MNIST's and NumPy's formats become training data, and files that lie change nothing.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { pageTest } from './harness.mjs';

/** A run of a second or so. */
const SMALL = '?hidden=20x3&epochs=80';

const word = (number) => [number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255];

/** `n` images of `side` x `side` of K classes, in each of which another corner is bright; and some noise. */
function pixels(n, side, classes) {
  let seed = 1;
  const noise = () => (seed = (seed * 48271) % 2147483647) % 90;
  const bytes = Buffer.alloc(n * side * side);
  for (let i = 0; i < n; i++) {
    for (let at = 0; at < side * side; at++) {
      const [row, column] = [Math.floor(at / side), at % side];
      const bright = Math.floor((row * classes) / side) === i % classes && column < side / 2;
      bytes[i * side * side + at] = noise() + (bright ? 160 : 0);
    }
  }
  return bytes;
}

const labels = (n, classes, first = 0) => Buffer.from(Array.from({ length: n }, (_, i) => first + (i % classes)));
const idxImages = (n, side, classes) => Buffer.concat([Buffer.from([0, 0, 8, 3, ...word(n), ...word(side), ...word(side)]), pixels(n, side, classes)]);
const idxLabels = (n, classes) => Buffer.concat([Buffer.from([0, 0, 8, 1, ...word(n)]), labels(n, classes)]);

/** An array as NumPy writes it. */
function npy(descr, shape, bytes) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), length, Buffer.from(header, 'latin1'), bytes]);
}

/** CRC-32, bit by bit. */
function crc32(bytes) {
  let state = -1;
  for (const byte of bytes) {
    state ^= byte;
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? 0xedb88320 : 0);
  }
  return ~state >>> 0;
}

/** An archive as numpy.savez writes it: stored. */
function npz(arrays) {
  const [files, directory] = [[], []];
  let start = 0;
  for (const [name, content] of Object.entries(arrays)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length + 4, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(`${name}.npy`), content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(start, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, place, Buffer.from(`${name}.npy`)]));
    files.push(file);
    start += file.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([...files, list, end]);
}

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

/** MNIST's four files, small. */
const mnist = (n = 90, side = 12, classes = 3) => [
  file('train-images-idx3-ubyte.gz', zlib.gzipSync(idxImages(n, side, classes))),
  file('train-labels-idx1-ubyte.gz', zlib.gzipSync(idxLabels(n, classes))),
  file('t10k-images-idx3-ubyte', idxImages(30, side, classes)),
  file('t10k-labels-idx1-ubyte', idxLabels(30, classes)),
];

const said = (visitor) => visitor.page.locator('#images-said');

/** Waits until the page shows what it knows, which it does at its next frame. */
const frames = (visitor) => visitor.page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));

/** Chooses files in the settings, `perClass` of each class, and waits for what is said of them. */
async function choose(visitor, files, pattern, perClass = 20) {
  await data(visitor);
  await visitor.page.locator('#k-dataset').selectOption('own');
  await visitor.page.locator('#images-per-class').fill(String(perClass));
  await said(visitor).evaluate((place) => { place.textContent = ''; }); // what was said of files before
  await visitor.page.locator('#images-files').setInputFiles(files);
  await said(visitor).filter({ hasText: pattern }).waitFor();
  await frames(visitor);
  await visitor.reaches('ready');
}

/** Opens the settings' Data. */
const data = (visitor) => visitor.page.locator('#settings details').first().evaluate((group) => { group.open = true; });

/** Waits until the table of cosines has just these names in its head: those of the classes. */
async function namesClasses(visitor, names) {
  await visitor.page.locator('details:has(#cosines)').evaluate((twin) => { twin.open = true; });
  const wanted = (names) => [...document.querySelectorAll('#cosines thead th')].slice(1).map((head) => head.textContent).join() === names;
  await visitor.page.waitForFunction(wanted, names.join());
}

pageTest('files of MNIST’s format are trained on, and a seed gives the same points again', async (visitor) => {
  await visitor.open(SMALL);
  assert.ok(await said(visitor).isHidden());
  await choose(visitor, mnist(), /^90 images of 12 × 12 in 3 classes\. 60 are trained on, 20 of each class\. 30 of the test images are the test\. Resized to 10 × 10\. Drawn with seed 666\.$/);
  assert.equal(visitor.query().get('dataset'), 'own');
  assert.match(await visitor.page.locator('#about-preset').textContent(), /^As the default, but with own images, /);
  assert.ok(await visitor.page.locator('#k-perClass').isHidden());
  await visitor.train();
  const first = await visitor.digits();
  assert.ok(first.train.every(Number.isFinite) && first['test-accuracy'] > 0.9, JSON.stringify(first));
  await namesClasses(visitor, ['0', '1', '2']);
  await visitor.click('reset');
  await visitor.reaches('ready');
  await choose(visitor, mnist().reverse(), /^90 images/);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), first);
  // Another size or number takes the files again, and Train waits for them.
  await visitor.page.locator('#images-per-class').fill('10');
  await visitor.click('train');
  await said(visitor).filter({ hasText: /30 are trained on, 10 of each class/ }).waitFor();
  await frames(visitor);
  await visitor.reaches('finished');
  assert.notDeepEqual((await visitor.digits()).train, first.train);
  await visitor.page.locator('#images-per-class').fill('20');
  await visitor.page.locator('label:has(#images-native)').click();
  await said(visitor).filter({ hasText: /^90 images of 12 × 12 in 3 classes\. 60 are trained on, 20 of each class\. 30 of the test images are the test\. Drawn/ }).waitFor();
});

pageTest('without files nothing trains, and the reader is led to the button that takes them', async (visitor) => {
  await visitor.open(SMALL);
  await data(visitor);
  await visitor.page.locator('#k-dataset').selectOption('own');
  for (const button of ['train', 'step']) {
    await visitor.click(button);
    await said(visitor).filter({ hasText: /^There are no images to train on yet\. Choose the files/ }).waitFor();
    assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'images-choose');
    await visitor.page.locator('#train').focus();
  }
  await visitor.page.locator('#images-files').setInputFiles([file('empty.npz', Buffer.alloc(0))]);
  await said(visitor).filter({ hasText: /^empty\.npz/ }).waitFor();
  await visitor.click('train');
  await frames(visitor);
  assert.match(await said(visitor).textContent(), /^empty\.npz: it is empty[^\n]*$/, 'no images are there that could still be used');
  assert.equal(await visitor.state(), 'ready');
  assert.equal(await visitor.number('epoch'), 0);
  assert.equal(await visitor.page.locator('#k-dataset').inputValue(), 'own');
  // Whoever goes back to the bundled data trains on these.
  await visitor.page.locator('#k-dataset').selectOption('fashion-mnist-10x10');
  await visitor.train();
  assert.equal(await visitor.alert(), '');
});

pageTest('an archive of colour images without a test part keeps some for it; a preset goes back to the bundled data', async (visitor) => {
  await visitor.open(SMALL);
  const [n, side] = [80, 8];
  const grey = pixels(n, side, 2);
  const colour = Buffer.alloc(3 * grey.length);
  for (let i = 0; i < colour.length; i++) colour[i] = grey[Math.floor(i / 3)];
  const archive = npz({ x_train: npy('|u1', [n, side, side, 3], colour), y_train: npy('|i1', [n, 1], labels(n, 2, 5)) });
  await choose(visitor, [file('cifar.npz', archive)], /^80 images of 8 × 8 in 2 classes\. 40 are trained on, 20 of each class\. The files have no test images: 40 others are held out\. Colour became grey\. Resized to 10 × 10\./);
  await visitor.train();
  await namesClasses(visitor, ['5', '6']);
  await visitor.page.locator('#preset').selectOption('k3');
  await visitor.reaches('ready');
  assert.equal(await visitor.page.locator('#k-dataset').inputValue(), 'fashion-mnist-10x10');
  await namesClasses(visitor, ['T-shirt', 'Trouser', 'Bag']);
  await visitor.page.locator('#k-dataset').selectOption('own');
  await visitor.reaches('ready');
  await namesClasses(visitor, ['5', '6']);
});

pageTest('where no test is held out, the class that is too small is named, and what would leave one', async (visitor) => {
  await visitor.open(SMALL);
  const ofSizes = (...sizes) => {
    const [n, side] = [sizes.reduce((sum, size) => sum + size), 8];
    const y = Buffer.from(sizes.flatMap((size, k) => Array(size).fill(3 + k)));
    return [file('few.npz', npz({ x: npy('|u1', [n, side, side], pixels(n, side, 2)), y: npy('|u1', [n], y) }))];
  };
  await choose(visitor, ofSizes(200, 25), /none are held out: class 4 has 25 images, and ten of each are needed for it\. Take at most 15 per class\./);
  await visitor.page.locator('#images-per-class').fill('15');
  await visitor.page.locator('#images-per-class').press('Tab');
  await said(visitor).filter({ hasText: /The files have no test images: 25 others are held out\./ }).waitFor();
  await choose(visitor, ofSizes(9, 200), /none are held out: ten of each class are needed for it, and class 3 has 9 in all\./);
});

pageTest('own images are there again after a reload, trained or not', async (visitor) => {
  await visitor.open(SMALL);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.page.reload();
  await visitor.reaches('ready');
  assert.match(await said(visitor).textContent(), /^90 images of 12 × 12 in 3 classes/);
  await visitor.train();
  const end = await visitor.digits();
  await visitor.stored();
  await visitor.page.reload();
  await visitor.reaches('finished');
  assert.deepEqual(await visitor.digits(), end);
  await namesClasses(visitor, ['0', '1', '2']);
  assert.equal(await visitor.alert(), '');
  // Another draw needs the files, which the browser does not give again.
  await data(visitor);
  await visitor.page.locator('#images-per-class').fill('10');
  await visitor.page.locator('#images-per-class').press('Tab');
  await said(visitor).filter({ hasText: /choose the files again.*are still used\.$/s }).waitFor();
});

pageTest('a link to own images says that they are missing, and so does a session that has lost them', async (visitor) => {
  await visitor.open('?dataset=own&hidden=20x3');
  await visitor.alerted(/^dataset is "own"\. Use a bundled dataset, or choose your own images again: a link does not carry them\. /);
  assert.equal(await visitor.page.locator('#k-dataset').inputValue(), 'fashion-mnist-10x10');
  visitor.spoil('worker.js', (bytes) => `Object.defineProperty(self, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); } });\n${bytes}`);
  await visitor.open(SMALL);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.page.reload();
  await visitor.alerted(/a link does not carry them/);
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('dataset'), null);
});

pageTest('a saved run knows its images', async (visitor) => {
  await visitor.open(SMALL);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.train();
  const end = await visitor.digits();
  const download = visitor.page.waitForEvent('download');
  await visitor.click('save-run');
  const run = await (await download).path();
  const refused = async (pattern) => {
    await visitor.page.locator('#run-file').setInputFiles(run);
    await visitor.alerted(pattern);
  };
  await visitor.page.evaluate(() => history.replaceState(null, '')); // another visitor
  await visitor.open(SMALL);
  await refused(/trained on data of the reader's own, which no such file holds: those with checksum [0-9a-f]{16}/);
  await choose(visitor, mnist(), /30 are trained on/, 10);
  await refused(/their checksum is [0-9a-f]{16}, not [0-9a-f]{16}/);
  await choose(visitor, mnist(), /60 are trained on/, 20);
  await visitor.page.locator('#run-file').setInputFiles(run);
  await visitor.reaches('finished');
  assert.deepEqual(await visitor.digits(), end);
});

pageTest('classes that own images do not have are refused at their field, and claimed nowhere', async (visitor) => {
  await visitor.open(SMALL);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.train();
  const [end, query, about] = [await visitor.digits(), visitor.query().toString(), await visitor.page.locator('#about-preset').textContent()];
  for (const [key, value, message] of [['classes', '0,1,7', 'classes is 0,1,7. Use labels 0 to 2.'], ['majorityClasses', '4', 'majorityClasses is 4. Use 0 to 3.']]) {
    const field = visitor.page.locator(`#k-${key}`);
    const beside = visitor.page.locator(`.row:has(#k-${key}) #rejected`);
    const before = await field.inputValue();
    await field.fill(value);
    await field.press('Tab');
    await beside.filter({ hasText: message }).waitFor();
    await visitor.click('reset');
    await visitor.reaches('ready');
    await visitor.train();
    await frames(visitor);
    assert.equal(await beside.textContent(), message, 'until it is mended');
    assert.equal(await field.inputValue(), value);
    assert.deepEqual(await visitor.digits(), end);
    assert.equal(visitor.query().toString(), query);
    assert.equal(await visitor.page.locator('#about-preset').textContent(), about);
    await field.fill(before);
    await field.press('Tab');
    await beside.waitFor({ state: 'detached' });
  }
  await visitor.page.locator('#k-classes').fill('0,2');
  await visitor.train();
  await namesClasses(visitor, ['0', '2']);
});

pageTest('a sweep of the run above trains on the same images', async (visitor) => {
  await visitor.open(`${SMALL}&sweep=seed&sweepOf=run&sweepEpochs=2`);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.click('sweep-train');
  await visitor.page.locator('section:has(#sweep-train)[data-state=finished]').waitFor();
});

/** What is said beneath an error while MNIST's files are in use. */
const KEPT = `\nThe images of ${mnist().map(({ name }) => name).join(', ')} are still used.`;

pageTest('files that lie are named with what is wrong, and the page goes on with those it has', async (visitor) => {
  await visitor.open(SMALL);
  await choose(visitor, mnist(), /^90 images/);
  await visitor.click('step');
  await visitor.reaches('paused');
  const before = await visitor.digits();
  const good = { x: npy('|u1', [6, 4, 4], pixels(6, 4, 3)), y: npy('|u1', [6], labels(6, 3)) };
  const markup = '<img src=x onerror=alert(1)>.npz';
  const bomb = zlib.gzipSync(Buffer.concat([idxImages(6, 4, 3), Buffer.alloc(5e6)]));
  for (const [files, pattern] of [
    [[file('empty.npz', Buffer.alloc(0))], /^empty\.npz: it is empty/],
    [[file('picture.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))], /^picture\.png: it begins with the bytes 89 50/],
    [[file('a', idxImages(6, 4, 3).subarray(0, 50)), file('b', idxLabels(6, 3))], /^a: its header asks for 96 bytes of numbers, but there are 34/],
    [[file('a.gz', zlib.gzipSync(idxImages(6, 4, 3)).subarray(0, 40)), file('b', idxLabels(6, 3))], /^a\.gz/],
    [[file('a.gz', bomb), file('b', idxLabels(6, 3))], /^a\.gz, array a: its header asks for 96 bytes/],
    [[file('a', idxImages(6, 4, 3)), file('b', idxLabels(5, 3))], /^a, array a: it has 6 images, and 5 labels are with them/],
    [[file('a', idxImages(6, 4, 3)), file('b', idxLabels(6, 1))], /^b, array b: every label is 0/],
    [[file('a', idxImages(6, 4, 3))], /^a: no labels are found/],
    [[file('a.npz', npz({ ...good, x: npy('|O', [6, 4, 4], Buffer.alloc(96)) }))], /^a\.npz, array x: its dtype is object/],
    [[file('a.npz', npz({ ...good, x: npy('|u1', [6, 1, 1, 1, 1, 1, 1, 1, 1, 16], Buffer.alloc(96)) }))], /^a\.npz, array x: its shape is \(6, 1/],
    [[file('a.npz', npz({ ...good, y: npy('<f4', [6], Buffer.alloc(24)) }))], /^a\.npz, array y: it is float32 of shape \(6\) and cannot be the labels/],
    [[file('a.npz', npz({ ...good, x: npy('<f4', [6, 4, 4], Buffer.alloc(384, Buffer.from([0, 0, 192, 127]))) }))], /^a\.npz, array x: row 0 is NaN/],
    [[file(markup, Buffer.from('?'))], /^<img src=x onerror=alert\(1\)>\.npz: it begins with the bytes 3f/],
  ]) {
    await visitor.page.locator('#images-files').setInputFiles(files);
    await said(visitor).filter({ hasText: pattern }).waitFor();
    assert.ok(await said(visitor).evaluate((place) => place.classList.contains('bad') && place.children.length === 0));
    assert.ok((await said(visitor).textContent()).endsWith(KEPT));
    assert.deepEqual(await visitor.digits(), before);
  }
  const count = visitor.page.locator('#images-per-class');
  await count.fill('no number');
  await count.press('Tab');
  const refused = 'Per class is no number. Use a whole number from 1 to 10000.';
  await said(visitor).filter({ hasText: refused }).waitFor();
  await visitor.train();
  assert.equal(await visitor.alert(), '');
  assert.equal(await said(visitor).textContent(), refused + KEPT, 'until something else is chosen');
  await visitor.page.locator('#images-files').setInputFiles(mnist());
  await count.fill('10');
  await count.press('Tab');
  await said(visitor).filter({ hasText: /^90 images/ }).waitFor();
});

pageTest('files can be dropped on the settings, on a phone too', async (visitor) => {
  await visitor.page.setViewportSize({ width: 320, height: 720 });
  await visitor.open(SMALL);
  const content = mnist().map(({ name, buffer }) => [name, [...buffer]]);
  await visitor.page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, bytes] of files) dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
    document.getElementById('settings').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, content);
  await said(visitor).filter({ hasText: /^90 images/ }).waitFor();
  assert.ok(await said(visitor).isVisible());
  assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
});
