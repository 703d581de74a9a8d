//! Responses as rows.

use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, query, run};
use heard_wire::{
    BackupRecord, BrowserSecret, Contact, Response, ResponseId, Score, SiteId, Standing, StoredResponse, Suspicion,
    ThreadKey, Timestamp, VisitorId, reference_of,
};
use hmac_sha256::Hash;
use std::time::Duration;

const COLUMNS: &str = "id, revision, score, comment, page, lang, visitor, heard, acknowledgement, \
     created_at, updated_at, completed_at, standing, suspicions, contact, time_zone, verified, \
     answers, variant";

/// The response with this id.
pub(crate) fn find(site: &Site<'_>, id: &ResponseId) -> Result<Option<StoredResponse>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM responses WHERE id = ?");
    one(site.sql, "find a response", &statement, [Cell::from(id.as_str())])?.map(|row| read(row, &site.id)).transpose()
}

/// A response as it is kept, with what guards it.
pub(crate) struct Kept {
    pub(crate) stored: StoredResponse,
    /// The hash of the secret of the browser that began it; `None` where it told none.
    secret: Option<String>,
    /// How many events its revisions caused.
    pub(crate) told: i64,
    /// What looked wrong before somebody let it count.
    pub(crate) cleared: Vec<Suspicion>,
}

/// Stands for the secret of an answer that was taken over with a key: no browser has it.
const NOBODY_S: &str = "-";

/// Stands for the secret of an answer whose browser was shut out: no later one is taken in its place.
const REVOKED: &str = "x";

impl Kept {
    pub(crate) fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// Whether this is the secret of the browser that began it.
    pub(crate) fn opens_with(&self, secret: Option<&BrowserSecret>) -> bool {
        let (Some(kept), Some(told)) = (&self.secret, secret) else { return false };
        constant_time_eq::constant_time_eq(kept.as_bytes(), hash(told).as_bytes())
    }
}

/// How long a secret opens a conversation in which nothing more is said: phones are sold, and computers shared.
pub(crate) const SECRET_LASTS: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Whether this is the secret of the browser that began the answer, and still good. Takes as long where there is no such answer.
pub(crate) fn opens(sql: &dyn Sql, now: Timestamp, key: &ThreadKey) -> Result<bool, SiteError> {
    const ACT: &str = "check the secret of an answer";
    let id = || [Cell::from(key.response.as_str())];
    let found = one(sql, ACT, "SELECT secret, updated_at FROM responses WHERE id = ?", id())?;
    let kept = found.map(|mut columns| Ok::<_, SiteError>((columns.optional_text()?, columns.timestamp()?)));
    let (kept, updated_at) = kept.transpose()?.unwrap_or((None, Timestamp::from_millis(0)));
    // Of the whole conversation: the answers of one case are one.
    let statement = "SELECT max(created_at) FROM messages WHERE response = ?1 OR response IN (
         SELECT together.value FROM case_responses this JOIN cases ON cases.id = this.case_id,
             json_each(cases.document, '$.responses') together WHERE this.response = ?1)";
    let written = one(sql, ACT, statement, id())?;
    let written_at = written.map_or(Ok(None), |mut columns| columns.optional_timestamp())?;
    let is_good = now < written_at.map_or(updated_at, |at| at.max(updated_at)) + SECRET_LASTS;
    let told = hash(&key.secret);
    let none = "0".repeat(told.len());
    let fits = constant_time_eq::constant_time_eq(kept.as_deref().unwrap_or(&none).as_bytes(), told.as_bytes());
    Ok(fits && is_good)
}

/// The answer whose conversation a visitor finds on another device: of those that the owner's server vouched for, one with
/// news, or the latest.
pub(crate) fn latest_of_vouched(sql: &dyn Sql, visitor: &VisitorId) -> Result<Option<ResponseId>, SiteError> {
    let statement = "SELECT id FROM responses LEFT JOIN threads ON response = id
         WHERE visitor = ? AND verified = 1 ORDER BY coalesce(news, 0) > 0 DESC, created_at DESC LIMIT 1";
    let found = one(sql, "find what a visitor said", statement, [Cell::from(visitor.as_str())])?;
    found.map(|mut columns| columns.parsed()).transpose()
}

/// From now on the browsers that began these answers are nobody: their secrets open nothing, and change nothing.
pub(crate) fn forget_secrets(sql: &dyn Sql, ids: &Cell) -> Result<(), SiteError> {
    let statement = "UPDATE responses SET secret = ? WHERE id IN (SELECT value FROM json_each(?))";
    run(sql, "forget the secrets of answers", statement, [Cell::from(REVOKED), ids.clone()]).map(drop)
}

/// Secrets are random, so a hash without salt or stretching cannot be turned around.
pub(crate) fn hash(secret: &BrowserSecret) -> String {
    const_hex::encode(Hash::hash(secret.as_str().as_bytes()))
}

