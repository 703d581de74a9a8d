//! Listens again to the comments of a site whose themes have changed, in the alarm.

use crate::sql::ObjectSql;
use heard_listen::Listener;
use heard_site::{Configured, SiteError};
use std::time::Duration;
use worker::Delay;

/// Comments between two pauses, so that a submission waits a few milliseconds at most.
const AT_ONCE: usize = 20;
/// Comments in one alarm; the next alarm follows at once.
const PER_ALARM: usize = 400;

/// Listens to stale comments, pausing between slices; gives how many there were.
pub(crate) async fn relisten(sql: &ObjectSql) -> Result<usize, SiteError> {
    let mut done = 0;
    // Making a listener takes longer than listening: it is kept while the themes stay.
    let mut known: Option<(Configured, Listener)> = None;
    while done < PER_ALARM {
        let comments = heard_site::unheard(sql, AT_ONCE)?;
        if comments.is_empty() {
            break;
        }
        // No await from here to the last write: a submission cannot come in between.
        let Some(site) = heard_site::configured(sql)? else { break };
        let (site, listener) = match known.take().filter(|(known, _)| *known == site) {
            Some(known) => known,
            None => {
                let listener = Listener::new(&site.settings.themes);
                (site, listener)
            }
        };
        for comment in &comments {
            let heard = listener.listen(&comment.text, comment.score, &comment.lang).heard;
            heard_site::hear_again(sql, &comment.id, site.revision, &heard)?;
        }
        done += comments.len();
        known = Some((site, listener));
        Delay::from(Duration::from_millis(1)).await;
    }
    Ok(done)
}
