#!/usr/bin/env python3
"""Makes model/polarity.bin and model/pieces.txt: praise, criticism or neither, of a clause and of one thing in a sentence.

usage: polarity.py DATA_FOLDER OUT_FOLDER [TEXTS]

DATA_FOLDER holds, as JSON lines:
  uci_labelled_sentences.jsonl       Kotzias et al., KDD 2015, UCI repository, CC BY 4.0
  huliu2004_customer_reviews.jsonl   Hu and Liu, KDD 2004, as NLTK's product_reviews_1, CC BY 4.0
  mams_atsa_train.jsonl              Jiang et al., EMNLP 2019, siat-nlp/MAMS-for-ABSA, Apache-2.0
  mams_acsa_train.jsonl              the same; only its sentences are used
  health.jsonl                       NHS Friends and Family Test, CDU-data-science-team/pxtextmining, MIT
  measured/*.jsonl                   comments to measure on, if any; nothing is learnt from their texts
and beside this script stand, written for it, phrasings.tsv and feelings/ for the ways survey answers tell a feeling or turn
it around, asked.tsv for those that say two things at once, and drivers/sentences.tsv for what customers of every industry say.

A large model (MiniLM) learns from the labels; it then labels TEXTS (220,000) clauses and 140,000 things in sentences made
from the same material; a small network learns to say the same. About three quarters of an hour on two cores. Needs what
requirements.txt names.
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
    vectors = np.stack(teacher.in_batches(teacher.meaning, untuned, [(name, []) for name in names], size=512))
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
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 220_000
    untuned = teacher.load()
    left_out = data.LeftOut(folder)
    clauses = data.unlabelled(folder, left_out, *neighbours(untuned), count)
    items = [(text, [(0, len(text))]) for text in clauses] + data.unasked(folder, left_out, clauses)
    known = [(*teacher.around(*one[:3]), *one[3:]) for one in data.asked(folder, left_out)]
    whole = [(text, 0, len(text), label, 0.7 * weight) for text, label, weight in data.labelled(folder, left_out)]
    print(f"{len(known)} things and {len(whole)} texts labelled, {len(items)} texts to label", flush=True)
    taught = teacher.tune(untuned, known + whole)
    examples = [
        (text, start, end, odds)
        for (text, spans), rows in zip(items, teacher.in_batches(teacher.logits, taught, items))
        for (start, end), odds in zip(spans, rows)
    ]
    examples += [(text, start, end, SURE[label]) for text, start, end, label, _ in known]
    known_pieces = data.MODEL / "pieces.txt"
    pieces = student.Pieces.kept(known_pieces) if known_pieces.exists() else student.Pieces.chosen([t for t, _ in items])
    small = student.train(student.start(pieces, taught), pieces, examples)
    student.export(small, pieces, out)


# Log odds of a label that was given by hand.
SURE = np.log(np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]))


if __name__ == "__main__":
    main()
