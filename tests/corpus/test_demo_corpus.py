"""The demonstration corpus keeps its promises, and what its reader sees in it is found."""

import json
import re
import runpy
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from testimony.codebook import Codebook
from testimony.spaces import Registry

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
ASIDE = {"README.md", "spaces.toml", "testimony.toml"}
KEY = [json.loads(line) for line in (Path(__file__).parent / "key.jsonl").read_text("utf-8").splitlines()]
REQUIRED = [one for one in KEY if not one.get("optional")]
FORMATS = {"txt", "md", "rst", "html", "docx", "odt", "pdf", "csv", "tsv", "xlsx", "json", "jsonl", "yaml", "srt", "vtt"}


def folded(value: str | None) -> str:
    flat = unicodedata.normalize("NFD", (value or "").casefold().replace("’", "'"))
    return " ".join(re.findall(r"\w+", "".join(char for char in flat if not unicodedata.combining(char))))


def edges(first: str, last: str) -> tuple[str, str]:
    """The first six and the last six words."""
    return folded(" ".join(first.split()[:6])), folded(" ".join(last.split()[-6:]))


@pytest.fixture(scope="module")
def found(demo):
    """Testimonials as analyzed, with the name and row of their file."""
    table = demo.testimonials.merge(demo.documents[["document_id", "source", "format"]], on="document_id")
    place = table["source"].str.extract(r"([^/]+?)(?:#(\d+))?$")
    table["file"], table["row"] = place[0], place[1].fillna("0").astype(int)
    return table.astype(object).where(table.notna(), None)


@pytest.fixture(scope="module")
def matched(found):
    """Pairs of what the key says and what was found: same place, same first and last words."""
    rows = {(row.file, row.row, *edges(row.text, row.text)): row for row in found.itertuples()}
    return [(one, rows.get((one["file"], one.get("row", 0), *edges(one["first_words"], one["last_words"])))) for one in REQUIRED]


def test_every_file_is_described_in_the_readme() -> None:
    described = set(re.findall(r"^\| `([^`]+)` \|", (CORPUS / "README.md").read_text("utf-8"), re.MULTILINE))
    assert described == {path.name for path in CORPUS.iterdir()} - ASIDE


def test_it_shows_every_format_and_every_layout(found) -> None:
    assert set(found["format"]) == FORMATS
    assert found["rule"].nunique() >= 9
    assert len({path.name for path in CORPUS.iterdir()} - ASIDE) >= 25


def test_the_key_is_large_enough_to_be_worth_looking_at() -> None:
    assert len(REQUIRED) >= 140
    per_space = Counter(one["space"] for one in REQUIRED if one["space"])
    assert len(per_space) >= 12
    assert sum(count >= 4 for count in per_space.values()) >= 12
    assert sum(count >= 8 for count in per_space.values()) >= 6
    assert min(per_space.values()) == 1  # «une seule voix»
    assert {space.name for space in Registry.load(CORPUS / "spaces.toml").spaces} == set(per_space)


def test_a_document_without_testimonials_gives_none(found) -> None:
    assert "13-programme-rencontres.md" not in set(found["file"])


def test_every_theme_and_every_polarity_occurs(demo) -> None:
    assert set(demo.themes["theme"]) == {theme.id for theme in Codebook.builtin().themes}
    assert set(demo.testimonials["polarity"]) == {"positive", "negative", "mixed", "neutral"}


def test_people_of_a_space_speak_of_other_spaces(demo) -> None:
    by = demo.testimonials.set_index("testimonial_id")["space"]
    named = demo.entities[demo.entities["label"] == "SPACE"]
    spaces = {space.name for space in Registry.load(CORPUS / "spaces.toml").spaces}
    links = {
        (by[row.testimonial_id], row.target) for row in named.itertuples() if by[row.testimonial_id] != row.target and row.target in spaces
    }
    assert len(links) >= 10


def test_nothing_in_the_key_is_missed(matched, found) -> None:
    assert sum(row is not None for _, row in matched) / len(REQUIRED) >= 0.95
    extra = len(found) - sum(row is not None for _, row in matched) - (len(KEY) - len(REQUIRED))
    assert extra <= 0.05 * len(REQUIRED)


@pytest.mark.parametrize("field", ["speaker", "role", "space"])
def test_attribution_is_that_of_the_key(matched, field) -> None:
    wrong = [
        (one["file"], one[field], getattr(row, field))
        for one, row in matched
        if row is not None and not same(field, one[field], getattr(row, field))
    ]
    assert len(wrong) <= 0.05 * len(REQUIRED), wrong


def same(field: str, wanted: str | None, got: str | None) -> bool:
    if field != "role":
        return folded(wanted) == folded(got)
    one, other = set(folded(wanted).split()), set(folded(got).split())
    return one == other or bool(one and other and (one <= other or other <= one))


def test_the_binary_documents_are_what_their_script_makes(tmp_path) -> None:
    script = runpy.run_path(str(ROOT / "benchmarks" / "demo_corpus.py"))
    for make in ("make_minutes", "make_interview", "make_odt", "make_xlsx"):
        script[make](tmp_path)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 4
    for path in made:
        assert path.read_bytes() == (CORPUS / path.name).read_bytes(), path.name
