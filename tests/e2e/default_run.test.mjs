// The default preset, trained to its end in the browser, against PyTorch's ten seeds.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

const golden = JSON.parse(fs.readFileSync(new URL('../golden/fig1.json', import.meta.url)));
const { runs } = golden.panels.find(({ optimizer, layers }) => optimizer === 'adam' && layers === 8);

/** Seeds cannot be matched across libraries, so `value` must lie within four standard deviations of the golden seeds' mean. */
function agrees(value, seeds, name) {
  const mean = seeds.reduce((sum, x) => sum + x, 0) / seeds.length;
  const deviation = Math.sqrt(seeds.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (seeds.length - 1));
  assert.ok(Math.abs(value - mean) <= 4 * deviation, `${name} is ${value}; PyTorch's seeds give ${mean} +- ${deviation}`);
}

function between(value, least, most, name) {
  assert.ok(value >= least && value <= most, `${name} is ${value}, not ${least} to ${most}`);
}

pageTest('the default preset trains to the end, the law holds, and the numbers are those of PyTorch', async (visitor) => {
  await visitor.open();
  await visitor.train(600_000);

  assert.equal(await visitor.number('epoch'), 600);
  assert.equal(await visitor.verdict(), 'holds');
  assert.equal(await visitor.number('train-accuracy'), 1);
  between(await visitor.number('test-accuracy'), 0.77, 0.82, 'test accuracy');
  between(await visitor.number('rho'), 0.49, 0.6, 'rho');

  const { train, test } = await visitor.fuzziness();
  assert.equal(train.length, 8);
  between(train[0], 36.378, 36.38, 'D of the pixels');
  between(test[0], 36.725, 36.727, 'D of the test pixels');
  for (let layer = 1; layer < 8; layer++) {
    const seeds = (split) => runs.map((run) => Math.log(run[split].fuzziness[layer]));
    agrees(Math.log(train[layer]), seeds('batches_of_100'), `ln D of layer ${layer}`);
    agrees(Math.log(test[layer]), seeds('test_1000'), `ln D of layer ${layer}, test`);
  }
  agrees(await visitor.number('pearson'), runs.map((run) => run.batches_of_100.pearson), 'r');
  agrees(await visitor.number('rho'), runs.map((run) => run.batches_of_100.rho), 'rho');
}, { timeout: 660_000 });
