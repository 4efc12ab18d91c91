// Everything by keyboard alone: each control is reached, seen where it is, in the order of reading; and whole tasks from end to end.
import assert from 'node:assert/strict';
import { FEATURES, pageTest } from './harness.mjs';

/** What trains below lasts until it is stopped. */
const SMALL = '?hidden=20x3&perClass=20&epochs=3&sweepEpochs=400&sweepSeeds=1&minorityEpochs=400&minorityPerClass=20';
/** For a machine that has much else to do. */
const PATIENT = { timeout: 300_000 };

/** Gives the page's elements names, for the tests below; runs in the page. */
function prepare() {
  const place = (element) => {
    if (element.id || element === document.body) return `#${element.id}`;
    const siblings = [...element.parentElement.children];
    return `${place(element.parentElement)} > ${element.localName}:nth-child(${siblings.indexOf(element) + 1})`;
  };
  /** What Tab comes to as one: a group of radio buttons or of handles, or the element itself. */
  globalThis.stopOf = (element) => {
    if (element.type === 'radio') return `radio ${element.name}`;
    return element.matches('.handle') ? `handles ${element.parentElement.id}` : place(element);
  };
  const controls = 'a[href], button, input:not([type=file]), select, textarea, summary, iframe, [tabindex="0"], [role=slider]';
  globalThis.usable = () => [...new Set([...document.querySelectorAll(controls)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled'))
    .map(stopOf))];
  /** What a pointer can use, as its shape says, and the keyboard cannot. */
  globalThis.pointed = () => [...document.querySelectorAll('body *')].filter((element) => {
    const [own, above] = [element, element.parentElement].map((one) => getComputedStyle(one).cursor);
    if (['auto', 'default', 'text', above].includes(own) || !element.checkVisibility()) return false;
    return !element.closest(`${controls}, label`) && !element.querySelector(controls);
  }).map(place);

  const parsed = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  /** The colour behind an element. */
  const ground = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      const color = parsed(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const fixed = (element) => {
    for (let at = element; at; at = at.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  let before;
  /** Where the focus is, and what is wrong with it there. */
  globalThis.stop = () => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const faults = [];
    const outlined = [element, element.closest('label'), element.closest('.language')].find((one) => one && getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2);
    if (!outlined) faults.push('no outline');
    else if (contrast(parsed(getComputedStyle(outlined).outlineColor), ground(outlined)) < 3) faults.push('a pale outline');
    const { left, top, right, bottom } = (outlined ?? element).getBoundingClientRect();
    const [x, y] = [[left, right, innerWidth], [top, bottom, innerHeight]].map(([from, to, end]) => [Math.max(from, 0), Math.min(to, end)]);
    const shares = [0.05, 0.3, 0.5, 0.7, 0.95];
    const seen = shares.some((across) => shares.some((down) => {
      const hit = document.elementFromPoint(x[0] + across * (x[1] - x[0]), y[0] + down * (y[1] - y[0]));
      return hit && (element.contains(hit) || hit.contains(element) && hit.matches('label, .language, .seg') || hit.closest('label')?.contains(element));
    }));
    if (element.localName !== 'iframe' && !(x[1] > x[0] && y[1] > y[0] && seen)) faults.push(`out of sight: ${[left, top, right, bottom].map(Math.round)}`);
    if (before?.isConnected && !fixed(element) && !fixed(before)) {
      const last = before.getBoundingClientRect();
      const here = element.getBoundingClientRect();
      if (here.bottom <= last.top + 1 && here.left < last.right - 1) faults.push(`above ${stopOf(before)}`);
    }
    before = element;
    return { name: stopOf(element), faults };
  };
}

/** Presses Tab, or Shift+Tab, from where the focus is through the whole page; what it came to, and what was wrong there. */
async function walk(visitor, key, most = 1000) {
  const stops = [];
  for (;;) {
    const stop = await visitor.page.evaluate(() => globalThis.stop());
    if (!stop || stop.name === stops[0]?.name) return stops;
    stops.push(stop);
    assert.notEqual(stop.name, stops.at(-2)?.name, 'the focus is trapped');
    if (stops.length === most) return stops;
    await visitor.page.keyboard.press(key);
  }
}

const active = (visitor) => visitor.page.evaluate(() => document.activeElement.id || document.activeElement.outerHTML.slice(0, 100));

/** Goes on with Tab, or back where that is the way, until the focus is on what a selector finds. */
async function go(visitor, selector) {
  const back = await visitor.page.evaluate((selector) => {
    const target = document.querySelector(selector);
    return Boolean(target.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING);
  }, selector);
  for (let pressed = 0; pressed < 400; pressed++) {
    if (await visitor.page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
    await visitor.page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  assert.fail(`Tab never comes to ${selector}; the focus is on ${await active(visitor)}`);
}

/** Presses keys where the focus is, after which it must be somewhere. */
async function press(visitor, ...keys) {
  for (const key of keys) {
    await visitor.page.keyboard.press(key);
    await visitor.drawn();
    assert.notEqual(await visitor.page.evaluate(() => document.activeElement.localName), 'body', `${key} lost the focus`);
  }
}

/** Goes somewhere and presses keys there. */
async function use(visitor, selector, ...keys) {
  await go(visitor, selector);
  await press(visitor, ...keys);
}

/** Types into a field in place of what it has. */
async function write(visitor, selector, text) {
  await go(visitor, selector);
  await visitor.page.keyboard.press('Control+a');
  await visitor.page.keyboard.type(text);
  await press(visitor, 'Enter');
}

const focused = async (visitor, id) => assert.equal(await active(visitor), id);
const shows = (visitor, id, value) => visitor.page.locator(`#${id}[data-value="${value}"]`).waitFor({ state: 'attached' });

/** Presses Enter; returns the file chooser that opens. On a machine with much to do the driver has missed one: then Enter is pressed once more. */
const chooses = async ({ page }) => {
  for (let tries = 0; ; tries++) {
    const opened = page.waitForEvent('filechooser', { timeout: 10_000 });
    opened.catch(() => {});
    await page.evaluate(() => {}); // the browser has been told that somebody waits for one
    await page.keyboard.press('Enter');
    try {
      return await opened;
    } catch (error) {
      if (tries) throw error;
    }
  }
};

const downloads = async (visitor, selector) => {
  await go(visitor, selector);
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), press(visitor, 'Enter')]);
  return download.suggestedFilename();
};
const reaches = (visitor, section, state) => visitor.page.locator(`${section}[data-state=${state}]`).waitFor({ state: 'attached', timeout: 60_000 });
const checked = (visitor, selector) => visitor.page.locator(selector).isChecked();

/** 1280 x 720, and what is left of it at 200 %. */
for (const [width, height] of [[1280, 720], [640, 360]]) {
  pageTest(`Tab comes to everything that can be used at ${width} x ${height}, in the order of reading, in sight and outlined, and back`, async (visitor) => {
    const { page } = visitor;
    await page.setViewportSize({ width, height });
    await page.addInitScript(prepare);
    await visitor.open(SMALL);
    await visitor.fill();
    await page.locator('details').evaluateAll((all) => all.forEach((group) => { group.open = true; }));
    for (const section of await page.locator('section:visible').all()) {
      await section.evaluate((section) => section.scrollIntoView());
      await visitor.drawn(); // which a section is when it is seen
    }
    await page.locator('.skip').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    const there = await walk(visitor, 'Tab');
    assert.deepEqual(there.filter(({ faults }) => faults.length > 0), []);
    const names = there.map(({ name }) => name);
    assert.deepEqual(new Set(names).size, names.length, 'nothing twice');
    assert.deepEqual((await page.evaluate(() => globalThis.usable())).filter((name) => !names.includes(name)), [], 'nothing left out');
    assert.deepEqual(await page.evaluate(() => globalThis.pointed()), [], 'nothing for a pointer alone');
    assert.ok(names.length > 150, `${names.length} stops`);
    assert.equal(names[0], await page.evaluate(() => globalThis.stopOf(document.querySelector('.skip'))));
    await page.locator('#contents a').first().focus();
    const back = (await walk(visitor, 'Shift+Tab', 60)).map(({ name }) => name);
    assert.deepEqual(back, names.slice(0, names.indexOf(back[0]) + 1).toReversed().slice(0, 60));
  }, { ...PATIENT, repeats: width !== 1280 });
}

pageTest('by keys alone a run is set up, guessed, trained, paused, stepped and reset', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=5000&pace=fast');
  await press(visitor, 'Tab');
  assert.ok(await visitor.page.locator('.skip').isVisible());
  await press(visitor, 'Enter');
  await focused(visitor, 'figure');

  await use(visitor, '#preset', 'ArrowDown', 'ArrowDown');
  assert.ok(visitor.query().get('preset'));
  await go(visitor, '#settings summary');
  await press(visitor, 'Enter');
  await write(visitor, '#k-perClass', '20');
  await use(visitor, '#layers', 'Home', 'ArrowRight', 'ArrowRight');
  await use(visitor, '#width', 'Home', 'ArrowRight');
  assert.equal(visitor.query().get('hidden'), '20x3');
  await use(visitor, '#k-activation', 'ArrowDown');
  await use(visitor, '[name=optimizer]:checked', 'ArrowRight');
  await write(visitor, '#k-learningRate', '40');
  await visitor.alerted(/learningRate is 40/);
  await focused(visitor, 'k-learningRate');
  await write(visitor, '#k-learningRate', '0.01');
  assert.equal(await visitor.alert(), '');
  await write(visitor, '#k-epochs', '5000');
  await use(visitor, '#new-seed', 'Enter');
  await go(visitor, '.row:has(#k-seed) .help');
  await press(visitor, 'Enter', 'Enter');
  await visitor.reaches('ready');

  await use(visitor, '#predict', 'Enter', 'ArrowDown', 'ArrowRight', 'PageDown');
  assert.equal(await visitor.page.evaluate(() => document.activeElement.parentElement.id), 'guess-board');
  await use(visitor, '#guess-done', 'Enter');
  await focused(visitor, 'train');
  await press(visitor, 'Enter');
  await visitor.reaches('training');
  await focused(visitor, 'pause');
  await press(visitor, 'Space');
  await visitor.reaches('paused');
  await focused(visitor, 'train');
  await go(visitor, '#step');
  for (let step = 0; step < 2; step++) {
    const epoch = await visitor.number('epoch');
    await press(visitor, 'Enter');
    await visitor.page.waitForFunction((epoch) => Number(document.getElementById('epoch').dataset.value) > epoch, epoch);
    await visitor.reaches('paused');
    await focused(visitor, 'step');
  }
  await use(visitor, '#reset', 'Enter');
  await visitor.reaches('ready');
  await visitor.drawn();
  await focused(visitor, 'reset');
  await press(visitor, 'Enter'); // it says that it is disabled
  assert.equal(await visitor.page.locator('#reset').getAttribute('aria-disabled'), 'true');
  await go(visitor, '#train');
  await visitor.drawn();
  assert.ok(await visitor.page.locator('#reset').isDisabled());
}, PATIENT);

pageTest('by keys alone a run is read: layers, tables, views, class means, epochs; and compared, shared, saved', async (visitor) => {
  const { page } = visitor;
  await visitor.open('?hidden=20x3&perClass=20&epochs=12');
  await use(visitor, '#train', 'Enter');
  await visitor.reaches('finished');
  await focused(visitor, 'train');

  await use(visitor, '#reader', 'ArrowRight', 'ArrowRight');
  assert.match(await page.locator('#reading p').textContent(), /2/);
  await press(visitor, 'Escape');
  assert.ok(await page.locator('#reading').isHidden());
  await use(visitor, '[name=axis]:checked', 'ArrowRight');
  assert.ok(await checked(visitor, '#view-linear'));
  await use(visitor, '#view-classes', 'Space');
  assert.ok(await checked(visitor, '#view-classes'));
  await use(visitor, '[aria-controls=about-views]', 'Enter');
  assert.ok(await page.locator('#about-views').isVisible());
  await press(visitor, 'Escape');
  assert.ok(await page.locator('#about-views').isHidden());
  await use(visitor, '#figure .twin summary', 'Enter');
  assert.ok(await page.locator('#fuzziness').isVisible());

  await use(visitor, '[name=means]:checked', 'ArrowRight', 'ArrowRight');
  assert.ok(await checked(visitor, '#means-four'));
  await use(visitor, '#corner-1', 'ArrowDown');
  const turned = await page.locator('#turner').getAttribute('aria-valuetext');
  await use(visitor, '#turner', 'ArrowRight', 'ArrowRight', '+');
  assert.notEqual(await page.locator('#turner').getAttribute('aria-valuetext'), turned);
  await use(visitor, '#layer', 'ArrowLeft');
  assert.equal(visitor.query().get('layer'), '2');
  await use(visitor, '.means .twin summary', 'Space');
  assert.ok(await page.locator('#cosines').isVisible());

  await use(visitor, '#scrub', 'Home', 'ArrowRight');
  await shows(visitor, 'epoch', 1);
  await use(visitor, '#tempo', 'Home');
  assert.equal(await page.locator('#tempo').inputValue(), '0.5');
  await use(visitor, '#play', 'Enter');
  await page.locator('#play-text', { hasText: 'Hold' }).waitFor();
  await press(visitor, 'Enter');
  await page.locator('#play-text', { hasText: 'Play back' }).waitFor();
  await use(visitor, '[name=pace]:checked', 'ArrowRight');
  await use(visitor, '#epochs-head', 'End', 'ArrowLeft');
  await shows(visitor, 'epoch', 10);

  await use(visitor, '#layers', 'ArrowRight');
  await use(visitor, '#train', 'Enter');
  await visitor.reaches('finished');
  await use(visitor, '#ghosts [data-compare]', 'Enter');
  await focused(visitor, 'comparison-title');
  assert.match(await downloads(visitor, '#compare-csv'), /compared\.csv$/);
  await use(visitor, '#compare-end', 'Enter');
  await use(visitor, '#ghosts [data-ghost]', 'Enter');
  await page.locator('#ghosts').waitFor({ state: 'hidden' });

  await use(visitor, '#share', 'Enter');
  await use(visitor, '[name=share]:checked', 'ArrowRight', 'ArrowRight');
  await use(visitor, '#export-figure', 'ArrowDown');
  assert.match(await downloads(visitor, '#export-svg'), /\.svg$/);
  assert.match(await downloads(visitor, '#export-csv'), /\.csv$/);
  await press(visitor, 'Escape');
  await focused(visitor, 'share');
  assert.match(await downloads(visitor, '#save-run'), /\.sepplay$/);
  await go(visitor, '#open-run');
  const chooser = await chooses(visitor);
  assert.equal(await chooser.element().getAttribute('id'), 'run-file');
}, PATIENT);

pageTest('by keys alone the sections below are reached by their links and used', async (visitor) => {
  const { page } = visitor;
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 2 }));
  await visitor.open(SMALL);
  /** Follows the link of the contents to a section. */
  const jump = async (section) => {
    await go(visitor, `#contents [href="${section}"]`);
    await page.keyboard.press('Enter');
    await page.waitForFunction((section) => Math.abs(document.querySelector(section).getBoundingClientRect().top) < innerHeight / 2, section);
  };
  await jump('#gallery-counter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.matches('#gallery-counter button')), 'Tab goes on from where the link leads');
  await press(visitor, 'Enter');
  await reaches(visitor, '#gallery-counter', 'training');
  await press(visitor, 'Enter');
  await reaches(visitor, '#gallery-counter', 'paused');

  await jump('#sweeps');
  await use(visitor, '[name=sweep]:checked', 'ArrowRight');
  assert.equal(visitor.query().get('sweep'), 'width');
  await use(visitor, '#sweep-train', 'Enter');
  await reaches(visitor, '#sweeps', 'training');
  await press(visitor, 'Enter');
  await reaches(visitor, '#sweeps', 'paused');
  await use(visitor, '#sweep-twin summary', 'Enter');
  assert.ok(await page.locator('#sweep-table').isVisible());
  await use(visitor, '#grid-train', 'Enter', 'Enter');

  await jump('#minority');
  const before = await page.locator('#peeled-said').textContent();
  await use(visitor, '#peeled-imbalance', 'End');
  assert.notEqual(await page.locator('#peeled-said').textContent(), before);
  await use(visitor, '#minority-oversample', 'Space');
  await use(visitor, '#minority-train', 'Enter');
  await reaches(visitor, '#minority', 'training');
  await press(visitor, 'Enter');

  await jump('#robustness');
  await use(visitor, '#robust-epsilon', 'ArrowRight');
  await page.locator('#robust-board .handle').first().waitFor();
  const straight = await page.locator('#robust-said').textContent();
  await use(visitor, '#robust-board .handle', 'ArrowRight', 'PageUp');
  assert.notEqual(await page.locator('#robust-said').textContent(), straight);
  await use(visitor, '#robust-reset', 'Enter');

  await jump('#features');
  await go(visitor, '#features-open');
  const chooser = await chooses(visitor);
  await chooser.setFiles(FEATURES);
  const first = page.locator('#features-layers tbody th').first();
  await first.filter({ hasText: 'input' }).waitFor();
  await focused(visitor, 'features-title');
  await use(visitor, '[name=spatial]:checked', 'ArrowRight');
  await first.filter({ hasText: 'input' }).waitFor();
  await use(visitor, '#features-layer', 'ArrowLeft');
  await use(visitor, '[data-does=down][data-place="0"]', 'Enter');
  await first.filter({ hasText: 'h1' }).waitFor();
  await use(visitor, '[data-does=used][data-place="2"]', 'Space');
  assert.match(await downloads(visitor, '#features-csv'), /\.csv$/);

  await go(visitor, '#grid-table a');
  await press(visitor, 'Enter');
  assert.ok(visitor.query().has('labelNoise') || visitor.query().has('activation'));
  await focused(visitor, 'figure');
}, PATIENT);

