/* ---- evidence: a testimonial whole, in its place, with what was understood in it and why it is this person's ---- */
const LAYERS = {mark: 1, ent: 1};
let steps = [];

const said = (one, from, to) => {
  const holder = el("p", null, "said");
  holder.dir = "auto";
  const points = Array.from(one.text);
  const spans = [];
  for (const [start, end, polarity, irony] of one.sentences) {
    spans.push([start, end, "s" + polarity, say(POLARITIES[polarity])]);
    if (irony) spans.push([start, end, "irony", say("irony")]);
  }
  for (const [, theme, , ...places] of one._themes) for (let i = 0; i < places.length; i += 2) spans.push([places[i], places[i + 1], "mark", themes[pool[theme]] ?? pool[theme]]);
  for (const [start, end, label, target] of one.entities) spans.push([start, end, "ent", `${say(pool[label])} : ${pool[target]}`]);
  for (let i = 0; i < one.cues.length; i += 2) spans.push([one.cues[i], one.cues[i + 1], "cue", null]);
  if (to > from) spans.push([from, to, "quoted", null]);
  const cuts = [...new Set([0, points.length, ...spans.flatMap(span => span.slice(0, 2))])].filter(at => at <= points.length).sort((a, b) => a - b);
  let open = [], next = 0;
  spans.sort((a, b) => a[0] - b[0]);
  for (let i = 0; i + 1 < cuts.length; i++) {
    while (next < spans.length && spans[next][0] <= cuts[i]) open.push(spans[next++]);
    open = open.filter(span => span[1] > cuts[i]);
    const kinds = [...new Set(open.map(span => span[2]))];
    const node = el(kinds.includes("mark") ? "mark" : "span", points.slice(cuts[i], cuts[i + 1]).join(""), kinds.filter(kind => kind !== "mark").join(" "));
    const title = [...new Set(open.map(span => span[3]).filter(Boolean))].join(", ");
    if (title) node.title = title;
    holder.append(node);
  }
  holder.dataset.testimonial = one.id;
  holder.dataset.start = 0;
  holder.dataset.end = points.length;
  return holder;
};

/* What the colours and lines of this text mean: only those that it has. */
const key = one => {
  const list = el("ul", null, "legend marks");
  const put = (kind, text, tag = "span") => {
    const item = el("li");
    item.append(el(tag, text, kind));
    list.append(item);
  };
  for (const polarity of [3, 2, 0]) if (one.sentences.some(sentence => sentence[2] === polarity)) put("s" + polarity, say("legend_" + POLARITIES[polarity]));
  if (one.sentences.some(sentence => sentence[3])) put("irony", say("irony"));
  if (one.cues.length) put("cue", say("legend_cue"));
  if (one._themes.some(item => item.length > 3)) put("", say("legend_mark"), "mark");
  if (one.entities.length) put("ent", say("legend_entity"));
  return list;
};
const origin = ([attribute, source, key, words]) => {
  const how = say("origin_" + pool[source], {key: named(key) ?? ""});
  return words ? `«\u00a0${words}\u00a0», ${how}` : how;
};
/* Each theme with the words that show it. */
const proved = one => {
  const points = Array.from(one.text), found = new Map();
  for (const [, theme, , ...places] of one._themes) {
    const id = pool[theme];
    if (!found.has(id)) found.set(id, new Set());
    for (let i = 0; i < places.length; i += 2) found.get(id).add((data.lang === "fr" ? "«\u00a0" : "“") + points.slice(places[i], places[i + 1]).join("") + (data.lang === "fr" ? "\u00a0»" : "”"));
  }
  return found;
};
const facts = one => {
  const list = el("dl", null, "facts");
  const put = (name, value, flag) => {
    const dd = el("dd");
    dd.append(isolate(value));
    if (flag) dd.append(" ", el("span", flag, "flag"));
    list.append(el("dt", name), dd);
  };
  put(say("source"), one.source);
  if (one.about) put(say("about"), one.about);
  put(say("polarity"), say(one.polarity));
  for (const [id, proofs] of proved(one)) put(say("theme"), `${themes[id] ?? id}${proofs.size ? say("colon") + [...proofs].join(", ") : ""}`);
  put(say("why"), `${rules[one.rule] ?? one.rule}, ${say("confidence")} ${one.confidence} %`, one.review ? say("review") : null);
  for (const item of one._evidence) put(say(pool[item[0]]), origin(item));
  return list;
};
const openEvidence = (id, from, to) => {
  const one = byId.get(id);
  if (!one) return;
  $("e-title").replaceChildren(isolate(one.speaker ?? say("unknown_speaker")));
  const body = $("e-body");
  body.replaceChildren();
  const where = el("p", null, "help");
  [one.role, one.space, one.date].filter(Boolean).forEach((part, i) => where.append(...(i ? [", "] : []), isolate(part)));
  body.append(where);
  if (one.before.trim()) body.append(el("p", "[…] " + one.before.trimEnd(), "around"));
  const words = said(one, from, to);
  body.append(words);
  if (one.after.trim()) body.append(el("p", one.after.trimStart() + " […]", "around"));
  body.append(key(one), facts(one));
  steps = shown.includes(one) ? shown : all;
  const at = steps.indexOf(one);
  $("e-previous").disabled = at <= 0;
  $("e-next").disabled = at < 0 || at + 1 >= steps.length;
  const dialog = $("evidence");
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  words.querySelector(".quoted")?.scrollIntoView({block: "center"});
  $("e-title").focus({preventScroll: true});
  dialog.dataset.id = id;
  dialog.dataset.address = location.hash;
};
const startEvidence = () => {
  const step = by => {
    const at = steps.indexOf(byId.get($("evidence").dataset.id)) + by;
    if (steps[at]) location.replace("#t=" + steps[at].id);
  };
  $("e-close").addEventListener("click", () => $("evidence").close());
  $("e-previous").addEventListener("click", () => step(-1));
  $("e-next").addEventListener("click", () => step(1));
  $("evidence").addEventListener("click", event => { if (event.target === $("evidence")) $("evidence").close(); });
};
