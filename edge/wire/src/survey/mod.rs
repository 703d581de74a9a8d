//! What a page is asked and answers.

mod acknowledgement;
mod answers;
mod ask;
mod contact;
mod copy;
mod impression;
mod own_copy;
mod question;
mod reference;
mod review_link;
mod score;
mod submission;
#[expect(clippy::module_inception, reason = "the survey itself, in the room named after it")]
mod survey;
mod token;
mod trial;

pub use acknowledgement::{Acknowledgement, Claim, Polarity, Receipt, ReplyKind};
pub use answers::{AnswerValue, Answers};
pub use ask::{Ask, AskPrompts};
pub use contact::{Contact, ContactKind, ContactNotice};
pub use copy::{SurveyCopy, WhyPrompts};
pub use impression::{Admission, Impression, NotAdmitted};
pub use own_copy::OwnCopy;
pub(crate) use question::fault_in_questions;
pub use question::{
    ASKED_AT_ONCE, LocalText, Question, QuestionKind, QuestionOption, SurveyOption, SurveyQuestion, fault_in_answers,
    questions_for,
};
pub use reference::{Reference, reference_of};
pub use review_link::{ReviewLink, ReviewedBy};
pub use score::{Band, Score};
pub use submission::{
    FollowUp, MAX_BODY_BYTES, MAX_COMMENT_BYTES, MAX_COMMENT_CHARACTERS, MAX_REVISION, Submission, checked_comment,
};
pub use survey::Survey;
pub use token::{BrowserSecret, SurveyToken, VisitorProof};
pub use trial::{Trial, Tried};
