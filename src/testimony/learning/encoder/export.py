"""A fine-tuned network → what the package runs: an 8-bit graph for onnxruntime, the table of sub-words, the tokenizer, a card."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ...encoder import FORMAT
from .finetuning import Network
from .network import TAGS, Runtime

_NAMES = ("themes", "polarity", "toward", "tags")


def export(network: Network, tokenizer: Tokenizer, themes: tuple[str, ...], card: Mapping[str, Any], output: Path) -> None:
    """Write an encoder that `testimony.encoder.Encoder.load` reads; matrices and table rows in 8-bit steps."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    output.mkdir(parents=True, exist_ok=True)
    runtime = Runtime(network.body, network.heads).eval()
    width = network.body.shape.width
    example: tuple[torch.Tensor, ...] = (torch.randn(20, width), torch.tensor([0, 8]), torch.rand(2, 20))
    if clues := network.heads.clues:
        example += (torch.rand(2, clues),)
    axes = {
        "rows": {0: "length"},
        "marks": {0: "sentences"},
        "pool": {0: "sentences", 1: "length"},
        "tags": {0: "length"},
        "clues": {0: "sentences"},
    }
    axes |= {name: {0: "sentences"} for name in _NAMES[:3]}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(folder) / "whole.onnx"
        names: dict[str, Any] = {"input_names": ["rows", "marks", "pool", "clues"][: len(example)], "output_names": list(_NAMES)}
        torch.onnx.export(runtime, example, str(whole), **names, dynamic_axes=axes, dynamo=False, opset_version=17)
        quantize_dynamic(whole, Path(folder) / "network.onnx", weight_type=QuantType.QInt8, per_channel=True)
        shutil.copyfile(Path(folder) / "network.onnx", output / "network.onnx")
    table = network.body.words.weight.detach().float().numpy()
    scale = np.maximum(np.abs(table).max(axis=1) / 127, 1e-8).astype(np.float32)
    np.savez_compressed(output / "embedding.npz", embedding=np.round(table / scale[:, None]).astype(np.int8), scale=scale)
    tokenizer.save(str(output / "tokenizer.json"), pretty=False)
    meta = {"format": FORMAT, "themes": list(themes), "tags": list(TAGS), "clues": clues, **card}
    (output / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
