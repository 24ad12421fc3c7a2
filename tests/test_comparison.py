"""Specificities: the reference table to four decimals, and no alarm where there is no difference."""

import random
from collections import Counter

import pytest

from testimony.comparison import compare, contrast, distinctive, specificity

# Frequencies of five words and of all the others in ten speeches (the `robespierre` data of the textometry package), with Lafon's scores.
COUNTS = {
    "de": [464, 165, 194, 392, 398, 235, 509, 96, 58, 662],
    "peuple": [45, 18, 15, 14, 53, 30, 42, 16, 4, 59],
    "republique": [35, 10, 16, 29, 29, 9, 21, 14, 2, 42],
    "ennemi": [30, 13, 11, 19, 22, 10, 16, 7, 2, 35],
    "patrie": [6, 5, 16, 8, 23, 10, 35, 8, 3, 39],
    "others": [7815, 2347, 3668, 6441, 7371, 4261, 9519, 1922, 1015, 13096],
}
SCORES = {
    "de": [1.2477, 2.6891, -0.5534, 1.6471, -0.5096, -0.2909, -0.6132, -0.8098, 0.3884, -2.2050],
    "peuple": [0.6161, 1.1466, -0.6709, -4.1743, 2.1122, 1.2906, -0.7980, 1.3632, -0.3977, -0.8410],
    "republique": [0.9753, 0.4424, 0.6038, 0.9023, 0.4706, -1.2797, -2.2003, 1.9736, -0.5366, -0.6335],
    "ennemi": [1.2133, 1.6778, 0.3146, 0.3091, 0.3364, -0.5024, -2.0550, 0.4965, -0.3552, -0.4359],
    "patrie": [-4.2432, -0.4160, 1.4491, -2.0903, 0.6178, -0.3834, 1.5961, 0.8409, 0.2942, 0.6414],
}


@pytest.mark.parametrize("word", SCORES)
def test_lafon_s_reference_values(word) -> None:
    sizes = [sum(column) for column in zip(*COUNTS.values(), strict=True)]
    for part, expected in enumerate(SCORES[word]):
        found = specificity(sum(sizes), sum(COUNTS[word]), sizes[part], COUNTS[word][part])
        assert found == pytest.approx(expected, abs=5e-5)


def test_false_alarms_stay_under_five_percent() -> None:
    rng = random.Random(5)
    words = [f"w{number}" for number in range(30)]
    alarms = 0
    for _ in range(1000):
        groups = {name: Counter() for name in "abcd"}
        for name in groups:
            for _ in range(10):
                groups[name].update(word for word in words if rng.random() < 0.2)
        alarms += any(compare(groups, dict.fromkeys(groups, 10)).values())
    assert alarms <= 50


def test_a_real_difference_is_found_with_both_counts() -> None:
    groups = {"a": {"froid": 14, "café": 9}, "b": {"froid": 1, "café": 10}, "c": {"froid": 1, "café": 8}}
    (word,) = distinctive(groups, {"a": 15, "b": 15, "c": 15})["a"]
    assert word["form"] == "froid"
    assert (word["inside"], word["part"], word["outside"], word["rest"]) == (14, 15, 2, 30)
    assert 0 < word["low"] < word["difference"] < word["high"] <= 1


def test_a_small_group_is_not_compared() -> None:
    assert compare({"a": {"froid": 2}, "b": {"froid": 0}}, {"a": 2, "b": 40}) == {"a": [], "b": []}


def test_an_interval_holds_its_difference() -> None:
    item = contrast("x", (5, 10, 3, 30))
    assert item.low <= item.difference <= item.high
