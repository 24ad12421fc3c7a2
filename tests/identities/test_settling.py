"""The pass over finished tables: what it writes is the same whatever the order and the cut of the tables, and stays when it is run again."""

from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq

from invented import Voice, add, said
from testimony import results
from testimony.identities import settle

COLD = said("amenagement", "negative", "Le chauffage est en panne depuis l'automne.")
WARM = said("communaute", "positive", "Les membres partagent leurs repas.")
VOICES = (
    Voice((COLD,), "Élodie Garnier", "relieuse", "Coworking La Louvière"),
    Voice((WARM,), "E. Garnier", None, "l'espace de La Louvière"),
    Voice((WARM,), "Élodie", None, None),
    Voice((COLD, WARM), "Bruno Colle", "menuisier", "La Louvière"),
    Voice((WARM, COLD), None, None, "Coworking La Louvière"),
)


def write(folder: Path, order: list[int], part: int) -> Path:
    for number in range(0, len(order), part):
        tables = defaultdict(list)
        for place in order[number : number + part]:
            add(tables, VOICES[place], place)
        for name in ("documents", "testimonials"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            results.write_table(folder / name / f"part-{number:06}-x.parquet", name, tables[name])
    settle(folder)
    return folder


def rows(folder: Path, name: str) -> list[dict]:
    return sorted(pq.read_table(folder / name).to_pylist(), key=str)


def test_names_are_settled_whatever_the_order_and_the_cut(tmp_path) -> None:
    one = write(tmp_path / "one", [0, 1, 2, 3, 4], 5)
    other = write(tmp_path / "other", [4, 2, 0, 3, 1], 2)
    assert rows(one, "testimonials") == rows(other, "testimonials")
    assert rows(one, "people") == rows(other, "people")
    by_form = {row["speaker"]: row for row in rows(one, "testimonials")}
    assert {row["space"] for row in by_form.values()} == {"Coworking La Louvière", None}
    assert by_form["E. Garnier"]["space_in_document"] == "l'espace de La Louvière"
    assert by_form["E. Garnier"]["person"] == by_form["Élodie Garnier"]["person"] != by_form["Élodie"]["person"]
    assert by_form["E. Garnier"]["person_name"] == "Élodie Garnier"
    assert by_form[None]["person"] is None
    (garnier,) = [row for row in rows(one, "people") if row["name"] == "Élodie Garnier"]
    assert garnier["aliases"] == ["E. Garnier"]
    assert garnier["n_testimonials"] == 2
    assert len(rows(one, "people")) == 3


def test_the_pass_run_again_changes_no_byte(tmp_path) -> None:
    folder = write(tmp_path, [0, 1, 2, 3, 4], 2)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}
    settle(folder)
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))} == before
