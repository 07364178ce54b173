//! A seller at the sandbox, with time and chance held still.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use connector_alias::{Alias, AliasCredential};
use connector_core::{
    Change, Checkpoint, Connector as _, Context, InMemoryKeeper, LostReply, Model,
    OpaqueCredential, Page, Record, Result, Session, Settings, SyncRequest, VersionedCredential,
};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Size, TestClock};
use futures::TryStreamExt as _;

pub(crate) struct Seller {
    pub(crate) wire: Arc<SandboxTransport>,
    ctx: Context,
}

impl Seller {
    /// A seller of so many items with so many orders. To be made in a runtime whose time is paused.
    pub(crate) fn new(products: u32, orders: u32) -> Self {
        let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(now));
        let size = Size { products, orders };
        let sandbox = Sandbox::new(Options {
            size,
            ..Options::new(now)
        });
        let sandbox = Arc::new(Mutex::new(sandbox));
        let wire = Arc::new(SandboxTransport::new(sandbox, Arc::clone(&clock) as _));
        let entropy = Arc::new(SeededEntropy::new(1));
        let ctx = Context::new(Arc::clone(&wire) as _, clock, entropy);
        Self { wire, ctx }
    }

    pub(crate) fn session(&self) -> Session<AliasCredential> {
        self.session_of("sbx_pat_demo", &[])
    }

    pub(crate) fn session_of(
        &self,
        token: &str,
        settings: &[(&str, &str)],
    ) -> Session<AliasCredential> {
        let credential = AliasCredential::new(token.to_owned().into());
        let credential = OpaqueCredential::close(&credential).unwrap();
        let settings = settings
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        Session::open(
            "alias",
            Alias.dialect(),
            self.ctx.clone(),
            VersionedCredential {
                credential: credential.clone(),
                version: 1,
            },
            Arc::new(InMemoryKeeper::new(credential)),
            Arc::new(NeverRenewed),
            Settings(settings.collect()),
        )
        .unwrap()
    }

    /// What happens without the seller's doing.
    pub(crate) fn control(&self, verb: &str, body: &serde_json::Value) -> serde_json::Value {
        self.wire.sandbox().control("alias", verb, body).unwrap()
    }

    /// How many things the sandbox has for a stream.
    pub(crate) fn census(&self, stream: &str) -> usize {
        let census = self.wire.sandbox().census();
        usize::try_from(census["alias"][stream]).unwrap()
    }
}

/// All pages of a stream from a checkpoint, and what they hold.
pub(crate) async fn run(
    session: &Session<AliasCredential>,
    stream: &str,
    resume: Option<Checkpoint>,
) -> Result<Run> {
    let request = SyncRequest::new(stream).resume_from(resume);
    let pages: Vec<Page> = Alias.sync(session.clone(), request)?.try_collect().await?;
    let checkpoint = pages.last().unwrap().checkpoint.clone();
    assert!(pages.iter().all(|page| page.skipped.is_empty()));
    let records = pages.into_iter().flat_map(|page| page.records).collect();
    Ok(Run {
        records,
        checkpoint,
    })
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) records: Vec<Record>,
    pub(crate) checkpoint: Checkpoint,
}

impl Run {
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.records
            .iter()
            .map(|record| record.external_id.as_str())
            .collect()
    }

    pub(crate) fn model(&self, id: &str) -> &Model {
        let record = self
            .records
            .iter()
            .find(|record| record.external_id == id)
            .unwrap();
        match &record.change {
            Change::Upsert(model) => model,
            gone @ Change::Gone => panic!("{id}: {gone:?}"),
        }
    }
}

struct NeverRenewed;

#[async_trait::async_trait]
impl connector_core::Exchange for NeverRenewed {
    async fn exchange(&self, credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        panic!("a token is never renewed: {credential:?}")
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Reconnect
    }
}
