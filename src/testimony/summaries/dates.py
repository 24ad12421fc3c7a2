"""Dates as people write them → ISO dates, as far as they go."""

from __future__ import annotations

import re
from functools import lru_cache

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_FRENCH = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})\b")
_WRITTEN = re.compile(rf"(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(_MONTHS)})\s+(\d{{4}})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@lru_cache(maxsize=10_000)
def iso_date(date: str | None) -> str | None:
    """Read a date as written, as far as it goes: ``2024``, ``2024-03`` or ``2024-03-09``; ``None`` where it cannot be told."""
    if not date:
        return None
    if found := _ISO.match(date.strip()):
        return "-".join(part for part in found.groups() if part)
    if found := _FRENCH.search(date):
        day, month, year = found.groups()
    elif found := _WRITTEN.search(date):
        day, month, year = found.group(1), str(_MONTHS.index(found.group(2).lower()) + 1), found.group(3)
    else:
        year_only = _YEAR.search(date)
        return year_only.group() if year_only else None
    if not 1 <= int(month) <= 12:
        return year
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
