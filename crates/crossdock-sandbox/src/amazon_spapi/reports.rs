//! Reports 2021-06-30: jobs that take simulated time, and the documents that they end with.
//!
//! A report waits for two seconds and is made for two more, so that nobody who tries
//! things out waits for long; at Amazon it is minutes. What it says is what was so when it was asked
//! for. One without data ends as CANCELLED, without a document.

mod sales;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::world::World;

use super::account::Account;
use super::documents;
use super::operations::Role;
use super::paging::{self, Search};
use super::params::{self, Params, entries, instant, selling, text, timestamp};
use super::refusal::{Outcome, Refusal};
use super::returns::{self, Return};

/// Sales and views by day and by item, as JSON.
const SALES: &str = "GET_SALES_AND_TRAFFIC_REPORT";
/// What came back to Amazon, as a table.
const RETURNS_TO_AMAZON: &str = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";
/// What came back to the seller, as a table.
const RETURNS_TO_SELLER: &str = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";

/// How long a report waits.
const QUEUED: TimeDelta = TimeDelta::seconds(2);

/// After how long it is done.
const DONE: TimeDelta = TimeDelta::seconds(4);

/// For how long reports are kept.
const KEPT: TimeDelta = TimeDelta::days(90);

const STATUSES: &[&str] = &["CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"];

/// One report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    id: String,
    kind: &'static str,
    marketplaces: Vec<&'static str>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    created: DateTime<Utc>,
    /// Whether the app took it back while it waited.
    cancelled: bool,
    /// Whether it ends with a failure.
    pub(super) fatal: bool,
    /// What it ends with; nothing where there is no data.
    document: Option<Document>,
}

/// What can be downloaded.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) id: String,
    pub(super) content_type: &'static str,
    /// Compressed with gzip.
    pub(super) bytes: Bytes,
}

impl Report {
    /// Where it stands.
    fn status(&self, now: DateTime<Utc>) -> &'static str {
        let age = now - self.created;
        match () {
            () if self.cancelled => "CANCELLED",
            () if age < QUEUED => "IN_QUEUE",
            () if age < DONE => "IN_PROGRESS",
            () if self.fatal => "FATAL",
            () if self.document.is_none() => "CANCELLED",
            () => "DONE",
        }
    }

    /// As the API shows it.
    pub(super) fn json(&self, now: DateTime<Utc>) -> Value {
        let status = self.status(now);
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        put("reportId", self.id.as_str().into());
        put("reportType", self.kind.into());
        put("marketplaceIds", json!(self.marketplaces));
        put("createdTime", timestamp(self.created).into());
        put("processingStatus", status.into());
        if let Some(from) = self.from {
            put("dataStartTime", timestamp(from).into());
        }
        if let Some(to) = self.to {
            put("dataEndTime", timestamp(to).into());
        }
        if !self.cancelled && status != "IN_QUEUE" {
            put(
                "processingStartTime",
                timestamp(self.created + QUEUED).into(),
            );
        }
        if !self.cancelled && !matches!(status, "IN_QUEUE" | "IN_PROGRESS") {
            put("processingEndTime", timestamp(self.created + DONE).into());
        }
        if let (Some(document), "DONE") = (&self.document, status) {
            put("reportDocumentId", document.id.as_str().into());
        }
        Value::Object(shown)
    }

    /// Its document, once there is one.
    pub(super) fn document(&self, now: DateTime<Utc>) -> Option<&Document> {
        self.document
            .as_ref()
            .filter(|_| self.status(now) == "DONE")
    }
}

/// The roles that a type of report takes; nothing where the sandbox does not have the type.
fn kind(name: &str) -> Option<(&'static str, &'static [Role])> {
    match name {
        SALES => Some((SALES, &[Role::BrandAnalytics])),
        RETURNS_TO_AMAZON => Some((RETURNS_TO_AMAZON, &[Role::AmazonFulfillment])),
        RETURNS_TO_SELLER => Some((RETURNS_TO_SELLER, &[Role::InventoryAndOrderTracking])),
        _ => None,
    }
}

