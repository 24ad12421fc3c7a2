"""Sentences labelled by their line in a corpus."""

import lzma

from testimony.learning import standoff
from testimony.learning.standoff import digest_of, load_standoff

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
    (text,) = load_standoff(write(tmp_path, rows), [tmp_path])
    assert [sentence.text for sentence in text.sentences] == [LINES[1], LINES[3]]
    assert text.sentences[0].entities == (("Nadège", "PER"),)
    assert text.sentences[1].themes == {"modele_economique": "negative"}


def test_changed_or_missing_text_is_left_out(tmp_path):
    rows = [("texte.txt.xz", "1", digest_of("autre chose"), "neutral", "", ""), ("ailleurs.txt.xz", "1", "00000000", "neutral", "", "")]
    assert load_standoff(write(tmp_path, rows), [tmp_path]) == []


def test_the_far_part_of_a_corpus_is_another_kind(tmp_path, monkeypatch):
    """Novels and debates stand at the end of the corpus; what is learned from them weighs less."""
    monkeypatch.setitem(standoff._FAR, "texte.txt.xz", 4)
    rows = [("texte.txt.xz", str(number), digest_of(LINES[number - 1]), "neutral", "", "") for number in (1, 2, 5)]
    assert [(text.kind, len(text.sentences)) for text in load_standoff(write(tmp_path, rows), [tmp_path])] == [("real", 2), ("far", 1)]


def test_passages_are_found_by_code_points(tmp_path):
    """As a document is read: composed accents, bare line ends; entities of HTML and line ends are gone from the sentence."""
    page = "Le four d’Odile est &eacute;teint. Le banc\r\nest libre." + " " * 99 + "Au revoir."
    (tmp_path / "a.md").write_bytes(page.encode())
    with lzma.open(tmp_path / "b.txt.xz", "wt", encoding="utf-8") as file:
        file.write("Premier.\nSecond.\n")
    content = {"a.md": page.replace("\r\n", "\n"), "b.txt.xz": "Premier.\nSecond.\n"}
    rows = ["file\tstart\tend\tdigest\tpolarity\tthemes\tentities"]
    for name, raw, entities in (
        ("a.md", "Le four d’Odile est &eacute;teint.", "10-15:PER"),
        ("a.md", "Le banc\nest libre.", ""),
        ("a.md", "Au revoir.", ""),
        ("b.txt.xz", "Second.", ""),
    ):
        start = content[name].index(raw)
        rows.append(f"{name}\t{start}\t{start + len(raw)}\t{digest_of(raw)}\tneutral\tamenagement:neutral\t{entities}")
    labels = tmp_path / "labels.tsv"
    labels.write_text("\n".join(rows) + "\n", "utf-8")
    loaded = load_standoff(labels, [tmp_path])
    assert [[sentence.text for sentence in text.sentences] for text in loaded] == [
        ["Le four d’Odile est éteint.", "Le banc est libre."],
        ["Au revoir."],
        ["Second."],
    ]
    assert loaded[0].sentences[0].entities == (("Odile", "PER"),)
    assert [text.group for text in loaded] == ["a.md", "a.md", "b.txt.xz@0"]


def test_a_document_belongs_to_its_repository(tmp_path):
    """Documents of one repository are one source: none of them is learnt from where another is measured."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("Fin.", "utf-8")
    (tmp_path / "SOURCES.tsv").write_text("file\torigin\na.md\thttps://example.org/owner/name :: docs/a.md @ 1\n", "utf-8")
    labels = tmp_path / "labels.tsv"
    labels.write_text(f"file\tstart\tend\tdigest\tpolarity\tthemes\tentities\na.md\t0\t4\t{digest_of('Fin.')}\tneutral\t\t\n", "utf-8")
    assert [text.source for text in load_standoff(labels, [tmp_path / "documents"])] == ["owner/name"]
