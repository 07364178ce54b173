//! Numbers of the account and of pins by day. A day says how far its numbers can be trusted:
//! `PROCESSING` and `ESTIMATE` still change. (`user_account/analytics`, `pins/analytics` and
//! `multi_pins/analytics` of the description; which days are which is inferred.)

use std::collections::BTreeMap;

use chrono::NaiveDate;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::platform::Call;

use super::numbers::{age, count, float, ratio, settled};
use super::params::{self, NINETY, days};
use super::refusal::{Outcome, Refusal};
use super::{Data, set};

/// What is counted of an account.
const OF_ACCOUNT: &[&str] = &[
    "ENGAGEMENT",
    "ENGAGEMENT_RATE",
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "OUTBOUND_CLICK_RATE",
    "PIN_CLICK",
    "PIN_CLICK_RATE",
    "SAVE",
    "SAVE_RATE",
];

/// What is counted of a pin.
const OF_PIN: &[&str] = &[
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "PIN_CLICK",
    "SAVE",
    "SAVE_RATE",
    "TOTAL_COMMENTS",
    "TOTAL_REACTIONS",
    "USER_FOLLOW",
    "PROFILE_VISIT",
    "VIDEO_MRC_VIEW",
    "VIDEO_10S_VIEW",
    "QUARTILE_95_PERCENT_VIEW",
    "VIDEO_V50_WATCH_TIME",
    "VIDEO_START",
    "VIDEO_AVG_WATCH_TIME",
];

/// `GET /user_account/analytics`.
pub(super) fn of_account(data: &Data, call: &Call<'_>) -> Outcome<Value> {
    if data
        .account
        .get("account_type")
        .is_none_or(|kind| kind != "BUSINESS")
    {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            403,
            "Not authorized to access the user account analytics.",
        ));
    }
    // The other splits aren't emulated.
    if call
        .query("split_field")
        .is_some_and(|split| split != "NO_SPLIT")
    {
        return Err(Refusal::bad("Invalid user accounts analytics parameters."));
    }
    let wanted = metrics(call, OF_ACCOUNT)?;
    let wanted = if wanted.is_empty() {
        OF_ACCOUNT.iter().map(|name| (*name).to_owned()).collect()
    } else {
        wanted
    };
    let today = call.now.date_naive();
    let (first, last) = days(
        call.query("start_date"),
        call.query("end_date"),
        today,
        NINETY,
    )?;
    Ok(json!({"all": table(data, first, last, today, &wanted, None)}))
}

/// `GET /pins/{pin_id}/analytics`.
pub(super) fn of_pin(data: &Data, call: &Call<'_>, id: &str) -> Outcome<Value> {
    let id = params::id(id, "pin_id")?;
    one(data, call, id, || Refusal::gone(404, "Pin not found."))
}

/// `GET /pins/analytics`.
pub(super) fn of_pins(data: &Data, call: &Call<'_>) -> Outcome<Value> {
    let ids = params::list(call, "pin_ids");
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::parameter(
            "Invalid multi_pins analytics parameters.",
        ));
    }
    let mut pins = Map::new();
    for id in ids {
        let number = params::id(id, "pin_ids")?;
        let table = one(data, call, number, || Refusal::gone(50, "Pin not found."))?;
        pins.insert(id.to_owned(), table);
    }
    Ok(Value::Object(pins))
}

fn one(data: &Data, call: &Call<'_>, id: u64, missing: impl Fn() -> Refusal) -> Outcome<Value> {
    let pin = data.pins.get(&id).ok_or_else(missing)?;
    let wanted = metrics(call, OF_PIN)?;
    if wanted.is_empty() {
        return Err(Refusal::parameter("'metric_types' is required"));
    }
    let today = call.now.date_naive();
    let (first, last) = days(
        call.query("start_date"),
        call.query("end_date"),
        today,
        NINETY,
    )?;
    let mut table = table(data, first, last, today, &wanted, Some((id, pin)));
    let lifetime: BTreeMap<&str, u64> = ["TOTAL_COMMENTS", "TOTAL_REACTIONS"]
        .into_iter()
        .filter(|name| wanted.iter().any(|it| it == name))
        .map(|name| (name, id % 7))
        .collect();
    if !lifetime.is_empty() {
        set(&mut table, "lifetime_metrics", json!(lifetime));
    }
    Ok(json!({ "all": table }))
}

