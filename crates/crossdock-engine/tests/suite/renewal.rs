//! Invariant 3: one renewal per connection at a time, stored before it is used; a refresh token is
//! never spent twice and never lost.

use std::sync::Arc;
use std::time::Duration;

use connector_core::{ErrorKind, LostReply};
use crossdock_engine::Engine;
use crossdock_persistence::{ConnectionId, ConnectionStatus};

use crate::support::clock::PausedClock;
use crate::support::database::{on_both, run};
use crate::support::platform::Fault;
use crate::support::{Rig, kind};

on_both! {
    /// Twenty callers in two processes on one database: one exchange, and all of them work.
    async fn many_callers_in_two_processes_make_one_exchange() {
        let rig = Rig::with(LostReply::Reconnect).await;
        let engines = [rig.engine().await, rig.engine().await];
        let connection = rig.connect(&engines[0]).await.id;
        for round in 1..=5 {
            rig.let_token_expire();
            let callers = (0..20).map(|caller| {
                let engine = engines[caller % 2].clone();
                tokio::spawn(async move { engine.test(rig_project(&engine).await, connection).await })
            });
            for caller in callers.collect::<Vec<_>>() {
                caller.await.unwrap().unwrap();
            }
            assert_eq!(rig.platform.exchanges(), round);
            assert_eq!(rig.platform.state().reuses, 0);
        }
    }
}

async fn rig_project(engine: &Engine) -> crossdock_persistence::ProjectId {
    engine.store().default_project().await.unwrap().id
}

on_both! {
    async fn a_lost_reply_is_asked_for_again_where_the_platform_allows_it() {
        for fault in [Fault::LostReply, Fault::Garbled] {
            let rig = Rig::with(LostReply::Retry).await;
            let engine = rig.engine().await;
            let connection = rig.connect(&engine).await.id;
            rig.platform.fail("/token", fault);
            engine.refresh(rig.project, connection).await.unwrap();
            assert_eq!(rig.platform.exchanges(), 2);
            engine.test(rig.project, connection).await.unwrap();
        }
    }

    /// The reply is lost again and again: the state says so, and the next renewal mends it.
    async fn a_reply_that_stays_lost_is_remembered() {
        let rig = Rig::with(LostReply::Retry).await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail("/token", Fault::LostReply);
        // The second time it doesn't even arrive, so that the old token is still forgiven.
        rig.platform.fail("/token", Fault::HangAfter);
        let refreshing = engine.refresh(rig.project, connection);
        let driving = async {
            rig.platform.until_hanging().await;
            rig.clock.until_asleep_for(Duration::from_secs(45)).await;
            rig.clock.advance(Duration::from_secs(45));
        };
        let (refreshed, ()) = tokio::join!(refreshing, driving);
        assert_eq!(kind(refreshed), ErrorKind::Unavailable);
        let stored = rig.store(&engine).credential(connection).await.unwrap();
        assert!(stored.intent.is_some());
        assert_eq!(
            rig.status(&engine, connection).await.0,
            ConnectionStatus::Active
        );
    }

    async fn a_lost_reply_needs_a_person_where_reuse_is_punished() {
        for fault in [Fault::LostReply, Fault::Garbled] {
            let rig = Rig::with(LostReply::Reconnect).await;
            let engine = rig.engine().await;
            let connection = rig.connect(&engine).await.id;
            rig.platform.fail("/token", fault);
            let refreshed = engine.refresh(rig.project, connection).await;
            assert_eq!(kind(refreshed), ErrorKind::ReconnectRequired);
            let (status, reason) = rig.status(&engine, connection).await;
            assert_eq!(status, ConnectionStatus::ReconnectRequired);
            assert!(reason.contains("reply to a renewal was lost"), "{reason}");
            assert_eq!(rig.platform.state().reuses, 0);
            let order = rig.order(connection, &["items"]);
            let synced = engine.sync(rig.project, order, |_| {}).await;
            assert_eq!(kind(synced), ErrorKind::ReconnectRequired);
        }
    }

    async fn what_was_not_sent_leaves_the_old_credential_and_no_doubt() {
        let rig = Rig::with(LostReply::Reconnect).await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail("/token", Fault::NotSent);
        let refreshed = engine.refresh(rig.project, connection).await;
        assert_eq!(kind(refreshed), ErrorKind::Unavailable);
        let stored = rig.store(&engine).credential(connection).await.unwrap();
        assert_eq!(
            (stored.version, stored.intent, stored.lease),
            (1, None, None)
        );
        engine.refresh(rig.project, connection).await.unwrap();
        let stored = rig.store(&engine).credential(connection).await.unwrap();
        assert_eq!(
            (stored.version, stored.intent, stored.lease),
            (2, None, None)
        );
    }

    async fn a_grant_that_is_gone_is_said_in_the_status() {
        let rig = Rig::new().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.state().revoked = true;
        let refreshed = engine.refresh(rig.project, connection).await;
        assert_eq!(kind(refreshed), ErrorKind::ReconnectRequired);
        let (status, reason) = rig.status(&engine, connection).await;
        assert_eq!(status, ConnectionStatus::ReconnectRequired);
        assert_eq!(reason, "the grant is gone");
        let stored = rig.store(&engine).credential(connection).await.unwrap();
        assert_eq!((stored.intent, stored.lease), (None, None));
    }

    /// A person who closes the browser doesn't tear a renewal in the middle.
    async fn a_caller_who_goes_away_does_not_lose_the_new_pair() {
        let rig = Rig::with(LostReply::Reconnect).await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail("/token", Fault::HangAfter);
        tokio::select! {
            refreshed = engine.refresh(rig.project, connection) => panic!("{refreshed:?}"),
            () = rig.platform.until_hanging() => {}
        }
        rig.platform.release();
        engine.shutdown().await;
        let stored = rig.store(&engine).credential(connection).await.unwrap();
        assert_eq!((stored.version, stored.intent), (2, None));
        engine.test(rig.project, connection).await.unwrap();
        assert_eq!(rig.platform.exchanges(), 1);
    }

    /// The process dies between the intent and the swap; the platform has spent the token already.
    fn a_crash_in_the_middle_is_found_and_mended_at_once() {
        for (lost_reply, before) in [
            (LostReply::Retry, false),
            (LostReply::Retry, true),
            (LostReply::Reconnect, false),
            (LostReply::Reconnect, true),
        ] {
            let fault = if before {
                Fault::Hang
            } else {
                Fault::HangAfter
            };
            let (rig, connection) = crash_while_renewing(lost_reply, fault);
            run(async {
                // The clock stands still: the lock file alone tells that the owner is dead.
                let engine = rig.engine().await;
                let stored = rig.store(&engine).credential(connection).await.unwrap();
                assert!(stored.intent.is_some() && stored.lease.is_some());
                let refreshed = engine.refresh(rig.project, connection).await;
                let (status, reason) = rig.status(&engine, connection).await;
                if lost_reply == LostReply::Retry {
                    refreshed.unwrap();
                    engine.test(rig.project, connection).await.unwrap();
                    assert_eq!(status, ConnectionStatus::Active);
                } else {
                    assert_eq!(kind(refreshed), ErrorKind::ReconnectRequired);
                    assert_eq!(status, ConnectionStatus::ReconnectRequired);
                    assert!(reason.contains("cut off"), "{reason}");
                    assert_eq!(rig.platform.state().reuses, 0);
                }
                let stored = rig.store(&engine).credential(connection).await.unwrap();
                assert_eq!((stored.intent, stored.lease), (None, None));
            });
        }
    }
}

