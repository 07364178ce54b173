//! Alias's own recorded replies: each must be read and mapped, and nothing in it may be lost.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, in its helpers too, and tells what it counted"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use connector_alias::{Alias, AliasCredential, AliasDialect, api};
use connector_core::{
    Connector as _, Context, Dialect as _, Download, Endpoint, Error, ErrorKind, Exchange,
    InMemoryKeeper, LostReply, OpaqueCredential, Operation, Page, Request, Response, Result,
    Session, Settings, SyncRequest, Transport, Verdict, VersionedCredential,
};
use connector_testkit::{SeededEntropy, TestClock};
use futures::TryStreamExt as _;
use serde_json::{Value, json};

/// A recorded reply.
#[derive(Clone, Debug)]
struct Reply {
    status: u16,
    body: String,
}

/// All recorded replies by path and query, or `None` where there are none.
fn recorded() -> Option<BTreeMap<String, Reply>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/alias");
    if !folder.is_dir() {
        println!(
            "skipped: there are no recorded replies at {}",
            folder.display()
        );
        return None;
    }
    let mut replies = BTreeMap::new();
    for file in files(&folder) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".jsonl") {
            for line in text.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                add(
                    &mut replies,
                    &line["request"],
                    &line["status"],
                    line["body"].to_string(),
                );
            }
        } else if let Some(stem) = name.strip_suffix(".http.json") {
            let exchange: Value = serde_json::from_str(&text).unwrap();
            let body = fs::read_to_string(file.with_file_name(format!("{stem}.json"))).unwrap();
            add(
                &mut replies,
                &exchange["request"],
                &exchange["response"]["status"],
                body,
            );
        }
    }
    Some(replies)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn add(replies: &mut BTreeMap<String, Reply>, request: &Value, status: &Value, body: String) {
    let status = u16::try_from(status.as_u64().unwrap()).unwrap();
    let path = request["path"].as_str().unwrap();
    replies.insert(key(path), Reply { status, body });
}

/// Path and query with the query decoded and in order, so that it compares however it was encoded.
fn key(path_and_query: &str) -> String {
    let url = url::Url::parse("https://api.alias.org")
        .unwrap()
        .join(path_and_query)
        .unwrap();
    let query: BTreeSet<_> = url.query_pairs().into_owned().collect();
    format!("{} {query:?}", url.path())
}

fn response(reply: &Reply) -> Response {
    http::Response::builder()
        .status(reply.status)
        .body(Bytes::from(reply.body.clone()))
        .unwrap()
}

#[test]
fn every_recorded_reply_is_read() {
    let Some(replies) = recorded() else {
        return;
    };
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, reply) in &replies {
        let what = path.strip_prefix("/api/v1/").unwrap();
        let (kind, count) = match what.split(['/', ' ']).take(2).collect::<Vec<_>>()[..] {
            _ if reply.status != 200 => ("failures", failure(reply)),
            ["catalog", query] if query.starts_with('{') => (
                "catalog searches",
                all(&read::<api::SearchCatalog>(reply).catalog_items),
            ),
            ["catalog", _] => {
                let item = read::<api::GetCatalogItem>(reply).catalog_item;
                ("catalog items", all(&[item]))
            }
            ["pricing_insights", "availabilities"] => (
                "availabilities",
                all(&read::<api::ListAvailabilities>(reply).variants),
            ),
            ["pricing_insights", "offer_histogram"] => {
                let bins = read::<api::GetOfferHistogram>(reply).offer_histogram.bins;
                assert!(
                    bins.iter()
                        .all(|bin| bin.offer_price_cents.and(bin.count).is_some())
                );
                ("offers", bins.len())
            }
            ["pricing_insights", "recent_sales"] => (
                "recent sales",
                all(&read::<api::ListRecentSales>(reply).recent_sales),
            ),
            _ => panic!("no endpoint reads {path}"),
        };
        assert!(count > 0, "{path} holds nothing");
        *entries.entry(kind).or_default() += count;
    }
    println!("{} replies: {entries:?}", replies.len());
}

fn read<E: Endpoint>(reply: &Reply) -> E::Response {
    connector_core::endpoint::json(reply.body.as_bytes()).unwrap()
}

fn all<T: std::fmt::Debug>(entries: &[api::Entry<T>]) -> usize {
    for entry in entries {
        entry.value().unwrap();
    }
    entries.len()
}

