"""A grammar of layouts: forms × formats × defects, each generated small document understood right."""

import itertools
from pathlib import Path

import pytest

from testimony import readers
from testimony.segmentation import segment
from testimony.types import Document

PEOPLE = [
    ("Samia Belhadj", "responsable", "Coworking Bellerive"),
    ("Olivier Maréchal", "menuisier", None),
    ("Anne-Claire Dufour", "formatrice", None),
]
WORDS = [
    "Je suis arrivée ici par hasard et je n'en suis jamais repartie, tant l'équipe est chaleureuse.",
    "Le loyer a beaucoup augmenté cette année et personne ne nous a consultés avant de décider.",
    "Nos ateliers du jeudi attirent du monde, même si la salle du fond reste trop bruyante.",
]
MORE = [
    "Pour ma part, j'y ai trouvé des amis et deux clients en six mois.",
    "On pourrait au moins afficher les comptes à l'entrée, cela calmerait les esprits.",
    "Je propose qu'on ferme cette porte, tout simplement, et qu'on en reparle.",
]
MARKS = {"guillemets": "« {} »", "insécables": "«\u00a0{}\u00a0»", "courbes": "“{}”", "droites": '"{}"', "sans fin": "« {}"}


def said(name: str, role: str, space: str | None) -> str:
    return f"{name}, {role} du {space}" if space else f"{name}, {role}"


def headed(quoted: str, fmt: str) -> str:
    head, foot = {"md": ("## {}", ""), "bold": ("**{}**", ""), "html": ("<h3>{}</h3>", ""), "txt": ("{}", "")}[fmt], ""
    parts = ["# Témoignages" if fmt in ("md", "bold") else "<h1>Témoignages</h1>" if fmt == "html" else "Témoignages des participants"]
    for person, words in zip(PEOPLE, WORDS, strict=True):
        body = quoted.format(words)
        parts += [head[0].format(said(*person)), f"<p>{body}</p>" if fmt == "html" else body]
    return "\n\n".join(parts) + foot


def blockquoted(fmt: str) -> str:
    parts = ["# Paroles de membres"]
    for person, words in zip(PEOPLE, WORDS, strict=True):
        first, second = " ".join(words.split()[:8]), " ".join(words.split()[8:])
        body = {
            "md": f"> {words}",
            "lazy": f"> {first}\n{second}",
            "html": f"<blockquote><p>{words}</p></blockquote>",
            "list": f"1. > {words}",
        }[fmt]
        parts += [f"## {said(*person)}", body]
    return "\n\n".join(parts)


def signed(quoted: str, dash: str, same_block: bool) -> str:
    parts = ["# Livre d'or"]
    for (name, role, space), words in zip(PEOPLE, WORDS, strict=True):
        place = f", {space}" if space else ""
        parts.append(f"{quoted.format(words)}{chr(10) if same_block else chr(10) * 2}{dash} {name}, {role}{place}")
    return "\n\n".join(parts)


def turns(colon: str, mark: str) -> str:
    lines = ["# Table ronde"]
    for number, ((name, role, _), words) in enumerate(zip(PEOPLE * 2, WORDS + MORE, strict=True)):
        label = f"{name}, {role}" if number < 3 else name.split()[0]
        lines.append(f"{mark}{label}{mark}{colon}{words}")
    return "\n\n".join(lines)


def interview(question: str) -> str:
    asked = ["Comment êtes-vous arrivée ici ?", "Qu'est-ce qui vous pèse ?", "Et demain, que voyez-vous ?"]
    answers = [
        f"{words} {more}"
        for words, more in zip(WORDS, ["J'y ai appris mon métier.", "C'est dommage pour les plus jeunes.", "J'ai confiance."], strict=True)
    ]
    pairs = "\n\n".join(f"{question.format(q)}\n\n{a}" for q, a in zip(asked, answers, strict=True))
    return f"# Entretien avec Samia Belhadj, responsable du Coworking Bellerive\n\nNous l'avons rencontrée un mardi.\n\n{pairs}"


def incised(quoted: str, verb: str) -> str:
    lines = ["# Reportage", "La grande salle se remplit peu à peu."]
    lines += [f"{quoted.format(words.rstrip('.'))}, {verb} {name}, {role}." for (name, role, _), words in zip(PEOPLE, WORDS, strict=True)]
    return "\n\n".join(lines)


def read(text: str, suffix: str, folder: Path) -> Document:
    path = folder / f"document{suffix}"
    path.write_text(text, "utf-8")
    (document,) = (item for item in readers.read(path) if isinstance(item, Document))
    return document


