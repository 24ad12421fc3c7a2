"""JSON Lines: one testimonial a line with everything that is known of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

from .. import results, summaries


def to_jsonl(path: Path, output: Path) -> Path:
    """Write one JSON object per testimonial, with its sentences, themes and entities."""
    sources = {row["document_id"]: row["source"] for row in results.read_rows(path, "documents", ["document_id", "source"])}
    stream = io.StringIO()
    for testimonial, sentences, themes, entities in summaries.testimonials(path):
        row = testimonial | {
            "source": sources[testimonial["document_id"]],
            "metadata": json.loads(testimonial["metadata"]),
            "evidence": json.loads(testimonial["evidence"]),
            "sentences": sentences,
            "themes": themes,
            "entities": entities,
        }
        stream.write(results.dumps(row) + "\n")
    with results.explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        results.write_atomically(output, stream.getvalue().encode("utf-8", "surrogatepass"))
    return output
