//! Connecting: tested before it is saved, single use, bound to who began.

use std::time::Duration;

use connector_core::{ErrorKind, Form, SecretString, Settings};
use crossdock_engine::{Progress, ResumeRequest};
use crossdock_persistence::{ConnectionStatus, ProjectId};
use crossdock_vault::import::LegacyKey;

use crate::support::database::on_both;
use crate::support::{Rig, browser, callback, connected, kind};

on_both! {
    async fn a_typed_token_is_connected() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let form = Form::new().with("token", " code-one ");
        let begun = engine
            .begin_connect(rig.project, rig.request("token", form))
            .await;
        let (connection, renewed) = connected(begun.unwrap());
        assert!(!renewed);
        assert_eq!(connection.account.id, "shop-1");
        assert_eq!(connection.status, ConnectionStatus::Active);
        assert_eq!(
            engine.test(rig.project, connection.id).await.unwrap().name,
            "Shop shop-1"
        );
    }

    async fn what_does_not_work_is_not_saved() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let wrong = Form::new().with("token", "no-such-code");
        let begun = engine
            .begin_connect(rig.project, rig.request("token", wrong))
            .await;
        assert_eq!(kind(begun), ErrorKind::ReconnectRequired);
        let empty = engine
            .begin_connect(rig.project, rig.request("token", Form::new()))
            .await;
        assert_eq!(
            empty.unwrap_err().connector().unwrap().field(),
            Some("token")
        );
        let key = rig.begin(&engine).await;
        let resumed = engine.resume_connect(callback(&key, "no-such-code")).await;
        assert_eq!(kind(resumed), ErrorKind::ReconnectRequired);
        assert!(rig.store(&engine).connections().await.unwrap().is_empty());
    }

    async fn unknown_platforms_methods_and_settings_are_named() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let mut request = rig.request("token", Form::new());
        request.platform = "depots".to_owned();
        let error = engine
            .begin_connect(rig.project, request)
            .await
            .unwrap_err();
        assert_eq!(error.connector().unwrap().context("known"), Some("depot"));
        let request = rig.request("telepathy", Form::new());
        let error = engine
            .begin_connect(rig.project, request)
            .await
            .unwrap_err();
        assert_eq!(error.connector().unwrap().field(), Some("method"));
        let mut request = rig.request("token", Form::new().with("token", "code-one"));
        request.settings = Some(Settings([("colour".to_owned(), "red".to_owned())].into()));
        let error = engine
            .begin_connect(rig.project, request)
            .await
            .unwrap_err();
        assert_eq!(error.connector().unwrap().field(), Some("colour"));
    }

    /// Invariant 11: a state is single-use.
    async fn a_callback_counts_once() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let key = rig.begin(&engine).await;
        connected(
            engine
                .resume_connect(callback(&key, "code-one"))
                .await
                .unwrap(),
        );
        let replayed = engine.resume_connect(callback(&key, "code-one")).await;
        assert_eq!(kind(replayed), ErrorKind::InputInvalid);
        assert_eq!(rig.platform.received("/token"), 1);
    }

    /// Invariant 11: a state is bound to the browser and the project that began, and short-lived.
    async fn a_callback_from_elsewhere_or_too_late_is_refused() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let foreign = |key: &str| ResumeRequest {
            browser: browser("two"),
            ..callback(key, "code-one")
        };
        let other_project = |key: &str| ResumeRequest {
            project: Some(ProjectId::new()),
            ..callback(key, "code-one")
        };
        let key = rig.begin(&engine).await;
        assert_eq!(
            kind(engine.resume_connect(foreign(&key)).await),
            ErrorKind::InputInvalid
        );
        // Somebody else knows the key, so it is worth nothing any more.
        let late = engine.resume_connect(callback(&key, "code-one")).await;
        assert_eq!(kind(late), ErrorKind::InputInvalid);
        let key = rig.begin(&engine).await;
        let refused = engine.resume_connect(other_project(&key)).await;
        assert_eq!(kind(refused), ErrorKind::InputInvalid);
        let key = rig.begin(&engine).await;
        rig.clock.advance(Duration::from_secs(601));
        let refused = engine.resume_connect(callback(&key, "code-one")).await;
        assert_eq!(kind(refused), ErrorKind::InputInvalid);
        let unknown = engine
            .resume_connect(callback("no-such-key", "code-one"))
            .await;
        assert_eq!(kind(unknown), ErrorKind::InputInvalid);
        assert_eq!(rig.platform.received("/token"), 0);
        assert!(rig.store(&engine).connections().await.unwrap().is_empty());
    }

    async fn a_question_is_asked_and_its_answer_taken() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        for (answer, is_connected) in [("no", false), ("yes", true)] {
            let form = Form::new().with("token", "code-one");
            let begun = engine
                .begin_connect(rig.project, rig.request("question", form))
                .await;
            let Progress::Prompt { key, .. } = begun.unwrap() else {
                panic!("no question");
            };
            let resumed = engine
                .resume_connect(ResumeRequest {
                    key,
                    answer: Form::new().with("sure", answer),
                    browser: browser("one"),
                    project: Some(rig.project),
                })
                .await;
            assert_eq!(resumed.is_ok(), is_connected, "{resumed:?}");
        }
    }

    async fn the_same_account_again_renews_its_connection() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let first = rig.connect(&engine).await;
        engine
            .configure(rig.project, first.id, None, Some(true))
            .await
            .unwrap();
        rig.platform.state().revoked = true;
        assert_eq!(
            kind(engine.test(rig.project, first.id).await),
            ErrorKind::ReconnectRequired
        );
        assert_eq!(
            rig.status(&engine, first.id).await.0,
            ConnectionStatus::ReconnectRequired
        );
        rig.platform.state().revoked = false;
        let key = rig.begin(&engine).await;
        let resumed = engine.resume_connect(callback(&key, "code-one")).await;
        let (again, renewed) = connected(resumed.unwrap());
        assert!(renewed);
        assert_eq!(again.id, first.id);
        assert!(again.keep_raw);
        assert_eq!(again.status, ConnectionStatus::Active);
        engine.test(rig.project, first.id).await.unwrap();
    }

    async fn a_credential_that_the_test_renewed_is_saved_renewed() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        // Within the session's margin, so the first request renews it.
        rig.platform.state().lifetime = 60;
        let connection = rig.connect(&engine).await;
        assert_eq!(rig.platform.exchanges(), 1);
        engine.refresh(rig.project, connection.id).await.unwrap();
        assert_eq!(rig.platform.state().reuses, 0);
    }

    async fn another_projects_connection_is_not_found() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await;
        let other = engine
            .store()
            .create_project("other", connection.connected_at)
            .await
            .unwrap()
            .id;
        assert!(engine.test(other, connection.id).await.is_err());
        assert!(engine.refresh(other, connection.id).await.is_err());
        assert!(engine.disconnect(other, connection.id).await.is_err());
        assert!(engine.erase(other, connection.id).await.is_err());
        let order = rig.order(connection.id, &["items"]);
        assert!(engine.sync(other, order, |_| {}).await.is_err());
        engine.test(rig.project, connection.id).await.unwrap();
    }

    async fn a_disconnected_account_is_not_used_and_can_come_back() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await;
        engine.disconnect(rig.project, connection.id).await.unwrap();
        assert_eq!(
            kind(engine.test(rig.project, connection.id).await),
            ErrorKind::ReconnectRequired
        );
        assert_eq!(rig.connect(&engine).await.id, connection.id);
        engine.test(rig.project, connection.id).await.unwrap();
        engine.erase(rig.project, connection.id).await.unwrap();
        assert!(rig.store(&engine).connections().await.unwrap().is_empty());
    }

    async fn credentials_of_another_system_are_imported() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        // Made with Node.js 20's `createCipheriv("aes-256-gcm", key, iv)`, for `an imported token`.
        let key = LegacyKey::parse(&SecretString::from("0123456789abcdefghijklmnopqrstuv")).unwrap();
        let sealed = "f0e1d2c3b4a5968778695a4b3c2d1e0f:a69d67bd84a9d07d21bf1ba90faee44b:\
                      5d36e933a58a991d5f22c5a87ebbae6bf9";
        let accounts = &mut rig.platform.state().accounts.clone();
        accounts.insert("an imported token".to_owned(), "shop-9".to_owned());
        rig.platform.state().accounts.clone_from(accounts);
        let import = async |method, form: &Form, key| {
            engine
                .import_credential(rig.project, "depot", Some(method), form, key)
                .await
        };
        let form = Form::new().with("token", sealed);
        assert_eq!(
            kind(import("token", &form, None).await),
            ErrorKind::InputInvalid
        );
        let (imported, _) = connected(import("token", &form, Some(&key)).await.unwrap());
        assert_eq!(imported.account.id, "shop-9");
        let plain = Form::new().with("token", "code-two");
        let (imported, _) = connected(import("token", &plain, None).await.unwrap());
        assert_eq!(imported.account.id, "shop-2");
        let needs_browser = import("oauth", &Form::new(), None).await;
        assert_eq!(kind(needs_browser), ErrorKind::Unsupported);
    }
}
