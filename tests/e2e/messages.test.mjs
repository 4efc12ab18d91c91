// What an embed and its host write to each other: src/web/messages.d.ts.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

const SMALL = '?embed&hidden=20x3&perClass=20&epochs=6&pace=fast';

/** An embed whose host keeps all that it hears; `say` posts to it, `hears` waits for what it answers. */
async function correspond(visitor, query = SMALL) {
  await visitor.page.addInitScript(() => {
    if (parent !== self) return;
    globalThis.heard = [];
    addEventListener('message', ({ data }) => globalThis.heard.push(data));
  });
  const figure = await visitor.embedded(query, 640, 400);
  const say = (message) => visitor.page.evaluate((message) => frames[0].postMessage(message, '*'), message);
  const heard = () => visitor.page.evaluate(() => globalThis.heard);
  const hears = async (type, id = null) => {
    await visitor.page.waitForFunction(([type, id]) => globalThis.heard.some((data) => data.type === type && (data.id ?? null) === id), [type, id]);
    return (await heard()).findLast((data) => data.type === type && (data.id ?? null) === id);
  };
  const asks = async (command) => {
    await say({ separationPlayground: 1, ...command });
    await visitor.page.waitForFunction((id) => globalThis.heard.some((data) => data.id === id), command.id);
    return (await heard()).findLast((data) => data.id === command.id);
  };
  await hears('ready');
  return { figure, say, heard, hears, asks };
}

pageTest('a host configures, trains, steps, seeks and resets a figure, and hears of it', async (visitor) => {
  const { figure, heard, hears, asks } = await correspond(visitor);
  const { state: first } = await hears('ready');
  assert.deepEqual([first.embed, first.stage, first.epoch, first.epochs, first.recorded, first.config.epochs], ['decay', 'ready', 0, 6, false, 6]);

  const { type, state } = await asks({ type: 'configure', id: 'c', settings: { epochs: 4, seed: 7, axis: 'linear', curves: ['training'] } });
  assert.deepEqual([type, state.config.epochs, state.config.seed], ['state', 4, 7]);
  assert.match(state.link, /seed=7.*axis=linear/);

  await asks({ type: 'train', id: 1 });
  const { state: end } = await hears('finished');
  assert.deepEqual([end.epoch, end.stage, end.engine], [4, 'finished', 'cpu']);
  await figure.drawn();
  assert.equal(end.record.train.law.rho, await figure.number('rho'));
  assert.equal(end.record.train.film, undefined, 'the points stay here');
  const records = (await heard()).filter((data) => data.type === 'record').map(({ record }) => record);
  assert.deepEqual(records.map(({ epoch }) => epoch), [1, 2, 3, 4]);
  assert.deepEqual(records.at(-1), end.record);

  const { state: gone } = await asks({ type: 'seek', id: 2, epoch: 2 });
  assert.equal(gone.record.epoch, 2);
  await figure.drawn();
  assert.equal(await figure.number('epoch'), 2);
  assert.equal((await asks({ type: 'seek', id: 3, epoch: null })).state.record.epoch, 4);

  await asks({ type: 'step', id: 4 });
  await visitor.page.waitForFunction(() => globalThis.heard.some(({ type, record }) => type === 'record' && record.epoch === 5));
  await asks({ type: 'reset', id: 5 });
  await figure.reaches('ready');
  assert.equal((await asks({ type: 'getState', id: 6 })).state.epoch, 0);
});

pageTest('a figure that trains can be paused, and says so', async (visitor) => {
  const { figure, hears, asks } = await correspond(visitor, '?embed&epochs=5000&pace=fast');
  await asks({ type: 'train', id: 1 });
  await figure.reaches('training');
  await asks({ type: 'pause', id: 2 });
  const { state } = await hears('paused');
  assert.deepEqual([state.stage, state.going], ['paused', false]);
});

