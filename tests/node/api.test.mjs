// The npm package's public interface, in Node.js: what design.md and api.d.ts promise.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { analyze, Experiment, fitLaw, initSync, layerPeeled, layerPeeledSweep, neuralCollapse, presets, separationFuzziness, version } from '../../pkg/separation_playground.js';

initSync({ module: fs.readFileSync(new URL('../../pkg/separation_playground_bg.wasm', import.meta.url)) });

const CLASSES = 3;
const DIM = 6;

/** `perClass` points around each of three centres, classes in turn. */
function points(perClass, seed) {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 0) / 2 ** 32;
  const features = new Float32Array(perClass * CLASSES * DIM);
  const labels = new Uint8Array(perClass * CLASSES);
  for (let i = 0; i < labels.length; i++) {
    labels[i] = i % CLASSES;
    for (let j = 0; j < DIM; j++) features[i * DIM + j] = (j % CLASSES === labels[i] ? 1 : 0) + uniform() - 0.5;
  }
  return { features, labels };
}

const data = (changes = {}) => ({ classes: CLASSES, dim: DIM, train: points(20, 1), test: points(10, 2), ...changes });
const config = (changes = {}) => ({ hidden: [16, 16, 16], epochs: 4, batchSize: 16, seed: 3, ...changes });
const create = (configChanges, dataChanges) => Experiment.create(config(configChanges), data(dataChanges));

/** `promise` must reject with an Error that matches every pattern. */
async function refused(promise, ...patterns) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof Error, `threw ${error}, not an Error`);
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  });
}

test('an experiment trains to its last epoch and tells how well it does', async () => {
  const experiment = await create({ epochs: 60 });
  assert.equal(experiment.engine, 'cpu');
  const before = await experiment.measure();
  const evaluation = await experiment.train();
  assert.equal(evaluation.epoch, 60);
  assert.deepEqual(Object.keys(evaluation).sort(), ['epoch', 'loss', 'testAccuracy', 'trainAccuracy']);
  assert.ok(evaluation.loss > 0 && evaluation.loss < Math.log(CLASSES), `the loss is ${evaluation.loss}, no better than guessing`);
  const after = await experiment.measure();
  assert.equal(after.fuzziness.length, 4, 'the input and three hidden layers');
  assert.equal(after.fuzziness[0], before.fuzziness[0], 'the input does not change');
  assert.ok(after.fuzziness[3] < before.fuzziness[3], 'training separates the classes');
  experiment.free();
});

test('train(n) adds n epochs, and goes past the end', async () => {
  const experiment = await create();
  assert.equal((await experiment.train(3)).epoch, 3);
  assert.equal((await experiment.train(3)).epoch, 6);
  assert.equal((await experiment.train()).epoch, 6, 'nothing is left to do up to the config’s epochs');
  experiment.free();
});

test('records come as the schedule says, each with every layer and never NaN', async () => {
  const experiment = await create();
  const records = [];
  await experiment.train(undefined, { onRecord: (record) => records.push(record) });
  assert.deepEqual(records.map(({ epoch }) => epoch), [0, 1, 2, 3, 4]);
  for (const { train, trainRunning, test: held, loss, trainAccuracy, testAccuracy } of records) {
    assert.equal(train.mode, 'batches-of-100');
    assert.equal(trainRunning.mode, 'running');
    assert.equal(held.mode, 'running');
    for (const split of [train, trainRunning, held]) {
      assert.equal(split.fuzziness.length, 4);
      assert.equal(split.perClass[0].length, CLASSES);
      assert.ok(split.fuzziness.every((d) => d === null || (Number.isFinite(d) && d > 0)));
    }
    for (const number of [loss, trainAccuracy, testAccuracy]) assert.ok(Number.isFinite(number));
  }
  experiment.free();
});

