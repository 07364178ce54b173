//! What others ask for what the account lists, marketplace by marketplace.
//!
//! Amazon answers for twenty products at once, and once in half a minute, which is longer than a
//! session waits: so the stream itself gives the time back between two calls. It first goes through
//! the listings for their products, so that none is asked about twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::model::Model;
use connector_core::{
    Batch, Change, ErrorKind, Next, PageStream, Record, Result, Skipped, SyncRequest,
};
use serde::{Deserialize, Serialize};

use super::{Restarts, listings};
use crate::api::{
    CompetitiveAnswer, CompetitiveQuestion, Entry, GetCompetitiveSummary, MOST_QUESTIONS,
    Marketplace,
};
use crate::map::{self, Mapped};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How long Amazon takes to allow one more call, and a little: 0.033 in a second.
const INTERVAL: Duration = Duration::from_secs(31);

/// What is always asked about. The conditions in which something is listed are too.
const ALWAYS: [&str; 2] = ["New", "Used"];

/// Where the snapshots stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// When Amazon was last asked.
    asked_at: Option<DateTime<Utc>>,
    /// The run that is under way.
    run: Option<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// The marketplaces that are left. The first is being read.
    left: Vec<String>,
    /// Where its listings stand; `None` when all of them were read.
    listings: Option<listings::Cursor>,
    /// The products that are left to ask about, and in which conditions.
    products: Products,
}

/// ASINs, each with the conditions to ask about.
type Products = BTreeMap<String, BTreeSet<String>>;

impl Run {
    fn new(left: Vec<String>) -> Self {
        Self {
            left,
            listings: Some(listings::Cursor::default()),
            products: BTreeMap::new(),
        }
    }

    /// Goes on to the next marketplace.
    fn next_marketplace(&mut self) {
        *self = Self::new(self.left.split_off(self.left.len().min(1)));
    }

    /// Notes the product of a listing.
    fn note(&mut self, record: Record) {
        let Change::Upsert(Model::Listing(listing)) = record.change else {
            return;
        };
        let Some(asin) = listing.product_external_id else {
            return;
        };
        let own = listing.condition.as_deref().and_then(map::market_condition);
        let conditions = ALWAYS.into_iter().chain(own).map(str::to_owned);
        self.products.entry(asin).or_default().extend(conditions);
    }

    /// Takes the products to ask about next.
    fn take(&mut self) -> Products {
        let first_of_the_rest = self.products.keys().nth(MOST_QUESTIONS).cloned();
        let rest = first_of_the_rest.map(|first| self.products.split_off(&first));
        std::mem::replace(&mut self.products, rest.unwrap_or_default())
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move { page(&seller, cursor.unwrap_or_default(), keep_raw, &restarts).await }
    })
}

async fn page(
    seller: &Seller,
    mut cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let markets = seller.markets().await?;
    let mut run = cursor
        .run
        .take()
        .unwrap_or_else(|| Run::new(markets.iter().map(|one| one.id.clone()).collect()));
    let current = run.left.first();
    let Some(market) = current.and_then(|id| markets.iter().find(|one| one.id == *id)) else {
        // There is none, or it was taken off the list in the middle.
        run.next_marketplace();
        return Ok(batch(Vec::new(), cursor, run));
    };
    if let Some(listings) = run.listings.take() {
        let here = std::slice::from_ref(market);
        let some = listings::page(seller, here, listings, false, restarts).await?;
        // What can't be read as a listing is told of where listings are synced.
        for record in some.records {
            run.note(record);
        }
        if some.next == Next::More {
            run.listings = Some(some.cursor);
        } else if run.products.is_empty() {
            run.next_marketplace();
        }
        return Ok(batch(Vec::new(), cursor, run));
    }
    if let Some(wait) = wait(cursor.asked_at, seller.now()) {
        cursor.run = Some(run);
        return Ok(Batch::new(Vec::new(), cursor, Next::After(wait)));
    }
    let asked = run.take();
    let mapped = match ask(seller, market, asked.clone(), keep_raw).await {
        // Another run has asked, or a call that failed has taken what there was.
        Err(error) if error.kind() == ErrorKind::RateLimited => {
            let wait = error.retry_after().unwrap_or(INTERVAL);
            run.products.extend(asked);
            cursor.run = Some(run);
            return Ok(Batch::new(Vec::new(), cursor, Next::After(wait)));
        }
        answer => answer?,
    };
    cursor.asked_at = Some(seller.now());
    if !run.products.is_empty() {
        cursor.run = Some(run);
        return Ok(Batch::mapped(mapped, cursor, Next::After(INTERVAL)));
    }
    run.next_marketplace();
    Ok(batch(mapped, cursor, run))
}

fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, run: Run) -> Batch<Cursor> {
    let next = if run.left.is_empty() {
        Next::Done
    } else {
        cursor.run = Some(run);
        Next::More
    };
    Batch::mapped(mapped, cursor, next)
}

/// How long Amazon is not to be asked.
fn wait(asked_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Duration> {
    let passed = (now - asked_at?).to_std().unwrap_or_default();
    INTERVAL.checked_sub(passed).filter(|wait| !wait.is_zero())
}

/// Asks about some products. Each gives its snapshots, or the reason why there are none.
async fn ask(
    seller: &Seller,
    market: &Marketplace,
    mut products: Products,
    keep_raw: bool,
) -> Result<Vec<Mapped>> {
    let requests = products.iter().map(|(asin, conditions)| {
        let conditions = conditions.iter().cloned().collect();
        CompetitiveQuestion::new(asin.clone(), market.id.clone(), conditions)
    });
    let requests = requests.collect();
    let answers = seller.call(GetCompetitiveSummary { requests }).await?;
    let mut mapped = Vec::new();
    for entry in answers.responses {
        mapped.extend(snapshots(entry, &mut products, keep_raw));
    }
    let unanswered = products.into_keys().map(|asin| {
        let id = format!("{}/{asin}", market.id);
        Err(Skipped::new(
            &id,
            "Amazon was asked about it, and doesn't answer",
        ))
    });
    mapped.extend(unanswered);
    Ok(mapped)
}

/// The snapshots of one answer, whose product is taken off the list. What was not asked is none.
fn snapshots(
    entry: Entry<CompetitiveAnswer>,
    products: &mut Products,
    keep_raw: bool,
) -> Vec<Mapped> {
    let conditions = match entry.value() {
        Ok(answer) => match products.remove(&answer.body.asin) {
            Some(conditions) => conditions,
            None => return Vec::new(),
        },
        Err(_) => BTreeSet::new(),
    };
    entry.map_many(&["asin"], keep_raw, |answer| {
        map::snapshots(&answer, &conditions)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_asked_about_by_the_twenty_and_each_once() {
        let mut run = Run::new(Vec::new());
        let conditions: BTreeSet<String> = [String::from("New")].into();
        for number in 0..45 {
            let asin = format!("B{number:09}");
            run.products.insert(asin, conditions.clone());
        }
        let sizes = [(); 4].map(|()| run.take().len());
        assert_eq!(sizes, [20, 20, 5, 0]);
    }

    #[test]
    fn amazon_is_asked_once_in_half_a_minute() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(wait(None, now), None);
        assert_eq!(wait(Some(now), now), Some(INTERVAL));
        assert_eq!(
            wait(Some(now), now + Duration::from_secs(30)),
            Some(Duration::from_secs(1))
        );
        assert_eq!(wait(Some(now), now + INTERVAL), None);
    }
}
