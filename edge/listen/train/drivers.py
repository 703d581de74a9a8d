#!/usr/bin/env python3
"""Makes model/drivers.bin: what a clause is about, whether it proposes something, whether it says anything at all, and where
its meaning lies among others.

usage: drivers.py DATA_FOLDER OUT_FOLDER [TEXTS]

DATA_FOLDER is that of polarity.py. What is learnt stands beside this script, written for it:
  drivers/names.tsv        what customers of every industry talk about
  drivers/sentences.tsv    sentences with what each is about, the main thing first, and what polarity.py learns from them
  drivers/ideas.tsv        ideas for the owner, tips for other customers, and what only looks like one
  drivers/empty.tsv        answers that tell nothing, and short ones that do

A large model (MiniLM) learns from them; it then labels TEXTS (120,000) texts made from the same material and from what
polarity.py reads; a small one learns to say the same, and where MiniLM as it was published puts the text. It reads the
pieces of model/pieces.txt. About half an hour on two cores. Needs what requirements.txt names.
"""
import random
import struct
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

import data
import student
import teacher
from polarity import neighbours

HERE = Path(__file__).parent / "drivers"
SIZE, TAPS, LONGEST = 64, 3, 48
# How much an idea, a tip or an empty answer counts beside a driver, of which there are many.
RARE = 4
# Numbers that tell where a text's meaning lies.
PLACES = 64


def lines(name):
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines() if "\t" in line]


DRIVERS = [name for name, _ in lines("names.tsv")]
OUTCOMES = DRIVERS + ["idea", "tip", "empty"]


def written():
    """(text, what is true of it, what is known of it)."""
    of_drivers = np.array([name not in ("idea", "tip") for name in OUTCOMES], np.float32)
    of_ideas = np.array([name in ("idea", "tip", "empty") for name in OUTCOMES], np.float32)
    of_empty = np.array([name == "empty" for name in OUTCOMES], np.float32)
    for name, known in (("sentences.tsv", of_drivers), ("ideas.tsv", of_ideas), ("empty.tsv", of_empty)):
        for labels, text, *_ in lines(name):
            true = np.array([outcome in labels.split(",") for outcome in OUTCOMES], np.float32)
            yield text, true, known


def log_odds(w, ids, mask, _about=None, key=None):
    x = teacher.hidden(w, ids, mask, key)
    mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    # Twenty times, so that the last layer, which begins at nothing, learns faster than what was there before.
    return (mean @ w["head.outcomes"] + w["head.outcomes.b"]) * 20


