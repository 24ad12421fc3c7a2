"""spaCy factories: configuration → component; light to import, since every spaCy program of the environment loads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from .entities import EntityTidier
    from .lemmas import Lemmatizer
    from .sentences import SentenceMender
    from .sentiment import SentimentComponent
    from .spaces import SpaceLinker
    from .themes import ThemeComponent


@Language.factory("testimony_sentences", requires=["token.sent_start"], assigns=["token.sent_start"])
def make_sentences(nlp: Language, name: str) -> SentenceMender:
    """Make the component that mends sentence ends."""
    from .sentences import SentenceMender

    return SentenceMender(name)


@Language.factory("testimony_lemmas", assigns=["token.lemma"])
def make_lemmas(nlp: Language, name: str) -> Lemmatizer:
    """Make the component that knows the lemmas of treebanks and dictionaries."""
    from .lemmas import Lemmatizer

    return Lemmatizer(name)


@Language.factory("testimony_entities", requires=["doc.ents"], assigns=["doc.ents"])
def make_entities(nlp: Language, name: str) -> EntityTidier:
    """Make the component that tidies what the network found."""
    from .entities import EntityTidier

    return EntityTidier(name)


@Language.factory("testimony_spaces", default_config={"registry": ""}, assigns=["doc.ents"])
def make_spaces(nlp: Language, name: str, registry: str) -> SpaceLinker:
    """Make the component that finds spaces and gives them their canonical name."""
    from .spaces import SpaceLinker

    return SpaceLinker(name, registry=registry or None, tokenizer=nlp.tokenizer)


@Language.factory("testimony_themes", default_config={"codebook": ""}, assigns=["doc.spans"])
def make_themes(nlp: Language, name: str, codebook: str) -> ThemeComponent:
    """Make the component that finds themes."""
    from ..annotations import register
    from ..theming import ThemeFinder
    from .themes import ThemeComponent

    register()  # plain `spacy.load` of the folder has ``doc._.themes`` too
    return ThemeComponent(name, ThemeFinder.build(codebook or None))


@Language.factory("testimony_sentiment", assigns=["doc.spans"])
def make_sentiment(nlp: Language, name: str) -> SentimentComponent:
    """Make the component that reads polarity."""
    from ..annotations import register
    from .sentiment import SentimentComponent

    register()
    return SentimentComponent.build(nlp, name)
