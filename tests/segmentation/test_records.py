"""A record of a table or list is one testimonial, word for word."""

import json

import pytest

from testimony import readers
from testimony.segmentation import segment
from testimony.types import Document


@pytest.mark.parametrize("text", ['"Une belle année, vraiment."', "« On revient demain. »", "“Merci.”", "Rien à redire."])
def test_a_record_is_kept_as_it_was_given(tmp_path, text):
    path = tmp_path / "avis.jsonl"
    path.write_text(json.dumps({"nom": "Odile Marchal", "témoignage": text}), "utf-8")
    (document,) = (item for item in readers.read(path) if isinstance(item, Document))
    assert [one.text for one in segment(document)] == [text]
