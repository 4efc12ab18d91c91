// Which tests are not for every browser, and why.

/** From a link over training, settings, failures and a reload to an embed: what asks no more of a driver than WebDriver gives. WebKit runs no more, and Firefox all where LENGTH=thorough. */
export const JOURNEYS = ['address', 'controls', 'default_run', 'embed', 'failures', 'messages', 'minority', 'presets', 'reading', 'residual', 'session'];

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
      'in forced colours every figure is drawn in them, and what can be pressed, is chosen or has the focus is seen, dark': 'whether forced colours are dark Firefox takes from the desktop',
      'where more contrast': 'Firefox has no switch for it',
    },
  },
  webkit: {
    embed: { 'an embed\'s link opens': 'WebDriver tells of no window that opens' },
    messages: {
      'a command that is huge': 'WebDriver hands over JSON alone',
      'a good command counts': 'WebDriver tells of no window that opens',
      'what is no command': 'WebDriver hands over JSON alone',
      'what is wrong with': 'WebDriver hands over JSON alone',
    },
    minority: {
      'on a phone': 'the window is not narrower than 447 px',
      'the section fits': 'the window is not narrower than 447 px',
    },
    reading: { 'a tap on a phone': 'the window is not narrower than 447 px' },
    residual: { 'stem and blocks': 'WebDriver tells of no download' },
    session: {
      'a page that was left': 'on the way back WebKit tells of an error without words, which is not explained yet',
      'a saved run opens': 'WebDriver tells of no download',
      'damaged and foreign': 'WebDriver tells of no download',
    },
  },
};
