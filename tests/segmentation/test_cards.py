"""Cards of sites: names and details on lines of their own, words before or after them, quoted or not."""

import itertools

import pytest

from testimony import readers
from testimony.segmentation import segment

PEOPLE = [
    ("Samia Belhadj", "Responsable, La Bobinette"),
    ("Olivier Maréchal", "Menuisier"),
    ("Anne-Claire Dufour", "Formatrice indépendante"),
]
WORDS = [
    "Je suis arrivée ici par hasard et je n'en suis jamais repartie, tant l'équipe est chaleureuse.",
    "Le loyer a beaucoup augmenté cette année et personne ne nous a consultés avant de décider.",
    "Nos ateliers du jeudi attirent du monde, même si la salle du fond reste trop bruyante.",
]
EXPECTED = [
    ("Samia Belhadj", "Responsable", "La Bobinette"),
    ("Olivier Maréchal", "Menuisier", None),
    ("Anne-Claire Dufour", "Formatrice indépendante", None),
]
INTRODUCTION = "Cette page rassemble quelques mots reçus cette année par le réseau, dans leur ordre d'arrivée."
WHERE = {"first": (0, 1, 2), "last": (2, 0, 1)}
TAGS = {"divs": ("div", "div", "p"), "headings": ("h3", "h4", "p"), "strong": ("strong", "em", "p"), "quotes": ("h4", "div", "p")}


def page(where: str, tags: str, introduced: bool) -> str:
    said = "« {} »" if tags == "quotes" else "{}"
    inline = "<p><{0}>{1}</{0}></p>"
    cards = []
    for (name, detail), words in zip(PEOPLE, WORDS, strict=True):
        values = (name, detail, said.format(words))
        parts = [inline.format(tag, value) for tag, value in zip(TAGS[tags], values, strict=True)]
        cards.append("<div>" + "".join(parts[number] for number in WHERE[where]) + "</div>")
    return "<h2>Ils en parlent</h2>" + (f"<p>{INTRODUCTION}</p>" if introduced else "") + "".join(cards)


CASES = [
    (where, tags, introduced)
    for where, tags, introduced in itertools.product(WHERE, TAGS, (False, True))
    if (where, introduced) != ("last", True)
]


@pytest.mark.parametrize(("where", "tags", "introduced"), CASES)
def test_each_card_is_one_testimonial(where, tags, introduced, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(where, tags, introduced), "utf-8")
    (document,) = readers.read(path)
    found = segment(document)
    assert [(one.speaker, one.role, one.space) for one in found] == EXPECTED
    assert [one.text for one in found] == WORDS


def test_lines_of_one_paragraph_are_cards_too(tmp_path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(
        "Ils en parlent\n\n" + "\n\n".join(f"{words}\n{name}\n{detail}" for (name, detail), words in zip(PEOPLE, WORDS, strict=True)),
        "utf-8",
    )
    (document,) = readers.read(path)
    found = segment(document)
    assert [(one.speaker, one.role, one.space, one.text) for one in found] == [
        (*who, words) for who, words in zip(EXPECTED, WORDS, strict=True)
    ]


def test_a_team_and_what_each_does_is_no_testimony(tmp_path) -> None:
    bios = [
        "Samia veille sur les comptes et reçoit les nouveaux venus.",
        "Olivier répare les chaises, les portes et les cœurs.",
        "Anne-Claire prépare les formations de l'automne.",
    ]
    cards = "".join(f"<div><h3>{name}</h3><p>{detail}</p><p>{bio}</p></div>" for (name, detail), bio in zip(PEOPLE, bios, strict=True))
    path = tmp_path / "equipe.html"
    path.write_text(f"<h2>L'équipe</h2>{cards}", "utf-8")
    (document,) = readers.read(path)
    assert segment(document) == []


FORMS = {
    "table.md": "## Témoignages\n\n| Nom | Métier | Ce qu'il en dit |\n|---|---|---|\n{}",
    "signed.md": "## Témoignages\n\n{}",
    "list.html": "<h2>Témoignages</h2><ul>{}</ul>",
    "stars.html": "<h2>Avis</h2>{}",
    "builder.html": "<h2>Ils nous font confiance</h2>{}",
}
ONE = {
    "table.md": "| {name} | {detail} | {words} |\n",
    "signed.md": "*{words}*\n**{name}** – {detail}\n\n",
    "list.html": "<li><p>{words}</p><span>{name}</span> <em>{detail}</em></li>",
    "stars.html": "<div><span>★★★★☆</span><div>{name}</div><div>{detail}</div><div>il y a 2 mois</div><p>{words}</p></div>",
    "builder.html": '<div class="elementor-widget elementor-widget-testimonial"><div>{words}</div><div>{name}</div><div>{detail}</div></div>',
}


@pytest.mark.parametrize("form", FORMS)
def test_other_forms_of_cards(form, tmp_path) -> None:
    path = tmp_path / form
    cards = (ONE[form].format(name=name, detail=detail, words=words) for (name, detail), words in zip(PEOPLE, WORDS, strict=True))
    path.write_text(FORMS[form].format("".join(cards)), "utf-8")
    (document,) = readers.read(path)
    assert [(one.speaker, one.role, one.space, one.text) for one in segment(document)] == [
        (*who, words) for who, words in zip(EXPECTED, WORDS, strict=True)
    ]
