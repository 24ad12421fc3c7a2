"""Documents as people write them, in many hands, formats and typographies: who speaks, as what, for whom, and with which words.

`expected.tsv` is the key: a line for each testimonial, a name alone for a document that holds none.
"""

from itertools import groupby
from pathlib import Path

import pytest

from testimony import readers
from testimony.segmentation import segment
from testimony.types import Document

HERE = Path(__file__).parent
FOLDER = HERE / "documents"
LINES = [line.split("\t") for line in (HERE / "expected.tsv").read_text("utf-8").splitlines()[1:]]
EXPECTED = {name: [tuple(line[1:]) for line in lines if len(line) > 1] for name, lines in groupby(LINES, key=lambda line: line[0])}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_document_is_understood(name) -> None:
    found = [one for item in readers.read(FOLDER / name) if isinstance(item, Document) for one in segment(item)]
    assert [
        (one.speaker or "", one.role or "", one.space or "", " ".join(one.text.split()[:3]), " ".join(one.text.split()[-3:]))
        for one in found
    ] == EXPECTED[name]


def test_every_document_has_an_answer() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)
