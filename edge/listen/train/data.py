"""What the models learn from: labelled clauses, and many more clauses without a label."""
import hashlib
import json
import random
import re
import sys
from pathlib import Path

NEGATIVE, NEUTRAL, POSITIVE = range(3)
CONTRAST = re.compile(r"[,;]?\s+(?:but|however|although|though|yet|except|whereas|while|despite)\s+|[;]")
CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\s*;\s*|,?\s+(?:but|however|although|though|yet|except|whereas|while|despite|because|so)\s+"
    r"|,\s+(?:and\s+)?(?=(?:the|it|they|we|i|my|our|staff|service|food|very|great|good)\b)",
    re.I,
)
HERE = Path(__file__).parent
MODEL = HERE.parent / "model"
SETS = [
    "uci_labelled_sentences.jsonl",
    "huliu2004_customer_reviews.jsonl",
    "mams_atsa_train.jsonl",
    "mams_acsa_train.jsonl",
    "health.jsonl",
]


def words(text):
    """The same as `words.rs`."""
    found = re.findall(r"[^\W_](?:[^\W_]|['’](?=[^\W_]))*", text.lower())
    return [word.replace("’", "'") for word in found]


def rows(folder, name):
    raw = (folder / name).read_bytes()
    print(f"{name}: sha256 {hashlib.sha256(raw).hexdigest()[:16]}", file=sys.stderr)
    return [json.loads(line) for line in raw.splitlines()]


def by_hand():
    for line in (HERE / "phrasings.tsv").read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        if label in "+-=" and text:
            yield text, {"+": POSITIVE, "-": NEGATIVE, "=": NEUTRAL}[label]


def labelled(folder):
    """(text, label, weight) of every clause or comment that holds one feeling, or plainly none."""
    for row in rows(folder, "uci_labelled_sentences.jsonl"):
        yield row["text"], POSITIVE if row["label"] == 1 else NEGATIVE, 1.0
    for row in rows(folder, "huliu2004_customer_reviews.jsonl"):
        signs = {"positive": 1, "negative": -1}
        strengths = [aspect.get("strength", 0) * signs.get(aspect.get("polarity"), -1) for aspect in row["aspects"]]
        if not strengths:
            yield row["text"], NEUTRAL, 0.3
        elif min(strengths) > 0 or max(strengths) < 0:
            yield row["text"], POSITIVE if sum(strengths) > 0 else NEGATIVE, 1.0
    labels = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}
    for row in rows(folder, "mams_atsa_train.jsonl"):
        for clause in CONTRAST.split(row["text"]):
            here = {a["polarity"] for a in row["aspects"] if a["term"].lower() in clause.lower()}
            if len(here) == 1:
                yield clause, labels[here.pop()], 0.7
    for row in rows(folder, "health.jsonl"):
        overall = row["gold"].get("overall")
        if overall in ("positive", "negative"):
            yield row["text"], labels[overall], 1.0
    for text, label in by_hand():
        yield text, label, 3.0


def unlabelled(folder, near, common, count, seed=3):
    """`count` different texts for the teacher to label: the clauses and comments of all sets, the lexicon in small
    sentences, drivers with feelings, and clauses with words exchanged, dropped, negated and joined.

    `near(word)` gives words of alike meaning; `common` is a list of frequent words."""
    dice = random.Random(seed)
    sentences = [row["text"] for name in SETS for row in rows(folder, name)]
    hand = [text for text, _ in by_hand()]
    phrases = [line.split("\t")[1] for line in (MODEL / "phrases.tsv").read_text().splitlines() if "\t" in line]
    lexicon = (MODEL / "praise.txt").read_text().split() + (MODEL / "criticism.txt").read_text().split()
    drivers = [
        word.strip()
        for line in (MODEL / "drivers.tsv").read_text().splitlines()
        if not line.startswith("#") and line.count("\t") >= 2
        for word in line.split("\t")[2].split(",")
    ]
    clauses = sorted(
        {part.strip() for text in sentences + hand for part in CLAUSE.split(text) if 2 <= len(part.split()) <= 30}
    )
    texts = set(clauses) | set(phrases) | {text for text in sentences if 3 <= len(text.split()) <= 40}
    texts.update(frame.format(word) for word in lexicon for frame in FRAMES)
    texts.update(dice.choice(FRAMES).format(word) for word in common)
    while len(texts) < count:
        turn = dice.random()
        if turn < 0.15:
            feelings = (common if dice.random() < 0.4 else lexicon, lexicon)
            texts.add(
                dice.choice(DRIVEN).format(
                    dice.choice(drivers), dice.choice(feelings[0]), dice.choice(drivers), dice.choice(feelings[1])
                )
            )
        else:
            text = dice.choice(clauses if turn < 0.8 else hand + phrases)
            texts.add(changed(text, near, clauses, dice))
    # Sets have no order of their own that lasts from run to run.
    texts = sorted(texts)
    dice.shuffle(texts)
    return texts


FRAMES = [
    "it was {}", "the staff were {}", "not {}", "too {}", "{}", "very {}", "{} service", "more {}", "not {} enough",
    "the {} was", "without {}", "no {}",
]  # fmt: skip
DRIVEN = [
    "the {0} was {1}", "{1} {0}", "{0} is {1}", "the {0} are not {1}", "found the {0} {1}", "{0} could be {1}",
    "the {0} was {1} and the {2} {3}", "{1} {0} and {3} {2}", "i like the {0}", "i hate the {0}", "there is no {0}",
    "the {0} is too {1}", "the {0} never works", "{0} needs to be {1}", "we had a {1} {0}",
    "no complaints about the {0}", "really {1} {0}", "nothing {1} about the {0}", "they were {1}", "you get {1} {0}",
]  # fmt: skip
KEPT = set(
    "the a an and or of to in on at for with is was were are be been it its this that i we you they he she my our your "
    "their me us them as so but not no very have has had do did does from by just all there what which who would will "
    "can could if when then than also more most some any about up out get got too".split()
)
TURNS = ["not", "never", "too", "hardly", "very", "really", "no", "quite", "only"]
OPENERS = ["i thought", "honestly", "overall", "and", "because", "when", "i wish", "if", "even though", "they said"]


def changed(text, near, clauses, dice):
    out = []
    for word in text.split():
        bare = re.sub(r"[^a-z']", "", word.lower())
        turn = dice.random()
        others = near(bare) if turn < 0.3 and bare not in KEPT else []
        if others:
            out.append(dice.choice(others))
        elif turn <= 0.94:
            out.append(word)
    turn = dice.random()
    if turn < 0.08 and len(out) > 2:
        out.insert(dice.randrange(1, len(out)), dice.choice(TURNS))
    elif turn < 0.14:
        out.insert(0, dice.choice(OPENERS))
    elif turn < 0.2:
        out += ["and", dice.choice(clauses)]
    return " ".join(out)
