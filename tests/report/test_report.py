"""The report as a file: what it says, that each quotation is proved, that nothing in it can run or leave."""

import base64
import gzip
import hashlib
import json
import re
import time
import tomllib
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from invented import Said, Voice, invent, said, write
from testimony import results
from testimony.errors import InputError, ResultsError
from testimony.report import rows
from testimony.report.labels import labels
from testimony.report.page import timeline
from testimony.report.render import render
from testimony.summaries.dates import iso_date

HOSTILE = (
    "Le café <script>alert('x')</script> ferme à 18 h.",
    'Un lieu "></style></script><img src=x onerror=alert(1)> agréable & calme.',
    "Voici \u202etexte renversé\u202c et 👩‍👩‍👧 puis l’e\u0301lan, {{ 7*7 }} ${7*7} %s \\u003c.",
    "Mot " + "m" * 1_000_000 + " sans fin.",
    "]]> --> </textarea></title> \u2028 fin.",
    "\u202d\u2066Gare \U0001f469\U0001f3fd\u200d\U0001f692\ufe0f\U0001f1e7\U0001f1ea\u2069\u200f مرحبا שלום ZA͑LGO̵͝.",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write(
        tmp_path_factory.mktemp("results"), invent(80), part=30, skipped=[("cassé.pdf", "cassé.pdf: not a PDF; open it & <save> it again")]
    )


@pytest.fixture(scope="module")
def html(folder) -> str:
    return render(folder, folder / "report.html").read_text("utf-8")


def payload(html: str) -> dict:
    node = LexborHTMLParser(html).css_first("#data")
    text = node.text()
    return json.loads(gzip.decompress(base64.b64decode(text))) if node.attributes.get("data-packed") else json.loads(text)


def check_quotations(html: str, folder: Path) -> int:
    texts = {row["testimonial_id"]: row["text"] for row in results.read_rows(folder, "testimonials")}
    found = 0
    for node in LexborHTMLParser(html).css("[data-testimonial]"):
        place = node.attributes
        words = node.css_first(".words").text()
        assert words == texts[place["data-testimonial"]][int(place["data-start"]) : int(place["data-end"])]
        found += 1
    return found


def test_every_quotation_stands_in_its_source(html, folder) -> None:
    assert check_quotations(html, folder) > 100


def test_possible_irony_is_said_beside_what_is_quoted(tmp_path) -> None:
    earnest = Said("Le bureau est calme.", "positive", (("amenagement", "positive", "bureau"),))
    wry = Said("Génial, il pleut dans mon bureau.", "positive", (("amenagement", "positive", "bureau"),), irony=True)
    folder = write(tmp_path / "results", [Voice((wry,), speaker="Ana", space="Le Bief"), Voice((earnest,), speaker="Lou", space="Le Bief")])
    html = render(folder, tmp_path / "report.html").read_text("utf-8")
    marked = {node.css_first(".words").text() for node in LexborHTMLParser(html).css("blockquote") if "ironie possible" in node.text()}
    assert marked == {wry.text}
    assert sorted(row[13][2] for row in payload(html)["rows"]) == [3, 7]
    assert "possible irony" in render(folder, tmp_path / "en.html", lang="en").read_text("utf-8")


def test_the_data_of_the_page_are_those_of_the_tables(html, folder) -> None:
    texts = {row["testimonial_id"]: row for row in results.read_rows(folder, "testimonials")}
    data = payload(html)
    assert {row[0]: row[1] for row in data["rows"]} == {key: row["text"] for key, row in texts.items()}
    for row in data["rows"]:
        assert (data["pool"][row[4]] if row[4] >= 0 else None) == texts[row[0]]["space"]


def test_nothing_comes_from_elsewhere_and_nothing_else_may_run(html) -> None:
    page = LexborHTMLParser(html)
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert policy.startswith("default-src 'none'")
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy))
    ran = [page.css_first("style"), *(node for node in page.css("script") if node.attributes.get("type") != "application/json")]
    assert allowed == {"sha256-" + base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode() for node in ran}
    assert not re.search(r"https?://(?!www\.w3\.org)", re.sub(r"(?s)<script.*?</script>", "", html))
    for node in page.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in ("href", "src"):
                assert value.startswith(("#", "data:,"))


