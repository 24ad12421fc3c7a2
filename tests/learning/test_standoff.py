"""Sentences labelled by their line in a corpus."""

import lzma

from testimony.learning import standoff
from testimony.learning.standoff import digest_of, load_lines

LINES = ["Un début.", "Nadège est ravie.", "", "Le loyer est cher.", "Fin."]


def write(folder, rows):
    with lzma.open(folder / "texte.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n".join(LINES))
    path = folder / "labels.tsv"
    path.write_text("file\tline\tdigest\tpolarity\tthemes\tentities\n" + "".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path


def test_labels_meet_their_text(tmp_path):
    rows = [
        ("texte.txt.xz", "2", digest_of(LINES[1]), "positive", "", "0-6:PER"),
        ("texte.txt.xz", "4", digest_of(LINES[3]), "negative", "modele_economique:negative", ""),
    ]
    (text,) = load_lines(write(tmp_path, rows), tmp_path)
    assert [sentence.text for sentence in text.sentences] == [LINES[1], LINES[3]]
    assert text.sentences[0].entities == (("Nadège", "PER"),)
    assert text.sentences[1].themes == {"modele_economique": "negative"}


def test_changed_or_missing_text_is_left_out(tmp_path):
    rows = [("texte.txt.xz", "1", digest_of("autre chose"), "neutral", "", ""), ("ailleurs.txt.xz", "1", "00000000", "neutral", "", "")]
    assert load_lines(write(tmp_path, rows), tmp_path) == []


def test_the_far_part_of_a_corpus_is_another_kind(tmp_path, monkeypatch):
    """Novels and debates stand at the end of the corpus; what is learned from them weighs less."""
    monkeypatch.setitem(standoff._FAR, "texte.txt.xz", 4)
    rows = [("texte.txt.xz", str(number), digest_of(LINES[number - 1]), "neutral", "", "") for number in (1, 2, 5)]
    assert [(text.kind, len(text.sentences)) for text in load_lines(write(tmp_path, rows), tmp_path)] == [("real", 2), ("far", 1)]
