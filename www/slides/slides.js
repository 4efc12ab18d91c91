// Starts reveal.js, and lets fragments write to the figures: messages.d.ts of the project says what they can say.
import Reveal from './reveal/reveal.esm.js';

/** Posts a fragment's message to the figure that it names. */
function say(fragment, message) {
  const figure = document.getElementById(fragment.dataset.to);
  if (figure && message) figure.contentWindow.postMessage({ separationPlayground: 1, ...JSON.parse(message) }, location.origin);
}

Reveal.on('fragmentshown', ({ fragments }) => fragments.forEach((fragment) => say(fragment, fragment.dataset.say)));
Reveal.on('fragmenthidden', ({ fragments }) => fragments.forEach((fragment) => say(fragment, fragment.dataset.back)));

// A figure that has just been loaded, as after paging back, is as its link says: the fragments that are there tell it again.
addEventListener('message', ({ data, source }) => {
  if (data?.separationPlayground !== 1 || data.type !== 'ready') return;
  for (const fragment of document.querySelectorAll('.fragment.visible[data-to]')) {
    if (document.getElementById(fragment.dataset.to)?.contentWindow === source) say(fragment, fragment.dataset.say);
  }
});

Reveal.initialize({ width: 1280, height: 720, margin: 0, center: false, hash: true });
