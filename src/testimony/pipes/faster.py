"""Trained components of spaCy run in less time: the same weights, the same answers.

`register` makes French pipelines use them; what they do not cover (a beam, entities set before) is left to spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from spacy.attrs import ENT_IOB, IS_SPACE, LEMMA, SENT_START
from spacy.lang.fr import French
from spacy.language import Language
from spacy.pipeline import factories
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.pipeline.morphologizer import Morphologizer
from spacy.pipeline.ner import EntityRecognizer
from spacy.pipeline.senter import SentenceRecognizer
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Span
from thinc.api import Model

from ..embedding import plain
from .tok2vec import BlockwiseTok2Vec, blocks, distinct_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

FEATURES = 3  # of a state: the next word, the first one of the open entity, the one before the next


class Found(NamedTuple):
    """Entities of a document, as ``(first token, token after the last, label)``."""

    entities: list[tuple[int, int, str]]


class _Tagger:
    """What spaCy's taggers choose for each word, computed once for words that look the same."""

    model: Model

    def predict(self, docs: Sequence[Doc]) -> Any:
        """Choose a label for each word."""
        docs = list(docs)
        if not any(map(len, docs)):
            return super().predict(docs)  # type: ignore[misc]
        rows, numbers = distinct_rows(self.model.get_ref("tok2vec").predict(docs))
        output = self.model.get_ref("output_layer")
        chosen = np.concatenate([output.predict(block).argmax(axis=1) for block in blocks(rows)])
        return [chosen[own] for own in numbers]


class SharingMorphologizer(_Tagger, Morphologizer):
    """spaCy's ``morphologizer``."""


class SharingSenter(_Tagger, SentenceRecognizer):
    """spaCy's ``senter``."""


class Recognizer(EntityRecognizer):
    """spaCy's ``ner``, greedy, over all words of a batch at once.

    Its transitions (B, I, L, U and O; Lample et al. 2016, "Neural architectures for named entity recognition", describe such a
    recogniser) take one word each, and a state without an open entity depends on its word alone: what such a state does is computed
    for every word in one go, and only words that begin an entity of several words are followed one by one.
    """

    pipe = TrainablePipe.pipe  # whole batches: spaCy's own cuts them in four

    def predict(self, docs: Sequence[Doc]) -> Sequence[Any]:
        """Find the entities of documents."""
        docs = list(docs)
        if not self._covers(docs):
            return super().predict(docs)
        entities = self._entities(docs)
        ends = np.cumsum([len(doc) for doc in docs])
        borders = [0, *np.searchsorted([end for _, end, _ in entities], ends, side="right").tolist()]
        return [
            Found([(start - offset, end - offset, label) for start, end, label in entities[first:last]])
            for (first, last), offset in zip(pairwise(borders), [0, *ends.tolist()], strict=False)
        ]

    def set_annotations(self, docs: Sequence[Doc], found: Sequence[Any]) -> None:
        """Write the entities."""
        if not all(isinstance(one, Found) for one in found):
            super().set_annotations(docs, found)
            return
        for doc, one in zip(docs, found, strict=True):
            doc.set_ents([Span(doc, start, end, label=label) for start, end, label in one.entities], default="outside")

    def _covers(self, docs: Sequence[Doc]) -> bool:
        lower = self.model.get_ref("lower")
        usual = self.cfg["beam_width"] == 1 and lower.get_dim("nF") == FEATURES and lower.get_dim("nP") > 1
        usual = usual and [layer.name for layer in self.model.get_ref("tok2vec").layers[1:]] == ["list2array", "linear"]
        plain = not self.model.attrs["unseen_classes"] and not self.postprocesses
        return usual and plain and any(map(len, docs)) and not any(doc.to_array(ENT_IOB).any() for doc in docs)

    def _entities(self, docs: Sequence[Doc]) -> list[tuple[int, int, str]]:
        """Entities of documents, words counted through all of them."""
        listener, _, linear = self.model.get_ref("tok2vec").layers
        rows, told = distinct_rows(listener.predict(docs))
        at = np.concatenate(told) + 1
        # Distinct rows + 1 × features × classes × pieces; the first row stands for «no word».
        parts = self.model.get_ref("lower").predict(linear.predict(rows))
        names = [self.moves.get_class_name(index) for index in range(self.moves.n_moves)]
        moves = [(name[0], name[2:]) for name in names]
        number = {move: index for index, move in enumerate(moves)}
        scores = np.concatenate([self._scores(block + parts[0, 1] + parts[0, 2]) for block in blocks(parts[:, 0])])
        begin, unit = (np.array([kind == wanted for kind, _ in moves]) for wanted in "BU")
        scores[:, [kind in "IL" or name == "U-" for (kind, _), name in zip(moves, names, strict=True)]] = -np.inf
        # Where nothing begins, nothing begins whatever is forbidden.
        starts = np.flatnonzero((scores.argmax(axis=1) != number["O", ""])[at])
        goes_on, space = _borders(docs)
        scores = scores[at[starts]]
        scores[np.ix_((~goes_on | space)[starts], begin)] = -np.inf
        scores[np.ix_(space[starts], unit)] = -np.inf
        entities: list[tuple[int, int, str]] = []
        free = 0
        for start, action in zip(starts.tolist(), scores.argmax(axis=1).tolist(), strict=True):
            kind, label = moves[action]
            if start < free or kind == "O":
                continue
            free = start + 1
            if kind == "B":
                inside, last = number["I", label], number["L", label]
                while goes_on[free]:
                    state = self._scores(parts[at[free], 0] + parts[at[start], 1] + parts[at[free - 1], 2])
                    if state[last] > state[inside]:
                        break
                    free += 1
                free += 1
            entities.append((start, free, label))
        return entities

    def _scores(self, summed: NDArray[np.float32]) -> NDArray[np.float32]:
        pieces = summed + self.model.get_ref("lower").get_param("b")
        hidden = pieces[..., 0]
        for piece in range(1, pieces.shape[-1]):
            hidden = np.maximum(hidden, pieces[..., piece])  # far quicker than the maximum along a short axis
        if not self.model.attrs["has_upper"]:
            return hidden
        upper = self.model.get_ref("upper")
        return hidden @ upper.get_param("W").T + upper.get_param("b")


