// The example deck: a real reveal.js, four embedded figures, and a fragment that drives one.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const [DECAY, SIMPLEX, LOSS, PEELED] = [1, 2, 3, 4];

/** Opens the deck at a slide; its figures train shorter runs. */
async function present(visitor, slide) {
  visitor.spoil('slides/index.html', (bytes) => String(bytes).replace('preset=k3', K3.replaceAll('&', '&amp;')).replace('embed=loss', 'embed=loss&amp;epochs=5000'));
  await visitor.page.goto(`${visitor.address}slides/index.html#/${slide}`);
  await visitor.page.locator('.reveal.ready').waitFor();
}

/** Some seconds of training, more than the two after which a run is stored. */
const K3 = 'preset=k3&hidden=50x7&epochs=3000&pace=fast';

const slide = (visitor) => visitor.page.evaluate(() => Number(location.hash.split('/')[1] ?? 0));
const frame = (visitor, id) => visitor.page.frameLocator(`#${id}`);
const reaches = (visitor, id, state) => frame(visitor, id).locator(`html[data-state="${state}"]`).waitFor({ state: 'attached' });
const epoch = async (visitor, id) => Number(await frame(visitor, id).locator('#epoch').getAttribute('data-value'));
const press = async (visitor, key, expected) => {
  await visitor.page.keyboard.press(key);
  await visitor.page.waitForFunction((expected) => Number(location.hash.split('/')[1] ?? 0) === expected, expected);
};

pageTest('arrow keys turn the slides, also after a click into the figure', async (visitor) => {
  await present(visitor, DECAY);
  await reaches(visitor, 'decay', 'ready');
  await press(visitor, 'ArrowRight', SIMPLEX);
  await press(visitor, 'ArrowLeft', DECAY);
  await reaches(visitor, 'decay', 'ready');

  const { x, y, width, height } = await visitor.page.locator('#decay').boundingBox();
  await visitor.page.mouse.click(x + width / 2, y + height / 2); // on the curve, which arrow keys read for those who came with Tab
  await press(visitor, 'ArrowRight', SIMPLEX);
  await press(visitor, 'PageUp', DECAY);
  await reaches(visitor, 'decay', 'ready');
  await frame(visitor, 'decay').locator('#train').click();
  await reaches(visitor, 'decay', 'training');
  await press(visitor, 'Space', SIMPLEX);
  await reaches(visitor, 'simplex', 'training');
  await frame(visitor, 'simplex').locator('#turner').click();
  await press(visitor, 'n', LOSS);
});

pageTest('a control that was reached with the keyboard keeps its own keys', async (visitor) => {
  await present(visitor, SIMPLEX);
  await reaches(visitor, 'simplex', 'training');
  const slider = frame(visitor, 'simplex').locator('#layer');
  const before = await slider.inputValue();
  await slider.focus();
  await visitor.page.keyboard.press('ArrowLeft');
  assert.equal(Number(await slider.inputValue()), Number(before) - 1);
  assert.equal(await slide(visitor), SIMPLEX);
  await press(visitor, 'n', LOSS);
});

pageTest('no figure takes the focus', async (visitor) => {
  await present(visitor, DECAY);
  for (const id of ['decay', 'simplex', 'loss', 'peeled']) {
    await frame(visitor, id).locator('html[data-state]:not([data-state=loading])').waitFor({ state: 'attached' });
    assert.equal(await visitor.page.evaluate(() => document.activeElement.tagName), 'BODY', id);
    if (id !== 'peeled') await visitor.page.keyboard.press('ArrowRight');
  }
});

