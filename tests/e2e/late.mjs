/**
 * A machine with much else to do, to find tests that look before the page has drawn or the worker has answered: frames and messages come
 * `ms` milliseconds late. Runs in each page first.
 */
export function late(ms) {
  const { requestAnimationFrame: frame, cancelAnimationFrame: cancel } = globalThis;
  const due = new Map();
  let last = 2 ** 32; // no number of a frame that the browser gives
  globalThis.requestAnimationFrame = (draw) => {
    const id = ++last;
    due.set(id, setTimeout(() => { due.delete(id); frame(draw); }, ms));
    return id;
  };
  globalThis.cancelAnimationFrame = (id) => {
    clearTimeout(due.get(id));
    cancel(id);
  };

  const gone = new WeakSet();
  let workers = Worker.prototype;
  while (!Object.hasOwn(workers, 'onmessage')) workers = Object.getPrototypeOf(workers); // the harness may have made its own already
  const { terminate } = workers;
  const { set } = Object.getOwnPropertyDescriptor(workers, 'onmessage');
  workers.terminate = function () {
    gone.add(this);
    terminate.call(this);
  };
  Object.defineProperty(workers, 'onmessage', {
    set(hear) {
      set.call(this, (event) => setTimeout(() => { if (!gone.has(this)) hear.call(this, event); }, ms));
    },
  });
}
