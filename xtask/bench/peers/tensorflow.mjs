import { makeData } from './work.mjs';
/* global tf */
export async function makeTensorFlow(device, { layers, width, batch }) {
  if (device === 'wasm') tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/');
  if (!(await tf.setBackend(device))) throw new Error(`no ${device} backend`);
  await tf.ready();
  const { images, labels, points, pixels, classes } = makeData();
  const model = tf.sequential();
  for (let l = 0; l < layers - 1; l++) {
    model.add(tf.layers.dense({ units: width, inputShape: l ? undefined : [pixels] }));
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.reLU());
  }
  model.add(tf.layers.dense({ units: classes }));
  model.compile({ optimizer: tf.train.adam(1e-3), loss: (y, logits) => tf.losses.softmaxCrossEntropy(y, logits) });
  const x = tf.tensor2d(images, [points, pixels]);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), classes).cast('float32');
  const perEpoch = points / batch;
  return async (steps) => {
    const epochs = Math.ceil(steps / perEpoch);
    const history = await model.fit(x, y, { batchSize: batch, epochs, shuffle: false, verbose: 0, yieldEvery: 'never' });
    return history.history.loss.at(-1);
  };
}
