"""The lexicon finds words, expressions and patterns with gaps, and says clearly what is wrong with a file."""

import time
from pathlib import Path

import pytest

from testimony.accents import without_accents
from testimony.errors import CodebookError
from testimony.lexicon import Entry, Lexicon
from testimony.words import cut_words, tokenize


def found(text: str, words: list[Entry] | None = None, expressions: list[Entry] | None = None) -> list[tuple[str, int]]:
    read = tokenize(text)
    (hits,) = Lexicon(words or [], expressions or []).match(cut_words((text,)))
    return [(" ".join(read.forms[i] for i in hit.at), hit.entry.polarity) for hit in hits]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("J’y étais, aujourd'hui !", ["j'", "y", "étais", ",", "aujourd'", "hui", "!"]),
        ("fier·ères et content⋅es", ["fier", "et", "content"]),
        ("rendez-vous - ici", ["rendez", "vous", "-", "ici"]),
        ("troooop bien :-) 👍🏽", ["trop", "bien", ":-)", "👍", "🏽"]),
        ("3,5 h… !!", ["3,5", "h", "…", "!!"]),
        ("Tout est sur https://bureaux-bien.fr/tarifs.", ["tout", "est", "sur", "://", "."]),
        ("(www.super-lieu.be), ou marc.bon@free.fr :/", ["(", "://", ")", ",", "ou", "://", ":/"]),
        ("motivé@s.Merci", ["motivé", "@", "s", ".", "merci"]),
        ("", []),
        ("_ _", []),
    ],
)
def test_tokenize(text: str, forms: list[str]) -> None:
    assert tokenize(text).forms == forms


def test_offsets_point_at_the_words_as_written() -> None:
    text = "😀 L’équipe, ﬁère et ravie…"
    words = tokenize(text)
    assert [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)] == [
        "😀",
        "L’",
        "équipe",
        ",",
        "ﬁère",
        "et",
        "ravie",
        "…",
    ]


@pytest.mark.parametrize(
    "unit",
    ["'", "a-", "·", "a·", ":-", ".", "a.", "a", "a@", "a@a.", "a.a@a.", "www.", "http://.", "https://a/", "https://a)... ", "a.fr/."],
)
def test_tokenize_is_linear_on_adversarial_text(unit: str) -> None:
    start = time.perf_counter()
    tokenize(unit * (200_000 // len(unit)))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("à fuir", "Un endroit à fuir.", "à fuir"),
        ("à fuir", "Il faut fuir à Namur.", None),
        ("n'hésiter pas", "N’hésitez pas !", "n' hésitez pas"),
        ("bon|belle idée", "Une belle idée.", "belle idée"),
        ("manquer de? temps", "On manque de temps.", "manque de temps"),
        ("manquer de? temps", "Je manque temps.", "manque temps"),
        ("laisser … désirer", "L'accueil laisse vraiment beaucoup à désirer.", "laisse désirer"),
        ("laisser …1 désirer", "L'accueil laisse vraiment beaucoup à désirer.", None),
        ("laisser … désirer", "On laisse faire. À désirer ?", None),
        ("rendez-vous", "J'ai rendez-vous lundi.", "rendez vous"),
    ],
)
def test_patterns(pattern: str, text: str, expected: str | None) -> None:
    hits = [hit for hit in found(text, [Entry("joli", 2)], [Entry(pattern, -2)]) if hit[1] == -2]
    assert hits == ([(expected, -2)] if expected else [])


def test_the_longest_expression_wins_and_hides_its_words() -> None:
    words = [Entry("bien", 1), Entry("sûr", 1)]
    expressions = [Entry("bien sûr", 0), Entry("bien sûr que non", -1)]
    assert found("Bien sûr que non, c'est bien.", words, expressions) == [("bien sûr que non", -1), ("bien", 1)]


def test_inflected_and_unaccented_spellings_are_found() -> None:
    words = [Entry("déçu", -2), Entry("génial", 3)]
    assert found("Elles sont deçues… non, déçues, mais c'etait genial", words) == [("deçues", -2), ("déçues", -2), ("genial", 3)]


def test_a_silent_form_hides_its_lemma() -> None:
    words = [Entry("nuire", -2), Entry("nuit", 0, silent=True)]
    assert found("La nuit, cela nuirait.", words) == [("nuirait", -2)]


def test_part_of_speech_decides_where_it_is_known() -> None:
    lexicon = Lexicon([Entry("bien", 1, pos="ADV")], [])
    words = cut_words(("un bien",))
    assert not lexicon.match(words, ["DET", "NOUN"])[0]
    assert lexicon.match(words, ["DET", "ADV"])[0]


def test_accents_are_dropped() -> None:
    assert without_accents("déçue à l'été") == "decue a l'ete"


def test_the_shipped_lexicon_is_large_and_sane() -> None:
    lexicon = Lexicon.load()
    assert len(lexicon) >= 12_000
    assert len(lexicon.expressions) >= 2_500
    assert {entry.polarity for entry in lexicon.words} == set(range(-3, 4))
    strong = {theme for entry in lexicon.words for theme, sure in entry.themes if sure}
    assert {"communaute", "modele_economique"} <= strong


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_file_added_later_only_adds(tmp_path: Path) -> None:
    write(tmp_path, "lexicon.tsv", "lemma\tpolarity\tthemes\n# a comment\njoli\t2\tamenagement,communaute?\n")
    write(tmp_path, "lexicon-more.tsv", "lemma\tpolarity\njoli\t-3\nlaid\t-2\npeut-être\t0\n")
    lexicon = Lexicon.load(tmp_path)
    assert [(entry.pattern, entry.polarity) for entry in lexicon.words] == [("joli", 2), ("laid", -2)]
    assert lexicon.words[0].themes == (("amenagement", True), ("communaute", False))
    assert [entry.pattern for entry in lexicon.expressions] == ["peut-être"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mot\tpolarity\n", "first line must name"),
        ("lemma\tpolarity\njoli\t4\n", "lexicon.tsv:2: expected a lemma and a polarity from -3 to 3"),
        ("lemma\tpolarity\n\t1\n", "lexicon.tsv:2"),
        ("polarity\tlemma\n1\n", "lexicon.tsv:2"),
        ("", "first line must name"),
        ("# words\npattern\tpolarity\n\n… …2\t1\n", "expressions.tsv:4: the pattern"),
        ("pattern\tpolarity\nbon …x lieu\t1\n", "expressions.tsv:2: the pattern"),
    ],
)
def test_a_wrong_file_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, "expressions.tsv" if message.startswith("expressions") else "lexicon.tsv", text)
    with pytest.raises(CodebookError, match=message) as caught:
        Lexicon.load(tmp_path)
    assert "\n" not in str(caught.value)
