"""Groups of any kind are compared: roles, periods, fields of the records."""

import pytest

import testimony
from invented import Said, Voice, said, write
from testimony.errors import InputError

COLD = said("amenagement", "negative", "Le chauffage tombe en panne tous les hivers.")
WARM = said("communaute", "positive", "Les membres déjeunent ensemble le jeudi.")


def voices(**fields) -> list[Voice]:
    return [Voice((COLD,), f"A {n}", **{name: pair[0] for name, pair in fields.items()}) for n in range(12)] + [
        Voice((WARM,), f"B {n}", **{name: pair[1] for name, pair in fields.items()}) for n in range(12)
    ]


@pytest.mark.parametrize(
    ("by", "fields", "groups"),
    [
        ("space", {"space": ("L'Écluse", "La Verrière")}, ["L'Écluse", "La Verrière"]),
        ("role", {"role": ("Graphiste", "menuisier")}, ["graphiste", "menuisier"]),
        ("year", {"date": ("12 mars 2022", "03/2024")}, ["2022", "2024"]),
        ("month", {"date": ("2022-03-12", "mai 2022")}, ["2022-03", "2022-05"]),
        ("vague", {"metadata": ('{"vague": "A"}', '{"vague": 2}')}, ["2", "A"]),
    ],
)
def test_a_difference_is_found_whatever_makes_the_groups(tmp_path, by, fields, groups) -> None:
    found = testimony.compare(write(tmp_path / "r", voices(**fields)), by)
    assert list(found.sizes) == groups
    assert found.too_small == []
    themes = {(row["group"], row["form"]): row for row in found.rows if row["kind"] == "theme"}
    assert {form for _, form in themes} == {"amenagement", "communaute"}
    for row in found.rows:
        assert sorted((row["inside"] / row["part"], row["outside"] / row["rest"])) == [0, 1]
        assert -1 <= row["low"] <= row["difference"] <= row["high"] <= 1
    assert len(found.to_frame()) == len(found.rows)
    assert "<table>" in found._repr_html_()


def test_small_groups_are_named_and_not_compared(tmp_path) -> None:
    few = [Voice((COLD,), f"C {n}", role="édile") for n in range(3)]
    found = testimony.compare(write(tmp_path / "r", [*voices(role=("graphiste", "menuisier")), *few]), "role")
    assert found.too_small == ["édile"]
    shown = found._repr_html_()
    assert "2 groupes comparés (role)" in shown
    assert "Trop peu de témoignages pour être comparés\u00a0: édile." in shown
    assert not [row for row in found.rows if row["group"] == "édile"]


def test_without_difference_nothing_is_found(tmp_path) -> None:
    same = [Voice((COLD, WARM), f"A {n}", role=("graphiste", "menuisier")[n % 2]) for n in range(24)]
    assert testimony.compare(write(tmp_path / "r", same), "role").rows == []


def test_a_field_that_nobody_has_is_an_error_that_names_the_others(tmp_path) -> None:
    folder = write(tmp_path / "r", [Voice((Said("Bonjour à tous."),), metadata='{"vague": "A"}')])
    with pytest.raises(InputError, match=r"no testimonial has 'couleur'.*vague"):
        testimony.compare(folder, "couleur")
