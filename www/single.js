// The page as one file: what it would fetch stands in the document, packed, and this answers for the server. Runs before all else.
{
  const source = `<!doctype html>\n${document.documentElement.outerHTML}`;
  const part = (name) => document.querySelector(`script[data-file="${name}"]`)?.textContent;
  const carried = document.getElementById("carried").textContent;
  globalThis.separationFile = { source, carried }; // for src/web/page/host.rs

  const TYPES = { json: "application/json", wasm: "application/wasm" };

  /** What a server would answer to a request for `file`. `parts` are the packed files, in base64. Workers get a copy of this function. */
  const respond = async (file, parts, type, missing) => {
    if (!(file in parts)) throw new Error(missing);
    const bytes = Uint8Array.from(atob(parts[file]), (letter) => letter.charCodeAt(0));
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const stream = packed ? new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")) : bytes;
    return new Response(stream, { headers: { "content-type": type ?? "application/octet-stream" } });
  };
  const parts = (folder) => Object.fromEntries(
    [...document.querySelectorAll(`script[data-file^="${folder}"]`)].map(({ dataset, textContent }) => [dataset.file, textContent.trim()]),
  );
  globalThis.fetch = (file) => respond(file, parts(file), TYPES[file.split(".").pop()], "this file does not hold it");

  let script;
  const Served = globalThis.Worker;
  globalThis.Worker = class extends Served {
    /** The one worker there is: its code, and the images that it asks for. */
    constructor(_, options) {
      const missing = globalThis.separationPlayground.strings["single.missing"];
      const data = `const respond = ${respond}, parts = ${JSON.stringify(parts("data/"))};
        globalThis.fetch = (file) => respond(file, parts, undefined, ${JSON.stringify(missing)});\n`;
      script ??= URL.createObjectURL(new Blob([data, part("worker.js")], { type: "text/javascript" }));
      super(script, { ...options, type: "classic" });
    }
  };

  // What the file carries is the page's link, unless it was opened with one, or was open before.
  const { query } = JSON.parse(carried);
  if (query && !location.search && history.state === null) {
    try {
      history.replaceState(null, "", `?${query}`);
    } catch {
      location.search = query;
    }
  }
}
