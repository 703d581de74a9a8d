#!/usr/bin/env python3
"""Trains the polarity model: praise against criticism, for one clause.

usage: polarity.py DATA_FOLDER OUT_FILE

DATA_FOLDER holds, as JSON lines:
  uci_labelled_sentences.jsonl       Kotzias et al., KDD 2015, UCI repository, CC BY 4.0
  huliu2004_customer_reviews.jsonl   Hu and Liu, KDD 2004, as NLTK's product_reviews_1, CC BY 4.0
  mams_atsa_train.jsonl              Jiang et al., EMNLP 2019, siat-nlp/MAMS-for-ABSA, Apache-2.0
  health.jsonl                       NHS Friends and Family Test, CDU-data-science-team/pxtextmining, MIT
and beside this script stands phrasings.tsv, written by hand for the ways survey answers turn a feeling around.

The model is a logistic regression over hashed words, pairs of words and words under a negation, as int8 weights:
4 bytes of little-endian f32 scale, 4 of f32 bias, then 2^17 weights. Needs numpy, scipy and scikit-learn.
"""
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

BITS = 17
REACH = 3
NEGATIONS = set(
    "not no never nor neither nothing none without hardly barely cannot can't cant won't wont don't dont doesn't doesnt "
    "didn't didnt isn't isnt wasn't wasnt aren't weren't couldn't couldnt wouldn't wouldnt shouldn't hasn't haven't hadn't".split()
)
CONTRAST = re.compile(r"[,;]?\s+(?:but|however|although|though|yet|except|whereas|while|despite)\s+|[;]")


def words(text):
    found = re.findall(r"[^\W_](?:[^\W_]|['’](?=[^\W_]))*", text.lower())
    return [word.replace("’", "'") for word in found]


def bucket(feature):
    code = 0x811C9DC5
    for byte in feature.encode():
        code = ((code ^ byte) * 0x01000193) & 0xFFFFFFFF
    return code >> (32 - BITS)


def features(text):
    """The same, feature by feature, as `polarity_model.rs`."""
    all_words = words(text)
    found = set()
    since = REACH + 1
    before = "^"
    for word in all_words:
        negated = since <= REACH
        found.add(bucket(("!" if negated else "") + word))
        found.add(bucket(before + " " + word))
        before = word
        since = 0 if word in NEGATIONS else since + 1
    found.add(bucket(before + " $"))
    return found


def rows(folder, name):
    path = folder / name
    raw = path.read_bytes()
    print(f"{name}: sha256 {hashlib.sha256(raw).hexdigest()[:16]}", file=sys.stderr)
    return [json.loads(line) for line in raw.splitlines()]


def examples(folder):
    """(text, is praise, weight)"""
    for row in rows(folder, "uci_labelled_sentences.jsonl"):
        yield row["text"], row["label"] == 1, 1.0
    for row in rows(folder, "huliu2004_customer_reviews.jsonl"):
        strengths = [aspect.get("strength", 0) * (1 if aspect.get("polarity") == "positive" else -1) for aspect in row["aspects"]]
        if strengths and (min(strengths) > 0 or max(strengths) < 0):
            yield row["text"], sum(strengths) > 0, 1.0
    for row in rows(folder, "mams_atsa_train.jsonl"):
        for clause in CONTRAST.split(row["text"]):
            here = {a["polarity"] for a in row["aspects"] if a["term"].lower() in clause.lower()}
            if len(here) == 1 and here <= {"positive", "negative"}:
                yield clause, here == {"positive"}, 0.7
    for row in rows(folder, "health.jsonl"):
        overall = row["gold"].get("overall")
        if overall in ("positive", "negative"):
            yield row["text"], overall == "positive", 1.0
    by_hand = Path(__file__).with_name("phrasings.tsv")
    if by_hand.exists():
        for line in by_hand.read_text(encoding="utf-8").splitlines():
            label, _, text = line.partition("\t")
            if label in "+-" and text:
                yield text, label == "+", 3.0


def matrix(texts):
    indices, starts = [], [0]
    for text in texts:
        indices.extend(sorted(features(text)))
        starts.append(len(indices))
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, starts), shape=(len(texts), 1 << BITS))


def train(folder, keep=lambda text: True):
    data = [example for example in examples(folder) if keep(example[0])]
    x = matrix([text for text, _, _ in data])
    y = np.array([praise for _, praise, _ in data])
    weight = np.array([weight for _, _, weight in data])
    # Praise and criticism weigh the same, so that the bias holds no guess about customers.
    weight *= np.where(y, 0.5 / weight[y].sum(), 0.5 / weight[~y].sum()) * len(y)
    model = LogisticRegression(C=1.0, max_iter=400, solver="liblinear").fit(x, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    weights, bias = train(folder)
    scale = float(np.abs(weights).max()) / 127
    packed = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    out.write_bytes(struct.pack("<ff", scale, bias) + packed.tobytes())
    print(f"{out}: {len(packed)} weights, scale {scale:.5f}, bias {bias:.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()
