"""TOML from strangers: whatever is wrong with it is the one error that tomllib has for it."""

from __future__ import annotations

import tomllib
from tomllib import TOMLDecodeError
from typing import Any

__all__ = ["TOMLDecodeError", "parse"]


def parse(text: str) -> dict[str, Any]:
    """Parse TOML.

    Raises
    ------
    TOMLDecodeError
        Also where tomllib would fail with another error: on nesting that is too deep and on a number of too many digits.
    """
    try:
        return tomllib.loads(text)
    except TOMLDecodeError:
        raise
    except RecursionError as error:
        raise TOMLDecodeError("nested too deeply") from error
    except ValueError as error:
        raise TOMLDecodeError("a number of too many digits") from error
