"""Build `src/testimony/data/gazetteer.txt.gz` from the open lists of names: `python benchmarks/gazetteer.py [SHARED]`.

Given names: Statbel (open data); other given names and surnames: solvenium names (MIT); towns: INSEE communes (Licence Ouverte) and Belgian
postcodes (open data); larger foreign towns, countries, regions, firms: SEM directory (MIT); ordinary words: headwords of the Hunspell French
dictionary (MPL). Facts only: each line is a lower-case word and the sum of its classes (`testimony.gazetteer`).
"""

import csv
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from testimony.gazetteer import FIRM, GIVEN, NAME, TOWN, WORD

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared") / "data" / "gazetteers"
OUTPUT = Path(__file__).parents[1] / "src" / "testimony" / "data" / "gazetteer.txt.gz"
STOP = set(
    "le la les l de du des d en sur sous et au aux saint sainte st ste lès les-bains grand grande petit vieux bois ville mont".split()
)


def words(names):
    for name in names:
        for word in re.split(r"[\s'’]+", unicodedata.normalize("NFC", name).strip().lower()):
            if len(word) > 1 and word not in STOP and word[0].isalpha():
                yield word


def main():
    classes = Counter()
    given = {
        row["n"].lower()
        for row in json.load((SHARED / "statbel_prenoms/static/data/prenoms.json").open(encoding="utf-8"))["names"]
        if row["t"] >= 20
    }
    lines = lambda path: (SHARED / path).read_text("utf-8").splitlines()
    sem = "SEM_NER-directory/resources/dictionaries/fr/NER-directory/"
    communes = [row["LIBELLE"] for row in csv.DictReader(lines("etalab_communes/sources/communes.csv"))]
    belgian = [row.split(",")[1] for row in lines("zipcode-belgium/zipcodes_num_fr.csv") if row.count(",") >= 2 and row.split(",")[2] != ""]
    far = [line for name in ("city", "country", "departement", "region") for line in lines(sem + name)[1:] if " " not in line]
    names = [
        line for name in ("Female_given_names", "Male_given_names", "Surnames") for line in lines(f"solvenium_names/dataset/{name}.txt")
    ]
    far += "europe amérique asie afrique océanie antarctique moyen-orient proche-orient maghreb scandinavie balkans méditerranée famenne gaume ardenne ardennes hesbaye condroz borinage brabant famenne".split()
    firms = [line for name in ("company", "organisation") for line in lines(sem + name)[1:] if " " not in line and len(line) > 2]
    headwords = [line.split("/")[0] for line in lines("hunspell_fr/fr_FR/dictionaries/fr.dic")[1:]]
    groups = (
        (GIVEN, given),
        (NAME, {w for w in words(names) if " " not in w}),
        (TOWN, set(words([*communes, *belgian, *far]))),
        (FIRM, set(words(firms))),
        (WORD, {word for word in headwords if word.islower() and word.isalpha()}),
    )
    for code, group in groups:
        for word in group:
            classes[word] |= code
    kept = {word: code for word, code in classes.items() if code not in (WORD,) or len(word) > 2}
    data = "".join(f"{word}\t{kept[word]}\n" for word in sorted(kept)).encode()
    OUTPUT.write_bytes(gzip.compress(data, 9, mtime=0))
    print(len(kept), "words", OUTPUT.stat().st_size, "bytes", {code: len(group) for code, group in groups})


if __name__ == "__main__":
    main()
