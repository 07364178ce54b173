//! `GET_SALES_AND_TRAFFIC_REPORT`: made-up figures for every day until yesterday.
//!
//! The last two days before a report is asked for are not settled: they show less than they will,
//! so that whoever reads them again finds them restated.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use crate::random::Random;

use super::super::account::Account;
use super::super::hosts::marketplace;
use super::super::money::Money;
use super::super::params::text;
use super::super::refusal::{Outcome, Refusal};

/// How many items are told of by themselves.
const ITEMS: usize = 12;

/// How far back figures go: as if the shop had opened then.
const HISTORY: TimeDelta = TimeDelta::days(180);

/// How figures are put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    dates: &'static str,
    items: &'static str,
}

impl Options {
    /// Reads the options of a report's body.
    pub(super) fn read(body: &Value) -> Outcome<Self> {
        let option = |name: &str, known: &[&'static str]| {
            let first = known.first().copied().unwrap_or_default();
            let Some(asked) = text(body, &format!("/reportOptions/{name}")) else {
                return Ok(first);
            };
            known
                .iter()
                .copied()
                .find(|word| *word == asked)
                .ok_or_else(|| Refusal::input(format!("{asked} is no value of {name}.")))
        };
        Ok(Self {
            dates: option("dateGranularity", &["DAY", "WEEK", "MONTH"])?,
            items: option("asinGranularity", &["PARENT", "CHILD", "SKU"])?,
        })
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    sales: i64,
    units: i64,
    items: i64,
    refunded: i64,
    sessions: i64,
    views: i64,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.sales += other.sales;
        self.units += other.units;
        self.items += other.items;
        self.refunded += other.refunded;
        self.sessions += other.sessions;
        self.views += other.views;
    }

    /// The share of one of several, so that the shares of all are the whole.
    fn share(self, index: i64, of: i64) -> Self {
        let part = |whole: i64| whole / of + i64::from(index < whole % of);
        Self {
            sales: part(self.sales),
            units: part(self.units),
            items: part(self.items),
            refunded: part(self.refunded),
            sessions: part(self.sessions),
            views: part(self.views),
        }
    }
}

/// One day's figures in a marketplace.
fn figures(seed: u64, marketplace: &str, day: NaiveDate, today: NaiveDate) -> Figures {
    let mut random = Random::for_thing(seed, &["amazon sales", marketplace, &day.to_string()]);
    let mut number = |low, high| i64::try_from(random.between(low, high)).unwrap_or(0);
    let units = number(0, 40);
    let sessions = units * number(8, 15) + number(20, 60);
    let whole = Figures {
        sales: units * number(1_500, 6_000),
        units,
        items: units - units / 10,
        refunded: units / 20,
        sessions,
        views: sessions * number(11, 19) / 10,
    };
    // Four fifths of yesterday are known, and nine tenths of the day before.
    let known = match (today - day).num_days() {
        1 => 8,
        2 => 9,
        _ => 10,
    };
    let part = |whole: i64| whole * known / 10;
    Figures {
        sales: part(whole.sales),
        units: part(whole.units),
        items: part(whole.items),
        refunded: part(whole.refunded),
        sessions: part(whole.sessions),
        views: part(whole.views),
    }
}

/// The report of some days; nothing where none of them has figures.
pub(super) fn report(
    account: &Account,
    marketplaces: &[&'static str],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    options: Options,
    (seed, now): (u64, DateTime<Utc>),
) -> Option<Value> {
    let home = marketplace(marketplaces.first()?)?;
    let today = now.date_naive();
    let first = from.max(now - HISTORY).date_naive();
    let last = to.date_naive().min(today.checked_sub_days(Days::new(1))?);
    let mut total = Figures::default();
    let mut periods: Vec<(NaiveDate, Figures)> = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        let of_day = figures(seed, home.id, day, today);
        total.add(of_day);
        let begins = match options.dates {
            "WEEK" => day.week(Weekday::Sun).first_day(),
            "MONTH" => day.with_day(1).unwrap_or(day),
            _ => day,
        };
        match periods.last_mut() {
            Some((begun, figures)) if *begun == begins => figures.add(of_day),
            _ => periods.push((begins, of_day)),
        }
    }
    if periods.is_empty() {
        return None;
    }
    let money = |minor| Money::new(minor, home.currency);
    let by_date: Vec<Value> = periods
        .iter()
        .map(|(day, figures)| of_date(*day, *figures, &money))
        .collect();
    let mut told = BTreeSet::new();
    let sold: Vec<(&str, &str)> = account
        .listings
        .iter()
        .filter_map(|(sku, listing)| {
            let asin = text(listing.summary(home.id)?, "/asin")?;
            Some((sku.as_str(), asin))
        })
        // Several offers of one item are told apart only where the report is by SKU.
        .filter(|(_, asin)| options.items == "SKU" || told.insert(*asin))
        .take(ITEMS)
        .collect();
    let count = i64::try_from(sold.len()).unwrap_or(1).max(1);
    let by_asin: Vec<Value> = (0..count)
        .zip(&sold)
        .map(|(index, (sku, asin))| {
            of_asin(sku, asin, total.share(index, count), total, options, &money)
        })
        .collect();
    Some(json!({
        "reportSpecification": {
            "reportType": super::SALES,
            "reportOptions": {
                "dateGranularity": options.dates,
                "asinGranularity": options.items,
            },
            "dataStartTime": from.date_naive().to_string(),
            "dataEndTime": to.date_naive().to_string(),
            "marketplaceIds": [home.id],
        },
        "salesAndTrafficByDate": by_date,
        "salesAndTrafficByAsin": by_asin,
    }))
}

