// The package in Node.js: trains eight layers on data of one's own, here points around ten centres that no straight cut tells apart, and
// prints the law. npm install, then: node law.mjs
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Experiment, initSync } from 'separation-playground';

initSync({ module: fs.readFileSync(fileURLToPath(import.meta.resolve('separation-playground/separation_playground_bg.wasm'))) });

/** A generator of normal numbers, the same at each start. */
function normals(seed) {
  const uniform = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const [classes, dim, perClass, clusters] = [10, 20, 100, 3];
const normal = normals(666);
// Each class is several clusters, so that it takes more than one layer to bring its points together.
const centres = Array.from({ length: classes * clusters }, () => Array.from({ length: dim }, normal));
const labels = Uint8Array.from({ length: classes * perClass }, (_, i) => i % classes);
const features = Float32Array.from([...labels].flatMap((label, i) => centres[label * clusters + (Math.floor(i / classes) % clusters)].map((x) => x + 0.7 * normal())));

const experiment = await Experiment.create({ hidden: Array(7).fill(100), epochs: 100 }, { classes, dim, train: { features, labels } });
await experiment.train();
const { fuzziness, law } = await experiment.measure();
fuzziness.forEach((d, layer) => console.log(`layer ${layer}  D ${d.toFixed(3).padStart(8)}  ln D ${Math.log(d).toFixed(2).padStart(6)}`));
console.log(`rho ${law.rho.toFixed(3)}, r ${law.pearson.toFixed(4)}: each layer keeps ${(100 * law.rho).toFixed(0)} % of D`);
experiment.free();
