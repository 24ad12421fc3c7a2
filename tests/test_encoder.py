"""Windows of sentences, and folders that cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimony.encoder import LIMIT, MOST, Encoder, windows
from testimony.errors import ModelNotFoundError


@given(st.lists(st.integers(0, LIMIT - 1), max_size=120))
def test_windows_hold_every_sentence_once_and_fit(sizes):
    found = list(windows(sizes))
    assert [number for first, last in found for number in range(first, last)] == list(range(len(sizes)))
    for first, last in found:
        assert last - first <= MOST
        assert sum(sizes[first:last]) + (last - first) <= LIMIT


def test_a_missing_folder_is_said_in_one_line(tmp_path):
    with pytest.raises(ModelNotFoundError, match="cannot be read") as caught:
        Encoder.load(tmp_path / "none")
    assert "\n" not in str(caught.value)
