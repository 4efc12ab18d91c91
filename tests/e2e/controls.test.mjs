// Train, pause, step, reset.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** A run of a second or so. */
const SMALL = '?hidden=20x3&perClass=20&epochs=12';
/** A run that does not end while a test looks at it. */
const LONG = '?epochs=5000';

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

pageTest('a paused run stands still, and goes on from there', async (visitor) => {
  await visitor.open(LONG);
  await visitor.click('train');
  await visitor.reaches('training');
  await visitor.click('pause');
  await visitor.reaches('paused');
  const stopped = await visitor.digits();
  await pause(500);
  assert.deepEqual(await visitor.digits(), stopped);

  await visitor.click('train');
  await visitor.reaches('training');
  await pause(500);
  await visitor.click('pause');
  await visitor.reaches('paused');
  assert.ok((await visitor.number('epoch')) > stopped.epoch);
});

pageTest('a step is one epoch, and measured', async (visitor) => {
  await visitor.open(LONG);
  const untrained = await visitor.fuzziness();
  for (const epoch of [1, 2]) {
    await visitor.click('step');
    await visitor.page.locator(`output#epoch[data-value="${epoch}"]`).waitFor({ state: 'attached' });
    await visitor.reaches('paused');
  }
  const { train } = await visitor.fuzziness();
  assert.equal(train[0], untrained.train[0], 'the pixels do not change');
  assert.notEqual(train[1], untrained.train[1], 'the first layer does');
});

pageTest('a reset gives the untrained network again, and training it the same digits', async (visitor) => {
  await visitor.open(SMALL);
  const untrained = await visitor.digits();
  await visitor.train();
  const trained = await visitor.digits();
  assert.notDeepEqual(trained, untrained);

  await visitor.click('reset');
  await visitor.reaches('ready');
  assert.deepEqual(await visitor.digits(), untrained);
  await visitor.train();
  assert.deepEqual(await visitor.digits(), trained);
});

pageTest('pausing and stepping on the way do not change the digits', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const straight = await visitor.digits();

  await visitor.open(SMALL);
  await visitor.click('step');
  await visitor.reaches('paused');
  await visitor.train();
  assert.deepEqual(await visitor.digits(), straight);
});

pageTest('a reset in the middle of training leaves a fresh run', async (visitor) => {
  await visitor.open(LONG);
  await visitor.click('train');
  await visitor.reaches('training');
  await visitor.click('reset');
  await visitor.reaches('ready');
  assert.equal(await visitor.number('epoch'), 0);
});

/** Writes `value` into a text field of the settings. */
async function set(visitor, name, value) {
  const field = visitor.page.locator(`#settings [name=${name}]`);
  await field.fill(value);
  await field.press('Tab');
}

pageTest('a setting changed while it trains waits for the next run, says so, and loses nothing', async (visitor) => {
  await visitor.open(LONG);
  await visitor.click('train');
  await visitor.reaches('training');
  await set(visitor, 'batchSize', '64');
  const pending = visitor.page.locator('#pending');
  assert.match(await pending.textContent(), /next run/);
  assert.equal(await visitor.state(), 'training');
  await visitor.click('pause');
  await visitor.reaches('paused');
  assert.ok((await visitor.number('epoch')) > 0, 'the run is still there');
  await set(visitor, 'batchSize', '128');
  assert.equal(await pending.textContent(), '', 'taken back');
  await set(visitor, 'hidden', '20x3');
  assert.match(await pending.textContent(), /next run/);
  assert.equal((await visitor.fuzziness()).train.length, 8);

  await visitor.click('train');
  await visitor.reaches('training');
  assert.equal(await pending.textContent(), '');
  assert.equal((await visitor.fuzziness()).train.length, 4, 'the next run has it');
});

pageTest('a value that is not accepted is explained beside its field', async (visitor) => {
  await visitor.open(SMALL);
  await set(visitor, 'batchSize', '-1');
  const field = visitor.page.locator('#settings [name=batchSize]');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const message = visitor.page.locator(`.row:has([name=batchSize]) #${await field.getAttribute('aria-describedby')}`);
  assert.match(await message.textContent(), /batchSize.*-1/);
  await set(visitor, 'batchSize', '32');
  assert.equal(await field.getAttribute('aria-invalid'), null);
  assert.equal(await message.count(), 0);
});
