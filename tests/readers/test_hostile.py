"""Files made to harm: found by benchmarks/fuzz.py, or written as an attacker would."""

import io
import runpy
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from testimony import readers
from testimony.errors import UnreadableDocument
from testimony.readers import office, order, pdf
from testimony.readers.building import Builder


def docx(body: str, prolog: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'{prolog}<w:document xmlns:w="{office.W[1:-1]}"><w:body>{body}</w:body></w:document>')
    return stream.getvalue()


def odt(body: str, prolog: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "content.xml",
            f'{prolog}<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="{office.TEXT[1:-1]}">'
            f"<o:body><o:text>{body}</o:text></o:body></o:document-content>",
        )
    return stream.getvalue()


def xlsx(sheet: str, prolog: str = "", sheets: int = 1) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    named = "".join(f'<sheet name="A{number}" sheetId="{number}" r:id="r1"/>' for number in range(1, sheets + 1))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{packages}"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{named}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{packages}"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f'{prolog}<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>')
    return stream.getvalue()


def cell(text: str, place: str = "A1") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def read(tmp_path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    return list(readers.read(tmp_path / name))


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY b "ha">'
    + "".join(f'<!ENTITY b{n} "{"&b" + (str(n - 1) if n else "") + ";"}{"&b" + (str(n - 1) if n else "") + ";"}">' for n in range(30))
    + "]>"
)
SECRET = '<!DOCTYPE a [<!ENTITY s SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("prolog", [LAUGHS, SECRET], ids=["laughs", "external"])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.docx", lambda prolog, entity: docx(f"<w:p><w:r><w:t>{entity}</w:t></w:r></w:p>", prolog)),
        ("a.odt", lambda prolog, entity: odt(f"<t:p>{entity}</t:p>", prolog)),
    ],
)
def test_entities_are_refused(tmp_path, name, make, prolog) -> None:
    with pytest.raises(UnreadableDocument, match="entities, refused as unsafe"):
        read(tmp_path, name, make(prolog, "&b29;" if prolog is LAUGHS else "&s;"))


@pytest.mark.parametrize(("prolog", "entity"), [(LAUGHS, "&b29;"), (SECRET, "&s;")], ids=["laughs", "external"])
def test_entities_of_a_workbook_are_not_expanded(tmp_path, prolog, entity) -> None:
    data = xlsx(
        f'<row r="1">{cell("avis")}</row><row r="2">{cell(f"Un accueil vraiment chaleureux {entity} chaque jour", "A2")}</row>',
        prolog=prolog,
    )
    clock = time.process_time()
    try:
        texts = " ".join(item.text for item in read(tmp_path, "a.xlsx", data))
    except UnreadableDocument:
        texts = ""
    assert "root:" not in texts
    assert len(texts) < 1000
    assert time.process_time() - clock < 2


def test_entities_of_html_are_text(tmp_path) -> None:
    page = LAUGHS + "<p>Un accueil &b29; chaleureux</p><p>" + SECRET + "&s;</p><iframe src='file:///etc/passwd'></iframe>"
    text = read(tmp_path, "a.html", page.encode())[0].text
    assert "hahaha" not in text
    assert "root:" not in text


