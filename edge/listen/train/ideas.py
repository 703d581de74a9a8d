#!/usr/bin/env python3
"""Makes model/en/ideas.tsv: what each sign of an idea says.

usage: ideas.py DATA_FOLDER LISTEN OUT_FOLDER

DATA_FOLDER is that of polarity.py; LISTEN is the program `listen`. It learns from the clauses of points/*.jsonl, of which some are marked as ideas, and from
acts/en.tsv and drivers/ideas.tsv. It prints how well it tells them in answers left out.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

import data
import drivers

HERE = Path(__file__).parent


def texts(folder):
    """(text, score, spans that are ideas or None where the whole text is one, weight)."""
    for row in data.points(folder):
        if row.get("lang", "en") == "en":
            wishes = [one["words"] for one in row["point"] if one["feels"] == "wish"]
            yield row["text"], row["score"], row["ideas"], wishes, 1.0
    for line in (HERE / "acts" / "en.tsv").read_text(encoding="utf-8").splitlines():
        labels, _, text = line.partition("\t")
        yield text, None, [text] if "idea" in labels.split(",") else [], [], 0.5
    for labels, text, *_ in drivers.lines("ideas.tsv"):
        yield text, None, [text] if "idea" in labels.split(",") else [], [], 0.3


def main():
    listen, out = sys.argv[2], Path(sys.argv[3])
    rows = list(texts(Path(sys.argv[1])))
    asked = "".join(json.dumps({"id": str(at), "text": row[0], **({} if row[1] is None else {"score": row[1]})}) + "\n" for at, row in enumerate(rows))
    names, *lines = subprocess.run([listen, "--ideas"], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
    x, y, weights, of = [], [], [], []
    for at, (row, line) in enumerate(zip(rows, lines)):
        text, _, ideas, wishes, weight = row
        for start, end, signs in json.loads(line)["spans"]:
            words = text[start:end]
            shares = lambda span: span in words or words in span
            if any(map(shares, wishes)) and not any(map(shares, ideas)):
                continue
            x.append(signs)
            y.append(any(map(shares, ideas)))
            weights.append(weight)
            of.append(at)
    x, y, weights, of = np.array(x), np.array(y), np.array(weights), np.array(of)
    fitted = lambda at: LogisticRegression(C=0.3, max_iter=2000).fit(x[at], y[at], weights[at])
    said = np.zeros(len(y))
    for fold in range(5):
        said[of % 5 == fold] = fitted(of % 5 != fold).decision_function(x[of % 5 == fold])
    real = weights == 1
    for least in (-1, -0.5, 0, 0.5, 1, 1.5):
        told = real & (said >= least)
        print(f"from {least}: right {100 * y[told].mean():.0f} % of {told.sum()}, found {100 * told[real & y].sum() / (real & y).sum():.0f} % of {(real & y).sum()}")
    model = fitted(weights > 0)
    table = [("to begin with", model.intercept_[0]), *zip(json.loads(names), model.coef_[0])]
    (out / "en" / "ideas.tsv").write_text("".join(f"{name}\t{weight:.4f}\n" for name, weight in table))


if __name__ == "__main__":
    main()
