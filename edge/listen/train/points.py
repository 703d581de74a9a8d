#!/usr/bin/env python3
"""Makes model/point.bin: which words of a comment its writer most wants to have been heard.

usage: points.py DATA_FOLDER LISTEN OUT_FOLDER

DATA_FOLDER is that of polarity.py; LISTEN is the program `listen`, built with the other models of OUT_FOLDER: it cuts the comments into candidates and says by
what each is ranked. What is learnt stands beside this script in points/*.jsonl: answers with what a careful reader would
read back (`point`, best first), what would do (`also`) and what must not come back (`never`). A small network scores each
candidate of a comment against the others and against reading back nothing. It prints how well it does on answers left out.
"""
import json
import re
import struct
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from sklearn.linear_model import LogisticRegression

import data

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
HIDDEN = 10
FOLDS = 3


def words(text):
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def worth(quote, row):
    """How good it would be to read these words back: 1 is a point in full, below 0 must not be."""
    said, points = words(quote), row["point"]
    if is_never(quote, row):
        return -1.0
    fine = {word for span in [one["words"] for one in points] + row["also"] + row["ideas"] for word in words(span)}
    precision = sum(word in fine for word in said) / max(1, len(said))
    best = 0.0
    for place, point in enumerate(points):
        wanted = set(words(point["words"]))
        recall = len(wanted & set(said)) / max(1, len(wanted))
        found = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        # Words that begin and end where a reader's do read well.
        if quote.strip(" .!?,") == point["words"].strip(" .!?,"):
            found += 0.15
        best = max(best, found * (0.85 if place else 1.0))
    if any(quote.strip(" .!?,") == also.strip(" .!?,") for also in row["also"]):
        best = max(best, 0.6)
    return best if precision >= 0.5 else best * 0.3


def spans(row):
    """Where what a reader would read back stands."""
    said = [point["words"] for point in row["point"]] + row["also"] + row["ideas"]
    return [(row["text"].find(words), row["text"].find(words) + len(words)) for words in said if words in row["text"]]


# What is left of the worth of words that are cut in the middle of what a reader would read back.
CUT, JOINED = 0.45, 0.85


def whole(row, start, end, signs):
    """How whole words are: a reader's words that go on where these stop, without a comma, were not meant to be cut there."""
    found, share = spans(row), 1.0
    for at, side, joint, bare in ((start, 0, "starts", "begins without a stop or comma before it"), (end, 1, "ends", "ends without a stop or comma after it")):
        is_theirs = any(abs(span[side] - at) <= 2 for span in found)
        if is_theirs or not any(first + 1 < at < last - 1 and first < end and start < last for first, last in found):
            continue
        joins = any(signs[f"{joint} at: {what}"] for what in ("And", "But", "Sentence"))
        share *= JOINED if joins or not signs[bare] else CUT
    return share


def read(listen, rows):
    """Names of the features, and for each row the features and the worth of each candidate, and its words."""
    asked = "".join(json.dumps({"id": row["id"], "text": row["text"], "score": row["score"], "lang": row.get("lang", "en")}) + "\n" for row in rows)
    done = subprocess.run([listen, "--candidates"], input=asked, capture_output=True, text=True, check=True)
    names, *lines = done.stdout.splitlines()
    found = []
    for row, line in zip(rows, lines):
        candidates = json.loads(line)["spans"]
        quotes = [row["text"][start:end] for start, end, _ in candidates]
        features = np.array([features for _, _, features in candidates], np.float32).reshape(len(candidates), len(json.loads(names)))
        worths = []
        for quote, (start, end, numbers) in zip(quotes, candidates):
            good = worth(quote, row)
            worths.append(good * whole(row, start, end, dict(zip(json.loads(names), numbers))) if good > 0 else good)
        found.append((features, np.array(worths, np.float32), quotes))
    return json.loads(names), found


def batch(found, mean, spread):
    most = max(len(worths) for _, worths, _ in found)
    x = np.zeros((len(found), most, len(mean)), np.float32)
    there, wanted = np.zeros((len(found), most), np.float32), np.zeros((len(found), most), np.float32)
    for at, (features, worths, _) in enumerate(found):
        if len(worths):
            x[at, : len(worths)] = (features - mean) / spread
            there[at, : len(worths)], wanted[at, : len(worths)] = 1, worths
    return x, there, wanted