test('recording does not alter training, and the same seed gives the same digits', async () => {
  const quiet = await create();
  const watched = await create();
  const other = await create({ seed: 4 });
  const { loss } = await quiet.train();
  assert.equal((await watched.train(undefined, { onRecord: () => {} })).loss, loss);
  assert.notEqual((await other.train()).loss, loss);
  assert.deepEqual(await watched.measure(), await quiet.measure());
  for (const experiment of [quiet, watched, other]) experiment.free();
});

test('measuring takes either mode and either split', async () => {
  const experiment = await create();
  await experiment.train();
  const modes = await Promise.all(['batches-of-100', 'running'].map(async (mode) => (await create()).measure({ mode })));
  assert.deepEqual(modes.map(({ mode }) => mode), ['batches-of-100', 'running']);
  const held = await experiment.measure({ split: 'test' });
  assert.equal(held.mode, 'running');
  const { features, labels } = points(10, 2);
  const direct = separationFuzziness(features, DIM, labels).total;
  assert.ok(Math.abs(held.fuzziness[0] - direct) <= 1e-6 * direct, 'layer 0 is the test points themselves');
  experiment.free();
});

test('a saved experiment goes on as if nothing had happened', async () => {
  const straight = await create();
  const { loss } = await straight.train(4);
  const first = await create();
  await first.train(2);
  const bytes = await first.save();
  assert.ok(bytes instanceof Uint8Array);
  const second = await Experiment.load(bytes, data());
  assert.equal((await second.train(2)).loss, loss);
  for (const experiment of [straight, first, second]) experiment.free();
});

test('a second train meanwhile is refused, and the first goes on', async () => {
  const experiment = await create();
  const first = experiment.train();
  await refused((async () => experiment.train())(), /work|train/i);
  assert.equal((await first).epoch, 4);
  experiment.free();
});

test('an abort rejects with its reason and keeps the state', async () => {
  const experiment = await create({ epochs: 100_000, records: 'standard' });
  const control = new AbortController();
  const reason = new Error('enough');
  const onRecord = ({ epoch }) => epoch === 2 && control.abort(reason);
  await assert.rejects(experiment.train(undefined, { onRecord, signal: control.signal }), (error) => error === reason);
  const { epoch } = await experiment.train(1);
  assert.ok(Number.isInteger(epoch) && epoch >= 3 && epoch <= 5, `went on at epoch ${epoch}`);
  experiment.free();
});

test('training lets the event loop have its turn', async () => {
  const experiment = await create({ hidden: [100, 100, 100], epochs: 200 });
  let turns = 0;
  let longest = 0;
  let last = performance.now();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    turns++;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await experiment.train();
  port1.close();
  assert.ok(turns > 5, `only ${turns} turns`);
  assert.ok(longest < 200, `the event loop waited ${longest.toFixed(0)} ms`);
  experiment.free();
});

