import * as jax from '/node_modules/@jax-js/jax/dist/index.js';
import { makeData } from './work.mjs';
const { numpy: np, nn, tree } = jax;
export async function makeJax(device, { layers, width, batch }) {
  const devices = await jax.init();
  if (!devices.includes(device)) throw new Error(`no ${device} among ${devices}`);
  jax.defaultDevice(device);
  const { images, labels, points, pixels, classes } = makeData();
  let state = 7;
  const uniform = () => (((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 0) / 2 ** 32) * 2 - 1;
  const matrix = (rows, cols) =>
    np.array(Float32Array.from({ length: rows * cols }, () => uniform() / Math.sqrt(rows))).reshape([rows, cols]);
  const initial = [];
  for (let l = 0; l < layers - 1; l++) initial.push({ w: matrix(l ? width : pixels, width), scale: np.ones([width]), shift: np.zeros([width]) });
  initial.push({ w: matrix(width, classes), shift: np.zeros([classes]) });
  const forward = (params, x) => {
    for (const { w, scale, shift } of params.slice(0, -1)) {
      const h = np.matmul(x, w);
      const centred = h.ref.sub(np.mean(h, 0));
      const variance = np.mean(centred.ref.mul(centred.ref), 0);
      x = nn.relu(centred.mul(scale.div(np.sqrt(variance.add(1e-5)))).add(shift));
    }
    const { w, shift } = params[layers - 1];
    return np.matmul(x, w).add(shift);
  };
  const lossAndGrad = jax.valueAndGrad((params, x, y) => nn.logSoftmax(forward(params, x)).mul(y).sum().mul(-1 / batch));
  const adam = jax.jit((params, m, v, t, x, y) => {
    const [loss, grad] = lossAndGrad(tree.ref(params), x, y);
    const c1 = np.subtract(1, np.power(0.9, t.ref));
    const c2 = np.subtract(1, np.power(0.999, t));
    const m2 = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(grad));
    const v2 = tree.map((a, g) => a.mul(0.999).add(g.ref.mul(g).mul(0.001)), v, grad);
    const next = tree.map(
      (p, a, b) => p.sub(a.div(c1.ref).mul(1e-3).div(np.sqrt(b.div(c2.ref)).add(1e-8))), params, tree.ref(m2), tree.ref(v2));
    c1.dispose();
    c2.dispose();
    return [loss, next, m2, v2];
  });
  const zeros = () => tree.map((a) => np.zerosLike(a), tree.ref(initial));
  let [params, m, v, t, loss] = [initial, zeros(), zeros(), 0, null];
  const batches = [];
  for (let start = 0; start < points; start += batch) {
    const hot = new Float32Array(batch * classes);
    for (let i = 0; i < batch; i++) hot[i * classes + labels[start + i]] = 1;
    batches.push([np.array(images.slice(start * pixels, (start + batch) * pixels)).reshape([batch, pixels]), np.array(hot).reshape([batch, classes])]);
  }
  return async (steps) => {
    for (let i = 0; i < steps; i++) {
      const [x, y] = batches[t % batches.length];
      loss?.dispose();
      [loss, params, m, v] = adam(params, m, v, np.array(++t).astype(np.float32), x.ref, y.ref);
    }
    await jax.blockUntilReady(tree.ref(params));
    return await loss.ref.jsAsync();
  };
}
