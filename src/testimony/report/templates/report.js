"use strict";
(() => {
  const {themes, rows, labels: t, rules} = JSON.parse(document.getElementById("data").textContent);
  const $ = id => document.getElementById(id);
  const names = ["id", "speaker", "role", "space", "date", "polarity", "text", "source", "rule", "confidence", "review", "about",
    "sentences", "themes", "entities", "evidence", "before", "after"];
  const fold = text => String(text ?? "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u2019/g, "'").toLowerCase();
  const all = rows.map(row => Object.fromEntries(names.map((name, i) => [name, row[i]])));
  for (const one of all) {
    one.themeSet = new Set(one.themes.map(item => item[1]));
    one.month = one.date ? String(one.date).slice(0, 7) : null;
  }
  const byId = new Map(all.map(one => [one.id, one]));
  const el = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text != null) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const isolate = text => el("bdi", text);

  /* ---- filters: kept in the address, so that a view can be bookmarked ---- */
  const fields = {space: "space", theme: null, polarity: "polarity", role: "role", speaker: "speaker", date: "month"};
  const NONE = "\u2014";
  const state = {q: "", space: "", theme: "", polarity: "", role: "", speaker: "", date: "", sort: "", order: 1};
  const PAGE = 100;
  let limit = PAGE;
  let shown = [];

  const options = name => {
    if (name === "theme") return Object.entries(themes).filter(([id]) => all.some(one => one.themeSet.has(id)));
    if (name === "polarity") return ["positive", "negative", "mixed", "neutral"].map(id => [id, t[id]]);
    const counts = new Map();
    for (const one of all) counts.set(one[fields[name]] ?? NONE, (counts.get(one[fields[name]] ?? NONE) || 0) + 1);
    return [...counts].sort((a, b) => name === "date" ? (a[0] < b[0] ? -1 : 1) : b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 500).map(([value, n]) => [value, (value === NONE && name === "space" ? t.no_space : value) + " (" + n + ")"]);
  };
  for (const name of Object.keys(fields)) {
    const select = $("f-" + name);
    select.append(new Option(t.all, ""));
    for (const [value, label] of options(name)) select.append(new Option(label, value));
    select.addEventListener("change", () => { state[name] = select.value; write(); });
  }
  $("f-q").addEventListener("input", () => { state.q = $("f-q").value; write(); });
  $("reset").addEventListener("click", () => { for (const name of Object.keys(state)) state[name] = name === "order" ? 1 : ""; write(); });

  const write = () => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) if (value && !(name === "order" && value === 1)) query.set(name, value);
    history.replaceState(null, "", query.size ? "#table?" + query : "#temoignages");
    limit = PAGE;
    draw();
  };
  const fits = one => {
    for (const name of Object.keys(fields)) {
      const wanted = state[name];
      if (!wanted) continue;
      if (name === "theme" ? !one.themeSet.has(wanted) : (one[fields[name]] ?? NONE) !== wanted) return false;
    }
    return true;
  };
  const draw = () => {
    for (const name of [...Object.keys(fields), "q"]) $("f-" + name).value = state[name];
    const words = fold(state.q).split(/\s+/).filter(Boolean);
    shown = all.filter(one => {
      if (!fits(one)) return false;
      if (!words.length) return true;
      one.folded ??= fold([one.text, one.speaker, one.role, one.space].join(" "));
      return words.every(word => one.folded.includes(word));
    });
    if (state.sort) shown.sort((a, b) => {
      const x = a[state.sort] ?? "\uffff", y = b[state.sort] ?? "\uffff";
      return (x < y ? -1 : x > y ? 1 : 0) * state.order;
    });
    for (const button of document.querySelectorAll("[data-sort]")) {
      const on = button.dataset.sort === state.sort;
      if (on) button.dataset.order = state.order; else delete button.dataset.order;
      button.closest("th").setAttribute("aria-sort", on ? (state.order > 0 ? "ascending" : "descending") : "none");
    }
    $("shown").textContent = t.shown.replace("{n}", shown.length).replace("{total}", all.length);
    $("rows").replaceChildren(...shown.slice(0, limit).map(line));
    $("more").hidden = shown.length <= limit;
  };
  const line = one => {
    const row = el("tr");
    const cell = value => { const td = el("td"); td.append(isolate(value ?? "")); row.append(td); return td; };
    cell(one.speaker ?? t.unknown_speaker);
    cell(one.role);
    cell(one.space);
    cell(one.date);
    const feel = el("td");
    feel.append(el("span", t[one.polarity], "feel " + one.polarity.slice(0, 3)));
    row.append(feel);
    cell([...one.themeSet].map(id => themes[id] ?? id).join(", "));
    const text = el("td");
    const link = el("a", one.text.length > 220 ? one.text.slice(0, 220) + " […]" : one.text);
    link.href = "#t=" + one.id;
    const holder = el("bdi");
    holder.append(link);
    text.append(holder);
    if (one.review) text.append(" ", el("span", t.review, "warning"));
    row.append(text);
    return row;
  };
  $("more").addEventListener("click", () => { limit += 5 * PAGE; draw(); });
  for (const button of document.querySelectorAll("[data-sort]")) button.addEventListener("click", () => {
    state.order = state.sort === button.dataset.sort ? -state.order : 1;
    state.sort = button.dataset.sort;
    write();
  });

  /* ---- evidence: the whole testimonial, in its place ---- */
  const open = id => {
    const one = byId.get(id);
    if (!one) return;
    $("e-title").textContent = one.speaker ?? t.unknown_speaker;
    const body = $("e-body");
    body.replaceChildren();
    const meta = el("p", null, "meta");
    meta.append(isolate([one.role, one.space, one.date].filter(Boolean).join(" · ")));
    body.append(meta);
    if (one.before.trim()) body.append(el("p", "… " + one.before.trim(), "around"));
    body.append(said(one));
    if (one.after.trim()) body.append(el("p", one.after.trim() + " …", "around"));
    const list = el("dl", null, "codebook");
    const put = (name, value) => { list.append(el("dt", name)); const dd = el("dd"); dd.append(isolate(value)); list.append(dd); };
    put(t.source, one.source);
    put(t.why, (rules[one.rule] ?? one.rule) + " · " + t.confidence.toLowerCase() + " " + Math.round(100 * one.confidence) + " %" + (one.review ? " · " + t.review : ""));
    for (const [name, origin, key, words] of one.evidence) put(t[name] ?? name, words != null ? "« " + words + " »" : origin + (key ? " : " + key : ""));
    if (one.themeSet.size) put(t.themes, [...one.themeSet].map(id => themes[id] ?? id).join(", "));
    body.append(list);
    if (!$("evidence").open) $("evidence").showModal();
  };
  const said = one => {
    const holder = el("p", null, "said");
    holder.dir = "auto";
    const chars = Array.from(one.text);
    const cuts = new Set([0, chars.length]);
    const spans = [];
    for (const [start, end, polarity] of one.sentences) spans.push([start, end, "s-" + polarity]);
    for (const [, theme, , evidence] of one.themes) for (const [start, end] of evidence) spans.push([start, end, "mark", themes[theme] ?? theme]);
    for (const [start, end, label] of one.entities) spans.push([start, end, "ent", t[label]]);
    for (const [start, end] of spans) { cuts.add(start); cuts.add(end); }
    const at = [...cuts].sort((a, b) => a - b);
    for (let i = 0; i + 1 < at.length; i++) {
      const over = spans.filter(([start, end]) => start <= at[i] && end >= at[i + 1]);
      const mark = over.some(span => span[2] === "mark");
      const node = el(mark ? "mark" : "span", chars.slice(at[i], at[i + 1]).join(""), over.map(span => span[2]).filter(name => name !== "mark").join(" "));
      const title = [...new Set(over.map(span => span[3]).filter(Boolean))].join(", ");
      if (title) node.title = title;
      holder.append(node);
    }
    return holder;
  };
  let back = "#temoignages";
  $("evidence").addEventListener("close", () => { if (location.hash.startsWith("#t=")) history.replaceState(null, "", back); });

  /* ---- concordance ---- */
  const kwic = word => {
    const needle = fold(word.trim());
    const lines = [];
    let n = 0;
    if (needle.length > 1) for (const one of all) {
      const text = one.text.replace(/\s+/g, " ");
      one.kwic ??= fold(text);
      if (one.kwic.length !== text.normalize("NFC").length) continue;
      for (let at = one.kwic.indexOf(needle); at >= 0; at = one.kwic.indexOf(needle, at + needle.length)) {
        if (++n > 200) continue;
        const row = el("tr");
        for (const [part, bold] of [[text.slice(Math.max(0, at - 50), at)], [text.slice(at, at + needle.length), true], [text.slice(at + needle.length, at + needle.length + 50)]]) {
          const td = el("td");
          if (bold) { const a = el("a", part); a.href = "#t=" + one.id; td.append(a); } else td.append(isolate(part));
          row.append(td);
        }
        const who = el("td");
        who.append(isolate(one.speaker ?? ""));
        row.append(who);
        lines.push(row);
      }
    }
    $("kwic-rows").replaceChildren(...lines);
    $("kwic-n").textContent = needle.length > 1 ? n + (n > 200 ? " (200)" : "") : "";
  };
  $("kwic").addEventListener("input", () => kwic($("kwic").value));

  /* ---- a selection leaves the page as quotations or as CSV ---- */
  const reference = one => [one.speaker ?? t.unknown_speaker, one.role, one.space, one.source].filter(Boolean).join(", ");
  $("copy").addEventListener("click", () => {
    const text = shown.map(one => "« " + one.text + " »\n— " + reference(one)).join("\n\n");
    const area = el("textarea", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    $("shown").textContent = t.shown.replace("{n}", shown.length).replace("{total}", all.length) + " ✓";
  });
  const field = value => {
    let text = String(value ?? "");
    if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return '"' + text.replace(/"/g, '""') + '"';
  };
  $("csv").addEventListener("click", () => {
    const head = ["id", "speaker", "role", "space", "date", "polarity", "themes", "text", "source"];
    const lines = [head, ...shown.map(one => [one.id, one.speaker, one.role, one.space, one.date, one.polarity, [...one.themeSet].join(" "), one.text, one.source])];
    const link = el("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.map(line => line.map(field).join(";")).join("\r\n")], {type: "text/csv"}));
    link.download = "temoignages.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  });

  /* ---- the address decides what is seen ---- */
  const read = () => {
    const hash = location.hash;
    if (hash.startsWith("#t=")) return open(decodeURIComponent(hash.slice(3)));
    if ($("evidence").open) $("evidence").close();
    if (hash.startsWith("#kwic=")) {
      $("kwic").value = decodeURIComponent(hash.slice(6));
      kwic($("kwic").value);
      $("concordance").scrollIntoView();
    } else if (hash.startsWith("#table")) {
      const query = new URLSearchParams(hash.slice(hash.indexOf("?") + 1));
      for (const name of Object.keys(state)) state[name] = name === "order" ? Number(query.get(name) || 1) : query.get(name) || "";
      limit = PAGE;
      draw();
      $("temoignages").scrollIntoView();
    }
    if (hash) back = hash;
  };
  $("filters").hidden = false;
  $("table").hidden = false;
  draw();
  addEventListener("hashchange", read);
  read();
})();
