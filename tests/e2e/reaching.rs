//! Where a customer is reached, and what is answered to the question of a reply.

use anyhow::Result;
use heard_tests::{World, new_response_id};
use serde_json::{Value, json};

async fn promising() -> Result<World> {
    let world = World::start().await?;
    let promise = json!({ "answered_by": "Maria", "within": { "number": 2, "unit": "working_days" } });
    world.configure("demo", json!({ "name": "Corner Café", "promise": promise })).await?;
    Ok(world)
}

/// An answer with a key, and with these members beside.
async fn answer(world: &World, id: &str, revision: u32, more: Value, status: u16) -> Result<Value> {
    let mut body = json!({ "id": id, "revision": revision, "score": 3, "page": "https://shop.example/", "lang": "en" });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    world.api("POST", "/responses", Some(body), status).await
}

#[tokio::test]
async fn an_answer_to_the_one_question_goes_below_the_comment_and_is_what_the_reply_is_about() -> Result<()> {
    let world = promising().await?;
    let id = new_response_id();
    answer(&world, &id, 1, json!({ "comment": "The waiter was rude." }), 200).await?;
    let more = json!({ "ask": "what_would_help", "text": "more staff" });
    let problem = answer(&world, &id, 2, json!({ "follow_up": more }), 422).await?;
    assert_eq!((&problem["errors"][0]["pointer"], world.responses().await?.len()), (&json!("/follow_up"), 1));
    let told = answer(&world, &id, 2, json!({ "comment": "The waiter was rude.", "follow_up": more }), 200).await?;
    assert_eq!(told["response"]["comment"], "The waiter was rude.\n\nmore staff");
    let reply = &told["acknowledgement"];
    assert!(
        reply["text"].as_str().is_some_and(|text| text.contains("“more staff”") && !text.contains("rude")),
        "{reply}"
    );
    assert_eq!(reply["ask"], Value::Null);
    let long = json!({ "comment": "x".repeat(4_990), "follow_up": { "ask": "what_happened", "text": "twelve chars" } });
    assert_eq!(answer(&world, &id, 3, long, 422).await?["code"], "comment_too_long");
    Ok(())
}

#[tokio::test]
async fn who_is_asked_how_to_reach_them_is_told_what_becomes_of_it_in_their_language() -> Result<()> {
    let world = promising().await?;
    for (comment, contact, reply, by_when) in [
        ("The waiter was rude.", "m@x.example", "We will write to the address you left.", "within 2 working days"),
        (
            "Le serveur était impoli.",
            "0301234567",
            "Nous vous appellerons au numéro que vous avez laissé.",
            "d’ici 2 jours ouvrés",
        ),
    ] {
        let id = new_response_id();
        let asked = answer(&world, &id, 1, json!({ "comment": comment }), 200).await?;
        assert_eq!(
            (&asked["acknowledgement"]["ask"], &asked["acknowledgement"]["receipt"]["by_when"]),
            (&json!("contact"), &Value::Null)
        );
        let unreadable = json!({ "comment": comment, "follow_up": { "ask": "contact", "text": "call me" } });
        assert_eq!(answer(&world, &id, 2, unreadable, 422).await?["errors"][0]["pointer"], "/follow_up");
        let told = json!({ "comment": comment, "follow_up": { "ask": "contact", "text": contact } });
        let told = answer(&world, &id, 2, told, 200).await?;
        let (response, shown) = (&told["response"], &told["acknowledgement"]);
        assert_eq!((&response["comment"], &response["contact"]), (&json!(comment), &json!(contact)));
        assert_eq!((&shown["text"], &shown["receipt"]["by_when"]), (&json!(reply), &json!(by_when)));
        // Kept, and not asked for again.
        let later = answer(&world, &id, 3, json!({ "comment": format!("{comment} Again.") }), 200).await?;
        assert_eq!((&later["response"]["contact"], &later["acknowledgement"]["ask"]), (&json!(contact), &Value::Null));
    }
    for nothing_to_answer in ["Order 1234567890: the food was cold", "Rude on 2026-11-22 10:00"] {
        let told = answer(&world, &new_response_id(), 1, json!({ "comment": nothing_to_answer }), 200).await?;
        assert_eq!(told["acknowledgement"]["receipt"]["answered_by"], Value::Null, "{told}");
    }
    Ok(())
}
