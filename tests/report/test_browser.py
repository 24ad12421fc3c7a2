"""The report as its readers use it, in Debian's Chromium without a network."""

import csv
import io
import re
import shutil
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from invented import Said, Voice, invent, said, write
from testimony import results
from testimony.report import rows
from testimony.report.render import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VIEWS = (
    "",
    "#espaces",
    "#espace-la-verriere",
    "#sans-espace",
    "#themes",
    "#theme-amenagement",
    "#noms",
    "#temoignages",
    "#concordance?mot=salle",
    "#methode",
)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
sync_api = pytest.importorskip("playwright.sync_api")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = write(tmp_path_factory.mktemp("results"), invent(120), skipped=[("cassé.pdf", "cassé.pdf: not a PDF")])
    render(folder, folder / "report.html")
    return folder


@pytest.fixture(scope="module")
def tables(folder) -> dict[str, list[dict]]:
    return {name: list(results.read_rows(folder, name)) for name in ("testimonials", "sentences", "themes", "entities", "documents")}


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page, offline, that remembers what it asked for and complained of."""

    def __init__(self, browser, file: Path, **options) -> None:
        self.context = browser.new_context(offline=True, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.file, self.asked, self.errors = file, [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, fragment: str = ""):
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + fragment)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def settle(self, milliseconds: int = 200) -> None:
        """Let the page do what follows an action, timed by its own clock: it waits for nothing longer than 150 ms."""
        self.page.evaluate("wait => new Promise(done => setTimeout(done, wait))", milliseconds)

    def shown(self) -> int:
        found = re.match(r"[\d\u202f]+", self.page.locator("#shown").inner_text())
        return int(found.group().replace("\u202f", "")) if found else 0

    def end(self) -> None:
        self.context.close()
        elsewhere = [url for url in self.asked if not url.startswith(("file:", "data:", "blob:", "about:"))]
        assert elsewhere == []
        assert self.errors == []


@pytest.fixture
def visit(chromium, folder):
    visit = Visit(chromium, folder / "report.html")
    yield visit
    visit.end()


def test_it_opens_on_the_overview_and_shows_one_part_at_a_time(visit) -> None:
    page = visit.go()
    assert page.locator(".view:visible").count() == 1
    for link in page.locator("nav a").all():
        link.click()
        visit.settle()
        assert page.locator(".view:visible").count() == 1
        assert page.locator(".view:visible").get_attribute("id") == link.get_attribute("href")[1:]
        assert link.get_attribute("aria-current") == "page"
        assert page.locator(".view:visible h1").inner_text() in page.title()


def test_every_link_of_every_part_opens_something(visit) -> None:
    page = visit.go()
    targets = page.eval_on_selector_all(".view a[href^='#']", "nodes => [...new Set(nodes.map(node => node.getAttribute('href')))]")
    assert len(targets) > 100
    for target in targets:
        page.evaluate("target => { location.hash = target; }", target)
        if target.startswith("#t="):
            page.wait_for_selector("#evidence[open]")
            page.keyboard.press("Escape")
            page.wait_for_selector("#evidence:not([open])", state="attached")
        else:
            page.wait_for_function("id => document.body.dataset.view === id", arg=target[1:].split("?")[0])


def expected(tables, **wanted) -> int:
    """Count testimonials as the filters should."""
    themes = {(row["testimonial_id"], row["theme"], row["polarity"]) for row in tables["themes"]}
    names = {(row["testimonial_id"], row["target"]) for row in tables["entities"]}
    felt = {(row["testimonial_id"], f"phrase-{row['polarity']}") for row in tables["sentences"]}

    def fits(row) -> bool:
        key, theme, polarity = row["testimonial_id"], wanted.get("theme"), wanted.get("ressenti")
        return (
            (("espace" not in wanted) or row["space"] == (None if wanted["espace"] == "∅" else wanted["espace"]))
            and (theme is None or any(one[:2] == (key, theme) and polarity in (None, one[2]) for one in themes))
            and (polarity is None or theme is not None or row["polarity"] == polarity or (key, polarity) in felt)
            and ("role" not in wanted or wanted["role"] in (row["role"] or ""))
            and ("qui" not in wanted or wanted["qui"].lower() in (row["speaker"] or "").lower())
            and ("depuis" not in wanted or (row["date"] is not None and row["date"][:7] >= wanted["depuis"]))
            and ("jusqu" not in wanted or (row["date"] is not None and row["date"][:7] <= wanted["jusqu"]))
            and ("nom" not in wanted or (key, wanted["nom"]) in names)
            and ("verifier" not in wanted or row["review"])
            and ("q" not in wanted or wanted["q"] in row["text"])
        )

    return sum(map(fits, tables["testimonials"]))


@pytest.mark.parametrize(
    "filters",
    [
        {"espace": "La Verrière"}, {"espace": "∅"}, {"theme": "amenagement"}, {"ressenti": "negative"}, {"theme": "amenagement", "ressenti": "positive"},
        {"role": "graphiste"}, {"qui": "bastin"}, {"depuis": "2024-05"}, {"jusqu": "2024-03"}, {"depuis": "2024-02", "jusqu": "2024-04"},
        {"nom": "L'Écluse"}, {"verifier": "1"}, {"ressenti": "phrase-negative"}, {"ressenti": "phrase-positive", "espace": "La Verrière"}, {"q": "escalier"}, {"espace": "L'Écluse", "theme": "communaute", "role": "menuisier"},
    ],
    ids=str,
)  # fmt: skip
def test_each_filter_keeps_what_the_tables_say_and_lives_in_the_address(visit, tables, filters) -> None:
    page = visit.go("#temoignages")
    for name, value in filters.items():
        field = page.locator(f"#f-{name}")
        if name == "verifier":
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    visit.settle()
    n = expected(tables, **filters)
    assert 0 < n < len(tables["testimonials"])
    assert visit.shown() == n
    address = page.evaluate("location.hash")
    visit.go(address)
    assert visit.shown() == n
    page.locator("#reset").click()
    visit.settle()
    assert visit.shown() == len(tables["testimonials"])


def test_a_search_ignores_accents_capitals_and_apostrophes(visit) -> None:
    visit.go("#temoignages?q=ECRAN")
    n = visit.shown()
    assert n > 0
    visit.go("#temoignages?q=écran")
    assert visit.shown() == n
    visit.go("#temoignages?q=l’escalier")
    assert visit.shown() > 0


def test_nothing_found_is_said(visit) -> None:
    page = visit.go("#temoignages?q=zzzz")
    assert "Aucun" in page.locator("#shown").inner_text()
    assert page.locator("#rows tr").count() == 0


def test_columns_sort_both_ways(visit, tables) -> None:
    page = visit.go("#temoignages")
    for column, place in (("space", 2), ("date", 3), ("speaker", 1)):
        page.locator(f"[data-sort={column}]").click()
        page.locator("#more").click()
        visit.settle()
        values = [text for text in page.locator(f"#rows tr td:nth-child({place})").all_inner_texts() if text]
        up = page.locator(f"th:has([data-sort={column}])").get_attribute("aria-sort")
        page.locator(f"[data-sort={column}]").click()
        assert (up, page.locator(f"th:has([data-sort={column}])").get_attribute("aria-sort")) == ("ascending", "descending")
        if column == "date":
            assert values == sorted(values)
            assert len(values) == sum(row["date"] is not None for row in tables["testimonials"])


def test_counts_on_the_overview_are_what_their_links_open(visit) -> None:
    page = visit.go()
    links = page.eval_on_selector_all(
        ".profile a[href*='theme='], .map td a",
        "nodes => nodes.map(node => [node.getAttribute('href'), parseInt(node.innerText.replace(/[^0-9]/g, ' ').trim())])",
    )
    assert len(links) > 30
    for target, n in links[:60]:
        visit.page.evaluate("target => { location.hash = target; }", target)
        page.wait_for_function("target => location.hash === target", arg=target)
        visit.settle(20)
        assert visit.shown() == n, target


def test_figures_of_a_bar_open_the_sentences_that_they_count(visit, tables) -> None:
    for fragment, space in (("", None), ("#espace-la-verriere", "La Verrière")):
        page = visit.go(fragment)
        links = page.locator(".view.on .legend a").evaluate_all("nodes => nodes.map(node => [node.getAttribute('href'), node.textContent])")
        assert len(links) >= 3
        for target, words in links:
            polarity = target.rsplit("phrase-", 1)[1]
            counted = {row["testimonial_id"]: row["space"] for row in tables["testimonials"] if space is None or row["space"] == space}
            sentences = [row for row in tables["sentences"] if row["testimonial_id"] in counted and row["polarity"] == polarity]
            assert words.split()[0] == str(len(sentences))
            visit.go(target)
            assert visit.shown() == len({row["testimonial_id"] for row in sentences})
            proof = page.locator("#rows a").first.get_attribute("href")
            key, start = re.search(r"#t=(\w+)&de=(\d+)", proof).groups()
            assert (key, int(start)) in {(row["testimonial_id"], row["start"]) for row in sentences}, (
                "the row opens at what it is there for"
            )


def test_drawings_open_what_they_count(visit) -> None:
    opened = 0
    for fragment, drawing in (("", ".columns a"), ("#noms", ".network a")):
        page = visit.go(fragment)
        links = page.locator(drawing).evaluate_all(
            "nodes => nodes.map(node => [node.getAttribute('href'), node.getAttribute('aria-label')])"
        )
        for target, name in links:
            n = int(re.search(r": (\d+)", name).group(1))
            visit.go(target)
            assert visit.shown() == n, (target, name)
            opened += 1
    assert opened > 8


def test_a_row_shows_the_sentence_that_answers_the_filters(chromium, tmp_path) -> None:
    before = "Nous avons repeint les volets et planté des haricots autour de la cour. "
    last = "La chaufferie est en panne depuis trois hivers."
    voice = Voice((Said(before * 5), said("amenagement", "negative", last)), speaker="Ana")
    folder = write(tmp_path / "r", [voice, *invent(3)])
    visit = Visit(chromium, render(folder, folder / "report.html"))
    page = visit.go("#temoignages?theme=amenagement&ressenti=negative&qui=Ana")
    assert page.locator("#rows a").text_content() == last, "whole, to its end"
    assert "[…]" in page.locator("#rows td").last.inner_text()
    page.locator("#rows a").click()
    page.wait_for_selector("#evidence[open]")
    assert "".join(page.locator("#evidence .quoted").all_text_contents()) == last
    visit.end()


def test_a_filter_that_is_set_is_seen_even_if_nothing_bears_it(visit) -> None:
    page = visit.go("#temoignages?depuis=1999-01&espace=Nulle%20part")
    assert page.locator("#f-depuis").input_value() == "1999-01"
    assert page.locator("#f-espace").input_value() == "Nulle part"
    assert visit.shown() == 0


def test_every_quotation_on_screen_stands_in_its_source(visit, tables) -> None:
    texts = {row["testimonial_id"]: row["text"] for row in tables["testimonials"]}
    seen = 0
    for fragment in VIEWS:
        page = visit.go(fragment)
        for key, start, end, words in page.eval_on_selector_all(
            "[data-testimonial]",
            "nodes => nodes.map(n => [n.dataset.testimonial, +n.dataset.start, +n.dataset.end, (n.querySelector('.words') ?? n).textContent])",
        ):
            assert texts[key][start:end] == words
            seen += 1
    assert seen > 500


def test_evidence_shows_the_quotation_in_its_place_and_why_it_is_theirs(visit, tables) -> None:
    page = visit.go("#espace-la-verriere")
    link = page.locator(".view.on .quote .open").first
    quotation = page.locator(".view.on .quote [data-testimonial]").first
    key, words = quotation.get_attribute("data-testimonial"), quotation.locator(".words").inner_text()
    link.click()
    page.wait_for_selector("#evidence[open]")
    dialog = page.locator("#evidence")
    (row,) = [row for row in tables["testimonials"] if row["testimonial_id"] == key]
    assert dialog.locator(".said").text_content() == row["text"]
    assert "".join(dialog.locator(".quoted").all_text_contents()) == words
    assert dialog.locator("mark").count() > 0
    body = dialog.inner_text()
    assert "feuille" in body
    assert re.search(r"confiance (90|40)\s%", body)
    assert row["speaker"] is None or f"«\u00a0{row['speaker']}\u00a0», lu dans le document" in body
    page.keyboard.press("Escape")
    visit.settle()
    assert not dialog.is_visible()
    assert page.evaluate("location.hash") == "#espace-la-verriere"
    assert page.locator("#espace-la-verriere").is_visible()


def test_evidence_steps_through_the_selection(visit, tables) -> None:
    page = visit.go("#temoignages?espace=L%27%C3%89cluse")
    n = visit.shown()
    page.locator("#rows a").first.click()
    page.wait_for_selector("#evidence[open]")
    assert page.locator("#e-previous").is_disabled()
    seen = {page.locator("#evidence").get_attribute("data-id")}
    while page.locator("#e-next").is_enabled():
        page.locator("#e-next").click()
        page.wait_for_function("before => document.querySelector('#evidence').dataset.id !== before", arg=max(seen, key=list(seen).index))
        seen.add(page.locator("#evidence").get_attribute("data-id"))
        if len(seen) > n:
            break
    assert len(seen) == n
    page.locator("#e-close").click()
    visit.settle()
    assert visit.shown() == n


def test_a_bookmarked_quotation_opens(visit, tables) -> None:
    row = tables["testimonials"][3]
    page = visit.go(f"#t={row['testimonial_id']}&de=0&a=12")
    assert "".join(page.locator("#evidence .quoted").all_text_contents()) == row["text"][:12]


def words(text: str) -> str:
    """Words without case or accents, as the concordance sorts them."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


