//! Ending a connection: the grant is given back where that can be, and the credential is destroyed
//! whatever came of it.

use std::time::Duration;

use connector_core::{ErrorKind, Form};
use crossdock_engine::{ConnectRequest, Engine, Grant};
use crossdock_persistence::{ConnectionId, ConnectionStatus};

use crate::support::database::on_both;
use crate::support::platform::Fault;
use crate::support::{Rig, connected, kind};

async fn is_over(rig: &Rig, engine: &Engine, id: ConnectionId) -> bool {
    let status = rig.status(engine, id).await.0;
    let tested = engine.test(rig.project, id).await;
    status == ConnectionStatus::Disconnected && kind(tested) == ErrorKind::ReconnectRequired
}

on_both! {
    async fn the_grant_is_given_back_before_the_credential_is_destroyed() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        let left = engine.disconnect(rig.project, id).await.unwrap();
        assert_eq!(left, Grant::GivenBack);
        assert!(rig.platform.state().revoked && is_over(&rig, &engine, id).await);
        let again = engine.disconnect(rig.project, id).await.unwrap();
        assert_eq!(again, Grant::NoneLeft);
        assert_eq!(rig.platform.received("/revoke"), 1);
    }

    async fn an_erased_connection_gives_its_grant_back_too() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        assert_eq!(engine.erase(rig.project, id).await.unwrap(), Grant::GivenBack);
        assert!(rig.store(&engine).connections().await.unwrap().is_empty());
    }

    async fn a_platform_that_is_down_keeps_nobody_from_leaving() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        rig.platform.fail_often("/revoke", 20, &Fault::RateLimited(3_600));
        let left = engine.disconnect(rig.project, id).await.unwrap();
        assert!(matches!(&left, Grant::Failed { reason } if !reason.is_empty()), "{left:?}");
        assert!(left.to_string().contains("remove the app"));
        assert!(is_over(&rig, &engine, id).await);
        assert!(!rig.platform.state().revoked);
    }

    async fn a_platform_that_does_not_answer_is_waited_for_a_while() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        rig.platform.fail("/revoke", Fault::Hang);
        let leaving = engine.disconnect(rig.project, id);
        let waiting = async {
            rig.platform.until_hanging().await;
            rig.clock.until_asleep_for(Duration::from_secs(20)).await;
            rig.clock.advance(Duration::from_secs(20));
        };
        let (left, ()) = tokio::join!(leaving, waiting);
        assert!(matches!(left.unwrap(), Grant::Failed { .. }));
        assert!(is_over(&rig, &engine, id).await);
    }

    /// What one project gives back would be gone for the other one.
    async fn an_account_that_another_connection_uses_keeps_its_grant() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        let other = engine.store().create_project("other", rig.now()).await.unwrap().id;
        let request = |form| ConnectRequest { ..rig.request("token", form) };
        let form = Form::new().with("token", "code-one");
        let begun = engine.begin_connect(other, request(form)).await.unwrap();
        let second = connected(begun).0.id;
        assert_eq!(engine.disconnect(rig.project, id).await.unwrap(), Grant::InUse);
        engine.test(other, second).await.unwrap();
        assert_eq!(engine.disconnect(other, second).await.unwrap(), Grant::GivenBack);
    }
}
