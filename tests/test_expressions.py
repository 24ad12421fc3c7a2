"""No regular expression of ours takes more than linear time, whatever the string: each is timed on strings made against it."""

import re

import pytest

import expressions

SHORT, TIMES = 750, 8
"""A quadratic search of one text takes eight times as long as one of eight texts an eighth as long, a linear one as long."""
NOTICEABLE = 0.01
"""Seconds under which a ratio says nothing; a quadratic search of 6,000 characters takes far longer."""


@pytest.fixture(scope="module")
def in_use():
    found = expressions.in_use()
    assert len(found) > 200
    assert {where.split(".")[1] for _, _, where in found} >= {"readers", "segmentation", "summaries", "tokenizer"}
    return found


def slow(in_use: list[tuple[str, int, str]]) -> list[str]:
    found = []
    for text, flags, where in in_use:
        pattern = re.compile(text, flags)
        for piece in expressions.unfriendly(text, flags):
            if (ratio := expressions.growth(pattern, piece, SHORT, TIMES, NOTICEABLE)) > 4:
                found.append(f"{where}: ×{ratio:.0f} on {piece!r}: {text[:150]}")
                break
    return found


def test_every_expression_is_linear(in_use) -> None:
    assert not (found := slow(in_use)), "\n".join(found)


@pytest.mark.parametrize("bad", [r"[ ]*,", r"\w+@"])
def test_the_measure_sees_an_expression_that_is_not(bad) -> None:
    assert any(slow([(bad, 0, "here")]) for _ in range(4)), "clocks of a busy machine may hide it once"


def test_the_measure_lets_a_bounded_one_pass() -> None:
    assert not slow([(r"[ ]{0,9},", 0, "here")])


@pytest.mark.slow
def test_every_expression_reads_a_megabyte(in_use) -> None:
    """On the two strings that are worst for it; eight times an eighth of a megabyte, with some room for the noise of clocks."""
    found = []
    for text, flags, where in in_use:
        pattern = re.compile(text, flags)
        for piece in expressions.worst(pattern, expressions.unfriendly(text, flags), 6_000):
            eighth = expressions.seconds(pattern, expressions.long(piece, 125_000), 10)
            whole = expressions.seconds(pattern, expressions.long(piece, 1_000_000), 60)
            if whole > 16 * eighth + 0.1:
                found.append(f"{where}: {whole:.1f} s, an eighth {eighth:.2f} s, on {piece!r}: {text[:150]}")
    assert not found, "\n".join(found)
