// The GPU engine on the page: a software adapter, since no test machine has another; and what the page does when it fails.
import assert from 'node:assert/strict';
import { BROWSER } from './browsers.mjs';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=40&engine=webgpu';
/** A run that does not end while a test looks at it. */
const LONG = '?hidden=20x3&perClass=20&epochs=5000';

const engine = (visitor) => visitor.page.locator('html').getAttribute('data-engine');
const badge = (visitor) => visitor.page.locator('#badge').textContent();
const notice = (visitor) => visitor.page.locator('#engine-notice');

/** What the worker runs before anything else. */
const first = (visitor, script) => visitor.spoil('worker.js', (bytes) => `${script}\n${bytes}`);

/** Epochs of the records, as the table lists them. */
async function recorded(visitor) {
  await visitor.page.evaluate(() => document.getElementById('records').closest('details').setAttribute('open', ''));
  await visitor.drawn();
  return visitor.page.locator('table#records tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.querySelector('th, td').textContent)));
}

/** Waits until the page runs on `name`. */
const runsOn = (visitor, name) => visitor.page.locator(`html[data-engine=${name}]`).waitFor({ state: 'attached' });

pageTest('engine=webgpu trains on the GPU, and its numbers are those of the CPU', async (visitor) => {
  await visitor.page.goto(visitor.address);
  const adapter = await visitor.page.evaluate(async () => {
    const { vendor, architecture, isFallbackAdapter } = (await navigator.gpu.requestAdapter()).info;
    return [vendor, architecture, isFallbackAdapter];
  });
  assert.deepEqual(adapter, BROWSER === 'firefox' ? ['', '', true] : ['google', 'swiftshader', true], 'this test knows its adapter');
  await visitor.open(SMALL);
  assert.equal(await engine(visitor), 'webgpu');
  assert.match(await badge(visitor), BROWSER === 'firefox' ? /WebGPU/ : /WebGPU.*SwiftShader/i);
  const untrained = await visitor.fuzziness();
  await visitor.train(120_000);
  assert.equal(await engine(visitor), 'webgpu');
  assert.equal(await notice(visitor).textContent(), '');
  const gpu = await visitor.digits();
  await visitor.open(SMALL.replace('webgpu', 'cpu'));
  assert.equal(await engine(visitor), 'cpu');
  const oracle = await visitor.fuzziness();
  for (const split of ['train', 'test']) {
    oracle[split].forEach((d, layer) => assert.ok(Math.abs(untrained[split][layer] - d) <= 1e-3 * d, `D of layer ${layer}, ${split}: ${untrained[split][layer]} is not ${d}`));
  }
  await visitor.train();
  const cpu = await visitor.digits();
  assert.ok(Math.abs(gpu.rho - cpu.rho) < 0.05, `rho ${gpu.rho} is not ${cpu.rho}`);
  assert.ok(Math.abs(gpu.loss - cpu.loss) < 0.02, `loss ${gpu.loss} is not ${cpu.loss}`);
}, { timeout: 240_000 });

pageTest('a software GPU is not used unless it is asked for, and the badge says so', async (visitor) => {
  await visitor.open(LONG);
  assert.equal(await engine(visitor), 'cpu');
  assert.match(await badge(visitor), /CPU SIMD.*Software GPU, not used/);
  assert.equal(await visitor.page.locator('#badge').getAttribute('data-pace'), 'slow');
});

for (const [what, script] of [
  ['no navigator.gpu', 'delete WorkerNavigator.prototype.gpu;'],
  ['no adapter', 'GPU.prototype.requestAdapter = async () => null;'],
  ['a refused device', 'GPUAdapter.prototype.requestDevice = async () => { throw new DOMException("refused", "OperationError"); };'],
  ['a shader that does not compile', 'const { createShaderModule } = GPUDevice.prototype; GPUDevice.prototype.createShaderModule = function () { return createShaderModule.call(this, { code: "not WGSL" }); };'],
  ['no memory', 'const { createBuffer } = GPUDevice.prototype; GPUDevice.prototype.createBuffer = function (what) { return createBuffer.call(this, { ...what, size: 2 ** 40 }); };'],
]) {
  pageTest(`with ${what} the CPU trains, and the page says why in a sentence`, async (visitor) => {
    first(visitor, script);
    await visitor.open(SMALL);
    assert.equal(await visitor.state(), 'ready');
    assert.equal(await engine(visitor), 'cpu');
    assert.match(await notice(visitor).textContent(), /^The CPU computes this run, since the GPU does not\. .+/);
    assert.equal(await visitor.alert(), '');
    await visitor.train();
    assert.equal(await visitor.number('epoch'), 40);
    visitor.complaints.length = 0; // browsers report what a driver refuses, too
  }, { repeats: !['no navigator.gpu', 'a shader that does not compile'].includes(what) });
}

pageTest('a GPU that is lost in the middle of an epoch: the CPU goes on from at most two seconds before, with no gap and no duplicate', async (visitor) => {
  first(visitor, `
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args);
      self.addEventListener('message', ({ data }) => { if (data === 'lose') device.destroy(); });
      const { submit } = device.queue;
      let submits = 0;
      device.queue.submit = function (...args) { if (++submits === 60) device.destroy(); return submit.apply(this, args); };
      return device;
    };`);
  await visitor.open(SMALL);
  assert.equal(await engine(visitor), 'webgpu');
  await visitor.train(120_000);
  assert.equal(await engine(visitor), 'cpu');
  const words = await notice(visitor).textContent();
  const [, lost, back] = words.match(/^The GPU failed at epoch (\d+), and the run goes on on the CPU from epoch (\d+)\. .+/) ?? assert.fail(words);
  assert.ok(Number(back) <= Number(lost));
  assert.equal(await visitor.alert(), '');
  assert.deepEqual(await recorded(visitor), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 35, 40]);
  visitor.complaints.length = 0;
});

pageTest('the engine can be changed while a run trains, and the run goes on', async (visitor) => {
  await visitor.open(LONG);
  await visitor.click('train');
  await visitor.reaches('training');
  const choose = (value) => visitor.page.evaluate((value) => {
    const select = document.querySelector('select[name=engine]');
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
  await choose('webgpu');
  await runsOn(visitor, 'webgpu');
  const moved = await visitor.number('epoch');
  assert.ok(moved > 0);
  await visitor.page.waitForFunction((epoch) => Number(document.querySelector('#epoch').dataset.value) > epoch + 2, moved);
  assert.equal(await visitor.state(), 'training');
  await choose('cpu');
  await runsOn(visitor, 'cpu');
  const back = await visitor.number('epoch');
  assert.ok(back > moved);
  await visitor.page.waitForFunction((epoch) => Number(document.querySelector('#epoch').dataset.value) > epoch + 2, back);
  const epochs = await recorded(visitor);
  assert.deepEqual(epochs, [...new Set(epochs)].sort((a, b) => a - b));
});
