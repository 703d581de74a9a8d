"""The network that ships: two convolutions over word pieces, and what is made of them for a clause as a whole and for one
thing in a sentence. See `network.rs` and `polarity_model.rs`, which run it."""
import random
import re
import struct
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np

import teacher
from data import WORD

PIECES, SIZE, FILTERS, TAPS, WINDOW = 10_000, 64, 32, 3, 48
# Pieces of a sentence that are looked at around what is asked about; parts looked for, and numbers to look for them by.
AROUND, HEADS, KEYS = 64, 3, 12
# Distances that are told apart.
REACHES = [1, 2, 3, 4, 6, 9, 13, 19]
PARTS = re.compile(r"[,;:()–—./!?]| -|- ")
CONTRASTS = set(
    "but however although though yet except unfortunately whereas despite nevertheless otherwise while tho altho whilst".split()
)


class Pieces:
    """Some of the teacher's word pieces, and words cut into them."""

    def __init__(self, names):
        self.names = names
        # 0 is padding.
        self.place = {name: place + 1 for place, name in enumerate(names)}
        self.cuts = {}

    @classmethod
    def chosen(cls, texts):
        """The most useful ones for these texts."""
        known = {number: piece for piece, number in teacher.tokenizer.get_vocab().items()}
        fit = [n for n in range(999, len(known)) if re.fullmatch(r"(##)?[a-z0-9']+", known[n])]
        count = Counter(word for text in texts for word in re.findall(r"[a-z0-9]+", text.lower()))
        # The vocabulary stands in order of frequency, which tells of words our texts do not hold.
        useful = {n: np.log1p(count.get(known[n], 0)) - np.log(1 + rank / 500) for rank, n in enumerate(fit)}
        single = [n for n in fit if len(known[n].replace("##", "")) == 1]
        numbers = set(sorted(fit, key=lambda n: -useful[n])[:PIECES]) | set(single)
        return cls(sorted((known[n] for n in numbers), key=str.encode))

    @classmethod
    def kept(cls, path):
        return cls(path.read_text(encoding="utf-8").split("\n")[:-1])

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

    def read(self, text, start, end):
        """A row each: the pieces, the marks that part them counted (commas, contrasts, ands), and what is asked about."""
        found, marks, last = [], [0, 0, 0], 0
        for word in WORD.finditer(text.lower()):
            gap, last, written = text[last : word.start()], word.end(), word[0].replace("’", "'")
            pieces = self.cut(written.replace("'", ""))
            if pieces:
                marks = [
                    marks[0] + bool(PARTS.search(gap)),
                    marks[1] + (written in CONTRASTS),
                    marks[2] + (written == "and"),
                ]
            asked = word.end() > start and word.start() < end
            found += [[piece, *marks, asked] for piece in pieces]
        first = next((place for place, (*_, asked) in enumerate(found) if asked), 0)
        from_ = max(0, min(first - AROUND // 2, len(found) - AROUND))
        found = np.array(found[from_ : from_ + AROUND], np.int32).reshape(-1, 5).T
        if not found[4].any():
            found[4] = 1
        return found


def start(pieces, taught):
    """Weights to begin with: what the teacher makes of each piece alone, in its 64 strongest directions."""
    key = jax.random.PRNGKey(0)
    draw = lambda place, shape, spread: jax.random.normal(jax.random.fold_in(key, place), shape) * spread
    return {
        "embed": teacher.alone(taught, pieces.names, SIZE),
        "first": draw(0, (TAPS, SIZE, FILTERS), np.sqrt(2 / (TAPS * SIZE))),
        "first_bias": jnp.zeros(FILTERS),
        "second": draw(1, (TAPS, FILTERS, FILTERS), np.sqrt(1 / (TAPS * FILTERS))),
        "second_bias": jnp.zeros(FILTERS),
        "out": draw(2, (2 * FILTERS, 3), 0.05),
        "out_bias": jnp.zeros(3),
        # After what is asked about, and before.
        "distance": jnp.tile(-0.15 * jnp.array([0, *REACHES] * 2, jnp.float32)[:, None], (1, HEADS)),
        "commas": jnp.tile(-0.3 * jnp.arange(4.0)[:, None], (1, HEADS)),
        "contrasts": jnp.tile(-1.0 * jnp.arange(3.0)[:, None], (1, HEADS)),
        "ands": jnp.tile(-0.1 * jnp.arange(3.0)[:, None], (1, HEADS)),
        "always": draw(3, (FILTERS, HEADS), 0.1),
        "asked": draw(4, (FILTERS, HEADS, KEYS), 0.1),
        "answers": draw(5, (FILTERS, HEADS, KEYS), 0.1),
        "one": draw(6, ((HEADS + 3) * FILTERS, 3), 0.03),
        "one_bias": jnp.zeros(3),
    }


# In the order in which they are stored after the table.
STORED = (
    "first_bias second second_bias out out_bias distance commas contrasts ands always asked answers one one_bias".split()
)


def see(p, ids, mask, key=None):
    """What both layers see at each piece."""
    x = p["embed"][ids] * mask
    if key is not None:
        x = x * jax.random.bernoulli(key, 0.9, x.shape[:2] + (1,)) / 0.9
    width = ids.shape[1]
    slide = lambda x, taps: sum(jnp.pad(x, ((0, 0), (1, 1), (0, 0)))[:, t : t + width] @ taps[t] for t in range(TAPS))
    x = jax.nn.relu(slide(x, p["first"]) + p["first_bias"]) * mask
    return jax.nn.relu(slide(x, p["second"]) + p["second_bias"]) * mask


def logits(p, read, key=None):
    """The feeling of all, and the feeling about what is asked about."""
    ids, commas, contrasts, ands, asked = (read[:, row] for row in range(5))
    mask = (ids > 0).astype(jnp.float32)[:, :, None]
    x = see(p, ids, mask, key)
    most, much = x.max(1), x.sum(1) / jnp.sqrt(jnp.maximum(mask.sum(1), 1)) * 0.5
    of_all = jnp.concatenate([most, much], -1) @ p["out"] + p["out_bias"]

    about = asked[:, :, None] * mask
    this = (x * about).sum(1) / jnp.maximum(about.sum(1), 1)
    place, width = jnp.arange(ids.shape[1]), ids.shape[1]
    first, last = jnp.argmax(asked, 1)[:, None], width - 1 - jnp.argmax(asked[:, ::-1], 1)[:, None]
    distance = jnp.maximum(jnp.maximum(first - place, place - last), 0)
    reach = sum((distance >= one).astype(jnp.int32) for one in REACHES) + (place < first) * (len(REACHES) + 1)
    between = lambda marks: jnp.abs(marks - jnp.take_along_axis(marks, first, 1))
    counted = lambda name, marks: p[name][jnp.minimum(between(marks), len(p[name]) - 1)]
    odds = p["distance"][reach] + counted("commas", commas) + counted("contrasts", contrasts) + counted("ands", ands)
    wanted = p["always"] + jnp.einsum("nhk,lhk->nlh", jnp.einsum("nc,chk->nhk", this, p["asked"]), p["answers"])
    odds = odds + jnp.einsum("nlc,nch->nlh", x, wanted)
    weights = jax.nn.softmax(jnp.where(mask > 0, odds, -1e9), 1)
    found = jnp.einsum("nlh,nlc->nhc", weights, x).reshape(len(ids), -1)
    return of_all, jnp.concatenate([found, this, most, much], -1) @ p["one"] + p["one_bias"]


def train(p, pieces, examples, epochs=6, size=128, warmth=1.4):
    """Learns to say what the teacher says. `examples` are (text, start, end, the teacher's log odds); where all of a text is
    asked about, both answers are wanted to be the teacher's."""
    dice = random.Random(1)
    read = [pieces.read(text, start, end) for text, start, end, _ in examples]
    kept = [place for place, one in enumerate(read) if one.shape[1]]
    taught = softmax(np.stack([examples[place][3] for place in kept]) / warmth)
    whole = lambda text, start, end, _: start == 0 and end == len(text)
    is_all = [whole(*examples[place]) and read[place].shape[1] <= WINDOW for place in kept]
    is_all, read = np.array(is_all, np.float32), [read[place] for place in kept]

    def loss(p, read, taught, is_all, key):
        of_all, of_one = (-(taught * jax.nn.log_softmax(said)).sum(-1) for said in logits(p, read, key))
        return (of_one + is_all * of_all).mean()

    def batches():
        for places in teacher.batches_of_alike_length([one.shape[1] for one in read], size, dice, pool=30):
            yield padded([read[place] for place in places]), taught[places], is_all[places]

    steps = len(read) * epochs // size
    kind = {"rate": 3e-3, "warming": steps // 20, "decay": 0.005, "key": jax.random.PRNGKey(1)}
    return teacher.fit(p, loss, batches, name="student", epochs=epochs, steps=steps, **kind)


def softmax(rows):
    odds = np.exp(rows - rows.max(1, keepdims=True))
    return (odds / odds.sum(1, keepdims=True)).astype(np.float32)


def padded(read):
    width = (max(one.shape[1] for one in read) + 7) // 8 * 8
    rows = np.zeros((len(read), 5, width), np.int32)
    for row, one in zip(rows, read):
        row[:, : one.shape[1]] = one
    return rows


def export(p, pieces, folder):
    """The first layer as a table: what each piece adds at each tap, as int8 with a scale for each tap and filter."""
    embed = np.asarray(p["embed"])[1:]
    table = np.stack([embed @ np.asarray(tap) for tap in p["first"]], 1)
    scale = np.maximum(np.quantile(np.abs(table), 0.9995, axis=0), 1e-6) / 127
    packed = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    rest = [scale, *(p[name] for name in STORED)]
    rest = np.concatenate([np.asarray(part).ravel() for part in rest]).astype("<f4")
    head = struct.pack("<II", len(pieces.names), FILTERS)
    (folder / "polarity.bin").write_bytes(head + packed.tobytes() + rest.tobytes())
    (folder / "pieces.txt").write_text("".join(name + "\n" for name in pieces.names), encoding="utf-8")