/// The response with this id, and what guards it.
pub(crate) fn find_kept(site: &Site<'_>, id: &ResponseId) -> Result<Option<Kept>, SiteError> {
    let statement = format!(
        "SELECT secret, told, CASE WHEN standing IS NULL THEN suspicions END, {COLUMNS} FROM responses WHERE id = ?"
    );
    let Some(mut columns) = one(site.sql, "find a response", &statement, [Cell::from(id.as_str())])? else {
        return Ok(None);
    };
    let (secret, told) = (columns.optional_text()?, columns.integer()?);
    let cleared = suspicions(columns.optional_text()?);
    Ok(Some(Kept { stored: read(columns, &site.id)?, secret, told, cleared }))
}

/// Responses after a row, for a copy of the site; those that were put aside, too.
pub(crate) fn export(site: &Site<'_>, after: i64, limit: usize) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    const ACT: &str = "export the responses";
    let statement = format!("SELECT number, secret, {COLUMNS} FROM responses WHERE number > ? ORDER BY number LIMIT ?");
    let mut records = Vec::new();
    let mut bytes = 0;
    // The largest that earlier releases let in fit into memory fifty at a time.
    let rows = run(site.sql, ACT, &statement, [Cell::from(after), Cell::count(limit.min(EXPORTED_AT_ONCE))])?;
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let (number, secret_hash) = (columns.integer()?, columns.optional_text()?);
        let stored = read(columns, &site.id)?;
        bytes += stored.response.comment.as_ref().map_or(0, String::len);
        records.push((number, BackupRecord::Response { stored, secret_hash }));
        if bytes >= EXPORTED_BYTES {
            break;
        }
    }
    Ok(records)
}

const EXPORTED_AT_ONCE: usize = 100;
const EXPORTED_BYTES: usize = 500_000;

/// Whether there is one.
pub(crate) fn exists(site: &Site<'_>, id: &ResponseId) -> Result<bool, SiteError> {
    let statement = "SELECT 1 FROM responses WHERE id = ?";
    Ok(one(site.sql, "find a response", statement, [Cell::from(id.as_str())])?.is_some())
}

/// The responses that a condition lets through, in the order that it says.
pub(crate) fn select(
    site: &Site<'_>,
    act: &'static str,
    rest: &str,
    params: Vec<Cell>,
) -> Result<Vec<Columns>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM responses WHERE {rest}");
    Ok(query(site.sql, act, &statement, params)?.into_iter().map(|row| Columns::of(row, act)).collect())
}

/// A row of [`COLUMNS`]. What was heard may come from a later release; where it does not read, the rest still does.
pub(crate) fn read(mut columns: Columns, site: &SiteId) -> Result<StoredResponse, SiteError> {
    let unreadable = || SiteError::Unreadable { act: "read a response" };
    let id: ResponseId = columns.parsed()?;
    let revision = u32::try_from(columns.integer()?).map_err(|_| unreadable())?;
    let score = u8::try_from(columns.integer()?).ok().and_then(Score::new).ok_or_else(unreadable)?;
    let comment = columns.optional_text()?;
    let page = columns.parsed()?;
    let lang = columns.parsed()?;
    // One that an earlier release let through names nobody.
    let visitor = columns.optional_text()?.and_then(|visitor| visitor.parse().ok());
    let heard = columns.optional_text()?.and_then(|json| serde_json::from_str(&json).ok());
    let acknowledgement = columns.json()?;
    let (created_at, updated_at) = (columns.timestamp()?, columns.timestamp()?);
    let completed_at = columns.optional_timestamp()?;
    let standing: Option<Standing> = columns.optional_text()?.and_then(|standing| standing.parse().ok());
    let suspect = suspicions(columns.optional_text()?.filter(|_| standing.is_some()));
    let contact = columns.optional_text()?.and_then(|contact| contact.parse().ok());
    let time_zone = columns.optional_text()?;
    let visitor_verified = columns.optional_integer()? == Some(1);
    let answers = columns.optional_text()?.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let variant = columns.optional_text()?.and_then(|variant| variant.parse().ok());
    let response = Response {
        reference: reference_of(&id),
        id,
        site: site.clone(),
        revision,
        score,
        band: score.band(),
        comment,
        page,
        lang,
        visitor,
        visitor_verified,
        time_zone,
        contact,
        answers,
        variant,
        heard,
        created_at,
        updated_at,
        completed_at,
        suspect,
        test: standing == Some(Standing::Test),
    };
    Ok(StoredResponse { response, acknowledgement })
}

