//! Whom a request is for: the control API, or which platform's host and path.
//!
//! A client reaches an emulated platform in three ways: by the gateway form
//! (`http://127.0.0.1:9400/api.alias.org/api/v1/test`), through a forward proxy (an absolute
//! address, or the real `Host` header), or with the header `X-Sandbox-Host`. Nothing but the host
//! tells platforms apart.

use std::net::IpAddr;

use http::uri::Authority;
use http::{HeaderMap, Uri, header};

/// The header that names the platform's host where neither the address nor `Host` can.
const HOST_HEADER: &str = "x-sandbox-host";

/// Whom a request is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The control API; the path below `/_sandbox`, beginning with a slash.
    Control(String),
    /// A platform's host (lower case, no port) and path.
    Platform { host: String, path: String },
}

/// Reads whom a request is for. `serves` tells whether some platform has a host.
///
/// What names no platform is taken for the gateway form, so that the refusal can name the host that
/// was meant.
pub(crate) fn target(uri: &Uri, headers: &HeaderMap, serves: impl Fn(&str) -> bool) -> Target {
    let path = uri.path();
    if let Some(rest) = path.strip_prefix("/_sandbox")
        && (rest.is_empty() || rest.starts_with('/'))
    {
        return Target::Control(if rest.is_empty() {
            "/".to_owned()
        } else {
            rest.to_owned()
        });
    }
    let named = [
        text(headers, HOST_HEADER),
        uri.host().map(str::to_owned),
        text(headers, "host"),
    ];
    for host in named.into_iter().flatten().map(|host| host_name(&host)) {
        if serves(&host) {
            return Target::Platform {
                host,
                path: path.to_owned(),
            };
        }
    }
    let rest = path.strip_prefix('/').unwrap_or(path);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    Target::Platform {
        host: host_name(host),
        path: format!("/{path}"),
    }
}

/// Whether a request to the control API comes from a page of another site.
///
/// The control API changes state and reads folders; a page that someone happens to have open must
/// not reach it, neither directly (its `Origin` is another) nor by a DNS name that it made point
/// here (the `Host` is neither `localhost` nor an address).
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    let Some(host) = text(headers, header::HOST.as_str()) else {
        return false;
    };
    let name = host_name(&host);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    if name != "localhost" && address.parse::<IpAddr>().is_err() {
        return true;
    }
    text(headers, header::ORIGIN.as_str()).is_some_and(|origin| {
        origin
            .split_once("://")
            .is_none_or(|(_, from)| from != host)
    })
}

/// A host without its port, in lower case.
fn host_name(text: &str) -> String {
    text.parse::<Authority>()
        .map_or_else(|_| text.to_owned(), |authority| authority.host().to_owned())
        .to_ascii_lowercase()
}

/// A path segment without its percent encoding. What is not valid UTF-8 then names nothing.
pub(crate) fn percent_decoded(segment: &str) -> String {
    let mut decoded = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| tail.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| Some((hex::decode(digits).ok()?.first().copied()?, after)));
        let (byte, after) = escaped.unwrap_or((first, tail));
        decoded.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str, headers: &[(&'static str, &str)]) -> Target {
        target(&uri.parse().unwrap(), &map(headers), |host| {
            host == "api.alias.org"
        })
    }

    fn map(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn alias(path: &str) -> Target {
        Target::Platform {
            host: "api.alias.org".to_owned(),
            path: path.to_owned(),
        }
    }

    #[test]
    fn every_form_names_the_same_platform() {
        let cases: [(&str, &[(&'static str, &str)]); 6] = [
            ("/api.alias.org/api/v1/test", &[("host", "127.0.0.1:9400")]),
            ("/API.Alias.org:443/api/v1/test", &[]),
            (
                "https://api.alias.org/api/v1/test",
                &[("host", "127.0.0.1:9400")],
            ),
            ("http://api.alias.org:80/api/v1/test", &[]),
            ("/api/v1/test", &[("host", "api.alias.org:443")]),
            (
                "/api/v1/test",
                &[
                    ("host", "127.0.0.1:9400"),
                    ("x-sandbox-host", "api.alias.org"),
                ],
            ),
        ];
        for (uri, headers) in cases {
            assert_eq!(
                read(uri, headers),
                alias("/api/v1/test"),
                "{uri} {headers:?}"
            );
        }
    }

    #[test]
    fn paths_stay_percent_encoded_and_may_be_empty() {
        assert_eq!(read("/api.alias.org/a%2Fb/c?d=e", &[]), alias("/a%2Fb/c"));
        assert_eq!(read("/api.alias.org", &[]), alias("/"));
    }

    #[test]
    fn the_control_api_wins_over_every_host() {
        assert_eq!(
            read("/_sandbox/clock", &[("host", "api.alias.org")]),
            Target::Control("/clock".to_owned())
        );
        assert_eq!(read("/_sandbox", &[]), Target::Control("/".to_owned()));
        assert_eq!(
            read("/_sandboxed/x", &[]),
            Target::Platform {
                host: "_sandboxed".to_owned(),
                path: "/x".to_owned()
            }
        );
    }

    #[test]
    fn pages_of_other_sites_are_foreign() {
        let foreign = [
            map(&[("host", "evil.example:9400")]),
            map(&[
                ("host", "127.0.0.1:9400"),
                ("origin", "https://evil.example"),
            ]),
            map(&[("host", "127.0.0.1:9400"), ("origin", "null")]),
            map(&[
                ("host", "127.0.0.1:9400"),
                ("origin", "http://127.0.0.1:9999"),
            ]),
        ];
        let own = [
            map(&[]),
            map(&[("host", "127.0.0.1:9400")]),
            map(&[("host", "[::1]:9400")]),
            map(&[
                ("host", "localhost:9400"),
                ("origin", "http://localhost:9400"),
            ]),
        ];
        assert!(foreign.iter().all(is_foreign));
        assert!(!own.iter().any(is_foreign));
    }
}
