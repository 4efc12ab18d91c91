// What survives: a reload comes back to the same run, and a run goes into a file and out of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

/** A run of a second or so. */
const SMALL = '?hidden=20x3&perClass=20&epochs=12';
/** A run of some seconds, long enough to be stored on the way. */
const MEDIUM = '?hidden=20x3&perClass=20&epochs=12000&seed=3&pace=fast';
/** A run that does not end while a test looks at it. */
const LONG = '?epochs=5000';

const epoch = (visitor, at) => visitor.page.locator(`output#epoch[data-value="${at}"]`).waitFor({ state: 'attached' });

pageTest('a finished run is there again after a reload, at the record that was looked at', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const end = await visitor.digits();
  await visitor.page.reload();
  await visitor.reaches('finished');
  assert.deepEqual(await visitor.digits(), end);

  await visitor.page.locator('#scrub').press('Home');
  await visitor.page.locator('#scrub').press('ArrowRight');
  await epoch(visitor, 1);
  const looked = await visitor.digits();
  await visitor.page.reload();
  await visitor.reaches('finished');
  assert.deepEqual(await visitor.digits(), looked);
  await visitor.page.locator('#scrub').press('End');
  await epoch(visitor, 12);
  assert.deepEqual(await visitor.digits(), end);
});

pageTest('a run that trains is paused after a reload, and ends with the digits of one that was left alone', async (visitor) => {
  await visitor.open(MEDIUM);
  await visitor.train(120_000);
  const straight = await visitor.digits();
  await visitor.click('reset');
  await visitor.reaches('ready');

  await visitor.click('train');
  await visitor.reaches('training');
  await visitor.page.waitForTimeout(3000);
  assert.equal(await visitor.state(), 'training', 'this test needs a longer run');
  await visitor.page.reload();
  await visitor.reaches('paused');
  assert.ok((await visitor.number('epoch')) > 0);
  await visitor.train(120_000);
  assert.deepEqual(await visitor.digits(), straight);
}, { timeout: 300_000, repeats: true }); // of a worker that is lost

pageTest('where storage is denied a reload runs the run again', async (visitor) => {
  visitor.spoil('worker.js', (bytes) => `Object.defineProperty(self, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); } });\n${bytes}`);
  await visitor.open(SMALL);
  await visitor.page.reload();
  await visitor.reaches('ready'); // it was never started
  await visitor.train();
  const end = await visitor.digits();
  await visitor.page.reload();
  await visitor.reaches('finished');
  assert.deepEqual(await visitor.digits(), end);
});

pageTest('after a reset a reload finds the run untrained', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await visitor.click('reset');
  await visitor.reaches('ready');
  await visitor.page.reload();
  await visitor.reaches('ready');
  assert.equal(await visitor.number('epoch'), 0);
});

pageTest('settings that wait for the next run still wait after a reload', async (visitor) => {
  await visitor.open(LONG);
  await visitor.click('step');
  await visitor.reaches('paused');
  const paused = await visitor.digits();
  const field = visitor.page.locator('#settings [name=batchSize]');
  await field.fill('64');
  await field.press('Tab');
  await visitor.page.reload();
  await visitor.reaches('paused');
  assert.deepEqual(await visitor.digits(), paused);
  assert.match(await visitor.page.locator('#pending').textContent(), /next run/);
  assert.equal(await field.inputValue(), '64');
});

pageTest('a frame that a slide unloads and loads again shows the same run', async (visitor) => {
  visitor.spoil('slides.html', () => '<!doctype html><title>Slides</title><link rel="icon" href="data:,"><body>');
  await visitor.page.goto(`${visitor.address}slides.html`);
  const load = () => visitor.page.evaluate((address) => {
    document.querySelector('iframe')?.remove();
    document.body.append(Object.assign(document.createElement('iframe'), { src: address, width: 1200, height: 680 }));
  }, visitor.address + SMALL);
  const frame = visitor.page.frameLocator('iframe');
  const reaches = (state) => frame.locator(`html[data-state="${state}"]`).waitFor({ state: 'attached' }).catch(async (error) => {
    throw new Error(`the frame is ${await frame.locator('html').getAttribute('data-state')}, not ${state}`, { cause: error });
  });
  await load();
  await reaches('ready');
  await frame.locator('#train').click();
  await reaches('finished');
  const rho = await frame.locator('#rho').getAttribute('data-value');
  await visitor.stored();
  await load();
  await reaches('finished');
  assert.equal(await frame.locator('#rho').getAttribute('data-value'), rho);
});