fn failure(reply: &Reply) -> usize {
    let operation = Operation::read("recorded");
    match AliasDialect.judge(operation, &response(reply), DateTime::UNIX_EPOCH) {
        Verdict::Failure(error) => {
            assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
            assert!(error.context("code").is_some() && error.context("message").is_some());
            1
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_recorded_item_and_price_is_a_record() {
    let Some(replies) = recorded() else {
        return;
    };
    let bodies = |starts: &str| -> Vec<Value> {
        let found = replies
            .iter()
            .filter(|(path, reply)| path.starts_with(starts) && reply.status == 200);
        found
            .map(|(_, reply)| serde_json::from_str(&reply.body).unwrap())
            .collect()
    };
    let items: BTreeSet<String> = bodies("/api/v1/catalog {")
        .iter()
        .flat_map(|body| body["catalog_items"].as_array().unwrap())
        .map(|item| item["catalog_id"].as_str().unwrap().to_owned())
        .collect();
    let catalog = sync(&replies, "catalog").await;
    let ids: BTreeSet<String> = catalog.ids.iter().cloned().collect();
    println!(
        "catalog: {} records of {} recorded items",
        ids.len(),
        items.len()
    );
    assert_eq!(ids, items);
    assert_eq!((catalog.ids.len(), catalog.skipped), (items.len(), 0));

    // What the stream asks for: all regions together, and each that is set. Replies to requests by
    // `consigned` are not among them.
    let asked = |path: &&String| !path.contains("consigned");
    let paths = replies
        .keys()
        .filter(|path| path.contains("/availabilities/"))
        .filter(asked);
    let prices: usize = paths
        .map(|path| {
            let body: Value = serde_json::from_str(&replies[path].body).unwrap();
            body["variants"].as_array().unwrap().len()
        })
        .sum();
    let snapshots = sync(&replies, "market_snapshots").await;
    let distinct: BTreeSet<&String> = snapshots.ids.iter().collect();
    println!(
        "market_snapshots: {} records of {prices} recorded prices; {} items have none recorded",
        distinct.len(),
        snapshots.skipped
    );
    assert_eq!((distinct.len(), snapshots.ids.len()), (prices, prices));
}

struct Synced {
    ids: Vec<String>,
    skipped: usize,
}

async fn sync(replies: &BTreeMap<String, Reply>, stream: &str) -> Synced {
    let searches: Vec<String> = replies
        .keys()
        .filter_map(|path| path.strip_prefix("/api/v1/catalog {(\"query\", \""))
        .map(|rest| rest.trim_end_matches("\")}").to_owned())
        .collect();
    let regions: Vec<&str> = replies
        .keys()
        .filter_map(|path| path.split_once("{(\"region_id\", \""))
        .map(|(_, rest)| rest.trim_end_matches("\")}"))
        .collect();
    let settings = [
        ("watch", searches.join("\n")),
        ("regions", regions.join("\n")),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value));
    let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
    let transport = Arc::new(Replay(replies.clone()));
    let clock = Arc::new(TestClock::new(now));
    let ctx = Context::new(transport, clock, Arc::new(SeededEntropy::new(1)));
    let credential = AliasCredential::new("any".to_owned().into());
    let credential = OpaqueCredential::close(&credential).unwrap();
    let keeper = Arc::new(InMemoryKeeper::new(credential.clone()));
    let credential = VersionedCredential {
        credential,
        version: 1,
    };
    let (dialect, settings) = (Alias.dialect(), Settings(settings.into()));
    let exchange = Arc::new(NeverRenewed);
    let session = Session::open(
        "alias", dialect, ctx, credential, keeper, exchange, settings,
    )
    .unwrap();
    let pages = Alias.sync(session, SyncRequest::new(stream)).unwrap();
    let pages: Vec<Page> = pages.try_collect().await.unwrap();
    Synced {
        skipped: pages.iter().map(|page| page.skipped.len()).sum(),
        ids: pages
            .into_iter()
            .flat_map(|page| page.records)
            .map(|record| record.external_id)
            .collect(),
    }
}

/// Answers with what was recorded. Of the seller nothing was, so there are no listings.
#[derive(Debug)]
struct Replay(BTreeMap<String, Reply>);

#[async_trait]
impl Transport for Replay {
    async fn send(&self, request: Request) -> Result<Response> {
        let path = request.uri().path_and_query().unwrap().as_str();
        let reply = match self.0.get(&key(path)) {
            Some(reply) => reply.clone(),
            None if request.uri().path() == "/api/v1/listings" => {
                let body = json!({"listings": [], "pagination": {"has_more": false}});
                Reply {
                    status: 200,
                    body: body.to_string(),
                }
            }
            // Some searches had more pages than the first.
            None if path.contains("pagination_token=") => {
                let body = json!({"catalog_items": [], "has_more": false});
                Reply {
                    status: 200,
                    body: body.to_string(),
                }
            }
            None => {
                let body = json!({"code": 5, "message": "not recorded", "details": []});
                Reply {
                    status: 404,
                    body: body.to_string(),
                }
            }
        };
        Ok(response(&reply))
    }

    async fn fetch(&self, _request: Request) -> Result<Download> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "nothing was recorded of downloads",
        ))
    }
}

struct NeverRenewed;

#[async_trait]
impl Exchange for NeverRenewed {
    async fn exchange(&self, credential: &OpaqueCredential) -> Result<OpaqueCredential> {
        panic!("a token is never renewed: {credential:?}")
    }

    fn lost_reply(&self) -> LostReply {
        LostReply::Reconnect
    }
}
