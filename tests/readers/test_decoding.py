"""One text in every encoding that people's files have."""

import unicodedata

import pytest

from testimony import readers
from testimony.types import Document

TEXT = (
    "Paroles d'usagers\n\nÉlodie Vasseur, gérante du Moulin Bleu\n\n"
    "« C'était génial, l'accueil est très chaleureux à côté de la gare. Où trouver mieux, l'été comme l'hiver ? Ça m'a plu. »\n"
)
ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with its mark": TEXT.encode("utf-8-sig"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 without its mark": TEXT.encode("utf-16-le"),
    "utf-16 big-endian": TEXT.encode("utf-16-be"),
    "cp1252": TEXT.encode("cp1252"),
    "mac-roman": TEXT.encode("mac-roman"),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "lines of Windows": TEXT.replace("\n", "\r\n").encode(),
    "lines of old Macs": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_encoding_gives_the_same_text(name, tmp_path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(ENCODED[name])
    (document,) = readers.read(path)
    assert isinstance(document, Document)
    assert document.text == TEXT
