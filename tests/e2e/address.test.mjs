// The page's state in its address: links, history, reloading.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=5&seed=7';

pageTest('a link gives the run that it describes', async (visitor) => {
  await visitor.open(SMALL);
  assert.equal((await visitor.fuzziness()).train.length, 4, 'the pixels and three hidden layers');
  await visitor.train();
  assert.equal(await visitor.number('epoch'), 5);
  assert.equal(visitor.query().get('seed'), '7');
});

pageTest('an untouched page has no query', async (visitor) => {
  await visitor.open();
  assert.equal(visitor.query().toString(), '');
});

pageTest('a setting changes the address in place', async (visitor) => {
  await visitor.open(SMALL);
  const entries = await visitor.historyLength();
  await visitor.page.locator('details:not([open]):has([name=epochs]) > summary').click({ timeout: 1000 }).catch(() => {});
  const epochs = visitor.page.locator('[name=epochs]');
  await epochs.fill('3');
  await epochs.press('Tab');
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('epochs'), '3');
  assert.equal(visitor.query().get('hidden'), '20x3', 'the other settings stay');
  assert.equal(await visitor.historyLength(), entries);
  await visitor.train();
  assert.equal(await visitor.number('epoch'), 3);
});

pageTest('a preset is a step in the history, and back undoes it', async (visitor) => {
  await visitor.open(SMALL);
  const entries = await visitor.historyLength();
  await visitor.page.locator('select#preset').selectOption('fig1-sgd-4');
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('preset'), 'fig1-sgd-4');
  assert.equal(visitor.query().get('hidden'), null, 'written only where it differs from the preset');
  assert.equal(await visitor.historyLength(), entries + 1);

  await visitor.page.goBack();
  await visitor.reaches('ready');
  assert.equal(visitor.query().get('hidden'), '20x3');
  await visitor.train();
  assert.equal(await visitor.number('epoch'), 5);
});

for (const [key, value, accepted] of [
  ['hidden', '-5', /1 to|from 1/],
  ['epochs', '0', /1 to|from 1/],
  ['learningRate', 'fast', /0\.00001|1e-5/],
  ['optimizer', 'lion', /sgd.*momentum.*adam/s],
  ['perClass', '100000', /1 to 1000\./],
  ['engine', 'tpu', /"auto", "cpu" or "webgpu"/],
  ['dataset', 'own', /bundled dataset/],
  ['hidden', '1000000000', /[GT]B of memory/],
]) {
  pageTest(`the link's ${key}=${value} is refused by name, and the default runs`, async (visitor) => {
    await visitor.open(`?${key}=${value}&seed=5`);
    const message = await visitor.alerted(key);
    assert.ok(message.includes(value), `"${message}" does not say ${value}`);
    assert.match(message, accepted);
    assert.equal(await visitor.state(), 'ready');
    assert.equal((await visitor.fuzziness()).train.length, 8, 'the default network');
    await visitor.click('step');
    await visitor.reaches('paused');
    assert.equal(await visitor.number('epoch'), 1);
  }, { repeats: !['optimizer', 'perClass'].includes(key) });
}

pageTest('keys that are not its own are ignored', async (visitor) => {
  await visitor.open('?utm_source=mail&fbclid=1');
  assert.equal(await visitor.alert(), '');
});
