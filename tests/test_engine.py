"""Every engine gives the same answer, or says why it cannot."""

import sys

import pytest

from testimony import InputError, MissingExtraError, engine


def test_options_that_do_not_fit_together() -> None:
    with pytest.raises(InputError, match="--workers 0"):
        engine.choose("local", 0, None)
    with pytest.raises(InputError, match="no such engine"):
        engine.choose("spark", 1, None)
    with pytest.raises(InputError, match="--engine dask"):
        engine.choose("local", 1, "tcp://127.0.0.1:8786")


def test_without_dask_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"testimony\[dask\]"):
        engine.choose("dask", 1, None)