CASES = [
    *((f"headed {fmt} {mark}", headed(quoted, fmt), ".html" if fmt == "html" else ".txt" if fmt == "txt" else ".md")
      for fmt, (mark, quoted) in itertools.product(("md", "bold", "html", "txt"), MARKS.items())),
    *((f"blockquoted {fmt}", blockquoted(fmt), ".md") for fmt in ("md", "lazy", "html", "list")),
    *((f"signed {mark} {dash} {same}", signed(quoted, dash, same), suffix)
      for (mark, quoted), dash, same, suffix in itertools.product(
          ((m, q) for m, q in MARKS.items() if m != "sans fin"), ("—", "–", "-- "), (True, False), (".txt", ".md"))
      if not (dash == "-- " and suffix == ".md")),
    *((f"incise {mark} {verb} {suffix}", incised(quoted, verb), suffix)
      for (mark, quoted), verb, suffix in itertools.product(
          ((m, q) for m, q in MARKS.items() if m != "sans fin"),
          ("raconte", "explique", "confie", "regrette", "souligne", "s'enthousiasme", "témoigne", "a expliqué"), (".md", ".txt"))),
]  # fmt: skip
TURNS = [(f"turns {colon!r} {mark!r} {suffix}", turns(colon, mark), suffix)
         for colon, mark, suffix in itertools.product((" : ", ": ", "\u00a0: "), ("", "**", "*"), (".md",))]  # fmt: skip
TURNS += [(f"turns {colon!r} txt", turns(colon, ""), ".txt") for colon in (" : ", ": ")]
INTERVIEWS = [
    (f"interview {question}", interview(question), ".md") for question in ("**{}**", "### {}", "###{}", "## {}", "*{}*", "- **{}**")
]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) + len(TURNS) + len(INTERVIEWS) + len(NOTHING) >= 150


