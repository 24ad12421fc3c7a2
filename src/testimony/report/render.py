"""Results → one HTML file that works offline: facts come from `page`, the template only shows them."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from .. import results
from ..codebook import Codebook
from . import charts, page, rows
from .labels import Labels, labels

SCRIPTS = ("core", "table", "evidence", "kwic", "views")
"""Parts of the page's script, in the order in which they run."""

FIRST = 'document.documentElement.classList.add("js");'
"""What runs before the page is read, so that a browser never lays out the parts that stay hidden."""


def render(path: Path, output: Path, *, lang: str = "fr", corpus: page.Corpus | None = None) -> Path:
    """Draw the report of a results folder.

    Parameters
    ----------
    path
        The results folder.
    output
        The HTML file to write.
    lang
        Language of the frame, ``"fr"`` or ``"en"``.
    corpus
        What `page.read` found there, where that is known already.

    Returns
    -------
    Path
        `output`.

    Raises
    ------
    ResultsError
        If the results cannot be read or the file cannot be written.
    """
    say = labels(lang)
    corpus = corpus or page.read(path, Codebook.from_dict(results.read_manifest(path)["codebook"]))
    shown, script = page.build(path, say, corpus)
    html = _draw(shown, rows.embed(script, corpus.rows.rows), say)
    with results.explained(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, html.encode("utf-8", "replace"))
    return output


class _Environment(jinja2.Environment):
    """Most of what the templates name is the key of a dictionary, and looked for there first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


def _draw(shown: dict[str, Any], data: tuple[str, bool], say: Labels) -> str:
    room = files("testimony.report") / "templates"
    environment = _Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        optimized=False,  # what could be worked out beforehand is little, and looking for it takes longer
        loader=jinja2.FunctionLoader(lambda name: (room / name).read_text("utf-8")),
    )
    environment.filters["bar"] = lambda counts, part=1, whole=1: _trusted(charts.bar(counts, say, length=part / max(whole, 1)))
    environment.filters["spoken"] = lambda counts: charts.spoken(counts, say)
    environment.filters["number"] = say.number
    environment.filters["component"] = lambda text: quote(str(text), safe="")
    style = (room / "report.css").read_text("utf-8")
    code = "\n".join((room / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    code = f'(async () => {{\n"use strict";\n{code}}})();'
    return environment.get_template("report.html").render(
        say=say,
        page=shown,
        style=_trusted(style),
        code=_trusted(code),
        style_hash=_hash(style),
        code_hash=_hash(code),
        first=_trusted(FIRST),
        first_hash=_hash(FIRST),
        payload=_trusted(data[0]),
        packed=data[1],
        timeline=_trusted(charts.columns(shown["timeline"], say)),
        network=_trusted(charts.network(shown["network"], say)),
    )


def _trusted(text: str) -> Any:
    """Mark as HTML what is ours (style, script) or was escaped where it was built (charts, data)."""
    from markupsafe import Markup

    return Markup(text)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