def score(p, x):
    hidden = jnp.tanh(x @ p["hidden"] + p["hidden_bias"])
    return x @ p["line"] + hidden @ p["out"] + p["bias"]


SHARP = 6.0


def loss(p, x, there, wanted, weights, key, dropped=0.35):
    if key is not None:
        x = x * jax.random.bernoulli(key, 1 - dropped, x.shape) / (1 - dropped)
    said = jnp.where(there > 0, score(p, x), -1e9)
    # Reading back nothing is a candidate, too: it is worth a little more than words that miss the point.
    said = jnp.concatenate([said, jnp.zeros((len(said), 1))], 1)
    worths = jnp.concatenate([jnp.where(there > 0, wanted, -9.0), jnp.full((len(said), 1), 0.25)], 1)
    target = jax.nn.softmax(worths * SHARP, 1)
    return (-(target * jax.nn.log_softmax(said, 1)).sum(1) * weights).sum() / weights.sum()


def train(found, weights, epochs=30, rate=3e-3, seed=0, decay=0.2):
    every = np.concatenate([features for features, _, _ in found if len(features)])
    mean, spread = every.mean(0), np.maximum(every.std(0), 0.05)
    x, there, wanted = batch(found, mean, spread)
    size = x.shape[2]
    key = jax.random.PRNGKey(seed)
    p = {
        "line": jnp.zeros(size),
        "hidden": jax.random.normal(key, (size, HIDDEN)) * 0.05,
        "hidden_bias": jnp.zeros(HIDDEN),
        "out": jnp.zeros(HIDDEN),
        "bias": jnp.zeros(()),
    }
    many = 64
    steps = max(1, len(found) // many) * epochs
    plan = optax.adamw(optax.cosine_decay_schedule(rate, steps), weight_decay=decay)
    state = plan.init(p)

    @jax.jit
    def step(p, state, x, there, wanted, weights, key):
        value, slope = jax.value_and_grad(loss)(p, x, there, wanted, weights, key)
        change, state = plan.update(slope, state, p)
        return optax.apply_updates(p, change), state, value

    dice = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = dice.permutation(len(found))
        for start in range(0, len(order) - many + 1, many):
            at = order[start : start + many]
            key = jax.random.fold_in(key, epoch * 1000 + start)
            p, state, _ = step(p, state, x[at], there[at], wanted[at], weights[at], key)
    return {name: np.asarray(value) for name, value in p.items()}, mean, spread


def is_never(quote, row):
    said = words(quote)
    holds = lambda never: never.lower() in quote.lower() if len(words(never)) > 1 else any(word in said for word in words(never))
    return any(map(holds, row["never"]))


def learn_never(found, rows, weights, model):
    """How likely it is that words must not be read back, from the same numbers, as a line of weights."""
    _, mean, spread = model
    kept = [at for at, (features, *_) in enumerate(found) if len(features)]
    x = np.concatenate([(found[at][0] - mean) / spread for at in kept])
    y = np.concatenate([[is_never(quote, rows[at]) for quote in found[at][2]] for at in kept])
    w = np.concatenate([np.full(len(found[at][2]), weights[at]) for at in kept])
    fitted = LogisticRegression(C=0.02, max_iter=300).fit(x, y, w)
    return fitted.coef_[0], fitted.intercept_[0]


# How what is read back may feel; a plain report teaches nothing.
FEELINGS = ["negative", "positive", "wish"]


def learn_feelings(found, rows, weights, model):
    """How the words of a reader's points feel, from the same numbers."""
    _, mean, spread = model
    x, y, w, bands = [], [], [], []
    for row, (features, _, quotes), weight in zip(rows, found, weights):
        for point in row["point"]:
            wanted = set(words(point["words"]))
            shared = [2 * len(wanted & set(words(quote))) / max(1, len(wanted) + len(set(words(quote)))) for quote in quotes]
            best = int(np.argmax(shared)) if shared else None
            if best is not None and shared[best] >= 0.75 and point["feels"] in FEELINGS:
                x.append((features[best] - mean) / spread)
                y.append(FEELINGS.index(point["feels"]))
                w.append(weight)
                bands.append((row["score"] >= 7) + (row["score"] >= 9))
    # What the score alone would tell counts for less: praise of who is unhappy, complaints of who is glad.
    of = list(zip(bands, y))
    usual = [bands.count(band) / len(FEELINGS) / max(1, of.count((band, feeling))) for band, feeling in of]
    w = np.array(w) * np.minimum(3.0, np.sqrt(usual))
    fitted = LogisticRegression(C=0.02, max_iter=2000).fit(np.array(x), y, w)
    return fitted.coef_, fitted.intercept_


def scores(model, found, never=None):
    p, mean, spread = model

    def one(features):
        x = (features - mean) / spread
        said = np.asarray(score(p, x))
        return said if never is None else said - np.log1p(np.exp(x @ never[0] + never[1] + NEVER))

    return [one(features) if len(worths) else np.zeros(0) for features, worths, _ in found]


# Log odds of words that must not be read back from which on that counts.
NEVER = 2.0


def judged(rows, found, said):
    """Of rows with a point: how good the first choice is, how often it is heard, and how often it must not be read back."""
    worths, heard, never, silent, spoke, number = [], 0, 0, 0, 0, 0
    for row, (_, worth, quotes), score in zip(rows, found, said):
        best = int(np.argmax(score)) if len(score) else None
        quoted = best is not None and score[best] > 0
        if not row["point"]:
            spoke += quoted
            number += 1
            continue
        silent += not quoted
        worths.append(max(worth[best], 0) if quoted else 0)
        never += quoted and worth[best] < 0
        heard += quoted and worth[best] >= 0.5
    count = max(1, len(worths))
    return f"worth {100 * np.mean(worths):.1f}, at least half {100 * heard / count:.1f} %, never {100 * never / count:.1f} %, silent {100 * silent / count:.1f} % of {count}; spoke without a point {spoke} of {number}"


def export(models, names, path):
    """A model each for English and for the other languages: means and spreads folded in."""
    out = struct.pack("<II", len(names), HIDDEN)
    for (p, mean, spread), (never, never_bias), (feeling, feeling_bias) in models:
        line, hidden = p["line"] / spread, p["hidden"] / spread[:, None]
        bias = p["bias"] - (mean * line).sum()
        hidden_bias = p["hidden_bias"] - mean @ hidden
        out += np.concatenate([line, hidden.ravel(), hidden_bias, p["out"], [bias], never / spread, [never_bias - (mean / spread * never).sum() + NEVER], (feeling / spread).T.ravel(), feeling_bias - feeling @ (mean / spread)]).astype("<f4").tobytes()
    path.write_bytes(out)


def main():
    listen, out = sys.argv[2], Path(sys.argv[3])
    rows = list(data.points(Path(sys.argv[1])))
    names, found = read(listen, rows)
    is_english = np.array([row.get("lang", "en") == "en" for row in rows])
    # Answers written to hold what must not come back hold more of it than customers say.
    is_dense = np.array(["N-" in row["id"] for row in rows])
    models = []
    for name, own in (("English", is_english), ("others", ~is_english)):
        # The other's answers teach a little, too.
        weights = (np.where(own, 1.0, 0.25) * np.where(is_dense, 0.4, 1.0)).astype(np.float32)
        said = [None] * len(rows)
        for fold in range(FOLDS):
            inside = [at for at in range(len(rows)) if at % FOLDS != fold]
            model = train([found[at] for at in inside], weights[inside])
            never = learn_never([found[at] for at in inside], [rows[at] for at in inside], weights[inside], model)
            for at in range(fold, len(rows), FOLDS):
                if own[at]:
                    said[at] = scores(model, [found[at]], never)[0]
        mine = [at for at in range(len(rows)) if own[at]]
        groups = defaultdict(list)
        for at in mine:
            groups[rows[at].get("lang", "en")].append(at)
        for group, at in ([*groups.items()] if len(groups) > 1 else []) + [(name, mine)]:
            print(f"{group}: {judged([rows[i] for i in at], [found[i] for i in at], [said[i] for i in at])}", flush=True)
        model = train(found, weights)
        models.append((model, learn_never(found, rows, weights, model), learn_feelings(found, rows, weights, model)))
    export(models, names, out / "point.bin")


if __name__ == "__main__":
    main()