pageTest('only the figure of the slide that is shown trains, and it goes on where it was', async (visitor) => {
  await present(visitor, DECAY);
  await reaches(visitor, 'loss', 'ready'); // loaded before its slide comes, and told to train
  await visitor.page.waitForTimeout(1000);
  assert.equal(await epoch(visitor, 'loss'), 0, 'it has not begun');

  await present(visitor, LOSS);
  await reaches(visitor, 'loss', 'training');
  await visitor.page.waitForTimeout(500);
  await press(visitor, 'ArrowLeft', SIMPLEX);
  await reaches(visitor, 'loss', 'paused');
  const stopped = await epoch(visitor, 'loss');
  assert.ok(stopped > 0);
  await reaches(visitor, 'simplex', 'training');
  assert.equal(await epoch(visitor, 'loss'), stopped);
  await press(visitor, 'ArrowRight', LOSS);
  await reaches(visitor, 'loss', 'training');
  assert.ok((await epoch(visitor, 'loss')) >= stopped);
});

pageTest('a figure that was unloaded with its slide comes back to its run, and goes on', async (visitor) => {
  await present(visitor, SIMPLEX);
  await reaches(visitor, 'simplex', 'training');
  await press(visitor, 'ArrowLeft', DECAY);
  await reaches(visitor, 'decay', 'ready');
  assert.equal(await visitor.page.locator('#simplex').getAttribute('src'), null, 'reveal.js has unloaded it');
  await press(visitor, 'ArrowRight', SIMPLEX);
  await reaches(visitor, 'simplex', 'training');
  const digits = () => Promise.all(['rho', 'loss', 'nc1'].map((id) => frame(visitor, 'simplex').locator(`#${id}`).getAttribute('data-value')));
  await frame(visitor, 'simplex').locator('html[data-state=finished]').waitFor({ state: 'attached', timeout: 100_000 });
  const end = await digits();
  // Paging back and forth ends where one run that was left alone does.
  await visitor.open(`?${K3}`);
  await visitor.train(100_000);
  assert.deepEqual(end, await Promise.all(['rho', 'loss', 'nc1'].map(async (id) => String(await visitor.number(id)))));
}, { timeout: 300_000, repeats: true }); // of a page that is left, and of one that is trained in pieces

pageTest('a finished run and the record that was looked at are there again after paging', async (visitor) => {
  const say = (command) => visitor.page.evaluate((command) => {
    document.getElementById('decay').contentWindow.postMessage({ separationPlayground: 1, ...command }, '*');
  }, command);
  await present(visitor, DECAY);
  await reaches(visitor, 'decay', 'ready');
  await say({ type: 'configure', settings: { epochs: 12, hidden: '20x3' } });
  await frame(visitor, 'decay').locator('html[data-source=live][data-state=ready]').waitFor({ state: 'attached' });
  await say({ type: 'train' });
  await reaches(visitor, 'decay', 'finished');
  await say({ type: 'seek', epoch: 4 });
  await frame(visitor, 'decay').locator('#epoch[data-value="4"]').waitFor({ state: 'attached' });
  const rho = await frame(visitor, 'decay').locator('#rho').getAttribute('data-value');
  await visitor.stored();
  await press(visitor, 'ArrowRight', SIMPLEX);
  await press(visitor, 'ArrowLeft', DECAY);
  await reaches(visitor, 'decay', 'finished');
  assert.equal(await epoch(visitor, 'decay'), 4);
  assert.equal(await frame(visitor, 'decay').locator('#rho').getAttribute('data-value'), rho);
});

pageTest('a fragment drives the figure of its slide, and takes it back', async (visitor) => {
  await present(visitor, PEELED);
  const said = (pattern) => frame(visitor, 'peeled').locator('#peeled-said', { hasText: pattern }).waitFor({ state: 'attached' });
  await said(/At R = 1 /);
  await visitor.page.keyboard.press('ArrowRight');
  await said(/At R = 100 .*one and the same/);
  await visitor.page.keyboard.press('ArrowLeft');
  await said(/At R = 1 /);
  await visitor.page.keyboard.press('ArrowRight');
  await said(/At R = 100 /);
  await press(visitor, 'PageUp', PEELED); // the fragment goes first
  await press(visitor, 'PageUp', LOSS);
});
