// What moves in time: the recording, playing back, slow motion, gliding curves, ghosts, stopping by itself.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** A run of a second or so. */
const SMALL = '?hidden=20x3&perClass=20&epochs=12';
/** A run whose first epochs are over at once, and that does not end while a test looks at it. */
const QUICK = '?hidden=20x3&perClass=10&epochs=20000';

const source = (visitor) => visitor.page.locator('html').getAttribute('data-source');
const trained = async (visitor) => Number(await visitor.page.locator('#progress').getAttribute('value'));

/** Waits until the picture has come to `epoch`, and returns the milliseconds that this took. */
async function shows(visitor, epoch) {
  const start = Date.now();
  await visitor.page.waitForFunction((least) => Number(document.querySelector('#epoch').dataset.value) >= least, epoch);
  return Date.now() - start;
}

pageTest('on arrival the default run plays, recorded and named so, and Train takes over live', async (visitor) => {
  await visitor.open();
  assert.equal(await source(visitor), 'recorded');
  assert.ok(await visitor.page.locator('#recorded').isVisible());
  await shows(visitor, 1);
  assert.ok((await visitor.number('epoch')) < 600);
  assert.equal(await visitor.state(), 'ready');
  await visitor.click('train');
  await visitor.reaches('training');
  assert.equal(await source(visitor), 'live');
  assert.ok(!(await visitor.page.locator('#recorded').isVisible()));
});

pageTest('the recording says that it holds no single classes, and the live run shows them', async (visitor) => {
  await visitor.open();
  const notice = visitor.page.locator('#unrecorded');
  assert.equal(await notice.textContent(), '');
  await visitor.page.locator('#view-classes').check();
  await notice.filter({ hasText: /No single classes recorded/ }).waitFor();
  await visitor.click('train');
  await visitor.reaches('training');
  assert.equal(await notice.textContent(), '');
});

pageTest('a link to another run starts live, at epoch 0', async (visitor) => {
  await visitor.open(SMALL);
  assert.equal(await source(visitor), 'live');
  assert.equal(await visitor.number('epoch'), 0);
});

pageTest('who wants nothing to move sees how the recorded run ends', async (visitor) => {
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.open();
  assert.equal(await source(visitor), 'recorded');
  assert.equal(await visitor.number('epoch'), 600);
  assert.equal(await visitor.verdict(), 'holds');
  assert.ok(await visitor.page.locator('#fast').isChecked());
});

pageTest('to watch takes five seconds over the first thirty epochs while training goes on; fast does not', async (visitor) => {
  await visitor.open(QUICK);
  await visitor.click('train');
  await visitor.reaches('training');
  await shows(visitor, 4);
  assert.ok((await trained(visitor)) > 10, 'training does not wait');
  assert.ok((await shows(visitor, 30)) > 3500);
  await visitor.click('reset');
  await visitor.reaches('ready');
  await visitor.page.locator('#fast').check();
  await visitor.click('train');
  await visitor.reaches('training');
  assert.ok((await shows(visitor, 30)) < 4500);
}, { alone: true });

pageTest('the keys go through the records, and they play back', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const last = await visitor.digits();
  const key = async (name, epoch) => {
    await visitor.page.locator('#scrub').press(name);
    await visitor.page.locator(`output#epoch[data-value="${epoch}"]`).waitFor({ state: 'attached' });
  };
  await key('Home', 0);
  await key('ArrowRight', 1);
  await key('End', 12);
  await visitor.page.locator('#tempo').selectOption('0.5');
  await visitor.click('play');
  await visitor.page.waitForFunction(() => [3, 4, 5, 6].includes(Number(document.querySelector('#epoch').dataset.value)));
  assert.equal(await visitor.state(), 'finished', 'nothing trains');
  await visitor.page.locator('output#epoch[data-value="12"]').waitFor({ state: 'attached' });
  await visitor.page.locator('#play').filter({ hasText: 'Play back' }).waitFor();
  assert.deepEqual(await visitor.digits(), last);
});

/** How many different pictures of the curve come in the half second after a key, and rho at the first of them. */
const pictures = (visitor, key) => visitor.page.evaluate(async (key) => {
  const [slider, curve] = ['scrub', 'curve'].map((id) => document.getElementById(id));
  slider.value = key === 'Home' ? slider.min : slider.max;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  const rho = document.getElementById('rho').dataset.value;
  const seen = new Set();
  for (const end = performance.now() + 500; performance.now() < end; await frame()) seen.add(curve.toDataURL());
  return { count: seen.size, rho, after: document.getElementById('rho').dataset.value };
}, key);

pageTest('the curve glides to another record, its numbers do not', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  await visitor.page.waitForTimeout(500);
  const { count, rho, after } = await pictures(visitor, 'Home');
  assert.ok(count >= 3, `${count} pictures`);
  assert.equal(rho, after);
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal((await pictures(visitor, 'End')).count, 1);
}, { alone: true });

