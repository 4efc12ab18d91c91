// The site on real web servers, Debian's nginx and Apache, set up with the lines that README.md gives under "Host it yourself".
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { pageTest } from './harness.mjs';

const SITE = fileURLToPath(new URL('../../dist/', import.meta.url));
const README = fs.readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const RUN = '?hidden=20x3&perClass=20&epochs=2&seed=5';
const MODULES = '/usr/lib/apache2/modules';
/** cargo xtask test installs them where they can be had. */
const skip = fs.existsSync('/etc/debian_version') ? false : 'needs the web servers of a Debian';

/** The guide's lines in `language`; there is one block of each. */
function guide(language) {
  const blocks = [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
  assert.equal(blocks.length, 1, `blocks of ${language} in README.md`);
  return blocks[0][1];
}

/** What surrounds such a location in Debian's configuration. `types` are what the server knows of file names. */
const nginx = (location, types = 'include /etc/nginx/mime.types;') => ({ folder, port }) => {
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; worker_processes 1; events {}
    http { ${types} default_type application/octet-stream; access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ')}
    server { listen 127.0.0.1:${port}; root ${folder}/web; ${location} } }`);
  return ['/usr/sbin/nginx', '-e', path.join(folder, 'log'), '-c', path.join(folder, 'nginx.conf')];
};

/** What surrounds such a .htaccess, with `modules` beside those that serve files. */
const apache = (htaccess, modules = ['headers', 'filter', 'deflate']) => ({ folder, port }) => {
  fs.writeFileSync(path.join(folder, 'web/separation/.htaccess'), htaccess);
  fs.writeFileSync(path.join(folder, 'apache.conf'), `
    ServerRoot ${folder}\nServerName 127.0.0.1\nListen 127.0.0.1:${port}\nPidFile ${folder}/pid\nErrorLog ${folder}/log\nTypesConfig /etc/mime.types
    ${['mpm_event', 'authz_core', 'mime', 'dir', ...modules].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
    ${process.getuid() === 0 ? 'User www-data\nGroup www-data' : ''}
    DocumentRoot ${folder}/web\n<Directory ${folder}/web>\nAllowOverride FileInfo\nRequire all granted\n</Directory>\n`);
  return ['/usr/sbin/apache2', '-D', 'FOREGROUND', '-f', path.join(folder, 'apache.conf')];
};

const [, header, policy] = guide('http').match(/^([\w-]+): (.*)\n$/);
const servers = {
  nginx: nginx(guide('nginx')),
  'nginx with a policy': nginx(guide('nginx').replace('\n', `\nadd_header ${header} "${policy}";\n`)),
  'nginx that knows no .wasm': nginx('', 'types { text/html html; text/css css; text/javascript js; }'),
  apache: apache(guide('apache')),
  'apache without headers and compression': apache(guide('apache'), []),
};

/** A port that nobody listens on. */
const freePort = () => new Promise((done) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

/** What a server answers to a browser. Node's fetch would ask for no kept copy where it may get 304. */
const ask = (address, headers = {}) => new Promise((done, failed) => {
  http.get(address, { headers: { 'accept-encoding': 'gzip', ...headers } }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('end', () => done({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts) }));
  }).on('error', failed);
});

const running = {};
/** Before there are tests: each process that runs several files calls no hooks for one of them. */
if (!skip) {
  for (const [name, configured] of Object.entries(servers)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hosting-'));
    fs.chmodSync(folder, 0o755); // started by root, a server reads as another user
    fs.cpSync(SITE, path.join(folder, 'web/separation'), { recursive: true });
    const port = await freePort();
    const [program, ...args] = configured({ folder, port });
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const address = `http://127.0.0.1:${port}/separation/`;
    running[name] = { folder, child, address };
    const log = path.join(folder, 'log');
    const until = Date.now() + 10_000;
    while (!(await fetch(address).catch(() => null))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${name} does not answer: ${fs.existsSync(log) && fs.readFileSync(log, 'utf8')}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
after(async () => {
  for (const { folder, child } of Object.values(running)) {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await new Promise((done) => child.once('exit', done));
    }
    fs.rmSync(folder, { recursive: true });
  }
});

for (const name of ['nginx', 'apache']) {
  test(`${name}, set up as the guide says, names types, compresses, and lets a browser ask whether a file is still the same`, { skip }, async () => {
    const { address } = running[name];
    const types = {
      '': /^text\/html/, 'boot.js': /^(text|application)\/javascript/, 'page.css': /^text\/css/, 'strings/en.json': /^application\/json/,
      'separation-playground_bg.wasm': /^application\/wasm$/, 'separation-engine_bg.wasm': /^application\/wasm$/, 'report/depth.svg': /^image\/svg\+xml/,
    };
    for (const [file, type] of Object.entries(types)) {
      const { status, headers, bytes } = await ask(address + file);
      assert.equal(status, 200, file);
      assert.match(headers['content-type'], type, file);
      assert.equal(headers['cache-control'], 'no-cache', file);
      assert.equal(headers['content-encoding'], 'gzip', file);
      assert.ok(gunzipSync(bytes).equals(fs.readFileSync(path.join(SITE, file || 'index.html'))), `${file} arrives as it is`);
      assert.equal((await ask(address + file, { 'if-none-match': headers.etag })).status, 304, `${file} again`);
    }
    assert.equal((await ask(`${address}data/fashion-mnist-10x10/test-images-idx3-ubyte.gz`)).headers['cache-control'], 'no-cache');
  });
}

test('the servers that the page is to do without are without', { skip }, async () => {
  assert.equal((await ask(`${running['nginx that knows no .wasm'].address}separation-playground_bg.wasm`)).headers['content-type'], 'application/octet-stream');
  const { headers } = await ask(running['apache without headers and compression'].address);
  assert.deepEqual([headers['cache-control'], headers['content-encoding']], [undefined, undefined]);
});

for (const name of Object.keys(servers)) {
  pageTest(`${name}: the page trains, below a path, called without its last slash`, async (visitor) => {
    await visitor.page.goto(running[name].address.slice(0, -1));
    await visitor.reaches('ready');
    assert.equal(visitor.page.url(), running[name].address);
    await visitor.open(RUN);
    await visitor.train();
    assert.equal(await visitor.number('epoch'), 2);
  }, { skip, at: () => running[name].address });
}

pageTest('the policy of the guide lets the page be embedded where it says, and nowhere else', async (visitor) => {
  const embed = `${visitor.address}?embed=decay`;
  const frame = async () => (await visitor.page.locator('iframe').elementHandle()).contentFrame();
  await visitor.open();
  await visitor.page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), embed);
  await (await frame()).locator('html[data-state=ready]').waitFor({ state: 'attached' });

  await visitor.page.goto(`${running.nginx.address}THIRD-PARTY.txt`); // a text has no policy of its own
  const refused = visitor.page.waitForEvent('requestfailed');
  await visitor.page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), embed);
  assert.match((await refused).failure().errorText, /BLOCKED_BY_RESPONSE|CSP_FRAME_ANCESTOR/);
  assert.equal(await (await frame()).locator('html[data-state]').count(), 0);
  visitor.complaints.length = 0; // the refusal, which was asked for
}, { skip, at: () => running['nginx with a policy'].address });
