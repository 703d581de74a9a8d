//! What the operations of the outer loop take and answer.

use super::Describe;
use super::operation::{Operation, if_match, query};
use heard_wire::api::OperationId;
use heard_wire::{
    Announcement, Audience, AudiencePreview, BrightSpots, Huddle, Ideas, Improvement, List, NewAnnouncement,
    NewImprovement, Watch,
};
use schemars::Schema;
use serde_json::json;

/// Of these; any other stays as it is.
pub(super) fn shapes(describe: &mut Describe, operation: Operation) -> Operation {
    match operation.route.operation {
        OperationId::TryAudience => operation.takes(object_schema("audience", &describe.body::<Audience>())).answers(
            200,
            "Who, and how many.",
            describe.json::<AudiencePreview>(),
        ),
        OperationId::Announce => operation
            .takes(describe.body::<NewAnnouncement>())
            .answers(
                201,
                "Written; those whom it is for are told in the next seconds.",
                describe.json::<Announcement>(),
            )
            .problems(&[409]),
        OperationId::ListAnnouncements => operation.answers(200, "All.", describe.json::<List<Announcement>>()),
        OperationId::ReadAnnouncement => operation.answers(200, "It.", describe.json::<Announcement>()),
        OperationId::TakeBackAnnouncement => operation.answers(204, "Taken back.", None),
        OperationId::AddImprovement => operation
            .takes(describe.body::<NewImprovement>())
            .answers(201, "Written down.", describe.json::<Improvement>())
            .problems(&[409]),
        OperationId::ListImprovements => operation.answers(200, "All.", describe.json::<List<Improvement>>()),
        OperationId::ReadImprovement => operation.answers(200, "It.", describe.json::<Improvement>()),
        OperationId::ChangeImprovement => operation
            .parameters([if_match()])
            .takes(schemars::json_schema!({ "$ref": "#/components/schemas/ImprovementPatch" }))
            .answers(200, "As it is now.", describe.json::<Improvement>())
            .problems(&[412]),
        OperationId::RemoveImprovement => operation.answers(204, "Removed.", None),
        OperationId::ListIdeas => operation.answers(200, "Ideas.", describe.json::<Ideas>()),
        OperationId::ReadBrightSpots => operation
            .parameters([query(
                "months",
                "So many months, with this one; 6 unless told.",
                json!({ "type": "integer", "minimum": 1, "maximum": 12 }),
            )])
            .answers(200, "Months, the newest first.", describe.json::<BrightSpots>()),
        OperationId::ReadHuddle => operation
            .parameters([query("until", "The end of the week, now unless told.", json!({ "type": "string" }))])
            .answers(200, "The week.", describe.json::<Huddle>()),
        OperationId::ListWatches => operation.answers(200, "What changed.", describe.json::<List<Watch>>()),
        _ => operation,
    }
}

/// A body with one member.
fn object_schema(name: &str, of: &Schema) -> Schema {
    schemars::json_schema!({ "type": "object", "required": [name], "additionalProperties": false, "properties": { name: of } })
}