pageTest('a page that was left while it stored its run holds up no other, and trains when the reader comes back', async (visitor) => {
  await visitor.open('?preset=narrow-wide&perClass=10&classes=0,1,8'); // as much to store as a run may have
  await visitor.click('step');
  await visitor.reaches('paused');
  await visitor.page.goto(visitor.address + SMALL);
  await visitor.reaches('ready');
  await visitor.train();
  // The start of a run is a step in the history too.
  for (let steps = 0; steps < 3 && visitor.query().get('preset') !== 'narrow-wide'; steps++) await visitor.page.goBack();
  assert.equal(visitor.query().get('preset'), 'narrow-wide');
  // What was not stored in time is trained again.
  await visitor.reaches(['ready', 'paused', 'finished'], 60_000);
  assert.ok((await visitor.fuzziness()).train.every((d) => d > 0));
}, { repeats: true });

/** The run as a file: its name and where it lies. */
async function save(visitor) {
  const download = visitor.page.waitForEvent('download');
  await visitor.click('save-run');
  const file = await download;
  return [file.suggestedFilename(), await file.path()];
}

pageTest('a saved run opens elsewhere: same digits, same records, and it goes on', async (visitor) => {
  await visitor.open(`${SMALL}&seed=9&epochs=24`);
  await visitor.click('step');
  await visitor.reaches('paused');
  const paused = await visitor.digits();
  const [name, file] = await save(visitor);
  assert.match(name, /seed-9-epoch-1\.sepplay$/);
  const bytes = fs.readFileSync(file);
  await visitor.train();
  const end = await visitor.digits();

  await visitor.open();
  await visitor.page.locator('#run-file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await visitor.reaches('paused');
  assert.deepEqual(await visitor.digits(), paused);
  assert.equal(visitor.query().get('seed'), '9');
  assert.equal(await visitor.page.locator('#settings [name=seed]').inputValue(), '9');
  await visitor.page.locator('#scrub').press('Home');
  await epoch(visitor, 0);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), end);
});

pageTest('damaged and foreign files are refused, and the run stays', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.click('step');
  await visitor.reaches('paused');
  const [, file] = await save(visitor);
  const good = fs.readFileSync(file);
  const flipped = Buffer.from(good);
  flipped[good.length >> 1] ^= 1;
  const later = Buffer.from(good);
  later[7] = 9;
  const before = await visitor.digits();
  for (const [buffer, message] of [
    // Each is refused in other words than the one before.
    [good.subarray(0, good.length - 5), /damaged/],
    [Buffer.from('PNG'), /not a run of Separation Playground/],
    [flipped, /damaged/],
    [Buffer.alloc(0), /not a run of Separation Playground/],
    [later, /version 9/],
  ]) {
    await visitor.page.locator('#run-file').setInputFiles({ name: 'x.sepplay', mimeType: 'application/octet-stream', buffer });
    await visitor.alerted(message);
    await visitor.reaches('paused');
    assert.deepEqual(await visitor.digits(), before);
  }
  await visitor.train();
  assert.equal(await visitor.alert(), '');
});

pageTest('how the run is shown stands in the link', async (visitor) => {
  await visitor.open(`${SMALL}&axis=linear&curves=training,classes&pace=fast&tempo=4&stop=0.001`);
  for (const id of ['view-linear', 'view-classes', 'fast']) assert.ok(await visitor.page.locator(`#${id}`).isChecked(), id);
  assert.ok(!(await visitor.page.locator('#view-test').isChecked()));
  assert.equal(await visitor.page.locator('#tempo').inputValue(), '4');
  assert.equal(await visitor.page.locator('#auto-stop').inputValue(), '0.001');
  await visitor.page.locator('#view-test').check();
  await visitor.page.locator('#view-log').evaluate((choice) => choice.click());
  await visitor.page.locator('#watch').evaluate((choice) => choice.click());
  assert.equal(visitor.query().get('curves'), 'training,test,classes');
  assert.equal(visitor.query().get('axis'), null);
  assert.equal(visitor.query().get('pace'), 'watch');
});
