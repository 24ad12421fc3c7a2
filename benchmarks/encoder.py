"""What the encoder brings beside the linear models: `python benchmarks/encoder.py [SHARED] [--epochs N] [--texts N]` (twenty minutes on two cores).

An eighth of the real documents is held out of fine-tuning and of the linear models; the table gives both voices and their sum there and
on the gold sentences. The threshold of each row is the best one for that row and set, the same for all themes: what is compared is what a
voice knows. Needs the extra `train`; starts from `training/encoder/body.npz`.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from testimony.codebook import Codebook
from testimony.learning import sentiment, themes
from testimony.learning.data import load_gold, load_real, load_written
from testimony.learning.encoder import finetuning, preparing
from testimony.learning.encoder.network import Body, Shape
from testimony.learning.standoff import load_all
from testimony.lexicon import Lexicon
from testimony.polarity import Grammar
from testimony.theming import SentenceReader

ROOT = Path(__file__).parents[1]
TRAINING = ROOT / "training"


def body(shape):
    with np.load(TRAINING / "encoder" / "body.npz", allow_pickle=False) as arrays:
        state = {name: torch.from_numpy(arrays[name]).view(torch.bfloat16).float() for name in arrays.files}
    Body(shape).load_state_dict(state)
    return state


def f1(found, gold, known):
    hit, false, missed = (found & gold & known).sum(0), (found & ~gold & known).sum(0), (~found & gold & known).sum(0)
    return 2 * hit.sum() / max(1, 2 * hit.sum() + false.sum() + missed.sum()), (2 * hit / np.maximum(1, 2 * hit + false + missed)).mean()


def best_themes(odds, labels, known):
    return max(f1(odds > step, labels, known) for step in np.linspace(-5, 2, 71))


def polarity(logs, gold):
    best = logs.argmax(1)
    per = [2 * ((best == c) & (gold == c)).sum() / max(1, (best == c).sum() + (gold == c).sum()) for c in range(4)]
    return (best == gold).mean(), np.mean(per)


def logs(values):
    shifted = values - values.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("shared", nargs="?", default="../shared", type=Path)
    options.add_argument("--epochs", type=int, default=6)
    options.add_argument("--texts", type=int, default=10**9, help="fewer texts, to try the script")
    given = options.parse_args()
    data, codebook, lexicon, shape = given.shared / "data", Codebook.builtin(), Lexicon.load(), Shape()
    real = (load_real(data / "testimonials/sentences.training.jsonl") + load_all(TRAINING, data))[: given.texts]
    groups = sorted({text.group for text in real})
    chosen = {groups[i] for i in np.random.default_rng(0).permutation(len(groups))[: len(groups) // 8]}
    held, rest = [text for text in real if text.group in chosen], [text for text in real if text.group not in chosen]
    gold, written = load_gold(data / "testimonials/sentences.gold.jsonl"), load_written(TRAINING / "testimonials.jsonl")[: given.texts]

    clock = time.perf_counter()
    tokenizer = Tokenizer.from_file(str(TRAINING / "encoder" / "tokenizer.json"))
    settings = finetuning.Settings(epochs=given.epochs)
    extra = [text for text in preparing.load(given.shared, TRAINING) if text["kind"] in ("names", "review")][: given.texts]
    texts = [*preparing.labelled([*rest, *written]), *extra]
    main_windows = finetuning.make_windows(
        [text for text in texts if text["kind"] in ("real", "written")], tokenizer, codebook.ids, settings
    )
    asides = [
        finetuning.make_windows([text for text in texts if text["kind"] == kind], tokenizer, codebook.ids, settings)
        for kind in ("names", "review")
    ]
    table = finetuning.Table.build([*main_windows, *asides[0], *asides[1]], len(codebook.ids), "cpu")
    numbers = torch.arange(len(table.windows)).split([len(main_windows), *map(len, asides)])
    rows = finetuning.Rows(numbers[0], [part for part in numbers[1:] if len(part)])
    network = finetuning.finetune(body(shape), shape, table, rows, settings, lambda epoch, _: print("epoch", epoch + 1, flush=True))
    print(f"fine-tuned in {time.perf_counter() - clock:.0f} s")

    linear = themes.fit(rest + written, codebook, lexicon)
    mood = sentiment.fit(rest + written)
    print("| set | voice | themes micro / macro | polarity accuracy / macro |\n|---|---|---:|---:|")
    for name, part in (("held out", held), ("gold", gold)):
        read = themes.Table.build(part, SentenceReader(codebook, lexicon), themes.Settings())
        chances = linear.probabilities(read.readings, read.texts.tolist()).clip(1e-4, 1 - 1e-4)
        verdicts = mood.read(Grammar.load(), [[sentence.text for sentence in text.sentences] for text in part])
        own = np.log(np.clip([verdict.probabilities for group in verdicts for verdict in group], 1e-4, 1))
        windows = finetuning.make_windows(list(preparing.labelled(part)), tokenizer, codebook.ids, settings_for(part, settings))
        found = finetuning.predict(network, finetuning.Table.build(windows, len(codebook.ids), "cpu"))
        target = np.array([finetuning.POLARITIES.index(sentence.polarity) for text in part for sentence in text.sentences])
        odds, opinion = np.log(chances / (1 - chances)), logs(found["polarity"])
        for voice, both, feeling in (
            ("linear", odds, own),
            ("encoder", found["themes"], opinion),
            *((f"linear + {share} encoder", odds + share * found["themes"], own + share * opinion) for share in (0.2, 0.4, 0.6, 1.0)),
        ):
            micro, macro = best_themes(both, read.labels, ~read.ignored)
            accuracy, mean = polarity(feeling, target)
            print(f"| {name} | {voice} | {micro:.3f} / {macro:.3f} | {accuracy:.3f} / {mean:.3f} |")


def settings_for(part, settings):
    """Windows of the gold need a weight like any other, though nothing is learned from them."""
    return finetuning.Settings(weights={**settings.weights, **{text.kind: 1.0 for text in part}})


if __name__ == "__main__":
    main()
