"""Specificities: the reference table to four decimals, and no alarm where there is no difference."""

import math
import random
from collections import Counter

import pytest

from testimony.comparison import MIN_TESTIMONIALS, compare, contrast, log_tail, specificity, wilson

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
    counts = COUNTS[word]
    for part, expected in enumerate(SCORES[word]):
        found = specificity(sum(sizes), sum(counts), sizes[part], counts[part])
        assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("direction", ["more", "both"])
def test_false_alarms_stay_under_five_percent(direction) -> None:
    rng = random.Random(5)
    words = {f"w{number}": rng.choice([0.05, 0.1, 0.2, 0.4, 0.7]) for number in range(30)}
    alarms = 0
    for _ in range(1000):
        sizes = {name: rng.choice([6, 10, 25]) for name in "abcd"}
        groups = {
            name: Counter(word for _ in range(size) for word, rate in words.items() if rng.random() < rate) for name, size in sizes.items()
        }
        alarms += any(compare(groups, sizes, direction=direction).values())
    assert alarms <= 50


def test_a_real_difference_is_found_with_both_counts() -> None:
    groups = {"a": {"froid": 14, "café": 9}, "b": {"froid": 1, "café": 10}, "c": {"froid": 1, "café": 8}}
    found = compare(groups, dict.fromkeys(groups, 15))
    (word,) = found["a"]
    assert word.form == "froid"
    assert (word.inside, word.part, word.outside, word.rest) == (14, 15, 2, 30)
    assert 0 < word.low < word.difference < word.high <= 1
    assert word.specificity > 5
    assert found["b"] == found["c"] == []


def test_what_a_group_never_says_is_found_when_both_directions_are_asked() -> None:
    groups = {"a": {"froid": 0}, "b": {"froid": 18}, "c": {"froid": 17}}
    sizes = dict.fromkeys(groups, 20)
    assert compare(groups, sizes)["a"] == []
    (word,) = compare(groups, sizes, direction="both")["a"]
    assert (word.inside, word.part, word.outside, word.rest) == (0, 20, 35, 40)
    assert word.difference < 0
    assert word.specificity < 0


def test_a_small_group_is_not_compared_and_a_lone_one_neither() -> None:
    few = MIN_TESTIMONIALS - 1
    assert compare({"a": {"froid": few}, "b": {"froid": 0}}, {"a": few, "b": 40}) == {"a": [], "b": []}
    assert compare({"a": {"froid": 20}}, {"a": 20}) == {"a": []}
    assert compare({}, {}) == {}


def test_tails_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = random.Random(3)
    for _ in range(300):
        total = rng.randint(2, 400)
        frequency, part = rng.randint(0, total), rng.randint(0, total)
        inside = rng.randint(max(0, part - total + frequency), min(part, frequency))
        law = stats.hypergeom(total, frequency, part)
        assert math.exp(log_tail(total, frequency, part, inside, upper=True)) == pytest.approx(law.sf(inside - 1), rel=1e-9)
        assert math.exp(log_tail(total, frequency, part, inside, upper=False)) == pytest.approx(law.cdf(inside), rel=1e-9)


def test_extreme_counts_keep_a_finite_score() -> None:
    assert 5000 < specificity(10**6, 20_000, 20_000, 20_000) < math.inf
    assert contrast("x", 0, 0, 5, 10).difference == -0.5
    assert wilson(0, 0) == (0.0, 0.0, 1.0)


def test_wilson_s_interval_is_the_published_one() -> None:
    share, low, high = wilson(81, 263)
    assert (round(share, 4), round(low, 4), round(high, 4)) == (0.3080, 0.2553, 0.3662)
