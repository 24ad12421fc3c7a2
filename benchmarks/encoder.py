"""What the encoder brings beside the linear models: `python benchmarks/encoder.py [SHARED] [--work FOLDER] [--voices NAME …]`.

For each of five seeds another eighth of the real documents is held out of everything; each voice learns from the rest, and answers on what was
held out and on the gold sentences, which nobody learns from. Answers are kept in FOLDER, one file a voice and seed, so that an interrupted
run goes on; the tables and `docs/encoder.svg` are made of them (about an hour of CPU time). Needs the extra `train`; starts from `training/encoder/body.npz`.
"""

import argparse
import json
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

import encoder_voices
from encoder_tables import Answer, plot, report
from testimony.codebook import Codebook
from testimony.encoder import Encoder, cut
from testimony.learning import corpora, sentiment
from testimony.learning.data import load_gold, load_real, load_written
from testimony.learning.encoder import clues, export, finetuning, preparing
from testimony.learning.encoder.network import Body, Heads, Shape, first_layers
from testimony.learning.encoder.windows import Rows, Table, entities, make_windows
from testimony.learning.standoff import load_all
from testimony.lexicon import Lexicon
from testimony.polarity import Grammar, PolarityModel
from testimony.polarity.terms import terms
from testimony.store import models_path
from testimony.theming import SentenceReader, ThemeModel
from testimony.types import POLARITIES

