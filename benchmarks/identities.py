"""Growth of the pass over names: `python benchmarks/identities.py [TESTIMONIALS…]` (default: 20000 200000).

Writes tables of invented testimonials (a quarter of them by people who come back), settles them in a process of its own, and prints time and peak memory.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from testimony import results, store

GIVEN = "Aline Bruno Chloé Denis Elsa Farid Garance Hugo Inès Jules Anne-Catherine Étienne".split()
SYLLABLES = "ba den ro mi lar vis ko tel gar mon per sau".split()
PART = 5_000
SETTLE = """
import resource, sys, time
from pathlib import Path
from testimony.identities import settle
clock = time.perf_counter()
settle(Path(sys.argv[1]))
print(f"{time.perf_counter() - clock:.1f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
"""


def speaker(rng, n):
    number = rng.randrange(max(1, n * 3 // 4))
    own = random.Random(number)
    given, last = own.choice(GIVEN), "".join(own.choices(SYLLABLES, k=4)).title()
    return rng.choice((f"{given} {last}",) * 6 + (given, f"{given[0]}. {last}", f"{last.upper()} {given}"))


def write(folder, n):
    rng = random.Random(1)
    for number in range(0, n, PART):
        rows = {"documents": [], "testimonials": []}
        for place in range(number, min(n, number + PART)):
            key = store.digest(str(place))
            space = rng.choice((None, f"Coworking {rng.choice(SYLLABLES)}{rng.randrange(max(1, n // 200))}"))
            rows["documents"].append({"document_id": key, "source": f"{place}.md", "text": "", "status": "ok", "n_testimonials": 1})
            rows["testimonials"].append(
                {
                    "testimonial_id": key,
                    "document_id": key,
                    "text": "Des mots. " * 30,
                    "speaker": speaker(rng, n),
                    "space_in_document": space,
                }
            )
        for name, values in rows.items():
            (folder / name).mkdir(exist_ok=True)
            results.write_table(folder / name / f"part-{number:09d}-x.parquet", name, values)


def main(sizes):
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), n)
            print(
                n,
                subprocess.run([sys.executable, "-c", SETTLE, folder], check=True, text=True, capture_output=True).stdout.strip(),
                flush=True,
            )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [20_000, 200_000])
