// The harness itself: what it promises to catch, it catches.
import assert from 'node:assert/strict';
import { pageTest } from './harness.mjs';

/** Adds `html` to the page, or `script` to the worker. */
const addHtml = (html) => ['index.html', (bytes) => bytes.toString().replace('</body>', `${html}</body>`)];
const addToWorker = (script) => ['worker.js', (bytes) => `${bytes}\n${script}`];

for (const [what, [file, change], complaint] of [
  ['an inline script', addHtml('<script>1</script>'), /policy violation: script-src/],
  ['an inline style', addHtml('<p style="color: red">'), /policy violation: style-src/],
  ['a request to elsewhere', addHtml('<img src="http://127.0.0.1:9/x.png">'), /127\.0\.0\.1:9\/x\.png/],
  ['a missing file', addHtml('<img src="missing.png">'), /404/],
  ['a request to elsewhere by the worker', addToWorker('fetch("http://127.0.0.1:9/x").catch(() => {});'), /127\.0\.0\.1:9/],
  ['a console error of the worker', addToWorker('console.error("from the worker");'), /from the worker/],
]) {
  pageTest(`${what} is caught`, async (visitor) => {
    visitor.spoil(file, change);
    await visitor.open();
    await visitor.page.waitForTimeout(300);
    const caught = visitor.complaints.splice(0);
    assert.ok(caught.some((line) => complaint.test(line)), `caught only ${JSON.stringify(caught)}`);
  });
}
