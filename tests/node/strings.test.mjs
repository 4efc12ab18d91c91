// The page's languages: each file of www/strings has every text of the English one, with the same placeholders, marks and links.
// What it names as missing is what is left to translate.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../www/strings/', import.meta.url);
const files = fs.readdirSync(FOLDER).sort();
const read = (file) => JSON.parse(fs.readFileSync(new URL(file, FOLDER), 'utf8'));
const english = read('en.json');

/** What a translation must keep of a text: placeholders, and the addresses of links. Order is the language's business. */
const kept = (text) => [...text.matchAll(/\{\w*\}|\]\([^)]*\)/g)].map(String).sort();
/** Variables and upright mathematics. A sentence may name one more often than another language does, but none that it does not. */
const marked = (text) => [...new Set([...text.matchAll(/([*_]).+?\1/g)].map(([mark]) => mark))].sort();

test('the menu of the page names the languages that there are, each by its own name and in its own language', () => {
  const page = fs.readFileSync(new URL('../../index.html', import.meta.url), 'utf8');
  const menu = page.match(/<select[^>]* id="language".*?<\/select>/s)[0];
  const options = [...menu.matchAll(/<option value="(.*?)" lang="(.*?)">(.+?)<\/option>/g)];
  assert.deepEqual(options.map(([, value]) => `${value}.json`).sort(), files);
  for (const [, value, lang, name] of options) {
    assert.equal(value, lang);
    assert.equal(new Intl.DisplayNames([lang], { type: 'language' }).of(lang), name);
  }
});

for (const file of files.filter((file) => file !== 'en.json')) {
  const texts = read(file);

  test(`${file} has the keys of en.json`, () => {
    const missing = Object.keys(english).filter((key) => !(key in texts));
    const unknown = Object.keys(texts).filter((key) => !(key in english));
    assert.deepEqual({ missing: Object.fromEntries(missing.map((key) => [key, english[key]])), unknown }, { missing: {}, unknown: [] });
  });

  test(`${file} keeps placeholders, marks and links`, () => {
    for (const [key, text] of Object.entries(texts)) {
      assert.deepEqual(kept(text), kept(english[key] ?? ''), key);
      assert.deepEqual(marked(text), marked(english[key] ?? ''), key);
    }
  });

  test(`${file} gives a key once`, () => {
    const source = fs.readFileSync(new URL(file, FOLDER), 'utf8');
    assert.equal(source.match(/^ {2}"/gm).length, Object.keys(texts).length);
  });
}
