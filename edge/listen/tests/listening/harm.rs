//! Harm, which no thank-you is enough for.

use crate::heard;
use heard_wire::{Ask, GraveKind};

#[test]
fn what_no_thank_you_is_enough_for_gets_a_sorry() {
    for (text, kind) in [
        ("My husband died and I had to explain it to four different people", GraveKind::Bereavement),
        ("I slipped on your wet stairs and broke my wrist", GraveKind::Injury),
        ("The manager screamed at me and followed me to my car", GraveKind::Harassment),
        ("was told people with my skin colour should sit at the back", GraveKind::Discrimination),
        ("Bare live wires hanging next to my child's bed in the room", GraveKind::Safety),
        ("Ich bin auf der nassen Treppe gestürzt und habe mir das Handgelenk gebrochen", GraveKind::Injury),
        ("mi madre murió y seguisteis mandándole facturas", GraveKind::Bereavement),
    ] {
        let (listened, reply) = heard(text, Some(1));
        assert_eq!(listened.heard.grave.as_ref().map(|grave| grave.kind), Some(kind), "{text}");
        assert!(
            ["sorry", "leid", "sent"].iter().any(|word| reply.text.to_lowercase().contains(word)),
            "{}",
            reply.text
        );
        assert_eq!(reply.ask, Some(Ask::Contact), "{text}");
    }
    let unquotable = heard("I slipped on your wet stairs and broke my wrist you shitty place", Some(1)).1.text;
    assert!(unquotable.contains("so sorry") && !unquotable.contains("shitty"), "{unquotable}");
    // Who died is not read back.
    let (_, reply) = heard("When my mum died you passed me around five departments", Some(2));
    assert!(!reply.text.contains("mum"), "{}", reply.text);
    assert_eq!(heard("prefer not to say", Some(0)).1.ask, None);
    for text in [
        "My battery died after a week",
        "Died laughing, lovely team",
        "I was in tears of joy",
        "bought a dress for a funeral and it was perfect",
        "the wait was killing me",
        "they burnt my toast",
    ] {
        assert!(heard(text, Some(3)).0.heard.grave.is_none(), "{text}");
    }
}

#[test]
fn harm_that_takes_several_sentences_to_be_told_is_heard() {
    for (text, kind) in [
        (
            "Terrace table was available for the couple before us and for the couple after us. For me and my husband, we are \
             both men, it was suddenly reserved. It stayed empty the whole evening.",
            GraveKind::Discrimination,
        ),
        (
            "im keller riecht es seit sonntag nach faulen eiern. die alte dame im parterre raucht wie ein schlot. unter eurer \
             störungsnummer kommt ein band",
            GraveKind::Safety,
        ),
        (
            "Desde que me embargaron la cuenta no duermo. Ayer conté las pastillas de mi madre y las volví a guardar. No sé si \
             mañana las guardo.",
            GraveKind::SelfHarm,
        ),
    ] {
        let (listened, reply) = heard(text, Some(2));
        assert_eq!(listened.heard.grave.as_ref().map(|grave| grave.kind), Some(kind), "{text}");
        assert_eq!(reply.ask, Some(Ask::Contact), "{text}");
    }
}
