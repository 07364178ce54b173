//! Everything that the platform remembers.

use url::Url;

use super::batches::Batches;
use super::graph::Graph;
use super::reports::Reports;
use super::session::Authority;
use super::subscriptions::Subscriptions;
use super::usage::Usage;

/// What the control API can change about the platform.
#[derive(Debug)]
pub(super) struct Settings {
    /// Whether reading recommendations is refused with code 12, as one page of the reference says
    /// of v22.0 and later while another still documents the edge.
    pub(super) ratings_deprecated: bool,
    /// Where webhooks go: what an app's dashboard is told.
    pub(super) callback: Option<Url>,
    /// How much one request for insights of ads works out: objects times days.
    pub(super) sync_cells: u64,
    /// How much a report works out before it fails.
    pub(super) report_cells: u64,
    /// How many seconds a report takes at least.
    pub(super) report_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ratings_deprecated: false,
            callback: None,
            sync_cells: 800,
            report_cells: 5_000,
            report_seconds: 2,
        }
    }
}

/// The platform's memory.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) graph: Graph,
    pub(super) authority: Authority,
    pub(super) batches: Batches,
    pub(super) reports: Reports,
    pub(super) subscriptions: Subscriptions,
    pub(super) usage: Usage,
    pub(super) settings: Settings,
}
