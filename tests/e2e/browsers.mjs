// The browsers that the tests run in, each with what its driver lacks made up for.
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import * as webdriver from './webdriver.mjs';

/** Chromium, where nothing is said. */
export const BROWSER = process.env.BROWSER || 'chromium';

const CHROMIUM = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader',
];
/** WebGPU on a Vulkan of the CPU, a clipboard that asks nobody, no list of downloads that takes the focus, and scrollbars over the page, as on phones. */
const FIREFOX = {
  'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true, 'dom.events.testing.asyncClipboard': true, 'browser.download.alwaysOpenPanel': false,
  'ui.useOverlayScrollbars': 1,
};
/** Firefox's preferences behind what emulateMedia asks for, and their values. */
const MEDIA = {
  colorScheme: ['layout.css.prefers-color-scheme.content-override', { dark: 0, light: 1 }],
  reducedMotion: ['ui.prefersReducedMotion', { 'no-preference': 0, reduce: 1 }],
  forcedColors: ['browser.display.document_color_use', { none: 1, active: 2 }],
};

const launchers = {
  async chromium() {
    const { chromium } = await playwright();
    return chromium.launch({ executablePath: process.env.CHROME || '/usr/bin/chromium', args: CHROMIUM });
  },
  /** The Firefox that everybody has, by WebDriver BiDi, which cannot emulate media yet: what has access to Firefox itself can. */
  async firefox() {
    const { firefox } = await playwright();
    const executablePath = process.env.FIREFOX || '/usr/bin/firefox-esr';
    const browser = await firefox.launch({ channel: 'moz-firefox', executablePath, args: ['--remote-allow-system-access'], firefoxUserPrefs: FIREFOX });
    const { newContext } = browser;
    browser.newContext = async (options) => {
      await prefer(browser, Object.values(MEDIA).map(([name]) => [name, null]));
      const context = await newContext.call(browser, options);
      return context.on('page', (page) => {
        page.emulateMedia = (media) => emulateMedia(browser, page, media);
        hearDownloads(page);
      });
    };
    return browser;
  },
  webkit: webdriver.launch,
};

export function launch() {
  const launcher = launchers[BROWSER];
  if (!launcher) throw new Error(`BROWSER is ${BROWSER}. Use ${Object.keys(launchers).join(', ')}.`);
  return launcher();
}

function playwright() {
  return import(process.env.PLAYWRIGHT_CORE ? pathToFileURL(path.join(process.env.PLAYWRIGHT_CORE, 'index.mjs')).href : 'playwright-core');
}

async function emulateMedia(browser, page, media) {
  await prefer(browser, Object.entries(media).map(([feature, value]) => [MEDIA[feature][0], MEDIA[feature][1][value]]));
  const queries = { colorScheme: 'prefers-color-scheme', reducedMotion: 'prefers-reduced-motion', forcedColors: 'forced-colors' };
  for (const [feature, value] of Object.entries(media)) await page.waitForFunction((query) => matchMedia(query).matches, `(${queries[feature]}: ${value})`);
}

/** A file that the page made itself comes with no navigation, by which Playwright tells downloads apart: its address does as well. */
function hearDownloads(page) {
  const { delegate } = page._connection.toImpl(page);
  const named = (take) => (event) => { if (!event.navigation) take.call(delegate, { ...event, navigation: event.url }); };
  delegate._session.on('browsingContext.downloadWillBegin', named(delegate._onDownloadWillBegin));
  delegate._session.on('browsingContext.downloadEnd', named(delegate._onDownloadEnded));
}

/** Sets preferences of a running Firefox; null is the default. */
async function prefer(browser, preferences) {
  const session = browser._connection.toImpl(browser)._browserSession;
  const { contexts: [window] } = await session.send('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
  const { type, exceptionDetails } = await session.send('script.callFunction', {
    functionDeclaration: `(preferences) => {
      for (const [name, value] of JSON.parse(preferences)) {
        if (value === null) Services.prefs.clearUserPref(name);
        else Services.prefs.setIntPref(name, value);
      }
    }`,
    arguments: [{ type: 'string', value: JSON.stringify(preferences) }],
    target: { context: window.context },
    awaitPromise: false,
  });
  if (type === 'exception') throw new Error(`Firefox's preferences: ${exceptionDetails.text}`);
}
