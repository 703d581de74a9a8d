//! What an authenticator has to have said, and what is kept of it.

use crate::common::Native;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use heard_site::sites::{
    CHALLENGE_GOOD_FOR, Ceremony, CeremonyKind, KeptPasskey, MOST_PASSKEYS, PasskeyCommand, PasskeysFound,
    SessionCommand, is_good_challenge, make_challenge, passkeys, raw_signature, sessions,
};
use heard_wire::{Passkey, PasskeyId, SessionHolder, Timestamp};
use hmac_sha256::Hash;
use proptest::prelude::*;
use rusqlite::Connection;
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const HOST: &str = "feedback.example:8443";

fn client_data(kind: &str, origin: &str) -> String {
    BASE64URL.encode(format!(r#"{{"type":"{kind}","challenge":"abc","origin":"{origin}","crossOrigin":false}}"#))
}

fn said(host: &str, flags: u8, rest: &[u8]) -> String {
    let head = [&Hash::hash(host.as_bytes())[..], &[flags], &7_u32.to_be_bytes()].concat();
    BASE64URL.encode([&head[..], rest].concat())
}

#[test]
fn only_what_was_confirmed_here_for_this_counts() {
    let (origin, host) = ("https://feedback.example:8443", "feedback.example");
    let read = |client: &str, said: &str| Ceremony::read(CeremonyKind::Get, client, said, HOST);
    let good = read(&client_data("webauthn.get", origin), &said(host, 5, &[])).unwrap();
    assert_eq!((good.challenge.as_str(), good.count, good.signed.len()), ("abc", 7, 37 + 32));
    for (client, said, why) in [
        (client_data("webauthn.create", origin), said(host, 5, &[]), "something else"),
        (client_data("webauthn.get", "https://evil.example"), said(host, 5, &[]), "another address"),
        (client_data("webauthn.get", "https://feedback.example"), said(host, 5, &[]), "another address"),
        (client_data("webauthn.get", origin), said("evil.example", 5, &[]), "another host"),
        (client_data("webauthn.get", origin), said(host, 1, &[]), "nobody was there"),
        (client_data("webauthn.get", origin), said(host, 4, &[]), "nobody was there"),
        (client_data("webauthn.get", origin), "AAAA".to_owned(), "too short"),
        ("!".to_owned(), said(host, 5, &[]), "base64url"),
        (BASE64URL.encode("{}"), said(host, 5, &[]), "does not read"),
    ] {
        let refused = read(&client, &said).unwrap_err();
        assert!(refused.contains(why), "{refused}, not {why}");
    }
    let framed =
        r#"{"type":"webauthn.get","challenge":"abc","origin":"https://feedback.example:8443","crossOrigin":true}"#;
    assert!(read(&BASE64URL.encode(framed), &said(host, 5, &[])).is_err());
}

#[test]
fn what_was_made_says_its_id() {
    let made = [&[0; 16][..], &[0, 3], b"key", b"the rest"].concat();
    let read = |flags| {
        let client = client_data("webauthn.create", "https://feedback.example:8443");
        Ceremony::read(CeremonyKind::Create, &client, &said("feedback.example", flags, &made), HOST)
            .unwrap()
            .credential()
    };
    assert_eq!(read(5 | 64), Some(BASE64URL.encode("key")));
    assert_eq!(read(5), None);
}

#[test]
fn a_challenge_is_good_for_a_while_and_with_its_key() {
    let challenge = make_challenge("owner key", NOW, [1; 16]);
    assert!(is_good_challenge("owner key", NOW, &challenge));
    assert!(is_good_challenge("owner key", NOW + CHALLENGE_GOOD_FOR, &challenge));
    assert!(!is_good_challenge("owner key", NOW + CHALLENGE_GOOD_FOR + Duration::from_millis(1), &challenge));
    assert!(!is_good_challenge("owner key", NOW - Duration::from_secs(61), &challenge));
    assert!(!is_good_challenge("another key", NOW, &challenge));
    assert!(!is_good_challenge("owner key", NOW, ""));
}

fn passkey(count: u8, holder: &str) -> Box<KeptPasskey> {
    let listed = Passkey {
        id: PasskeyId::from_random([count; 16]),
        name: "My phone".into(),
        holder: serde_json::from_str::<SessionHolder>(holder).unwrap(),
        created_at: NOW,
        last_used_at: None,
    };
    let (credential, public_key) = (format!("credential-{count}"), "key".into());
    Box::new(KeptPasskey { listed, credential, public_key, algorithm: -7, opened_with: None, count: 0 })
}

const MARIAS: &str = r#"{"kind":"key","site":"shop","prefix":"hk_0123456789ab"}"#;

#[test]
fn a_passkey_is_kept_used_and_forgotten_with_its_key() {
    let sql = Native(Connection::open_in_memory().unwrap());
    let ask = |command| passkeys(&sql, NOW, command).unwrap();
    let add = |count, holder, challenge: &str| {
        ask(PasskeyCommand::Add { passkey: passkey(count, holder), challenge: challenge.into() })
    };
    let told = |found| if let PasskeysFound::Passkeys(found) = found { found.len() } else { 99 };
    assert_eq!(told(add(1, MARIAS, "a")), 1);
    assert_eq!(add(2, MARIAS, "a"), PasskeysFound::Spent);
    assert_eq!(add(1, MARIAS, "b"), PasskeysFound::Full, "the authenticator's id is taken");
    let note = |count, challenge: &str| {
        let id = PasskeyId::from_random([1; 16]);
        ask(PasskeyCommand::Use { id, challenge: challenge.into(), count })
    };
    assert_eq!(told(note(0, "c")), 1, "many authenticators do not count");
    assert_eq!(told(note(0, "d")), 1);
    assert_eq!(note(0, "d"), PasskeysFound::Spent);
    assert_eq!(told(note(5, "e")), 1);
    assert_eq!(note(5, "f"), PasskeysFound::CountedBack);
    assert_eq!(note(0, "g"), PasskeysFound::CountedBack);
    for count in 2..=u8::try_from(MOST_PASSKEYS).unwrap() {
        assert_eq!(told(add(count, MARIAS, &format!("of {count}"))), 1);
    }
    assert_eq!(add(90, MARIAS, "h"), PasskeysFound::Full);
    assert_eq!(told(add(91, r#"{"kind":"owner"}"#, "i")), 1, "others have room of their own");
    let (site, prefix) = ("shop".parse().unwrap(), Some("hk_0123456789ab".to_owned()));
    sessions(&sql, NOW, SessionCommand::EndOf { site, prefix }).unwrap();
    assert_eq!(told(ask(PasskeyCommand::List)), 1);
    assert_eq!(told(ask(PasskeyCommand::Remove { id: PasskeyId::from_random([91; 16]) })), 1);
    assert_eq!(told(ask(PasskeyCommand::Find { credential: "credential-91".into() })), 0);
}

#[test]
fn signatures_are_read_as_authenticators_write_them() {
    let number = |digits: &[u8]| [&[2, u8::try_from(digits.len()).unwrap()], digits].concat();
    let der = |one: &[u8], other: &[u8]| {
        let numbers = [number(one), number(other)].concat();
        [&[0x30, u8::try_from(numbers.len()).unwrap()], &numbers[..]].concat()
    };
    let raw = raw_signature(&der(&[&[0, 0x80][..], &[1; 31]].concat(), &[9])).unwrap();
    assert_eq!((raw[0], raw[1], raw[31], raw[32], raw[63]), (0x80, 1, 1, 0, 9));
    assert_eq!(raw_signature(&der(&[1; 33], &[1])), None);
    assert_eq!(raw_signature(&[der(&[1], &[2]), vec![0]].concat()), None);
}

proptest! {
    #[test]
    fn nothing_that_is_said_brings_it_down(client in ".{0,60}", said in proptest::collection::vec(any::<u8>(), 0..90)) {
        let _ = Ceremony::read(CeremonyKind::Create, &client, &BASE64URL.encode(&said), HOST);
        let client = client_data("webauthn.create", "https://feedback.example:8443");
        if let Ok(ceremony) = Ceremony::read(CeremonyKind::Create, &client, &BASE64URL.encode(&said), HOST) {
            let _ = ceremony.credential();
        }
        let _ = raw_signature(&said);
    }
}
