"""Answers of the voices of `encoder.py` → tables and a plot; thresholds and shares are chosen on one half of what was held out, measured on the other."""

from itertools import product

import numpy as np

from testimony.learning.classifiers import choose_thresholds

SHARES = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0)
STEPS = np.linspace(-0.5, 1.5, 9)
HEAD = (
    "| voice | seeds | held out: themes micro / macro | polarity accuracy / macro | entities | gold: themes micro / macro "
    "| best common threshold | polarity accuracy / macro | entities exact / merged | words/s |"
)


def f1(found, truth):
    """Micro and macro-F1 of themes; what readers disagreed on counts neither way."""
    hit, false, missed = ((one & other & ~truth["either"]).sum(0) for one, other in _cases(found, truth["labels"]))
    return 2 * hit.sum() / max(1, 2 * hit.sum() + false.sum() + missed.sum()), float(
        np.mean(2 * hit / np.maximum(1, 2 * hit + false + missed))
    )


def _cases(found, labels):
    return (found, labels), (found, ~labels), (~found, labels)


def polarity(logits, truth):
    """Accuracy and macro-F1; where readers disagreed, either answer is right."""
    best = logits.argmax(1)
    gold = np.where(truth["also"][np.arange(len(best)), best], best, truth["polarity"])
    per = [2 * ((best == c) & (gold == c)).sum() / max(1, (best == c).sum() + (gold == c).sum()) for c in range(4)]
    return float((best == gold).mean()), float(np.mean(per))


def offsets(logits, truth):
    """What is added to the logits of negative and mixed, the rare ones."""
    rows = [np.array([0.0, negative, mixed, 0.0]) for negative, mixed in product(STEPS, STEPS)]
    return max(rows, key=lambda row: polarity(logits + row, truth)[1])


def thresholds(logits, truth):
    """Best threshold of each theme, as logits."""
    chosen = choose_thresholds(1 / (1 + np.exp(-logits)), truth["labels"], np.ones(len(logits)))
    return np.log(chosen / (1 - chosen))


def part(truth, rows):
    """Some sentences of the truth."""
    return {name: values[rows] for name, values in truth.items()}


class Answer:
    """What one voice of one seed said, with what is chosen on held-out sentences."""

    def __init__(self, arrays):
        self.arrays = arrays

    def themes(self, truth, rows=None):
        """Logits of themes less the thresholds that the sentences in `rows` choose."""
        rows = slice(None) if rows is None else rows
        level = thresholds(self.arrays["held_themes"][rows], part(truth, rows))
        return {name: self.arrays[f"{name}_themes"] - level for name in ("held", "gold")}

    def polarity(self, truth, rows=None):
        """Logits of polarity with the offsets that the sentences in `rows` choose."""
        rows = slice(None) if rows is None else rows
        level = offsets(self.arrays["held_polarity"][rows], part(truth, rows))
        return {name: self.arrays[f"{name}_polarity"] + level for name in ("held", "gold")}


def figures(answer, held, gold):
    """Figures of one voice of one seed."""
    halves = [held["half"] == 0, held["half"] == 1]
    themes, moods = np.zeros(held["labels"].shape, bool), np.zeros((len(held["half"]), 4))
    for here, other in (halves, halves[::-1]):
        themes[here] = answer.themes(held, other)["held"][here] >= 0
        moods[here] = answer.polarity(held, other)["held"][here]
    result = {"held themes": f1(themes, held), "held polarity": polarity(moods, held)}
    result["gold themes"] = f1(answer.themes(held)["gold"] >= 0, gold)
    result["gold polarity"] = polarity(answer.polarity(held)["gold"], gold)
    if not isinstance(answer, Stacked):  # whose sum has a share that only held-out sentences choose
        result["gold best"] = (best(answer.arrays["gold_themes"], gold),)
    for name in ("held", "gold"):
        if f"{name}_entities" in answer.arrays:
            result[f"{name} entities"] = tuple(2 * right / max(1, found + true) for right, found, true in answer.arrays[f"{name}_entities"])
    if "speed" in answer.arrays:
        result["speed"] = (float(answer.arrays["speed"]),)
    return result


def best(logits, truth):
    """Micro-F1 of themes at the threshold that is best for these very sentences, the same for all themes."""
    return max(f1(logits >= step, truth)[0] for step in np.linspace(-5, 2, 71))


def logs(values):
    """Logits as logarithms of probabilities."""
    shifted = values - values.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


class Stacked(Answer):
    """A voice and a share of another; each share is chosen where the thresholds are."""

    def __init__(self, first, second, plain):
        super().__init__({name: first[name] for name in first if name.endswith(("themes", "polarity"))})
        self.second = second
        speeds = [float(voice["speed"]) for voice in (first, plain) if "speed" in voice]  # what clues cost is in the first
        if len(speeds) == 2:
            self.arrays["speed"] = np.array(1 / sum(1 / speed for speed in speeds))

    def _sum(self, task, share):
        rest = {
            f"{name}_{task}": logs(self.second[f"{name}_{task}"]) if task == "polarity" else self.second[f"{name}_{task}"]
            for name in ("held", "gold")
        }
        return Answer({name: self.arrays[name] + share * value for name, value in rest.items()})

    def themes(self, truth, rows=None):
        """Logits of themes of the sum whose share the sentences in `rows` choose."""
        chosen = slice(None) if rows is None else rows
        sums = [self._sum("themes", share).themes(truth, rows) for share in SHARES]
        return max(sums, key=lambda one: f1(one["held"][chosen] >= 0, part(truth, chosen))[0])

    def polarity(self, truth, rows=None):
        """Logits of polarity of the sum whose share the sentences in `rows` choose."""
        chosen = slice(None) if rows is None else rows
        sums = [self._sum("polarity", share).polarity(truth, rows) for share in SHARES]
        return max(sums, key=lambda one: polarity(one["held"][chosen], part(truth, chosen))[1])


