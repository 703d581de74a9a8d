"""Learns what each sign says, of a feeling (`judgement.tsv`) and of what a clause is about (`attribution.tsv`).

    python judgement.py DATA_FOLDER OUT_FOLDER

DATA_FOLDER holds
- mams_acsa_train.jsonl: restaurant sentences with several feelings each, by category (Jiang et al., EMNLP 2019,
  siat-nlp/MAMS-for-ABSA, Apache-2.0 repository of third-party review text).
- health.jsonl: comments of the NHS Friends and Family Test with their themes and the feeling of each comment, mostly one
  throughout (CDU-data-science-team/pxtextmining, MIT).
- mams_atsa_train.jsonl: to know what the network has seen. A feeling is learnt only from what it has not.
Beside this script stand answers/answers.jsonl, answers to "why this score?" written for this, of customers of 32 kinds of owners, with what
each is about and how it feels, and answers/owners.jsonl, the themes of those owners.

The signs come from the listener itself, so that what is learnt is what runs. Its networks must be as they are to stay:
`polarity.py` and `drivers.py` first.
"""
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from data import HERE, bare, for_judgement

FEELINGS = ["negative", "neutral", "positive"]
# Owners hear few plain reports, and this material holds many. A criticism not heard hurts more than a praise not heard.
REPORT_WEIGHT, CRITICISM_WEIGHT = 0.2, 1.1
LISTENER = ["cargo", "run", "--release", "--quiet", "--package", "heard-listen", "--bin", "listen", "--", "--signs"]

# The labels of both sets, with words as an owner would write them.
RESTAURANT = {
    "food": ["meal", "dish", "taste", "portion", "drinks", "dessert", "cooked"],
    "service": ["wait", "served", "slow service", "attentive", "order taken"],
    "staff": ["waiter", "waitress", "manager", "hostess", "bartender", "server"],
    "price": ["expensive", "cheap", "bill", "value", "cost"],
    "ambience": ["atmosphere", "decor", "music", "noise", "crowded", "seating"],
    "menu": ["choice", "selection", "options", "wine list", "specials"],
    "place": ["restaurant", "location", "area", "spot", "bar"],
}
SHOP = {
    "food": ["meal", "soup"],
    "staff": ["waiter", "team"],
    "price": ["prices", "bill"],
    "delivery": ["parcel"],
    "app": ["website"],
    "room": ["bed"],
    "support": ["helpdesk"],
    "quality": ["material"],
}
# Short answers, as most customers give them.
SHORT = [
    "The {0} was {1}", "{1} {0}", "The {0} was {1} but the {2} was {3}", "{1} {0} but {3} {2}", "{1} {0}, {3} {2}",
    "The {0} is {1}. The {2} is {3}", "{1} {0} and {3} {2}", "Although the {2} was {3} the {0} was {1}",
]  # fmt: skip
HOSPITAL = {
    "Staff manner & personal attributes": ["kind", "caring", "friendly", "polite", "rude"],
    "Timeliness of care": ["waiting time", "late", "on time", "quick", "delay"],
    "Food & drink provision & facilities": ["food", "meals", "drinks", "coffee"],
    "Parking": ["parking", "car park"],
    "Cleanliness, tidiness & infection control": ["clean", "dirty", "hygiene", "mask"],
    "Transport to/ from services": ["transport", "ambulance", "driver", "journey"],
    "Contacting services": ["phone", "getting through", "call back"],
    "Appointment arrangements": ["appointment", "booking", "rescheduled", "cancelled"],
    "Information directly from staff during care": ["explained", "information given", "told what would happen"],
    "Staff listening, understanding & involving patients": ["listened", "understood", "involved in decisions"],
    "Supplying & understanding medication": ["medication", "prescription", "tablets", "pharmacy"],
    "Environment & Facilities": ["building", "room", "facilities", "waiting room", "seating"],
    "Competence & training": ["professional", "knowledgeable", "competent", "well trained"],
    "Continuity of care": ["follow up", "same doctor", "continuity", "referral"],
}


def rows_of(path):
    raw = path.read_bytes()
    print(f"{path.name} sha256 {hashlib.sha256(raw).hexdigest()}", flush=True)
    return [json.loads(line) for line in raw.splitlines()]


def themes_of(phrases):
    return [{"id": name, "label": name.lower(), "phrases": phrases} for name, phrases in phrases.items()]


def listen(texts, themes, only_named=True):
    """The names of the signs, and for each text what was found, of themes that no words name only when asked for; with one list
    of themes for all, or one for each."""
    themes = [themes_of(themes)] * len(texts) if isinstance(themes, dict) else themes
    rows = [{"id": str(n), "text": text, "themes": owner} for n, (text, owner) in enumerate(zip(texts, themes))]
    feed = "".join(json.dumps(row) + "\n" for row in rows)
    done = subprocess.run(LISTENER, input=feed, capture_output=True, text=True, check=True)
    names, *heard = map(json.loads, done.stdout.splitlines())
    is_named = names["about"].index("named in words")
    kept = lambda finding: not only_named or (finding["about"] and finding["about"][is_named])
    return names, [list(filter(kept, line["findings"])) for line in heard]


def beside_others(rows, dice):
    """Each sentence alone, and once more beside one or two that share one of its feelings, as most comments go on as they
    began. Yields the text, where the labelled sentence stands in it, and its label by theme."""
    alike = {"positive": [], "negative": []}
    for row in rows:
        feelings = {aspect["polarity"] for aspect in row["aspects"]} - {"neutral"}
        if len(feelings) == 1:
            alike[feelings.pop()].append(row["text"])
    for row in rows:
        labels = {}
        for aspect in row["aspects"]:
            labels.setdefault(aspect["category"], set()).add(aspect["polarity"])
        labels = {theme: said.pop() for theme, said in labels.items() if len(said) == 1}
        yield row["text"], 0, len(row["text"].encode()), labels
        feelings = sorted(set(labels.values()) - {"neutral"})
        if not feelings:
            continue
        before, after = [], []
        for _ in range(dice.randint(1, 2)):
            dice.choice([before, after]).append(dice.choice(alike[dice.choice(feelings)]))
        start = len("".join(text + " " for text in before).encode())
        yield " ".join(before + [row["text"]] + after), start, start + len(row["text"].encode()), labels


