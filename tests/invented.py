"""Results folders made of invented testimonials, for tests that need no pipeline."""

import random
from dataclasses import dataclass
from pathlib import Path

from testimony import results, schemas, store
from testimony.codebook import Codebook
from testimony.identities import settle
from testimony.summaries import gather, spaces_table, summarize

SCORES = {"positive": 0.6, "negative": -0.6, "mixed": 0.05, "neutral": 0.0}

PHRASES = {
    ("amenagement", "positive"): ["La grande salle est lumineuse et bien chauffée, même en {month}.", "Les fauteuils du salon sont d'un confort rare."],
    ("amenagement", "negative"): ["Le chauffage de la verrière tombe en panne tous les {n} jours.", "Le bruit de l'escalier empêche de téléphoner dans {n} bureaux."],
    ("communaute", "positive"): ["Les membres s'entraident et déjeunent ensemble chaque {day}.", "J'ai rencontré ici {n} personnes qui sont devenues des amis."],
    ("communaute", "negative"): ["Chacun reste derrière son écran et personne ne se parle le {day}."],
    ("modele_economique", "negative"): ["L'abonnement à {n}0 euros est trop cher pour une jeune illustratrice."],
    ("modele_economique", "neutral"): ["La location des salles paie {n} douzièmes du loyer."],
    ("animation", "positive"): ["L'animatrice connaît chaque prénom et lance {n} ateliers par mois."],
    ("animation", "neutral"): ["Il faudrait un petit déjeuner commun le {day}."],
    ("coworking_rural", "positive"): ["Le village a retrouvé {n} commerces depuis l'ouverture."],
    ("formation", "mixed"): ["Le cours de comptabilité est clair mais il dure {n} heures."],
}  # fmt: skip
NAMES = (
    "Aline Bastin|Bruno Colle|Chloé Dardenne|Denis Evrard|Elsa Fontaine|Farid Guelma|Garance Hubin|Hugo Ista|Inès Jadot|Jules Kaisin".split(
        "|"
    )
)
SPACES = "La Verrière|Le Four à Pain|L'Écluse|Coworking Saint-Roch|La Sablière".split("|")
ROLES = "graphiste|traductrice|menuisier|gérante|développeur".split("|")
DAYS = "lundi|mardi|jeudi|vendredi".split("|")
MONTHS = "janvier|mars|octobre|décembre".split("|")


@dataclass(frozen=True)
class Said:
    """A sentence with its polarity and its themes: (theme, polarity, words that prove it)."""

    text: str
    polarity: str = "neutral"
    themes: tuple[tuple[str, str, str], ...] = ()
    irony: bool = False


@dataclass(frozen=True)
class Voice:
    """A testimonial to invent."""

    said: tuple[Said, ...]
    speaker: str | None = "Aline Bastin"
    role: str | None = None
    space: str | None = "La Verrière"
    about: str | None = None
    date: str | None = None
    entities: tuple[tuple[str, str, str], ...] = ()
    between: str = " "
    review: bool = False
    metadata: str = "{}"


def said(theme: str, polarity: str, text: str) -> Said:
    """A sentence about one theme, proved by its second word."""
    return Said(text, polarity, ((theme, polarity, text.split()[1]),))


def write(folder: Path, voices, *, skipped=(), part: int = 500) -> Path:
    """Write a results folder as `testimony analyze` does."""
    folder.mkdir(parents=True, exist_ok=True)
    voices = list(voices)
    for number in range(0, max(1, len(voices)), part):
        tables = {name: [] for name in schemas.PARTITIONED}
        for place, voice in enumerate(voices[number : number + part], number):
            add(tables, voice, place)
        if not number:
            tables["documents"] += [document("vide.txt", "Rien ici.", 0), *(document(source, "", 0, reason) for source, reason in skipped)]
        for name, rows in tables.items():
            target = folder / "tables" / name
            target.mkdir(parents=True, exist_ok=True)
            results.write_table(target / f"part-{number:06d}-x.parquet", name, rows)
    conclude(folder, len(voices), skipped)
    return folder


