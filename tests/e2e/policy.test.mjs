// The policies that the built pages bring: nothing but their own scripts, styles and files, and no code made of text.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { pageTest } from './harness.mjs';

const SITE = new URL('../../dist/', import.meta.url);

for (const file of ['index.html', 'single.html', 'report/index.html']) {
  test(`${file} allows nothing that is not named, and names nothing unsafe and nobody else`, () => {
    const html = fs.readFileSync(new URL(file, SITE), 'utf8');
    const policies = [...html.matchAll(/http-equiv="Content-Security-Policy" content="([^"]*)"/g)].map(([, policy]) => policy);
    assert.equal(policies.length, 1);
    assert.ok(html.indexOf(policies[0]) < html.search(/<script|<link|<style/), 'it stands before what it governs');
    const allowed = Object.fromEntries(policies[0].split(';').map((part) => part.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));
    assert.deepEqual(allowed['default-src'], ["'none'"]);
    assert.deepEqual(allowed['base-uri'], ["'none'"]);
    assert.deepEqual(allowed['form-action'], ["'none'"]);
    for (const [name, sources] of Object.entries(allowed)) {
      const scripts = ['script-src', 'style-src', 'worker-src', 'connect-src', 'frame-src'].includes(name);
      for (const source of sources) assert.match(source, scripts ? /^('none'|'self'|'wasm-unsafe-eval'|'sha256-[^']+'|blob:)$/ : /^('none'|'self'|data:|blob:)$/, `${name} ${source}`);
    }
  });
}

pageTest('text is never run as code on the page: not by eval, not by a handler in markup, not by an address', async (visitor) => {
  await visitor.open();
  const ran = await visitor.page.evaluate(async () => {
    globalThis.ran = [];
    await new Promise((done) => setTimeout(done)); // what drives the browser may itself run text
    try { (0, eval)('ran.push("eval")'); } catch {}
    try { new Function('ran.push("Function")')(); } catch {}
    const place = document.body.appendChild(document.createElement('div'));
    place.innerHTML = '<img src="data:," onerror="ran.push(\'onerror\')"><a id="code" href="javascript:ran.push(\'href\')">x</a>';
    place.querySelector('#code').click();
    await import('data:text/javascript,ran.push("import")').catch(() => {});
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'ran.push("script")' }));
    await new Promise((done) => setTimeout(done, 300));
    return ran;
  });
  assert.deepEqual(ran, []);
  assert.ok(visitor.complaints.length >= 4, 'the policy has said so');
  visitor.complaints.length = 0;
});