@pytest.mark.parametrize(("text", "suffix"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_speaker_with_the_exact_words(text, suffix, tmp_path) -> None:
    found = segment(read(text, suffix, tmp_path))
    assert [one.speaker for one in found] == [name for name, _, _ in PEOPLE]
    assert [" ".join(one.text.split()).rstrip(".") for one in found] == [words.rstrip(".") for words in WORDS]
    assert [one.role for one in found] == [role for _, role, _ in PEOPLE]
    if not text.startswith("# Reportage"):
        assert found[0].space == "Coworking Bellerive"
    assert all(one.confidence >= 0.5 and one.rule for one in found)


@pytest.mark.parametrize(("text", "suffix"), [case[1:] for case in TURNS], ids=[case[0] for case in TURNS])
def test_turns_keep_one_identity_per_speaker(text, suffix, tmp_path) -> None:
    found = segment(read(text, suffix, tmp_path))
    assert [one.speaker for one in found] == [name for name, _, _ in PEOPLE] * 2
    assert [one.text for one in found] == WORDS + MORE
    assert {one.role for one in found} == {role for _, role, _ in PEOPLE}


@pytest.mark.parametrize(("text", "suffix"), [case[1:] for case in INTERVIEWS], ids=[case[0] for case in INTERVIEWS])
def test_an_interview_is_one_testimonial_without_its_questions(text, suffix, tmp_path) -> None:
    (one,) = segment(read(text, suffix, tmp_path))
    assert one.speaker == "Samia Belhadj"
    assert one.role == "responsable"
    assert one.space == "Coworking Bellerive"
    assert one.text.startswith("Je suis arrivée ici")
    assert one.text.endswith("J'ai confiance.")
    assert "?" not in one.text


NOTHING = {
    "participants": "# Rencontres\n\n- Samia Belhadj, responsable du Coworking Bellerive\n- Olivier Maréchal, menuisier\n",
    "roles": "# Intervenants\n\n- Samia Belhadj : responsable du Coworking Bellerive\n- Olivier Maréchal : menuisier à Bellerive\n- Anne Dufour : formatrice\n",
    "promotion": "# Bellerive\n\nUn espace de 400 m² au cœur de la ville. Des bureaux dès 150 € par mois. Réservez votre visite.\n",
    "scare quotes": "# Bilan\n\nLe « coworking » reste une idée neuve ; la « Cantine » et le « Labo » y contribuent, tout comme le label « Tiers-lieu ».\n",
    "programme": "# Programme\n\n- 9 h 30 : accueil\n- 10 h : table ronde « Vivre et travailler au pays »\n- 14 h : ateliers « Budget » ou « Accueil »\n",
    "counts": "# Résultats\n\n« Très satisfait » : 42 %\n\n« Satisfait » : 31 %\n\n« Pas du tout satisfait » : 8 %\n",
    "note": "# Règlement\n\nNote : les salles sont fermées le dimanche. Attention : le code change le lundi. Horaire : 9 h à 18 h.\n",
}


@pytest.mark.parametrize("name", NOTHING)
def test_documents_without_testimonials_give_none(name, tmp_path) -> None:
    assert segment(read(NOTHING[name], ".md", tmp_path)) == []


def test_a_first_person_article_is_its_author_s(tmp_path) -> None:
    body = " ".join(
        f"Je me souviens du jour {n} : j'avais froid, mais mes voisins m'ont aidée et nous avons ri ensemble." for n in range(8)
    )
    (one,) = segment(read(f"---\ntitle: Un an\nauthor: Marion Estève\n---\n\n{body}\n", ".md", tmp_path))
    assert one.speaker == "Marion Estève"
    assert one.rule == "first-person article"
    assert one.evidence[0].origin == "metadata"


def test_a_pull_quote_counts_once(tmp_path) -> None:
    text = f"# Portrait\n\n« {WORDS[0]} », raconte Samia Belhadj, gérante.\n\n> {WORDS[0]}\n\nLa suite est connue.\n"
    assert len(segment(read(text, ".md", tmp_path))) == 1


def test_an_incise_does_not_cut_a_testimonial_in_two(tmp_path) -> None:
    text = "# Portrait\n\n« Le matin tout est calme », raconte Samia Belhadj, gérante. « L'après-midi, il y a du passage et je mets mon casque. »\n"
    (one,) = segment(read(text, ".md", tmp_path))
    assert len(one.segments) == 2
    assert "raconte" not in one.text


def test_anne_is_not_anne_catherine(tmp_path) -> None:
    text = ("# Groupes\n\n« Nous tenons les comptes à deux, chaque semaine », explique Anne Balard, trésorière.\n\n"
            "« Le bulletin part six fois par an, sans faute », ajoute Anne-Catherine Fombel, rédactrice.\n")  # fmt: skip
    assert [one.speaker for one in segment(read(text, ".md", tmp_path))] == ["Anne Balard", "Anne-Catherine Fombel"]


def test_evidence_points_at_the_words_that_say_who_speaks(tmp_path) -> None:
    document = read(headed("« {} »", "md"), ".md", tmp_path)
    for one in segment(document):
        for evidence in one.evidence:
            assert document.text[evidence.start : evidence.end] == getattr(one, evidence.attribute)


SHORT = {
    "paragraphs of their own": "{q}\n\n{a}",
    "numbers": "1. {q}\n\n{a}",
    "bold, answer below": "**{q}**\n{a}",
}


@pytest.mark.parametrize("form", SHORT)
def test_two_questions_are_an_interview_where_the_document_says_so(form, tmp_path) -> None:
    asked = ("Comment êtes-vous arrivé ici ?", "Et que changeriez-vous ?")
    body = "\n\n".join(SHORT[form].format(q=question, a=words) for question, words in zip(asked, WORDS, strict=False))
    (one,) = segment(read(f"Entretien avec Olivier Maréchal, menuisier, mars 2024\n\n{body}\n", ".md", tmp_path))
    assert (one.speaker, one.role) == ("Olivier Maréchal", "menuisier")
    assert one.text.split("\n\n") == WORDS[:2]


TOLD = (
    "Je suis arrivée ici il y a un an, après un licenciement. J'avais peur de ne connaître personne, et je ne savais pas si j'allais tenir.\n\n"
    "Au début, je venais deux jours par semaine. On m'a prêté un casque, un coin de table et une clé. J'ai rencontré mes premiers clients ici.\n\n"
    "Aujourd'hui je partage un bureau avec une illustratrice. Ce qui me manque ? Une salle pour téléphoner. Mais je reste, et mes voisins aussi."
)
AUTHORED = {
    "front matter": (".md", "---\ntitle: Mon année\nauthor: Lise Morvan\n---\n\n{}"),
    "line under the title": (".txt", "Mon année au coworking\npar Lise Morvan, graphiste\n\n{}"),
    "by-line with a date": (".html", "<h1>Mon année</h1><p>Par <a href='#'>Lise Morvan</a>, le 3 mai 2024</p><div>{}</div>"),
    "signature": (".txt", "Mon année au coworking\n\n{}\n\nLise Morvan"),
    "lead": (".md", "# Mon année\n\n*Graphiste à Ath, Lise Morvan raconte sa première année dans un espace partagé.*\n\n{}"),
}


@pytest.mark.parametrize("form", AUTHORED)
def test_who_tells_a_story_of_their_own(form, tmp_path) -> None:
    suffix, page = AUTHORED[form]
    words = "".join(f"<p>{part}</p>" for part in TOLD.split("\n\n")) if suffix == ".html" else TOLD
    (one,) = segment(read(page.format(words), suffix, tmp_path))
    assert one.speaker == "Lise Morvan"
    assert one.role in (None, "graphiste", "Graphiste à Ath")
    assert one.text == TOLD
