// Starts the page: the texts first, then the compiled module, whose Rust side starts everything else.

const SIMD = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);

const strings = {};

/** The text of `key`, or its key and what is known if the strings did not load, with {names} replaced. */
const text = (key, values = {}) => (strings[key] ?? `${key}: {file} {reason}`).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function fail(key, values) {
  document.querySelector("[role=alert]").textContent = text(key, values);
  document.documentElement.dataset.state = "failed";
}

/** Fetches `file`; an error says which file and why. */
async function load(file) {
  const response = await fetch(file).catch((error) => { throw { key: "error.load", file, reason: error.message }; });
  if (!response.ok) throw { key: "error.load", file, reason: `${response.status} ${response.statusText}`.trim() };
  return response;
}

async function compile(file) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) throw { key: "error.webassembly" };
  const response = await load(file);
  const named = response.headers.get("content-type")?.startsWith("application/wasm");
  try {
    return await (named ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw /unsafe-eval|polic|disallowed|blocked/i.test(error.message) ? { key: "error.blocked" } : { key: "error.load", file, reason: error.message };
  }
}

// What other windows say before the module listens.
const said = [];
const keep = (message) => said.push(message);
addEventListener("message", keep);

function hear(listener) {
  removeEventListener("message", keep);
  for (const message of said.splice(0)) listener(message);
  addEventListener("message", listener);
}

// A frame that is unloaded while it loads has lost nothing; it may hear of that after what it waited for has failed.
let left = false;
addEventListener("pagehide", () => { left = true; });

let engine;

/**
 * A worker named `name`. It keeps what it is told until it has the compiled engine, which is loaded with the first. One that is gone, and why,
 * is heard of as an error: also one that the browser has ended, which says nothing itself.
 */
function worker(name) {
  const worker = new Worker("worker.js", { type: "module", name });
  const fail = (key, values) => worker.dispatchEvent(new ErrorEvent("error", { message: text(key, values) }));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => navigator.locks.request(data, () => fail("error.closed")); // its lock is free when it is gone
  engine ??= compile("separation-engine_bg.wasm");
  engine.then((module) => worker.postMessage({ module, life: port2 }, [port2]), (error) => {
    engine = undefined;
    fail(error.key, error);
  });
  return worker;
}

/** The nodes of a text in which *x* is a variable, _ln_ upright mathematics and [words](address) a link, within the page (?... or #...) or to https. */
function nodes(source) {
  const element = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const parts = source.split(/\[([^\]]+)\]\(([?#][^)\s]*|https:[^)\s]+)\)|([*_])(.+?)\3/); // plain, words, address, mark, marked, plain, ...
  return parts.map((part, i) => {
    if (part === undefined || i % 5 === 2 || i % 5 === 3) return "";
    if (i % 5 === 1) return element("a", { href: parts[i + 1], textContent: part });
    return i % 5 === 4 ? element(parts[i - 1] === "*" ? "i" : "em", { textContent: part }) : part;
  });
}

/** The languages there are: each is a file of www/strings, and an entry of this menu. */
const menu = document.getElementById("language");

/** The menu's language for a tag such as "zh-CN"; none if it has none. */
const known = (tag) => [...menu.options].map(({ value }) => value).find((lang) => `${tag}-`.toLowerCase().startsWith(`${lang}-`));

/** Fills what stands in `root` with the texts. Not by dataset: that of a form may be its field of this name. */
function say(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.replaceChildren(...nodes(text(element.getAttribute("data-text"))));
  for (const element of root.querySelectorAll("[data-label]")) element.ariaLabel = text(element.getAttribute("data-label"));
}

let wanted;

/** Says everything in the language `wish`, else in the first of the browser's that there is, else in English. */
async function speak(wish) {
  const lang = (wanted = [wish, ...navigator.languages, "en"].map(known).find(Boolean));
  try {
    const texts = await (await load(`strings/${lang}.json`)).json();
    if (lang !== wanted) return; // another was chosen meanwhile
    Object.assign(strings, texts);
    document.documentElement.lang = lang;
    say(document);
  } finally {
    menu.value = document.documentElement.lang;
  }
}

// A panic of the module, or anything else that nobody caught. Events without an error are warnings, as of a ResizeObserver.
addEventListener("error", ({ error, message }) => error && fail("error.panic", { reason: message }));

// A file on disk has no report beside it.
if (location.protocol === "file:") document.getElementById("report").remove();

// The looks that the link asks for, for the first frame: src/web/page/looks.rs has the last word on them.
for (const [key, value] of new URLSearchParams(location.search)) {
  const plain = key === 'embed' && ['', 'true'].includes(value);
  if (['embed', 'present', 'theme'].includes(key)) document.documentElement.dataset[key] = plain ? 'decay' : value;
}
// The opening picture is of the default run: not for a link to another, nor for a page that comes back to a run of its own.
const opening = document.getElementById("opening");
const sets = (key) => key === "preset" || document.querySelector(`#settings [name="${CSS.escape(key)}"]`);
if (history.state || [...new URLSearchParams(location.search).keys()].some(sets)) opening.remove();
if (matchMedia("(prefers-reduced-motion: reduce)").matches) opening.querySelectorAll("animate").forEach((move) => move.remove());

// A phone has the settings folded, and at the foot of the screen, where the keyboard comes to them as the eye does.
const phone = matchMedia("(max-width: 47.5em)");
const [settings, figure] = ["settings", "figure"].map((id) => document.getElementById(id));
function place() {
  const after = phone.matches ? null : figure;
  if (settings.nextElementSibling === after) return;
  // Not moveBefore, which would keep the focus: Chromium 156 loses track of the summaries in what it moves, and crashes later.
  const focused = settings.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.matches("input")) focused.dispatchEvent(new Event("change", { bubbles: true })); // what was typed is taken
  figure.parentElement.insertBefore(settings, after);
  focused?.focus();
}
place();
phone.onchange = place;
if (phone.matches) settings.querySelectorAll("details").forEach((group) => { group.open = false; });

try {
  const script = import("./separation-playground.js");
  const compiled = compile("separation-playground_bg.wasm");
  compiled.catch(() => {}); // reported below, after the texts are there
  script.catch(() => {});
  await speak(new URLSearchParams(location.search).get("lang"));
  document.getElementById("recorded").hidden = !opening.isConnected;
  globalThis.separationPlayground = { // for src/web/page/host.rs
    strings,
    worker,
    hear,
    say,
    speak: (wish) => speak(wish).catch((error) => { throw text(error.key ?? "error.load", { file: "strings", reason: error.message, ...error }); }),
  };
  const module = await compiled;
  const { default: init } = await script;
  await init({ module_or_path: module });
} catch (error) {
  await new Promise((later) => setTimeout(later));
  if (!left) {
    console.error(error);
    fail(error.key ?? "error.load", { file: "separation-playground.js", reason: error.message, ...error });
  }
}