def _borders(docs: Sequence[Doc]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether an entity may go on from a word to the next one, of the same document and sentence; whether a word is white space."""
    words = np.concatenate([doc.to_array([SENT_START, IS_SPACE]) for doc in docs])
    goes_on = np.append(words[1:, 0] != 1, False)
    goes_on[[end - 1 for end in np.cumsum([len(doc) for doc in docs]).tolist() if end]] = False
    return goes_on, words[:, 1] != 0


class SparingLemmatizer(EditTreeLemmatizer):
    """spaCy's ``trainable_lemmatizer`` for the words alone that have no lemma yet."""

    def predict(self, docs: Sequence[Doc]) -> list[NDArray[np.int64]]:
        """Choose an edit tree for each word that needs one, -1 for the others."""
        docs = list(docs)
        wanted = [_without_lemma(doc) for doc in docs]
        if self.overwrite or not any(map(len, wanted)):
            return super().predict(docs)
        vectors = self.model.get_ref("tok2vec").predict(docs)
        scores = self.model.get_ref("output_layer").predict(np.concatenate([rows[at] for rows, at in zip(vectors, wanted, strict=True)]))
        words = [plain(doc[int(at)].text) for doc, places in zip(docs, wanted, strict=True) for at in places]
        trees = np.array([self._tree(row, best, word) for row, best, word in zip(scores, scores.argmax(axis=1), words, strict=True)])
        chosen = [np.full(len(doc), -1) for doc in docs]
        for row, at, part in zip(chosen, wanted, np.split(trees, np.cumsum([len(at) for at in wanted])[:-1]), strict=True):
            row[at] = part
        return chosen

    def set_annotations(self, docs: Iterable[Doc], batch_tree_ids: Sequence[NDArray[np.int64]]) -> None:
        """Write the lemmas, made of the plain word: a tree that turns «c'» into «ce» knows no curly apostrophe."""
        for doc, trees in zip(docs, batch_tree_ids, strict=True):
            for at in range(len(doc)) if self.overwrite else _without_lemma(doc).tolist():
                word, tree = plain(doc[at].text), int(trees[at])
                doc[at].lemma_ = (self.trees.apply(tree, word) if tree != -1 else None) or word

    def _tree(self, scores: NDArray[np.float32], best: int, word: str) -> int:
        """Best of the `top_k` edit trees that applies to a word; -1 when none does."""
        for _ in range(self.top_k):
            tree = self.cfg["labels"][best]
            if self.trees.apply(tree, word) is not None:
                return int(tree)
            scores[best] = -np.inf
            best = int(scores.argmax())
        return -1


def _without_lemma(doc: Doc) -> NDArray[np.int64]:
    return np.flatnonzero(doc.to_array([LEMMA]).ravel() == 0)


def register() -> None:
    """Make French pipelines that are loaded from now on run these in the place of spaCy's own."""
    factories.register_factories()
    for name, usual, component in (
        ("tok2vec", factories.make_tok2vec, BlockwiseTok2Vec),
        ("senter", factories.make_senter, SharingSenter),
        ("morphologizer", factories.make_morphologizer, SharingMorphologizer),
        ("ner", factories.make_ner, Recognizer),
        ("trainable_lemmatizer", factories.make_edit_tree_lemmatizer, SparingLemmatizer),
    ):
        meta = Language.get_factory_meta(name)
        French.factory(
            name,
            default_config=meta.default_config,
            assigns=meta.assigns,
            default_score_weights=meta.default_score_weights,
            func=_maker(usual, component),
        )


def _maker(usual: Callable[..., Any], component: type) -> Callable[..., Any]:
    """Give a factory with the settings of the usual one."""

    @wraps(usual)
    def make(nlp: Language, name: str, model: Model, **settings: Any) -> Any:
        return component(nlp.vocab, model, name, **settings)

    return make
