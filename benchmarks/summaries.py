"""Key points beside first sentences, TextRank and LexRank, at the same number of words, group by group.

    python benchmarks/summaries.py ../shared     # sentences with gold themes and polarity, grouped by document
    python benchmarks/summaries.py corpus/       # the demonstration corpus by space; themes are those the program finds

`coverage` is the share of a group's (theme, stance) pairs, as annotated, that the chosen sentences carry; `themes` the same for themes alone;
`redundancy` the mean, over quotations, of the highest cosine (TF-IDF of words) with another of the same group; `verbatim` the share found
character for character in the source; `alone` the share that pass `stands_alone`, which knows nothing of the program's own scoring.
"""

import json
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

import testimony
from testimony.summaries import Group, walk
from testimony.summaries.points import points
from testimony.summaries.words import content_words

LEANING = re.compile(
    r"(?:mais|et|donc|or|car|puis|ensuite|pourtant|cependant|enfin,|sinon|bref|parce qu|qui|que|dont|cela|ça|ceci|celui|celle|ceux|il|ils|elle|elles|lui|eux|y|ce (?:dernier|n|sont|fut)|c['’]|cet|cette|ces)\b",
    re.IGNORECASE,
)
WAITING = re.compile(r"(?:[:,;?(«]|\b(?:et|ou|de|que|qui|mais|à))$", re.IGNORECASE)
IMPERSONAL = re.compile(
    r"il (?:n['’]|ne )?(?:y|faut|faudrait|fait|manque|reste|est (?:\w+ )?(?:important|difficile|possible|rare|temps))", re.IGNORECASE
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a group: whose, where in the testimonial, and what annotators (or the program) say of it."""

    testimonial: str
    start: int
    end: int
    text: str
    claims: frozenset


def stands_alone(text: str, cut: bool, nlp) -> bool:
    """A finite verb, a beginning that leans on nothing, an end that waits for nothing; a cut that is shown may begin in lower case."""
    doc = nlp(text)
    whole = cut or text.lstrip('«“"\u00a0 ')[:1].isupper() or not text[:1].isalpha()
    finite = any("VerbForm=Fin" in str(token.morph) or token.pos_ == "AUX" for token in doc)
    leans = LEANING.match(text.lstrip('«"“- ')) and not IMPERSONAL.match(text.lstrip('«"“- '))
    return bool(whole and finite and not leans and "\n" not in text and not WAITING.search(text.strip()) and len(text.split()) >= 4)


def ranked(matrix: np.ndarray) -> np.ndarray:
    """PageRank of a similarity matrix."""
    sums = matrix.sum(axis=1, keepdims=True)
    moves = np.divide(matrix, sums, out=np.full_like(matrix, 1 / len(matrix)), where=sums > 0)
    rank = np.full(len(matrix), 1 / len(matrix))
    for _ in range(60):
        rank = 0.15 / len(matrix) + 0.85 * moves.T @ rank
    return rank


def textrank(sentences: list[Sentence]) -> list[int]:
    """Mihalcea and Tarau (2004): words in common over the logarithms of the lengths."""
    words = [content_words(one.text) for one in sentences]
    size = np.array([np.log(max(2, len(one))) for one in words])
    matrix = np.array([[len(a & b) if a is not b else 0 for b in words] for a in words], float) / (size[:, None] + size[None, :])
    return list(np.argsort(-ranked(matrix), kind="stable"))


def lexrank(sentences: list[Sentence]) -> list[int]:
    """Erkan and Radev (2004): TF-IDF cosine above 0.1; a sentence that repeats a chosen one (cosine 0.5) is passed over."""
    cosine = cosines([one.text for one in sentences])
    order, kept = list(np.argsort(-ranked((cosine > 0.1) * (1 - np.eye(len(cosine)))), kind="stable")), []
    for at in order:
        if not any(cosine[at, other] > 0.5 for other in kept):
            kept.append(at)
    return kept


def first(sentences: list[Sentence]) -> list[int]:
    """The first sentence of each testimonial, then the second of each…"""
    seen: dict[str, int] = defaultdict(int)
    rank = []
    for at, one in enumerate(sentences):
        rank.append((seen[one.testimonial], at))
        seen[one.testimonial] += 1
    return [at for _, at in sorted(rank)]


def cosines(texts: list[str]) -> np.ndarray:
    vectors = TfidfVectorizer(analyzer=lambda text: sorted(content_words(text)) or ["∅"]).fit_transform(texts)
    return (vectors @ vectors.T).toarray()


def gold_groups(shared: Path, folder: Path) -> tuple[Path, dict[str, str], dict[str, list]]:
    """Analyze the annotated sentences; group and annotations of each testimonial."""
    lines = [json.loads(line) for line in (shared / "data" / "testimonials" / "sentences.gold.jsonl").read_text("utf-8").splitlines()]
    by_testimonial: dict[str, list] = defaultdict(list)
    for line in lines:
        by_testimonial[line["id"].rsplit(".", 1)[0]].append(line)
    records = [
        {"id": key, "speaker": rows[0]["speaker"], "role": rows[0]["role"], "text": " ".join(row["text"] for row in rows)}
        for key, rows in by_testimonial.items()
    ]
    source = folder / "gold.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records), "utf-8")
    testimony.analyze(source, output=folder / "results")
    return folder / "results", {key: key.split("#")[0] for key in by_testimonial}, by_testimonial


def annotated(text: str, rows: list, key: str) -> list[Sentence]:
    found, at = [], 0
    for row in rows:
        start = text.index(row["text"].strip(), at)
        at = start + len(row["text"].strip())
        claims = frozenset((theme, row["polarity"] if row["polarity"] != "mixed" else "both") for theme in row["themes"])
        found.append(Sentence(key, start, at, text[start:at], claims))
    return found


def found_by_program(item) -> list[Sentence]:
    claims: dict[str, set] = defaultdict(set)
    for row in item.themes:
        claims[row["sentence_id"]].add((row["theme"], row["polarity"]))
    key = item.testimonial["testimonial_id"]
    return [Sentence(key, row["start"], row["end"], row["text"], frozenset(claims[row["sentence_id"]])) for row in item.sentences]


def carried(chosen: list[tuple], sentences: list[Sentence]) -> set:
    """Claims of the sentences of which a quotation holds more than half."""
    found = set()
    for key, start, end, *_ in chosen:
        for one in sentences:
            if one.testimonial == key and min(end, one.end) - max(start, one.start) > (one.end - one.start) / 2:
                found |= one.claims
    return found


def measure(chosen: list[tuple], sentences: list[Sentence], texts: dict[str, str], nlp) -> dict[str, float]:
    every = set().union(*(one.claims for one in sentences))
    got = carried(chosen, sentences)
    quotations = [text for *_, text, _ in chosen]
    cosine = cosines(quotations) - np.eye(len(quotations)) if len(quotations) > 1 else np.zeros((1, 1))
    return {
        "coverage": len(got & every) / len(every),
        "themes": len({theme for theme, _ in got}) / len({theme for theme, _ in every}),
        "redundancy": float(cosine.max(axis=1).mean()),
        "verbatim": sum(texts[key][start:end] == text for key, start, end, text, _ in chosen) / len(chosen),
        "alone": sum(stands_alone(text, cut, nlp) for *_, text, cut in chosen) / len(chosen),
    }


def load(place: Path, folder: Path) -> tuple[dict[str, Group], dict[str, list[Sentence]], dict[str, str]]:
    """Facts, annotated sentences and texts, by group."""
    rows: dict[str, str] = {}
    if (place / "data").is_dir():
        path, rows, by_testimonial = gold_groups(place, folder)
    else:
        path = testimony.analyze(place, output=folder / "results").path
    groups, sentences, texts = defaultdict(Group), defaultdict(list), {}
    for item in walk(path):
        row = item.testimonial
        group = rows[row["record_id"]] if rows else row["space"]
        if group is None:
            continue
        groups[group].add(item)
        texts[row["testimonial_id"]] = row["text"]
        sentences[group] += (
            annotated(row["text"], by_testimonial[row["record_id"]], row["testimonial_id"]) if rows else found_by_program(item)
        )
    return groups, sentences, texts


def selections(group: Group, sentences: list[Sentence]) -> dict[str, list[tuple]]:
    """What each method quotes; the others go on until they have as many words as ours."""
    ours = [(one["testimonial_id"], one["start"], one["end"], one["text"], one["before"]) for one in points(group)]
    budget = sum(len(text.split()) for *_, text, _ in ours)
    found = {"ours": ours}
    for title, order in (("first sentences", first), ("TextRank", textrank), ("LexRank", lexrank)):
        chosen, words = [], 0
        for at in order(sentences):
            if words >= budget:
                break
            one = sentences[at]
            chosen.append((one.testimonial, one.start, one.end, one.text, False))
            words += len(one.text.split())
        found[title] = chosen
    return found


def main() -> None:
    nlp = testimony.load()
    with tempfile.TemporaryDirectory() as name:
        groups, sentences, texts = load(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus"), Path(name))
    compared = [group for group in sorted(groups) if groups[group].testimonials > 1 and any(one.claims for one in sentences[group])]
    scores, samples = defaultdict(list), []
    for group in compared:
        for title, chosen in selections(groups[group], sentences[group]).items():
            scores[title].append(measure(chosen, sentences[group], texts, nlp) | {"quotations": len(chosen)})
            samples += [{"method": title, "group": group, "text": text} for *_, text, _ in chosen]
    print(f"{len(compared)} groups, {sum(groups[group].testimonials for group in compared)} testimonials; means over groups")
    for title, values in scores.items():
        print(f"{title:16}", {key: round(float(np.mean([value[key] for value in values])), 3) for key in values[0]})
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps(samples, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
