// Which tests are not for every browser, and why.

/** Files that take longest come first, so that two that run beside each other end together. */
export const LONG = [];

/** What WebKit runs: the journeys that ask no more of a driver than WebDriver gives. */
export const WEBKIT = ['address', 'controls', 'default_run', 'embed', 'failures', 'messages', 'minority', 'presets', 'reading', 'residual', 'session'];

/** Tests that a browser does not run: by file and the beginning of the name, with the reason. */
export const EXCEPTIONS = {
  chromium: {},
  firefox: {
    budgets: {
      'in a cold profile': 'the budget is that of Chromium',
      'while a run trains': 'Firefox tells of no long tasks',
    },
    endurance: { '': 'what the heap holds is asked by Chromium’s own protocol' },
    faults: { 'a storage that is full': 'the quota is set by Chromium’s own protocol' },
    harness: { 'a request to elsewhere by the worker': 'Firefox tells a driver of no request that a worker makes' },
    preferences: {
      'at a zoom': 'the zoom is set by Chromium’s own protocol',
      'at letters': 'the size of letters is set by Chromium’s own protocol',
      'where more contrast': 'Firefox has no switch for it',
    },
  },
  webkit: {},
};
