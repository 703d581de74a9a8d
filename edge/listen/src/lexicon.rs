//! English words and phrases that carry a feeling. Written by hand, for short answers to "why this score".

/// Praise by itself.
pub(crate) const PRAISE: &[&str] = &[
    "accommodating", "accurate", "adorable", "affordable", "amazing", "approachable", "ample", "appreciate", "appreciated",
    "attentive", "awesome", "beautiful", "beautifully", "best", "better", "bargain", "brilliant", "brilliantly", "calm",
    "caring", "cheap", "cheaper", "cheerful", "clean", "clear", "clearly", "comfortable", "comfy", "compassionate",
    "competent", "competitive", "considerate", "consistent", "convenient", "cool", "cosy", "courteous", "cozy", "crisp",
    "decent", "dedicated", "delicious", "delighted", "delightful", "dependable", "easily", "easy", "easier", "effective",
    "efficient", "efficiently", "effortless", "empathetic", "enjoy", "enjoyable", "enjoyed", "excellent", "exceptional",
    "exemplary", "explained", "extraordinary", "fab", "fabulous", "fair", "fantastic", "fast", "faster", "faultless", "favourite",
    "favorite", "fine", "flawless", "flavorful", "flavourful", "flexible", "fresh", "friendly", "fun", "generous", "gentle", "genuine",
    "good", "gorgeous", "grateful", "great", "happy", "helped", "helpful", "hilarious", "honest", "hospitable",
    "impeccable", "impressed", "impressive", "incredible", "informative", "intuitive", "kind", "kindness",
    "knowledgeable", "love", "loved", "lovely", "loves", "loyal", "magical", "marvellous", "marvelous", "memorable", "neat", "nice",
    "nicely", "outstanding", "patient", "perfect", "perfectly", "phenomenal", "pleasant", "pleasantly", "pleased", "pleasure",
    "polite", "positive", "praise", "professional", "professionalism", "prompt", "promptly", "punctual", "quick", "quicker",
    "quickly", "quiet", "reasonable", "reasonably", "reassured", "reassuring", "recommend", "recommended", "refreshing",
    "relaxed", "relaxing", "reliable", "remarkable", "respectful", "responsive", "rewarding", "roomy", "safe", "satisfied",
    "satisfying", "scrumptious", "seamless", "seamlessly", "sensational", "sensitive", "simple", "smart", "smooth", "smoothly", "solid",
    "sorted", "spacious", "speedy", "splendid", "spotless", "stellar", "straightforward", "stunning", "stylish", "sublime", "succulent",
    "super", "superb", "supportive", "supported", "tasty", "tender", "terrific", "thank", "thanks", "thankful", "thorough", "thoroughly", "thoughtful",
    "tidy", "timely", "top", "trust", "trustworthy", "understanding", "useful", "welcome", "welcomed", "welcoming", "well", "winner",
    "wonderful", "wonderfully", "worth", "wow", "yummy",
];

