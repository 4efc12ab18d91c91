// How long the layer-peeled model takes in Chromium: one setting, and 41 imbalances as in a sweep, W and H built each time.
import { median, withBrowser } from './browser.mjs';

const ROUNDS = 30;
/** Milliseconds a setting, so that the picture follows the sliders. */
const SETTING = 10;
/** Milliseconds a sweep. */
const SWEEP = 400;

await withBrowser(async (browser, address) => {
  const page = await browser.newPage();
  await page.goto(`${address}/blank.html`);
  console.log(`the layer-peeled model, E_H = 5, E_W = 1, of ${ROUNDS} sweeps: median of a setting (at most ${SETTING} ms), slowest, median sweep (at most ${SWEEP} ms)`);
  for (const [classes, majority] of [[3, 1], [10, 3], [10, 5], [10, 7], [20, 10]]) {
    const { settings, sweeps } = await page.evaluate(async ({ rounds, classes, majority }) => {
      const { default: init, layerPeeled } = await import('/pkg/separation_playground.js');
      await init();
      const [settings, sweeps] = [[], []];
      for (let round = 0; round < rounds; round++) {
        let sum = 0;
        for (let i = 0; i <= 40; i++) {
          const start = performance.now();
          layerPeeled({ classes, majority, imbalance: 10 ** (i / 10), energyFeatures: 5, energyClassifiers: 1 });
          settings.push(performance.now() - start);
          sum += settings.at(-1);
        }
        sweeps.push(sum);
      }
      return { settings, sweeps };
    }, { rounds: ROUNDS, classes, majority });
    const shown = [median(settings), Math.max(...settings), median(sweeps)].map((ms) => `${ms.toFixed(2).padStart(8)} ms`).join('');
    console.log(`${`${classes} classes, ${majority} of them majority`.padEnd(36)}${shown}`);
  }
});
