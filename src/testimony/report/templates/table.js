/* ---- the table of testimonials: filters that live in the address, sorting, leaving with a selection ---- */
const NOBODY = "∅";
const PHRASE = "phrase-";
const PAGE = 50;
const FILTERS = ["q", "espace", "theme", "ressenti", "role", "qui", "depuis", "jusqu", "nom", "verifier"];
const filters = Object.fromEntries(FILTERS.map(name => [name, ""]));
const sorting = {by: "", order: 1};
let shown = all, limit = PAGE;

const fillFilters = () => {
  const spaces = distinct(all.map(one => one.space)).map(name => option(name));
  $("f-espace").append(option("", say("all")), ...spaces, ...(all.some(one => one.space == null) ? [option(NOBODY, say("no_space"))] : []));
  $("k-espace").append(option("", say("all")), ...spaces.map(node => node.cloneNode(true)));
  const present = new Set(all.flatMap(one => one.themeIds));
  $("f-theme").append(option("", say("all")), ...Object.entries(themes).filter(([id]) => present.has(id)).map(([id, label]) => option(id, label)));
  const feelings = (before, title) => {
    const group = el("optgroup");
    group.label = say(title);
    group.append(...[...POLARITIES].reverse().map(name => option(before + name, say(name))));
    return group;
  };
  $("f-ressenti").append(option("", say("all")), feelings("", "feels_whole"), feelings(PHRASE, "feels_sentence"));
  const months = distinct(all.map(one => one.when.slice(0, 7) || null));
  for (const name of ["depuis", "jusqu"]) {
    $("f-" + name).append(option("", "—"), ...months.map(month => option(month)));
    $("f-" + name).closest("label").hidden = months.length < 2;
  }
  $("l-role").append(...distinct(all.map(one => one.role)).slice(0, 1000).map(name => option(name)));
  $("l-qui").append(...distinct(all.map(one => one.speaker)).slice(0, 2000).map(name => option(name)));
  $("l-nom").append(...[...document.querySelectorAll("#names tbody th")].map(node => option(node.textContent)));
  $("f-verifier").closest("label").hidden = !all.some(one => one.review);
};

/* Polarity alone is that of the testimonial, or of one of its sentences; with a theme, it is what is said of this theme. */
const wantedSentence = () => {
  const {theme, ressenti} = filters;
  const wanted = POLARITIES.indexOf(ressenti.replace(PHRASE, ""));
  if (theme) return one => one.sentences[(one._themes.find(item => pool[item[1]] === theme && (!ressenti || item[2] === wanted)) ?? [])[0]];
  return ressenti.startsWith(PHRASE) ? one => one.sentences.find(sentence => sentence[2] === wanted) : null;
};
/* Numbers of the names that fit, each folded once for all. */
const foldedPool = [];
const namesLike = (value, fits = (name, wanted) => name.includes(wanted)) => {
  const wanted = fold(value);
  if (!foldedPool.length) for (const name of pool) foldedPool.push(fold(name));
  return new Set(foldedPool.flatMap((name, number) => fits(name, wanted) ? [number] : []));
};
const tests = {
  q: value => {
    const words = value.split(/\s+/).filter(Boolean).map(word => new RegExp("(?<![\\p{L}\\p{N}])" + pattern(word), "u"));
    return one => {
      one._all ??= one.folded + "\n" + fold([one.speaker, one.role, one.space, one.source].filter(Boolean).join("\n"));
      return words.every(word => word.test(one._all));
    };
  },
  espace: value => one => value === NOBODY ? one.space == null : one.space === value,
  theme: value => one => one.themeIds.includes(value),
  ressenti: value => wantedSentence() ?? (one => one.polarity === value),
  role: value => { const found = namesLike(value); return one => found.has(one._role); },
  qui: value => { const found = namesLike(value); return one => found.has(one._speaker); },
  depuis: value => one => one.when !== "" && one.when.slice(0, value.length) >= value.slice(0, one.when.length),
  jusqu: value => one => one.when !== "" && one.when.slice(0, value.length) <= value,
  nom: value => {
    const ids = namesLike(value, (name, wanted) => name === wanted);
    return one => one._entities.some((item, at) => at % 4 === 3 && ids.has(item));
  },
  verifier: () => one => one.review,
};
const sortKey = {
  speaker: one => one.speaker ?? "\uffff",
  space: one => one.space ?? "\uffff",
  date: one => one.when || "\uffff",
  polarity: one => one._polarity,
};

const select = () => {
  const active = FILTERS.filter(name => filters[name]).map(name => tests[name](filters[name]));
  shown = active.length ? all.filter(one => active.every(fits => fits(one))) : all.slice();
  if (sorting.by) {
    const key = sortKey[sorting.by];
    const order = new Intl.Collator(data.lang).compare;
    const keys = new Map(shown.map(one => [one, key(one)]));
    shown.sort((a, b) => {
      const x = keys.get(a), y = keys.get(b);
      return (typeof x === "number" ? x - y : order(x, y)) * sorting.order || a.place - b.place;
    });
  }
};