pageTest('what is wrong with a command is answered, and changes nothing', async (visitor) => {
  const { figure, asks } = await correspond(visitor);
  const before = (await asks({ type: 'getState', id: 'before' })).state;
  const cases = [
    [{ type: 'configure', settings: { seed: 8, learningRate: 40 } }, /^learningRate is 40\. Use 0\.00001 to 10/],
    [{ type: 'configure', settings: { learningrate: 1 } }, /Did you mean "learningRate"/],
    [{ type: 'configure', settings: { hidden: { a: 1 } } }, /^hidden is/],
    [{ type: 'configure', settings: { seed: null } }, /^seed is/],
    [{ type: 'configure', settings: 'seed=7' }, /^settings is seed=7/],
    [{ type: 'configure', settings: [1] }, /^settings is 1/],
    [{ type: 'configure' }, /^settings is undefined/],
    [{ type: 'seek', epoch: 'last' }, /^epoch is last/],
    [{ type: 'seek', epoch: NaN }, /^epoch is NaN/],
    [{ type: 'exportPicture', format: 'gif' }, /^format is gif/],
    [{ type: 'exportPicture', format: 'svg', figure: 'pie' }, /^figure is pie/],
    [{ type: 'launch' }, /^type is launch/],
    [{ type: { toString: 'train' } }, /^type is object/],
    [{}, /^type is undefined/],
    [{ separationPlayground: 2, type: 'train' }, /^separationPlayground is 2/],
    [{ separationPlayground: '1', type: 'train' }, /^separationPlayground is 1/],
  ];
  for (const [id, [command, message]] of cases.entries()) {
    const answer = await asks({ ...command, id });
    assert.equal(answer.type, 'failed', JSON.stringify(command));
    assert.match(answer.message, message);
  }
  assert.deepEqual((await asks({ type: 'getState', id: 'after' })).state, before);
  assert.equal(await figure.alert(), '');
});

pageTest('what is no command is let be', async (visitor) => {
  const { figure, say, heard, asks } = await correspond(visitor);
  const before = (await heard()).length;
  for (const message of [null, undefined, 0, NaN, '', 'train', '{"separationPlayground":1,"type":"train"}', [], [1], {}, { type: 'train' }, new Date(0), /x/, new Map([['type', 'train']]), new Uint8Array(9)]) await say(message);
  // From another window than the one that embeds it, even a good command counts for nothing.
  await figure.page.evaluate(() => postMessage({ separationPlayground: 1, type: 'train', id: 'own' }, '*'));
  await asks({ type: 'getState', id: 1 });
  assert.equal((await heard()).length, before + 1);
  assert.equal(await figure.state(), 'ready');
});

pageTest('a good command counts for nothing from any window but the host: one beside it, one within it, one that the host opened', async (visitor) => {
  const { figure, heard, asks } = await correspond(visitor);
  const before = (await heard()).length;
  const command = (id) => ({ separationPlayground: 1, type: 'train', id });
  visitor.spoil('other.html', () => '<!doctype html><title>Another</title><link rel="icon" href="data:,"><body>');
  const other = async (frame) => {
    const element = await frame.evaluateHandle(() => document.body.appendChild(Object.assign(document.createElement('iframe'), { src: './other.html' })));
    const inner = await element.contentFrame();
    await inner.waitForURL(/other/);
    return inner;
  };
  const beside = await other(visitor.page.mainFrame());
  await beside.evaluate((command) => parent.frames[0].postMessage(command, '*'), command('beside'));
  const within = await other(figure.page);
  await within.evaluate((command) => parent.postMessage(command, '*'), command('within'));
  const opening = visitor.page.waitForEvent('popup');
  await visitor.page.evaluate(() => void open('./other.html'));
  const opened = await opening;
  await opened.waitForLoadState();
  await opened.evaluate((command) => opener.frames[0].postMessage(command, '*'), command('opened'));
  await asks({ type: 'getState', id: 1 });
  assert.equal((await heard()).length, before + 1);
  assert.equal(await figure.state(), 'ready');
});

