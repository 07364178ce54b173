//! What a connection is subscribed to at its platform.

use connector_core::ErrorKind;
use crossdock_persistence::ConnectionStatus;

use crate::support::database::on_both;
use crate::support::{Rig, kind};

const HERE: &str = "https://here.test/webhooks/depot";

on_both! {
    async fn subscribing_makes_what_is_missing_and_unsubscribing_ends_it() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        assert_eq!(engine.subscriptions(rig.project, id).await.unwrap(), []);
        for _ in 0..2 {
            let all = engine.subscribe(rig.project, id, HERE).await.unwrap();
            assert_eq!(all.len(), 1);
            assert_eq!(all[0].deliver_to.as_deref(), Some(HERE));
            assert_eq!(engine.subscriptions(rig.project, id).await.unwrap(), all);
        }
        engine.unsubscribe(rig.project, id, "s-1").await.unwrap();
        assert_eq!(engine.subscriptions(rig.project, id).await.unwrap(), []);
        let again = engine.unsubscribe(rig.project, id, "s-1").await;
        assert_eq!(kind(again), ErrorKind::NotFound);
    }

    async fn what_can_not_be_is_told_by_whoever_must_act() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let id = rig.connect(&engine).await.id;
        let open = engine.subscribe(rig.project, id, "http://here.test/").await;
        assert_eq!(open.unwrap_err().connector().unwrap().field(), Some("deliver_to"));
        let other = engine.store().create_project("other", rig.now()).await.unwrap().id;
        assert!(engine.subscriptions(other, id).await.unwrap_err().connector().is_none());
        rig.platform.state().revoked = true;
        assert_eq!(kind(engine.subscribe(rig.project, id, HERE).await), ErrorKind::ReconnectRequired);
        assert_eq!(rig.status(&engine, id).await.0, ConnectionStatus::ReconnectRequired);
    }
}
