#!/usr/bin/env python3
"""Makes model/polarity.bin and model/pieces.txt: praise, criticism or neither, for one clause.

usage: polarity.py DATA_FOLDER OUT_FOLDER [TEXTS]

DATA_FOLDER holds, as JSON lines:
  uci_labelled_sentences.jsonl       Kotzias et al., KDD 2015, UCI repository, CC BY 4.0
  huliu2004_customer_reviews.jsonl   Hu and Liu, KDD 2004, as NLTK's product_reviews_1, CC BY 4.0
  mams_atsa_train.jsonl              Jiang et al., EMNLP 2019, siat-nlp/MAMS-for-ABSA, Apache-2.0
  mams_acsa_train.jsonl              the same; only its sentences are used
  health.jsonl                       NHS Friends and Family Test, CDU-data-science-team/pxtextmining, MIT
and beside this script stands phrasings.tsv, written by hand for the ways survey answers turn a feeling around.

A large model (MiniLM) learns from the labels; it then labels TEXTS (200,000) clauses made from the same material; a
small network learns to say the same. About half an hour on two cores. Needs what requirements.txt names.
"""
import re
import sys
from pathlib import Path

import numpy as np

import data
import student
import teacher


def neighbours(untuned):
    """A function from a word to words of alike meaning, and the list of frequent words it knows."""
    known = {number: piece for piece, number in teacher.tokenizer.get_vocab().items()}
    names = [known[n] for n in range(999, len(known)) if re.fullmatch(r"[a-z]{3,}", known[n])][:14_000]
    vectors = teacher.in_batches(teacher.meaning, untuned, names, size=512)
    vectors -= vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    place = {name: at for at, name in enumerate(names)}
    found = {}

    def near(word):
        if word not in place:
            return []
        if word not in found:
            alike = vectors @ vectors[place[word]]
            found[word] = [names[at] for at in np.argsort(-alike)[1:16] if alike[at] > 0.35]
        return found[word]

    return near, names[:9_000]


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200_000
    untuned = teacher.load()
    texts = data.unlabelled(folder, *neighbours(untuned), count)
    taught = teacher.tune(untuned, [one for one in data.labelled(folder) if one[0].strip()])
    print(f"labelling {len(texts)} texts", flush=True)
    labels = teacher.in_batches(teacher.logits, taught, texts)
    pieces = student.Pieces(texts)
    small = student.train(student.start(pieces, taught), pieces, texts, labels)
    student.export(small, pieces, out)


if __name__ == "__main__":
    main()
