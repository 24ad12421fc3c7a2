"""The polarity model can be fitted anew, the same each time, and labels kept apart from their text find it again."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from testimony.errors import InputError
from testimony.learning.data import LabelledSentence, LabelledText
from testimony.learning.polarity_data import Review, load_review_set, load_reviews
from testimony.learning.polarity_text import lean_of, read_reviews
from testimony.learning.sentiment import Settings, Sources, assemble, cross_validate, fit, prepare
from testimony.learning.sentiment_measures import calibration_error, held_out_domains, toward_themes
from testimony.polarity import POLARITIES, Grammar

SEEDS = {
    "positive": ["Le {} est superbe.", "Merci pour le {} !"],
    "negative": ["Le {} est affreux.", "Le {} ne fonctionne pas."],
    "mixed": ["Le {} est superbe, mais hors de prix.", "Un beau {}, dommage qu'il soit sale."],
    "neutral": ["Le {} est au fond.", "Où est le {} ?"],
}
NOUNS = ["jardin", "bureau", "café", "réseau", "local", "four", "banc", "quai", "hangar", "studio"]
SETTINGS = Settings(folds=3, rare=1, rare_in_reviews=1)


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar.load()


@pytest.fixture(scope="module")
def texts() -> list[LabelledText]:
    return [
        LabelledText(
            id=noun,
            group=noun,
            source=noun,
            kind="written" if number % 2 else "real",
            sentences=tuple(
                LabelledSentence(text=pattern.format(noun), themes={}, polarity=polarity)
                for polarity, two in SEEDS.items()
                for pattern in two
            ),
        )
        for number, noun in enumerate(NOUNS)
    ]


def test_fitting_learns_and_is_deterministic(texts: list[LabelledText], grammar: Grammar) -> None:
    one, two = (fit(texts, grammar=grammar, settings=SETTINGS) for _ in range(2))
    assert one.vocabulary == two.vocabulary
    assert np.array_equal(one.weights, two.weights)
    assert all(np.array_equal(one.arrays[name], two.arrays[name]) for name in one.arrays)
    verdicts = one.read(grammar, [[sentence.text for sentence in text.sentences] for text in texts])
    right = [
        v.polarity == s.polarity for group, text in zip(verdicts, texts, strict=True) for v, s in zip(group, text.sentences, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_the_running_model_judges_whole_texts_as_it_was_fitted(texts: list[LabelledText], grammar: Grammar) -> None:
    reviews = [*reviews_of("jardins", "Superbe !", "Affreux."), *reviews_of("gares", "Une merveille.", "Quel scandale.")]
    prepared = prepare(texts, reviews, grammar, SETTINGS)
    model = assemble(prepared, SETTINGS)
    read = read_reviews(reviews, grammar)
    logits = lean_of(read, prepared.review, prepared.vocabulary, prepared.frequency)
    verdicts = model.read(grammar, [review.text.split(". ") for review in reviews])
    scores = model.overall(verdicts)
    assert all(
        (logit > 0) == (score > 0) == (review.polarity == "positive") for logit, score, review in zip(logits, scores, reviews, strict=True)
    )


def test_cross_validation_judges_unseen_groups(texts: list[LabelledText], grammar: Grammar) -> None:
    prepared = prepare(texts, [], grammar, SETTINGS)
    probabilities = cross_validate(prepared, SETTINGS)
    assert probabilities.shape == (len(prepared.labels), len(POLARITIES))
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert (probabilities.argmax(axis=1) == prepared.labels).mean() > 0.7


def test_a_mask_keeps_sentences_out_of_training(texts: list[LabelledText], grammar: Grammar) -> None:
    prepared = prepare(texts, [], grammar, SETTINGS)
    mask = np.array([group not in NOUNS[:2] for group in prepared.groups])
    assert assemble(prepared, SETTINGS, mask).card["sentences"] == mask.sum()


def reviews_of(domain: str, good: str, bad: str) -> list[Review]:
    return [
        Review(pattern.format(noun), polarity, domain, domain)
        for noun in NOUNS
        for pattern, polarity in ((f"Le {{}}. {good}", "positive"), (f"Le {{}}. {bad}", "negative"))
    ]


def test_what_reviews_teach_judges_whole_texts_of_other_domains(grammar: Grammar) -> None:
    known = [*reviews_of("jardins", "Superbe !", "Affreux."), *reviews_of("gares", "Une merveille.", "Quel scandale.")]
    measured = reviews_of("cafés", "Une réussite.", "Quelle honte.")
    domains = held_out_domains(Sources([], known), measured, grammar, SETTINGS)
    assert set(domains) == {"jardins", "gares", "cafés", "cafés unseen"}
    assert domains["jardins"][0] == domains["cafés"][0] == 1.0


def write_reviews(folder: Path, name: str) -> Path:
    path = folder / f"{name}.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(9):
            file.write(json.dumps({"text": f"Avis {number}", "polarity": POLARITIES[number % 4]}) + "\n")
    return path


def test_reviews_are_read_but_never_the_set_that_is_only_measured_on(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no \\*.jsonl.gz"):
        load_reviews(tmp_path)
    write_reviews(tmp_path, "amazon-books")
    measured = write_reviews(tmp_path, "semeval16-rest-sent")
    reviews = load_reviews(tmp_path)
    assert {review.domain for review in reviews} == {"books"}
    assert {review.polarity for review in reviews} == {"positive", "negative"}
    assert len(reviews) == len(load_review_set(measured)) == 5
    assert len(load_reviews(tmp_path, limit=2)) == 2


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.4, 0.6]])
    assert calibration_error(sure, np.array([0, 0, 1, 0])) == pytest.approx(0.1)
    assert calibration_error(np.eye(2), np.array([0, 1])) == 0.0


def test_the_clauses_of_a_mixed_sentence_tell_the_themes_apart(grammar: Grammar) -> None:
    sentence = LabelledSentence(
        text="Le café est superbe, mais le loyer est affreux.", themes={"café": "positive", "loyer": "negative"}, polarity="mixed"
    )
    text = LabelledText(id="a", group="a", source="a", kind="real", sentences=(sentence,))

    def evidence(said: str, theme: str) -> list[tuple[int, int]]:
        return [(said.index(theme), said.index(theme) + len(theme))]

    found = toward_themes([text], np.array([[0.1, 0.1, 0.7, 0.1]]), grammar, evidence)
    assert {name: figures.accuracy for name, figures in found.items()} == {
        "sentence": 0.0, "clauses": 1.0, "sentence, mixed sentences": 0.0, "clauses, mixed sentences": 1.0,
    }  # fmt: skip