def conclude(folder: Path, n: int, skipped) -> None:
    import json

    book = Codebook.builtin()
    settle(folder / "tables")
    facts = gather(folder, book)
    (folder / "tables" / "spaces").mkdir(exist_ok=True)
    results.write_table(folder / "tables" / "spaces" / "part-000000.parquet", "spaces", spaces_table(facts))
    (folder / "summaries.json").write_text(json.dumps(summarize(facts), ensure_ascii=False), "utf-8", "surrogatepass")
    manifest = {
        "program": "testimony", "format": results.FORMAT, "status": "complete", "codebook": book.to_dict(), "versions": {"testimony": "0"},
        "skipped": [{"source": source, "reason": reason} for source, reason in skipped], "not_documents": ["LISEZMOI"],
        "counts": {"documents": n + 1 + len(skipped), "skipped": len(skipped), "without_testimonial": 1, "testimonials": n},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def document(source: str, text: str, n: int, reason: str | None = None) -> dict:
    return {
        "document_id": store.digest(source), "source": source, "format": "txt", "sha256": "0" * 64, "text": text,
        "status": "skipped" if reason else "ok", "reason": reason, "n_testimonials": n, "metadata": "{}",
    }  # fmt: skip


def add(tables: dict, voice: Voice, place: int) -> None:
    """Add the rows of one testimonial, in a document of its own."""
    text = voice.between.join(one.text for one in voice.said)
    before = f"Paroles recueillies, feuille {place}.\n\n{voice.speaker or 'Anonyme'}\n\n"
    source = f"paroles/{place:06d}.txt"
    identifier = store.digest(f"{place}{text}")
    tables["documents"].append(document(source, f"{before}{text}\n\nFin de la feuille.", 1))
    evidence = (
        f'[{{"attribute": "speaker", "origin": "text", "key": null, "start": {before.index(voice.speaker)}, "end": {before.index(voice.speaker) + len(voice.speaker)}}}]'
        if voice.speaker
        else "[]"
    )
    at, total = 0, 0.0
    for number, one in enumerate(voice.said):
        key = f"{identifier}-{number:03}"
        tables["sentences"].append({
            "testimonial_id": identifier, "sentence_id": key, "start": at, "end": at + len(one.text), "text": one.text, "polarity": one.polarity,
            "polarity_score": SCORES[one.polarity], "baseline_score": 0.0, "irony": one.irony, "cues": [],
        })  # fmt: skip
        for theme, polarity, proof in one.themes:
            start = at + one.text.index(proof)
            tables["themes"].append({
                "testimonial_id": identifier, "sentence_id": key, "theme": theme, "score": 0.9, "polarity": polarity,
                "polarity_score": SCORES[polarity], "evidence": [[start, start + len(proof)]],
            })  # fmt: skip
        for surface, label, target in voice.entities:
            if surface in one.text:
                start = at + one.text.index(surface)
                tables["entities"].append({
                    "testimonial_id": identifier, "sentence_id": key, "start": start, "end": start + len(surface), "text": surface,
                    "label": label, "target": target, "score": 0.9,
                })  # fmt: skip
        at += len(one.text) + len(voice.between)
        total += SCORES[one.polarity]
    tables["testimonials"].append({
        "testimonial_id": identifier, "document_id": store.digest(source), "record_id": "1", "segments": [[len(before), len(before) + len(text)]],
        "text": text, "speaker": voice.speaker, "role": voice.role, "space": voice.space, "space_in_document": voice.space, "about": voice.about, "date": voice.date,
        "language": "fr", "rule": "quotation", "confidence": 0.4 if voice.review else 0.9,
        "polarity": "positive" if total > 0.3 else "negative" if total < -0.3 else "neutral", "polarity_score": total,
        "n_words": len(text.split()), "metadata": voice.metadata, "evidence": evidence, "review": voice.review,
    })  # fmt: skip


def invent(n: int, *, seed: int = 1, length: int = 5, n_spaces: int = 5) -> list[Voice]:
    """Invent `n` testimonials; the same seed gives the same ones."""
    draw = random.Random(seed)
    spaces = [*SPACES, *(f"Tiers-lieu {number:03}" for number in range(n_spaces - len(SPACES)))][:n_spaces]
    voices = []
    for number in range(n):
        sentences = []
        for theme, polarity in draw.choices(sorted(PHRASES), k=length):
            text = draw.choice(PHRASES[theme, polarity]).format(month=draw.choice(MONTHS), day=draw.choice(DAYS), n=draw.randint(2, 9))
            sentences.append(said(theme, polarity, text))
        space = None if number % 11 == 5 else draw.choice(spaces)
        named = draw.choice(spaces)
        sentences.append(Said(f"On nous a parlé de {named} à Namur.", "neutral"))
        voices.append(Voice(
            tuple(sentences), speaker=None if number % 13 == 7 else draw.choice(NAMES) + (f" {number // 50}" if n > 100 else ""),
            role=draw.choice(ROLES), space=space, date=f"2024-{draw.randint(1, 9):02}-11" if number % 3 else None,
            entities=((named, "SPACE", named), ("Namur", "LOC", "Namur")), review=number % 17 == 3,
        ))  # fmt: skip
    return voices
