"""What the encoder brings beside the linear models: `python benchmarks/encoder.py [SHARED] [--work FOLDER] [--voices NAME …]`.

For each of five seeds another eighth of the real documents is held out of everything; each voice learns from the rest, and answers on what was
held out and on the gold sentences, which nobody learns from. Answers are kept in FOLDER, one file a voice and seed, so that an interrupted
run goes on; the tables and `docs/encoder.svg` are made of them (two hours on one core). Needs the extra `train`; starts from `training/encoder/body.npz`.
"""

import argparse
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from testimony.codebook import Codebook
from testimony.encoder import cut
from testimony.learning import corpora
from testimony.learning.data import load_gold, load_real, load_written
from testimony.learning.encoder import clues, finetuning, preparing
from testimony.learning.encoder.network import Body, Shape, first_layers
from testimony.learning.encoder.windows import Rows, Table, entities, make_windows
from testimony.learning.standoff import load_all
from testimony.lexicon import Lexicon
from testimony.polarity import Grammar
from testimony.theming import SentenceReader

ROOT = Path(__file__).parents[1]
TRAINING = ROOT / "training"
SEEDS, FOLDS = 5, 8
SMALL = Shape(layers=2)


class Bench:
    """Sources, folds, and what several voices need of them."""

    def __init__(self, shared, work, limit):
        data = shared / "data"
        self.shared, self.work = shared, work
        self.codebook, self.lexicon, self.grammar = Codebook.builtin(), Lexicon.load(), Grammar.load()
        self.real = (load_real(data / "testimonials/sentences.training.jsonl") + load_all(TRAINING, data))[:limit]
        plain = [replace(text, kind="plain") for text in load_written(TRAINING / "polarity")]
        self.written = load_written(TRAINING / "testimonials.jsonl")[:limit] + plain[:limit]
        self.gold = load_gold(data / "testimonials/sentences.gold.jsonl")
        self.texts = [*self.real, *self.written, *self.gold]
        sizes = [len(text.sentences) for text in self.texts]
        self.starts = dict(zip(map(id, self.texts), np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
        groups = sorted({text.group for text in self.real})
        order = np.random.default_rng(0).permutation(len(groups))
        self.fold = {groups[number]: place % FOLDS for place, number in enumerate(order)}

    def parts(self, seed):
        """Texts to learn from, and those held out."""
        held = [text for text in self.real if self.fold[text.group] == seed]
        return [text for text in self.real if self.fold[text.group] != seed] + self.written, held

    def rows(self, texts):
        """Numbers of the sentences of texts among all."""
        return np.concatenate([self.starts[id(text)] + np.arange(len(text.sentences)) for text in texts])

    @cached_property
    def tokenizer(self):
        return Tokenizer.from_file(str(TRAINING / "encoder" / "tokenizer.json"))

    @cached_property
    def amounts(self):
        """Clues of every sentence, each kept from an earlier run if there is one."""
        path = self.work / f"amounts-{sum(len(text.sentences) for text in self.texts)}.npy"
        if not path.is_file():
            reader = SentenceReader(self.codebook, self.lexicon)
            np.save(path, clues.amounts(self.texts, reader, self.grammar))
        return np.load(path)

    def windows(self, texts, kinds=None):
        """Windows of labelled texts, whose clues are rows of the table of all."""
        forms = list(preparing.labelled(texts))
        for form, text in zip(forms, texts, strict=True):
            first = self.starts[id(text)] + 1
            silent = {"themes": None, "entities": None} if text.kind == "plain" else {}
            form["sentences"] = [sentence | silent | {"clues": first + place} for place, sentence in enumerate(form["sentences"])]
        return make_windows(forms, self.tokenizer, self.codebook.ids, finetuning.Settings().weights)

    @cached_property
    def aside(self):
        """Windows of reviews, and of entity sets that hold nothing of the real documents."""
        texts = [text for text in preparing.load(self.shared, TRAINING) if text["group"] not in ("real", "places")]
        return [
            make_windows([text for text in texts if text["kind"] == kind], self.tokenizer, self.codebook.ids, finetuning.Settings().weights)
            for kind in ("names", "review")
        ]


def body():
    """Weights of the pretrained body."""
    with np.load(TRAINING / "encoder" / "body.npz", allow_pickle=False) as arrays:
        state = {name: torch.from_numpy(arrays[name]).view(torch.bfloat16).float() for name in arrays.files}
    Body(Shape()).load_state_dict(state)
    return state


def finetuned(bench, seed, epochs):
    """Fine-tune the lower layers of the body; one run answers without and with clues."""
    rest, held = bench.parts(seed)
    known = clues.scaled(bench.amounts, bench.amounts[bench.rows(rest)])
    main, count = bench.windows(rest), len(bench.codebook.ids)
    table = Table.build([*main, *(window for part in bench.aside for window in part)], count, "cpu", known)
    numbers = torch.arange(len(table.windows)).split([len(main), *map(len, bench.aside)])
    settings = finetuning.Settings(epochs=epochs, batch=16, still=1, aside=0.06, seed=seed)
    clock = time.perf_counter()
    say = lambda epoch, loss: print(f"seed {seed}, epoch {epoch + 1}: {loss:.3f}, {time.perf_counter() - clock:.0f} s", flush=True)
    network = finetuning.finetune(first_layers(body(), SMALL.layers), SMALL, table, Rows(numbers[0], numbers[1:]), settings, say)
    torch.save(network.state_dict(), bench.work / f"network-{seed}.pt")
    answers = {"fine-tuned": {}, "fine-tuned + lexicon": {}}
    for name, part in (("held", held), ("gold", bench.gold)):
        asked = Table.build(bench.windows(part), count, "cpu", known)
        for aided, answer in enumerate(answers.values()):
            found = finetuning.predict(network, asked, aided=bool(aided))
            answer |= {f"{name}_themes": found["themes"], f"{name}_polarity": found["polarity"]}
            answer[f"{name}_entities"] = counted(bench, part, asked.windows, found["tags"])
    return answers


def counted(bench, texts, windows, tags):
    """Right, found and true entities: exact, and `merged` (an organisation or a place counts for a space)."""
    sentences = {(text.id, number): sentence.text for text in texts for number, sentence in enumerate(text.sentences)}
    truths = {
        (text.id, number): set(corpora.locate(sentence.text, sentence.entities))
        for text in texts
        for number, sentence in enumerate(text.sentences)
    }
    totals = np.zeros((2, 3), int)
    for window, best in zip(windows, tags, strict=True):
        for key, start, end in zip(window.keys, window.marks, [*window.marks[1:], len(window.ids)], strict=True):
            (piece,) = cut(bench.tokenizer, [sentences[key]])
            found, true = set(entities(best[start + 1 : end], piece.spans, sentences[key])), truths[key]
            spaces = {one[:2] for one in true if one[2] == "SPACE"}
            merged = {(*one[:2], "SPACE") if one[2] in ("ORG", "LOC") and one[:2] in spaces else one for one in found}
            totals += [(len(one & true), len(one), len(true)) for one in (found, merged)]
    return totals


VOICES = {"finetuned": finetuned}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("shared", nargs="?", default="../shared", type=Path)
    options.add_argument("--work", default="build/encoder", type=Path)
    options.add_argument("--voices", nargs="*", default=list(VOICES), choices=list(VOICES))
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--seeds", type=int, default=SEEDS)
    options.add_argument("--texts", type=int, default=10**9, help="fewer texts, to try the script")
    given = options.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # two threads that share their cores with others wait for each other
    bench = Bench(given.shared, given.work, given.texts)
    for voice in given.voices:
        for seed in range(1, given.seeds + 1):
            done = given.work / f"{voice}-{seed}.done"
            if done.is_file():
                continue
            for name, answer in VOICES[voice](bench, seed, given.epochs).items():
                np.savez(given.work / f"{name}-{seed}.npz", **answer)
            done.touch()


if __name__ == "__main__":
    main()