def together(answers, helds, gold):
    """Figures of the mean of several seeds' logits on the gold, each with the thresholds of its own held-out sentences."""
    themes = np.mean([answer.themes(held)["gold"] for answer, held in zip(answers, helds, strict=True)], axis=0)
    moods = np.mean([logs(answer.polarity(held)["gold"]) for answer, held in zip(answers, helds, strict=True)], axis=0)
    result = {"gold themes": f1(themes >= 0, gold), "gold polarity": polarity(moods, gold)}
    if not any(isinstance(answer, Stacked) for answer in answers):
        result["gold best"] = (best(np.mean([answer.arrays["gold_themes"] for answer in answers], axis=0), gold),)
    return result


def row(name, measured):
    """One line of the table: mean ± standard deviation over seeds."""
    keys = ("held themes", "held polarity", "held entities", "gold themes", "gold best", "gold polarity", "gold entities")
    cells = [name, str(len(measured))]
    for key in keys:
        values = np.array([one[key][:1] if key == "held entities" else one[key] for one in measured if key in one])
        spread = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1:])
        cells.append(
            " / ".join(
                f"{mean:.3f}" + (f" ± {by:.3f}" if len(values) > 1 else "") for mean, by in zip(values.mean(axis=0), spread, strict=True)
            )
            if len(values)
            else "–"
        )
    speeds = [one["speed"][0] for one in measured if "speed" in one]
    cells.append(f"{np.median(speeds):,.0f}" if speeds else "–")
    return "| " + " | ".join(cells) + " |"


def plot(points):
    """SVG of quality (gold, themes micro-F1 and polarity macro-F1) against words per second, on a logarithmic scale."""
    left, top, width, height = 60, 30, 560, 300
    low, high = 0.2, 0.8
    across = lambda speed: left + width * (np.log10(speed) - 3.5) / 1.5
    up = lambda value: top + height * (high - value) / (high - low)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 130} {top + height + 60}" font-family="sans-serif" font-size="11">',
        "<title>Quality on the gold sentences against words per second on one core</title>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for value in np.arange(low, high + 0.01, 0.1):
        lines.append(
            f'<path d="M{left} {up(value):.0f}h{width}" stroke="#ddd"/><text x="{left - 30}" y="{up(value) + 4:.0f}">{value:.1f}</text>'
        )
    for speed in (5000, 10000, 20000, 50000, 100000):
        lines.append(
            f'<path d="M{across(speed):.0f} {top}v{height}" stroke="#eee"/><text x="{across(speed) - 18:.0f}" y="{top + height + 16}">{speed:,}</text>'
        )
    lines.append(
        f'<path d="M{across(12000):.0f} {top}v{height}" stroke="#b00" stroke-dasharray="4 3"/><text x="{across(12000) + 4:.0f}" y="{top + 12}" fill="#b00">12,000 words/s</text>'
    )
    lines.append(
        f'<text x="{left + 150}" y="{top + height + 36}">words/s on one core</text><text x="{left}" y="{top - 12}">F1 on the gold: ● themes (micro), ○ polarity (macro)</text>'
    )
    for number, (name, speed, themes, moods) in enumerate(sorted(points, key=lambda point: -point[2]), 1):
        for value, fill in ((themes, "#246"), (moods, "white")):
            lines.append(
                f'<circle cx="{across(speed):.0f}" cy="{up(value):.0f}" r="4" fill="{fill}" stroke="#246"><title>{name}: {value:.3f}</title></circle>'
            )
            lines.append(f'<text x="{across(speed) + 6:.0f}" y="{up(value) + 4:.0f}">{number}</text>')
        lines.append(
            f'<text x="{left - 20 + 300 * ((number - 1) % 2)}" y="{top + height + 36 + 14 * (1 + (number - 1) // 2)}">{number} {name}</text>'
        )
    rows = -(-len(points) // 2)
    lines[0] = lines[0].replace(f"{top + height + 60}", f"{top + height + 50 + 14 * rows}")
    return "\n".join([*lines, "</svg>"]) + "\n"


def report(answers, helds, gold, say):
    """Say the table; return the points of the plot."""
    first = "linear + lexicon"
    for second in [name for name in answers if name.startswith("fine-tuned")]:
        both = sorted(answers.get(first, {}).keys() & answers[second].keys())
        if both:
            plain = answers[second.replace(" + lexicon", "")]
            answers[f"stacked: {first}, {second}"] = {
                seed: Stacked(answers[first][seed].arrays, answers[second][seed].arrays, plain[seed].arrays) for seed in both
            }
    say(HEAD)
    say("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    points = []
    for name, voices in answers.items():
        measured = [figures(answer, helds[seed], gold) for seed, answer in sorted(voices.items())]
        say(row(name, measured))
        if len(voices) > 1:
            say(row("mean of the seeds' logits", [together(list(voices.values()), [helds[seed] for seed in voices], gold)]))
        if "speed" in measured[0]:
            means = [np.mean([one[key][place] for one in measured]) for key, place in (("gold themes", 0), ("gold polarity", 1))]
            points.append((name, float(np.median([one["speed"][0] for one in measured])), *map(float, means)))
    return points
