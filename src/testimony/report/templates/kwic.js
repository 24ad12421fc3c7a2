/* ---- concordance: every use of a word with what surrounds it ---- */
const KWIC_LIMIT = 500;
const AROUND = 60;
const kwic = {mot: "", espace: "", tri: "", entier: ""};

const uses = () => {
  const found = [];
  if (kwic.mot.trim().length < 2) return found;
  const edge = "[\\p{L}\\p{N}]";
  const wanted = new RegExp(`(?<!${edge})${pattern(kwic.mot)}` + (kwic.entier ? `(?!${edge})` : `${edge}*`), "gu");
  for (const one of all) {
    if (kwic.espace && one.space !== kwic.espace) continue;
    for (const match of one.folded.matchAll(wanted)) found.push([one, match.index, match.index + match[0].length]);
  }
  return found;
};
const context = {
  avant: ([one, start]) => one.folded.slice(Math.max(0, start - 40), start).split(/[^\p{L}\p{N}]+/u).filter(Boolean).reverse().join(" "),
  apres: ([one, , end]) => one.folded.slice(end, end + 40).split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" "),
};
const drawKwic = () => {
  const found = uses();
  if (context[kwic.tri]) {
    const keys = new Map(found.map(item => [item, context[kwic.tri](item)]));
    found.sort((a, b) => keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : 0);
  }
  $("k-rows").replaceChildren(...found.slice(0, KWIC_LIMIT).map(kwicLine));
  const texts = new Set(found.map(([one]) => one)).size;
  $("k-n").textContent = !kwic.mot.trim() ? "" : !found.length ? say("kwic_none")
    : say("kwic_shown", {n: found.length, texts}) + (found.length > KWIC_LIMIT ? `, ${say("kwic_limit", {n: KWIC_LIMIT})}` : "");
  $("k-mot").value = kwic.mot;
  $("k-espace").value = kwic.espace;
  $("k-tri").value = kwic.tri;
  $("k-entier").checked = kwic.entier === "1";
};
const kwicLine = ([one, start, end]) => {
  const row = el("tr");
  const put = content => { const td = el("td"); const holder = el("bdi"); holder.append(content); td.append(holder); row.append(td); };
  const left = start - AROUND <= 0 ? 0 : one.text.indexOf(" ", start - AROUND) + 1 || start - AROUND;
  put(quoted(one, Math.min(left, start), start));
  const link = quoted(one, start, end, "a");
  link.href = evidenceLink(one, start, end);
  put(link);
  const right = end + AROUND >= one.text.length ? one.text.length : one.text.lastIndexOf(" ", end + AROUND);
  put(quoted(one, end, right > end ? right : Math.min(one.text.length, end + AROUND)));
  put([one.speaker ?? say("unknown_speaker"), one.space].filter(Boolean).join(", "));
  return row;
};
const readKwic = query => { for (const name of Object.keys(kwic)) kwic[name] = query.get(name) ?? ""; };
const startKwic = () => {
  const write = () => {
    Object.assign(kwic, {mot: $("k-mot").value, espace: $("k-espace").value, tri: $("k-tri").value, entier: $("k-entier").checked ? "1" : ""});
    const query = new URLSearchParams(Object.entries(kwic).filter(([, value]) => value));
    history.replaceState(null, "", "#concordance" + (query.size ? "?" + query : ""));
    drawKwic();
  };
  $("kwic-form").addEventListener("submit", event => event.preventDefault());
  $("k-mot").addEventListener("input", later(write, 150));
  for (const name of ["espace", "tri", "entier"]) $("k-" + name).addEventListener("change", write);
};
