// Pictures to look at, kept as files, and their curves held against the numbers by where the ink is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BROWSER } from './browsers.mjs';
import { pageTest } from './harness.mjs';

const FOLDER = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
/** A run of a few seconds, with points of all ten classes, in which the law holds. */
const SMALL = '?hidden=50x7&perClass=50&epochs=60&learningRate=0.01';
const SIZES = [[1280, 720], [390, 844], [2560, 1440]];
const THEMES = ['light', 'dark'];
const CLASSES = Array.from({ length: 10 }, (_, label) => `c${label}`);

fs.mkdirSync(FOLDER, { recursive: true });
console.log(`screenshots are kept in ${FOLDER}`);

async function keep(visitor, name, theme) {
  await visitor.page.screenshot({ caret: 'initial', path: `${FOLDER}${name}-${Object.values(visitor.page.viewportSize()).join('x')}-${theme}.png` });
  if (BROWSER === 'firefox') visitor.excuse(/style-src-elem/); // of Playwright's own
}

/** Opens the page without motion, so that every picture is of a curve at rest. */
async function open(visitor, [width, height], query) {
  await visitor.page.setViewportSize({ width, height });
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.open(query);
}

async function turn(visitor, colorScheme) {
  await visitor.page.emulateMedia({ colorScheme });
  await visitor.drawn();
}

/** Where each layer is, CSS px from the figure's left: reading it shows a line there. */
async function columns(visitor, layers) {
  const xs = [];
  await visitor.page.locator('#reader').focus();
  for (let layer = 0; layer < layers; layer++) {
    await visitor.page.keyboard.press(layer ? 'ArrowRight' : 'Home');
    xs.push(await visitor.page.locator('#reading-line').evaluate((line) => parseFloat(line.style.left)));
  }
  await visitor.page.keyboard.press('Escape');
  await visitor.page.locator('#reader').blur();
  return xs;
}

/** The middles of runs of neighbours in ascending `numbers`, and how many each has. */
function runs(numbers) {
  const all = [];
  for (const number of numbers) {
    const last = all.at(-1);
    if (last && number <= last.to + 1) last.to = number;
    else all.push({ from: number, to: number });
  }
  return all.map(({ from, to }) => ({ middle: (from + to + 1) / 2, count: to - from + 1 }));
}

/** The least-squares line through (x, y): [value at 0, slope]. */
function line(xs, ys) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const slope = xs.reduce((sum, at, i) => sum + (at - x) * (ys[i] - y), 0) / xs.reduce((sum, at) => sum + (at - x) ** 2, 0);
  return [y - slope * x, slope];
}