def test_hostile_text_is_shown_as_text(tmp_path) -> None:
    voices = [
        Voice(
            (said("amenagement", "negative", text), Said(text)), speaker=text[:60], role=text[:40], space=text[:50], about=text[:30], date=text[:20],
            entities=((text[:12], "PER", text[:12]),),
        )
        for text in HOSTILE
    ]  # fmt: skip
    folder = write(tmp_path / "r", voices, skipped=[(HOSTILE[0], HOSTILE[1])])
    before = time.process_time()
    html = render(folder, tmp_path / "out.html").read_text("utf-8")
    assert time.process_time() - before < 10
    assert len(html) < 1_000_000, "a word of a megabyte is packed with the data, and cut where it is quoted"
    page = LexborHTMLParser(html)
    assert len(page.css("script")) == 3
    assert len(page.css("style")) == 1
    assert not page.css("img")
    assert check_quotations(html, folder) >= len(HOSTILE)
    assert HOSTILE[0] in page.css_first("#methode").text()
    assert {row[1] for row in payload(html)["rows"]} == {f"{text} {text}" for text in HOSTILE}


def test_numbers_are_those_of_the_tables(html, folder) -> None:
    page = LexborHTMLParser(html)
    lead = page.css_first("#apercu .lead").text()
    assert "80 témoignages" in lead
    assert "81 documents" in lead
    for row in results.read_rows(folder, "spaces"):
        (link,) = [node for node in page.css("#espaces th a") if node.text() == row["space"]]
        assert link.parent.next.text() == str(row["n_testimonials"])


def test_what_was_not_read_is_said_with_its_reason(html) -> None:
    method = LexborHTMLParser(html).css_first("#methode").text()
    for text in ("cassé.pdf: not a PDF; open it & <save> it again", "vide.txt", "LISEZMOI"):
        assert text in method


def test_testimonials_of_no_space_have_their_page(html, folder) -> None:
    n = sum(row["space"] is None for row in results.read_rows(folder, "testimonials"))
    assert f"{n} témoignages" in LexborHTMLParser(html).css_first("#sans-espace .lead").text()


def test_every_link_leads_somewhere(html) -> None:
    page = LexborHTMLParser(html)
    ids = {node.attributes["id"] for node in page.css("[id]")}
    themes = set(payload(html)["themes"])
    for node in page.css("a[href]"):
        target = node.attributes["href"][1:]
        if target.startswith("t="):
            continue
        assert target.split("?")[0] in ids
        if found := re.search(r"theme=([^&]+)", target):
            assert found.group(1) in themes
    assert len(ids) == len(page.css("[id]"))


def test_the_same_results_give_the_same_bytes(html, folder, tmp_path) -> None:
    assert render(folder, tmp_path / "again.html").read_text("utf-8") == html


def test_english_and_french_say_the_same_things(folder, tmp_path) -> None:
    french, english = labels("fr"), labels("en")
    assert french.words.keys() == english.words.keys()
    for key, text in french.words.items():
        assert set(re.findall(r"\{\w+\}", text)) >= set(re.findall(r"\{\w+\}", english.words[key])), key
    assert len(french.prose) == len(english.prose)
    page = LexborHTMLParser(render(folder, tmp_path / "en.html", lang="en").read_text("utf-8"))
    assert page.css_first("html").attributes["lang"] == "en"
    assert "80 testimonials" in page.css_first("#apercu .lead").text()
    assert check_quotations((tmp_path / "en.html").read_text("utf-8"), folder) > 100


def test_a_language_it_does_not_speak_is_said(folder, tmp_path) -> None:
    with pytest.raises(InputError, match="fr and en"):
        render(folder, tmp_path / "x.html", lang="wa")


