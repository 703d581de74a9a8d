//! Where webhooks may go: to public hosts, by https.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Names below which no public host stands (RFC 6761, RFC 6762, RFC 8375, and what clouds call their own).
const PRIVATE_NAMES: &[&str] =
    &["localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain", "test", "onion"];

/// Why nothing may be sent to this URL; `None` when it may. `development` lets http and private addresses through.
///
/// The URL is read as a browser would, so `http://2130706433/`, `http://0x7f.1/` and `http://[::ffff:127.0.0.1]/` are
/// known for what they are. Names that resolve to private addresses are stopped by the network: Cloudflare's has no way
/// there, and our configuration of workerd lets it connect to public addresses only.
#[must_use]
pub fn refusal(url: &str, development: bool) -> Option<&'static str> {
    let Ok(url) = Url::parse(url) else { return Some("must be an absolute URL beginning with https://") };
    if !url.username().is_empty() || url.password().is_some() {
        return Some("must not hold a user name or password; use a header");
    }
    if url.fragment().is_some() {
        return Some("must not have a fragment");
    }
    let Some(host) = url.host() else { return Some("must have a host") };
    match url.scheme() {
        "https" => {}
        "http" if development => {}
        _ => return Some("must begin with https://"),
    }
    let public = match host {
        Host::Ipv4(address) => is_public_v4(address),
        Host::Ipv6(address) => is_public_v6(address),
        Host::Domain(name) => is_public_name(name),
    };
    if development {
        return None;
    }
    if !public {
        return Some("must lead to a public host, not to this machine or a private network");
    }
    let is_name = matches!(host, Host::Domain(_));
    (!is_name).then_some("must have a host name: Cloudflare sends nothing to an address of numbers (error 1003)")
}

fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let below = |private: &&str| name == **private || name.ends_with(&format!(".{private}"));
    // A name without a dot is a host of the local network.
    name.contains('.') && name.parse::<IpAddr>().is_err() && !PRIVATE_NAMES.iter().any(below)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Shared address space, IETF protocol assignments, benchmarking, 6to4 relays.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Of the global unicast addresses, without those that wrap an IPv4 address (6to4, Teredo) or are for documentation.
    // Mapped, compatible and translated IPv4 addresses all lie outside of 2000::/3.
    (first & 0xe000) == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
        && first != 0x3fff
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn private_places_are_refused_however_they_are_spelled() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "127.0.0.1.",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[fe80::1]",
            "[fc00::1]",
            "[2002:7f00:1::]",
            "[2001:0:1::1]",
            "metadata.google.internal",
            "printer.local",
            "router",
            "nas.home.arpa",
            "１２７.０.０.１",
            "127。0。0。1",
        ] {
            assert!(refusal(&format!("https://{host}/hooks"), false).is_some(), "{host}");
        }
        for url in [
            "http://crm.example.com/",
            "https://user@crm.example.com/",
            "https://",
            "ftp://a.example.com",
            "https://a.example.com/#x",
        ] {
            assert!(refusal(url, false).is_some(), "{url}");
        }
    }

    #[test]
    fn public_places_are_let_through_and_a_developer_may_use_loopback() {
        for url in ["https://crm.example.com/hooks?x=1", "https://xn--caf-dma.example.com:8443/"] {
            assert_eq!(refusal(url, false), None, "{url}");
        }
        for url in ["https://8.8.8.8/", "https://[2606:4700::1111]/"] {
            assert!(refusal(url, false).is_some_and(|refusal| refusal.contains("1003")), "{url}");
            assert_eq!(refusal(url, true), None, "{url}");
        }
        assert_eq!(refusal("http://127.0.0.1:9000/", true), None);
        assert!(refusal("http://user:secret@127.0.0.1/", true).is_some());
    }
}