def short_answers(lexicon, dice, count=750):
    """Texts that say one or two things with a word of feeling each, three in four of the pairs in contrast, and what they say
    by theme."""
    for _ in range(count):
        (one, feeling), (two, other) = ((theme, dice.choice(["positive", "negative"])) for theme in dice.sample(list(SHOP), 2))
        frame = dice.choice(SHORT)
        if dice.random() < 0.5 and feeling == other:
            other = "negative" if feeling == "positive" else "positive"
        thing = lambda theme: dice.choice([theme, *SHOP[theme]])
        text = frame.format(thing(one), dice.choice(lexicon[feeling]), thing(two), dice.choice(lexicon[other]))
        yield text[0].upper() + text[1:], {one: feeling} | ({two: other} if "{2}" in frame else {})


def answers():
    """The answers written for this, each with its owner's themes."""
    owners = {row["owner"]: row["themes"] for row in rows_of(HERE / "answers/owners.jsonl")}
    rows = rows_of(HERE / "answers/answers.jsonl")
    return rows, [owners[row["owner"]] for row in rows]


def write(path, names, signs, labels, counts=None, **how):
    """Fits the signs, each brought to the same spread, and writes the weights for the signs as they are."""
    signs = np.array(signs)
    scaler = StandardScaler().fit(signs)
    model = LogisticRegression(C=0.1, max_iter=5_000, **how).fit(scaler.transform(signs), labels, sample_weight=counts)
    weights = model.coef_ / scaler.scale_
    bias = model.intercept_ - weights @ scaler.mean_
    rows = [("to begin with", bias), *zip(names, weights.T)]
    lines = ["\t".join([name, *(f"{value:.4f}" for value in row)]) + "\n" for name, row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(labels)} findings, {np.bincount(labels).tolist()}", flush=True)


def main(data, out):
    sentences = rows_of(data / "mams_acsa_train.jsonl")
    comments = rows_of(data / "health.jsonl")
    unlearnt = for_judgement(data)
    made = list(beside_others([row for row in sentences if bare(row["text"]) in unlearnt], random.Random(1)))
    names, heard = listen([text for text, *_ in made], RESTAURANT)
    signs, labels = [], []
    for (_, start, end, wanted), findings in zip(made, heard):
        for finding in findings:
            if start <= finding["start"] < end and finding["theme"] in wanted:
                signs.append(finding["feeling"])
                labels.append(FEELINGS.index(wanted[finding["theme"]]))
    felt = [row for row in comments if row["gold"].get("overall") in FEELINGS and bare(row["text"]) in unlearnt]
    _, heard = listen([row["text"] for row in felt], HOSPITAL)
    for row, findings in zip(felt, heard):
        for finding in findings:
            signs.append(finding["feeling"])
            labels.append(FEELINGS.index(row["gold"]["overall"]))
    words = {"positive": out / "en" / "praise.txt", "negative": out / "en" / "criticism.txt"}
    lexicon = {feeling: path.read_text(encoding="utf-8").split() for feeling, path in words.items()}
    put = list(short_answers(lexicon, random.Random(1)))
    _, heard = listen([text for text, _ in put], SHOP)
    for (_, wanted), findings in zip(put, heard):
        for finding in findings:
            if finding["theme"] in wanted:
                signs.append(finding["feeling"])
                labels.append(FEELINGS.index(wanted[finding["theme"]]))
    told, owners = answers()
    _, written = listen([row["text"] for row in told], owners)
    for row, findings in zip(told, written):
        for finding in findings:
            feelings = {feeling for theme, feeling in row["themes"] if theme == finding["theme"]}
            if len(feelings) == 1:
                signs.append(finding["feeling"])
                labels.append(FEELINGS.index(feelings.pop()))
    write(out / "en" / "judgement.tsv", names["feeling"], signs, labels, class_weight={0: CRITICISM_WEIGHT, 1: REPORT_WEIGHT, 2: 1})

    comments = [row for row in comments if row["gold"]["themes"]]
    _, alone = listen([row["text"] for row in sentences], RESTAURANT, only_named=False)
    _, hospital = listen([row["text"] for row in comments], HOSPITAL, only_named=False)
    _, written = listen([row["text"] for row in told], owners, only_named=False)
    sources = [
        (SHARES[0], [{aspect["category"] for aspect in row["aspects"]} for row in sentences], alone),
        (SHARES[1], [set(row["gold"]["themes"]) for row in comments], hospital),
        (SHARES[2], [{theme for theme, _ in row["themes"]} for row in told], written),
    ]
    signs, labels, counts = [], [], []
    for share, wanted, heard in sources:
        found = [(finding, wanted) for wanted, findings in zip(wanted, heard) for finding in findings if finding["about"]]
        signs += [finding["about"] for finding, _ in found]
        labels += [int(finding["theme"] in wanted) for finding, wanted in found]
        counts += [share / len(found)] * len(found)
    counts = np.array(counts) * len(labels)
    write(out / "en" / "attribution.tsv", names["about"], signs, labels, counts)


# How much restaurants, hospitals and answers of all kinds of owners count for what a clause is about.
SHARES = [0.25, 0.25, 0.5]

main(Path(sys.argv[1]), Path(sys.argv[2]))
