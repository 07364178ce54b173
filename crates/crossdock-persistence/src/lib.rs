#![doc = include_str!("../README.md")]

mod db;
mod error;
mod hash;
mod ids;
mod rows;
mod store;
mod tables;
mod words;

pub use error::{Cause, Result, StoreError};
pub use ids::{ConnectionId, ProjectId, RunId, WebhookId};
pub use store::{
    AddOutcome, AttributionMethod, AttributionRow, AttributionTotal, AuditEntry, BeginOutcome,
    CampaignRef, ChangeFilter, ChangeKind, ChangeRow, Connection, ConnectionRef, ConnectionStatus,
    Counts, Lease, LeaseOutcome, MetricDay, MetricQuery, MetricSeries, MetricSubject,
    NewConnection, NewCredential, NewRun, NewWebhook, PageCommit, PageCounts, PendingConnect,
    PendingRef, PreparedPage, Project, ProjectStore, Received, RecordCount, RecordPage,
    RecordQuery, RecordRef, RecordRow, RecordSet, RenewalIntent, Run, RunFailure, RunFilter,
    RunMode, RunOutcome, RunRow, RunStatus, RunUsage, SealedCursor, SealedRow, Store, StoreOptions,
    StoredCredential, StoredWebhook, StreamState, Subject, System, Touch, Unattributed,
    WebhookStatus,
};
