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
        ('[[documents]]\nignore = ["a", 3]\n', ":2: ignore must be a list of texts, found 3"),
        ('[[documents]]\nignore = "a"\n', ":2: ignore must be a list of texts, found 'a'"),
        ('[[documents]]\nskip = "oui"\n', ":2: skip must be true or false, found 'oui'"),
        ("[[documents]]\ndate = 3\n", ":2: date must be a text or a date, found 3"),
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


EVERY = """
[[documents]]
files = "avis.md"
layout = "quotations"
speaker = "Zoé Roy"
role = "relieuse"
space = "Le Four"
about = "La Halle"
date = 2024-03-01
"""


def test_each_thing_said_is_overridden_and_an_empty_text_says_that_there_is_none(tmp_path) -> None:
    words = "Un lieu où l'on respire, enfin, après tant d'années."
    path = write(tmp_path / "avis.md", f"# Avis\n\n« {words} », dit Odile Brun, potière du Coworking Ath.\n")
    (document,) = documents(path, Hints())
    (one,) = segment(document, hints=hints_of(tmp_path, EVERY))
    assert (one.speaker, one.role, one.space, one.about, one.date) == ("Zoé Roy", "relieuse", "Le Four", "La Halle", "2024-03-01")
    assert {item.origin for item in one.evidence} == {"hint"}
    (nobody,) = segment(document, hints=hints_of(tmp_path, '[[documents]]\nspeaker = ""\nrole = ""\n'))
    assert (nobody.speaker, nobody.role, nobody.space) == (None, None, "Coworking Ath")


def test_the_command_finds_the_hints_of_the_corpus_and_says_which_holds(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    hints_of(tmp_path, '[[documents]]\nfiles = "entretiens/*"\nlayout = "interview"\nspeaker = "Zoé"\n')
    write(tmp_path / "entretiens" / "a.md", "Comment êtes-vous venue ?\n\nPar hasard.\n\nEt depuis ?\n\nJe suis restée.\n")
    write(tmp_path / "entretiens" / "b.md", "Rien de tel ici.\n")
    assert main(["segment", "entretiens/a.md"]) == 0
    said = capsys.readouterr().out
    assert "layout = 'interview', speaker = 'Zoé'" in said
    assert "text: Par hasard. Je suis restée." in said
    assert "= kept: interview" in said
    assert main(["segment", "entretiens/b.md"]) == 0
    assert "interview: asked for by a hint, finds nothing here" in capsys.readouterr().out


def test_the_command_takes_the_columns_of_a_table(tmp_path, capsys) -> None:
    path = write(tmp_path / "a.csv", "Dit;Qui;Ville\nLe chauffage est en panne;Léa;Die\n")
    assert main(["segment", str(path), "--text-column", "Dit", "--speaker-column", "Qui"]) == 0
    assert "speaker: Léa  ← field Qui" in capsys.readouterr().out
    assert main(["segment", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_the_short_name_of_a_space_after_a_role(tmp_path) -> None:
    text = (
        "# Visite\n\n« On y vient pour le silence et on y reste pour les gens », raconte Élodie Garnier, relieuse au Mas du Cheval.\n\n"
        "« Le chauffage ne marche pas les lundis, et personne ne nous prévient », regrette Paul Vial, gérant du Mas.\n"
    )
    (document,) = documents(write(tmp_path / "v.md", text), Hints())
    found = segment(document)
    assert [(one.role, one.space) for one in found] == [("relieuse", "Mas du Cheval"), ("gérant", "Mas du Cheval")]
    for one in found:
        for evidence in one.evidence:
            assert document.text[evidence.start : evidence.end] == getattr(one, evidence.attribute)
