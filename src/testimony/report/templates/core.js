/* The page without this script reads from top to bottom; with it, one part at a time, filters, evidence and concordance. */
const $ = id => document.getElementById(id);
const el = (name, text, kind) => {
  const node = document.createElement(name);
  if (text != null) node.textContent = text;
  if (kind) node.className = kind;
  return node;
};
/* A text of the corpus: its direction of writing stays inside. */
const isolate = text => el("bdi", text);

const unpack = async node => {
  if (!node.dataset.packed) return JSON.parse(node.textContent);
  const packed = atob(node.textContent), bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};
const node = $("data");
const canUnpack = !node.dataset.packed || typeof DecompressionStream === "function";
const data = canUnpack ? await unpack(node) : {rows: [], pool: [], themes: {}, labels: {}, rules: {}, anchors: {}, lang: document.documentElement.lang};
node.textContent = "";
$("too-old").hidden = canUnpack;

const {labels, themes, rules, pool} = data;
const numbers = new Intl.NumberFormat(data.lang);
const say = (key, values = {}) => {
  let text = labels[key] ?? key;
  if (text.includes("|")) {
    const [one, many] = text.split("|");
    text = (data.lang === "fr" ? values.n < 2 : values.n === 1) ? one : many;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => typeof values[name] === "number" ? numbers.format(values[name]) : values[name] ?? "");
};
const POLARITIES = ["negative", "neutral", "mixed", "positive"];

/* Offsets count code points; JavaScript counts UTF-16 units: they differ only after a character outside the first plane. */
const unit = (text, point) => /[\ud800-\udbff]/.test(text) ? Array.from(text).slice(0, point).join("").length : point;
const point = (text, at) => /[\ud800-\udbff]/.test(text) ? Array.from(text.slice(0, at)).length : at;

/* Comparison without case or accents, of the same length as the text, so that places in one are places in the other. */
const plain = char => {
  const bare = char.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.length === char.length ? bare : char;
};
const fold = text => {
  const quick = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/’/g, "'");
  return quick.length === text.length ? quick : Array.from(text, plain).join("").replace(/’/g, "'");
};
const pattern = words => fold(words.trim()).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/oe/g, "(?:oe|œ)").replace(/ae/g, "(?:ae|æ)").replace(/\s+/g, "\\s+");

const named = number => number < 0 ? null : pool[number];
class Testimonial {
  constructor(row, place) {
    [this.id, this.text, this._speaker, this._role, this._space, this._about, this._date, this.when, this._polarity, this._source, this._rule,
      this.confidence, this.review, this._sentences, this.cues, this._themes, this._entities, this._evidence, this.before, this.after] = row;
    this.place = place;
    this.when = this.when || "";
  }
  get speaker() { return named(this._speaker); }
  get role() { return named(this._role); }
  get space() { return named(this._space); }
  get about() { return named(this._about); }
  get date() { return named(this._date); }
  get polarity() { return POLARITIES[this._polarity]; }
  get source() { return named(this._source); }
  get rule() { return named(this._rule); }
  get folded() { return this._folded ??= fold(this.text); }
  get themeIds() { return this._ids ??= [...new Set(this._themes.map(item => pool[item[1]]))]; }
  get sentences() { return Array.from({length: this._sentences.length / 3}, (_, i) => { const [start, end, said] = this._sentences.slice(3 * i, 3 * i + 3); return [start, end, said % 4, said > 3]; }); }
  get entities() { return Array.from({length: this._entities.length / 4}, (_, i) => this._entities.slice(4 * i, 4 * i + 4)); }
}
const all = data.rows.map((row, place) => new Testimonial(row, place));
const byId = new Map(all.map(one => [one.id, one]));
data.rows = null;

/* A quotation as every part of the page shows it: what stands between two places of a testimonial. */
const quoted = (one, start, end, tag = "span") => {
  const node = el(tag, one.text.slice(start, end));
  node.dataset.testimonial = one.id;
  node.dataset.start = point(one.text, start);
  node.dataset.end = point(one.text, end);
  return node;
};
const evidenceLink = (one, start, end) => `#t=${one.id}` + (start == null ? "" : `&de=${point(one.text, start)}&a=${point(one.text, end)}`);
const option = (value, text) => { const node = el("option", text ?? value); node.value = value; return node; };
const distinct = values => [...new Set(values)].filter(value => value != null).sort(new Intl.Collator(data.lang, {numeric: true}).compare);
const later = (run, wait) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(run, wait); }; };
