//! What Cloudflare's edge answers in an endpoint's place: where a host cannot be reached, a Worker's request does not fail, but
//! gets an answer with a status or a code of Cloudflare's own.

/// Why the endpoint itself did not answer, in words, from what came instead; `None` when it did. `server` is that header.
///
/// Statuses and codes: Cloudflare, "Troubleshooting Cloudflare 5XX errors" and "1XXX errors"; Workers, "Errors and
/// exceptions".
#[must_use]
pub fn edge_error(status: u16, server: &str, answer: &str) -> Option<&'static str> {
    let is_edge = server.trim().eq_ignore_ascii_case("cloudflare");
    let code = answer.trim().strip_prefix("error code: ").and_then(|code| code.trim().parse::<u16>().ok());
    Some(match (code, status) {
        (Some(1016), _) => "the host name does not resolve",
        (Some(1003), _) => "Cloudflare sends nothing to an address of numbers: give the endpoint a host name",
        (Some(1042), _) => {
            "a Worker of the same account may not be called so: deploy with the flag global_fetch_strictly_public"
        }
        (Some(1000 | 1002), _) => "the host's DNS points to Cloudflare itself or to a private address",
        (Some(1019), _) => "the request came back to this Worker in a loop",
        (Some(1101 | 1102), _) => "the endpoint is a Worker, and it failed",
        (_, 520) if is_edge => "the host gave an empty or broken answer",
        (_, 521) if is_edge => "connection refused by the host",
        (_, 522 | 524) if is_edge => "the host did not answer in time",
        (_, 523) if is_edge => "the host cannot be reached",
        (_, 525 | 526) if is_edge => {
            "TLS handshake failed: the certificate is not valid for this host, or it speaks no TLS"
        }
        (_, 530) if is_edge => "Cloudflare could not reach the host",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::edge_error;

    #[test]
    fn what_the_edge_answers_is_told_in_words_and_what_an_endpoint_answers_is_its_own() {
        for (status, server, answer, told) in [
            (530, "cloudflare", "error code: 1016", Some("does not resolve")),
            (530, "cloudflare", "<html>", Some("could not reach")),
            (404, "cloudflare", "error code: 1042", Some("global_fetch_strictly_public")),
            (403, "cloudflare", "error code: 1003\n", Some("host name")),
            (521, "Cloudflare", "", Some("refused")),
            (522, "cloudflare", "", Some("in time")),
            (526, "cloudflare", "", Some("certificate")),
            (521, "nginx", "", None),
            (500, "cloudflare", "error: boom", None),
            (200, "cloudflare", "ok", None),
            (404, "cloudflare", "not found", None),
        ] {
            let said = edge_error(status, server, answer);
            assert_eq!(said.is_some(), told.is_some(), "{status} {server} {answer}");
            assert!(said.zip(told).is_none_or(|(said, told)| said.contains(told)), "{status}: {said:?}");
        }
    }
}
