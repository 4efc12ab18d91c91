// What goes wrong is said, and the page stays usable.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const DIVERGES = '?hidden=50x6&normalization=none&init=he&optimizer=sgd&learningRate=10&epochs=50';

pageTest('a run that diverges stops, says at which epoch, and keeps its records', async (visitor) => {
  await visitor.open(DIVERGES);
  await visitor.click('train');
  await visitor.reaches('failed');
  assert.match(await visitor.alert(), /epoch \d+/);
  assert.match(await visitor.alert(), /10\b/, 'names the learning rate');
  const { train } = await visitor.fuzziness();
  assert.equal(train.length, 7);
  assert.ok(train[0] > 30, 'the last good record is still shown');
  await visitor.goesOn();
});

const IMAGES = 'data/fashion-mnist-10x10/train-images-idx3-ubyte.gz';

pageTest('a truncated data file is named, and the page works once it is whole again', async (visitor) => {
  visitor.spoil(IMAGES, (bytes) => bytes.subarray(0, bytes.length / 2));
  await visitor.open();
  await visitor.reaches('failed'); // the recording plays before
  assert.match(await visitor.alert(), /train-images/);
  visitor.mend();
  await visitor.goesOn();
  visitor.excuse(/Failed to read data from the ReadableStream/); // Firefox says so of a response that ends too early
});

pageTest('a data file that is something else is named', async (visitor) => {
  visitor.spoil(IMAGES, () => Buffer.from('<!doctype html><title>Login</title>'));
  await visitor.open();
  await visitor.reaches('failed'); // the recording plays before
  assert.match(await visitor.alert(), /train-images/);
});

pageTest('a setting that is not accepted is refused, and the run stays as it is', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=5');
  await visitor.train();
  const digits = await visitor.digits();
  await visitor.page.locator('details:not([open]):has([name=batchSize]) > summary').click({ timeout: 1000 }).catch(() => {});
  const batch = visitor.page.locator('[name=batchSize]');
  await batch.fill('-1');
  await batch.press('Tab');
  assert.match(await visitor.alerted('batchSize'), /-1/);
  assert.equal(await visitor.state(), 'finished');
  assert.deepEqual(await visitor.digits(), digits);
});
