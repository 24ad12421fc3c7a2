"""Patterns looked for together are found where each would be found by looking at every word."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from testimony import patterns
from testimony.patterns import Matcher, PatternError, parse
from testimony.phrases import Items, Phrases, side_by_side
from testimony.words import Words, cut_words

WORD = st.sampled_from("un bon lieu calme et partager trop".split())
SENTENCE = st.lists(st.one_of(WORD, st.sampled_from([",", "."])), max_size=10).map(" ".join)
ITEM = st.one_of(WORD, st.sampled_from(["bon|calme", "part*", "et?", "…", "…1", "…5"]))


def looked_for_everywhere(items: Items, words: Words) -> list[tuple[int, ...]]:
    """Try a pattern at every word."""
    anchor = patterns._anchor(items)
    found = []
    for place, (form, lemma) in enumerate(words.keys):
        plain = side_by_side(items)
        at = patterns.match_plain(items, place - anchor, words) if plain else patterns._match(items, anchor, place, words)
        if at is not None and items[anchor].fits(form, lemma):
            found.append(at)
    return found


@settings(deadline=None)
@given(st.lists(st.lists(ITEM, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5), st.lists(SENTENCE, max_size=4))
def test_patterns_looked_for_together_are_found_where_each_would_be(written: list[str], texts: list[str]) -> None:
    parsed = []
    for pattern in written:
        with suppress(PatternError):
            parsed.append(parse(pattern))
    sentences = cut_words(tuple(texts))
    together = Matcher([(items, number) for number, items in enumerate(parsed)]).find(sentences)
    for words, hits in zip(sentences.words, together, strict=True):
        assert sorted(hits) == sorted((at, number) for number, items in enumerate(parsed) for at in looked_for_everywhere(items, words))


def test_a_pattern_is_told_by_its_anchor() -> None:
    phrases = Phrases([parse("partager …2 lieu"), parse("calme")], [1, 0])
    sentences = cut_words(("Nous partagerons un bon lieu calme.", "Un lieu ; il partage le calme."))
    assert list(phrases.places(sentences)) == [(0, 0, 4), (1, 0, 5), (1, 1, 6)]
