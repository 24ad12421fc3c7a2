/* ---- the address decides what is seen: a part of the page, filters, a quotation in its place ---- */
const views = new Map([...document.querySelectorAll(".view")].map(node => [node.id, node]));
const PARENT = id => id.startsWith("espace-") || id === "sans-espace" ? "espaces" : id.startsWith("theme-") ? "themes" : id;
let current = null;

const show = id => {
  if (!views.has(id)) id = "apercu";
  if (current !== id) {
    views.get(current ?? "apercu").classList.remove("on");
    views.get(id).classList.add("on");
    document.body.dataset.view = id;
    for (const link of document.querySelectorAll("nav a")) {
      if (link.hash === "#" + PARENT(id)) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({block: "nearest", inline: "center"});
      } else link.removeAttribute("aria-current");
    }
    const heading = views.get(id).querySelector("h1");
    document.title = id === "apercu" ? say("title") : `${heading.textContent} · ${say("title")}`;
    scrollTo(0, 0);
    if (current) { heading.tabIndex = -1; heading.focus({preventScroll: true}); }
    current = id;
  }
};
let back = "#apercu";
const follow = () => {
  const [id, rest] = [location.hash.slice(1).replace(/\?.*$/s, ""), location.hash.split("?").slice(1).join("?")];
  const query = new URLSearchParams(rest);
  if (location.hash.startsWith("#t=")) {
    const place = new URLSearchParams(location.hash.slice(1));
    if (!current) show("temoignages");
    return openEvidence(place.get("t"), Number(place.get("de")), Number(place.get("a")));
  }
  if ($("evidence")?.open) $("evidence").close();
  if (id === "contenu") return;
  back = location.hash || "#apercu";
  if (id === "temoignages" && all.length) { readFilters(query); draw(); }
  if (id === "concordance" && all.length) { readKwic(query); drawKwic(); }
  show(decodeURIComponent(id || "apercu"));
};
const startNames = () => {
  const narrow = () => {
    const wanted = fold($("name-find").value.trim()), kind = $("name-kind").value;
    for (const row of document.querySelectorAll("#names tbody tr")) row.hidden = !(fold(row.textContent).includes(wanted) && (!kind || row.dataset.kind === kind));
  };
  $("name-find").addEventListener("input", narrow);
  $("name-kind").addEventListener("change", narrow);
};
if (all.length) {
  startTable();
  startEvidence();
  startKwic();
  draw();
  $("evidence").addEventListener("close", () => { if (location.hash === $("evidence").dataset.address) history.replaceState(null, "", back); });
}
if ($("names")) startNames();
for (const button of document.querySelectorAll(".print")) button.addEventListener("click", () => print());
addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.ready = "1";
/* The first search finds the texts ready to be searched. */
const warm = from => {
  for (const one of all.slice(from, from + 400)) one.folded;
  if (from + 400 < all.length) setTimeout(warm, 0, from + 400);
};
setTimeout(warm, 500, 0);