/** Holds the curve's picture against the table's numbers. */
async function holdsItsNumbers(visitor) {
  const { train, test } = await visitor.fuzziness();
  const xs = await columns(visitor, train.length);
  const { at, width, scale, blank } = await visitor.ink(['ink', 'rule', 'law', 'test', ...CLASSES]);

  // Hairlines, by the rows that are mostly rule.
  const rows = new Map();
  for (const index of at.rule) rows.set(Math.floor(index / width), (rows.get(Math.floor(index / width)) ?? 0) + 1);
  const hairlines = runs([...rows].filter(([, count]) => count > width / 2).map(([row]) => row)).map(({ middle }) => middle / scale);
  assert.ok(hairlines.length >= 4, `${hairlines.length} hairlines`);

  // Discs, by the ink at their layer's x above the lowest hairline.
  const floor = (hairlines.at(-1) + 4) * scale * width;
  const column = (pixels, x) => pixels.filter((index) => index % width === Math.round(x * scale)).map((index) => Math.floor(index / width));
  const plotted = at.ink.filter((index) => index < floor);
  const discs = xs.map((x, layer) => {
    const found = runs(column(plotted, x)).filter(({ count }) => count >= 6 * scale);
    assert.equal(found.length, 1, `layer ${layer} has ${found.length} discs`);
    return found[0].middle / scale;
  });

  // The hairlines are the axis, at whole numbers of ln D; which ones, the discs tell. On this axis each disc is where its ln D is.
  const [top, slant] = line(train.map(Math.log), discs);
  const ticks = hairlines.map((hairline) => Math.round((hairline - top) / slant));
  const [zero, pitch] = line(ticks, hairlines);
  const y = (ln) => zero + pitch * ln;
  for (const [i, hairline] of hairlines.entries()) assert.ok(Math.abs(hairline - y(ticks[i])) < 0.6, `hairlines at ${hairlines}`);
  for (const [layer, disc] of discs.entries()) {
    const place = y(Math.log(train[layer]));
    assert.ok(Math.abs(disc - place) < 1, `the disc of layer ${layer} is at ${disc}, not ${place}`);
  }

  // Test squares on the same axis, where no disc covers them.
  const near = (pixels, x, y, reach) => pixels.filter((index) => Math.abs((index % width) / scale - x) <= reach && Math.abs(Math.floor(index / width) / scale - y) <= reach);
  for (const [layer, x] of xs.entries()) {
    const place = y(Math.log(test[layer]));
    if (Math.abs(place - discs[layer]) > 14) assert.ok(near(at.test, x, place, 6).length > 20 * scale, `no square at layer ${layer}`);
  }

  // The law's line through the discs, halfway to the last layer.
  const [intercept, slope] = line([...train.keys()], train.map(Math.log));
  const half = train.length - 1.5;
  assert.ok(near(at.law, (xs.at(-2) + xs.at(-1)) / 2, y(intercept + slope * half), 2).length > 0, 'no line before the last layer');

  // Points of all classes below the curve, paper around the figure.
  for (const label of CLASSES) assert.ok(at[label].some((index) => index > floor), `no points of ${label} below the curve`);
  assert.ok(blank.top >= 2 && blank.bottom >= 0.5, `blank: ${JSON.stringify(blank)}`);
}

/** The numbers of a layer hide neither the verdict nor the curve. */
async function keepsClear(visitor) {
  const box = (selector) => visitor.page.locator(selector).boundingBox();
  const [panel, line] = await Promise.all(['#reading', '#reading-line'].map(box));
  assert.ok(panel.y >= line.y + line.height, `the numbers begin at ${panel.y}, the curve and its strip end at ${line.y + line.height}`);
  const { width, height } = visitor.page.viewportSize();
  assert.ok(panel.x >= 0 && panel.x + panel.width <= width + 0.01 && panel.y + panel.height <= height + 0.01, 'the numbers fit the page');
  const spills = await visitor.page.locator('#reading dl div').evaluateAll((rows) => rows.filter((row) => row.scrollWidth > row.clientWidth).map((row) => row.textContent));
  assert.deepEqual(spills, []);
}

for (const size of SIZES) {
  pageTest(`on arrival at ${size.join(' x ')} the recording's curve is where its numbers are`, async (visitor) => {
    await open(visitor, size, '');
    for (const theme of THEMES) {
      await turn(visitor, theme);
      await keep(visitor, 'ready', theme);
      await holdsItsNumbers(visitor);
    }
  }, { repeats: size[0] > 1280 });

  pageTest(`a trained run at ${size.join(' x ')} is where its numbers are, and reading it hides nothing of it`, async (visitor) => {
    await open(visitor, size, SMALL);
    await visitor.train();
    for (const theme of THEMES) {
      await turn(visitor, theme);
      await keep(visitor, 'finished', theme);
      await holdsItsNumbers(visitor);
      await visitor.page.locator('#reader').focus();
      await visitor.page.keyboard.press('End');
      await visitor.page.keyboard.press('ArrowLeft');
      await visitor.drawn();
      await keep(visitor, 'reading', theme);
      await keepsClear(visitor);
      await visitor.page.locator('#reader').blur();
    }
  }, { repeats: size[0] > 1280 });
}
