// Chromium and a server for the benchmarks: the package at /pkg/, the site at /dist/, the products at /kernels/, the peers' libraries at /node_modules/, else these files.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { chromium } = await import(pathToFileURL(path.join(process.env.PLAYWRIGHT_CORE, 'index.mjs')).href);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' };
const FLAGS = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader',
];
const here = fileURLToPath(new URL('.', import.meta.url));
const folders = [
  ['/pkg/', fileURLToPath(new URL('../../pkg/', import.meta.url))],
  ['/kernels/', process.env.KERNELS],
  ['/dist/', fileURLToPath(new URL('../../dist/', import.meta.url))],
  ['/node_modules/', process.env.PEERS],
  ['/', here],
];

/** A browser of its own that knows nothing but `profile`, a folder. */
export const start = (profile) => chromium.launchPersistentContext(profile, { executablePath: process.env.CHROME, args: FLAGS, viewport: { width: 1280, height: 720 } });

/** Runs `work` with a browser and the server's address. */
export async function withBrowser(work) {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const [prefix, folder] = folders.find(([prefix, folder]) => folder && name.startsWith(prefix));
    const file = path.join(folder, name.slice(prefix.length));
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const browser = await chromium.launch({ executablePath: process.env.CHROME, args: FLAGS });
  try {
    await work(browser, `http://127.0.0.1:${server.address().port}`);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
