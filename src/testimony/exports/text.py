"""JSON Lines: one testimonial a line with everything that is known of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

from .. import results
from ..summaries import walk


def to_jsonl(path: Path, output: Path) -> Path:
    """Write one JSON object per testimonial, with its sentences, themes and entities."""
    stream = io.BytesIO()
    for item in walk(path):
        row = item.testimonial | {
            "source": item.document["source"],
            "metadata": json.loads(item.testimonial["metadata"] or "{}"),
            "evidence": json.loads(item.testimonial["evidence"] or "[]"),
            "sentences": item.sentences,
            "themes": item.themes,
            "entities": item.entities,
        }
        stream.write(results.dumps(row).encode("utf-8", "replace") + b"\n")
    with results.explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, stream.getvalue())
    return output
