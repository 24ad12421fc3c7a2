"""One document, eight files: docx, odt and pdf say what the markdown says."""

import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest

from converters import CONVERTERS, Part, to_pdf
from testimony import readers
from testimony.segmentation import segment
from testimony.segmentation.claims import is_marked
from testimony.types import Document

PEOPLE = [
    ("Yasmina Ferhat", "relieuse"),
    ("Gaspard Lenormand", "apiculteur"),
    ("Odette Brichet", "comptable"),
    ("Thibaut Quesnel", "luthier"),
]
SAID = [
    "J'ai loué un établi au premier étage parce que mon appartement ne tenait plus debout sous les cartons, et je ne l'ai jamais regretté depuis.",
    "Le voisinage des graphistes m'a donné une étiquette, une affiche et trois clients réguliers ; en revanche, le parking reste un vrai cauchemar.",
    "Les comptes sont affichés dans l'entrée tous les mois. C'est rare, et cela évite bien des conversations désagréables autour de la cafetière.",
    "Nous sommes trop nombreux le jeudi. Je propose que la grande salle soit réservée aux ateliers, et que l'on téléphone ailleurs que dans l'escalier.",
]
MORE = [
    "Pour finir, je voudrais remercier celles qui ouvrent le matin, car sans elles rien ne fonctionnerait convenablement ici.",
    "On m'avait promis du silence, j'ai trouvé des voisins : finalement, c'est beaucoup mieux que ce que j'espérais trouver.",
    "Cette année, nous avons équilibré le budget sans augmenter personne, ce qui n'était jamais arrivé depuis l'ouverture.",
    "Il manque une cabine, tout le monde en convient ; il faudrait seulement que quelqu'un commande les planches et les vis.",
]
INTRODUCTION = (
    "Le comité a recueilli ces paroles pendant l'hiver, sans rien y changer ; elles disent mieux que nous ce que la maison est devenue."
)


def headed() -> list[Part]:
    parts = [Part("h1", "Paroles de membres"), Part("p", INTRODUCTION)]
    for (name, role), words in zip(PEOPLE, SAID, strict=True):
        parts += [Part("h2", f"{name}, {role}"), Part("p", f"« {words} »")]
    return parts


def bold() -> list[Part]:
    parts = [Part("h1", "Témoignages"), Part("p", INTRODUCTION)]
    for (name, role), words in zip(PEOPLE, SAID, strict=True):
        parts += [Part("bold", f"{name}, {role}"), Part("p", f"« {words} »")]
    return parts


def turns() -> list[Part]:
    parts = [Part("h1", "Compte rendu de la réunion")]
    for number, ((name, role), words) in enumerate(zip(PEOPLE * 2, SAID + MORE, strict=True)):
        parts.append(Part("p", f"{name}, {role} : {words}" if number < len(PEOPLE) else f"{name.split()[0]} : {words}"))
    return parts


def incised() -> list[Part]:
    parts = [Part("h1", "Un après-midi à la maison commune"), Part("p", INTRODUCTION)]
    for (name, role), words in zip(PEOPLE, SAID, strict=True):
        parts.append(Part("p", f"« {words.rstrip('.')} », explique {name}, {role}."))
    return parts


def interview() -> list[Part]:
    parts = [Part("h1", "Entretien avec Yasmina Ferhat, relieuse"), Part("p", INTRODUCTION)]
    for question, words in zip(
        ("Comment êtes-vous arrivée ?", "Que vous manque-t-il ?", "Et les autres ?", "Un regret ?"), SAID, strict=True
    ):
        parts += [Part("h2", question), Part("p", words)]
    return parts


def form() -> list[Part]:
    name, role = PEOPLE[0]
    return [
        Part("h1", "Fiche témoin"),
        Part("p", INTRODUCTION),
        *(Part("row", f"{label}\t{value}") for label, value in (("Nom", name), ("Métier", role), ("Date", "12 mars"))),
        Part("row", f"Pourquoi être venue ici ?\t{SAID[0]}"),
        Part("row", f"Et que vous manque-t-il ?\t{SAID[1]}"),
    ]


FORMS = {"form": form, "headed": headed, "bold": bold, "turns": turns, "incised": incised, "interview": interview}
EXPECTED = {
    "form": [(PEOPLE[0], " ".join(SAID[:2]))],
    "headed": list(zip(PEOPLE, SAID, strict=True)),
    "bold": list(zip(PEOPLE, SAID, strict=True)),
    "turns": list(zip(PEOPLE * 2, SAID + MORE, strict=True)),
    "incised": list(zip(PEOPLE, [words.rstrip(".") for words in SAID], strict=True)),
    "interview": [(PEOPLE[0], " ".join(SAID))],
}


