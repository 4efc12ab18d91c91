// What readers ask of their browser reaches the page: larger letters, zoom, forced colours, more contrast, and that nothing moves.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?hidden=20x3&perClass=20&epochs=3';
/** For a machine that has much else to do. */
const PATIENT = { timeout: 300_000 };

/** Each kind of figure; of a part that gets its canvases once it is in sight, its first. */
const FIGURES = ['#curve', '#simplex', '#history', '#compared', '#emergence', '#over-epochs', '#gallery-fig1 canvas', '#sweep-measures', '#sweep-curves', '#grid-table canvas', '#peeled', '#collapse-curve', '#robust-curve', '#features-curve', '#features-simplex'];

/** Shows everything that the page has at once. */
async function fill(visitor) {
  const { page } = visitor;
  await visitor.fill();
  await page.locator('.row .help').evaluateAll((all) => all.forEach((button) => button.click()));
  await page.locator('details').evaluateAll((all) => all.forEach((group) => { group.open = true; }));
  for (const section of await page.locator('.gallery').all()) {
    await section.evaluate((section) => section.scrollIntoView());
    await visitor.drawn();
  }
  // What is in sight is drawn once the report is there.
  for (const figure of FIGURES) {
    await page.locator(figure.split(' ')[0]).evaluate((place) => place.scrollIntoView());
    await page.waitForFunction((figure) => document.querySelector(figure)?.getContext('2d').getImageData(0, 0, 1, 1).data[3], figure);
  }
  await page.locator('#grid-table a[data-state=recorded] canvas').nth(24).waitFor();
  await page.evaluate(() => { scrollTo(0, 0); document.activeElement.blur(); });
  await visitor.drawn();
}

