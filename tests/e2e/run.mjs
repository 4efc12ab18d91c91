// Runs the tests in the browser that BROWSER names: two files beside each other, and then what must run alone. `cargo xtask test` calls it.
// A browser takes seconds to start, so each of the two processes keeps its own for all its files.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BROWSER } from './browsers.mjs';
import { LONG, WEBKIT } from './plan.mjs';

const FOLDER = new URL('.', import.meta.url);

if (process.send) {
  const { last, part } = await import('./harness.mjs');
  process.on('message', async ({ file, alone }) => {
    Object.assign(part, { file, alone });
    await import(`./${file}.test.mjs?alone=${alone}`);
    await last();
    process.send('next');
  });
  process.send('next');
} else {
  const there = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.test.mjs')).map((name) => name.replace('.test.mjs', '')).sort();
  const unknown = [...LONG, ...WEBKIT].filter((file) => !there.includes(file));
  if (unknown.length) throw new Error(`plan.mjs names ${unknown}: there is no such file`);
  const files = [...new Set([...LONG, ...there])].filter((file) => BROWSER !== 'webkit' || WEBKIT.includes(file));
  const timed = files.filter((file) => fs.readFileSync(new URL(`${file}.test.mjs`, FOLDER), 'utf8').includes('alone: true'));
  await share(files.map((file) => ({ file, alone: false })), 2);
  await share(timed.map((file) => ({ file, alone: true })), 1);
}

/** Gives each of `count` processes the next of `parts` whenever it asks, and waits for their ends. */
async function share(parts, count) {
  const left = [...parts];
  await Promise.all(Array.from({ length: count }, () => new Promise((ended) => {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--test-reporter=spec'] });
    child.on('message', () => (left.length ? child.send(left.shift()) : child.disconnect()));
    child.on('exit', (code) => {
      if (code !== 0) process.exitCode = 1;
      ended();
    });
  })));
}