fn metrics(call: &Call<'_>, known: &[&str]) -> Outcome<Vec<String>> {
    let wanted = params::list(call, "metric_types");
    match wanted.iter().find(|name| !known.contains(name)) {
        Some(unknown) => Err(Refusal::parameter(format!(
            "'metric_types' value '{unknown}' is not one of its values"
        ))),
        None => Ok(wanted.into_iter().map(str::to_owned).collect()),
    }
}

/// The days and their sum.
fn table(
    data: &Data,
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
    wanted: &[String],
    pin: Option<(u64, &Value)>,
) -> Value {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    let mut rows = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        let (status, counts) = counted(data, day, today, pin);
        let mut shown = Map::new();
        for name in wanted {
            if let Some(value) = counts.get(name.as_str()) {
                shown.insert(name.clone(), json!(value));
                *sums.entry(name).or_default() += value;
            }
        }
        rows.push(json!({"date": day.to_string(), "data_status": status, "metrics": shown}));
    }
    for (name, of) in [
        ("ENGAGEMENT_RATE", "ENGAGEMENT"),
        ("OUTBOUND_CLICK_RATE", "OUTBOUND_CLICK"),
        ("PIN_CLICK_RATE", "PIN_CLICK"),
        ("SAVE_RATE", "SAVE"),
    ] {
        // A rate isn't the sum of rates; where what it is of wasn't asked for, none is told.
        let rate = match (sums.get(of), sums.get("IMPRESSION")) {
            (Some(part), Some(whole)) if *whole > 0.0 => Some(part / whole),
            _ => None,
        };
        match (sums.contains_key(name), rate) {
            (true, Some(rate)) => {
                sums.insert(name, rate);
            }
            (true, None) => {
                sums.remove(name);
            }
            (false, _) => {}
        }
    }
    json!({"summary_metrics": sums, "daily_metrics": rows})
}

/// A day's status and numbers.
fn counted(
    data: &Data,
    day: NaiveDate,
    today: NaiveDate,
    pin: Option<(u64, &Value)>,
) -> (&'static str, BTreeMap<String, f64>) {
    if pin.is_none()
        && let Some(recorded) = data.account_days.get(&day.to_string())
    {
        let metrics = recorded["metrics"].as_object().cloned().unwrap_or_default();
        let metrics = metrics.into_iter();
        return (
            "READY",
            metrics
                .filter_map(|(name, value)| Some((name, value.as_f64()?)))
                .collect(),
        );
    }
    if data.since.is_some_and(|since| day < since) {
        return ("BEFORE_BUSINESS_CREATED", BTreeMap::new());
    }
    let status = match age(day, today) {
        ..1 => return ("PROCESSING", BTreeMap::new()),
        1..3 => "ESTIMATE",
        _ => "READY",
    };
    let born = pin.and_then(|(_, pin)| pin["created_at"].as_str()?.get(..10)?.parse().ok());
    let silent = !data.made_up || born.is_some_and(|born: NaiveDate| day < born);
    let name = pin.map_or_else(|| "account".to_owned(), |(id, _)| id.to_string());
    let typical = match (silent, &pin) {
        (true, _) => 0,
        (false, None) => 4_000,
        (false, Some((id, _))) => 20 + id % 200,
    };
    let of = |part: &str, typical: u64| {
        count(data.seed, day, &[&name, part], typical) * settled(age(day, today)) / 1_000
    };
    let shown = of("impression", typical);
    let (clicks, outbound, saves) = (
        of("click", typical / 30),
        of("outbound", typical / 60),
        of("save", typical / 40),
    );
    let engaged = clicks + outbound + saves;
    let counts = [
        ("IMPRESSION", float(shown)),
        ("PIN_CLICK", float(clicks)),
        ("OUTBOUND_CLICK", float(outbound)),
        ("SAVE", float(saves)),
        ("ENGAGEMENT", float(engaged)),
        ("ENGAGEMENT_RATE", ratio(engaged, shown)),
        ("OUTBOUND_CLICK_RATE", ratio(outbound, shown)),
        ("PIN_CLICK_RATE", ratio(clicks, shown)),
        ("SAVE_RATE", ratio(saves, shown)),
    ];
    let counts = counts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    (status, counts.collect())
}