test('the bundled data come from dataUrl, and without it Node is told what to do', async () => {
  await refused(Experiment.create({}), /data/);
  const server = (await import('node:http')).createServer((request, response) => {
    const file = new URL(`../../pkg${request.url}`, import.meta.url);
    response.end(fs.existsSync(file) ? fs.readFileSync(file) : undefined);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const dataUrl = `http://127.0.0.1:${server.address().port}/data/`;
    const experiment = await Experiment.create({ hidden: [20, 20] }, undefined, { dataUrl });
    const { fuzziness } = await experiment.measure();
    assert.ok(Math.abs(fuzziness[0] - 36.379) <= 1e-3, `D of the pixels is ${fuzziness[0]}`);
    experiment.free();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('labels and features come in each type that is promised', async () => {
  const { features, labels } = points(20, 1);
  const totals = [Float32Array, Float64Array].flatMap((Features) =>
    [Uint8Array, Uint16Array, Int32Array].map((Labels) => separationFuzziness(Features.from(features), DIM, Labels.from(labels)).total));
  assert.ok(totals.every((total) => total === totals[0]), totals.join(', '));
  const single = await create();
  const double = await create({}, { train: { features: Float64Array.from(features), labels: Int32Array.from(labels) } });
  assert.equal((await double.train()).loss, (await single.train()).loss);
  single.free();
  double.free();
});

test('separation fuzziness is the golden one', () => {
  const golden = JSON.parse(fs.readFileSync(new URL('../golden/separation_fuzziness.json', import.meta.url)));
  const near = (value, expected, scale) => (expected === null ? value === null : Math.abs(value - expected) <= 1e-5 * scale);
  for (const { name, d, features, labels, ...expected } of golden.cases) {
    const scale = Math.max(expected.fuzziness, 1e-9);
    const { total, perClass, rank } = separationFuzziness(Float64Array.from(features), d, Int32Array.from(labels));
    assert.ok(near(total, expected.fuzziness, scale), `${name}: ${total}, not ${expected.fuzziness}`);
    assert.equal(perClass.length, expected.fuzziness_per_class.length, name);
    assert.ok(perClass.every((value, k) => near(value, expected.fuzziness_per_class[k], scale)), `${name}: ${perClass}`);
    assert.equal(rank, expected.rank_between, name);
  }
});

/** The arrays of a .npz file that NumPy wrote uncompressed, in its order: float32 and int64. */
function npz(name) {
  const bytes = fs.readFileSync(new URL(`../golden/${name}`, import.meta.url));
  const arrays = [];
  for (let at = bytes.indexOf('\x93NUMPY', 0, 'latin1'); at >= 0; at = bytes.indexOf('\x93NUMPY', at + 1, 'latin1')) {
    const start = at + 10 + bytes.readUInt16LE(at + 8);
    const [, dtype, sizes] = bytes.toString('latin1', at + 10, start).match(/'descr': '(.+?)'.*'shape': \((.+?)\)/);
    const shape = sizes.split(',').filter(Boolean).map(Number);
    const Values = { '<f4': Float32Array, '<i8': BigInt64Array }[dtype];
    const count = shape.reduce((product, size) => product * size);
    arrays.push({ dim: count / shape[0], features: new Values(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + start + count * Values.BYTES_PER_ELEMENT)) });
  }
  const [{ features: labels }, ...layers] = arrays;
  return { labels: Int32Array.from(labels, Number), layers };
}

test('the layers of PyTorch’s networks have NumPy’s values', async () => {
  const { networks } = JSON.parse(fs.readFileSync(new URL('../golden/pytorch/golden.json', import.meta.url)));
  for (const network of ['mlp', 'transformer']) {
    const { layers, labels } = npz(`pytorch/${network}.npz`);
    const { counts, layers: golden } = networks[network];
    const named = layers.map((layer, i) => ({ name: golden[i].array, ...layer }));
    const { layers: found, law, ...rest } = await analyze(named, labels);
    assert.deepEqual(rest, { points: 48, classes: [0, 1, 2, 3], counts });
    assert.deepEqual(found.map(({ name }) => name), golden.map(({ array }) => array));
    found.forEach(({ name, columns, undefined: why, ...measures }, i) => {
      assert.deepEqual([columns, why], [layers[i].dim, null]);
      assert.deepEqual(Object.keys(measures).sort(), Object.keys(golden[i].flatten).sort());
      for (const [measure, expected] of Object.entries(golden[i].flatten)) {
        const pairs = [measures[measure]].flat().map((value, k) => [value, [expected].flat()[k]]);
        assert.ok(pairs.every(([value, expected]) => Math.abs(value - expected) <= 1e-5 * Math.max(Math.abs(expected), 1e-3)), `${network}, ${name}, ${measure}: ${pairs}`);
      }
    });
    assert.deepEqual(law, fitLaw(found.map(({ fuzziness }) => fuzziness)));
  }
});

test('layers come as a list, a Map or an object, in either precision, and blocks are fitted alone', async () => {
  const { layers, labels } = npz('pytorch/mlp.npz');
  const { layers: listed, law } = await analyze(layers, labels);
  assert.deepEqual(listed.map(({ name }) => name), ['0', '1', '2', '3']);
  const names = ['input', 'h1', 'h2', 'h3'];
  const entries = layers.map((layer, i) => [names[i], layer]);
  const double = entries.map(([name, { dim, features }]) => [name, { dim, features: Float64Array.from(features) }]);
  const expected = { ...(await analyze(layers, labels)), layers: listed.map((layer, i) => ({ ...layer, name: names[i] })) };
  for (const given of [new Map(entries), Object.fromEntries(entries), new Map(double)]) assert.deepEqual(await analyze(given, labels), expected);
  for (const blocks of [[2, 3], [3, 0, 2]]) {
    const { blockLaw, law: all } = await analyze(layers, labels, { blocks });
    assert.deepEqual([all, blockLaw], [law, fitLaw([0, 2, 3].map((layer) => listed[layer].fuzziness))]);
  }
  assert.equal((await analyze(layers, labels, { blocks: [2] })).blockLaw, null);
  assert.ok(!('blockLaw' in expected));
});

test('a layer without separation is said to be so, and the others are measured', async () => {
  const layers = { constant: { dim: 1, features: new Float32Array(4) }, line: { dim: 1, features: Float32Array.of(-1, 1, 3, 5) } };
  const { classes, counts, law, layers: [constant, line] } = await analyze(layers, Int32Array.of(-7, -7, 300, 300));
  assert.deepEqual([classes, counts, law], [[-7, 300], [2, 2], null]);
  assert.match(constant.undefined, /all class means are equal/);
  assert.deepEqual([constant.fuzziness, constant.perClass, constant.nc1], [null, [null, null], null]);
  assert.ok(Math.abs(line.fuzziness - 0.25) < 1e-12 && line.nccAccuracy === 1 && line.undefined === null);
});

test('an analysis tells how far it is, lets the event loop have its turn, and stops when it is told to', async () => {
  const [points, dim] = [2000, 2000];
  const labels = Uint8Array.from({ length: points }, (_, i) => i % 10);
  const layer = { dim, features: Float32Array.from({ length: points * dim }, (_, i) => Math.sin(i * 12.9898) + (i % 10)) };
  const heard = [];
  let turns = 0;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (turns++, port2.postMessage(null));
  port2.postMessage(null);
  await analyze([layer, layer], labels, { onProgress: (progress) => heard.push(progress) });
  port1.close();
  assert.ok(turns > 5, `only ${turns} turns`);
  assert.ok(heard.every(({ layers }) => layers === 2));
  const done = heard.map(({ layer, done }) => layer + done);
  assert.deepEqual(done, done.toSorted((a, b) => a - b));
  assert.ok(done.includes(1) && done.at(-1) === 2);
  const control = new AbortController();
  const reason = new Error('enough');
  let calls = 0;
  const onProgress = () => ++calls === 3 && setTimeout(() => control.abort(reason));
  await assert.rejects(analyze(Array(100).fill(layer), labels, { onProgress, signal: control.signal }), (error) => error === reason);
  assert.ok(calls < done.length, `${calls} pieces of work went on`);
  await assert.rejects(analyze([layer], labels, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  const thrown = () => { throw reason; };
  await assert.rejects(analyze([layer], labels, { onProgress: thrown }), (error) => error === reason);
});

test('layers and labels that do not fit are refused, by name and by what is wrong', async () => {
  const labels = Uint8Array.of(0, 0, 1, 1);
  const good = { dim: 1, features: Float32Array.of(-1, 1, 3, 5) };
  const second = (changes) => analyze([good, { name: 'conv <1>', ...good, ...changes }], labels);
  await refused(second({ features: Float32Array.of(1, 2, 3, NaN) }), /^features of layer "conv <1>": row 3 is NaN in column 0; every number must be finite as float32\.$/);
  await refused(second({ features: Float64Array.of(1, 1e300, 3, 4) }), /row 1 is inf/);
  await refused(second({ features: Float32Array.of(1, 2, 3) }), /layer "conv <1>": its first axis is 3, and there are 4 labels/);
  await refused(second({ dim: 3 }), /features of layer "conv <1>" has 4 numbers, which dim 3 does not divide/);
  await refused(second({ dim: undefined }), /dim of layer "conv <1>" is missing/);
  await refused(second({ dim: 0 }), /dim of layer "conv <1>" is 0/);
  await refused(second({ features: [1, 2, 3, 4] }), /features of layer "conv <1>" is .*Float32Array/);
  await refused(analyze([good, undefined], labels), /dim of layer "1" is missing/);
  await refused(analyze([], labels), /layers is .*a list, a Map or an object/);
  await refused(analyze(undefined, labels), /layers is missing/);
  await refused(analyze([good], Uint8Array.of(3, 3, 3, 3)), /labels: every label is 3; separation needs at least two classes/);
  await refused(analyze([good], [0, 0, 1, 1]), /labels is .*Uint8Array/);
  await refused(analyze([good], new Uint8Array()), /labels: /);
  await refused(analyze([good], labels, { blocks: [0, 1] }), /blocks has 1\. Use 0 to 0\./);
  await refused(analyze([good], labels, { blocks: [-1] }), /blocks is -1\. Use a list of indices of layers/);
  await refused(analyze([good], labels, { signal: {} }), /signal/);
  const wide = { dim: 2_000_001, features: new Float32Array(4 * 2_000_001) };
  await refused(analyze({ wide }, labels), /layer "wide": its 2000001 columns are too many for 2 classes; at most 2000000/);
});

test('neural collapse is the golden one', () => {
  const golden = JSON.parse(fs.readFileSync(new URL('../golden/neural_collapse.json', import.meta.url)));
  const near = (value, expected, name) => assert.ok(Math.abs(value - expected) <= 1e-5 * Math.abs(expected) + 1e-12, `${name}: ${value}, not ${expected}`);
  for (const { name, d, features, labels, classifier_weight: weight, classifier_bias: bias, ...expected } of golden.cases) {
    const arrays = [Float64Array.from(features), d, Uint8Array.from(labels), Float64Array.from(weight), Float64Array.from(bias)];
    const { nc1, nc2, nc3, nc4, nccAccuracy } = neuralCollapse(...arrays);
    near(nc1, expected.nc1_variability, name);
    near(nc2.equinormMeans, expected.nc2_equinorm_means, name);
    near(nc2.equinormClassifiers, expected.nc2_equinorm_classifiers, name);
    near(nc2.angleMeans, expected.nc2_angle_deviation_means, name);
    near(nc2.angleClassifiers, expected.nc2_angle_deviation_classifiers, name);
    near(nc3, expected.nc3_self_duality, name);
    assert.deepEqual([nc4, nccAccuracy], [expected.nc4_ncc_disagreement, expected.ncc_accuracy], name);
  }
});

test('neural collapse that is undefined is an error that says why', () => {
  const collapse = (features, labels, weight, bias) =>
    neuralCollapse(Float32Array.from(features), 1, Uint8Array.from(labels), Float32Array.from(weight), Float32Array.from(bias));
  assert.equal(collapse([-1, 1], [0, 1], [-1, 1], [0, 0]).nc1, 0);
  assert.throws(() => collapse([-1, 1], [0, 0], [1], [0]), /at least two/);
  assert.throws(() => collapse([-1, 1], [0, 0], [1, 2], [0, 0]), /1 of the classes has points/);
  assert.throws(() => collapse([-1, 1], [0, 2], [1, 2, 3], [0, 0, 0]), /class 1 has no points/);
  assert.throws(() => collapse([-1, 0, 1], [0, 1, 2], [1, 2, 3], [0, 0, 0]), /mean of class 1 is the mean of all class means/);
  assert.throws(() => collapse([-1, 1], [0, 1], [1, 0], [0, 0]), /row for class 1 is 0/);
  assert.throws(() => collapse([-1, 1], [0, 1], [1, 2, 3], [0, 0]), /weight has 3 numbers/);
  assert.throws(() => collapse([-1, 1], [0, 1], [1, NaN], [0, 0]), /weight is NaN for class 1/);
  assert.throws(() => collapse([-1, NaN], [0, 1], [1, 2], [0, 0]), /point 1 is NaN/);
  assert.throws(() => collapse([-1, 1], [0, 5], [1, 2], [0, 0]), /label 5/);
  assert.throws(() => neuralCollapse(Float32Array.of(-1, 1), 1, Uint8Array.of(0, 1), [1, 2], Float32Array.of(0, 0)), /weight/);
});

test('measuring with running statistics gives neural collapse of each layer', async () => {
  const experiment = await create({ epochs: 60 });
  await experiment.train();
  const { collapse, fuzziness } = await experiment.measure({ mode: 'running' });
  for (const curve of ['nc1', 'equinorm', 'angles', 'nccAccuracy']) assert.equal(collapse[curve].length, 4, 'the input and three hidden layers');
  // Classes have as many points each, so NC1 is D.
  collapse.nc1.forEach((nc1, layer) => assert.ok(Math.abs(nc1 - fuzziness[layer]) <= 1e-9 * fuzziness[layer], `layer ${layer}`));
  assert.equal(collapse.last.nc1, collapse.nc1[3]);
  assert.equal(collapse.last.nc2.angleMeans, collapse.angles[3]);
  assert.ok(!('simplex' in collapse), 'pictures are the page’s');
  assert.equal((await experiment.measure({ mode: 'batches-of-100' })).collapse, null);
  assert.ok((await experiment.measure({ split: 'test' })).collapse.last.nccAccuracy > 0.5);
  experiment.free();
});

test('the law is fitted by least squares, with undefined layers left out', () => {
  const law = fitLaw([32, 16, 8, 4]);
  assert.ok(Math.abs(law.rho - 0.5) < 1e-12 && Math.abs(law.halfLife - 1) < 1e-12 && Math.abs(law.pearson + 1) < 1e-12);
  assert.ok(Math.abs(law.intercept - Math.log(32)) < 1e-12 && Math.abs(law.rSquared - 1) < 1e-12);
  assert.deepEqual(fitLaw([32, null, 8, 4]).layers, [0, 2, 3]);
  assert.equal(fitLaw(Float64Array.of(1, 2, 4)).halfLife, null, 'D that grows has no half-life');
  assert.equal(fitLaw([32, 16]), null);
});

test('the layer-peeled optimum is the golden one', () => {
  const golden = JSON.parse(fs.readFileSync(new URL('../golden/layer_peeled.json', import.meta.url)));
  assert.equal(golden.cases.length, 48);
  for (const { classes, majority, imbalance, energy_features: energyFeatures, energy_classifiers: energyClassifiers, ...expected } of golden.cases) {
    const name = JSON.stringify({ classes, majority, imbalance, energyFeatures, energyClassifiers });
    const optimum = layerPeeled({ classes, majority, imbalance, energyFeatures, energyClassifiers });
    assert.ok(optimum.loss <= expected.loss * (1 + 1e-5) + 1e-9, `${name}: ${optimum.loss} is above ${expected.loss}`);
    for (const [cosine, golden] of [
      [optimum.cosMajority, expected.mean_cos_majority_classifiers],
      [optimum.cosMinority, expected.mean_cos_minority_classifiers],
      [optimum.cosBetween, expected.mean_cos_between],
    ]) assert.ok(golden === null ? cosine === null : Math.abs(cosine - golden) < 1e-2, `${name}: ${cosine}, not ${golden}`);
    for (const [vectors, norms, energy] of [[optimum.W, optimum.normsW, energyClassifiers], [optimum.H, optimum.normsH, energyFeatures]]) {
      assert.ok(vectors instanceof Float64Array && vectors.length === classes * 2 * classes && norms.length === classes, name);
      const squares = norms.map((_, k) => vectors.subarray(k * 2 * classes, (k + 1) * 2 * classes).reduce((sum, x) => sum + x * x, 0));
      assert.ok(norms.every((norm, k) => Math.abs(norm * norm - squares[k]) < 1e-9), `${name}: ${norms}`);
      assert.ok(Math.abs(squares.reduce((sum, square) => sum + square, 0) / classes - energy) < 1e-9, name);
    }
  }
});

test('the sweep over the imbalance is the optimum at each, and its threshold is where the minority classifiers become one', () => {
  const settings = { classes: 10, majority: 5, energyFeatures: 5, energyClassifiers: 1 };
  const { threshold, points } = layerPeeledSweep(settings);
  assert.equal(points.length, 41);
  assert.deepEqual([points[0].imbalance, points[20].imbalance, points[40].imbalance], [1, 100, 10000]);
  for (const { imbalance, cosMinority, normMinority } of points) {
    const optimum = layerPeeled({ ...settings, imbalance });
    assert.deepEqual([cosMinority, normMinority], [optimum.cosMinority, optimum.normsW[5]], `at ${imbalance}`);
    assert.equal(cosMinority === 1, imbalance >= threshold, `at ${imbalance}, the threshold being ${threshold}`);
  }
  assert.equal(layerPeeledSweep({ ...settings, majority: 10 }).threshold, null);
  assert.throws(() => layerPeeledSweep({ ...settings, energyFeatures: 0 }), /energyFeatures is 0/);
});

test('a layer-peeled model that is not accepted is an error that says why', () => {
  const settings = { classes: 10, majority: 5, imbalance: 10, energyFeatures: 5, energyClassifiers: 1 };
  assert.equal(layerPeeled({ ...settings, p: 10 }).W.length, 100);
  assert.equal(layerPeeled({ ...settings, p: undefined }).W.length, 200);
  for (const [changes, message] of [
    [{ classes: 1 }, /classes is 1\. Use 2 to 1000\./],
    [{ majority: 11 }, /majority is 11\. Use 0 to 10\./],
    [{ majority: -1 }, /majority is -1\. Use a whole number\./],
    [{ majority: undefined }, /majority is missing/],
    [{ imbalance: 0.5 }, /imbalance is 0\.5\. Use 1 to 1000000\./],
    [{ imbalance: '10' }, /imbalance is "10"\. Use a number\./],
    [{ energyFeatures: 0 }, /energyFeatures is 0\. Use 0\.001 to 10000\./],
    [{ energyClassifiers: NaN }, /energyClassifiers is NaN\. Use 0\.001 to 10000\./],
    [{ p: 9 }, /p is 9\. Use 10 to 2000\./],
  ]) assert.throws(() => layerPeeled({ ...settings, ...changes }), message);
  assert.throws(() => layerPeeled(), /classes is missing/);
  assert.throws(() => layerPeeled(5), /Use an object/);
});

test('version is that of package.json', () => {
  assert.equal(version(), JSON.parse(fs.readFileSync(new URL('../../pkg/package.json', import.meta.url), 'utf8')).version);
});

test('the presets are the panels of Fig. 1, emergence and k3', () => {
  const list = presets();
  const ids = list.map(({ id }) => id);
  for (const optimizer of ['sgd', 'momentum', 'adam']) for (const layers of [4, 8, 20]) assert.ok(ids.includes(`fig1-${optimizer}-${layers}`));
  assert.ok(ids.includes('emergence') && ids.includes('k3'));
  for (const { title, description, config: preset } of list) assert.ok(title && description && preset.hidden.length);
});

test('each config that cannot be is refused, by key, value and what is accepted', async () => {
  await refused(create({ hiden: [10] }), /hiden/, /hidden/);
  await refused(create({ hidden: [10, -5] }), /hidden/, /-5/);
  await refused(create({ hidden: [] }), /hidden/);
  await refused(create({ hidden: [1e9, 1e9] }), /hidden/, /memory/, /[GT]B/);
  await refused(create({ epochs: 0 }), /epochs/, /\b0\b/);
  await refused(create({ epochs: 1.5 }), /epochs/, /1\.5/);
  await refused(create({ learningRate: NaN }), /learningRate is NaN/);
  await refused(create({ learningRate: 'fast' }), /learningRate/, /fast/);
  await refused(create({ optimizer: 'lion' }), /optimizer/, /lion/, /adam/);
  await refused(create({ labelNoise: 2 }), /labelNoise/, /2/);
  await refused(create({ classes: [0, 7] }), /classes/, /7/);
  await refused(Experiment.create('fast', data()), /config/);
});

test('data that cannot be are refused, by what is wrong', async () => {
  const train = points(20, 1);
  const changed = (change) => {
    const { features, labels } = { features: train.features.slice(), labels: train.labels.slice() };
    return { train: change(features, labels) };
  };
  const set = (array, at, value) => ((array[at] = value), array);
  await refused(create({}, changed((features, labels) => ({ features: set(features, 8, NaN), labels }))), /NaN/, /point 1/);
  await refused(create({}, changed((features, labels) => ({ features: set(features, 0, Infinity), labels }))), /inf/i);
  await refused(create({}, changed((features, labels) => ({ features, labels: set(labels, 4, 3) }))), /label/, /3/, /point 4/);
  await refused(create({}, changed((features, labels) => ({ features, labels: set(Int32Array.from(labels), 4, -1) }))), /label/, /-1/);
  await refused(create({}, changed((features, labels) => ({ features: features.subarray(1), labels }))), /features/, /359/, /360/);
  await refused(create({}, changed((features, labels) => ({ features, labels: labels.subarray(1) }))), /360/, /354/);
  await refused(create({}, changed((features, labels) => ({ features, labels: labels.fill(0) }))), /all points of train have label 0/);
  await refused(create({}, changed((features, labels) => ({ features: [...features], labels }))), /features/, /Float32Array/);
  await refused(create({}, changed((features) => ({ features }))), /labels/, /Uint8Array/);
  await refused(create({}, { train: undefined }), /train/);
  await refused(create({}, { dim: 0 }), /dim/, /0/);
  await refused(create({}, { classes: 1 }), /classes/, /1/);
});

test('a network that diverges stops with its epoch and the rate, and the experiment stays usable', async () => {
  const experiment = await create({ hidden: Array(8).fill(50), normalization: 'none', init: 'he', optimizer: 'sgd', learningRate: 10, epochs: 200 });
  const records = [];
  await refused(experiment.train(undefined, { onRecord: (record) => records.push(record) }), /epoch \d+/, /\b10\b/);
  assert.equal(records[0].epoch, 0, 'what was recorded before is kept');
  const { fuzziness } = await experiment.measure();
  assert.ok(fuzziness.every((d) => d === null || Number.isFinite(d)));
  experiment.free();
});

test('bytes that are not a saved run are refused', async () => {
  await refused(Experiment.load(new Uint8Array(100), data()), /run/);
  const experiment = await create();
  const bytes = await experiment.save();
  await refused(Experiment.load(bytes.subarray(0, bytes.length - 10), data()), /damaged/);
  await refused(Experiment.load(bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)), data()), /damaged/);
  await refused(Experiment.load('bytes', data()), /Uint8Array/);
  experiment.free();
});

test('fuzziness that is undefined is an error that says why', () => {
  const twice = Float32Array.of(1, 2, 1, 2);
  assert.throws(() => separationFuzziness(twice, 2, Uint8Array.of(0, 1)), /means are equal/);
  assert.throws(() => separationFuzziness(twice, 2, Uint8Array.of(0, 0)), /class/);
  assert.throws(() => separationFuzziness(Float32Array.of(1, NaN, 1, 2), 2, Uint8Array.of(0, 1)), /NaN/);
  assert.throws(() => separationFuzziness(twice, 3, Uint8Array.of(0, 1)), /which dim 3 does not divide/);
  assert.throws(() => separationFuzziness(twice, 2, Uint8Array.of(0, 1, 1)), /label/);
  assert.throws(() => separationFuzziness([1, 2, 1, 2], 2, Uint8Array.of(0, 1)), /Float32Array/);
});
