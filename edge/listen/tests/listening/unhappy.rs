//! What whoever is not happy reads: regret, both sides each as what it is, and no words that nobody should read back.

use crate::id;
use heard_listen::{Customer, Listened, Listener, acknowledge};
use heard_wire::{Acknowledgement, Ask, Intent, ReplyKind, Score, SiteSettings};

fn answered(text: &str, score: u8, lang: &str) -> (Listened, Acknowledgement) {
    let customer = Customer { score: Score::new(score), page_language: lang, ..Customer::default() };
    let listened = Listener::new(&[]).listen(text, customer.score, lang);
    let reply = acknowledge(Some((text, &listened)), &customer, &id(), &SiteSettings::named("Shop"));
    (listened, reply)
}

#[test]
fn a_bare_insult_and_a_shrug_are_no_reason_and_are_not_read_back() {
    for (text, lang, score, asked) in [
        ("liars", "en", 0, Ask::WhatHappened),
        ("Ladrones", "es", 0, Ask::WhatHappened),
        ("oplichters", "nl", 1, Ask::WhatHappened),
        ("geht so", "de", 5, Ask::WhatWouldHelp),
        ("mais ou menos", "pt", 6, Ask::WhatWouldHelp),
        ("bof", "fr", 3, Ask::WhatHappened),
    ] {
        let (_, reply) = answered(text, score, lang);
        assert!(!reply.text.contains(text) && reply.ask == Some(asked), "{text}: {reply:?}");
    }
    let (_, reply) = answered("slow", 3, "en");
    assert!(reply.text.contains("slow") && reply.ask.is_none(), "{reply:?}");
}

#[test]
fn both_sides_of_a_short_comment_are_answered_each_as_what_it_is() {
    for (text, score, lang, bad, good) in [
        ("Nice chap but pushed the finance really hard", 6, "en", "pushed the finance", "Nice chap"),
        ("équipe adorable, mais il faut attendre une heure", 6, "fr", "il faut attendre", "équipe adorable"),
        ("Carne muito boa, porém o garçom esqueceu nossa bebida", 6, "pt", "o garçom esqueceu", "Carne muito boa"),
    ] {
        let (_, reply) = answered(text, score, lang);
        assert_eq!(reply.kind, Some(ReplyKind::Both), "{}", reply.text);
        let (bad, good) = (reply.text.find(bad), reply.text.find(good));
        assert!(bad.is_some() && bad < good, "{}", reply.text);
    }
}

#[test]
fn nothing_is_praised_to_who_gives_next_to_nothing_nor_half_heard_gladly() {
    let irony = "Genial, pagué camarote con ventana y me tocó un bote salvavidas delante. Una vista preciosa, gracias";
    for (text, score, lang) in [(irony, 1, "es"), ("greens good, welcome frosty", 6, "en")] {
        let (_, reply) = answered(text, score, lang);
        assert!(!matches!(reply.kind, Some(ReplyKind::Praise | ReplyKind::Both)), "{}", reply.text);
    }
}

#[test]
fn a_quote_begins_with_what_was_said_and_ends_where_it_ends() {
    let (_, reply) = answered("Mein Mann hat zwei linke Füße und will trotzdem jede Woche wieder hin", 9, "de");
    assert!(reply.text.contains("will trotzdem jede Woche wieder hin"), "{}", reply.text);
    let long = "Auswahl riesig, Preise in Ordnung. Aber man findet nie jemanden. Hab eine halbe Stunde nach Dübeln \
                gesucht und bin dann ohne gegangen.";
    let (_, reply) = answered(long, 4, "de");
    assert!(!reply.text.contains("„Aber"), "{}", reply.text);
}

#[test]
fn who_asks_politely_is_passed_on_in_any_language_and_who_wonders_is_not() {
    for (text, lang, intent) in [
        ("Das Paket kam kaputt an. Schicken Sie mir bitte ein neues.", "de", Intent::Request),
        ("Mi factura está mal desde mayo. Envíenme otra por favor.", "es", Intent::Request),
        ("Kunnen jullie het bedrag terugstorten?", "nl", Intent::Question),
    ] {
        let (listened, _) = answered(text, 3, lang);
        let asks = [intent, Intent::Request].iter().any(|one| listened.heard.intents.contains(one));
        assert!(asks, "{text}: {:?}", listened.heard.intents);
    }
    let (listened, _) = answered("Der Bus fährt zwei Minuten vor der S-Bahn. Wer denkt sich sowas aus?", 2, "de");
    assert!(!listened.heard.intents.contains(&Intent::Question), "{:?}", listened.heard.intents);
}
