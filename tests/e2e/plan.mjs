// Which tests are not for every browser, and why.

/** Files that take longest come first, so that two that run beside each other end together. */
export const LONG = [];

/** What WebKit runs: the journeys that ask no more of a driver than WebDriver gives. */
export const WEBKIT = ['address', 'controls', 'default_run', 'embed', 'failures', 'messages', 'minority', 'presets', 'reading', 'residual', 'session'];

/** Tests that a browser does not run: by file and the beginning of the name, with the reason. */
export const EXCEPTIONS = {
  chromium: {},
  firefox: {
    harness: { 'a request to elsewhere by the worker': 'Firefox tells a driver of no request that a worker makes' },
  },
  webkit: {},
};
