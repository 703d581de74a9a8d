"""The network that ships: two convolutions over word pieces. See `polarity_model.rs`, which runs it."""
import random
import re
import struct
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
import optax

import teacher
from data import words

PIECES, SIZE, FILTERS, TAPS, WINDOW = 10_000, 64, 32, 3, 48


class Pieces:
    """The most useful of the teacher's word pieces, and words cut into them."""

    def __init__(self, texts):
        known = {number: piece for piece, number in teacher.tokenizer.get_vocab().items()}
        fit = [n for n in range(999, len(known)) if re.fullmatch(r"(##)?[a-z0-9']+", known[n])]
        count = Counter(word for text in texts for word in re.findall(r"[a-z0-9]+", text.lower()))
        # The vocabulary stands in order of frequency, which tells of words our texts do not hold.
        useful = {n: np.log1p(count.get(known[n], 0)) - np.log(1 + rank / 500) for rank, n in enumerate(fit)}
        single = [n for n in fit if len(known[n].replace("##", "")) == 1]
        self.numbers = sorted(set(sorted(fit, key=lambda n: -useful[n])[:PIECES]) | set(single))
        self.names = [known[n] for n in self.numbers]
        # 0 is padding.
        self.place = {name: place + 1 for place, name in enumerate(self.names)}
        self.cuts = {}

    def cut(self, word):
        if word not in self.cuts:
            found, start = [], 0
            while start < len(word):
                ends = range(len(word), start, -1)
                name = next((n for e in ends if (n := ("##" if start else "") + word[start:e]) in self.place), None)
                if name is not None:
                    found.append(self.place[name])
                start += len(name.removeprefix("##")) if name else 1
            self.cuts[word] = found
        return self.cuts[word]

    def read(self, text):
        return [piece for word in words(text) for piece in self.cut(word.replace("'", ""))][:WINDOW]


def start(pieces, taught):
    """Weights to begin with: what the teacher makes of each piece alone, in its 64 strongest directions."""
    numbers = np.array(pieces.numbers)
    ids = np.stack([np.full_like(numbers, 101), numbers, np.full_like(numbers, 102)], 1)
    run = jax.jit(teacher.meaning)
    parts = [run(taught, ids[i : i + 512], np.ones((len(ids[i : i + 512]), 3), np.float32)) for i in range(0, len(ids), 512)]
    known = np.concatenate([np.asarray(part) for part in parts])
    known -= known.mean(0)
    strongest, _, _ = np.linalg.svd(known.T @ known)
    known = known @ strongest[:, :SIZE]
    key = jax.random.PRNGKey(0)
    draw = lambda place, shape, spread: jax.random.normal(jax.random.fold_in(key, place), shape) * spread
    return {
        "embed": jnp.asarray(np.concatenate([np.zeros((1, SIZE)), known / known.std() / 2]), jnp.float32),
        "first": draw(0, (TAPS, SIZE, FILTERS), np.sqrt(2 / (TAPS * SIZE))),
        "first_bias": jnp.zeros(FILTERS),
        "second": draw(1, (TAPS, FILTERS, FILTERS), np.sqrt(1 / (TAPS * FILTERS))),
        "second_bias": jnp.zeros(FILTERS),
        "out": draw(2, (2 * FILTERS, 3), 0.05),
        "out_bias": jnp.zeros(3),
    }


def logits(p, ids, key=None):
    mask = (ids > 0).astype(jnp.float32)[:, :, None]
    x = p["embed"][ids] * mask
    if key is not None:
        x = x * jax.random.bernoulli(key, 0.9, x.shape[:2] + (1,)) / 0.9
    width = ids.shape[1]
    slide = lambda x, taps: sum(jnp.pad(x, ((0, 0), (1, 1), (0, 0)))[:, t : t + width] @ taps[t] for t in range(TAPS))
    x = jax.nn.relu(slide(x, p["first"]) + p["first_bias"]) * mask
    x = jax.nn.relu(slide(x, p["second"]) + p["second_bias"]) * mask
    most, much = x.max(1), x.sum(1) / jnp.sqrt(jnp.maximum(mask.sum(1), 1)) * 0.5
    return jnp.concatenate([most, much], -1) @ p["out"] + p["out_bias"]


def train(p, pieces, texts, taught, epochs=8, size=128, warmth=1.5):
    """Learns to say what the teacher says."""
    dice, key = random.Random(1), jax.random.PRNGKey(1)
    read = [(pieces.read(text), row) for text, row in zip(texts, taught)]
    read = [(ids, row) for ids, row in read if ids]
    steps = len(read) * epochs // size
    plan = optax.adamw(optax.warmup_cosine_decay_schedule(0, 3e-3, steps // 20, steps), weight_decay=0.005)
    state = plan.init(p)

    def loss(p, ids, rows, key):
        said = jax.nn.log_softmax(logits(p, ids, key) / warmth)
        return -(jax.nn.softmax(rows / warmth) * said).sum(-1).mean()

    @jax.jit
    def step(p, state, *batch):
        value, slope = jax.value_and_grad(loss)(p, *batch)
        change, state = plan.update(slope, state, p)
        return optax.apply_updates(p, change), state, value

    done = 0
    for epoch in range(epochs):
        total = []
        for places in teacher.batches_of_alike_length([len(ids) for ids, _ in read], size, dice, pool=30):
            width = (max(len(read[place][0]) for place in places) + 3) // 4 * 4
            ids = np.zeros((size, width), np.int32)
            for row, place in enumerate(places):
                ids[row, : len(read[place][0])] = read[place][0]
            rows = np.stack([read[place][1] for place in places])
            p, state, value = step(p, state, ids, rows, jax.random.fold_in(key, done))
            done += 1
            total.append(float(value))
        print(f"student: epoch {epoch + 1} of {epochs}, loss {np.mean(total):.3f}", flush=True)
    return p


def export(p, pieces, folder):
    """The first layer as a table: what each piece adds at each tap, as int8 with a scale for each tap and filter."""
    order = sorted(range(len(pieces.names)), key=lambda place: pieces.names[place].encode())
    embed = np.asarray(p["embed"])[1:][order]
    table = np.stack([embed @ np.asarray(tap) for tap in p["first"]], 1)
    scale = np.maximum(np.quantile(np.abs(table), 0.9995, axis=0), 1e-6) / 127
    packed = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    rest = [scale, p["first_bias"], p["second"], p["second_bias"], p["out"], p["out_bias"]]
    rest = np.concatenate([np.asarray(part).ravel() for part in rest]).astype("<f4")
    head = struct.pack("<II", len(order), FILTERS)
    (folder / "polarity.bin").write_bytes(head + packed.tobytes() + rest.tobytes())
    (folder / "pieces.txt").write_text("".join(pieces.names[place] + "\n" for place in order), encoding="utf-8")
