//! Praise of one of the owner's people, told to who likes to hear it.

use crate::cases;
use crate::site::Site;
use crate::store::SiteError;
use crate::webhooks::{Audience, emit};
use heard_wire::{EventKind, Polarity, Praise, Response, Standing};

/// Tells of each of the owner's people whom a customer praises by name.
pub(crate) fn tell(site: &mut Site<'_>, response: &Response) -> Result<(), SiteError> {
    let praised: Vec<&str> = response
        .heard
        .iter()
        .flat_map(|heard| &heard.people)
        .filter(|person| person.polarity == Polarity::Positive)
        .map(|person| person.name.as_str())
        .collect();
    if praised.is_empty() || response.standing() != Standing::Counted {
        return Ok(());
    }
    let comment = response.comment.clone().unwrap_or_default();
    for person in cases::all_teammates(site)? {
        let named = praised.iter().find(|named| cases::is_called(&person.settings.name, named));
        if let Some(named) = named {
            let quote = sentence(&comment, named).unwrap_or_default();
            emit(
                site,
                EventKind::PraiseReceived(response.clone(), Praise { person: person.id, quote }),
                Audience::All,
            )?;
        }
    }
    Ok(())
}

/// What stands around a name, as far as a sentence goes, at most 300 bytes.
pub(super) fn sentence(comment: &str, name: &str) -> Option<String> {
    const MOST: usize = 300;
    let at = comment.find(name)?;
    let ends = |letter: char| matches!(letter, '.' | '!' | '?' | '\n' | '。' | '！' | '？');
    let (head, tail) = comment.split_at_checked(at)?;
    let after = |(place, letter): (usize, char)| place + letter.len_utf8();
    let begins = head.char_indices().rev().find(|(_, letter)| ends(*letter)).map_or(0, after);
    let end = tail.char_indices().find(|(_, letter)| ends(*letter)).map_or(comment.len(), |end| at + after(end));
    let sentence = comment.get(begins..end).unwrap_or(tail).trim();
    let cut = sentence.floor_char_boundary(MOST);
    Some(sentence.get(..cut).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_name_stands_in_its_sentence() {
        for (comment, name, told) in [
            ("Good soup. Anna was so kind! See you.", "Anna", "Anna was so kind!"),
            ("Danke an Jörg", "Jörg", "Danke an Jörg"),
            ("麺が旨い。田中さんは親切。", "田中", "田中さんは親切。"),
        ] {
            assert_eq!(sentence(comment, name).as_deref(), Some(told));
        }
        assert_eq!(sentence("nobody", "Anna"), None);
    }
}