const tell = suffix => { $("shown").textContent = (shown.length ? say("shown", {n: shown.length, total: all.length}) : say("none_shown")) + (suffix ?? ""); };
const draw = () => {
  select();
  for (const name of FILTERS) {
    const field = $("f-" + name);
    if (field.type === "checkbox") field.checked = filters[name] === "1";
    else if (field !== document.activeElement || field.tagName === "SELECT") field.value = filters[name];
    if (field.tagName === "SELECT" && field.value !== filters[name]) {  // a filter that is set is always seen
      field.append(option(filters[name]));
      field.value = filters[name];
    }
  }
  for (const button of document.querySelectorAll("[data-sort]")) {
    const on = button.dataset.sort === sorting.by;
    button.closest("th").setAttribute("aria-sort", on ? (sorting.order > 0 ? "ascending" : "descending") : "none");
  }
  tell();
  $("rows").replaceChildren(...shown.slice(0, limit).map(line));
  $("more").hidden = shown.length <= limit;
};
const line = one => {
  const row = el("tr");
  const cell = (...parts) => { const td = el("td"); td.append(...parts); row.append(td); return td; };
  const who = cell(isolate(one.speaker ?? say("unknown_speaker")));
  if (one.role) who.append(el("br"), Object.assign(isolate(one.role), {className: "of"}));
  if (one.review) who.append(" ", el("span", say("review"), "flag"));
  cell(...(one.space ? [isolate(one.space)] : []));
  cell(...(one.when ? [one.when] : one.date ? [isolate(one.date)] : []));
  cell(el("span", say(one.polarity), "feel p-" + one.polarity));
  const proof = wantedSentence()?.(one)?.slice(0, 2).map(at => unit(one.text, at));
  const [start, end] = excerpt(one, proof?.[0]);
  const link = quoted(one, start, end, "a");
  link.href = evidenceLink(one, ...(proof ?? []));
  const holder = el("bdi");
  holder.append(link);
  const text = cell(...(start ? [el("span", "[…] ", "cut")] : []), holder, ...(end < one.text.length ? [el("span", " […]", "cut")] : []));
  if (one.themeIds.length) text.append(el("p", one.themeIds.map(id => themes[id] ?? id).join(" · "), "of"));
  return row;
};
/* The first words, the sentence that answers the filters, or the words around what is looked for. */
const excerpt = (one, proof = 0) => {
  const {text} = one;
  if (text.length <= 240) return [0, text.length];
  const word = filters.q.split(/\s+/).filter(Boolean)[0];
  const found = word ? one.folded.search(new RegExp("(?<![\\p{L}\\p{N}])" + pattern(word), "u")) : 0;
  const from = found > 160 ? text.lastIndexOf(" ", found - 80) + 1 : word ? 0 : proof;
  if (text.length - from <= 240) return [from, text.length];
  const space = text.lastIndexOf(" ", from + 220);
  let end = space > from ? space : Math.min(text.length, from + 220);
  if (/[\ud800-\udbff]/.test(text[end - 1] ?? "")) end += 1;
  return [/[\udc00-\udfff]/.test(text[from] ?? "") ? from + 1 : from, end];
};

const address = () => {
  const query = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) query.set(name, filters[name]);
  if (sorting.by) query.set("tri", (sorting.order < 0 ? "-" : "") + sorting.by);
  return "#temoignages" + (query.size ? "?" + query : "");
};
const refilter = () => {
  history.replaceState(null, "", address());
  limit = PAGE;
  draw();
};
const readFilters = query => {
  for (const name of FILTERS) filters[name] = query.get(name) ?? "";
  const by = query.get("tri") ?? "";
  sorting.order = by.startsWith("-") ? -1 : 1;
  sorting.by = by.replace(/^-/, "") in sortKey ? by.replace(/^-/, "") : "";
  limit = PAGE;
};

/* A selection leaves the page as quotations with their references, or as CSV that no spreadsheet takes for formulas. */
const reference = one => [one.speaker ?? say("unknown_speaker"), one.role, one.space, one.date, one.source].filter(Boolean).join(", ");
const quotations = () => shown.map(one => (data.lang === "fr" ? `« ${one.text} »` : `“${one.text}”`) + `\n— ${reference(one)}`).join("\n\n");
const copy = async text => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};
const field = value => {
  const text = String(value ?? "");
  return '"' + (/^[=+\-@\t\r]/.test(text) ? "'" : "") + text.replace(/"/g, '""') + '"';
};
const csv = () => {
  const head = ["testimonial_id", "speaker", "role", "space", "date", "polarity", ...Object.keys(themes), "text", "source"];
  const rows = shown.map(one => [one.id, one.speaker, one.role, one.space, one.date, one.polarity,
    ...Object.keys(themes).map(id => Number(one.themeIds.includes(id))), one.text, one.source]);
  return "\ufeff" + [head, ...rows].map(row => row.map(field).join(";")).join("\r\n") + "\r\n";
};
const startTable = () => {
  fillFilters();
  $("filters").addEventListener("submit", event => event.preventDefault());
  for (const name of FILTERS) {
    const node = $("f-" + name);
    const read = () => { filters[name] = node.type === "checkbox" ? (node.checked ? "1" : "") : node.value; refilter(); };
    node.addEventListener(node.tagName === "SELECT" || node.type === "checkbox" ? "change" : "input", node.type === "search" ? later(read, 120) : read);
  }
  for (const button of document.querySelectorAll("[data-sort]")) button.addEventListener("click", () => {
    sorting.order = sorting.by === button.dataset.sort ? -sorting.order : 1;
    sorting.by = button.dataset.sort;
    refilter();
  });
  $("reset").addEventListener("click", () => { readFilters(new URLSearchParams()); refilter(); });
  $("more").addEventListener("click", () => { limit += 4 * PAGE; draw(); });
  $("copy").addEventListener("click", async () => { await copy(quotations()); tell(` · ${say("copied")}`); });
  $("csv").addEventListener("click", () => {
    const link = el("a");
    link.href = URL.createObjectURL(new Blob([csv()], {type: "text/csv;charset=utf-8"}));
    link.download = "temoignages.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
};