pageTest('a command that is huge, or names what objects inherit, is refused in a few words, and changes nothing', async (visitor) => {
  const { figure, asks } = await correspond(visitor);
  const before = (await asks({ type: 'getState', id: 'before' })).state;
  /** Posts what `make` makes in the host, and returns what the figure answers. */
  const poses = async (id, make) => {
    await visitor.page.evaluate(([id, make]) => frames[0].postMessage({ separationPlayground: 1, type: 'configure', ...(0, eval)(`(${make})`)(), id }, '*'), [id, make.toString()]);
    await visitor.page.waitForFunction((id) => globalThis.heard.some((data) => data.id === id), id);
    return (await visitor.page.evaluate(() => globalThis.heard)).findLast((data) => data.id === id);
  };
  const cases = [
    [() => ({ settings: { seed: '9'.repeat(1e7) } }), /^seed is/],
    [() => ({ settings: { ['x'.repeat(1e7)]: 1 } }), /is not a setting/],
    [() => ({ settings: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`key${i}`, i])) }), /^"key0" is not a setting/],
    [() => ({ settings: { hidden: Array(1e6).fill(100) } }), /^hidden is/],
    [() => ({ settings: JSON.parse('{"__proto__": {"polluted": true}}') }), /^"__proto__" is not a setting/],
    [() => ({ settings: { constructor: { prototype: { polluted: true } } } }), /^"constructor" is not a setting/],
    [() => ({ settings: { toString: 'x', hasOwnProperty: 1 } }), /^"toString" is not a setting/],
    [() => { const settings = {}; settings.hidden = settings; return { settings }; }, /^hidden is/],
    [() => ({ type: 'x'.repeat(1e7) }), /^type is x/],
    [() => ({ type: 'exportPicture', format: 'y'.repeat(1e7) }), /^format is y/],
    [() => ({ type: 'seek', epoch: 'z'.repeat(1e7) }), /^epoch is z/],
    [() => ({ settings: new Uint8Array(1e6) }), /./],
  ];
  for (const [id, [make, message]] of cases.entries()) {
    const answer = await poses(id, make);
    assert.equal(answer.type, 'failed', make.toString());
    assert.match(answer.message, message);
    assert.ok(answer.message.length < 2000, `${answer.message.length} letters for ${make}`);
  }
  assert.equal(await figure.page.evaluate(() => ({}).polluted), undefined);
  assert.deepEqual((await asks({ type: 'getState', id: 'after' })).state, before);
  assert.equal(await figure.alert(), '');
});

pageTest('a host gets a picture of the figure, or of another', async (visitor) => {
  const { asks } = await correspond(visitor, '?embed');
  const { type, figure, svg } = await asks({ type: 'exportPicture', id: 1, format: 'svg' });
  assert.deepEqual([type, figure], ['picture', 'decay']);
  assert.match(svg, /^<svg[^]*<\/svg>\s*$/);
  await visitor.page.evaluate(() => frames[0].postMessage({ separationPlayground: 1, type: 'exportPicture', id: 2, format: 'png', figure: 'simplex' }, '*'));
  await visitor.page.waitForFunction(() => globalThis.heard.some(({ id }) => id === 2));
  const [size, kind, name] = await visitor.page.evaluate(async () => {
    const { png, figure } = globalThis.heard.find(({ id }) => id === 2);
    const { width, height } = await createImageBitmap(new Blob([png], { type: 'image/png' }));
    return [width * height, png.constructor.name, figure];
  });
  assert.ok(size > 10_000, `${size} pixels`);
  assert.deepEqual([kind, name], ['Uint8Array', 'simplex']);
});

pageTest('what is said before the figure is there is done when it is', async (visitor) => {
  visitor.spoil('host.html', () => '<!doctype html><title>A lecture</title><link rel="icon" href="data:,"><body>');
  await visitor.page.goto(`${visitor.address}host.html`);
  await visitor.page.evaluate((address) => {
    const frame = Object.assign(document.createElement('iframe'), { src: address, width: 640, height: 400 });
    frame.onload = () => frame.contentWindow.postMessage({ separationPlayground: 1, type: 'train' }, '*');
    document.body.append(frame);
  }, visitor.address + SMALL);
  await visitor.page.frameLocator('iframe').locator('html[data-state=finished]').waitFor({ state: 'attached' });
});

pageTest('the layer-peeled model takes settings, and has no run', async (visitor) => {
  const { figure, asks } = await correspond(visitor, '?embed=layer-peeled');
  assert.match(await figure.page.locator('#peeled-said').textContent(), /At R = 10 /);
  const { state } = await asks({ type: 'configure', id: 1, settings: { peeledImbalance: 100 } });
  assert.match(state.link, /peeledImbalance=100/);
  await figure.drawn();
  assert.match(await figure.page.locator('#peeled-said').textContent(), /At R = 100 .*one and the same/);
  const { type, message } = await asks({ type: 'train', id: 2 });
  assert.deepEqual([type, message], ['failed', 'This embed has no run. Use configure, getState and exportPicture.']);
});
