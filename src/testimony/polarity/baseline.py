"""What textblob-fr says: the named baseline, and one voice among the features."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def textblob(text: str) -> float:
    """Polarity of a sentence according to textblob-fr, in [-1, 1].

    The library is imported on first use: it takes over a second, most of it for NLTK.
    """
    from textblob_fr import fr

    return max(-1.0, min(1.0, float(fr.sentiment(text)[0])))