def read(path: Path) -> Document:
    (document,) = (item for item in readers.read(path) if isinstance(item, Document))
    return document


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONVERTERS)
def test_every_format_gives_the_same_testimonials(form, name, tmp_path) -> None:
    path = tmp_path / f"document.{name}"
    path.write_bytes(CONVERTERS[name](FORMS[form]()))
    document = read(path)
    found = segment(document)
    assert [((one.speaker, one.role), " ".join(one.text.split())) for one in found] == EXPECTED[form]
    for one in found:
        assert one.text == "\n\n".join(document.text[start:end] for start, end in one.segments)
        for evidence in one.evidence:
            assert document.text[evidence.start : evidence.end] == getattr(one, evidence.attribute)


@pytest.mark.parametrize("columns", [1, 2])
def test_running_heads_and_page_numbers_are_not_testimony(columns, tmp_path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(to_pdf([Part("h1", "Paroles"), *[part for _ in range(9) for part in headed()[2:]]], columns=columns))
    document = read(path)
    shown = [document.text[block.start : block.end] for block in document.blocks if block.kind != "boilerplate"]
    assert not any("Lettre du réseau" in text or " / " in text for text in shown)
    assert sum("Lettre du réseau" in document.text[block.start : block.end] for block in document.blocks) >= 2
    assert all("réseau" not in one.text for one in segment(document))


def test_words_cut_at_a_line_end_are_whole_and_compounds_keep_their_hyphen(tmp_path) -> None:
    path = tmp_path / "hyphens.pdf"
    words = "Peut-être que les avant-derniers après-midi du printemps suffisaient, extraordinairement, à contenter la communauté " * 6
    path.write_bytes(to_pdf([Part("p", words)], columns=2, hyphenate=True))
    document = read(path)
    shown = " ".join(document.text[block.start : block.end] for block in document.blocks if block.kind == "paragraph")
    assert shown.removeprefix("Lettre du réseau ").split() == words.split()


def test_a_table_of_a_docx_says_who_speaks(tmp_path) -> None:
    document = docx.Document()
    document.add_heading("Ce que disent les membres", level=1)
    table = document.add_table(rows=0, cols=2)
    for (name, role), words in zip(PEOPLE, SAID, strict=True):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"{name}, {role}", f"« {words} »"
    path = tmp_path / "table.docx"
    document.save(str(path))
    found = segment(read(path))
    assert [((one.speaker, one.role), one.text) for one in found] == list(zip(PEOPLE, SAID, strict=True))


def test_people_side_by_side_in_a_form_have_each_their_words(tmp_path) -> None:
    rows = [["Nom", *(name for name, _ in PEOPLE[:2])], ["Métier", *(role for _, role in PEOPLE[:2])], ["Témoignage", *SAID[:2]]]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    path = tmp_path / "form.html"
    path.write_text(f"<h1>Fiches</h1><table>{cells}</table>", "utf-8")
    assert [((one.speaker, one.role), one.text) for one in segment(read(path))] == list(zip(PEOPLE[:2], SAID[:2], strict=True))


def test_a_title_of_courtesy_opens_no_list(tmp_path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("M. Blanc arrive le premier.\na. café\nb. thé\nM. Noir part le dernier.\n", "utf-8")
    document = read(path)
    shown = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert shown[0] == ("paragraph", "M. Blanc arrive le premier.")
    assert shown[1:] == [("item", "café"), ("item", "thé\nM. Noir part le dernier.")]


def test_a_box_of_one_cell_is_no_table(tmp_path) -> None:
    document = docx.Document()
    document.add_heading("Rapport d'activité", level=1)
    document.add_paragraph(INTRODUCTION)
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = f"« {SAID[2]} »"
    cell.add_paragraph("Odette Brichet, comptable")
    path = tmp_path / "box.docx"
    document.save(str(path))
    assert [((one.speaker, one.role), one.text) for one in segment(read(path))] == [(PEOPLE[2], SAID[2])]


def test_a_row_without_a_cell_keeps_its_columns(tmp_path) -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{role}</td><td>{words}</td></tr>"
        for name, role, words in (
            ("Nom", "Métier", "Témoignage"),
            ("Yasmina Ferhat", "", SAID[0]),
            ("Gaspard Lenormand", "apiculteur", SAID[1]),
        )
    )
    path = tmp_path / "table.html"
    path.write_text(f"<h1>Paroles</h1><table>{rows}</table>", "utf-8")
    assert [(one.speaker, one.role, one.text) for one in segment(read(path))] == [
        ("Yasmina Ferhat", None, SAID[0]),
        ("Gaspard Lenormand", "apiculteur", SAID[1]),
    ]


BOX = (
    '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">'
    "<w:txbxContent>{0}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{0}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
REVISED = (
    '<w:p><w:r><w:t xml:space="preserve">« Un établi </w:t></w:r><w:del w:id="1" w:author="x"><w:r><w:delText>hors de prix </w:delText></w:r></w:del>'
    '<w:ins w:id="2" w:author="x"><w:r><w:t>abordable, et des voisins qui prêtent leurs outils sans compter. »</w:t></w:r></w:ins></w:p>'
)


def patched(path: Path, parts: list[Part], more: str) -> Document:
    """A docx with XML of our own before the end of its body."""
    path.write_bytes(CONVERTERS["docx"](parts))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = members["word/document.xml"].replace(b"<w:sectPr", more.encode() + b"<w:sectPr", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return read(path)


def test_a_text_box_is_read_once_and_paragraph_by_paragraph(tmp_path) -> None:
    inner = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in (f"« {SAID[1]} »", "Gaspard Lenormand, apiculteur"))
    document = patched(tmp_path / "box.docx", [Part("h1", "Paroles de membres")], BOX.format(inner))
    assert [document.text[block.start : block.end] for block in document.blocks][1:] == [f"« {SAID[1]} »", "Gaspard Lenormand, apiculteur"]
    assert [(one.speaker, one.role, one.text) for one in segment(document)] == [("Gaspard Lenormand", "apiculteur", SAID[1])]


def test_what_a_revision_took_out_is_not_read(tmp_path) -> None:
    document = patched(tmp_path / "revised.docx", [Part("h1", "Paroles"), Part("h2", "Odette Brichet, comptable")], REVISED)
    (one,) = segment(document)
    assert one.text == "Un établi abordable, et des voisins qui prêtent leurs outils sans compter."


WRITTEN = [
    path for path in sorted((Path(__file__).parents[1] / "segmentation" / "documents").iterdir()) if path.suffix in (".md", ".txt", ".html")
]


def parts_of(document: Document) -> list[Part]:
    """What the converters can write of a document; nothing where that is not all."""
    kinds = {"quote": "quote", "paragraph": "p", "heading": "h2"}
    blocks = [block for block in document.blocks if block.kind not in ("boilerplate", "code", "caption")]
    if document.record is not None or not all(block.kind in kinds for block in blocks):
        return []
    if any(one.kind == other.kind == "quote" and one.group != other.group for one, other in pairwise(blocks)):
        return []  # only markup tells two block quotations from one
    parts = []
    for block in blocks:
        bold = block.kind == "paragraph" and is_marked(document, ("bold",), block.start, block.end)
        kind = "bold" if bold else "h1" if block.kind == "heading" and block.level <= 1 else kinds[block.kind]
        parts.append(Part(kind, " ".join(document.text[block.start : block.end].split())))
    return parts


def said(parts: list[Part], name: str, folder: Path) -> list[tuple[str | None, str | None, str]]:
    path = folder / f"document.{name}"
    path.write_bytes(CONVERTERS[name](parts))
    return [(one.speaker, one.role, " ".join(one.text.split())) for one in segment(read(path))]


def test_documents_of_many_forms_say_the_same_in_every_format(tmp_path) -> None:
    same = {"docx": [], "odt": [], "pdf": [], "columns.pdf": []}
    for path in WRITTEN:
        items = [item for item in readers.read(path) if isinstance(item, Document)]
        if len(items) == 1 and (parts := parts_of(items[0])):
            expected = said(parts, "html", tmp_path)
            for name, found in same.items():
                found.append((path.name, said(parts, name, tmp_path) == expected))
    assert len(same["docx"]) >= 40
    for name in ("docx", "odt"):
        assert [document for document, right in same[name] if not right] == []
    # Print does not show that a quotation is one where no prose stands beside it, nor every other sign.
    for name in ("pdf", "columns.pdf"):
        assert sum(right for _, right in same[name]) >= 0.95 * len(same[name]), [document for document, right in same[name] if not right]


def test_print_shows_what_is_bold(tmp_path) -> None:
    path = tmp_path / "bold.pdf"
    path.write_bytes(to_pdf([Part("bold", "Yasmina Ferhat, relieuse"), *(Part("p", words) for words in SAID)]))
    document = read(path)
    assert [document.text[mark.start : mark.end] for mark in document.marks if mark.kind == "bold"] == ["Yasmina Ferhat, relieuse"]
