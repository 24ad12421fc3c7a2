"""What a user says about a corpus overrides what the layouts find; a wrong hints file is one clear line."""

from pathlib import Path

import pytest

from testimony import readers
from testimony.cli import main
from testimony.errors import CodebookError
from testimony.readers import Columns
from testimony.segmentation import segment
from testimony.segmentation.hints import Hints
from testimony.spaces import Registry, Space
from testimony.types import Document

NOTE = (
    "# Réunion\n\n## Sommaire\n\nUne page de titres.\n\n## Et alors ?\n\nJe viens pour le pain.\n\n## Et ensuite ?\n\nJe repars contente.\n"
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def documents(path: Path, hints: Hints) -> list[Document]:
    return [item for item in readers.read(path, columns=hints.columns(str(path), Columns())) if isinstance(item, Document)]


def hints_of(folder: Path, text: str) -> Hints:
    return Hints.load(write(folder / "testimony.toml", text))


def test_a_folder_is_interviews_and_a_section_is_ignored(tmp_path) -> None:
    path = write(tmp_path / "entretiens" / "note.md", NOTE)
    (document,) = documents(path, Hints())
    assert segment(document) == []
    hints = hints_of(tmp_path, '[[documents]]\nfiles = "entretiens/*"\nlayout = "interview"\nspeaker = "Zoé"\nignore = ["Sommaire"]\n')
    (one,) = segment(document, hints=hints)
    assert one.text == "Je viens pour le pain.\n\nJe repars contente."
    assert one.speaker == "Zoé"
    assert [item.origin for item in one.evidence if item.attribute == "speaker"] == ["hint"]


def test_a_column_is_the_speaker(tmp_path) -> None:
    path = write(tmp_path / "a.csv", "Dit;Qui;Ville\nLe chauffage est en panne;Léa;Die\nMerci pour le pain;Bob;Die\n")
    hints = hints_of(tmp_path, '[[documents]]\nfiles = "a.csv"\ntext_column = "Dit"\nspeaker_column = ["Qui"]\n')
    found = [one for document in documents(path, hints) for one in segment(document, hints=hints)]
    assert [(one.speaker, one.text) for one in found] == [("Léa", "Le chauffage est en panne"), ("Bob", "Merci pour le pain")]


def test_whole_and_skip(tmp_path) -> None:
    path = write(tmp_path / "note.md", NOTE)
    (document,) = documents(path, Hints())
    (one,) = segment(document, hints=Hints().with_whole())
    assert one.rule == "whole document"
    assert one.text.startswith("Réunion")
    assert one.text.endswith("Je repars contente.")
    assert segment(document, hints=hints_of(tmp_path, '[[documents]]\nfiles = "note.md"\nskip = true\n').with_whole()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[documents]]\nlayuot = "turns"\n', ":2: unknown key 'layuot'"),
        ('[[documents]]\nlayout = "chanson"\n', ":2: no layout 'chanson'"),
        ("[[documents]]\nspeaker = 3\n", ":2: speaker must be a text"),
        ("[[documents]]\nspeaker_column = 3\n", ":2: speaker_column must be a text or a list of texts"),
        ("documents = 4\n", "documents must be tables"),
        ("[[documents\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what(text, said, tmp_path) -> None:
    with pytest.raises(CodebookError, match=".*") as caught:
        hints_of(tmp_path, text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_says_what_was_found_and_why(tmp_path, capsys) -> None:
    path = write(tmp_path / "avis.md", "# Avis\n\n> Un lieu où l'on respire, enfin, après tant d'années.\n\n— Odile Brun, potière\n")
    assert main(["segment", str(path)]) == 0
    said = capsys.readouterr().out
    assert "speaker: Odile Brun  ← text" in said
    assert "role: potière" in said
    assert "confidence" in said


def test_one_space_has_one_name(tmp_path) -> None:
    text = (
        "# Portraits\n\n« Le four marche au bois, et cela change la journée », explique Paul Vial, gérant du Coworking Four à Pain.\n\n"
        "« Nous y déjeunons tous les jeudis, par tous les temps », ajoute Anna Roche, présidente du Four à Pain.\n"
    )
    (document,) = documents(write(tmp_path / "p.md", text), Hints())
    registry = Registry((Space(name="Le Four à Pain", aliases=("FAP",)),))
    assert {one.space for one in segment(document, registry=registry)} == {"Le Four à Pain"}
    assert len({one.space for one in segment(document)}) == 1
