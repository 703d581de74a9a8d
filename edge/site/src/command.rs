use crate::{Configured, Moment, SiteError, Sql, Stored, endpoints, responses, settings};
use heard_wire::{
    Acknowledgement, Endpoint, EndpointId, Heard, NewEndpoint, ResponsePage, SiteId, SiteSettings, Submission,
};
use serde::{Deserialize, Serialize};

/// What a route asks of a site's object: one JSON text in, one [`Reply`] out.
#[allow(clippy::large_enum_variant, reason = "one is made a request, and read in place; wasm32 is under the limit")]
#[derive(Debug, Serialize, Deserialize)]
pub enum Command {
    /// Read the settings.
    Settings,
    /// Create the site or change it.
    Configure {
        /// The site's id, stored so that events can name it.
        site: SiteId,
        /// The new settings.
        settings: SiteSettings,
    },
    /// Store an answer.
    Submit {
        /// As validated.
        submission: Submission,
        /// What listening found.
        heard: Option<Heard>,
        /// What to show.
        acknowledgement: Acknowledgement,
        /// The revision of the settings that listening used.
        settings_revision: i64,
    },
    /// Read responses back, newest first.
    ListResponses {
        /// From an earlier page.
        cursor: Option<String>,
        /// 1 to 100.
        limit: u16,
    },
    /// Add a webhook endpoint.
    AddEndpoint {
        /// Where to send.
        url: String,
    },
    /// Remove a webhook endpoint.
    RemoveEndpoint {
        /// Which.
        id: EndpointId,
    },
    /// All webhook endpoints.
    ListEndpoints,
}

/// What a site's object answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// The settings, as asked for or because the caller's copy was out of date.
    Settings(Box<Configured>),
    /// The answer is stored.
    Stored(Box<Stored>),
    /// A page of responses.
    Responses(ResponsePage),
    /// The cursor is not one of ours.
    BadCursor,
    /// The endpoint, with its secret.
    Endpoint(Endpoint),
    /// All endpoints.
    Endpoints(Vec<Endpoint>),
    /// The endpoint is gone.
    Removed,
    /// There is no such endpoint.
    UnknownEndpoint,
    /// A site has no more room for endpoints.
    TooManyEndpoints,
    /// The owner has not created this site.
    UnknownSite,
}

/// Carries a command out.
///
/// # Errors
/// When SQLite refuses; nothing of it may then be committed.
pub fn apply(sql: &dyn Sql, moment: &mut Moment<'_>, command: Command) -> Result<Reply, SiteError> {
    if let Command::Configure { site, settings } = command {
        return settings::configure(sql, &site, settings).map(|configured| Reply::Settings(Box::new(configured)));
    }
    let Some(site) = settings::configured(sql)? else {
        return Ok(Reply::UnknownSite);
    };
    match command {
        Command::Settings | Command::Configure { .. } => Ok(Reply::Settings(Box::new(site))),
        Command::Submit { settings_revision, .. } if settings_revision != site.revision => {
            Ok(Reply::Settings(Box::new(site)))
        }
        Command::Submit { submission, heard, acknowledgement, .. } => {
            responses::submit(sql, moment, &site, submission, heard, acknowledgement)
                .map(|stored| Reply::Stored(Box::new(stored)))
        }
        Command::ListResponses { cursor, limit } => {
            let page = responses::list(sql, &site.id, cursor.as_deref(), limit)?;
            Ok(page.map_or(Reply::BadCursor, Reply::Responses))
        }
        Command::AddEndpoint { url } => {
            Ok(endpoints::add(sql, moment, NewEndpoint { url })?.map_or(Reply::TooManyEndpoints, Reply::Endpoint))
        }
        Command::RemoveEndpoint { id } => {
            Ok(if endpoints::remove(sql, &id)? { Reply::Removed } else { Reply::UnknownEndpoint })
        }
        Command::ListEndpoints => endpoints::list(sql).map(Reply::Endpoints),
    }
}