ROOT = Path(__file__).parents[1]
TRAINING = ROOT / "training"
SEEDS, FOLDS = 5, 8
HEAD_PASSES = 8
NAMES = (
    "linear, words only",
    "linear + lexicon",
    "tok2vec CNN",
    "tok2vec CNN, pretrained",
    "frozen",
    "frozen + lexicon",
    "fine-tuned",
    "fine-tuned + lexicon",
    "fine-tuned, 3 passes",
    "fine-tuned + lexicon, 3 passes",
)
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
        self.half = {groups[number]: place // FOLDS % 2 for place, number in enumerate(order)}
        self.kinds = [text.kind for text in self.texts for _ in text.sentences]
        self.numbers = np.repeat(np.arange(len(self.texts)), sizes)
        self.mood = sentiment.Settings(folds=3)

    @cached_property
    def truth(self):
        """Labels of every sentence, what readers disagreed on, and the half that its document is in."""
        sentences = [(text, sentence) for text in self.texts for sentence in text.sentences]
        ids = self.codebook.ids
        return {
            "labels": np.array([[theme in sentence.themes for theme in ids] for _, sentence in sentences]),
            "either": np.array([[theme in sentence.themes_either for theme in ids] for _, sentence in sentences]),
            "polarity": np.array([POLARITIES.index(sentence.polarity) for _, sentence in sentences]),
            "also": np.array([[one in sentence.polarity_either for one in POLARITIES] for _, sentence in sentences]),
            "half": np.array([self.half.get(text.group, 0) for text, _ in sentences]),
        }

    def truth_of(self, texts):
        """The truth of some texts."""
        rows = self.rows(texts)
        return {name: values[rows] for name, values in self.truth.items()}

    @cached_property
    def readers(self):
        """Readers of sentences under the codebook, and under its themes without patterns."""
        codebooks = {"full": self.codebook, "bare": encoder_voices.bare(self.codebook)}
        return {kind: SentenceReader(codebook, self.lexicon) for kind, codebook in codebooks.items()}

    @cached_property
    def readings(self):
        """Every sentence as the estimators of themes see it."""
        sentences = [sentence.text for text in self.texts for sentence in text.sentences]
        return {kind: reader.read_all(sentences) for kind, reader in self.readers.items()}

    @cached_property
    def bags(self):
        """Words, pairs and pieces of words of every sentence."""
        return [list(terms(self.grammar.read(sentence.text)._replace(evidence=[]))) for text in self.texts for sentence in text.sentences]

    @cached_property
    def vocabulary(self):
        """Terms worth a row, and their weights, from what may be learned from."""
        return sentiment.make_vocabulary(self.bags[: len(self.rows(self.real + self.written))], [], self.mood)

    @cached_property
    def prepared(self):
        """Features of the shipped kind of polarity model."""
        return encoder_voices.prepared(self)

    @cached_property
    def nlp(self):
        """Tokenizer of the convolutional network."""
        return encoder_voices.blank()

    @cached_property
    def docs(self):
        """Every sentence as the convolutional network sees it."""
        return [self.nlp.make_doc(sentence.text) for text in self.texts for sentence in text.sentences]

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
            np.save(path, clues.amounts(self.texts, self.readers["full"], self.grammar))
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
    def states(self):
        """What the pretrained body makes of each sentence: state of its mark, mean of its words."""
        path = self.work / f"states-{len(self.numbers)}.npy"
        if not path.is_file():
            network, parts = finetuning.Network(Body(Shape()), Heads(Shape().width, len(self.codebook.ids))).eval(), []
            network.body.load_state_dict(body())
            network.heads.sentences = lambda marks, means, _: (torch.cat([marks, means], 1), marks, marks)
            windows = self.windows(self.texts)
            for at in range(0, len(windows), 512):
                parts.append(finetuning.predict(network, Table.build(windows[at : at + 512], len(self.codebook.ids), "cpu"))["themes"])
            np.save(path, np.concatenate(parts).astype(np.float16))
        return np.load(path)

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
    settings = finetuning.Settings(epochs=epochs, batch=8, rate=2e-3, still=1, aside=0.05, seed=seed)
    clock = time.perf_counter()
    say = lambda epoch, loss: print(f"seed {seed}, epoch {epoch + 1}: {loss:.3f}, {time.perf_counter() - clock:.0f} s", flush=True)
    network = finetuning.finetune(first_layers(body(), SMALL.layers), SMALL, table, Rows(numbers[0], numbers[1:]), settings, say)
    torch.save(network.state_dict(), bench.work / f"network-{epochs}-{seed}.pt")
    answers = {f"fine-tuned{passes(epochs)}": {}, f"fine-tuned + lexicon{passes(epochs)}": {}}
    for name, part in (("held", held), ("gold", bench.gold)):
        asked = Table.build(bench.windows(part), count, "cpu", known)
        for aided, answer in enumerate(answers.values()):
            found = finetuning.predict(network, asked, aided=bool(aided))
            answer |= {f"{name}_themes": found["themes"], f"{name}_polarity": found["polarity"]}
            answer[f"{name}_entities"] = counted(bench, part, asked.windows, found["tags"])
    return answers


def passes(epochs):
    """End of the name of a voice that passes over the sentences several times."""
    return "" if epochs == 1 else f", {epochs} passes"


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


def frozen(bench, seed, _):
    """Heads over the states of the whole pretrained body, which stays as it is; without and with clues."""
    rest, held = bench.parts(seed)
    rows, gold = bench.rows(rest), bench.rows(bench.gold)
    known = torch.from_numpy(clues.scaled(bench.amounts, bench.amounts[rows])[1:])
    states = torch.from_numpy(bench.states)
    answers = {}
    for name, share in (("frozen", 0.0), ("frozen + lexicon", 1.0)):
        torch.manual_seed(seed)
        heads = Heads(Shape().width, len(bench.codebook.ids), 0.1, known.shape[1])
        optimizer = torch.optim.AdamW(heads.parameters(), lr=1e-3, weight_decay=0.05)
        labels, moods = torch.from_numpy(bench.truth["labels"]).float(), torch.from_numpy(bench.truth["polarity"])
        weights = torch.tensor([finetuning.Settings().weights.get(kind, 0.0) for kind in bench.kinds])
        themed = torch.tensor([float(kind not in ("plain", "gold")) for kind in bench.kinds])[:, None]

        def ask(chosen, heads=heads, share=share):
            return heads.sentences(*states[chosen].float().chunk(2, dim=1), known[chosen] * share)[:2]

        for epoch in range(HEAD_PASSES):
            for group in optimizer.param_groups:
                group["lr"] = 2e-3 * (1 - epoch / HEAD_PASSES)
            for chosen in torch.from_numpy(rows)[torch.randperm(len(rows))].split(128):
                themes, polarity = ask(chosen)
                loss = functional.binary_cross_entropy_with_logits(themes, labels[chosen], reduction="none") * themed[chosen]
                loss = 8 * loss.mean(1) + functional.cross_entropy(polarity, moods[chosen], reduction="none", label_smoothing=0.05)
                optimizer.zero_grad(set_to_none=True)
                (loss * weights[chosen]).mean().backward()
                optimizer.step()
        heads.eval()
        with torch.no_grad():
            answers[name] = {
                f"{part}_{task}": logits.numpy()
                for part, asked in (("held", bench.rows(held)), ("gold", gold))
                for task, logits in zip(("themes", "polarity"), ask(torch.from_numpy(asked)), strict=True)
            }
    return answers


def speeds(bench):
    """Words a second, one after the other: the shipped linear models; encoders as they would run, 8-bit, clues and their making counted in."""
    state = body()
    width = bench.amounts.shape[1] + 1
    scale = lambda rows: clues.scaled(rows, rows)[1:]
    sample = bench.parts(1)[1]
    finder, mood = ThemeModel.load(models_path() / "themes"), PolarityModel.load(models_path() / "sentiment")

    def shipped(texts):
        readings = [bench.readers["full"].read(sentence.text) for text in texts for sentence in text.sentences]
        finder.probabilities(readings, [number for number, text in enumerate(texts) for _ in text.sentences])
        mood.read(bench.grammar, [[sentence.text for sentence in text.sentences] for text in texts])

    found = {"linear + lexicon": float(encoder_voices.timed(sample, shipped)[1])}
    for layers, names in ((Shape().layers, ("frozen", "frozen + lexicon")), (SMALL.layers, ("fine-tuned", "fine-tuned + lexicon"))):
        for aided, name in enumerate(names):
            shape = Shape(layers=layers)
            network = finetuning.Network(Body(shape), Heads(shape.width, len(bench.codebook.ids), clues=width * aided)).eval()
            network.body.load_state_dict(first_layers(state, layers))
            export.export(network, bench.tokenizer, bench.codebook.ids, {}, bench.work / "exported")
            encoder = Encoder.load(bench.work / "exported")

            def answer(texts, encoder=encoder, aided=aided):
                rows = None
                if aided:
                    rows = scale(clues.amounts(texts, bench.readers["full"], bench.grammar))
                ends = np.cumsum([0, *(len(text.sentences) for text in texts)])
                for text, start, end in zip(texts, ends, ends[1:], strict=False):
                    encoder.read([sentence.text for sentence in text.sentences], None if rows is None else rows[start:end])

            found[name] = float(encoder_voices.timed(sample, answer)[1])
    return found


VOICES = {
    "finetuned": finetuned,
    "words": encoder_voices.words,
    "linear": encoder_voices.linear,
    "frozen": frozen,
    "convolutional": encoder_voices.convolutional,
    "convolutional_pretrained": encoder_voices.convolutional_pretrained,
}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("shared", nargs="?", default="../shared", type=Path)
    options.add_argument("--work", default="build/encoder", type=Path)
    options.add_argument("--voices", nargs="*", default=list(VOICES), choices=list(VOICES))
    options.add_argument("--epochs", type=int, default=1, help="passes of fine-tuning over the sentences")
    options.add_argument("--seeds", type=int, default=SEEDS)
    options.add_argument("--tables", action="store_true", help="print the tables of the answers there are, and draw docs/encoder.svg")
    options.add_argument("--texts", type=int, default=10**9, help="fewer texts, to try the script")
    given = options.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # two threads that share their cores with others wait for each other
    bench = Bench(given.shared, given.work, given.texts)
    for voice in given.voices:
        for seed in range(1, given.seeds + 1):
            done = given.work / f"{voice}{passes(given.epochs)}-{seed}.done"
            if done.is_file():
                continue
            clock = time.perf_counter()
            for name, answer in VOICES[voice](bench, seed, given.epochs).items():
                np.savez(given.work / f"{name}-{seed}.npz", **answer)
            done.touch()
            print(f"{voice}, seed {seed}: {time.perf_counter() - clock:.0f} s", flush=True)
    if given.tables:
        show(bench, given.work)


def show(bench, work):
    """Print the tables of all answers there are, and draw the plot."""
    path = work / "speeds.json"
    if not path.is_file():
        path.write_text(json.dumps(speeds(bench)), "utf-8")
    measured = json.loads(path.read_text("utf-8"))
    answers, seeds = {}, set()
    for name in NAMES:
        for path in sorted(work.glob(f"{name}-[0-9].npz")):
            with np.load(path) as arrays:
                kept = dict(arrays)
            if (bare := name.partition(", ")[0]) in measured:
                kept["speed"] = measured[bare]
            answers.setdefault(name, {})[int(path.stem[-1])] = Answer(kept)
            seeds.add(int(path.stem[-1]))
    helds = {seed: bench.truth_of(bench.parts(seed)[1]) for seed in seeds}
    points = report(answers, helds, bench.truth_of(bench.gold), print)
    (ROOT / "docs" / "encoder.svg").write_text(plot(points), "utf-8")


if __name__ == "__main__":
    main()
