//! Listens again to the comments of a site whose themes have changed.

use crate::sql::ObjectSql;
use heard_listen::Listener;
use heard_site::responses::{REANALYSED_AT_ONCE, next_stale_comment, store_analysis};
use heard_site::{Site, SiteError};
use heard_wire::{SiteConfig, Theme};
use std::cell::RefCell;

thread_local! {
    /// Making a listener takes longer than listening: it is kept while the themes stay.
    static KEPT: RefCell<Option<(Vec<Theme>, Listener)>> = const { RefCell::new(None) };
}

/// Listens to the next few stale comments.
pub(crate) fn slice(sql: &ObjectSql, site: &Site<'_>) -> Result<(), SiteError> {
    let SiteConfig { settings, .. } = site.config()?;
    KEPT.with_borrow_mut(|kept| {
        let (_, listener) = match kept.take().filter(|(themes, _)| *themes == settings.themes) {
            Some(known) => kept.insert(known),
            None => {
                let listener = Listener::new(&settings.themes);
                kept.insert((settings.themes, listener))
            }
        };
        for _ in 0..REANALYSED_AT_ONCE {
            let Some(comment) = next_stale_comment(sql)? else { break };
            let heard = listener.listen(&comment.text, comment.score, comment.lang.as_str()).heard;
            store_analysis(site, &comment.id, &heard)?;
        }
        Ok(())
    })
}
