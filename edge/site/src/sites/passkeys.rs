//! Passkeys (WebAuthn) for the desk: what is kept of them, and what an authenticator has to have said. Kept by the directory's
//! object, beside the sessions; only the signature is checked elsewhere, by the runtime.

use crate::store::{Cell, Columns, SiteError, Sql, one, run, scalar};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use constant_time_eq::constant_time_eq;
use heard_wire::{Passkey, PasskeyId, SiteId, Timestamp};
use hmac_sha256::{HMAC, Hash};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a challenge is good.
pub const CHALLENGE_GOOD_FOR: Duration = Duration::from_secs(300);
/// Passkeys of one holder.
pub const MOST_PASSKEYS: usize = 20;

/// A passkey with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPasskey {
    /// As it is listed.
    pub listed: Passkey,
    /// The authenticator's id of it, in base64url.
    pub credential: String,
    /// `SubjectPublicKeyInfo`, in base64url.
    pub public_key: String,
    /// Its number in COSE.
    pub algorithm: i32,
    /// A tag of the owner key that its holder was signed in with, where that is the owner's.
    pub opened_with: Option<String>,
    /// How often it signed, as far as it counts; 0 where it does not.
    pub count: u32,
}

/// What the directory is asked about passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum PasskeyCommand {
    /// Keeps one, whose authenticator signed a challenge.
    Add {
        /// It.
        passkey: Box<KeptPasskey>,
        /// Good once.
        challenge: String,
    },
    /// Looks one up by the authenticator's id of it.
    Find {
        /// In base64url.
        credential: String,
    },
    /// Notes that somebody signed in with one.
    Use {
        /// Which.
        id: PasskeyId,
        /// Good once.
        challenge: String,
        /// How often it signed, as it says.
        count: u32,
    },
    /// All of them, the oldest first.
    List,
    /// Removes one.
    Remove {
        /// Which.
        id: PasskeyId,
    },
}

/// What the directory says about passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasskeysFound {
    /// Those that were meant.
    Passkeys(Vec<KeptPasskey>),
    /// The challenge was used before.
    Spent,
    /// Its holder has as many as there may be, or the authenticator's id is taken.
    Full,
    /// It says that it signed less often than before: somebody may have copied it.
    CountedBack,
}

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS passkeys (
        id TEXT PRIMARY KEY, credential TEXT NOT NULL UNIQUE, document TEXT NOT NULL, count INTEGER NOT NULL,
        created_at INTEGER NOT NULL, last_used_at INTEGER
    ) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS spent_challenges (challenge TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
];

/// Carries out a command.
///
/// # Errors
/// What SQLite said.
pub fn passkeys(sql: &dyn Sql, now: Timestamp, command: PasskeyCommand) -> Result<PasskeysFound, SiteError> {
    const ACT: &str = "look a passkey up";
    prepare(sql)?;
    let found = match command {
        PasskeyCommand::Add { passkey, challenge } => return add(sql, now, *passkey, &challenge),
        PasskeyCommand::Use { id, challenge, count } => return note_use(sql, now, &id, &challenge, count),
        PasskeyCommand::Find { credential } => {
            let statement = "SELECT document, count, last_used_at FROM passkeys WHERE credential = ?";
            run(sql, ACT, statement, [Cell::from(credential)])?
        }
        PasskeyCommand::List => {
            let statement = "SELECT document, count, last_used_at FROM passkeys ORDER BY created_at, id";
            run(sql, "list the passkeys", statement, [])?
        }
        PasskeyCommand::Remove { id } => {
            let statement = "DELETE FROM passkeys WHERE id = ? RETURNING document, count, last_used_at";
            run(sql, "remove a passkey", statement, [Cell::from(id.as_str())])?
        }
    };
    found.into_iter().map(|row| read(Columns::of(row, ACT))).collect::<Result<_, _>>().map(PasskeysFound::Passkeys)
}

/// Forgets those that were added with keys of a site; all of the site's, unless told which.
pub(crate) fn forget_passkeys_of(sql: &dyn Sql, site: &SiteId, prefix: Option<&str>) -> Result<(), SiteError> {
    prepare(sql)?;
    let statement = "DELETE FROM passkeys WHERE document ->> '$.listed.holder.site' = ?1
         AND (?2 IS NULL OR document ->> '$.listed.holder.prefix' = ?2)";
    run(sql, "forget the passkeys of a key", statement, [Cell::from(site.as_str()), Cell::from(prefix)]).map(drop)
}