def test_concordance_shows_every_use(visit, tables) -> None:
    page = visit.go("#concordance")
    page.locator("#k-mot").fill("salle")
    visit.settle()
    uses = sum(len(re.findall(r"\bsalles?\b", row["text"])) for row in tables["testimonials"])
    assert page.locator("#k-rows tr").count() == uses
    page.locator("#k-entier").check()
    visit.settle()
    assert page.locator("#k-rows tr").count() == sum(len(re.findall(r"\bsalle\b", row["text"])) for row in tables["testimonials"])
    page.locator("#k-tri").select_option("apres")
    visit.settle()
    after = page.locator("#k-rows td:nth-child(3)").all_text_contents()
    keys = [words(text[:40]) for text in after]
    assert keys == sorted(keys)
    page.locator("#k-espace").select_option("L'Écluse")
    visit.settle()
    assert "mot=salle" in page.evaluate("location.hash")
    page.locator("#k-rows a").first.click()
    page.wait_for_selector("#evidence[open]")
    assert "".join(page.locator("#evidence .quoted").all_text_contents()) == "salle"


def test_names_can_be_searched_and_open_their_testimonials(visit, tables) -> None:
    page = visit.go("#noms")
    page.locator("#name-find").fill("ECLUSE")
    visit.settle()
    (row,) = page.locator("#names tbody tr:visible").all()
    n = int(row.locator("td.n").first.inner_text())
    row.locator("a").click()
    page.wait_for_function("() => document.body.dataset.view === 'temoignages'")
    visit.settle()
    assert visit.shown() == n == len({one["testimonial_id"] for one in tables["entities"] if one["target"] == "L'Écluse"})
    page = visit.go("#noms")
    page.locator("#name-kind").select_option("LOC")
    visit.settle()
    assert page.locator("#names tbody tr:visible").all_inner_texts()[0].startswith("Namur")