/** Texts and controls that lie over each other, are cut, or stick out of the page; runs in the page. */
function misplaced() {
  const fixed = (element) => {
    for (let at = element; at; at = at.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  const boxes = [];
  const faults = [];
  const add = (element, name, { left, top, right, bottom }) => {
    if (right - left < 1 || bottom - top < 1) return;
    const box = { element, name, left, top, right, bottom };
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      if (overflowX === 'visible' && overflowY === 'visible') continue;
      const room = at.getBoundingClientRect();
      const clipped = { left: Math.max(box.left, room.left), top: Math.max(box.top, room.top), right: Math.min(box.right, room.right), bottom: Math.min(box.bottom, room.bottom) };
      const cut = clipped.right - clipped.left < box.right - box.left - 1;
      if (cut && ['hidden', 'clip'].includes(overflowX)) faults.push(`cut: ${name}`);
      Object.assign(box, clipped);
    }
    if (box.right <= box.left || box.bottom <= box.top) return; // scrolled away
    if (box.left < -1 || box.right > document.documentElement.clientWidth + 1) faults.push(`outside: ${name}: ${Math.round(box.left)} to ${Math.round(box.right)}`);
    boxes.push(box);
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.vh, .skip, .sum, math, svg, option, noscript, .probe, .reading, .explained') && !fixed(element);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(node.parentElement, node.data.trim().slice(0, 40), rect);
  }
  for (const control of document.querySelectorAll('button, select, input:not([type=radio], [type=file]), textarea, summary, canvas')) {
    if (shown(control)) add(control, control.id || control.ariaLabel || control.textContent.trim() || control.outerHTML.slice(0, 60), control.getBoundingClientRect());
  }
  boxes.sort((a, b) => a.top - b.top);
  for (const [at, a] of boxes.entries()) {
    for (let next = at + 1; next < boxes.length && boxes[next].top < a.bottom; next++) {
      const b = boxes[next];
      const [wide, high] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - b.top];
      if (wide <= 2 || high <= 0.3 * Math.min(a.bottom - a.top, b.bottom - b.top) || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      if (a.element.localName === 'canvas' && b.element.matches('#scrub')) continue; // the slider is the figure's axis
      faults.push(`overlap: ${a.name} / ${b.name}`);
    }
  }
  return [...new Set(faults)];
}

/** The window of 1280 x 720 px, of which at `zoom` 2 a CSS px takes four. */
async function zoom(visitor, zoom) {
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send('Emulation.setDeviceMetricsOverride', { width: 1280 / zoom, height: 720 / zoom, deviceScaleFactor: zoom, mobile: false });
}

/** Letters of twice the size, as the browser's settings have it. */
async function enlarge(visitor) {
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
}

for (const [what, prepare] of [['a zoom of 200 %', (visitor) => zoom(visitor, 2)], ['letters of twice the size', enlarge]]) {
  for (const lang of ['en', 'zh']) {
    pageTest(`at ${what} nothing is cut, covered or outside, ${lang}`, async (visitor) => {
      await prepare(visitor);
      await visitor.open(`${SMALL}&lang=${lang}`);
      const size = await visitor.page.evaluate(() => [getComputedStyle(document.documentElement).fontSize, devicePixelRatio]);
      assert.ok(size[0] === '32px' || size[1] === 2, `${size}`);
      await fill(visitor);
      assert.ok(await visitor.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assert.deepEqual(await visitor.page.evaluate(misplaced), []);
      for (const id of ['sheet', 'sharing']) {
        await visitor.click(id === 'sheet' ? 'shortcuts' : 'share');
        const [inner, outer] = await visitor.page.locator(`#${id}`).evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
        assert.ok(inner <= outer, `${id}: ${inner} px in ${outer}`);
        await visitor.page.keyboard.press('Escape');
      }
      for (const list of ['views', 'means', 'timeline']) {
        await visitor.page.locator(`[aria-controls=about-${list}]`).press('Enter');
        const { x, width } = await visitor.page.locator(`#about-${list}`).boundingBox();
        assert.ok(x >= 0 && x + width <= await visitor.page.evaluate(() => innerWidth), `${list}: ${x} + ${width}`);
        await visitor.page.keyboard.press('Escape');
      }
    }, { ...PATIENT, repeats: lang !== 'en' });
  }
}

/** What the canvases of `selectors` are drawn in, in terms of system colours; runs in the page. */
function drawn(selectors) {
  const probe = document.body.appendChild(document.createElement('span'));
  const system = ['Canvas', 'CanvasText', 'ButtonText', 'GrayText', 'Highlight', 'LinkText'].map((name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color.match(/\d+/g).slice(0, 3).map(Number); // a canvas has them opaque
  });
  probe.remove();
  const [ground, text] = system;
  const same = (a, b) => a.every((value, at) => Math.abs(value - b[at]) <= 2);
  /** Whether a colour is one of the system's, or on the way from one to another, as at the edge of a line. */
  const known = (color) => system.some((from) => system.some((to) => {
    const way = to.map((value, at) => value - from[at]);
    const length = way.reduce((sum, value) => sum + value * value, 0);
    const share = length ? way.reduce((sum, value, at) => sum + value * (color[at] - from[at]), 0) / length : 0;
    return share >= -0.02 && share <= 1.02 && way.every((value, at) => Math.abs(from[at] + share * value - color[at]) <= 12);
  }));
  return selectors.map((selector) => {
    const canvas = document.querySelector(selector);
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const colors = [...counts].map(([pixel, count]) => [[pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255], count]).toSorted(([, a], [, b]) => b - a);
    return {
      selector,
      ground: same(colors[0][0], ground),
      text: colors.filter(([color]) => same(color, text)).reduce((sum, [, count]) => sum + count, 0),
      foreign: colors.filter(([color, count]) => count > 40 && !known(color)).map(([color]) => color.join()),
    };
  });
}

for (const colorScheme of ['light', 'dark']) {
  pageTest(`in forced colours every figure is drawn in them, and what can be pressed, is chosen or has the focus is seen, ${colorScheme}`, async (visitor) => {
    const { page } = visitor;
    await page.emulateMedia({ forcedColors: 'active', colorScheme, reducedMotion: 'reduce' });
    await visitor.open(SMALL);
    await fill(visitor);
    for (const { selector, ground, text, foreign } of await page.evaluate(drawn, FIGURES)) {
      assert.ok(ground && text > 20, `${selector}: ${ground}, ${text} pixels of text`);
      assert.deepEqual(foreign, [], selector);
    }
    const borderless = await page.locator('.b, select, [type=text], textarea, .seg, td button').evaluateAll((all) => all
      .filter((control) => control.checkVisibility())
      .filter((control) => { const { borderTopWidth, borderTopStyle } = getComputedStyle(control); return borderTopStyle === 'none' || parseFloat(borderTopWidth) < 1; })
      .map((control) => control.id || control.outerHTML.slice(0, 80)));
    assert.deepEqual(borderless, []);

    /** How a control looks. */
    const look = (selector) => page.locator(selector).first().evaluate((element) => {
      const { color, backgroundColor, outlineColor, outlineStyle, outlineWidth, borderLeftColor } = getComputedStyle(element);
      return { color, backgroundColor, outline: outlineStyle === 'none' ? 'none' : `${outlineWidth} ${outlineColor}`, borderLeftColor };
    });
    await visitor.click('reset');
    await visitor.reaches('ready');
    await visitor.drawn();
    for (const [on, off] of [
      ['.seg label:has(:checked)', '.seg label:not(:has(:checked))'],
      ['#step', '#reset'], // which has nothing to reset any more
    ]) assert.notDeepEqual(await look(on), await look(off), `${on} looks like ${off}`);
    const help = '.help[aria-controls=about-means]';
    const closed = await look(help);
    await page.locator(help).press('Enter');
    assert.notEqual((await look(help)).backgroundColor, closed.backgroundColor, 'a help that is open');
    await page.locator('#tour-open').press('Enter');
    assert.notDeepEqual(await look('#tour-open'), await look('#share'), 'the tour is open');
    assert.notEqual((await look('.steps [aria-current]')).borderLeftColor, (await look('.steps li:not([aria-current])')).borderLeftColor, 'the step on show');
    await page.locator('#tour-leave').press('Enter');
    for (const [control, outlined] of [['#share', '#share'], ['#preset', '#preset'], ['[name=optimizer]:checked', '.seg label:has([name=optimizer]:checked)'], ['#layers', '#layers'], ['#reader', '#reader']]) {
      await page.locator('#theme').focus();
      const before = await look(outlined);
      await page.locator(control).focus();
      await page.keyboard.press('Shift');
      assert.match((await look(outlined)).outline, /^3px /, control);
      assert.notEqual((await look(outlined)).outline, before.outline, `${control} with the focus`);
    }
  }, { ...PATIENT, repeats: colorScheme === 'light' });
}

pageTest('where more contrast is asked for, texts and lines have it, in both themes, and figures too', async (visitor) => {
  const { page } = visitor;
  await visitor.open(SMALL);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ contrast: 'no-preference', colorScheme });
    await visitor.drawn();
    const contrasts = () => page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('span'));
      const luminance = (token) => {
        probe.style.color = `var(--${token})`;
        const linear = getComputedStyle(probe).color.match(/\d+/g).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05;
      };
      const paper = luminance('paper');
      const all = Object.fromEntries(['ink-2', 'law', 'test', 'edge', 'ghost', 'rule'].map((token) => [token, Math.max(paper / luminance(token), luminance(token) / paper)]));
      probe.remove();
      return all;
    });
    const before = await contrasts();
    await page.emulateMedia({ contrast: 'more' });
    await visitor.drawn();
    const after = await contrasts();
    for (const [token, least] of [['ink-2', 12], ['law', 7], ['test', 7], ['edge', 7], ['ghost', 5.5], ['rule', 3]]) {
      assert.ok(after[token] >= least && after[token] > before[token], `${token}, ${colorScheme}: ${before[token]}, then ${after[token]}`);
    }
    const { at } = await visitor.ink(['law', 'ink']);
    assert.ok(at.law.length > 500 && at.ink.length > 500, `${at.law.length} ${at.ink.length}`);
  }
});

