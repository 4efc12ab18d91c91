// The guided tour: a text whose steps set the page's state, and that takes no run from the reader.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const step = (visitor) => visitor.page.locator('#steps li').evaluateAll((all) => all.findIndex((item) => item.ariaCurrent === 'step') + 1);
const source = (visitor) => visitor.page.locator('html').getAttribute('data-source');
const steps = (visitor) => visitor.page.locator('#steps li').count();
const settled = (visitor, condition) => visitor.page.waitForFunction(condition);
/** Goes on to step `number`, and waits until its state is there: the address has its view a moment later than its number. */
async function goTo(visitor, number) {
  while ((await step(visitor)) < number) await visitor.page.locator('#tour-next').press('Enter'); // a click of Firefox's driver scrolls the page
  while ((await step(visitor)) > number) await visitor.page.locator('#tour-back').press('Enter');
  await visitor.page.waitForTimeout(400);
}
/** Waits until a step is in sight. */
const shows = (visitor, number) => visitor.page.waitForFunction((at) => {
  const [own, room] = [document.querySelectorAll('#steps li')[at], document.getElementById('steps')].map((element) => element.getBoundingClientRect());
  return own.top >= Math.max(0, room.top) - 1 && own.bottom <= Math.min(innerHeight, room.bottom) + 1;
}, number - 1);

pageTest('the tour takes the place of the settings, shows the recorded run without training, and each step comes into sight', async (visitor) => {
  await visitor.open();
  await visitor.click('tour-open');
  assert.ok(await visitor.page.locator('#settings').isHidden());
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'steps');
  assert.equal(visitor.query().get('tour'), '1');
  const count = await steps(visitor);
  assert.ok(count >= 8 && count <= 12, `${count} steps`);
  for (let number = 1; number <= 5; number++) {
    await goTo(visitor, number);
    await shows(visitor, number);
    assert.match(await visitor.page.locator('#tour-at').textContent(), new RegExp(`^${number} of ${count} `));
    assert.equal(await source(visitor), 'recorded');
    assert.equal(await visitor.state(), 'ready');
    if (number === 2) assert.ok(await visitor.page.locator('#view-linear').isChecked(), 'D itself');
    if (number === 3) await visitor.page.locator('#playback[data-playing]').waitFor({ state: 'attached' });
    if (number === 4) assert.ok(await visitor.page.locator('#view-test').isChecked());
    if (number >= 4) assert.equal(await visitor.number('epoch'), 600);
  }
  assert.equal(visitor.query().get('tour'), '5');
  assert.equal(visitor.query().get('axis'), null, 'a step sets the whole view');

  await visitor.click('tour-leave');
  assert.ok(await visitor.page.locator('#settings').isVisible());
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'tour-open');
  assert.equal(visitor.query().get('tour'), null);
  assert.equal(await visitor.number('epoch'), 600, 'the state stays');
});

pageTest('scrolling goes through all steps, from the first to the last', async (visitor) => {
  await visitor.open('?tour=1');
  const seen = new Set();
  await visitor.page.mouse.move(150, 300);
  for (let turn = 0; turn < 80; turn++) {
    await visitor.page.mouse.wheel(0, 60);
    await visitor.drawn();
    seen.add(await step(visitor));
  }
  assert.deepEqual([...seen], Array.from({ length: await steps(visitor) }, (_, i) => i + 1));
  assert.ok(await visitor.page.locator('#tour-next').isDisabled());
  await visitor.page.locator('#steps').focus();
  await visitor.page.keyboard.press('Home');
  await visitor.page.waitForFunction(() => document.querySelector('#steps li').ariaCurrent === 'step');
});

pageTest('a step of another network trains it when asked; going on leaves it alone until the reader says otherwise, and it stays as a ghost', async (visitor) => {
  await visitor.open('?tour=7');
  await settled(visitor, () => document.querySelectorAll('#fuzziness tr[data-layer]').length === 20);
  assert.equal(await visitor.state(), 'ready', 'nothing trains unasked');
  assert.equal(visitor.query().get('preset'), 'linear-20');
  const act = (number) => visitor.page.locator('#steps li').nth(number - 1).locator('button:not([data-show])');
  assert.equal(await act(7).textContent(), 'Train it');
  await act(7).click();
  await visitor.reaches('training');
  await settled(visitor, () => Number(document.getElementById('epoch').dataset.value) > 1);
  assert.equal(await act(7).textContent(), 'Pause');

  await goTo(visitor, 10);
  assert.equal(await visitor.state(), 'training', 'the run goes on');
  assert.equal(await visitor.page.locator('#fuzziness tr[data-layer]').count(), 20);
  await visitor.page.locator('#steps li').nth(9).locator('[data-show]').click();
  await settled(visitor, () => document.documentElement.dataset.source === 'recorded');
  assert.equal(await visitor.page.locator('#fuzziness tr[data-layer]').count(), 8);
  assert.equal(await visitor.number('epoch'), 600);
  await visitor.page.locator('#ghosts li').filter({ hasText: '20 layers' }).waitFor();
  assert.equal(await visitor.page.locator('#steps [data-show]:visible').count(), 0);

  // The recording gives way to a live run as ever.
  await visitor.click('train');
  await visitor.reaches('training');
  assert.equal(await source(visitor), 'live');
  assert.equal(await visitor.page.locator('#fuzziness tr[data-layer]').count(), 8);
});

