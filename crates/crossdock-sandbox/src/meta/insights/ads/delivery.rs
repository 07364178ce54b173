//! What an ad delivered on a day, as it is known so far.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::super::graph::Node;
use crate::random::Random;

/// How long after a click or a view an action can come, by window, in days; and which share of all
/// actions comes within it, in percent.
const WINDOWS: &[(&str, i64, u64)] = &[
    ("1d_click", 1, 50),
    ("7d_click", 7, 80),
    ("28d_click", 28, 100),
    ("1d_view", 1, 12),
    ("1d_ev", 1, 4),
];

/// Sums over ads and days. Money is in the smallest unit of the currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Delivery {
    pub(super) impressions: u64,
    pub(super) reach: u64,
    pub(super) clicks: u64,
    pub(super) link_clicks: u64,
    pub(super) spend: u64,
    leads: u64,
    /// Purchases so far, by window.
    purchases: Vec<u64>,
    /// What a purchase was worth, summed up, by window.
    worth: Vec<u64>,
}

impl Delivery {
    /// An ad's day, as it is known on another.
    pub(super) fn of(ad: &Node, day: NaiveDate, today: NaiveDate, seed: u64) -> Self {
        let first = ad.time("created_time").map(|at| at.date_naive());
        let last = ad.time("_ended").map(|at| at.date_naive());
        let ran = first.is_some_and(|first| first <= day) && last.is_none_or(|last| day <= last);
        let mut random = Random::for_thing(seed, &["ad", &ad.id, &day.to_string()]);
        random.next();
        // Some days have no delivery at all.
        if !ran || random.chance(12) {
            return Self::default();
        }
        let age = (today - day).num_days();
        let whole = random.between(150, 2_500);
        // What turns out to be invalid traffic is taken out within three days.
        let impressions = if age < 3 { whole + whole / 40 } else { whole };
        let clicks = impressions * random.between(8, 30) / 1000;
        let link_clicks = clicks * 4 / 5;
        let all = random.between(0, 40);
        let price = random.between(4_000, 30_000);
        let purchases: Vec<u64> = WINDOWS
            .iter()
            .map(|(_, days, share)| {
                let come = u64::try_from(age.clamp(0, *days)).unwrap_or(0);
                let length = u64::try_from(*days).unwrap_or(1);
                all * share * come / (100 * length)
            })
            .collect();
        Self {
            impressions,
            reach: impressions * 4 / 5,
            clicks,
            link_clicks,
            spend: impressions * random.between(40, 110) / 100,
            leads: link_clicks / 9,
            worth: purchases.iter().map(|number| number * price).collect(),
            purchases,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.impressions += other.impressions;
        self.reach += other.reach;
        self.clicks += other.clicks;
        self.link_clicks += other.link_clicks;
        self.spend += other.spend;
        self.leads += other.leads;
        let sum = |own: &mut Vec<u64>, others: &[u64]| {
            own.resize(own.len().max(others.len()), 0);
            for (own, other) in own.iter_mut().zip(others) {
                *own += other;
            }
        };
        sum(&mut self.purchases, &other.purchases);
        sum(&mut self.worth, &other.worth);
    }

    /// A share of it, in hundredths of a percent.
    pub(super) fn part(&self, share: u64) -> Self {
        let part = |number: u64| number * share / 10_000;
        Self {
            impressions: part(self.impressions),
            reach: part(self.reach),
            clicks: part(self.clicks),
            link_clicks: part(self.link_clicks),
            spend: part(self.spend),
            leads: part(self.leads),
            purchases: self.purchases.iter().map(|number| part(*number)).collect(),
            worth: self.worth.iter().map(|number| part(*number)).collect(),
        }
    }

    /// `actions`: by type, with the windows that are asked for. Absent where there are none.
    pub(super) fn actions(&self, windows: &[String]) -> Option<Value> {
        let at_once = |number: u64| vec![number * 9 / 10, number, number, number / 20, 0];
        let all = [
            ("link_click", at_once(self.link_clicks)),
            ("lead", at_once(self.leads)),
            ("purchase", self.purchases.clone()),
        ];
        listed(&all, windows, |number| number.to_string())
    }

    /// `action_values`: what purchases were worth.
    pub(super) fn action_values(&self, windows: &[String], minor: bool) -> Option<Value> {
        let all = [("purchase", self.worth.clone())];
        listed(&all, windows, |amount| money(amount, minor))
    }
}

/// A list of actions: `value` is what counts by default, seven days after a click and one after a
/// view.
fn listed(
    all: &[(&str, Vec<u64>)],
    windows: &[String],
    written: impl Fn(u64) -> String,
) -> Option<Value> {
    let list: Vec<Value> = all
        .iter()
        .filter_map(|(action, counts)| {
            let of = |window: &str| {
                let index = WINDOWS.iter().position(|(name, _, _)| *name == window)?;
                counts.get(index).copied().filter(|count| *count > 0)
            };
            let usual = of("7d_click").unwrap_or(0) + of("1d_view").unwrap_or(0);
            let asked: Vec<(&String, u64)> = windows
                .iter()
                .filter_map(|window| Some((window, of(window)?)))
                .collect();
            if usual == 0 && asked.is_empty() {
                return None;
            }
            let mut one = json!({ "action_type": action, "value": written(usual) });
            if let Value::Object(one) = &mut one {
                for (window, count) in asked {
                    one.insert(window.clone(), written(count).into());
                }
            }
            Some(one)
        })
        .collect();
    (!list.is_empty()).then(|| list.into())
}

/// An amount in the currency's main unit: `12.34`, or `1234` where there is no smaller one.
pub(super) fn money(amount: u64, minor: bool) -> String {
    if minor {
        format!("{}.{:02}", amount / 100, amount % 100)
    } else {
        amount.to_string()
    }
}

/// `number / of * times`, with six decimals.
pub(super) fn ratio(number: u64, of: u64, times: u64) -> String {
    let millionths = number
        .saturating_mul(times)
        .saturating_mul(1_000_000)
        .checked_div(of)
        .unwrap_or(0);
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

/// What `times` of something cost, in the main unit.
pub(super) fn price(spend: u64, number: u64, times: u64, minor: bool) -> String {
    let units = if minor { 100 } else { 1 };
    ratio(spend, number.saturating_mul(units), times)
}
