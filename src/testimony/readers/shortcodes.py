"""Codes of publishing tools that set words apart and name who said them: Hugo, Liquid, WordPress → a block quotation and its author."""

from __future__ import annotations

import re

_NAMES = "testimonials?|temoignages?|témoignages?|quotes?|citations?|blockquotes?|pullquotes?|verbatims?|avis|review"
_OPENS = re.compile(
    rf"(?:\{{\{{[<%][ \t]?|\[|\{{%[ \t]?)(?P<name>{_NAMES})(?P<told>(?:[ \t][^\]}}\n]{{0,300}}?)?)[ \t]?(?:[>%]\}}\}}|\]|%\}})(?!\()",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:author|auteur|autrice|name|nom|cite|by|par|source|speaker)[ ]?=[ ]?[\"“«']([^\"”»'\n]{2,120})[\"”»']", re.IGNORECASE
)
_DETAIL = re.compile(
    r"(?:role|fonction|job|title|titre|metier|company|entreprise|organisation|structure|location)[ ]?=[ ]?[\"“«']([^\"”»'\n]{2,120})[\"”»']",
    re.IGNORECASE,
)
LONGEST = 5_000
"""Characters within which a code is closed."""


def as_quotations(text: str) -> str:
    """Write the words between the opening and the closing code as a block quotation in Markdown, who said them as its caption."""
    parts, at = [], 0
    for opens in _OPENS.finditer(text):
        if opens.start() < at:
            continue
        closing = re.compile(
            rf"(?:\{{\{{[<%][ \t]?/|\[/|\{{%[ \t]?end){re.escape(opens['name'])}[ \t]?(?:[>%]\}}\}}|\]|%\}})", re.IGNORECASE
        )
        closes = closing.search(text, opens.end(), min(len(text), opens.end() + LONGEST))
        if closes is None:
            continue
        words = text[opens.end() : closes.start()].strip()
        quoted = "\n".join(f"> {line.strip()}".rstrip() for line in words.split("\n"))
        author = _author(opens["told"])
        caption = f"\n>\n> <footer>{author}</footer>" if author else ""
        parts += [text[at : opens.start()], f"\n\n{quoted}{caption}\n\n"]
        at = closes.end()
    return "".join([*parts, text[at:]]) if parts else text


def _author(told: str) -> str:
    """Who the code names: in an attribute, with the role and house of others, or bare as Liquid has it."""
    named = _AUTHOR.search(told)
    if named:
        return ", ".join([named[1], *(detail[1] for detail in _DETAIL.finditer(told))])
    return "" if "=" in told else told.strip(' \t"“”«»')