/// `createReport`.
pub(super) fn create(
    account: &mut Account,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let now = params.0.now;
    let body = params::body(params.0)?;
    let name =
        text(&body, "/reportType").ok_or_else(|| Refusal::input("reportType is required."))?;
    if name.contains("SETTLEMENT_REPORT") {
        return Err(Refusal::input(
            "Settlement reports cannot be requested: Amazon schedules them.",
        ));
    }
    let (kind, roles) =
        kind(name).ok_or_else(|| Refusal::input(format!("There is no report type {name}.")))?;
    let marketplaces = entries(&body, "/marketplaceIds")
        .filter_map(Value::as_str)
        .map(|id| selling(id, account).map(|marketplace| marketplace.id))
        .collect::<Outcome<Vec<_>>>()?;
    if marketplaces.is_empty() {
        return Err(Refusal::input("marketplaceIds is required."));
    }
    let time = |field: &str| {
        text(&body, field)
            .map(|value| {
                instant(value).ok_or_else(|| {
                    Refusal::input(format!("The value of {field} is no ISO 8601 date."))
                })
            })
            .transpose()
    };
    let (from, to) = (time("/dataStartTime")?, time("/dataEndTime")?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(Refusal::input(
            "dataEndTime must not be before dataStartTime.",
        ));
    }
    if !account.allows(roles) {
        return Err(Refusal::denied());
    }
    let content = if kind == SALES {
        let options = sales::Options::read(&body)?;
        let (from, to) = from
            .zip(to)
            .ok_or_else(|| Refusal::input("This report needs dataStartTime and dataEndTime."))?;
        sales::report(
            account,
            &marketplaces,
            (from, to),
            options,
            (world.seed, now),
        )
        .map(|json| {
            (
                "application/json; charset=UTF-8",
                json.to_string().into_bytes(),
            )
        })
    } else {
        rows(
            account,
            kind == RETURNS_TO_AMAZON,
            &marketplaces,
            (from, to),
            now,
        )
    };
    let id = world.between(50_000_000_000, 59_999_999_999).to_string();
    let document = content.map(|(content_type, bytes)| Document {
        id: format!("amzn1.spdoc.1.4.{}.{}", account.region.word(), world.uuid()),
        content_type,
        bytes: documents::gzip(&bytes),
    });
    let report = Report {
        id: id.clone(),
        kind,
        marketplaces,
        from,
        to,
        created: now,
        cancelled: false,
        fatal: false,
        document,
    };
    account.reports.insert(id.clone(), report);
    Ok(json!({"reportId": id}))
}

/// Returns of some days; nothing where there are none.
fn rows(
    account: &Account,
    by_amazon: bool,
    marketplaces: &[&str],
    (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> Option<(&'static str, Vec<u8>)> {
    let (from, to) = (from.unwrap_or(now - TimeDelta::days(1)), to.unwrap_or(now));
    let found: Vec<&Return> = account
        .returns
        .iter()
        .filter(|entry| {
            entry.by_amazon == by_amazon
                && marketplaces.contains(&entry.marketplace)
                && (from..=to).contains(&entry.at)
        })
        .collect();
    if found.is_empty() {
        return None;
    }
    let table = returns::table(&found, by_amazon);
    // Japan's reports are in another character set than the others'; here they are in UTF-8.
    Some(if account.region == super::hosts::Region::FarEast {
        (
            "text/tab-separated-values; charset=UTF-8",
            table.into_bytes(),
        )
    } else {
        (
            "text/tab-separated-values; charset=windows-1252",
            documents::windows_1252(&table),
        )
    })
}

fn existing<'a>(account: &'a Account, id: &str, now: DateTime<Utc>) -> Outcome<&'a Report> {
    account
        .reports
        .get(id)
        .filter(|report| now < report.created + KEPT)
        .ok_or_else(|| Refusal::not_found(format!("There is no report {id}.")))
}