/// Hundredths of a part in a whole, as a percentage with two decimals.
fn percent(part: i64, whole: i64) -> Value {
    Money::new(part.saturating_mul(10_000) / whole.max(1), "").number()
}

/// A quotient with two decimals.
fn average(sum: i64, count: i64) -> Value {
    Money::new(sum.saturating_mul(100) / count.max(1), "").number()
}

fn of_date(day: NaiveDate, figures: Figures, money: &dyn Fn(i64) -> Money) -> Value {
    let Figures {
        sales,
        units,
        items,
        refunded,
        sessions,
        views,
    } = figures;
    json!({
        "date": day.to_string(),
        "salesByDate": {
            "orderedProductSales": money(sales).numeric(),
            "unitsOrdered": units,
            "totalOrderItems": items,
            "averageSalesPerOrderItem": money(sales / items.max(1)).numeric(),
            "averageUnitsPerOrderItem": average(units, items),
            "averageSellingPrice": money(sales / units.max(1)).numeric(),
            "unitsRefunded": refunded,
            "refundRate": percent(refunded, units),
            "claimsGranted": 0,
            "claimsAmount": money(0).numeric(),
            "shippedProductSales": money(sales).numeric(),
            "unitsShipped": units,
            "ordersShipped": items,
        },
        "trafficByDate": {
            "browserPageViews": views - views / 3,
            "mobileAppPageViews": views / 3,
            "pageViews": views,
            "browserSessions": sessions - sessions / 3,
            "mobileAppSessions": sessions / 3,
            "sessions": sessions,
            "buyBoxPercentage": percent(9, 10),
            "orderItemSessionPercentage": percent(items, sessions),
            "unitSessionPercentage": percent(units, sessions),
            "averageOfferCount": 60,
            "averageParentItems": 60,
            "feedbackReceived": 0,
            "negativeFeedbackReceived": 0,
            "receivedNegativeFeedbackRate": percent(0, 1),
        },
    })
}

fn of_asin(
    sku: &str,
    asin: &str,
    figures: Figures,
    total: Figures,
    options: Options,
    money: &dyn Fn(i64) -> Money,
) -> Value {
    let Figures {
        sales,
        units,
        items,
        sessions,
        views,
        ..
    } = figures;
    let browser = |all: i64| all - all / 3;
    let mut json = json!({
        "parentAsin": asin,
        "salesByAsin": {
            "unitsOrdered": units,
            "orderedProductSales": money(sales).numeric(),
            "totalOrderItems": items,
        },
        "trafficByAsin": {
            "browserSessions": browser(sessions),
            "mobileAppSessions": sessions / 3,
            "sessions": sessions,
            "browserSessionPercentage": percent(browser(sessions), browser(total.sessions)),
            "mobileAppSessionPercentage": percent(sessions / 3, total.sessions / 3),
            "sessionPercentage": percent(sessions, total.sessions),
            "browserPageViews": browser(views),
            "mobileAppPageViews": views / 3,
            "pageViews": views,
            "browserPageViewsPercentage": percent(browser(views), browser(total.views)),
            "mobileAppPageViewsPercentage": percent(views / 3, total.views / 3),
            "pageViewsPercentage": percent(views, total.views),
            "buyBoxPercentage": percent(9, 10),
            "unitSessionPercentage": percent(units, sessions),
        },
    });
    if let Some(json) = json.as_object_mut() {
        if options.items != "PARENT" {
            json.insert("childAsin".to_owned(), asin.into());
        }
        if options.items == "SKU" {
            json.insert("sku".to_owned(), sku.into());
        }
    }
    json
}