/// What a runtime runs ends with it, wherever it is, as a killed process does.
fn crash_while_renewing(lost_reply: LostReply, fault: Fault) -> (Rig, ConnectionId) {
    run(async {
        let rig = Rig::with(lost_reply).await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail("/token", fault);
        tokio::select! {
            refreshed = engine.refresh(rig.project, connection) => panic!("{refreshed:?}"),
            () = rig.platform.until_hanging() => {}
        }
        (rig, connection)
    })
}

on_both! {
    /// One exchange takes longer than its lease; another machine takes over, and the first is fenced
    /// out and adopts what the other stored.
    async fn a_late_renewal_is_fenced_out() {
        let rig = Rig::with(LostReply::Retry).await;
        let ahead = Arc::new(PausedClock::new());
        let slow = rig.remote_engine(&rig.clock).await;
        let fast = rig.remote_engine(&ahead).await;
        let connection = rig.connect(&slow).await.id;
        rig.platform.fail("/token", Fault::HangAfter);
        let refreshing = slow.refresh(rig.project, connection);
        let taking_over = async {
            rig.platform.until_hanging().await;
            ahead.advance(Duration::from_secs(121));
            fast.refresh(rig.project, connection).await.unwrap();
            rig.platform.release();
        };
        let (refreshed, ()) = tokio::join!(refreshing, taking_over);
        refreshed.unwrap();
        let stored = rig.store(&slow).credential(connection).await.unwrap();
        assert_eq!(
            (stored.version, stored.intent, stored.lease),
            (2, None, None)
        );
        slow.test(rig.project, connection).await.unwrap();
        fast.test(rig.project, connection).await.unwrap();
    }

    /// Another machine is renewing and alive: its lease is waited for, and what it stored is adopted.
    async fn a_busy_lease_is_waited_for() {
        let rig = Rig::with(LostReply::Reconnect).await;
        let first = rig.remote_engine(&rig.clock).await;
        let second = rig.remote_engine(&rig.clock).await;
        let connection = rig.connect(&first).await.id;
        second.test(rig.project, connection).await.unwrap();
        rig.platform.fail("/token", Fault::HangAfter);
        let one = first.refresh(rig.project, connection);
        let other = async {
            rig.platform.until_hanging().await;
            let waiting = second.refresh(rig.project, connection);
            let releasing = async {
                rig.clock.until_napping().await;
                rig.platform.release();
            };
            tokio::join!(waiting, releasing).0
        };
        let (one, other) = tokio::join!(one, other);
        assert_eq!(one.unwrap().expires_at, other.unwrap().expires_at);
        assert_eq!(rig.platform.exchanges(), 1);
    }
}