/** Every canvas that is drawn, as text. */
const pictures = (visitor) => visitor.page.locator('canvas:visible').evaluateAll((all) => all.map((canvas) => [canvas.id || canvas.closest('[id]').id, canvas.toDataURL()]));

/** Asserts that nothing is on its way: no figure changes, nothing is animated, nothing scrolls. */
async function assertStill(visitor, what) {
  await visitor.drawn();
  const scroll = () => visitor.page.evaluate(() => [scrollY, document.getElementById('steps').scrollTop]);
  const [before, from] = [await pictures(visitor), await scroll()];
  assert.equal(await visitor.page.evaluate(() => document.getAnimations().length), 0, what);
  await visitor.page.waitForTimeout(120); // in the midst of a glide
  const [after, to] = [await pictures(visitor), await scroll()];
  assert.deepEqual(before.filter(([, picture], at) => picture !== after[at]?.[1]).map(([id]) => id), [], `${what}: moves`);
  assert.deepEqual(to, from, `${what}: scrolls`);
}

pageTest('for who wants nothing to move everything is at its place at once', async (visitor) => {
  const { page } = visitor;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.open();
  await page.locator('html[data-engine=cpu]').waitFor({ state: 'attached' });
  await assertStill(visitor, 'on arrival');
  await page.locator('#scrub').press('Home');
  await assertStill(visitor, 'another record');
  assert.equal(await visitor.number('epoch'), 0);
  for (const view of ['four', 'three', 'cosines', 'all']) {
    await page.locator(`#means-${view}`).check({ force: true });
    await assertStill(visitor, `the class means, ${view}`);
  }
  await page.locator('#layer').press('ArrowLeft');
  await assertStill(visitor, 'another layer');
  await page.locator('#view-linear').check({ force: true });
  await assertStill(visitor, 'another axis');
  await visitor.click('tour-open');
  for (let step = 1; step <= 5; step++) {
    await page.waitForTimeout(300); // a step waits until it is clear that the reader stays
    await assertStill(visitor, `step ${step} of the tour`);
    await visitor.click('tour-next');
  }
  await visitor.click('tour-leave');
  await page.locator('#preset').selectOption('k3');
  await visitor.reaches('ready');
  await assertStill(visitor, 'another preset');
  for (const section of ['#epochs', '#gallery-fig1', '#sweeps', '#grid', '#minority', '#robustness']) {
    await page.locator(section).evaluate((section) => section.scrollIntoView());
    await page.waitForTimeout(400); // drawn once it is in sight
    await assertStill(visitor, section);
  }
  await page.locator('#peeled-imbalance').press('End');
  await assertStill(visitor, 'another imbalance');
}, PATIENT);

pageTest('who turns movement off while the recorded run plays sees its end', async (visitor) => {
  await visitor.open();
  await visitor.page.waitForFunction(() => Number(document.getElementById('epoch').dataset.value) > 0);
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.page.locator('output#epoch[data-value="600"]').waitFor({ state: 'attached' });
  assert.ok(await visitor.page.locator('#fast').isChecked());
  await visitor.drawn();
  await assertStill(visitor, 'the end');
});