def tune(w, examples, epochs=6, size=32):
    dice = random.Random(1)
    w = w | {
        "head.outcomes": jnp.zeros((teacher.SIZE, len(OUTCOMES))),
        "head.outcomes.b": jnp.full(len(OUTCOMES), -3.5 / 20),
    }
    items = [(text, []) for text, _, _ in examples]
    true = np.stack([true for _, true, _ in examples]) * 0.96 + 0.003
    known = np.stack([known for _, _, known in examples])

    def loss(w, ids, mask, true, known, key):
        said = log_odds(w, ids, mask, key=key)
        return (optax.sigmoid_binary_cross_entropy(said, true) * known).sum(-1).mean()

    def batches():
        for places in teacher.batches_of_alike_length([len(text) for text, _ in items], size, dice):
            ids, mask, _ = teacher.encode([items[place] for place in places], size)
            yield ids, mask, true[places], known[places]

    steps = len(examples) // size * epochs
    kind = {"rate": 1e-4, "warming": steps // 10, "decay": 0.01, "key": jax.random.PRNGKey(0)}
    return teacher.fit(w, loss, batches, name="teacher", epochs=epochs, steps=steps, **kind)


def texts_to_label(folder, untuned, texts, count, seed=7):
    """A third of what polarity.py reads, the rest from what was written: words exchanged, dropped, joined."""
    dice, (near, common) = random.Random(seed), neighbours(untuned)
    found = set(texts)
    # What is neither a driver's nor anything is rare among them.
    texts = texts + [text for name in ("ideas.tsv", "empty.tsv") for _, text in lines(name)] * 2
    short = [text for text in texts if len(text.split()) <= 14]
    while len(found) < count * 2 // 3:
        text = data.changed(dice.choice(texts), near, short, dice)
        if dice.random() < 0.15:
            text += dice.choice([", ", " and ", " "]) + dice.choice(short)
        found.add(text)
    others = data.unlabelled(folder, data.LeftOut(folder), near, common, count // 3)
    found = sorted(found) + sorted(set(others) - found)
    dice.shuffle(found)
    return found


class Pieces(student.Pieces):
    """Words cut into the pieces that polarity.py has chosen."""

    def read(self, text):
        cuts = [self.cut(word.replace("'", "")) for word in data.words(text)]
        return [piece for cut in cuts for piece in cut][:LONGEST]


def start(names, taught):
    """Weights to begin with."""
    outcomes = len(OUTCOMES) + PLACES
    return {
        "embed": teacher.alone(taught, names, SIZE),
        "taps": jnp.tile(jnp.array([0.2, 1.0, 0.2])[:, None], (1, SIZE)),
        "bias": jnp.zeros(SIZE),
        "out": jax.random.normal(jax.random.PRNGKey(0), (2 * SIZE, outcomes)) * 0.05,
        "out_bias": jnp.concatenate([jnp.full(len(OUTCOMES), -3.0), jnp.zeros(PLACES)]),
    }


def say(p, ids, key=None):
    """Each piece with a little of its neighbours; of all pieces the most and how much."""
    mask = (ids > 0).astype(jnp.float32)[:, :, None]
    x = p["embed"][ids] * mask
    if key is not None:
        x = x * jax.random.bernoulli(key, 0.9, x.shape[:2] + (1,)) / 0.9
    wide, width = jnp.pad(x, ((0, 0), (1, 1), (0, 0))), ids.shape[1]
    x = jax.nn.relu(sum(wide[:, tap : tap + width] * p["taps"][tap] for tap in range(TAPS)) + p["bias"]) * mask
    most, much = x.max(1), x.sum(1) / jnp.sqrt(jnp.maximum(mask.sum(1), 1)) * 0.5
    return jnp.concatenate([most, much], 1) @ p["out"] + p["out_bias"]


def train(p, read, likely, places, epochs=10, size=128):
    dice = random.Random(1)
    counts = jnp.array([RARE if name in ("idea", "tip", "empty") else 1 for name in OUTCOMES])

    def loss(p, ids, likely, places, key):
        said = say(p, ids, key)
        outcomes, place = said[:, : len(OUTCOMES)], said[:, len(OUTCOMES) :]
        apart = ((place - places) ** 2).mean(-1)
        return ((optax.sigmoid_binary_cross_entropy(outcomes, likely) * counts).sum(-1) + apart).mean()

    def batches():
        for at in teacher.batches_of_alike_length([len(one) for one in read], size, dice, pool=30):
            rows = np.zeros((size, (max(len(read[one]) for one in at) + 7) // 8 * 8), np.int32)
            for row, one in zip(rows, at):
                row[: len(read[one])] = read[one]
            yield rows, likely[at], places[at]

    steps = len(read) // size * epochs
    kind = {"rate": 4e-3, "warming": steps // 20, "decay": 0.005, "key": jax.random.PRNGKey(1)}
    return teacher.fit(p, loss, batches, name="student", epochs=epochs, steps=steps, **kind)


def export(p, folder):
    """The pieces' rows as int8, each column with a scale of its own; then the rest, as numbers."""
    embed = np.asarray(p["embed"])[1:]
    scale = np.maximum(np.quantile(np.abs(embed), 0.9995, axis=0), 1e-6) / 127
    packed = np.clip(np.round(embed / scale), -127, 127).astype(np.int8)
    rest = np.concatenate([np.asarray(x).ravel() for x in (scale, p["taps"], p["bias"], p["out"], p["out_bias"])])
    head = struct.pack("<III", len(embed), SIZE, len(OUTCOMES) + PLACES)
    (folder / "drivers.bin").write_bytes(head + packed.tobytes() + rest.astype("<f4").tobytes())


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 120_000
    untuned = teacher.load()
    examples = list(written())
    texts = texts_to_label(folder, untuned, [text for text, _, _ in examples], count)
    print(f"{len(examples)} sentences written, {len(texts)} texts to label", flush=True)
    taught = tune(untuned, examples)
    items = [(text, []) for text in texts]
    likely = 1 / (1 + np.exp(-np.stack(teacher.in_batches(log_odds, taught, items))))
    print("labelled", flush=True)
    meant = np.stack(teacher.in_batches(teacher.meaning, untuned, items))
    meant /= np.linalg.norm(meant, axis=1, keepdims=True)
    meant -= meant.mean(0)
    strongest, _, _ = np.linalg.svd(meant.T @ meant)
    places = meant @ strongest[:, :PLACES]
    places /= places.std()
    pieces = Pieces.kept(out / "pieces.txt")
    read = [pieces.read(text) for text in texts]
    kept = [at for at, one in enumerate(read) if one]
    small = train(start(pieces.names, taught), [read[at] for at in kept], likely[kept], places[kept])
    export(small, out)


if __name__ == "__main__":
    main()
