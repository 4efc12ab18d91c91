// How long measuring takes in Chromium: all layers of the default network, the fuzziness of one layer's features, and what the records of
// the default run cost.
import { median, withBrowser } from './browser.mjs';

const ROUNDS = 30;
/** Milliseconds for 1000 training and 1000 test points together: what the page can afford at a record. */
const TARGET = 60;
/** How many times longer the default run may take with its standard records, both modes and the test points included. */
const WITH_RECORDS = 1.25;
/** Times that the default run is trained with and without. */
const RUNS = 3;
/** Epochs that one of them trains before it is the other's turn. */
const STRETCH = 100;

await withBrowser(async (browser, address) => {
  const page = await browser.newPage();
  await page.goto(`${address}/blank.html`);
  const times = await page.evaluate(async (rounds) => {
    const { default: init, Experiment, separationFuzziness } = await import('/pkg/separation_playground.js');
    await init();
    const experiment = await Experiment.create({});
    await experiment.train(3);
    const times = { train: [], running: [], test: [], layer: [] };
    const timed = async (name, work) => {
      const start = performance.now();
      await work();
      times[name].push(performance.now() - start);
    };
    const features = Float32Array.from({ length: 1000 * 100 }, (_, i) => Math.sin(i * 12.9898) + (i % 100 === (i / 100) % 10 ? 2 : 0));
    const labels = Uint8Array.from({ length: 1000 }, (_, i) => i % 10);
    for (let round = 0; round < rounds; round++) {
      await timed('train', () => experiment.measure({ mode: 'batches-of-100' }));
      await timed('running', () => experiment.measure({ mode: 'running' }));
      await timed('test', () => experiment.measure({ split: 'test' }));
      await timed('layer', () => separationFuzziness(features, 100, labels));
    }
    return times;
  }, ROUNDS);
  const row = (what, ms) => console.log(`${what.padEnd(66)}${ms.toFixed(1).padStart(7)} ms`);
  console.log(`measuring the default network (pixels and 7 layers of 100), median of ${ROUNDS}`);
  row('1000 training points, batches of 100', median(times.train));
  row('1000 training points, running statistics', median(times.running));
  row('1000 test points, running statistics', median(times.test));
  row(`training and test points together (at most ${TARGET})`, median(times.train.map((ms, i) => ms + times.test[i])));
  row('separationFuzziness of one layer [1000 x 100], 10 classes', median(times.layer));

  // Stretch by stretch in turn, so that a drifting machine hits both alike.
  const runs = await page.evaluate(async ({ count, stretch }) => {
    const { Experiment } = await import('/pkg/separation_playground.js');
    const seconds = { without: [], with: [] };
    let records = 0;
    for (let run = 0; run < count; run++) {
      records = 0;
      const options = { without: {}, with: { onRecord: () => records++ } };
      const experiments = { without: await Experiment.create({}), with: await Experiment.create({}) };
      const sums = { without: 0, with: 0 };
      for (let epoch = 0; epoch < 600; epoch += stretch) {
        for (const [kind, experiment] of Object.entries(experiments)) {
          const start = performance.now();
          await experiment.train(stretch, options[kind]);
          sums[kind] += (performance.now() - start) / 1000;
        }
      }
      for (const [kind, experiment] of Object.entries(experiments)) {
        seconds[kind].push(sums[kind]);
        experiment.free();
      }
    }
    return { ...seconds, records };
  }, { count: RUNS, stretch: STRETCH });
  const [without, full] = [median(runs.without), median(runs.with)];
  const ratio = median(runs.with.map((seconds, run) => seconds / runs.without[run]));
  console.log(`the default run: ${without.toFixed(1)} s, with its ${runs.records} records ${full.toFixed(1)} s: ${ratio.toFixed(2)} times (at most ${WITH_RECORDS})`);
});