pageTest('a run of the reader is shown in place of the recording, and one that is under way waits for no step', async (visitor) => {
  await visitor.open('?hidden=20x3&perClass=20&epochs=5000');
  await visitor.click('train');
  await visitor.reaches('training');
  await visitor.click('pause');
  await visitor.reaches('paused');
  await visitor.click('tour-open');
  assert.equal(await visitor.state(), 'paused');
  assert.equal(await visitor.page.locator('#fuzziness tr[data-layer]').count(), 4);
  assert.equal(await visitor.page.locator('#steps [data-show]:visible').count(), 1);

  await visitor.open('?epochs=2&tour=4');
  assert.equal(await source(visitor), 'recorded', 'the step says which run');
});

pageTest('links of the text set another run or lead to its section, from where a button leads back', async (visitor) => {
  await visitor.open('?tour=8');
  await settled(visitor, () => document.getElementById('preset').value === 'no-normalization');
  await visitor.page.locator('#steps a[href="?preset=no-normalization-he"]').press('Enter');
  await settled(visitor, () => document.getElementById('preset').value === 'no-normalization-he');
  assert.equal(await step(visitor), 8, 'the tour stays');
  await goTo(visitor, 9);
  assert.ok(await visitor.page.locator('#tour-return').isHidden());
  await visitor.page.locator('#steps a[href="#minority"]').press('Enter');
  await visitor.page.locator('#tour-return').waitFor();
  assert.equal(await step(visitor), 9);
  await visitor.click('tour-return');
  await visitor.page.locator('#tour-return').waitFor({ state: 'hidden' });
  await shows(visitor, 9);
  for (const link of await visitor.page.locator('#steps a[href^="#"]').all()) {
    const target = (await link.getAttribute('href')).slice(1);
    assert.equal(await visitor.page.locator(`[id="${target}"]`).count(), 1, target);
  }
  for (const link of await visitor.page.locator('#steps a[href^="?preset="]').all()) {
    const id = (await link.getAttribute('href')).slice('?preset='.length);
    assert.equal(await visitor.page.locator(`#preset option[value="${id}"]`).count(), 1, id);
  }
});

pageTest('a link names the step; one that there is not is an alert', async (visitor) => {
  await visitor.open('?tour=2');
  assert.equal(await step(visitor), 2);
  assert.ok(await visitor.page.locator('#view-linear').isChecked());
  await visitor.open('?tour=40');
  assert.match(await visitor.alerted(/tour/), /tour is "40"\. Use 1 to \d+\./);
  assert.ok(await visitor.page.locator('#tour').isHidden());
});

pageTest('who wants nothing to move gets the start of the run, not its film', async (visitor) => {
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.open('?tour=3');
  await settled(visitor, () => document.getElementById('epoch').dataset.value === '0');
  assert.equal(await visitor.page.locator('#playback').getAttribute('data-playing'), null);
});

pageTest('the text speaks the language of the page, variables and links included', async (visitor) => {
  await visitor.open('?tour=1');
  assert.equal(await visitor.page.locator('#steps li >> nth=0 >> p >> nth=0 >> i').textContent(), 'D');
  await visitor.page.locator('#language').selectOption('zh');
  await visitor.page.locator('#steps h2').filter({ hasText: '一条直线' }).waitFor();
  assert.equal(await visitor.page.locator('#steps li >> nth=0 >> p >> nth=0 >> i').textContent(), 'D');
  await settled(visitor, () => document.getElementById('tour-at').textContent.startsWith('1 / 10'));
  assert.equal(await step(visitor), 1);
});

for (const [width, height] of [[320, 568], [390, 844], [768, 1024], [1024, 768]]) {
  pageTest(`at ${width} x ${height} the text stays beside the figure that it speaks of`, async (visitor) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.open('?tour=1');
    for (const [number, figure] of [[4, '#curve'], [5, '#simplex'], [10, '#curve']]) {
      await goTo(visitor, number);
      assert.equal(await step(visitor), number);
      const [heading, picture] = await Promise.all([`#steps li >> nth=${number - 1} >> h2`, figure].map((part) => visitor.page.locator(part).boundingBox()));
      assert.ok(picture.y >= 0 && picture.y + picture.height <= height, `${figure} is in sight: ${JSON.stringify(picture)}`);
      assert.ok(heading.y >= 0 && heading.y + heading.height <= height, `the heading of step ${number} is in sight: ${JSON.stringify(heading)}`);
      if (width <= 760) assert.ok(heading.y >= picture.y + picture.height, 'and below the figure');
    }
    assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
  }, { repeats: ![320, 1024].includes(width) });
}

pageTest('an embed and a projector have no tour', async (visitor) => {
  await visitor.open('?embed&tour=2');
  assert.ok(await visitor.page.locator('#tour').isHidden());
  assert.ok(await visitor.page.locator('#tour-open').isHidden());
  await visitor.open('?present&tour=2');
  assert.ok(await visitor.page.locator('#tour').isHidden());
});
