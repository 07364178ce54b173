//! Invariants 4 and 5: no secret in the database in clear, none in what is traced or shown.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use connector_core::Form;

use crate::support::platform::{Fault, page};
use crate::support::{Rig, callback};

/// What the platform issues begins like this; what a person types and a browser holds is whole.
const SECRETS: [&str; 5] = [
    "secret-access-",
    "secret-refresh-",
    "code-one",
    "code-two",
    "cookie-of-browser",
];

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut captured = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        captured.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_stored_in_clear_traced_or_shown() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    // For all threads, as renewals and the database have their own: what the other tests trace
    // meanwhile is searched too.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let (rig, mut shown, states) = everything().await;
    let captured = captured
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let traced = String::from_utf8(captured).unwrap();
    assert!(traced.contains("account connected") && traced.contains("credential renewed"));
    shown.push_str(&traced);
    let secrets = SECRETS.into_iter().chain(states.iter().map(String::as_str));
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} was shown");
        for file in rig.database.files() {
            let bytes = std::fs::read(&file).unwrap();
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", file.display());
        }
    }
}

/// All flows once, the failing ones too: what was shown of them, and the states that were issued.
async fn everything() -> (Rig, String, Vec<String>) {
    let rig = Rig::new().await;
    rig.platform.set_stream("items", vec![page(&["a"], 1)]);
    let engine = rig.engine().await;
    let mut shown = String::new();
    let mut states = Vec::new();
    let mut show = |value: &dyn std::fmt::Debug| shown.push_str(&format!("{value:?}\n"));

    let form = Form::new().with("token", "code-two");
    let request = rig.request("token", form);
    show(&request);
    show(&engine.begin_connect(rig.project, request).await.unwrap());
    let wrong = callback("no-such-state", "code-one");
    show(&wrong);
    show(&engine.resume_connect(wrong).await.unwrap_err());
    // Left lying, as many are.
    states.push(rig.begin(&engine).await);
    let connection = rig.connect(&engine).await;
    show(&connection);
    show(&rig.store(&engine).credential(connection.id).await.unwrap());

    rig.platform.fail("/token", Fault::LostReply);
    show(&engine.refresh(rig.project, connection.id).await.unwrap());
    rig.platform.fail("/token", Fault::NotSent);
    show(
        &engine
            .refresh(rig.project, connection.id)
            .await
            .unwrap_err(),
    );
    show(&rig.sync(&engine, connection.id, &["items"]).await);
    rig.platform.state().revoked = true;
    show(
        &engine
            .refresh(rig.project, connection.id)
            .await
            .unwrap_err(),
    );
    show(&engine);
    (rig, shown, states)
}
