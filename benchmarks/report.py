"""Size and speed of the report at 2,000, 20,000 and 50,000 invented testimonials, in Debian's Chromium without a network.

    python benchmarks/report.py [2000 20000 50000]

Prints one JSON object per size: seconds to draw, megabytes, testimonials left to the tables, milliseconds from navigation to a usable page
(median of three), and for each filter the milliseconds from the change to the drawn table (worst of three).
"""

import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from testimony.report.render import render

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from invented import NAMES, ROLES, Said, Voice, write

CORPUS = Path(__file__).parents[1] / "corpus"
THEMES = ["amenagement", "communaute", "modele_economique", "animation", "coworking_rural", "formation", "gouvernance", "reseau"]
SPACES = [f"Le Tiers-lieu {name}" for name in "Alouette Bruyère Colombe Digue Églantine Fougère Garenne Hêtraie".split()] + [
    f"Coworking {number:02}" for number in range(32)
]

FILTERS = {
    "espace": "Coworking 03", "theme": "amenagement", "ressenti": "negative", "role": "graphiste", "qui": "bastin", "depuis": "2024-05",
    "nom": "Namur", "verifier": "1", "q": "salle",
}  # fmt: skip

# What the page itself does for a change of address with a filter, until the browser has laid the table out.
TIMED = """fragment => new Promise(done => {
  const start = performance.now();
  addEventListener("hashchange", () => setTimeout(() => { document.body.getBoundingClientRect(); done(performance.now() - start); }), {once: true});
  location.hash = fragment;
})"""


def voices(n: int) -> list[Voice]:
    """Invent testimonials of 60 words drawn one by one from the demonstration corpus: they pack worse than sentences that people say."""
    draw = random.Random(7)
    words = [word for file in sorted(CORPUS.glob("*.md")) for word in re.findall(r"[^\W\d_]+", file.read_text("utf-8"))]
    found = []
    for number in range(n):
        said = []
        for _ in range(5):
            text = " ".join(draw.choices(words, k=12)) + "."
            polarity = draw.choice(["positive", "negative", "mixed", "neutral", "neutral"])
            said.append(
                Said(text, polarity, tuple((theme, polarity, text.split()[3]) for theme in draw.sample(THEMES, draw.choice([0, 1, 1, 2]))))
            )
        named = draw.choice(SPACES)
        said.append(Said(f"On nous a parlé de {named} à Namur."))
        found.append(
            Voice(
                tuple(said),
                speaker=f"{draw.choice(NAMES)} {number // 3}",
                role=draw.choice(ROLES),
                space=draw.choice(SPACES),
                date=f"202{draw.randint(0, 5)}-{draw.randint(1, 9):02}-11",
                entities=((named, "SPACE", named), ("Namur", "LOC", "Namur")),
                review=number % 17 == 3,
            )
        )
    return found


def measure(n: int, folder: Path, browser) -> dict:
    write(folder, voices(n))
    clock = time.perf_counter()
    file = render(folder, folder / "report.html")
    drawn = time.perf_counter() - clock
    page = browser.new_context(offline=True).new_page()
    opened = []
    for _ in range(3):
        page.goto("about:blank")
        clock = time.perf_counter()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        opened.append(1000 * (time.perf_counter() - clock))
    page.evaluate("location.hash = '#temoignages'")
    filters, worst = {}, 0.0
    for name, value in FILTERS.items():
        laps = []
        for _ in range(3):
            laps.append(page.evaluate(TIMED, f"#temoignages?{name}={value}"))
            page.evaluate(TIMED, "#temoignages")
        filters[name] = round(statistics.median(laps))
        worst = max(worst, *laps)
    sorting = round(
        max(page.evaluate(TIMED, f"#temoignages?tri={order}{by}") for by in ("speaker", "space", "date") for order in ("", "-"))
    )
    kwic = round(page.evaluate(TIMED, "#concordance?mot=salle"))
    carried = page.evaluate("document.querySelector('#left-out')?.textContent ?? ''")
    return {
        "testimonials": n, "draw_s": round(drawn, 1), "megabytes": round(file.stat().st_size / 1e6, 2), "open_ms": round(statistics.median(opened)),
        "filter_ms": filters, "worst_filter_ms": round(worst), "sort_ms": sorting, "concordance_ms": kwic, "left_out": carried,
    }  # fmt: skip


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [2_000, 20_000, 50_000]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for n in sizes:
            print(json.dumps(measure(n, Path(folder) / str(n), browser), ensure_ascii=False), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