/// Criticism by itself.
pub(crate) const CRITICISM: &[&str] = &[
    "abrupt", "abysmal", "annoyed", "annoying", "appalling", "arrogant", "ashamed", "atrocious", "avoid", "awful", "awkward",
    "bad", "badly", "bland", "blamed", "boring", "broke", "broken", "buggy", "bugs", "cancelled", "canceled", "careless", "chaotic", "charged", "clueless",
    "clumsy", "clunky", "complain", "complained", "complaint", "complaints", "complicated", "confused", "confusing", "confusion",
    "cramped", "crap", "crash", "crashed", "crashes", "crashing", "crowded", "damaged", "dated", "dead", "deceitful", "deceived", "defective", "delay",
    "delayed", "delays", "desperate", "difficult", "difficulty", "dire", "dirty", "disappointed", "disappointing", "disappointment", "disaster",
    "disconnected", "disgraceful", "disgusted", "disgusting", "dishonest", "disinterested", "dismal", "dismissive", "disorganised",
    "disorganized", "disrespectful", "dissatisfied", "distressed", "distressing", "dreadful", "dull", "embarrassing", "error",
    "errors", "excessive", "expensive", "fail", "failed", "failing", "fails", "failure", "fault", "faulty", "filthy",
    "flawed", "forgot", "forgotten", "fraud", "freezes", "freezing", "frightening", "frustrated", "frustrating", "frustration", "fuming", "furious",
    "glitch", "glitches", "glitchy", "greasy", "grim", "gross", "grumpy", "hard", "harsh", "hassle", "hate", "hated", "hates",
    "hidden", "hopeless", "horrendous", "horrible", "horrid", "horrific", "hung", "ignored", "ignorant", "impersonal", "impolite", "impossible",
    "inaccurate", "inadequate", "incompetence", "incompetent", "incomplete", "inconsistent", "inconvenient", "incorrect",
    "indifferent", "inedible", "ineffective", "inefficient", "inept", "inexperienced", "inferior", "insulting", "irritated", "irritating",
    "issue", "issues", "joke", "junk", "lack", "lacked", "lacking", "lacks", "laggy", "late", "laughable", "lazy", "lied", "lies", "limited", "lost",
    "lousy", "ludicrous", "lukewarm", "mediocre", "mess", "messed", "messy", "misleading", "misled", "missed", "missing", "mistake", "mistakes",
    "nasty", "neglected", "nightmare", "noisy", "nonexistent", "nowhere", "obnoxious", "outdated", "overcharged", "overcooked", "overcrowded",
    "overpriced", "overrated", "pain", "painful", "pathetic", "poor", "poorly", "problem", "problematic", "problems", "pushy",
    "racist", "refused", "regret", "repetitive", "ridiculous", "rip", "ripoff", "rotten", "rough", "rubbish", "rude", "rudely", "rudeness", "rushed", "sad", "sadly",
    "scam", "scammed", "scary", "shabby", "shame", "shocked", "shocking", "shoddy", "slow", "slower", "slowly", "sluggish", "smelly", "soggy",
    "sold", "stale", "steep", "stressful", "stressed", "struggle", "struggled", "stuck", "stupid", "subpar", "sucks", "suffered", "tasteless", "tedious", "terrible", "terribly",
    "terrified", "tiny", "tired", "tough", "unable", "unacceptable", "unappetizing", "unbearable", "uncaring", "unclean", "unclear", "uncomfortable", "uncooked",
    "undercooked", "underwhelmed", "underwhelming", "uneven", "unfair", "unfriendly", "unhappy", "unhelpful", "uninspired",
    "uninspiring", "unimpressed", "unimpressive", "unprofessional", "unreasonable", "unreliable", "unsafe", "unsatisfactory", "unsatisfied",
    "unstable", "unsuitable", "unusable", "unwelcome", "unwelcoming", "upset", "upsetting", "useless", "vague", "waste", "wasted", "wasting", "weak",
    "worried", "worrying", "worse", "worsened", "worst", "worthless", "wrong", "wrongly",
];

