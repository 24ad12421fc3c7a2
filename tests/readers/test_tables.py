"""Tables and records as people make them: forms, exports, titles above, no names at all."""

import json

import pytest

from testimony import readers
from testimony.segmentation import segment
from testimony.types import Document

LIKED = "Un lieu chaleureux où l'on apprend beaucoup des autres, même si le café est froid."
MISSED = "Il faudrait plus de cabines pour téléphoner, on s'entend mal dans la grande salle."
BOTH = [("Lise Morvan", "graphiste", "La Ruche", LIKED), ("Lise Morvan", "graphiste", "La Ruche", MISSED)]
WORDS = [(None, None, None, LIKED), (None, None, None, MISSED)]

CASES = {
    "form.csv": (
        'Horodateur,Votre nom,Votre métier,Votre espace,"Qu\'avez-vous apprécié ?","Que faudrait-il améliorer ?"\n'
        f'2025/03/04 10:12:11,Lise Morvan,graphiste,La Ruche,"{LIKED}","{MISSED}"\n',
        BOTH,
    ),
    "two comments.csv": (
        "Nom et prénom;Métier;Nom de l'espace;Commentaire positif;Commentaire négatif;Adresse\n"
        f"Lise Morvan;graphiste;La Ruche;{LIKED};{MISSED};12 rue des Lilas, 44000 Nantes, France\n",
        BOTH,
    ),
    "one comment and a question.csv": (
        f"Nom;Métier;Espace;Avis;Et que manque-t-il ?\nLise Morvan;graphiste;La Ruche;{LIKED};{MISSED}\n",
        BOTH,
    ),
    "excel.csv": (f"sep=;\nNom;Métier;Espace;Avis\nLise Morvan;graphiste;La Ruche;{LIKED}\n", BOTH[:1]),
    "title above.csv": (f"Enquête 2024;;;\n;;;\nNom;Métier;Espace;Avis\nLise Morvan;graphiste;La Ruche;{LIKED}\n", BOTH[:1]),
    "no names.csv": (
        f"Lise Morvan;graphiste;{LIKED}\nPaul Dorn;menuisier;{MISSED}\n",
        [("Lise Morvan", "graphiste", None, LIKED), ("Paul Dorn", "menuisier", None, MISSED)],
    ),
    "words alone.csv": (f"{LIKED}\n{MISSED}\n", WORDS),
    "one column.csv": (f"Verbatim\n{LIKED}\n{MISSED}\n", WORDS),
    "list.json": (json.dumps([LIKED, MISSED]), WORDS),
    "nested list.yaml": (f'paroles:\n  libres:\n    - "{LIKED}"\n    - "{MISSED}"\n', WORDS),
    "answers of one person.yaml": (
        f"portraits:\n  - titre: Un an\n    personne: Lise Morvan\n    metier: graphiste\n    lieu: La Ruche\n    entretien:\n"
        f'      - q: "Et ici ?"\n        r: "{LIKED}"\n      - q: "Un manque ?"\n        r: "{MISSED}"\n',
        BOTH,
    ),
    "nested.yaml": (
        f'site:\n  pages:\n    - temoignages:\n        - auteur: {{nom: Morvan, prenom: Lise}}\n          fonction: graphiste\n'
        f'          espace: La Ruche\n          citation: {{fr: "{LIKED}", en: "A warm place."}}\n',
        BOTH[:1],
    ),
}  # fmt: skip


def found(path) -> list[tuple[str | None, str | None, str | None, str]]:
    documents = [item for item in readers.read(path) if isinstance(item, Document)]
    return [(one.speaker, one.role, one.space, one.text) for document in documents for one in segment(document)]


@pytest.mark.parametrize("name", CASES)
def test_who_says_what(name, tmp_path) -> None:
    text, expected = CASES[name]
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert found(path) == expected


def test_a_choice_among_given_answers_is_not_somebody_s_words(tmp_path) -> None:
    path = tmp_path / "survey.csv"
    choices = ["Je viens ici au moins deux fois par semaine", "Je viens ici moins de deux fois par semaine"]
    rows = "".join(f"{choices[number % 2]};{LIKED} Numéro {number}.\n" for number in range(8))
    path.write_text(f"Fréquence;Et alors ?\n{rows}", "utf-8")
    assert [text for *_, text in found(path)] == [f"{LIKED} Numéro {number}." for number in range(8)]


def test_a_large_table_is_cut_below_its_title(tmp_path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("Enquête;\nNom;Avis\n" + "".join(f"Lise;{LIKED} {number}\n" for number in range(7)), "utf-8")
    parts = readers.scan(path, rows=3)
    read = [item.text for part in parts for item in readers.read_part(part) if isinstance(item, Document)]
    assert len(parts) == 3
    assert read == [f"{LIKED} {number}" for number in range(7)]