def test_a_selection_is_copied_as_quotations(chromium, folder, tables) -> None:
    visit = Visit(chromium, folder / "report.html", permissions=["clipboard-read", "clipboard-write"])
    page = visit.go("#temoignages?role=menuisier")
    page.locator("#copy").click()
    page.wait_for_function("() => document.querySelector('#shown').textContent.includes('Copié')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.count("\n— ") == visit.shown()
    for row in tables["testimonials"]:
        assert (f"« {row['text']} »" in copied) == (row["role"] == "menuisier")
    visit.end()


def test_a_selection_is_downloaded_as_harmless_csv(chromium, tmp_path) -> None:
    evil = '=HYPERLINK("http://x";"y")'
    voices = [
        Voice((said("amenagement", "negative", f'{evil} est un bruit ; gênant "vraiment".'),), speaker="@Max", role="+33 menuisier"),
        *invent(5),
    ]
    folder = write(tmp_path / "r", voices)
    visit = Visit(chromium, render(folder, folder / "report.html"))
    page = visit.go("#temoignages")
    with page.expect_download() as download:
        page.locator("#csv").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(found) == 6
    assert found[0]["text"].startswith("'=HYPERLINK")
    assert (found[0]["speaker"], found[0]["role"], found[0]["amenagement"]) == ("'@Max", "'+33 menuisier", "1")
    visit.end()


def test_hostile_text_does_nothing(chromium, tmp_path) -> None:
    from test_report import HOSTILE

    voices = [
        Voice(
            (said("amenagement", "negative", text), Said(text)),
            text[:60],
            text[:40],
            text[:50],
            date=text[:20],
            entities=((text[:12], "PER", text[:12]),),
        )
        for text in HOSTILE
    ]
    folder = write(tmp_path / "r", voices)
    visit = Visit(chromium, render(folder, folder / "report.html"))
    visit.page.on("dialog", lambda dialog: visit.errors.append(dialog.message))
    for fragment in ("", "#temoignages", "#concordance?mot=lieu", "#noms", "#methode", "#espaces"):
        before = time.monotonic()
        page = visit.go(fragment)
        assert time.monotonic() - before < 15, f"{fragment} with words of a megabyte"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), fragment
    page = visit.go("#temoignages")
    assert page.locator("#rows tr").count() == len(HOSTILE)
    assert page.locator("#rows img, #rows script").count() == 0
    for row in results.read_rows(folder, "testimonials"):
        page = visit.go(f"#t={row['testimonial_id']}&de=0&a=5")
        assert page.locator("#evidence .said").text_content() == row["text"]
    visit.end()