fn prepare(sql: &dyn Sql) -> Result<(), SiteError> {
    TABLES.into_iter().try_for_each(|table| run(sql, "prepare the passkeys", table, []).map(drop))
}

fn add(sql: &dyn Sql, now: Timestamp, passkey: KeptPasskey, challenge: &str) -> Result<PasskeysFound, SiteError> {
    const ACT: &str = "keep a passkey";
    if !spend(sql, now, challenge)? {
        return Ok(PasskeysFound::Spent);
    }
    let holder = Cell::json(ACT, &passkey.listed.holder)?;
    let statement = "SELECT count(*) FROM passkeys WHERE json(document -> '$.listed.holder') = json(?)";
    let has = scalar(sql, ACT, statement, [holder])?.unwrap_or(0);
    if usize::try_from(has).is_ok_and(|has| has >= MOST_PASSKEYS) {
        return Ok(PasskeysFound::Full);
    }
    let added = run(
        sql,
        ACT,
        "INSERT INTO passkeys (id, credential, document, count, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING id",
        [
            Cell::from(passkey.listed.id.as_str()),
            Cell::from(passkey.credential.as_str()),
            Cell::json(ACT, &passkey)?,
            Cell::from(i64::from(passkey.count)),
            Cell::from(now),
        ],
    )?;
    Ok(if added.is_empty() { PasskeysFound::Full } else { PasskeysFound::Passkeys(vec![passkey]) })
}

fn note_use(
    sql: &dyn Sql,
    now: Timestamp,
    id: &PasskeyId,
    challenge: &str,
    count: u32,
) -> Result<PasskeysFound, SiteError> {
    const ACT: &str = "note the use of a passkey";
    if !spend(sql, now, challenge)? {
        return Ok(PasskeysFound::Spent);
    }
    let statement = "SELECT document, count, last_used_at FROM passkeys WHERE id = ?";
    let Some(columns) = one(sql, ACT, statement, [Cell::from(id.as_str())])? else {
        return Ok(PasskeysFound::Passkeys(Vec::new()));
    };
    let mut passkey = read(columns)?;
    if (count > 0 || passkey.count > 0) && count <= passkey.count {
        return Ok(PasskeysFound::CountedBack);
    }
    let params = [Cell::from(i64::from(count)), Cell::from(now), Cell::from(id.as_str())];
    run(sql, ACT, "UPDATE passkeys SET count = ?, last_used_at = ? WHERE id = ?", params)?;
    (passkey.count, passkey.listed.last_used_at) = (count, Some(now));
    Ok(PasskeysFound::Passkeys(vec![passkey]))
}

/// Whether a challenge was not used before. Those that are too old to be good need not be remembered.
fn spend(sql: &dyn Sql, now: Timestamp, challenge: &str) -> Result<bool, SiteError> {
    const ACT: &str = "use a challenge up";
    run(sql, ACT, "DELETE FROM spent_challenges WHERE at < ?", [Cell::from(now - 2 * CHALLENGE_GOOD_FOR)])?;
    let statement = "INSERT INTO spent_challenges (challenge, at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1";
    Ok(!run(sql, ACT, statement, [Cell::from(challenge), Cell::from(now)])?.is_empty())
}

fn read(mut columns: Columns) -> Result<KeptPasskey, SiteError> {
    let passkey: KeptPasskey = columns.json()?;
    let count = u32::try_from(columns.integer()?).unwrap_or(u32::MAX);
    let last_used_at = columns.optional_timestamp()?;
    Ok(KeptPasskey { count, listed: Passkey { last_used_at, ..passkey.listed }, ..passkey })
}

/// Something to sign. It is known again by its code, so that giving one out writes nothing.
#[must_use]
pub fn make_challenge(owner_key: &str, now: Timestamp, random: [u8; 16]) -> String {
    let mut challenge = [&now.as_millis().to_be_bytes()[..], &random].concat();
    let code = challenge_code(owner_key, &challenge);
    challenge.extend_from_slice(&code);
    URL_SAFE_NO_PAD.encode(challenge)
}

