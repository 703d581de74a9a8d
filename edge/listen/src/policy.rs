//! Every threshold that decides what is said and stored, in one place. What must never happen stands with what it is about:
//! abuse, commands and markup in `text/quotable.rs`, ways to reach somebody in `text/contact_details.rs`.

/// How sure listening has to be.
pub(crate) struct Policy {
    /// Confidence from which praise is claimed, and criticism.
    pub(crate) claim_praise: f32,
    /// The same in a few words that hold praise and nothing else.
    pub(crate) claim_plain_praise: f32,
    pub(crate) claim_criticism: f32,
    /// From which criticism is called that.
    pub(crate) sure_criticism: f32,
    /// How likely what is read back has to be praise, criticism or a wish to be told as that; and criticism, to be regretted.
    pub(crate) tells_praise: f32,
    /// The same of praise by who is unhappy.
    pub(crate) tells_praise_unhappy: f32,
    pub(crate) tells_criticism: f32,
    pub(crate) regrets: f32,
    pub(crate) tells_wish: f32,
    /// How likely a wish has to be where the words sound like an idea.
    pub(crate) may_wish: f32,
    /// How likely praise has to be for words beside a complaint to be told as the other side, and log odds that they need besides.
    pub(crate) other_side_praise: f32,
    pub(crate) sounds_good: f32,
    /// Log odds of praise below which a part of it spoils that side.
    pub(crate) spoils_other_side: f32,
    /// The same of the complaint beside praise.
    pub(crate) sounds_bad: f32,
    /// How likely they criticise to be taken for a complaint whatever they sound like.
    pub(crate) surely_criticism: f32,
    /// How likely praise words are for nobody to be sorry.
    pub(crate) hardly_praise: f32,
    /// How likely a part feels otherwise for the whole to hold both.
    pub(crate) holds_both: f32,
    /// Log odds of an insult from which a few words are nothing else.
    pub(crate) bare_insult: f32,
    /// How likely one feeling has to be for words that seem to hold both to be of that one.
    pub(crate) of_one_mind: f32,
    /// How likely all that is told has to be of the other feeling than the score's, for the score to be asked about.
    pub(crate) contradicts: f32,
    /// Log odds of praise below which a part of some words spoils their praise.
    pub(crate) spoils_praise: f32,
    /// Log odds of praise that one of the parts has to have.
    pub(crate) feels_praise: f32,
    /// Log odds of both from which words praise in one half and criticise in the other.
    pub(crate) mixed: f32,
    /// How likely both the feeling and the theme have to be for a claim to name the theme.
    pub(crate) surely_about: f32,
    /// The same where no word names the theme.
    pub(crate) surely_meant: f32,
    /// Log odds of praise against criticism in the languages that the encoder alone reads, from which each is claimed.
    pub(crate) others_praise: f32,
    pub(crate) others_criticism: f32,
    /// Log odds that a word of feeling adds there.
    pub(crate) felt_word: f32,
    /// Log odds of praise beyond which the encoder doubts a criticism that is not sure, and below which it doubts praise.
    pub(crate) doubts_criticism: f32,
    pub(crate) doubts_praise: f32,
    /// Log odds from which something is worth reading back, and a second thing.
    pub(crate) worth_quoting: f32,
    pub(crate) worth_quoting_too: f32,
    /// Words of a comment that is read back as it is, of a sentence, of one where nothing is worth more, and of an answer to what was asked.
    pub(crate) whole_comment: usize,
    pub(crate) whole_sentence: usize,
    pub(crate) whole_for_want: usize,
    pub(crate) whole_answer: usize,
    /// From which the other side of the only quote is read back with it.
    pub(crate) other_side: f32,
    /// How far the second may stand behind the first.
    pub(crate) behind_first: f32,
    /// Log odds from which a sentence does what is answered: asks for something, leaves, told us before.
    pub(crate) does: f32,
    /// The same for what somebody has to see to for an unhappy customer: better passed on once too often.
    pub(crate) does_ask: f32,
    /// What a polite word adds to asking for something, and from which a sentence with a question mark asks for an answer.
    pub(crate) politely: f32,
    pub(crate) asks_for_an_answer: f32,
    /// The same for who told us before, which nobody likes to hear who has not.
    pub(crate) told_before: f32,
    /// Log odds of telling nothing below which a brief answer tells something.
    pub(crate) tells_briefly: f32,
    /// The same for what is only stored.
    pub(crate) does_quietly: f32,
    /// Log odds from which harm is taken for real.
    pub(crate) grave: f32,
    /// How much surer two sentences together have to be.
    pub(crate) grave_together: f32,
    /// Log odds of praise from which plain words of harm are taken for part of a glad story.
    pub(crate) gladly: f32,
    /// What a turn of phrase of harm adds.
    pub(crate) marked_grave: f32,
    /// From which it may be, so that nothing is asked but how to reach the customer.
    pub(crate) may_be_grave: f32,
    /// Log odds of an insult or a way to reach somebody from which words are not read back, however telling.
    pub(crate) never: f32,
    /// Confidence from which a feeling is likely, whatever may be claimed.
    pub(crate) likely: f32,
    /// Log odds from which an idea is stored, and told as one.
    pub(crate) idea_stored: f32,
    pub(crate) idea_told: f32,
    /// The same in the languages that the encoder alone reads.
    pub(crate) others_idea_stored: f32,
    pub(crate) others_idea_told: f32,
}

/// As it is.
pub(crate) const POLICY: Policy = Policy {
    claim_praise: 0.977,
    claim_plain_praise: 0.948,
    claim_criticism: 0.45,
    sure_criticism: 0.88,
    tells_praise: 0.7,
    tells_praise_unhappy: 0.85,
    tells_criticism: 0.7,
    regrets: 0.82,
    tells_wish: 0.95,
    may_wish: 0.3,
    other_side_praise: 0.7,
    sounds_good: 0.0,
    spoils_other_side: -1.1,
    sounds_bad: -0.3,
    surely_criticism: 0.8,
    hardly_praise: 0.25,
    holds_both: 0.5,
    bare_insult: 0.5,
    contradicts: 0.6,
    of_one_mind: 0.92,
    spoils_praise: -1.3,
    feels_praise: 0.5,
    mixed: 1.2,
    surely_about: 0.34,
    surely_meant: 0.5,
    others_praise: 1.5,
    others_criticism: -0.7,
    felt_word: 1.2,
    doubts_criticism: 1.0,
    doubts_praise: -1.0,
    worth_quoting: 0.3,
    worth_quoting_too: 1.4,
    whole_comment: 16,
    whole_sentence: 14,
    whole_for_want: 8,
    whole_answer: 15,
    other_side: -2.5,
    behind_first: 1.25,
    does: 0.3,
    does_ask: -0.3,
    politely: 2.0,
    asks_for_an_answer: -3.5,
    told_before: 1.0,
    tells_briefly: -2.0,
    does_quietly: -0.3,
    grave: 0.7,
    grave_together: 0.5,
    gladly: 3.0,
    marked_grave: 3.0,
    may_be_grave: -1.5,
    never: 3.0,
    likely: 0.35,
    idea_stored: -0.5,
    idea_told: 2.5,
    others_idea_stored: 0.7,
    others_idea_told: 2.5,
};
