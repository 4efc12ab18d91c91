// The page as one file: what it would fetch stands in the document, packed, and this answers for the server. Runs before all else.
{
  const source = `<!doctype html>\n${document.documentElement.outerHTML}`;
  const carried = document.getElementById("carried").textContent;
  globalThis.separationFile = { source, carried }; // for src/web/page/host.rs

  /** The files whose names begin so, packed, as letters. */
  const parts = (start) => Object.fromEntries(
    [...document.querySelectorAll(`script[data-file^="${start}"]`)].map(({ dataset, textContent }) => [dataset.file, textContent]),
  );

  /** Bytes from letters, 13 bits from two, as src/web/page/spelling.rs writes them. */
  const unspell = (text) => {
    const bytes = new Uint8Array((13 * (text.length >> 1) + 6 * (text.length & 1)) >> 3);
    const value = (at) => (at < text.length ? (text[at] === "~" ? 60 : text.charCodeAt(at)) - 35 : 0);
    let held = 0, bits = 0, filled = 0;
    for (let at = 0; at < text.length; at += 2) {
      held |= (value(at) + 91 * value(at + 1)) << bits;
      for (bits += 13; bits >= 8; bits -= 8) {
        bytes[filled++] = held; // those of the filling at the end fall outside
        held >>= 8;
      }
    }
    return bytes;
  };

  /** What a server would answer to a request for `file`, if it is one of `parts`. Workers get a copy of this function. */
  const respond = async (file, parts, missing) => {
    if (!(file in parts)) throw new Error(missing);
    const bytes = unspell(parts[file]);
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const stream = packed ? new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")) : bytes;
    return new Response(stream, { headers: { "content-type": file.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" } });
  };

  // Nothing is answered before the worker's script is there, so nobody can want a worker before.
  let work;
  const ready = respond("worker.js", parts("worker.js")).then(async (response) => { work = await response.text(); });
  globalThis.fetch = async (file) => {
    await ready;
    return respond(file, parts(file), "this file does not hold it");
  };

  // The page itself. The hashes of its styles and its script are in the policy.
  const unpack = async (file) => (await respond(file, parts(file))).text();
  Promise.all([...["body.html", "page.css", "module.js"].map(unpack), ready]).then(([body, styles, script]) => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: styles }));
    document.body.insertAdjacentHTML("afterbegin", body);
    document.body.append(Object.assign(document.createElement("script"), { type: "module", textContent: script }));
  });

  let script;
  const Served = globalThis.Worker;
  globalThis.Worker = class extends Served {
    /** The one worker there is: its code, and the images that it asks for. */
    constructor(_, options) {
      const missing = globalThis.separationPlayground.strings["single.missing"];
      const data = `const unspell = ${unspell}, respond = ${respond}, parts = ${JSON.stringify(parts("data/"))};
        globalThis.fetch = (file) => respond(file, parts, ${JSON.stringify(missing)});\n`;
      script ??= URL.createObjectURL(new Blob([data, work], { type: "text/javascript" }));
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
