"""The small French encoder at run time: sub-words, windows of sentences, and one pass of onnxruntime, without PyTorch."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import ModelNotFoundError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FORMAT = 1
MARK = 2
"""Sub-word that stands before each sentence and gathers what it says."""
LIMIT = 160
"""Sub-words of a window: neighbouring sentences are read together, as far as they fit."""
MOST = 32
"""Sentences of a window, at most."""
PLAIN = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\n": " ", "\t": " ", "‐": "-", "‑": "-"})

Floats = NDArray[np.float32]


class Piece(NamedTuple):
    """A sentence cut into sub-words: their numbers, and the code points each stands for."""

    ids: list[int]
    spans: list[tuple[int, int]]


class Read(NamedTuple):
    """What the encoder says of one sentence: logits of themes, of polarity, of polarity toward each theme, and of entity tags."""

    themes: Floats
    polarity: Floats
    toward: Floats
    tags: Floats
    spans: list[tuple[int, int]]


def cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Piece]:
    """Cut sentences into sub-words; typography that readers take for the same gives the same sub-words."""
    pieces = []
    for encoding in tokenizer.encode_batch([" " + text.translate(PLAIN) for text in texts], add_special_tokens=False):
        spans = [(max(start - 1, 0), end - 1) for start, end in encoding.offsets[: LIMIT - 1]]
        pieces.append(Piece(encoding.ids[: LIMIT - 1], spans))
    return pieces


def windows(sizes: Sequence[int], limit: int = LIMIT) -> Iterator[tuple[int, int]]:
    """Group consecutive sentences of one text into windows ``[first, last)`` that fit; each costs one mark besides its sub-words."""
    first = total = 0
    for number, size in enumerate(sizes):
        if number > first and (total + size + 1 > limit or number - first == MOST):
            yield first, number
            first, total = number, 0
        total += size + 1
    if len(sizes) > first:
        yield first, len(sizes)


@dataclass(eq=False)
class Encoder:
    """A trained encoder with its heads.

    Attributes
    ----------
    tokenizer
        Cuts text into sub-words.
    session
        The network, as an inference session of onnxruntime.
    embedding, scale
        Table of sub-words as 8-bit steps and the size of a step, per sub-word.
    info
        Themes, tags and what the network was trained on.
    """

    tokenizer: Tokenizer
    session: Any
    embedding: NDArray[np.int8]
    scale: Floats
    info: dict[str, Any]

    @property
    def themes(self) -> tuple[str, ...]:
        """Theme ids in the order of the logits."""
        return tuple(self.info["themes"])

    def read(self, sentences: Sequence[str], clues: Floats | None = None) -> list[Read]:
        """Read the sentences of one text, each among its neighbours.

        A window is computed alone: what else is in a batch changes no bit of the result.

        Parameters
        ----------
        clues
            What lexicon, codebook and grammar say of each sentence, a row each, for an encoder trained with them; it does without as well.
        """
        pieces = cut(self.tokenizer, sentences)
        result: list[Read] = []
        for first, last in windows([len(piece.ids) for piece in pieces]):
            result += self._window(pieces[first:last], None if clues is None else clues[first:last])
        return result

    def _window(self, pieces: Sequence[Piece], clues: Floats | None) -> list[Read]:
        ids: list[int] = []
        marks = []
        for piece in pieces:
            marks.append(len(ids))
            ids += [MARK, *piece.ids]
        sentence = np.repeat(np.arange(len(pieces)), [len(piece.ids) + 1 for piece in pieces])
        pool = np.zeros((len(pieces), len(ids)), np.float32)
        pool[sentence, np.arange(len(ids))] = 1.0
        pool[np.arange(len(pieces)), marks] = 0.0
        pool /= np.maximum(pool.sum(axis=1, keepdims=True), 1.0)
        index = np.array(ids)
        rows = self.embedding[index].astype(np.float32) * self.scale[index, None]
        inputs = {"rows": rows, "marks": np.array(marks, np.int64), "pool": pool}
        if (taken := self.info.get("clues", 0)) > 0:
            inputs["clues"] = np.zeros((len(pieces), taken), np.float32) if clues is None else clues.astype(np.float32)
        themes, polarity, toward, tags = self.session.run(None, inputs)
        return [
            Read(themes[n], polarity[n], toward[n], tags[mark + 1 : mark + 1 + len(piece.ids)], piece.spans)
            for n, (mark, piece) in enumerate(zip(marks, pieces, strict=True))
        ]

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Read a saved encoder; arrays, JSON and a graph of standard operators: nothing of it is executed as code.

        Raises
        ------
        ModelNotFoundError
            If files are missing, damaged or of another version.
        """
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else it leaves a file in the folder for temporary files, and reports its use
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            info = json.loads((folder / "meta.json").read_text("utf-8"))
            if info["format"] != FORMAT:
                raise ValueError(f"format {info['format']}, expected {FORMAT}")
            with np.load(folder / "embedding.npz", allow_pickle=False) as arrays:
                embedding, scale = arrays["embedding"], arrays["scale"]
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(str(folder / "network.onnx"), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            reason = " ".join(str(error).split())[:160]
            raise ModelNotFoundError(
                f"{folder}: the encoder cannot be read ({reason}); train it again with `testimony train encoder`"
            ) from error
        return cls(tokenizer, session, embedding, scale, info)