/// `getReport`.
pub(super) fn get(account: &Account, id: &str, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    existing(account, id, now).map(|report| report.json(now))
}

/// `cancelReport`: only while it waits.
pub(super) fn cancel(account: &mut Account, id: &str, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    if existing(account, id, now)?.status(now) != "IN_QUEUE" {
        return Err(Refusal::input(
            "Only a report that is IN_QUEUE can be cancelled.",
        ));
    }
    if let Some(report) = account.reports.get_mut(id) {
        report.cancelled = true;
    }
    Ok(Value::Null)
}

/// `getReports`: the newest first. A page's token stands alone.
pub(super) fn search(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    let token = params.text("nextToken")?;
    if token.is_some() && params.0.query.len() > 1 {
        return Err(Refusal::input("nextToken must be the only parameter."));
    }
    let asked = match token {
        None => Asked::read(params, account)?,
        Some(token) => paging::read(token, "getReports")
            .and_then(|place| serde_json::from_str(&place.memory).ok())
            .ok_or_else(|| Refusal::input("The nextToken is invalid."))?,
    };
    let mut search = Search::new("getReports", 0, now);
    search.descending = true;
    search.memory = serde_json::to_string(&asked).unwrap_or_default();
    let place = search.open(token)?;
    let found = account
        .reports
        .values()
        .filter(|report| asked.wants(report, now))
        .map(|report| {
            let key = format!("{:012} {}", report.created.timestamp(), report.id);
            (key, report.json(now))
        });
    let page = search.page(found.collect(), place.as_ref(), asked.size);
    let mut body = json!({"reports": page.items});
    if let (Some(next), Some(body)) = (page.next, body.as_object_mut()) {
        body.insert("nextToken".to_owned(), next.into());
    }
    Ok(body)
}

/// The filters of a search, as its tokens remember them.
#[derive(serde::Serialize, serde::Deserialize)]
struct Asked {
    kinds: Vec<String>,
    statuses: Vec<String>,
    marketplaces: Vec<String>,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    size: usize,
}

impl Asked {
    fn read(params: Params<'_>, account: &Account) -> Outcome<Self> {
        let now = params.0.now;
        let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        params
            .required("reportTypes")
            .map_err(|_missing| Refusal::input("Either reportTypes or nextToken is required."))?;
        let since = params.time("createdSince")?.unwrap_or(now - KEPT);
        if since < now - KEPT {
            return Err(Refusal::input("createdSince must not be over 90 days ago."));
        }
        let marketplaces = params.marketplaces("marketplaceIds", 10, account)?;
        Ok(Self {
            kinds: owned(params.list("reportTypes", 10)?),
            statuses: owned(params.members("processingStatuses", STATUSES)?),
            marketplaces: owned(marketplaces.iter().map(|m| m.id).collect()),
            since,
            until: params.time("createdUntil")?.unwrap_or(now),
            size: params.size("pageSize", 10, 100)?,
        })
    }

    fn wants(&self, report: &Report, now: DateTime<Utc>) -> bool {
        let has = |list: &[String], value: &str| list.iter().any(|it| it == value);
        has(&self.kinds, report.kind)
            && (self.statuses.is_empty() || has(&self.statuses, report.status(now)))
            && (self.marketplaces.is_empty()
                || report
                    .marketplaces
                    .iter()
                    .any(|id| has(&self.marketplaces, id)))
            && (self.since..=self.until).contains(&report.created)
            && now < report.created + KEPT
    }
}

/// `getReportDocument`: an address that is good for five minutes.
pub(super) fn document(account: &Account, id: &str, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    let document = account
        .reports
        .values()
        .filter_map(|report| report.document(now))
        .find(|document| document.id == id)
        .ok_or_else(|| Refusal::not_found(format!("There is no report document {id}.")))?;
    Ok(json!({
        "reportDocumentId": id,
        "url": documents::address(account.region, &document.id, now),
        "compressionAlgorithm": "GZIP",
    }))
}
