//! All that a connector lets out: logs, errors, `Debug`. And the secrets to look for in it.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use connector_core::{Error, ExposeSecret as _, OpaqueCredential};
use serde_json::Value;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;

use crate::transport::Sent;

/// Shorter texts than this stand everywhere by chance.
const SHORTEST_SECRET: usize = 12;

/// Collects output and secrets of one check. Cheap to clone; clones collect together.
#[derive(Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Collected>>);

#[derive(Default)]
struct Collected {
    output: String,
    secrets: BTreeSet<String>,
    /// Texts of credentials: those of them that are sent as proof are secrets.
    held: BTreeSet<String>,
}

impl Capture {
    /// Takes down how a value shows itself.
    pub(crate) fn show(&self, value: &dyn Debug) {
        self.with(|collected| {
            // Writing to a String cannot fail.
            writeln!(collected.output, "{value:?}").unwrap_or_default();
        });
    }

    /// Takes down an error with its causes.
    pub(crate) fn show_error(&self, error: &Error) {
        self.show(error);
        let mut cause: Option<&dyn StdError> = Some(error);
        while let Some(error) = cause {
            self.with(|collected| {
                writeln!(collected.output, "{error}").unwrap_or_default();
            });
            cause = error.source();
        }
    }

    /// Says that this must not be seen, neither as it is nor as it stands in a query.
    pub(crate) fn secret(&self, secret: &str) {
        if secret.len() >= SHORTEST_SECRET {
            let in_a_query = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            self.with(|collected| collected.secrets.extend([secret.to_owned(), in_a_query]));
        }
    }

    /// Notes a credential. What of it is secret, its use tells.
    pub(crate) fn credential(&self, credential: &OpaqueCredential) {
        self.show(credential);
        let Ok(json) = serde_json::from_str::<Value>(credential.json().expose_secret()) else {
            return;
        };
        self.with(|collected| hold(&json, &mut collected.held));
    }

    /// Learns from what was sent which texts of a credential prove it: those in headers, and those
    /// in bodies that are marked sensitive.
    pub(crate) fn learn(&self, sent: &[Sent]) {
        self.with(|collected| {
            for held in &collected.held {
                let proves = sent.iter().any(|sent| {
                    let request = &sent.request;
                    let sensitive = sent
                        .operation()
                        .is_some_and(|operation| operation.sensitive);
                    let in_body = || String::from_utf8_lossy(request.body()).contains(held);
                    let mut headers = request.headers().values();
                    headers.any(|value| String::from_utf8_lossy(value.as_bytes()).contains(held))
                        || (sensitive && in_body())
                });
                if proves {
                    collected.secrets.insert(held.clone());
                }
            }
        });
    }

    /// How many secrets are known, and the lines of the output in which one stands, with the secret
    /// taken out.
    pub(crate) fn search(&self) -> (usize, Vec<String>) {
        self.with(|collected| {
            let leaks = collected.output.lines().filter_map(|line| {
                let secret = collected
                    .secrets
                    .iter()
                    .find(|secret| line.contains(*secret))?;
                Some(line.replace(secret, "(HERE)"))
            });
            (collected.secrets.len(), leaks.collect())
        })
    }

    /// Takes down everything that is traced, at every level.
    pub(crate) fn subscriber(&self) -> impl Subscriber + Send + Sync + 'static {
        let capture = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_writer(move || Writer(capture.clone()))
            .finish()
    }

    fn with<T>(&self, work: impl FnOnce(&mut Collected) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn hold(json: &Value, held: &mut BTreeSet<String>) {
    match json {
        Value::String(text) if text.len() >= SHORTEST_SECRET => {
            held.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| hold(item, held)),
        Value::Object(fields) => fields.values().for_each(|field| hold(field, held)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

struct Writer(Capture);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .with(|collected| collected.output.push_str(&String::from_utf8_lossy(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_logs_errors_and_debug_and_not_repeated() {
        for shown in ["log", "error", "debug"] {
            let capture = Capture::default();
            capture.secret("open-sesame-open");
            match shown {
                "log" => tracing::subscriber::with_default(capture.subscriber(), || {
                    tracing::trace!(token = "open-sesame-open", "asking");
                }),
                "error" => {
                    let cause = io::Error::other("open-sesame-open");
                    capture.show_error(&Error::contract("odd").with_source(cause));
                }
                _ => capture.show(&Some("open-sesame-open")),
            }
            let (known, leaks) = capture.search();
            assert_eq!(known, 1);
            assert!(!leaks.is_empty(), "{shown}");
            assert!(
                leaks.iter().all(|leak| !leak.contains("sesame")),
                "{leaks:?}"
            );
        }
    }

    #[test]
    fn of_a_credential_what_is_sent_as_proof_is_secret() {
        let capture = Capture::default();
        let json = r#"{"shop": "a-shop.example.com", "token": ["0123456789abcdef"]}"#;
        capture.credential(&OpaqueCredential::from_stored(json.into(), None, None));
        let request = http::Request::builder()
            .uri("https://a-shop.example.com/")
            .header("x-token", "Bearer 0123456789abcdef")
            .body(bytes::Bytes::new())
            .unwrap();
        capture.learn(&[Sent { request }]);
        capture.show(&"a-shop.example.com 0123456789abcdef");
        let (known, leaks) = capture.search();
        assert_eq!(known, 1);
        assert_eq!(leaks.first().unwrap(), "\"a-shop.example.com (HERE)\"");
    }
}
