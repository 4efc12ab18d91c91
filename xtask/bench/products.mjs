// The matrix product beside well-kept crates in the same module, in Chromium: GFLOP/s, and the ratio to ndarray's dot.
import { withBrowser } from './browser.mjs';

const SHAPES = [[128, 100, 100], [104, 100, 100], [128, 100, 10], [128, 1000, 1000]];
const FORMS = ['x W', 'x^T dy', 'dy W^T'];
const CONTENDERS = ['own', 'ndarray', 'gemm'];
const ROUNDS = 30;
/** Milliseconds of one timing: long against the clock's steps, short against what else the machine does. */
const LEAST = 10;
/** How much faster than ndarray the own product should be, to be worth having. */
const TARGET = 1.35;

await withBrowser(async (browser, address) => {
  const page = await browser.newPage();
  await page.goto(`${address}/blank.html`);
  console.log(`matrix products m x k x n in one module, best of ${ROUNDS}, GFLOP/s; own / ndarray should be ${TARGET} or more`);
  console.log(`${''.padEnd(28)}${CONTENDERS.map((name) => name.padStart(10)).join('')}${'own / ndarray'.padStart(16)}${'own / gemm'.padStart(12)}`);
  for (const shape of SHAPES) {
    for (const [form, name] of FORMS.entries()) {
      const times = await page.evaluate(async ({ shape, form, contenders, rounds, least }) => {
        const { default: init, Product } = await import('/kernels/kernel_bench.js');
        await init();
        const product = new Product(...shape, form);
        const entries = contenders.map((_, contender) => product.multiply(contender, 1));
        if (entries.some((entry) => !(Math.abs(entry - entries[0]) < 1e-3))) throw new Error(`the contenders disagree: ${entries}`);
        const milliseconds = contenders.map(() => []);
        const count = contenders.map(() => 1);
        // Turn by turn, so that a drifting machine hits all alike.
        for (let round = -2; round < rounds; round++) {
          for (let contender = 0; contender < contenders.length; contender++) {
            for (;;) {
              const start = performance.now();
              product.multiply(contender, count[contender]);
              const taken = performance.now() - start;
              if (taken < least) { count[contender] *= 2; continue; }
              if (round >= 0) milliseconds[contender].push(taken / count[contender]);
              break;
            }
          }
        }
        product.free();
        return milliseconds;
      }, { shape, form, contenders: CONTENDERS, rounds: ROUNDS, least: LEAST });
      // Nothing makes a product faster than it is; other work on the machine makes it slower.
      const speeds = times.map((all) => (2e-6 * shape[0] * shape[1] * shape[2]) / Math.min(...all));
      const ratio = (other) => (speeds[0] / speeds[other]).toFixed(2);
      console.log(`${`${shape.join(' x ')}, ${name}`.padEnd(28)}${speeds.map((speed) => speed.toFixed(1).padStart(10)).join('')}${ratio(1).padStart(16)}${ratio(2).padStart(12)}`);
    }
  }
});
