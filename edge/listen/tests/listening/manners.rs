//! How a reply behaves towards who is brief, in grief, in a rage or on their way out.

use super::heard;
use heard_wire::{Ask, Intent};

#[test]
fn a_short_comment_is_read_back_as_it_is() {
    for (text, score) in [
        ("I paused. You sent it. I paused again. You sent salmon", 2),
        ("chairs!! my back!! otherwise 10", 7),
        ("The music", 2),
        ("I can't sing and no one has said so", 9),
    ] {
        let (_, reply) = heard(text, Some(score));
        assert!(reply.text.contains(&format!("“{text}”")) && reply.ask.is_none(), "{text}: {}", reply.text);
    }
    // Abuse is not, however short.
    let (_, reply) = heard("Your idiot of a driver left it in the rain", Some(1));
    assert!(!reply.text.contains("idiot"), "{}", reply.text);
}

#[test]
fn who_is_very_unhappy_reads_a_word_of_regret_and_who_mourns_no_gladness() {
    let (_, reply) = heard("Been trying to cancel since January. Emailed 4 times, and nobody ever answered.", Some(0));
    assert!(reply.text.contains("sorry"), "{}", reply.text);
    let mourning = "My wife passed in March and I did not have to think about a thing. Everybody was so kind.";
    let (_, reply) = heard(mourning, Some(9));
    assert!(
        !reply.text.contains("lovely") && !reply.text.contains("day") && !reply.text.contains("good to"),
        "{}",
        reply.text
    );
}

#[test]
fn the_number_of_a_case_is_enough_to_be_found_by() {
    let (_, reply) = heard("I've appealed twice. Please could a human look at PCN 4471902.", Some(3));
    assert!(reply.ask.is_none() && reply.text.contains("ask for"), "{} {:?}", reply.text, reply.ask);
    let (_, reply) = heard("I've appealed twice. Please could a human look at it.", Some(3));
    assert_eq!(reply.ask, Some(Ask::Contact));
}

#[test]
fn who_only_thinks_of_leaving_is_not_said_goodbye_to() {
    for (text, leaves) in [
        ("They never answer the phone. I nearly went elsewhere.", false),
        ("They never answer the phone. I went elsewhere.", true),
    ] {
        let (listened, _) = heard(text, Some(3));
        assert_eq!(listened.heard.intents.contains(&Intent::WillLeave), leaves, "{text}");
    }
}
