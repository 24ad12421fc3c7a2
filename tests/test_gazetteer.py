import pytest

from testimony.gazetteer import GIVEN, TOWN, WORD, classes, prefix


@pytest.mark.parametrize(
    ("word", "code"), [("Nantes", TOWN), ("Caroline", GIVEN), ("maison", WORD), ("Chambéry", TOWN), ("Cédric", GIVEN), ("Liège", TOWN)]
)
def test_lists_know_common_names(word, code):
    assert classes(word) & code


def test_case_and_accents_written_apart_do_not_matter():
    assert classes("NANTES") == classes("nantes")
    assert classes("Ce\u0301dric") == classes("Cédric")


def test_the_prefix_carries_the_classes_of_words_only():
    assert prefix("Nantes").startswith("N")
    assert prefix("Nantes") != "N0"
    assert prefix("12") == "1"
    assert prefix("") == ""