pageTest('by keys alone the tour is taken, another language and theme are chosen, and the figure is presented', async (visitor) => {
  const { page } = visitor;
  await visitor.open();
  await use(visitor, '#tour-open', 'Enter');
  await focused(visitor, 'steps');
  await go(visitor, '#tour-next');
  const steps = await page.locator('#steps li').count();
  for (let step = 1; step < steps; step++) await press(visitor, 'Enter');
  await page.locator('#tour-at', { hasText: `${steps} of ${steps}` }).waitFor();
  await focused(visitor, 'tour-next');
  await go(visitor, '#tour-back');
  for (let step = 1; step < steps; step++) await press(visitor, 'Enter');
  await page.locator('#tour-at', { hasText: `1 of ${steps}` }).waitFor();
  await focused(visitor, 'tour-back');
  await use(visitor, '#tour-leave', 'Enter');
  await focused(visitor, 'tour-open');

  await use(visitor, '#language', 'ArrowDown');
  await page.locator('html[lang=zh]').waitFor({ state: 'attached' });
  await focused(visitor, 'language');
  await press(visitor, 'ArrowUp');
  await page.locator('html[lang=en]').waitFor({ state: 'attached' });
  await use(visitor, '#theme', 'Enter', 'Enter');
  assert.equal(visitor.query().get('theme'), 'dark');
  await use(visitor, '#shortcuts', 'Enter');
  await focused(visitor, 'sheet-title');
  await use(visitor, '#sheet-close', 'Enter');
  await focused(visitor, 'shortcuts');
  await press(visitor, 'p');
  assert.ok(await page.locator('#settings').isHidden());
  await press(visitor, 'p');
  assert.ok(await page.locator('#settings').isVisible());
}, PATIENT);

pageTest('a phone that is turned has its settings where the eye finds them, and the field that is written in keeps the keyboard', async (visitor) => {
  const { page } = visitor;
  const turn = async (width, height) => {
    await page.setViewportSize({ width, height });
    await visitor.drawn();
    return page.evaluate(() => {
      const [settings, figure] = ['settings', 'figure'].map((id) => document.getElementById(id));
      const first = settings.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING;
      return { first: first ? 'settings' : 'figure', focus: document.activeElement.name, said: document.activeElement.value };
    });
  };
  await page.setViewportSize({ width: 390, height: 844 });
  await visitor.open();
  await page.locator('#settings details:has([name=learningRate]) > summary').click();
  await page.locator('[name=learningRate]').fill('0.002');
  assert.deepEqual(await turn(844, 390), { first: 'settings', focus: 'learningRate', said: '0.002' });
  assert.equal(visitor.query().get('learningRate'), '0.002', 'what was typed is taken');
  assert.deepEqual(await turn(390, 844), { first: 'figure', focus: 'learningRate', said: '0.002' });
});
