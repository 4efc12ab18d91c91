// Residual blocks: the law by block beside the law by layer, in the verdict, the table, the panels and the files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x5&residualBlock=2&perClass=20&epochs=12&pace=fast';

/** Pearson's r and rho of ln D on its place in the list. */
function fit(fuzziness) {
  const [x, y] = [fuzziness.map((_, at) => at), fuzziness.map(Math.log)];
  const mean = (values) => values.reduce((sum, value) => sum + value) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (a, ma, b, mb) => a.reduce((sum, value, at) => sum + (value - ma) * (b[at] - mb), 0);
  const slope = product(x, mx, y, my) / product(x, mx, x, mx);
  return { rho: Math.exp(slope), r: (slope * product(x, mx, x, mx)) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my)) };
}

pageTest('stem and blocks are named, and their fit is said and exported', async (visitor) => {
  await visitor.open(SMALL);
  assert.doesNotMatch(await visitor.page.locator('#verdict').textContent(), /By block/, 'nothing was trained yet');
  await visitor.train();
  const { train } = await visitor.fuzziness();
  const { rho, r } = fit([0, 1, 3, 5].map((layer) => train[layer]));
  const said = (await visitor.page.locator('#verdict').textContent()).match(/By block(?: it holds| it does not hold)?: ρ ([\d.]+), r ([−\d.]+)\./);
  assert.ok(Math.abs(said[1] - rho) < 6e-4 && Math.abs(said[2].replace('−', '-') - r) < 6e-5, `${said}, not ${rho} ${r}`);
  const names = await visitor.page.locator('#fuzziness tbody th').allTextContents();
  assert.deepEqual(names, ['pixels', '1, stem', '2', '3, block 1', '4', '5, block 2']);

  await visitor.page.locator('#share').click();
  await visitor.page.locator('label:has(> input[name=share][value=export])').click();
  const waiting = visitor.page.waitForEvent('download');
  await visitor.page.locator('#export-csv').click();
  const [heading, ...lines] = fs.readFileSync(await (await waiting).path(), 'utf8').trim().split('\n').map((line) => line.split(','));
  const last = (name) => Number(lines.at(-1)[heading.indexOf(name)]);
  assert.ok(Math.abs(last('train_block_rho') - rho) < 1e-9 && Math.abs(last('train_block_r') - r) < 1e-9);
});

pageTest('plain networks have no blocks', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=3&pace=fast');
  await visitor.train();
  assert.doesNotMatch(await visitor.page.locator('#verdict').textContent(), /By block/);
  assert.deepEqual(await visitor.page.locator('#fuzziness tbody th').allTextContents(), ['pixels', '1', '2', '3']);
});

pageTest('the panels of the gallery judge both, in the committed report too', async (visitor) => {
  await visitor.open(SMALL);
  for (const preset of ['residual-2', 'residual-3']) {
    const panel = visitor.page.locator(`#gallery-network a[href="?preset=${preset}"]`);
    await panel.scrollIntoViewIfNeeded();
    await panel.filter({ hasText: /By block it holds: ρ 0\.\d{3}, r −0\.99\d\d\./ }).waitFor();
  }
  assert.doesNotMatch(await visitor.page.locator('#gallery-network a[href="?preset=tanh"]').textContent(), /By block/);
});
