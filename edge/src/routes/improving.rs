//! The outer loop: improvements, announcements, ideas, the huddle, and what changed.

use super::incoming::Incoming;
use crate::http::{internal, json, no_content};
use heard_listen::alike;
use heard_site::improving::{
    AddImprovement, Announce, ChangeImprovement, ListAnnouncements, ListIdeas, ListImprovements, ListWatches,
    ReadAnnouncement, ReadBrightSpots, ReadHuddle, ReadImprovement, RemoveImprovement, TakeBackAnnouncement,
    TryAudience,
};
use heard_wire::http::IfMatch;
use heard_wire::{
    AnnouncementId, Audience, IdeaGroup, IdeaSaid, Ideas, Improvement, ImprovementId, ImprovementPatch,
    NewAnnouncement, NewImprovement, Problem, Tally,
};
use worker::Response;

/// `POST /v1/sites/{site}/audience`.
pub(crate) async fn try_audience(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let audience = Audience::from_json(&incoming.body().await?)?;
    json(&incoming.call(TryAudience { audience }).await?, 200)
}

/// `POST /v1/sites/{site}/announcements`.
pub(crate) async fn announce(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let new = NewAnnouncement::from_json(&incoming.body().await?)?;
    json(&incoming.call(Announce { new }).await?, 201)
}

/// `GET /v1/sites/{site}/announcements`.
pub(crate) async fn list_announcements(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListAnnouncements {}).await?, 200)
}

fn announcement(incoming: &Incoming<'_>) -> Result<AnnouncementId, Problem> {
    incoming.id("announcement", "There is no such announcement.")
}

/// `GET /v1/sites/{site}/announcements/{announcement}`.
pub(crate) async fn read_announcement(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = announcement(incoming)?;
    json(&incoming.call(ReadAnnouncement { id }).await?, 200)
}

/// `DELETE /v1/sites/{site}/announcements/{announcement}`.
pub(crate) async fn take_back(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = announcement(incoming)?;
    incoming.call(TakeBackAnnouncement { id }).await?;
    no_content()
}

/// `POST /v1/sites/{site}/improvements`.
pub(crate) async fn add_improvement(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let new = NewImprovement::from_json(&incoming.body().await?)?;
    told(&incoming.call(AddImprovement { new }).await?, 201)
}

/// `GET /v1/sites/{site}/improvements`.
pub(crate) async fn list_improvements(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListImprovements {}).await?, 200)
}

fn improvement(incoming: &Incoming<'_>) -> Result<ImprovementId, Problem> {
    incoming.id("improvement", "There is no such improvement.")
}

/// `GET /v1/sites/{site}/improvements/{improvement}`.
pub(crate) async fn read_improvement(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = improvement(incoming)?;
    told(&incoming.call(ReadImprovement { id }).await?, 200)
}

/// `PATCH /v1/sites/{site}/improvements/{improvement}`, with `If-Match` where somebody else may be at it.
pub(crate) async fn change_improvement(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = improvement(incoming)?;
    let patch = ImprovementPatch::from_json(&incoming.body().await?)?;
    let if_match = incoming.header("if-match").map(|header| IfMatch::read(&header));
    told(&incoming.call(ChangeImprovement { id, patch, if_match }).await?, 200)
}

/// An improvement, with its revision as its entity tag.
fn told(improvement: &Improvement, status: u16) -> Result<Response, Problem> {
    let mut answer = json(improvement, status)?;
    let etag = format!("\"{}\"", improvement.revision());
    answer.headers_mut().set("etag", &etag).map_err(|_| internal("answer"))?;
    Ok(answer)
}

/// `DELETE /v1/sites/{site}/improvements/{improvement}`.
pub(crate) async fn remove_improvement(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = improvement(incoming)?;
    incoming.call(RemoveImprovement { id }).await?;
    no_content()
}

/// `GET /v1/sites/{site}/ideas`: the site lists them, and listening tells which seem to mean the same.
pub(crate) async fn list_ideas(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let said = incoming.call(ListIdeas {}).await?;
    json(&Ideas { ideas: grouped(said) }, 200)
}

fn grouped(said: Vec<IdeaSaid>) -> Vec<IdeaGroup> {
    let quotes: Vec<&str> = said.iter().map(|idea| idea.quote.as_str()).collect();
    let mut groups: Vec<Vec<IdeaSaid>> = Vec::new();
    let places = alike(&quotes);
    for (idea, place) in said.into_iter().zip(places) {
        // What a person put together stays together, whatever it sounds like.
        let decided = |group: &&mut Vec<IdeaSaid>| {
            group.iter().any(|other| other.improvement.is_some() && other.improvement == idea.improvement)
        };
        if let Some(group) = groups.iter_mut().find(decided) {
            group.push(idea);
            continue;
        }
        if groups.len() <= place {
            groups.resize_with(place + 1, Vec::new);
        }
        if let Some(group) = groups.get_mut(place) {
            group.push(idea);
        }
    }
    let mut groups: Vec<IdeaGroup> = groups.into_iter().filter(|group| !group.is_empty()).map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.customers));
    groups
}

fn group(said: Vec<IdeaSaid>) -> IdeaGroup {
    let mut of: Vec<&IdeaSaid> = said.iter().collect();
    of.sort_by(|one, other| one.response.cmp(&other.response));
    of.dedup_by(|one, other| one.response == other.response);
    let count = |fits: fn(u8) -> bool| of.iter().filter(|idea| fits(idea.score.get())).count() as u64;
    let tally = Tally::of(
        None,
        count(|score| score >= 9),
        count(|score| matches!(score, 7 | 8)),
        count(|score| score <= 6),
        0,
        0,
    );
    let improvement = said.iter().find_map(|idea| idea.improvement.clone());
    IdeaGroup { customers: tally.responses, nps: tally.nps, improvement, said }
}

/// `GET /v1/sites/{site}/bright-spots?months=`.
pub(crate) async fn bright_spots(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let months = incoming.parameters().checked("months")?.unwrap_or_default();
    json(&incoming.call(ReadBrightSpots { months }).await?, 200)
}

/// `GET /v1/sites/{site}/huddle?until=`.
pub(crate) async fn huddle(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let until = incoming.parameters().checked("until")?;
    json(&incoming.call(ReadHuddle { until }).await?, 200)
}

/// `GET /v1/sites/{site}/watches`.
pub(crate) async fn list_watches(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListWatches {}).await?, 200)
}
