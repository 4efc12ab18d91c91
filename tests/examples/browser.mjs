// Opens a folder's page in Chromium, and fails on anything that the browser complains of.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.gz': 'application/gzip' };
const playwright = process.env.PLAYWRIGHT_CORE ? pathToFileURL(path.join(process.env.PLAYWRIGHT_CORE, 'index.mjs')).href : 'playwright-core';
const { chromium } = await import(playwright);

/** Serves `folder`, with `pages` ({ name: text }) beside its files, opens `address` in it, and calls `body` with the page and the site's address. */
export async function visit(folder, address, body, pages = {}) {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname).slice(1) || 'index.html';
    const file = path.join(folder, name);
    const there = file.startsWith(folder) && fs.existsSync(file) && fs.statSync(file).isFile();
    if (!there && !(name in pages)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[path.extname(name)] ?? 'application/octet-stream' }).end(pages[name] ?? fs.readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const site = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: process.env.CHROME || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
  const complaints = [];
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    context.setDefaultTimeout(180_000);
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    context.on('weberror', (error) => complaints.push(error.error().stack));
    context.on('response', (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`));
    const page = await context.newPage();
    await page.goto(site + address);
    await body(page, site);
    assert.deepEqual(complaints, []);
  } catch (error) {
    if (complaints.length) error.message += `\nthe browser says:\n${complaints.join('\n')}`;
    throw error;
  } finally {
    await browser.close();
    server.close();
  }
}
