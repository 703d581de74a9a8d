//! What the operations of the inner loop take and answer: people, cases and conversations.

use super::Describe;
use super::operation::{Operation, case_parameters, if_match, page_parameters, query};
use heard_wire::api::OperationId;
use heard_wire::{
    Call, CallListItem, Case, CaseEntry, CasePatch, List, LoopMetrics, Message, NewCase, NewMessage, NewNote,
    NewTeammate, NewThreadMessage, NewVerdict, News, Page, Teammate, Thread, ThreadMessage, ThreadPatch,
};
use serde_json::json;

/// Of these; any other stays as it is.
pub(super) fn shapes(describe: &mut Describe, operation: Operation) -> Operation {
    match operation.route.operation {
        OperationId::ListPeople => operation.answers(200, "Everybody, by name.", describe.json::<List<Teammate>>()),
        OperationId::AddPerson => operation
            .takes(describe.body::<NewTeammate>())
            .answers(201, "Added.", describe.json::<Teammate>())
            .problems(&[409]),
        OperationId::ChangePerson => operation
            .takes(schemars::json_schema!({ "$ref": "#/components/schemas/TeammatePatch" }))
            .answers(200, "As they are now.", describe.json::<Teammate>()),
        OperationId::RemovePerson => operation.answers(204, "Removed.", None),
        OperationId::ListCases => operation.parameters(case_parameters()).parameters(page_parameters()).answers(
            200,
            "A page.",
            describe.json::<Page<Case>>(),
        ),
        OperationId::OpenCase => operation
            .takes(describe.body::<NewCase>())
            .answers(201, "Opened.", describe.json::<Case>())
            .problems(&[409]),
        OperationId::ReadLoop => {
            let moment = |name, says| query(name, says, json!({ "type": "string" }));
            operation
                .parameters([moment("since", "Opened then or later."), moment("until", "Opened before then.")])
                .answers(200, "Rates and times.", describe.json::<LoopMetrics>())
        }
        OperationId::ReadCase => {
            operation.answers(200, "It.", describe.json::<Case>()).answers(304, "It is as the ETag says.", None)
        }
        OperationId::ChangeCase => operation
            .parameters([if_match()])
            .takes(describe.body::<CasePatch>())
            .answers(200, "As it is now.", describe.json::<Case>())
            .problems(&[409, 412]),
        OperationId::ListCaseHistory => operation.answers(200, "All of it.", describe.json::<List<CaseEntry>>()),
        OperationId::ReplyToCase => operation
            .parameters([if_match()])
            .takes(describe.body::<NewMessage>())
            .answers(201, "Written.", describe.json::<Message>())
            .problems(&[409, 412]),
        OperationId::AddNote => operation
            .takes(describe.body::<NewNote>())
            .answers(201, "Written.", describe.json::<CaseEntry>())
            .problems(&[409]),
        OperationId::LogCall => {
            operation.takes(describe.body::<Call>()).answers(201, "Logged.", describe.json::<Case>()).problems(&[409])
        }
        OperationId::ListCalls => {
            let why = json!({ "type": "string", "enum": ["asked", "left_number", "bright_spot"] });
            let limit = json!({ "type": "integer", "minimum": 1, "maximum": 100 });
            operation
                .parameters([
                    query("why", "Only for this reason.", why),
                    query(
                        "daytime",
                        "Only where it is daytime, or only where it is not.",
                        json!({ "type": "boolean" }),
                    ),
                    query("limit", "How many, 50 unless told.", limit),
                ])
                .answers(200, "Whom to call, who asked for it first.", describe.json::<List<CallListItem>>())
        }
        OperationId::ReadThread => {
            operation.answers(200, "The conversation.", describe.json::<Thread>()).problems(&[404, 429])
        }
        OperationId::ChangeThread => operation
            .takes(describe.body::<ThreadPatch>())
            .answers(200, "As it is now.", describe.json::<Thread>())
            .problems(&[429]),
        OperationId::EraseThread => operation.answers(204, "Erased.", None).problems(&[429]),
        OperationId::WriteToTeam => operation
            .takes(describe.body::<NewThreadMessage>())
            .answers(201, "Written, or written before.", describe.json::<ThreadMessage>())
            .problems(&[409, 429]),
        OperationId::MarkRead => operation.answers(204, "Noted.", None).problems(&[429]),
        OperationId::Judge => operation
            .takes(describe.body::<NewVerdict>())
            .answers(200, "As it is now.", describe.json::<Thread>())
            .problems(&[409, 429]),
        OperationId::ReadNews => operation
            .answers(200, "How much; nothing where there is no such mailbox.", describe.json::<News>())
            .answers(304, "It is as the ETag says.", None),
        OperationId::RevokeThread => operation.answers(204, "Nobody is let in.", None),
        OperationId::AskToStop => {
            let page = json!({ "text/html": { "schema": { "type": "string" } } });
            operation.answers(200, "In the language of the one who asks.", Some(page))
        }
        OperationId::StopNotifying => operation.answers(204, "Nothing more is told.", None),
        _ => operation,
    }
}
