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


WORD = re.compile(r"[^\W_](?:[^\W_]|['’](?=[^\W_]))*")


def words(text):
    """The same as `words.rs`."""
    found = WORD.findall(text.lower())
    return [word.replace("’", "'") for word in found]


def points(folder):
    """Answers with what a careful reader would read back. Those of hospitals are labels only: their words stand in DATA_FOLDER."""
    comments = {row["id"]: row["text"].strip() for row in rows(folder, "health.jsonl")}
    for path in sorted((HERE / "points").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row if "text" in row else row | {"text": comments[row["source"]]}


def rows(folder, name):
    raw = (folder / name).read_bytes()
    print(f"{name}: sha256 {hashlib.sha256(raw).hexdigest()[:16]}", file=sys.stderr)
    return [json.loads(line) for line in raw.splitlines()]


def bare(text):
    """The letters and digits of a text: what two copies of a sentence share."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def in_fourth(text):
    return hashlib.md5(text.encode()).digest()[0] % 4 == 0


def for_judgement(folder):
    """What the network does not learn from, bare, so that `judgement.py` sees how far to trust it: the MAMS sentences that
    are labelled by category only, a fourth of the others and a fourth of the hospital comments."""
    by_term = {bare(row["text"]) for row in rows(folder, "mams_atsa_train.jsonl")}
    by_category = {bare(row["text"]) for row in rows(folder, "mams_acsa_train.jsonl")}
    comments = {bare(row["text"]) for row in rows(folder, "health.jsonl")}
    return {text for text in by_category if text not in by_term or in_fourth(text)} | set(filter(in_fourth, comments))


class LeftOut:
    """Texts that nothing is learnt from: those for `judgement.py`, and those of DATA_FOLDER/measured/*.jsonl, since half of
    MAMS' sentences stand in several of its parts."""

    def __init__(self, folder):
        measured = {bare(json.loads(line)["text"]) for path in (folder / "measured").glob("*.jsonl") for line in path.open()}
        self.whole = measured | for_judgement(folder)
        self.joined = "|".join(sorted(self.whole))

    def __contains__(self, text):
        text = bare(text)
        return text in self.whole or (len(text) > 12 and text in self.joined)


SIGNS = {"+": POSITIVE, "-": NEGATIVE, "=": NEUTRAL}


def tabbed(name):
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def by_hand():
    """(text, label, weight) of what was written for this."""
    for name, weight in (("phrasings.tsv", 3.0), ("feelings/facts.tsv", 2.0), ("feelings/turned.tsv", 2.0)):
        for sign, text in tabbed(name):
            yield text, SIGNS[sign], weight
    for _, text, sign in tabbed("drivers/sentences.tsv"):
        if sign in SIGNS:
            yield text, SIGNS[sign], 1.0


def written():
    """All sentences of customers that were written for this, whatever they feel."""
    return [text for text, _ in marked()] + [text for _, text, _ in tabbed("drivers/sentences.tsv")]


def labelled(folder, left_out):
    """(text, label, weight) of every clause or comment that holds one feeling, or plainly none."""
    return [one for one in all_labelled(folder) if one[0].strip() and one[0] not in left_out]


def all_labelled(folder):
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
    yield from by_hand()


ASKED = re.compile(r"\{([-+=])([^}]*)\}")


def marked():
    """The sentences with marks in them, without their marks, with each (start, end, label) that was marked."""
    for [line] in tabbed("asked.tsv") + tabbed("feelings/things.tsv"):
        spans, text, last = [], "", 0
        for mark in ASKED.finditer(line):
            text += line[last : mark.start()]
            spans.append((len(text), len(text) + len(mark[2]), SIGNS[mark[1]]))
            text += mark[2]
            last = mark.end()
        yield text + line[last:], spans


def asked(folder, left_out):
    """(text, start, end, label, weight): how a sentence feels about one thing in it."""
    labels = {"positive": POSITIVE, "negative": NEGATIVE, "neutral": NEUTRAL}
    for name in ("mams_atsa_train.jsonl", "huliu2004_customer_reviews.jsonl"):
        for row in rows(folder, name):
            if row["text"] in left_out:
                continue
            for aspect in row["aspects"]:
                term, feeling = aspect.get("term"), labels.get(aspect.get("polarity"))
                found = term and re.search(r"(?<!\w)" + re.escape(term) + r"(?!\w)", row["text"], re.I)
                if found and feeling is not None:
                    yield row["text"], found.start(), found.end(), feeling, 1.0
    for text, spans in marked():
        for start, end, label in spans:
            yield text, start, end, label, 2.0


def unlabelled(folder, left_out, near, common, count, seed=3):
    """`count` different texts for the teacher to label: the clauses and comments of all sets, the lexicon in small
    sentences, drivers with feelings, and clauses with words exchanged, dropped, negated and joined.

    `near(word)` gives words of alike meaning; `common` is a list of frequent words."""
    dice = random.Random(seed)
    sentences = [row["text"] for name in SETS for row in rows(folder, name) if row["text"] not in left_out] + written()
    hand = [text for text, _, _ in by_hand()]
    phrases = [line.split("\t")[1] for line in (MODEL / "en" / "phrases.tsv").read_text().splitlines() if "\t" in line]
    lexicon = (MODEL / "en" / "praise.txt").read_text().split() + (MODEL / "en" / "criticism.txt").read_text().split()
    drivers = things()
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


def things():
    """What customers of every industry speak of. Kept apart from `model/en/drivers.tsv`, so that a better list of drivers leaves
    the weights as they are."""
    return (HERE / "things.txt").read_text(encoding="utf-8").split("\n")[:-1]


JOINTS = [
    ", but ", " but ", ", but ", " but ", ", ", ", ", " and ", ", and ", " although ", ", though ", " while ", " - ",
    " even though ", "; ", " however ", " except ", ", yet ", " because ", " with ",
]  # fmt: skip
ANSWERED = ["Although ", "While ", "Even though ", "Despite "]


class Things:
    """What a sentence may be asked about: the labelled terms and the drivers' words."""

    def __init__(self, folder):
        terms = {word.lower() for word in things()}
        for name in ("mams_atsa_train.jsonl", "huliu2004_customer_reviews.jsonl"):
            terms |= {a["term"].lower().strip() for row in rows(folder, name) for a in row["aspects"] if a.get("term")}
        terms = {term for term in terms if len(term) > 2 and term not in KEPT}
        self.single = {term for term in terms if " " not in term}
        self.longer = {}
        for term in sorted(terms - self.single, key=lambda term: (-len(term), term)):
            self.longer.setdefault(term.split()[0], []).append(term)

    def within(self, text):
        lower, found, end = text.lower(), [], 0
        for word in WORD.finditer(lower):
            longer = next((t for t in self.longer.get(word[0], ()) if lower.startswith(t, word.start())), None)
            known = longer or word[0] in self.single or (word[0].endswith("s") and word[0][:-1] in self.single)
            if known and word.start() >= end:
                end = word.start() + len(longer or word[0])
                found.append((word.start(), end))
        return found


def unasked(folder, left_out, clauses, joined=30_000, seed=5):
    """(text, spans) for the teacher to label: the sentences of all sets, and two clauses joined, each with up to three
    things in them that it may be asked about."""
    dice, things, found = random.Random(seed), Things(folder), []

    def put(text, *sides):
        spans = things.within(text) + list(sides)
        spans = spans or [word.span() for word in WORD.finditer(text) if len(word[0]) > 3][:1]
        if spans:
            found.append((text, sorted(dice.sample(spans, min(3, len(spans))))))

    texts = [row["text"] for name in SETS for row in rows(folder, name) if row["text"] not in left_out]
    sentences = sorted({part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+|\n", text)})
    sentences = [text for text in sentences if 2 <= len(text.split()) <= 45 and text not in left_out]
    sentences += written()
    for text in sentences:
        put(text)
    whole = [part.strip() for text in sentences for part in CLAUSE.split(text) if 2 <= len(part.split()) <= 14]
    whole = [text for text in sorted(set(whole)) if things.within(text)]
    mixed = [text for text in clauses if 2 <= len(text.split()) <= 12 and things.within(text)]
    for _ in range(joined):
        source = whole if dice.random() < 0.7 else mixed
        one, other = dice.choice(source).rstrip(".!, "), dice.choice(source)
        lower = other if other.startswith("I ") else other[0].lower() + other[1:]
        if dice.random() < 0.8:
            text = one + dice.choice(JOINTS)
        else:
            text = dice.choice(ANSWERED) + one[0].lower() + one[1:] + ", "
        put(text + lower, (len(text), len(text + lower)))
    return found


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