def test_offsets_hold_after_characters_outside_the_first_plane(chromium, tmp_path) -> None:
    text = "👩‍🌾🪴 Le jardin 🌻 de la coopérative nourrit tout le quartier 🥕."
    folder = write(
        tmp_path / "r",
        [
            Voice(
                (Said("🥖🥖 Bonjour à vous tous et merci."), said("communaute", "positive", text)), entities=(("jardin", "MISC", "jardin"),)
            )
        ],
    )
    visit = Visit(chromium, render(folder, folder / "report.html"))
    page = visit.go("#concordance?mot=jardin")
    (row,) = results.read_rows(folder, "testimonials")
    link = page.locator("#k-rows a")
    start, end = int(link.get_attribute("data-start")), int(link.get_attribute("data-end"))
    assert row["text"][start:end] == "jardin"
    link.click()
    page.wait_for_selector("#evidence[open]")
    assert page.locator("#evidence .quoted").text_content() == "jardin"
    assert page.locator("#evidence .said .ent").text_content() == "jardin"
    visit.end()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_serious_problem_and_nothing_overflows(chromium, folder, scheme, width) -> None:
    axe = Axe()
    visit = Visit(chromium, folder / "report.html", color_scheme=scheme, viewport={"width": width, "height": 900})
    (row, *_) = results.read_rows(folder, "testimonials")
    for fragment in (*VIEWS, f"#t={row['testimonial_id']}&de=0&a=20"):
        page = visit.go(fragment)
        found = axe.run(page).response["violations"]
        assert [
            (one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found if one["impact"] in ("serious", "critical")
        ] == [], fragment
        assert page.evaluate("document.documentElement.scrollWidth") <= width, fragment
    visit.end()


def test_it_is_used_with_the_keyboard_alone(visit) -> None:
    page = visit.go()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    visit.settle()
    assert page.evaluate("document.activeElement.id") == "contenu"
    page = visit.go("#temoignages")
    page.locator("#f-q").focus()
    page.keyboard.type("chauffage")
    visit.settle()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#rows a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence[open]")
    assert page.evaluate("document.activeElement.id") == "e-title"
    page.keyboard.press("Escape")
    visit.settle()
    assert page.evaluate("document.activeElement.matches('#rows a')")


def test_without_script_everything_but_the_tools_is_readable(chromium, folder) -> None:
    visit = Visit(chromium, folder / "report.html", java_script_enabled=False)
    visit.page.goto(visit.file.as_uri())
    for name in ("apercu", "espaces", "espace-la-verriere", "themes", "theme-amenagement", "noms", "methode"):
        assert visit.page.locator(f"#{name}").is_visible()
    assert not visit.page.locator("#temoignages").is_visible()
    assert visit.page.locator("noscript").is_visible()
    visit.end()


def test_a_browser_that_cannot_unpack_says_so_and_reads_on(chromium, folder, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(rows, "PACKED_FROM", 10)
    visit = Visit(chromium, render(folder, tmp_path / "packed.html"))
    visit.context.add_init_script("delete window.DecompressionStream")
    page = visit.go("#espaces")
    assert page.locator("#too-old").is_visible()
    assert page.locator("#espaces").is_visible()
    visit.end()
    visit = Visit(chromium, tmp_path / "packed.html")
    visit.go("#temoignages")
    assert visit.shown() == 120
    visit.end()


def pages(pdf: bytes) -> list[str]:
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_the_overview_prints_the_whole_report_and_a_space_prints_its_sheet(visit, tables) -> None:
    whole = pages(visit.go().pdf(format="A4"))
    text = "\n".join(whole)
    for name in {row["space"] for row in tables["testimonials"] if row["space"]} | {"Aménagement et confort", "Le livre de codes"}:
        assert name in text
    assert "Chercher dans les textes" not in text
    assert text.count("Voir dans") == 1, "the method names the link; no quotation prints it"
    sheet = pages(visit.go("#espace-la-verriere").pdf(format="A4"))
    assert len(sheet) <= 4
    assert "La Verrière" in sheet[0]
    assert "Le livre de codes" not in "\n".join(sheet)


def test_the_theme_counts_of_a_sheet_are_those_of_the_tables(visit, tables) -> None:
    page = visit.go("#theme-amenagement")
    counts = Counter(row["polarity"] for row in tables["themes"] if row["theme"] == "amenagement")
    legend = page.locator("#theme-amenagement .legend").first.inner_text()
    assert f"{counts['positive']} positives" in legend
    assert f"{counts['negative']} négatives" in legend
