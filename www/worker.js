// The training thread. Its first message may be a command already: all of them wait for the compiled module, and then go to src/web/worker.rs.
import { initSync } from "./separation-engine.js";

const early = [];
onmessage = ({ data }) => {
  if (!(data.module instanceof WebAssembly.Module)) return void early.push(data);
  live(data.life);
  initSync({ module: data.module }); // which takes onmessage over
  for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
};

/**
 * Holds a lock as long as this thread lives, and tells the page its name by this port: a thread that is ended says nothing, but its lock is free.
 * Where there are no locks, as in a sandboxed frame and without https, nobody notices.
 */
function live(port) {
  navigator.locks?.request(crypto.randomUUID(), ({ name }) => {
    port.postMessage(name);
    return new Promise(() => {});
  }).catch(() => {});
}
