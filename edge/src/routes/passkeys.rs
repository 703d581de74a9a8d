//! Passkeys: with which people sign in at the desk in place of a key.

use super::incoming::Incoming;
use crate::http::{internal, json, no_content};
use crate::runtime::{now, random};
use crate::signatures::{reads, verifies};
use crate::{directory, session};
use heard_site::sites::{
    CHALLENGE_GOOD_FOR, Ceremony, CeremonyKind, KeptPasskey, MOST_PASSKEYS, PasskeyCommand, PasskeysFound,
    is_good_challenge, make_challenge,
};
use heard_site::survey::key_tag;
use heard_wire::{
    Code, List, NewPasskey, Passkey, PasskeyChallenge, PasskeyId, Problem, SessionHolder, ShownCredential,
};
use worker::Response;

/// `POST /v1/passkeys/challenge`: what an authenticator is to sign.
pub(crate) fn challenge(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let host = host(incoming)?;
    let challenge = PasskeyChallenge {
        challenge: make_challenge(&incoming.owner_keys.current, now(), random()),
        rp_id: host.rsplit_once(':').map_or(&*host, |(name, _)| name).to_owned(),
        expires_in: u32::try_from(CHALLENGE_GOOD_FOR.as_secs()).unwrap_or(u32::MAX),
    };
    json(&challenge, 200)
}

/// `POST /v1/passkeys`: keeps a passkey for who is signed in.
pub(crate) async fn add(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let NewPasskey { name, credential } = NewPasskey::from_json(&incoming.body().await?)?;
    let made = credential.response;
    let refused = |why: &str| Problem::of_field("/credential", &format!("does not count: {why}"));
    let ceremony = Ceremony::read(CeremonyKind::Create, &made.client_data, &made.authenticator_data, &host(incoming)?);
    let ceremony = ceremony.map_err(refused)?;
    check_challenge(incoming, &ceremony).map_err(refused)?;
    if ceremony.credential().as_ref() != Some(&credential.id) {
        return Err(refused("its id is another than the authenticator's"));
    }
    if !reads(&made.public_key, made.algorithm).await? {
        return Err(refused("its key is not of ES256 (-7) or RS256 (-257)"));
    }
    let at_desk = incoming.at_desk()?;
    let listed = Passkey {
        id: PasskeyId::from_random(random()),
        name,
        holder: at_desk.session.holder.clone(),
        created_at: now(),
        last_used_at: None,
    };
    let passkey = Box::new(KeptPasskey {
        listed: listed.clone(),
        credential: credential.id,
        public_key: made.public_key,
        algorithm: made.algorithm,
        opened_with: at_desk.opened_with.clone(),
        count: ceremony.count,
    });
    let add = PasskeyCommand::Add { passkey, challenge: ceremony.challenge };
    match directory::ask_passkeys(incoming.env, &add).await? {
        PasskeysFound::Passkeys(_) => json(&listed, 201),
        PasskeysFound::Full => {
            let detail = format!("There are {MOST_PASSKEYS} passkeys, or this one is known already. Remove one first.");
            Err(Problem::new(Code::Conflict, detail))
        }
        PasskeysFound::Spent | PasskeysFound::CountedBack => Err(refused("its challenge was used before")),
    }
}

/// `GET /v1/passkeys`: those of who is signed in; to the owner, all.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&List { items: mine(incoming).await? }, 200)
}

/// `DELETE /v1/passkeys/{passkey}`: removes one of them.
pub(crate) async fn remove(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let unknown = "There is no such passkey of yours.";
    let id: PasskeyId = incoming.id("passkey", unknown)?;
    if !mine(incoming).await?.iter().any(|passkey| passkey.id == id) {
        return Err(Problem::new(Code::NotFound, unknown));
    }
    directory::ask_passkeys(incoming.env, &PasskeyCommand::Remove { id }).await?;
    no_content()
}

async fn mine(incoming: &Incoming<'_>) -> Result<Vec<Passkey>, Problem> {
    let holder = &incoming.at_desk()?.session.holder;
    let all = known(directory::ask_passkeys(incoming.env, &PasskeyCommand::List).await?);
    let is_mine = |passkey: &Passkey| *holder == SessionHolder::Owner || passkey.holder == *holder;
    Ok(all.into_iter().map(|passkey| passkey.listed).filter(is_mine).collect())
}

/// Whose passkey was shown, and the tag of the owner key that it stands for, if any.
pub(super) async fn holder_of(
    incoming: &Incoming<'_>,
    shown: &ShownCredential,
) -> Result<(SessionHolder, Option<String>), Problem> {
    let refused = |why: &str| Problem::new(Code::InvalidKey, format!("This passkey does not count: {why}."));
    let said = &shown.response;
    let ceremony = Ceremony::read(CeremonyKind::Get, &said.client_data, &said.authenticator_data, &host(incoming)?);
    let ceremony = ceremony.map_err(refused)?;
    check_challenge(incoming, &ceremony).map_err(refused)?;
    let find = PasskeyCommand::Find { credential: shown.id.clone() };
    let kept = known(directory::ask_passkeys(incoming.env, &find).await?).into_iter().next();
    let kept = kept.ok_or_else(|| refused("it is not known here, or was removed"))?;
    if !verifies(&kept.public_key, kept.algorithm, &said.signature, &ceremony.signed).await? {
        return Err(refused("its signature is wrong"));
    }
    let still_opens = |tag: &String| incoming.owner_keys.all().any(|key| key_tag(key) == *tag);
    if kept.listed.holder == SessionHolder::Owner && !kept.opened_with.as_ref().is_some_and(still_opens) {
        return Err(refused("the owner key that it stands for is no more; sign in with the key and add it anew"));
    }
    let note = PasskeyCommand::Use { id: kept.listed.id, challenge: ceremony.challenge, count: ceremony.count };
    match directory::ask_passkeys(incoming.env, &note).await? {
        PasskeysFound::Passkeys(found) if !found.is_empty() => Ok((kept.listed.holder, kept.opened_with)),
        PasskeysFound::CountedBack => Err(refused("it signed less often than before, as a copy would; remove it")),
        PasskeysFound::Spent => Err(refused("its challenge was used before")),
        PasskeysFound::Passkeys(_) | PasskeysFound::Full => Err(refused("it was removed")),
    }
}

fn known(found: PasskeysFound) -> Vec<KeptPasskey> {
    if let PasskeysFound::Passkeys(found) = found { found } else { Vec::new() }
}

fn check_challenge(incoming: &Incoming<'_>, ceremony: &Ceremony) -> Result<(), &'static str> {
    let is_good = |key| is_good_challenge(key, now(), &ceremony.challenge);
    if incoming.owner_keys.all().any(is_good) { Ok(()) } else { Err("its challenge is too old, or was not given here") }
}

fn host(incoming: &Incoming<'_>) -> Result<String, Problem> {
    session::host(incoming.request()).ok_or_else(|| internal("find out the host"))
}