fn suspicions(json: Option<String>) -> Vec<Suspicion> {
    json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// The customer's last answer, as far as their browser has shown that they are the same: from this one on.
pub(crate) fn latest_of_customer(sql: &dyn Sql, id: &ResponseId) -> Result<ResponseId, SiteError> {
    const ACT: &str = "find a customer's last answer";
    // A browser is asked once in a while; what goes round in a circle comes to an end.
    const MOST: usize = 50;
    let mut latest = id.clone();
    for _ in 0..MOST {
        let next = "SELECT id FROM responses WHERE earlier = ? AND standing IS NULL ORDER BY created_at DESC LIMIT 1";
        let Some(mut columns) = one(sql, ACT, next, [Cell::from(latest.as_str())])? else { break };
        latest = columns.parsed()?;
    }
    // Whom the owner's server vouches for has one conversation, on whatever devices.
    let vouched = "SELECT other.id FROM responses this JOIN responses other ON other.visitor = this.visitor
         WHERE this.id = ? AND this.verified = 1 AND other.verified = 1 AND other.standing IS NULL
         ORDER BY other.created_at DESC LIMIT 1";
    let vouched = one(sql, ACT, vouched, [Cell::from(latest.as_str())])?;
    vouched.map_or(Ok(latest), |mut columns| columns.parsed())
}

/// What is stored of a response beside itself.
#[derive(Default)]
pub(crate) struct Beside {
    /// The settings revision that listened to a comment new in this write.
    pub(crate) listened: Option<i64>,
    /// The hash of the secret of the browser that it belongs to from now on; `None` leaves that as it is.
    pub(crate) secret_hash: Option<String>,
    /// What looked wrong before somebody let it count.
    pub(crate) cleared: Vec<Suspicion>,
    /// How many events its revisions caused.
    pub(crate) told: i64,
    /// The answer before it, of the same browser.
    pub(crate) earlier: Option<ResponseId>,
    /// What the reply asks back for.
    pub(crate) asked: Option<&'static str>,
    /// Whether what was answered to that told anything new.
    pub(crate) added: Option<bool>,
}

/// What an answer that is sent with a key is guarded by: the secret that comes with it, or none that a browser has.
pub(crate) fn hash_with_key(secret: Option<&BrowserSecret>) -> String {
    secret.map_or_else(|| NOBODY_S.to_owned(), hash)
}

/// Stores a response.
pub(crate) fn write(site: &Site<'_>, stored: &StoredResponse, beside: &Beside) -> Result<(), SiteError> {
    const ACT: &str = "write a response";
    let response = &stored.response;
    let heard = response.heard.as_ref().map(|heard| Cell::json(ACT, heard)).transpose()?;
    let standing = Some(response.standing()).filter(|standing| *standing != Standing::Counted);
    let suspicions = if standing.is_some() { &response.suspect } else { &beside.cleared };
    let answers = &response.answers;
    let answers = if answers.is_empty() { Cell::Null } else { Cell::json(ACT, answers)? };
    let suspicions = if suspicions.is_empty() { Cell::Null } else { Cell::json(ACT, suspicions)? };
    run(
        site.sql,
        ACT,
        "INSERT INTO responses (id, revision, score, comment, page, lang, visitor, heard, acknowledgement,
             created_at, updated_at, completed_at, listened_revision, standing, suspicions, secret, told,
             after_sequence, contact, time_zone, verified, answers, variant, earlier, asked, added)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, score = excluded.score,
             comment = excluded.comment, page = excluded.page, lang = excluded.lang, visitor = excluded.visitor,
             heard = excluded.heard, acknowledgement = excluded.acknowledgement, updated_at = excluded.updated_at,
             completed_at = excluded.completed_at, standing = excluded.standing, suspicions = excluded.suspicions,
             told = excluded.told, contact = excluded.contact,
             asked = coalesce(asked, excluded.asked), added = coalesce(excluded.added, added),
             earlier = coalesce(excluded.earlier, earlier), answers = excluded.answers, variant = excluded.variant,
             time_zone = excluded.time_zone, verified = excluded.verified, secret = CASE secret WHEN 'x' THEN secret ELSE coalesce(excluded.secret, secret) END,
             listened_revision = coalesce(excluded.listened_revision, listened_revision)",
        [
            Cell::from(response.id.as_str()),
            Cell::from(i64::from(response.revision)),
            Cell::from(i64::from(response.score.get())),
            Cell::from(response.comment.as_deref()),
            Cell::from(response.page.as_str()),
            Cell::from(response.lang.as_str()),
            Cell::from(response.visitor.as_ref().map(VisitorId::as_str)),
            heard.unwrap_or(Cell::Null),
            Cell::json(ACT, &stored.acknowledgement)?,
            Cell::from(response.created_at),
            Cell::from(response.updated_at),
            Cell::from(response.completed_at),
            Cell::from(beside.listened),
            Cell::from(standing.map(<&str>::from)),
            suspicions,
            Cell::from(beside.secret_hash.clone()),
            Cell::from(beside.told),
            Cell::from(site.last_sequence),
            Cell::from(response.contact.as_ref().map(Contact::as_str)),
            Cell::from(response.time_zone.as_deref()),
            Cell::from(response.visitor_verified.then_some(1)),
            answers,
            Cell::from(response.variant.as_ref().map(ToString::to_string)),
            Cell::from(beside.earlier.as_ref().map(ResponseId::as_str)),
            Cell::from(beside.asked),
            Cell::from(beside.added.map(i64::from)),
        ],
    )?;
    Ok(())
}
