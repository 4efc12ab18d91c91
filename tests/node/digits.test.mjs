// Determinism: every preset's run gives the digits of the committed table, in which each browser's page is tested too.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Experiment, initSync, presets } from '../../pkg/separation_playground.js';
import { checksum, golden, write } from '../digits.mjs';

initSync({ module: fs.readFileSync(new URL('../../pkg/separation_playground_bg.wasm', import.meta.url)) });

let server;
before(() => new Promise((ready) => {
  const answer = (request, response) => response.end(fs.readFileSync(new URL(`../../pkg${request.url}`, import.meta.url)));
  server = http.createServer(answer).listen(0, '127.0.0.1', ready);
}));
after(() => {
  server.closeAllConnections();
  server.close();
});

test('every preset gives the digits of the table', async () => {
  const dataUrl = `http://127.0.0.1:${server.address().port}/data/`;
  const found = {};
  for (const { id, config } of presets()) {
    const changes = golden.few.presets.includes(id) ? golden.few.changes : {};
    const experiment = await Experiment.create({ ...config, ...changes, engine: 'cpu' }, undefined, { dataUrl });
    const { loss, trainAccuracy, testAccuracy } = await experiment.train(Math.min(golden.epochs, config.epochs));
    const { fuzziness: train, law } = await experiment.measure();
    const { fuzziness: test } = await experiment.measure({ split: 'test' });
    found[id] = checksum({ loss, trainAccuracy, testAccuracy, law, train, test });
    experiment.free();
  }
  if (process.env.WRITE_DIGITS) write(found);
  assert.deepEqual(found, process.env.WRITE_DIGITS ? found : golden.checksums);
});
