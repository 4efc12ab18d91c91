// Times one training step in each engine, in turn; see ../README.md.
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, withBrowser } from '../browser.mjs';

const TORCH = 'torch-1-thread';
const { values: option } = parseArgs({ options: {
  layers: { type: 'string', default: '8' }, width: { type: 'string', default: '100' }, batch: { type: 'string', default: '128' },
  steps: { type: 'string', default: '80' }, warm: { type: 'string', default: '16' }, rounds: { type: 'string', default: '3' },
  engines: { type: 'string', default: 'own-cpu,tfjs-wasm,jaxjs-wasm' }, python: { type: 'string' }, timeout: { type: 'string', default: '180' },
} });
const work = Object.fromEntries(['layers', 'width', 'batch', 'warm'].map((key) => [key, Number(option[key])]));
const within = (promise, what) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`${what}: no answer in ${option.timeout} s`)), option.timeout * 1000).unref())]);

/** PyTorch in a process of its own: a function that trains some steps and says how long one took. */
async function startTorch(python) {
  const script = fileURLToPath(new URL('torch_step.py', import.meta.url));
  const child = spawn(python, [script, work.layers, work.width, work.batch], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const run = async (steps) => {
    child.stdin.write(`${steps}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} stopped`);
    return JSON.parse(value);
  };
  await run(work.warm);
  return { run, stop: () => child.stdin.end() };
}

await withBrowser(async (browser, address) => {
  const runners = {}, times = {}, losses = {}, failures = {};
  const failed = (engine, error) => {
    failures[engine] = error.message.split('\n')[0];
    delete runners[engine];
  };
  const torch = option.python && (await startTorch(option.python).catch((error) => failed(TORCH, error)));
  if (torch) runners[TORCH] = torch.run;
  for (const engine of option.engines.split(',')) {
    try {
      const page = await (await browser.newContext()).newPage(); // a process of its own
      await page.goto(`${address}/peers/page.html`);
      await page.waitForFunction('window.ready');
      await within(page.evaluate(([e, w]) => prepare(e, w), [engine, work]), engine);
      runners[engine] = (steps) => within(page.evaluate(([e, s]) => measure(e, s), [engine, steps]), engine);
    } catch (error) {
      failed(engine, error);
    }
  }
  for (let round = 0; round < Number(option.rounds); round++) {
    for (const [engine, run] of Object.entries(runners)) {
      try {
        const { ms, loss } = await run(Number(option.steps));
        (times[engine] ??= []).push(ms);
        losses[engine] = loss;
      } catch (error) {
        failed(engine, error);
      }
    }
  }
  torch?.stop();

  const first = median(Object.values(times)[0] ?? [NaN]);
  console.log(`one training step, ${work.layers} layers, width ${work.width}, batch ${work.batch}, Adam`);
  console.log(`${'engine'.padEnd(16)}${['ms', 'least', 'most', 'ratio', 'loss'].map((title) => title.padStart(10)).join('')}`);
  for (const [engine, list] of Object.entries(times)) {
    const numbers = [median(list), Math.min(...list), Math.max(...list), median(list) / first, losses[engine]];
    console.log(`${engine.padEnd(16)}${numbers.map((number) => number.toFixed(3).padStart(10)).join('')}`);
  }
  for (const [engine, why] of Object.entries(failures)) console.log(`${engine.padEnd(16)}failed: ${why}`);
});