/// Phrases whose feeling is not the sum of their words: `true` is praise. Apostrophes as typed on a keyboard.
pub(crate) const PHRASES: &[(&str, bool)] = &[
    ("cannot recommend too highly", true), ("can't recommend too highly", true), ("can't recommend enough", true),
    ("cannot recommend enough", true), ("can't recommend highly enough", true), ("would not hesitate", true), ("wouldn't hesitate", true), ("without hesitation", true),
    ("hassle free", true), ("trouble free", true), ("stress free", true), ("pain free", true), ("problem free", true),
    ("no problem", true), ("no problems", true), ("no issues", true), ("no complaints", true), ("no complaint", true),
    ("no hassle", true), ("no fuss", true), ("no faults", true), ("no delays", true), ("without problems", true), ("without any problems", true),
    ("without issue", true), ("without any issues", true), ("without a hitch", true), ("not had any problems", true),
    ("haven't had any problems", true), ("never had any problems", true), ("never had a problem", true), ("never had an issue", true), ("never had any issues", true),
    ("can't fault", true), ("cannot fault", true), ("couldn't fault", true), ("could not fault", true), ("couldn't be better", true), ("could not be better", true),
    ("couldn't have been better", true), ("couldn't ask for more", true), ("could not ask for more", true), ("can't go wrong", true),
    ("nothing but praise", true), ("nothing was too much trouble", true), ("second to none", true), ("went the extra mile", true),
    ("above and beyond", true), ("value for money", true), ("good value", true), ("great value", true), ("on time", true), ("spot on", true), ("top notch", true),
    ("first class", true), ("five star", true), ("five stars", true), ("5 stars", true), ("made me feel", true), ("put me at ease", true), ("at ease", true),
    ("looked after", true), ("well looked after", true), ("not bad", true), ("not bad at all", true), ("to die for", true), ("kept informed", true), ("kept me informed", true),
    ("not expensive", true), ("not too expensive", true), ("in no time", true), ("works well", true), ("worked well", true), ("hard to beat", true), ("hard to fault", true),
    ("waste of time", false), ("waste of money", false), ("not worth", false), ("isn't worth", false), ("wasn't worth", false), ("rip off", false), ("ripped off", false),
    ("still waiting", false), ("still not", false), ("still no", false), ("still haven't", false), ("no one", false), ("nobody", false), ("no response", false), ("no reply", false),
    ("no answer", false), ("no help", false), ("no explanation", false), ("no communication", false), ("no information", false), ("no apology", false), ("no idea", false), ("no signal", false), ("no service", false), ("no sound", false), ("no internet", false),
    ("on hold", false), ("could be better", false), ("could have been better", false), ("could do better", false), ("room for improvement", false), ("needs improvement", false),
    ("need to improve", false), ("needs to improve", false), ("could improve", false), ("nothing special", false), ("nothing surprising", false), ("nothing to write home", false),
    ("not a 10", false), ("not great", false), ("not good enough", false), ("not enough", false), ("don't bother", false), ("stay away", false), ("steer clear", false),
    ("never again", false), ("never return", false), ("will not return", false), ("won't return", false), ("won't be back", false), ("will not be back", false), ("not recommend", false), ("never recommend", false), ("wouldn't recommend", false), ("can't recommend", false), ("cannot recommend", false),
    ("too long", false), ("so long", false), ("too much", false), ("too many", false), ("too expensive", false), ("too slow", false), ("too small", false), ("too loud", false),
    ("too late", false), ("too short", false), ("too high", false), ("too salty", false), ("too dear", false), ("long wait", false), ("long time", false), ("long queue", false), ("long queues", false),
    ("had to wait", false), ("have to wait", false), ("kept waiting", false), ("having to wait", false), ("waited", false), ("had to chase", false), ("not told", false), ("wasn't told", false), ("passed around", false), ("passed from", false),
    ("let down", false), ("fed up", false), ("fobbed off", false), ("out of order", false), ("cut off", false), ("hung up", false), ("doesn't work", false), ("does not work", false), ("didn't work", false), ("did not work", false), ("don't work", false), ("not working", false), ("stopped working", false), ("keeps crashing", false), ("won't load", false), ("won't open", false), ("go elsewhere", false), ("looking elsewhere", false), ("double the price", false), ("price increase", false), ("prices have gone up", false), ("price went up", false), ("didn't turn up", false), ("did not turn up", false), ("no show", false), ("never turned up", false), ("never arrived", false), ("didn't arrive", false), ("never received", false), ("did not receive", false), ("didn't receive", false), ("sold out", false),
];

/// Words that turn the feeling of what follows around.
pub(crate) const NEGATIONS: &[&str] = &[
    "not", "no", "never", "nor", "neither", "nothing", "none", "without", "hardly", "barely", "scarcely", "cannot", "can't", "cant", "won't", "wont",
    "don't", "dont", "doesn't", "doesnt", "didn't", "didnt", "isn't", "isnt", "wasn't", "wasnt", "aren't", "weren't", "couldn't", "couldnt",
    "wouldn't", "wouldnt", "shouldn't", "hasn't", "haven't", "hadn't", "ain't", "lack", "lacks", "lacked", "lacking", "less", "far", "anything",
];

/// Words that say a feeling is only wished for: no evidence of how it was.
pub(crate) const UNREAL: &[&str] = &["if", "would", "could", "should", "wish", "hope", "hoping", "hopefully", "unless", "might", "expected", "expect", "supposed", "need", "needs", "please", "want", "wanted"];

/// Words that say nothing by themselves.
pub(crate) const EMPTY: &[&str] = &[
    "nothing", "none", "na", "n", "a", "nil", "no", "yes", "ok", "okay", "fine", "comment", "comments", "nope", "yep", "not", "applicable", "idk", "dunno", "test",
    "asdf", "hi", "hello", "good", "great", "bad", "excellent", "x", "all", "everything", "else", "at", "the", "moment", "to", "add", "really", "very", "just",
    "because", "don't", "know", "what", "say", "sure", "thing", "things", "it", "is", "was", "i", "can", "think", "of", "nice", "perfect", "amazing", "awesome", "happy", "service",
    "thanks", "thank", "you", "poor", "terrible", "awful", "rubbish", "love", "like", "so", "far", "experience", "satisfied", "see", "above", "previous", "answer", "same", "as", "before", "my", "complaint", "read",
];
