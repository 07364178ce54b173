//! The engine's way: connector, session, store, feed, checkpoints.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{Clock, Context, Form, Transport};
use connector_http::{Options, Reroute, SystemClock, SystemEntropy};
use crossdock_engine::{
    BrowserKey, ConnectRequest, Engine, EngineParts, Instance, Progress, SyncOrder,
};
use crossdock_persistence::{ConnectionId, ProjectId, RunMode, Store, StoreOptions};
use crossdock_vault::{KeyRing, Vault};
use tokio::time::Instant;

use crate::{Measured, report};

/// Real time, but what a platform takes to prepare is skipped by moving the sandbox's clock.
#[derive(Debug)]
struct Skipping {
    transport: Arc<dyn Transport>,
    sandbox: String,
}

#[async_trait]
impl Clock for Skipping {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    async fn sleep(&self, duration: Duration) {
        if duration > Duration::from_millis(500) {
            skip(&self.transport, &self.sandbox, duration).await;
        }
    }
}

pub(crate) async fn skip(transport: &Arc<dyn Transport>, sandbox: &str, duration: Duration) {
    let body = format!("{{\"advance_seconds\":{}}}", duration.as_secs() + 1);
    let request = http::Request::post(format!("{sandbox}/_sandbox/clock"))
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap();
    transport.send(request).await.unwrap();
}

pub(crate) async fn measure(url: &str, sandbox: &str) {
    let reroute = Some(Reroute::new(sandbox.parse().unwrap()).unwrap());
    let transport = connector_http::transport(&Options {
        reroute,
        ..Options::default()
    })
    .unwrap();
    let plain = connector_http::transport(&Options::default()).unwrap();
    let clock = Arc::new(Skipping {
        transport: plain,
        sandbox: sandbox.to_owned(),
    });
    let context = Context::new(transport, clock, Arc::new(SystemEntropy::new().unwrap()));
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    let project = store.default_project().await.unwrap().id;
    let engine = Engine::new(EngineParts {
        registry: connector_registry::builtin(&connector_registry::Config::default()),
        store,
        vault: Arc::new(Vault::new(&KeyRing::generate().unwrap()).unwrap()),
        instance: Instance::remote(&context),
        context,
    });
    let connection = connect(&engine, project).await;
    for (what, mode) in [
        ("engine, everything is new", RunMode::Full),
        ("engine, everything again, unchanged", RunMode::Full),
        ("engine, only what changed", RunMode::Incremental),
    ] {
        let began = Instant::now();
        let order = SyncOrder {
            streams: Some(vec!["products".to_owned()]),
            mode,
            ..SyncOrder::new(connection)
        };
        let reports = engine.sync(project, order, |_| {}).await.unwrap();
        let seconds = began.elapsed().as_secs_f64();
        let [run] = reports.as_slice() else {
            panic!("one stream was asked for")
        };
        assert!(run.is_complete(), "{run:?}");
        report(&Measured {
            what: what.to_owned(),
            records: run.counts.seen(),
            seconds,
            requests: run.requests,
        });
    }
}

async fn connect(engine: &Engine, project: ProjectId) -> ConnectionId {
    let request = ConnectRequest {
        platform: "shopify".to_owned(),
        method: Some("custom_app_token".to_owned()),
        form: Form::new()
            .with("shop", "crossdock-demo")
            .with("token", crate::bare::TOKEN),
        return_to: "http://127.0.0.1/".parse().unwrap(),
        browser: BrowserKey::new("a benchmark has no browser"),
        settings: None,
        keep_raw: None,
    };
    match engine.begin_connect(project, request).await.unwrap() {
        Progress::Connected { connection, .. } => connection.id,
        other => panic!("{other:?}"),
    }
}
