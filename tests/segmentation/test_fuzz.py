"""Whatever the document: no crash, no word that is not in the source, and time that grows with its size."""

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from testimony import readers
from testimony.errors import UnreadableDocument
from testimony.readers.building import Builder, Piece
from testimony.readers.markup import build_markdown
from testimony.readers.plain import blocks_of
from testimony.segmentation import segment
from testimony.segmentation.labels import key_of
from testimony.types import Document

PIECES = st.sampled_from([
    "« ", " »", "“", "”", '"', "> ", "# ", "## ", "**", "*", "— ", " : ", "\n", "\n\n", "- ", "1. ", ", ", ". ", "? ", "(", ")", "Marie Dupont",
    "Jean", "gérante du Coworking Bleu", "raconte", "dit-elle", "je suis contente d'être là", "nous avons bien travaillé ensemble cette année",
    "\u00a0", "é", "😀", "\u202e", "participants", "Témoignages", "Q", "R", "<b>", "&#8220;",
])  # fmt: skip


def check(document: Document) -> None:
    for one in segment(document):
        assert one.text == "\n\n".join(document.text[start:end] for start, end in one.segments)
        assert one.segments == tuple(sorted(one.segments))
        assert all(0 <= start < end <= len(document.text) for start, end in one.segments)
        for evidence in one.evidence:
            if evidence.origin == "text":
                assert document.text[evidence.start : evidence.end].split() == getattr(one, evidence.attribute).split()


def plain(text: str) -> Document:
    return Document(id="x", source="x.txt", format="txt", sha256="0", text=text, blocks=blocks_of(text))


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
@example("« , dit-elle« «  »")
def test_any_text_is_understood_or_left_alone(text) -> None:
    check(plain(text))
    builder = Builder()
    build_markdown(text, builder)
    check(builder.document(source="x.md", format="md", sha256="0", metadata={}))


@pytest.mark.parametrize(
    "unit",
    ["« a ", '"a b c d e f" ', "» ", "“a” ", "Nom Prénom : bonjour à tous\n\n", "# Marie Dupont, gérante\n\nbonjour\n\n", "Marie Dupont ", "je ",
     "« un deux trois quatre cinq six », dit Marie. ", "**Quoi ?** rien du tout\n\n", "- a\n", "Je suis ", "Poste : ", "a, b, c "],
)  # fmt: skip
def test_time_grows_with_size(unit) -> None:
    def seconds(size: int) -> float:
        builder = Builder()
        for part in (unit * (size // len(unit))).split("\n\n"):
            builder.add("heading" if part.startswith("#") else "paragraph", [Piece(part.lstrip("# "))], level=1)
        document = builder.document(source="x", format="md", sha256="0", metadata={})
        clock = time.process_time()
        segment(document)
        return time.process_time() - clock

    seconds(5_000)
    small, large = seconds(20_000), seconds(160_000)
    assert large < 0.3 + 20 * small


def test_a_name_that_ends_in_a_hyphen_has_initials() -> None:
    """«JD» stands for it like for any other; the empty word behind the hyphen has no first letter."""
    assert key_of("JD", ["JD", "Jeanne Dubois-"]) == "Jeanne Dubois-"


DOCUMENTS = sorted(
    path for path in (Path(__file__).parent / "documents").iterdir() if path.suffix not in (".docx", ".odt", ".pdf", ".xlsx")
)
RECORDS = (".csv", ".tsv", ".json", ".yaml")
SCRAPS = '«»“”"\n\n>#*—:?.,( )\u00a0\u00adÉé1'


def mutated(text: str, changes: list[tuple[int, int, str]]) -> str:
    """Cut, double or overwrite short stretches of a text."""
    for at, length, scrap in changes:
        place = at % max(1, len(text))
        text = text[:place] + scrap * (length % 3) + text[place + length :]
    return text


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(DOCUMENTS),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.sampled_from(SCRAPS)), min_size=1, max_size=12),
)
def test_a_damaged_document_gives_only_its_own_words(path, changes) -> None:
    text = mutated(path.read_text("utf-8"), changes)
    with tempfile.TemporaryDirectory() as folder:
        damaged = Path(folder) / path.name
        damaged.write_text(text, "utf-8")
        try:
            items = list(readers.read(damaged))
        except UnreadableDocument:  # a header that is no YAML any more is refused, with its line
            return
        for item in items:
            if isinstance(item, Document):
                check(item)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.suffix not in RECORDS], ids=lambda path: path.name)
def test_a_document_eight_times_as_long_takes_no_more_than_its_share(path, tmp_path) -> None:
    def seconds(times: int) -> float:
        longer = tmp_path / f"{times}{path.suffix}"
        longer.write_text("\n\n".join([path.read_text("utf-8")] * times), "utf-8")
        documents = [item for item in readers.read(longer) if isinstance(item, Document)]
        clock = time.process_time()
        for document in documents:
            segment(document)
        return time.process_time() - clock

    seconds(1)
    small, large = seconds(3), seconds(24)
    assert large < 0.3 + 25 * small
