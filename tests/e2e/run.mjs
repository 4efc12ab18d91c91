// Runs the tests in the browser that BROWSER names: as many files beside each other as there are cores, and then what must run alone. `cargo xtask test` calls it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { BROWSER } from './browsers.mjs';
import { JOURNEYS } from './plan.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

const there = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.test.mjs')).map((name) => name.replace('.test.mjs', '')).sort();
const unknown = JOURNEYS.filter((file) => !there.includes(file));
if (unknown.length) throw new Error(`plan.mjs names ${unknown}: there is no such file`);
const few = BROWSER === 'webkit' || (BROWSER === 'firefox' && process.env.LENGTH !== 'thorough');
const files = there.filter((file) => !few || JOURNEYS.includes(file)).map((file) => `${FOLDER}${file}.test.mjs`);
const timed = files.filter((file) => fs.readFileSync(file, 'utf8').includes('alone: true'));
process.exitCode = Math.max(await run(files, os.availableParallelism(), false), await run(timed, 1, true));

/** Runs what of `files` runs alone, or the rest, so many files beside each other; returns the exit code. */
function run(files, beside, alone) {
  if (!files.length) return 0;
  const flags = ['--test', '--test-reporter=spec', `--test-concurrency=${beside}`];
  const child = spawn(process.execPath, [...flags, ...files], { stdio: 'inherit', env: { ...process.env, ALONE: String(alone) } });
  return new Promise((ended) => child.on('exit', (code) => ended(code ?? 1)));
}
