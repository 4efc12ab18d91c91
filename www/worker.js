// The training thread. Its first message may be a command already: all of them wait for the compiled module, and then go to src/web/worker.rs.
import { initSync } from "./separation-engine.js";

const early = [];
onmessage = ({ data }) => {
  if (!(data instanceof WebAssembly.Module)) return void early.push(data);
  initSync({ module: data }); // which takes onmessage over
  for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
};
