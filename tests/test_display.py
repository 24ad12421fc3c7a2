"""Objects show themselves in a notebook, with the colours of the report, and never as HTML of the corpus."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

import testimony
from invented import Voice as Invented
from invented import invent, said, write
from testimony import types

CSS = Path(testimony.__file__).parent / "report" / "templates" / "report.css"

# Machado, Oliveira and Fernandes (2009), severity 1: how linear red, green and blue are seen.
SEEN = {
    "everybody": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def lab(color: str, seen: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour as somebody sees it."""
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.clip(seen @ np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / (0.9505, 1, 1.089)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", SEEN)
def test_everybody_tells_the_colours_apart(eye) -> None:
    for first, second in combinations(testimony.palette().values(), 2):
        assert np.linalg.norm(lab(first, SEEN[eye]) - lab(second, SEEN[eye])) > 15, (first, second)


def test_the_colours_are_those_of_the_report() -> None:
    style = CSS.read_text("utf-8").split("@media")[0]
    assert {name: re.search(rf"--{name}:(#\w+)", style).group(1) for name in testimony.palette()} == testimony.palette()


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    evil = Invented(
        (said("amenagement", "negative", "Le <script>alert(1)</script> chauffage tombe toujours en panne."),),
        "<b>Max</b>",
        space="<i>La Ruche</i>",
    )
    return testimony.open_results(write(tmp_path_factory.mktemp("shown") / "results", [*invent(30), evil]))


def test_an_analysis_shows_its_spaces(analysis) -> None:
    page = LexborHTMLParser(analysis._repr_html_())
    assert "31 témoignages" in page.css_first("caption").text()
    assert {row.css_first("td").text() for row in page.css("tbody tr")} == {summary["space"] for summary in analysis.summaries}
    assert not page.css("i")


def test_a_summary_is_a_dictionary_and_shows_its_quotations(analysis) -> None:
    summary = analysis.summary("La Verrière")
    assert isinstance(summary, dict)
    shown = summary._repr_html_()
    assert "La Verrière" in shown
    assert len(LexborHTMLParser(shown).css("li")) == len(summary["key_points"]) > 3
    assert "Aménagement et confort" in shown
    assert "Aménagement et confort" in analysis._repr_html_()
    assert "amenagement" not in shown + analysis._repr_html_(), "titles, not the names of the tables"
    evil = analysis.summary("<i>La Ruche</i>")._repr_html_()
    assert "une seule voix" in evil
    assert "<script" not in evil
    assert "<b>Max" not in evil


def test_a_testimonial_shows_who_and_how_surely() -> None:
    one = types.Testimonial(
        id="a",
        document_id="d",
        record_id="1",
        segments=((0, 4),),
        text="<b>x",
        speaker="Léa",
        role=None,
        space="Le Ponton",
        rule="quotation",
        confidence=0.9,
    )
    assert "«\u00a0&lt;b&gt;x\u00a0»" in one._repr_html_()
    assert "Léa, Le Ponton" in one._repr_html_()
    assert "90\u00a0%" in one._repr_html_()


def test_a_text_shows_feelings_themes_and_names() -> None:
    import spacy
    from spacy.tokens import SpanGroup

    doc = spacy.blank("fr")("La salle <b> de Namur est bruyante.")
    sentence = doc.char_span(0, len(doc.text), label="negative")
    doc.spans["sentences"] = [sentence]
    theme = doc.char_span(0, len(doc.text), label="amenagement")
    doc.spans["themes"] = SpanGroup(doc, name="themes", spans=[theme], attrs={"evidence": [[[3, 8], [26, 34]]]})
    doc.ents = [doc.char_span(16, 21, label="LOC")]
    shown = testimony.show(doc)._repr_html_()
    for label in ("négatif", "amenagement", "lieu"):
        assert label in shown
    assert testimony.palette()["negative"] in shown
    assert "<b>" not in shown
    assert testimony.show(spacy.blank("fr")("Rien."))._repr_html_()
