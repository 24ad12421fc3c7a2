"""The component writes sentence polarity and polarity toward themes, alone or in batches, and survives the disk."""

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from testimony import annotations
from testimony.pipes.sentiment import SentimentComponent
from testimony.polarity import toward

TEXT = "Le jardin est superbe, mais le loyer est exorbitant. On y vient en bus. Quelle honte, cette panne 😡 !"


@pytest.fixture(scope="module")
def nlp() -> Language:
    annotations.register()
    nlp = spacy.blank("fr")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("testimony_sentiment")
    return nlp


def layer(doc: Doc) -> tuple[list[tuple[str, str]], dict[str, object]]:
    group = doc.spans["sentences"]
    return [(span.text, span.label_) for span in group], dict(group.attrs)


def test_sentences_are_labelled_and_explained(nlp: Language) -> None:
    doc = nlp(TEXT)
    spans, attrs = layer(doc)
    assert [label for _, label in spans] == ["mixed", "neutral", "negative"]
    assert "".join(text for text, _ in spans) == TEXT.replace(". ", ".")
    assert set(attrs) == {"scores", "baseline", "irony", "cues", "overall"}
    assert [[TEXT[start:end] for start, end in cues] for cues in attrs["cues"]] == [
        ["superbe", "exorbitant"],
        [],
        ["Quelle honte", "panne 😡"],
    ]
    assert doc._.polarity in ("negative", "mixed")


def test_batches_and_single_documents_agree(nlp: Language) -> None:
    texts = [TEXT, "", "   ", "Merci.", TEXT * 3, "\n\nBof.\n"] * 3
    assert [layer(doc) for doc in nlp.pipe(texts, batch_size=4)] == [layer(nlp(text)) for text in texts]


def test_themes_take_the_side_of_their_clause(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    nlp.get_pipe("sentencizer")(doc)
    at = TEXT.index("jardin"), TEXT.index("loyer")
    end = next(doc.sents).end
    spans = [Span(doc, 0, end, label="amenagement"), Span(doc, 0, end, label="modele_economique"), Span(doc, 0, end, label="reseau")]
    evidence = [[[at[0], at[0] + 6]], [[at[1], at[1] + 5]], []]
    doc.spans["themes"] = SpanGroup(doc, name="themes", attrs={"scores": [1.0] * 3, "evidence": evidence}, spans=spans)
    nlp.get_pipe("testimony_sentiment")(doc)
    group = doc.spans["themes"]
    assert group.attrs["polarity"] == ["positive", "negative", "mixed"]
    assert group.attrs["scores"] == [1.0] * 3
    assert group.attrs["polarity_scores"][0] > 0 > group.attrs["polarity_scores"][1]


def test_a_sentence_of_one_mind_gives_its_polarity_to_every_theme(nlp: Language) -> None:
    component: SentimentComponent = nlp.get_pipe("testimony_sentiment")
    verdict = component.model.read(component.grammar, [["Le jardin est superbe."]])[0][0]
    assert toward(verdict, [(0, 3)]) == ("positive", verdict.score)


def test_it_survives_the_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert layer(spacy.load(tmp_path)(TEXT)) == layer(nlp(TEXT))


def test_documents_without_sentence_borders_are_one_sentence() -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("testimony_sentiment")
    assert len(nlp(TEXT).spans["sentences"]) == 1
