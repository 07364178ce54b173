//! Search Console API v1: sites, and how they did in Google's results.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::{Deserialize, Serialize};

use super::route::Route;
use connector_core::Entry;

const HOST: &str = "searchconsole.googleapis.com";

/// `sites.list`: all of them at once.
#[derive(Clone, Copy, Debug)]
pub struct ListSites;

impl Endpoint for ListSites {
    const OPERATION: Operation = Operation::read("webmasters.sites.list");
    type Response = SiteList;

    fn request(&self) -> Result<Request> {
        Route::get(HOST, &["webmasters", "v3", "sites"]).request()
    }
}

/// The sites.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SiteList {
    /// The sites.
    pub site_entry: Vec<Site>,
}

/// A site.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Site {
    /// `https://example.com/`, or `sc-domain:example.com` for a whole domain.
    pub site_url: String,
    /// What the user may do with it.
    pub permission_level: String,
}

impl Site {
    /// Whether the user has proven to be its owner, or was let in by one: others see no numbers.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        !matches!(
            self.permission_level.as_str(),
            "siteUnverifiedUser" | "SITE_UNVERIFIED_USER"
        )
    }
}

/// `searchanalytics.query`: a POST that only reads.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuerySearchAnalytics {
    /// The site's address, as [`Site::site_url`] has it.
    #[serde(skip)]
    pub site_url: String,
    /// The first day, Pacific, as `YYYY-MM-DD`.
    pub start_date: String,
    /// The last day, included.
    pub end_date: String,
    /// What to split by, in upper case: `DATE`, `QUERY`, `PAGE`.
    pub dimensions: Vec<&'static str>,
    /// Which results: `WEB`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `FINAL`, or `ALL` for fresh days too, whose numbers still grow.
    pub data_state: &'static str,
    /// How many rows: 25,000 at the most.
    pub row_limit: u32,
    /// How many rows to leave out.
    pub start_row: u64,
}

impl Endpoint for QuerySearchAnalytics {
    const OPERATION: Operation = Operation::read("webmasters.searchanalytics.query");
    type Response = SearchTable;

    fn request(&self) -> Result<Request> {
        let path = [
            "webmasters",
            "v3",
            "sites",
            &self.site_url,
            "searchAnalytics",
            "query",
        ];
        Route::post(HOST, &path).json(self)
    }
}

/// Rows. A last page has fewer than were asked for, and an empty one leaves them out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchTable {
    /// The rows.
    pub rows: Vec<Entry<SearchRow>>,
    /// What to know of them.
    pub metadata: SearchMetadata,
}

/// What to know of a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SearchMetadata {
    /// The first day whose numbers still change, where it is in the range.
    pub first_incomplete_date: Option<chrono::NaiveDate>,
}

/// A row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchRow {
    /// What it was split by, in the order that was asked for.
    pub keys: Vec<String>,
    /// Clicks that led to the site.
    pub clicks: f64,
    /// How often it was shown.
    pub impressions: f64,
    /// Clicks by impressions.
    pub ctr: f64,
    /// Its place in the results on average, from 1.
    pub position: f64,
}
