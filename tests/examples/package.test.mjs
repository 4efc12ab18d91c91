// The npm package as its users have it: packed, installed, and used by the examples of www/examples. What it holds, cargo xtask release checks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visit } from './browser.mjs';
import { shown } from './notebook.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fs.mkdtempSync(path.join(os.tmpdir(), 'separation-examples-'));
const npm = (cwd, ...args) => execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, '--loglevel=error'], { cwd, encoding: 'utf8' });
let tarball;

before(() => {
  const [{ filename }] = JSON.parse(npm(FOLDER, 'pack', '--json', path.join(ROOT, 'pkg')));
  tarball = path.join(FOLDER, filename);
});
after(() => fs.rmSync(FOLDER, { recursive: true }));

/** A copy of an example with the package installed, without a network; returns its folder. */
function installed(name) {
  const folder = path.join(FOLDER, name);
  fs.cpSync(path.join(ROOT, 'www/examples', name), folder, { recursive: true });
  npm(folder, 'install', '--offline', '--omit=dev', '--no-audit', '--no-fund', '--no-save', tarball);
  return folder;
}

/** Runs a program of the tools' with Node.js in `folder`; a failure has what it said. */
function tool(folder, program, ...args) {
  try {
    return execFileSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${path.basename(program)}: ${error.stdout}${error.stderr}`, { cause: error });
  }
}

test('package.json leads to files that are there, types first', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'pkg/package.json'), 'utf8'));
  for (const entry of [manifest.exports['.'].types, manifest.exports['.'].default, manifest.exports['./separation_playground_bg.wasm'], manifest.main, manifest.types]) {
    assert.ok(fs.existsSync(path.join(ROOT, 'pkg', entry)), entry);
  }
  assert.equal(Object.keys(manifest.exports['.'])[0], 'types');
});

test('bundlers are told of every file of the images', () => {
  const script = fs.readFileSync(path.join(ROOT, 'src/web/bundled.js'), 'utf8');
  const listed = [...script.matchAll(/'(.+?)': \(\) => new URL\('(.+?)', import\.meta\.url\)/g)];
  for (const [, name, url] of listed) assert.equal(url, `../../../../data/${name}`);
  const there = fs.readdirSync(path.join(ROOT, 'www/data'), { recursive: true }).map(String).filter((name) => name.endsWith('.gz'));
  assert.deepEqual(listed.map(([, name]) => name).sort(), there.map((name) => name.replaceAll('\\', '/')).sort());
});

test('in Node.js: law.mjs trains on data of its own and prints the law', () => {
  const said = tool(installed('node'), 'law.mjs');
  const values = [...said.matchAll(/^layer (\d)  D +([\d.]+)/gm)].map(([, layer, d]) => [Number(layer), Number(d)]);
  assert.deepEqual(values.map(([layer]) => layer), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.ok(values.every(([, d], i) => i === 0 || d < values[i - 1][1]), `D falls:\n${said}`);
  const [, rho, r] = said.match(/rho ([\d.]+), r (-[\d.]+)/);
  assert.ok(rho < 0.9 && r <= -0.97, said);
});

test('in a plain page: index.html trains on the images that come along', async () => {
  await visit(installed('plain'), '', async (page) => {
    await page.locator('#law').filter({ hasText: 'keeps' }).waitFor();
    const layers = await page.locator('#layers li').allTextContents();
    assert.equal(layers.length, 8);
    assert.equal(layers[0], '36.38', 'D of the pixels');
    assert.ok(Number(layers[7]) < Number(layers[0]) / 10, layers.join(' '));
  });
});

test('in a notebook: features.ipynb shows D of the layers of a file, and the law', async (t) => {
  const folder = installed('plain');
  const golden = path.join(ROOT, 'tests/golden/pytorch');
  fs.copyFileSync(path.join(golden, 'mlp.npz'), path.join(folder, 'features.npz'));
  const cells = shown('features.ipynb', t, folder);
  if (!cells) return;
  const ADDRESS = 'https://example.org/separation-playground/';
  assert.equal(cells.length, 1);
  assert.ok(cells[0].includes(ADDRESS));
  const page = `<!doctype html><html lang="en"><title>A notebook</title><link rel="icon" href="data:,">${cells[0].replaceAll(ADDRESS, '/node_modules/separation-playground/')}`;
  const { networks } = JSON.parse(fs.readFileSync(path.join(golden, 'golden.json'), 'utf8'));
  const expected = networks.mlp.layers.map(({ array, flatten }) => `${array}: D ${flatten.fuzziness.toPrecision(4)}`);
  await visit(folder, 'host.html', async (page) => {
    const said = (await page.frameLocator('iframe').locator('pre').filter({ hasText: /./ }).textContent()).split('\n');
    assert.deepEqual(said.slice(0, 4), expected);
    assert.match(said.slice(4).join(), /^each layer keeps 0\.\d{3} of D, r -[01]\.\d{3}$/);
  }, { 'host.html': page });
});

test('with Vite: main.ts fits its types, is built, and trains as the fields say', async () => {
  const folder = installed('vite');
  tool(folder, path.join(process.env.VITE, 'typescript/bin/tsc'));
  tool(folder, path.join(process.env.VITE, 'vite/bin/vite.js'), 'build', '--logLevel', 'warn');
  await visit(path.join(folder, 'dist'), '', async (page) => {
    await page.getByLabel('Hidden layers').fill('4');
    await page.getByLabel('Epochs').fill('40');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('output').filter({ hasText: 'Epoch 40' }).waitFor();
    assert.match(await page.locator('output').textContent(), /^Epoch 40, training accuracy [01][.\d]*: each layer keeps 0\.\d+ of D, r −?-?0\.9\d+$/);
    assert.equal((await page.locator('polyline').getAttribute('points')).split(' ').length, 5);
  });
});

test('TypeScript refuses what the package does', () => {
  const folder = installed('vite');
  const wrong = [
    ["void Experiment.create({ optimizer: 'adamw' });", /\(2,.*'"adamw"' is not assignable/],
    ['void Experiment.create({ learnigRate: 1 });', /\(3,.*learnigRate/],
    ['fitLaw([1, 0.5, 0.25]).rho;', /\(4,.*possibly 'null'/],
    ['layerPeeledSweep({ classes: 10 });', /\(5,.*majority/],
    ['void analyze({ h1: { features: new Float32Array(4) } }, new Uint8Array(4));', /\(6,[^]*'dim' is missing/],
  ];
  fs.writeFileSync(path.join(folder, 'main.ts'), ["import { analyze, Experiment, fitLaw, layerPeeledSweep } from 'separation-playground';", ...wrong.map(([line]) => line)].join('\n'));
  assert.throws(() => tool(folder, path.join(process.env.VITE, 'typescript/bin/tsc')), ({ message }) => {
    for (const [, said] of wrong) assert.match(message, said);
    return true;
  });
});