def test_what_is_left_out_is_said(folder, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(rows, "MAX_TESTIMONIALS", 50)
    html = render(folder, tmp_path / "cut.html").read_text("utf-8")
    assert len(payload(html)["rows"]) == 50
    assert "les 30 suivants" in LexborHTMLParser(html).css_first("#apercu").text()
    assert "80 témoignages" in LexborHTMLParser(html).css_first("#apercu .lead").text()


def test_large_data_are_packed_and_read_back(folder, tmp_path, monkeypatch, html) -> None:
    monkeypatch.setattr(rows, "PACKED_FROM", 10)
    packed = render(folder, tmp_path / "packed.html").read_text("utf-8")
    assert LexborHTMLParser(packed).css_first("#data").attributes["data-packed"] == "gzip"
    assert payload(packed) == payload(html)


def test_nothing_found_is_said_plainly(tmp_path) -> None:
    folder = write(tmp_path / "r", [])
    page = LexborHTMLParser(render(folder, tmp_path / "r.html").read_text("utf-8"))
    assert "Aucun témoignage" in page.css_first("#apercu").text()
    assert page.css_first("#temoignages") is None


def test_a_folder_that_cannot_be_written_is_said(folder) -> None:
    with pytest.raises(ResultsError, match="null"):
        render(folder, Path("/dev/null/report.html"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-03-09", "2024-03-09"), ("2024-03-09T10:00:00Z", "2024-03-09"), ("2024-03", "2024-03"), ("2024", "2024"), ("9/3/2024", "2024-03-09"),
        ("09.03.2024", "2024-03-09"), ("3/2024", "2024-03"), ("le 9 mars 2024", "2024-03-09"), ("1er août 2023", "2023-08-01"), ("Mars 2024", "2024-03"),
        ("printemps 2024", "2024"), ("hier", None), ("", None), (None, None), ("20240309", None), ("99/99/2024", "2024"),
    ],
)  # fmt: skip
def test_dates_are_read_as_far_as_they_go(written, read) -> None:
    assert iso_date(written) == read


def test_the_time_line_has_its_empty_months_and_falls_back_to_years() -> None:
    from collections import Counter

    one = Counter(positive=1)
    assert [name for name, _ in timeline({"2023-11": one, "2024-02": one})] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [name for name, _ in timeline({"2019-11": one, "2024-02": one})] == ["2019", "2020", "2021", "2022", "2023", "2024"]
    assert [name for name, _ in timeline({"2022": one, "2024-02": one})] == ["2022", "2023", "2024"]
    assert timeline({"2024-02": one}) == []


def test_two_thousand_testimonials_stay_under_three_megabytes(tmp_path) -> None:
    folder = write(tmp_path / "r", invent(2000, n_spaces=30))
    assert render(folder, tmp_path / "r.html").stat().st_size <= 3_000_000


def test_what_the_results_are_worth_is_said_as_it_was_measured(html) -> None:
    """The report's percentages are those of docs/quality.md, column "now", to five points."""
    root = Path(__file__).parents[2]
    tables = re.findall(r"(?m)^\|(.+)\|$", (root / "docs" / "quality.md").read_text("utf-8"))
    measured, place = {}, 1
    for cells in (line.split("|") for line in tables):
        names = [cell.strip() for cell in cells]
        place = names.index("now") if "now" in names else place
        value = re.match(r"0\.\d+", names[place].strip("* ")) if len(names) > place else None
        if value:
            measured.setdefault(names[0], float(value.group()))
    figures = tomllib.loads((root / "src/testimony/report/words/figures.toml").read_text("utf-8"))["figure"]
    method = LexborHTMLParser(html).css_first("#methode").text()
    assert len(figures) == 8
    for figure in figures:
        (found,) = {value for name, value in measured.items() if name.startswith(figure["row"])}
        assert abs(found - figure["percent"] / 100) <= 0.05, (
            f"docs/quality.md says {found} of {figure['row']}; report/words/figures.toml, {figure}"
        )
        assert f"{figure['fr']}environ {figure['percent']}" in method
    assert "un peu moins bien sur les vôtres" in method


def test_a_name_read_in_two_ways_stands_once(tmp_path) -> None:
    voices = [
        Voice((Said("Nous allons au Lavoir."),), entities=(("Lavoir", "LOC", "Le Lavoir"),)),
        Voice((Said("Le Lavoir est ouvert."),), entities=(("Le Lavoir", "SPACE", "Le Lavoir"),)),
        Voice((Said("On se voit au Lavoir."),), entities=(("Lavoir", "LOC", "Le Lavoir"),)),
    ]
    folder = write(tmp_path / "r", voices)
    page = LexborHTMLParser(render(folder, tmp_path / "out.html").read_text("utf-8"))
    (row,) = page.css("#names tbody tr")
    assert [cell.text() for cell in row.css("th, td")] == ["Le Lavoir", "espace", "3", "3", "Lavoir"]
