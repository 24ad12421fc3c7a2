"""The tables of a results folder and the types of their columns."""

from __future__ import annotations

import pyarrow as pa

PARTITIONED = ("documents", "testimonials", "sentences", "themes", "entities")
"""Tables that every batch writes a part of."""

WITHOUT_THEMES = tuple(name for name in PARTITIONED if name != "themes")
"""What a changed codebook leaves as it is."""

_SPANS = pa.list_(pa.list_(pa.int32()))
_TEXTS = pa.list_(pa.string())
SCHEMAS: dict[str, pa.Schema] = {
    "documents": pa.schema(
        [
            ("document_id", pa.string()),
            ("source", pa.string()),
            ("format", pa.string()),
            ("sha256", pa.string()),
            ("text", pa.string()),
            ("status", pa.string()),
            ("reason", pa.string()),
            ("n_testimonials", pa.int32()),
            ("metadata", pa.string()),
        ]
    ),
    "testimonials": pa.schema(
        [
            ("testimonial_id", pa.string()),
            ("document_id", pa.string()),
            ("record_id", pa.string()),
            ("segments", _SPANS),
            ("text", pa.string()),
            ("speaker", pa.string()),
            ("role", pa.string()),
            ("space", pa.string()),
            ("about", pa.string()),
            ("date", pa.string()),
            ("language", pa.string()),
            ("rule", pa.string()),
            ("confidence", pa.float64()),
            ("polarity", pa.string()),
            ("polarity_score", pa.float64()),
            ("n_words", pa.int32()),
            ("metadata", pa.string()),
            ("evidence", pa.string()),
            ("review", pa.bool_()),
            ("space_in_document", pa.string()),
            ("person", pa.string()),
            ("person_name", pa.string()),
        ]
    ),
    "sentences": pa.schema(
        [
            ("testimonial_id", pa.string()),
            ("sentence_id", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("text", pa.string()),
            ("polarity", pa.string()),
            ("polarity_score", pa.float64()),
            ("baseline_score", pa.float64()),
            ("irony", pa.bool_()),
            ("cues", _SPANS),
        ]
    ),
    "themes": pa.schema(
        [
            ("testimonial_id", pa.string()),
            ("sentence_id", pa.string()),
            ("theme", pa.string()),
            ("score", pa.float64()),
            ("polarity", pa.string()),
            ("polarity_score", pa.float64()),
            ("evidence", _SPANS),
        ]
    ),
    "entities": pa.schema(
        [
            ("testimonial_id", pa.string()),
            ("sentence_id", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("text", pa.string()),
            ("label", pa.string()),
            ("target", pa.string()),
            ("score", pa.float64()),
        ]
    ),
    "spaces": pa.schema(
        [
            ("space", pa.string()),
            ("n_testimonials", pa.int64()),
            ("n_speakers", pa.int64()),
            ("n_words", pa.int64()),
            ("n_mentions", pa.int64()),
            ("positive", pa.int64()),
            ("negative", pa.int64()),
            ("mixed", pa.int64()),
            ("neutral", pa.int64()),
            ("themes", pa.string()),
            ("aliases", _TEXTS),
        ]
    ),
    "people": pa.schema(
        [
            ("person", pa.string()),
            ("name", pa.string()),
            ("aliases", _TEXTS),
            ("n_testimonials", pa.int64()),
            ("spaces", _TEXTS),
            ("roles", _TEXTS),
        ]
    ),
}