pageTest('runs before stay as ghosts, named by what differs, and the keyboard lets them go', async (visitor) => {
  await visitor.open(SMALL);
  await visitor.train();
  const rate = visitor.page.locator('[name=learningRate]');
  await rate.fill('0.01');
  await rate.press('Tab');
  await visitor.reaches('ready');
  await visitor.train();
  await visitor.page.locator('#layers').press('ArrowRight');
  await visitor.reaches('ready');
  const names = visitor.page.locator('#ghosts li');
  assert.deepEqual((await names.allTextContents()).map((name) => name.replace('Compare×', '')), ['4 layers', '4 layers, rate 0.001']);
  for (const left of [1, 0]) {
    await names.locator('[data-ghost]').first().press('Enter');
    await visitor.page.waitForFunction((left) => document.querySelectorAll('#ghosts li').length === left, left);
  }
});

pageTest('a run stops by itself once its fit has settled, and says so', async (visitor) => {
  await visitor.open(`${QUICK}&learningRate=0.00001&schedule=constant`);
  await visitor.page.locator('#auto-stop').selectOption('0.01');
  await visitor.click('train');
  await visitor.reaches('paused');
  assert.match(await visitor.page.locator('#notice').textContent(), /Settled at epoch \d+: r and ρ changed less than 0.01 over 50 epochs/);
  await visitor.click('train');
  await visitor.reaches('training');
  await visitor.page.waitForTimeout(500);
  assert.equal(await visitor.state(), 'training', 'once is enough');
});

/** From now on the module comes only when the returned function is called. */
async function holdModule(visitor) {
  let release;
  const held = new Promise((done) => { release = done; });
  await visitor.page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Where the discs of the opening picture are. */
const discs = (visitor) => visitor.page.locator('#opening circle').evaluateAll((all) => all.map((disc) => disc.getBoundingClientRect().top));

pageTest('while the module loads the recorded run plays already, labelled, and goes on from there', async (visitor) => {
  const release = await holdModule(visitor);
  await visitor.page.goto(visitor.address);
  await visitor.page.locator('#recorded').waitFor();
  assert.equal(await visitor.state(), 'loading');
  const before = await discs(visitor);
  assert.equal(before.length, 8);
  await visitor.page.waitForTimeout(1500);
  const after = await discs(visitor);
  assert.equal(after[0], before[0], 'the pixels do not change');
  assert.ok(after[7] > before[7] + 20, 'the last layer falls');
  release();
  await visitor.reaches('ready');
  assert.ok(await visitor.page.locator('#opening').isHidden());
  assert.equal(await source(visitor), 'recorded');
  assert.ok((await visitor.number('epoch')) >= 5, 'it does not begin anew');
});

pageTest('the opening picture stands at the end for who wants nothing to move, and is not there for another run', async (visitor) => {
  const release = await holdModule(visitor);
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.page.goto(visitor.address);
  await visitor.page.locator('#recorded').waitFor();
  const still = await discs(visitor);
  for (let layer = 1; layer < 8; layer++) assert.ok(still[layer] > still[layer - 1], 'the curve falls from layer to layer');
  await visitor.page.waitForTimeout(500);
  assert.deepEqual(await discs(visitor), still);
  release();
  await visitor.reaches('ready');

  await visitor.page.unrouteAll();
  const releaseAgain = await holdModule(visitor);
  await visitor.page.goto(`${visitor.address}${SMALL}`);
  await visitor.page.locator('#train-text:not(:empty)').waitFor({ state: 'attached' });
  assert.equal(await visitor.page.locator('#opening').count(), 0);
  assert.ok(await visitor.page.locator('#recorded').isHidden());
  releaseAgain();
  await visitor.reaches('ready');
});

pageTest('no image is loaded and no worker is started before there is a sign of a reader; then both are', async (visitor) => {
  const loaded = [];
  visitor.page.on('request', (request) => loaded.push(new URL(request.url()).pathname.split('/').pop()));
  const images = () => loaded.filter((name) => name.endsWith('ubyte.gz')).length;
  await visitor.page.goto(visitor.address);
  await visitor.reaches('ready');
  await visitor.page.waitForTimeout(500);
  assert.equal(images(), 0);
  assert.ok(!loaded.includes('worker.js'));
  await visitor.stirs();
  await visitor.page.locator('html[data-engine=cpu]').waitFor({ state: 'attached' });
  assert.equal(images(), 4);
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'recorded');
});

pageTest('a reader who presses Train at once gets a run', async (visitor) => {
  await visitor.page.goto(visitor.address);
  await visitor.reaches('ready');
  await visitor.page.evaluate(() => document.getElementById('train').click());
  await visitor.reaches('training');
  assert.equal(await visitor.page.locator('html').getAttribute('data-source'), 'live');
});
