"""Many texts are cut as each alone would be, and what words give is found by their numbers, also after all were numbered anew."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony import words
from testimony.words import Key, PerWord, PerWordLists, cut_words, read_distinct, tokenize

TEXTS = st.lists(st.text(alphabet="aàÉ'’-·:;()8D.,!?… \n\t1\ufe0f👍", max_size=30), max_size=6)


@settings(deadline=None)
@given(TEXTS)
def test_texts_cut_together_are_cut_as_each_alone(texts: list[str]) -> None:
    together = cut_words(tuple(texts))
    assert [own.forms for own in together.words] == [tokenize(text).forms for text in texts]
    for text, own in zip(texts, together.words, strict=True):
        written = [text[start:end] for start, end in zip(own.starts, own.ends, strict=True)]
        assert [words.normalize(word) for word in written] == own.keys
    assert together.owners.tolist() == [number for number, own in enumerate(together.words) for _ in own.keys]


def lengths(key: Key) -> tuple[int, bool]:
    return len(key[0]), key[0] != key[1]


def test_what_words_give_is_the_same_after_words_were_numbered_anew(monkeypatch) -> None:
    monkeypatch.setattr(words, "MOST", 3)
    columns, lists = PerWord(lengths, np.int64, np.bool_), PerWordLists(lambda key: [len(key[0])] * (len(key[0]) % 3))
    for text in ("Les chats dorment bien ici", "Nous mangions des pommes", "un", "", "Les chats dorment"):
        sentences = cut_words((text, "oui", text))
        keys = [key for own in sentences.words for key in own.keys]
        sizes, inflected = columns.of(sentences)
        assert list(zip(sizes.tolist(), inflected.tolist(), strict=True)) == [lengths(key) for key in keys]
        values, places = lists.of(sentences)
        wanted = [(len(form), place) for place, (form, _) in enumerate(keys) for _ in range(len(form) % 3)]
        assert list(zip(values.tolist(), places.tolist(), strict=True)) == wanted


def test_few_words_in_endless_pieces_are_forgotten_too(monkeypatch) -> None:
    monkeypatch.setattr(words, "MOST", 10)
    lexemes = cut_words(("!a" * 200,)).lexemes
    assert cut_words(("un deux",)).lexemes is not lexemes
    assert cut_words(("!a" * 200,)).words[0].forms == ["!", "a"] * 200


def test_equal_texts_are_read_once() -> None:
    read: list[str] = []

    def count(sentences: words.Sentences) -> list[int]:
        read.extend(sentences.texts)
        return [len(own.keys) for own in sentences.words]

    lately: dict[str, int] = {}
    assert read_distinct(["un deux", "un", "un deux"], count, lately) == [2, 1, 2]
    assert read_distinct(["trois", "un"], count, lately) == [1, 1]
    assert read == ["un deux", "un", "trois"]