/// Whether a challenge was given out with this owner key, a little while ago.
#[must_use]
pub fn is_good_challenge(owner_key: &str, now: Timestamp, challenge: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(challenge) else { return false };
    let Some((said, code)) = bytes.split_at_checked(24) else { return false };
    let Some(at) = said.first_chunk().map(|millis| Timestamp::from_millis(i64::from_be_bytes(*millis))) else {
        return false;
    };
    let is_timely = at <= now + Duration::from_secs(60) && now <= at + CHALLENGE_GOOD_FOR;
    constant_time_eq(&challenge_code(owner_key, said), code) && is_timely
}

fn challenge_code(owner_key: &str, said: &[u8]) -> [u8; 32] {
    HMAC::mac([b"passkey challenge ", said].concat(), owner_key.as_bytes())
}

/// What an authenticator was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyKind {
    /// To make a passkey.
    Create,
    /// To show one.
    Get,
}

/// What an authenticator said, found to be meant for this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// What it was to sign, as it came back.
    pub challenge: String,
    /// How often it signed.
    pub count: u32,
    /// What its signature is of.
    pub signed: Vec<u8>,
}

impl Ceremony {
    /// Reads what an authenticator said, both in base64url, to a desk at this host (with its port, if any).
    ///
    /// # Errors
    /// Why it does not count, in a few words.
    pub fn read(
        kind: CeremonyKind,
        client_data: &str,
        authenticator_data: &str,
        host: &str,
    ) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct ClientData {
            r#type: String,
            challenge: String,
            origin: String,
            #[serde(default, rename = "crossOrigin")]
            cross_origin: bool,
        }
        let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| "it is not base64url");
        let (client_data, said) = (decoded(client_data)?, decoded(authenticator_data)?);
        let client: ClientData = serde_json::from_slice(&client_data).map_err(|_| "its client data does not read")?;
        let expected = match kind {
            CeremonyKind::Create => "webauthn.create",
            CeremonyKind::Get => "webauthn.get",
        };
        if client.r#type != expected {
            return Err("it was made for something else");
        }
        if client.cross_origin || client.origin.split_once("://").is_none_or(|(_, of)| of != host) {
            return Err("it was made for another address");
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let (of_host, rest) = said.split_at_checked(32).ok_or("its authenticator data is too short")?;
        if !constant_time_eq(of_host, &Hash::hash(name.as_bytes())) {
            return Err("it was made for another host");
        }
        let (flags, rest) = rest.split_first().ok_or("its authenticator data is too short")?;
        if flags & (PRESENT | VERIFIED) != PRESENT | VERIFIED {
            return Err("nobody was there to confirm it");
        }
        let count = rest.first_chunk().map(|count| u32::from_be_bytes(*count));
        let count = count.ok_or("its authenticator data is too short")?;
        let signed = [&said[..], &Hash::hash(&client_data)].concat();
        Ok(Self { challenge: client.challenge, count, signed })
    }

    /// The authenticator's id of what it made, where it says one.
    #[must_use]
    pub fn credential(&self) -> Option<String> {
        const HEAD: usize = 32 + 1 + 4 + 16;
        let (length, rest) = self.signed.get(HEAD..)?.split_first_chunk()?;
        let is_there = self.signed.get(32)? & ATTESTED != 0;
        let id = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
        is_there.then(|| URL_SAFE_NO_PAD.encode(id))
    }
}

/// Somebody was there; and was known, by a finger or a code; a new credential is told of.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ATTESTED: u8 = 64;

/// A signature of ES256 as authenticators write it (DER), as runtimes read it: two numbers of 32 bytes.
#[must_use]
pub fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let (head, rest) = der.split_first_chunk::<2>()?;
    let (first, rest) = (*head == [0x30, u8::try_from(rest.len()).ok()?]).then(|| number(rest))??;
    let (second, rest) = number(rest)?;
    let mut raw = [0; 64];
    for (place, digits) in raw.chunks_mut(32).zip([first, second]) {
        place.get_mut(32 - digits.len()..)?.copy_from_slice(digits);
    }
    rest.is_empty().then_some(raw)
}

/// A number of at most 32 bytes in DER, without the zeros that it begins with, and what follows it.
fn number(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let ([tag, length], rest) = der.split_first_chunk()?;
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..)?;
    (*tag == 2 && digits.len() <= 32).then_some((digits, rest))
}