def test_aliases_of_yaml_do_not_multiply(tmp_path) -> None:
    lines = ["a0: &a0 [texte, texte, texte, texte, texte, texte, texte, texte, texte]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(UnreadableDocument, match="aliases"):
        read(tmp_path, "a.yaml", "\n".join(lines).encode())


def test_few_aliases_that_double_are_refused_too(tmp_path) -> None:
    """Forty lines of two aliases each stay under the count and would make 2^40 values."""
    lines = ["a0: &a0 [texte un deux trois, texte un deux trois]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 45)]
    clock = time.process_time()
    with pytest.raises(UnreadableDocument):
        read(tmp_path, "a.yaml", "\n".join(lines).encode())
    assert time.process_time() - clock < 5


def test_yaml_makes_no_objects(tmp_path) -> None:
    with pytest.raises(UnreadableDocument, match="not valid YAML"):
        read(tmp_path, "a.yaml", f"- texte: !!python/object/apply:os.system ['touch {tmp_path}/made']\n".encode())
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.xlsx"])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path, name) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in ("word/document.xml", "content.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(member, b"<a>" + b" " * 80_000_000 + b"</a>")
    clock = time.process_time()
    with pytest.raises(UnreadableDocument, match="decompression bomb"):
        read(tmp_path, name, stream.getvalue())
    assert time.process_time() - clock < 1


def test_a_member_that_lies_about_its_size_is_cut_off(monkeypatch) -> None:
    monkeypatch.setattr(office, "MAX_UNPACKED", 1000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * 50_000)
    with zipfile.ZipFile(stream) as archive, pytest.raises(UnreadableDocument, match="bomb|broken"):
        office.member(archive, "content.xml", "a.odt")


def test_members_are_read_by_name_and_never_written(tmp_path) -> None:
    """Names that climb out of an archive: nothing is ever unpacked to disk."""
    stream = io.BytesIO(docx("<w:p><w:r><w:t>Un accueil chaleureux.</w:t></w:r></w:p>"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("../../escaped.txt", "x")
        archive.writestr("/tmp/escaped-absolutely.txt", "x")  # noqa: S108
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert read(inside, "x.docx", stream.getvalue())[0].text == "Un accueil chaleureux."
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["x.docx"]


def test_links_and_pipes_in_a_corpus(tmp_path) -> None:
    import os

    corpus, outside = tmp_path / "corpus", tmp_path / "secret.txt"
    corpus.mkdir()
    outside.write_text("secret", "utf-8")
    (corpus / "fine.txt").write_text("fine", "utf-8")
    (corpus / "link.txt").symlink_to(outside)
    (corpus / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    (corpus / "folder").symlink_to(tmp_path)
    (corpus / "loop").symlink_to(corpus)
    os.mkfifo(corpus / "pipe.txt")
    found = readers.find([corpus])
    assert [path.name for path, _ in found.files] == ["fine.txt"]
    assert len(found.passed_over) == 3


def test_a_link_inside_an_archive_is_not_followed(tmp_path) -> None:
    """A member may be marked as a symbolic link: its target is the text of a file like any other."""
    (tmp_path / "secret.xml").write_bytes(
        zipfile.ZipFile(io.BytesIO(docx("<w:p><w:r><w:t>secret</w:t></w:r></w:p>"))).read("word/document.xml")
    )
    link = zipfile.ZipInfo("word/document.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, str(tmp_path / "secret.xml"))
    with pytest.raises(UnreadableDocument, match="broken XML"):
        read(tmp_path, "a.docx", stream.getvalue())


def test_a_cell_without_end_is_refused(tmp_path) -> None:
    with pytest.raises(UnreadableDocument, match="field larger than field limit.*check the quotation marks"):
        read(tmp_path, "a.csv", b'nom;avis\nZo\xc3\xa9;"' + b"Un accueil chaleureux. " * 250_000)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "wide.csv"])
def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, name) -> None:
    """Tables may be of any size, and are looked at before they are given to the process that has a limit."""
    head = "nom;avis\nZoé;Un accueil chaleureux.\n" if "csv" in name else '{"nom": "Zoé", "avis": "Un accueil chaleureux."}\n'
    with (tmp_path / name).open("wb") as stream:
        # What begins like a binary file is refused for that.
        stream.write(b"\xff\xfe" + head.encode("utf-16-le") if name.startswith("wide") else head.encode() * 40_000)
        stream.truncate(400_000_000)  # no line ends in it
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableDocument, match="MB; break the lines|field larger than field limit"):
            readers.scan(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_rst_includes_nothing(tmp_path) -> None:
    (tmp_path / "secret.txt").write_text("secret words", "utf-8")
    text = f".. include:: {tmp_path}/secret.txt\n\n.. csv-table::\n   :file: {tmp_path}/secret.txt\n\n.. raw:: html\n   :file: {tmp_path}/secret.txt\n\nUn accueil.\n"
    (document,) = read(tmp_path, "a.rst", text.encode())
    assert "secret words" not in document.text


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.html", "a.md", "a.json", "a.yaml"])
def test_deep_nesting_is_read_or_refused(tmp_path, name) -> None:
    depth = 3000
    data = {
        "a.docx": docx("<w:sdt><w:sdtContent>" * depth + "<w:p><w:r><w:t>fond</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * depth),
        "a.odt": odt(
            "<t:p>" + "<t:span>" * depth + "fond" + "</t:span>" * depth + "</t:p>" + "<t:section>" * depth + "</t:section>" * depth
        ),
        "a.html": ("<div>" * depth * 10 + "fond").encode(),
        "a.md": (">" * depth + " fond\n\n" + "- " * depth + "fond\n\n" + "[" * depth * 10).encode(),
        "a.json": ('[{"texte":' * depth * 10).encode(),
        "a.yaml": ("[" * depth + "]" * depth).encode(),
    }[name]
    clock = time.process_time()
    try:
        read(tmp_path, name, data)
    except UnreadableDocument as error:
        reason = str(error)
    else:
        reason = ""
    assert "failed on it" not in reason
    assert time.process_time() - clock < 10


# -- found by fuzzing ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("far", [float("inf"), float("nan"), 1e38])
def test_a_pdf_with_impossible_places_comes_to_an_end(far) -> None:
    """pdf 39: a cut that left one side empty was made again for ever."""
    near, away = pdf._place(-far), pdf._place(far)
    lines = [order.Line("un", 1.0, 5.0, 1.0, 2.0), order.Line("deux", away, away, away, away), order.Line("trois", near, away, near, away)]
    for some in (lines, lines[:2], lines[1:], [lines[1], lines[1]], [lines[2], lines[1]]):
        read = "".join(line.text for line in order.ordered(some)).replace(" ", "")
        assert sorted(read) == sorted("".join(line.text for line in some))
    raw = [replace(line, left=far, right=far) for line in lines[:2]]
    assert order._cut_columns(raw) is None or all(order._cut_columns(raw))


def test_letters_without_height_are_read_all_the_same() -> None:
    """pdf 84: sizes were divided by that of the body, which was nothing."""
    lines = [
        order.Line(text, 10.0, 90.0, 10.0 * row, 10.0 * row) for row, text in enumerate(("Un lieu calme.", "On y revient.", "Merci."), 1)
    ]
    builder = Builder()
    pdf._add_paragraphs(lines, pdf._body_size(lines), builder)
    document = builder.document(source="x.pdf", format="pdf", sha256="0", metadata={})
    assert document.text.split() == "Un lieu calme. On y revient. Merci.".split()


def test_nested_spans_of_an_odt_take_linear_time() -> None:
    """odt 13: each level of nesting passed on every piece under it."""

    def seconds(depth: int) -> float:
        data = odt("<t:p>" + ("<t:span>mot " * depth + "</t:span>" * depth) + "</t:p>")
        clock = time.process_time()
        builder = Builder()
        office.build_odt(data, builder, "a.odt")
        assert len(builder.blocks) == 1
        return time.process_time() - clock

    seconds(1000)
    assert seconds(16_000) < 60 * seconds(1_000) + 0.4  # quadratic: 256 times


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_a_name_that_says_nothing_at_the_end_of_captions(tmp_path, name) -> None:
    """Found by fuzzing (srt 2697, vtt 200; perhaps txt 17048): the last caption is a name and its colon."""
    from testimony.segmentation import segment

    said = ("Léa : Un accueil chaleureux.", "Max :", "Léa : Oui, chaque jour.", "Max :")
    cues = [f"{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{words}\n" for n, words in enumerate(said, 1)]
    file = tmp_path / f"a.{name}"
    file.write_text(("WEBVTT\n\n" if name == "vtt" else "") + "\n".join(cues), "utf-8")
    (document,) = readers.read(file)
    assert [one.speaker for one in segment(document)] == ["Léa"]


def test_one_sheet_named_very_often_is_refused_before_it_is_read(tmp_path) -> None:
    """A megabyte can name a sheet fifteen thousand times."""
    rows = "".join(f'<row r="{n}">{cell("Un accueil vraiment chaleureux.", f"A{n}")}</row>' for n in range(1, 400))
    clock = time.process_time()
    with pytest.raises(UnreadableDocument, match="15000 sheets, at most 1000 are read"):
        read(tmp_path, "a.xlsx", xlsx(rows, sheets=15_000))
    assert time.process_time() - clock < 2.0


def test_an_encoding_that_nobody_knows_is_refused(tmp_path) -> None:
    for name in ("WTF-8", "utf-16-klingon"):
        with pytest.raises(UnreadableDocument, match="broken XML"):
            read(tmp_path, "a.odt", odt("<t:p>Un accueil.</t:p>", f"<?xml version='1.0' encoding='{name}'?>"))


def test_rst_with_a_field_that_is_no_text_is_read(tmp_path) -> None:
    text = "Paroles\n=======\n\n:Author: ====\n\nUn accueil vraiment chaleureux, chaque jour.\n"
    assert "Un accueil vraiment chaleureux" in read(tmp_path, "a.rst", text.encode())[0].text


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.csv", "nom;av\ris\nZoé;Un accueil vraiment chaleureux.\n", 1),
        ("a.tsv", "nom\tav\ris\nZoé\tUn accueil vraiment chaleureux.\n", 1),
        ("b.csv", 'nom;avis\nZoé;"Un accueil"\rvraiment chaleureux.\nMax;Un lieu ouvert.\n', 2),
    ],
)
def test_a_return_inside_a_line_of_a_table_is_said(tmp_path, name, text, line) -> None:
    """Thirty csv and fifty-seven tsv, one cause: the columns' names were read outside the guard."""
    with pytest.raises(UnreadableDocument, match=rf"{name}: line {line}: line ends of an old system inside a line; save it again"):
        read(tmp_path, name, text.encode())


def test_a_table_of_very_many_columns_takes_linear_time(tmp_path) -> None:
    """A csv of 16,000 columns: at every row, all of them were looked at for the name of the speaker."""

    def seconds(columns: int) -> float:
        rows = [[f"c{n}" for n in range(columns)] + ["avis"]] + [["x"] * columns + ["Un accueil vraiment chaleureux."]] * 8
        clock = time.process_time()
        assert len(read(tmp_path, "a.csv", "\n".join(map(";".join, rows)).encode())) == 8
        return time.process_time() - clock

    seconds(100)
    assert seconds(16_000) < 40 * seconds(1_000) + 1


def test_substitutions_of_rst_that_go_round_come_to_an_end(tmp_path) -> None:
    text = "Un accueil |a| vraiment chaleureux.\n\n.. |a| replace:: x |b|\n.. |b| replace:: y |c|\n.. |c| replace:: |a| z\n"
    clock = time.process_time()
    (document,) = read(tmp_path, "a.rst", text.encode())
    assert "vraiment chaleureux" in document.text
    assert time.process_time() - clock < 5


FINDINGS = (("pdf", 39), ("pdf", 84), ("pdf", 625), ("odt", 528), ("rst", 961), ("srt", 2697), ("vtt", 200), ("txt", 17048))


@pytest.mark.parametrize(("name", "number"), FINDINGS)
def test_what_fuzzing_found_is_read_or_refused(name, number) -> None:
    """The very inputs, as far as the demonstration corpus that they are made from is still the same."""
    fuzz = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz.py"))
    assert fuzz["fate"](name, fuzz["made"](name, number)) in ("read", "refused", "nothing")
