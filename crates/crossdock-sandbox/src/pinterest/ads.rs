//! Ad accounts, campaigns, and their numbers at once. (`ad_accounts/*`, `campaigns/*` of the
//! description.)

use chrono::NaiveDate;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::platform::Call;

use super::Data;
use super::numbers::{age, converted, count, float, settled};
use super::paging::{Order, PLAIN, page};
use super::params::{self, NINETY, days};
use super::refusal::{Outcome, Refusal};
use super::reports::Reports;

/// Answers one operation below `/ad_accounts`.
pub(super) fn answer(
    data: &Data,
    reports: &mut Reports,
    call: &Call<'_>,
    path: &[&str],
) -> Outcome<Value> {
    let [account, rest @ ..] = path else {
        let accounts = data.ad_accounts.iter().map(|(id, it)| (*id, it));
        return page(accounts, PLAIN, call);
    };
    let found = account
        .parse()
        .ok()
        .and_then(|id: u64| data.ad_accounts.get(&id));
    let found = found.ok_or_else(|| {
        let status = StatusCode::FORBIDDEN;
        Refusal::new(status, 29, "You are not permitted to access that resource.")
    })?;
    match rest {
        [] => Ok(found.clone()),
        ["campaigns"] => campaigns(data, call, account),
        ["campaigns", "analytics"] => {
            let ids = params::list(call, "campaign_ids");
            if ids.is_empty() || ids.len() > 250 {
                let text = "Invalid ad account campaign analytics parameters.";
                return Err(Refusal::bad(text));
            }
            at_once(data, call, account, "CAMPAIGN", &ids)
        }
        ["analytics"] => at_once(data, call, account, "ADVERTISER", &[]),
        ["campaigns", id] => data
            .campaigns
            .get(&params::id(id, "campaign_id")?)
            .filter(|campaign| campaign["ad_account_id"] == *account)
            .cloned()
            .ok_or_else(|| Refusal::gone(404, "Campaign not found.")),
        ["reports"] if call.method == Method::POST => reports.order(data, call, account),
        ["reports"] => reports.state(call, account),
        _ => Err(Refusal::no_such(call)),
    }
}

fn campaigns(data: &Data, call: &Call<'_>, account: &str) -> Outcome<Value> {
    let statuses = params::list(call, "entity_statuses");
    let known = ["ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT"];
    if statuses.iter().any(|status| !known.contains(status)) {
        return Err(Refusal::bad("Invalid ad account campaign parameters."));
    }
    let statuses = if statuses.is_empty() {
        vec!["ACTIVE", "PAUSED"]
    } else {
        statuses
    };
    let ids = params::list(call, "campaign_ids");
    let chosen = data.campaigns.iter().filter(|(_, campaign)| {
        let text = |name: &str| campaign[name].as_str().unwrap_or_default();
        text("ad_account_id") == account
            && statuses.contains(&text("status"))
            && (ids.is_empty() || ids.contains(&text("id")))
    });
    let order = Order {
        newest_first: call.query("order") == Some("DESCENDING"),
        ..PLAIN
    };
    page(chosen.map(|(id, it)| (*id, it)), order, call)
}

/// Rows that are answered at once: ninety days back.
fn at_once(
    data: &Data,
    call: &Call<'_>,
    account: &str,
    level: &str,
    ids: &[&str],
) -> Outcome<Value> {
    let today = call.now.date_naive();
    let range = days(
        call.query("start_date"),
        call.query("end_date"),
        today,
        NINETY,
    )?;
    let columns = params::list(call, "columns");
    let grain = call
        .query("granularity")
        .ok_or_else(|| Refusal::bad("'granularity' is required"))?;
    let asked = Asked {
        account,
        level,
        grain,
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        range,
    };
    Ok(Value::Array(
        asked
            .rows(data, today)?
            .into_iter()
            .map(|(_, row)| row)
            .collect(),
    ))
}

/// What rows are asked for.
pub(super) struct Asked<'a> {
    pub(super) account: &'a str,
    /// `ADVERTISER` or `CAMPAIGN`: the others aren't emulated.
    pub(super) level: &'a str,
    /// `DAY` or `TOTAL`: the others aren't emulated.
    pub(super) grain: &'a str,
    pub(super) columns: Vec<String>,
    /// Campaigns; all where there is none.
    pub(super) ids: Vec<String>,
    pub(super) range: (NaiveDate, NaiveDate),
}

impl Asked<'_> {
    /// The rows, with the id of what each is about. What wasn't delivered has no row.
    pub(super) fn rows(&self, data: &Data, today: NaiveDate) -> Outcome<Vec<(String, Value)>> {
        let form = |column: &String| {
            let letter = |letter: char| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            };
            !column.is_empty() && column.chars().all(letter)
        };
        if self.columns.is_empty() || !self.columns.iter().all(form) {
            return Err(Refusal::bad("Invalid ad account ads analytics parameters."));
        }
        if !matches!(self.level, "ADVERTISER" | "CAMPAIGN")
            || !matches!(self.grain, "DAY" | "TOTAL")
        {
            return Err(Refusal::bad("Invalid ad account ads analytics parameters."));
        }
        let mut sums: Vec<((String, Option<String>), Tally)> = Vec::new();
        for (id, campaign) in &data.campaigns {
            let name = id.to_string();
            if campaign["ad_account_id"] != self.account
                || (!self.ids.is_empty() && !self.ids.contains(&name))
            {
                continue;
            }
            let days = self.range.0.iter_days();
            for day in days.take_while(|day| *day <= self.range.1) {
                let Some(tally) = Tally::of(data, *id, campaign, day, today) else {
                    continue;
                };
                let subject = if self.level == "CAMPAIGN" {
                    name.clone()
                } else {
                    self.account.to_owned()
                };
                let key = (subject, (self.grain == "DAY").then(|| day.to_string()));
                match sums.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, sum)) => sum.add(&tally),
                    None => sums.push((key, tally)),
                }
            }
        }
        Ok(sums
            .into_iter()
            .map(|((subject, day), tally)| {
                let row = self.row(data, &subject, day.as_deref(), &tally);
                (subject, row)
            })
            .collect())
    }

    fn row(&self, data: &Data, subject: &str, day: Option<&str>, tally: &Tally) -> Value {
        let mut row = Map::new();
        let campaign = subject
            .parse()
            .ok()
            .and_then(|id: u64| data.campaigns.get(&id));
        if self.level == "CAMPAIGN" {
            row.insert("CAMPAIGN_ID".to_owned(), json!(subject));
        } else {
            row.insert("AD_ACCOUNT_ID".to_owned(), json!(self.account));
        }
        if let Some(day) = day {
            row.insert("DATE".to_owned(), json!(day));
        }
        for column in &self.columns {
            // A column without a value is left out, and so is one that isn't emulated.
            let value = match column.as_str() {
                "AD_ACCOUNT_ID" | "ADVERTISER_ID" => json!(self.account),
                "CAMPAIGN_NAME" => campaign.map_or(Value::Null, |it| it["name"].clone()),
                name => tally.of_column(name).map_or(Value::Null, Value::from),
            };
            if !value.is_null() {
                row.insert(column.clone(), value);
            }
        }
        Value::Object(row)
    }
}

/// What was counted of a campaign.
#[derive(Clone, Debug, Default)]
struct Tally {
    spend: u64,
    shown: u64,
    clicks: u64,
    outbound: u64,
    engaged: u64,
    conversions: u64,
    checkouts: u64,
    value: u64,
    recorded: Map<String, Value>,
}

impl Tally {
    fn of(
        data: &Data,
        id: u64,
        campaign: &Value,
        day: NaiveDate,
        today: NaiveDate,
    ) -> Option<Self> {
        if let Some(row) = data.campaign_rows.get(&(id, day.to_string())) {
            return Some(Self {
                recorded: row.as_object().cloned()?,
                ..Self::default()
            });
        }
        let age = age(day, today);
        let delivers = campaign["status"] == "ACTIVE" || id.is_multiple_of(5);
        let draft = matches!(campaign["status"].as_str(), Some("DRAFT" | "DELETED_DRAFT"));
        if !data.made_up || age < 0 || !delivers || draft {
            return None;
        }
        let name = id.to_string();
        let of = |part: &str, typical: u64| count(data.seed, day, &[&name, part], typical);
        let zero_decimal = campaign["ad_account_id"]
            .as_str()
            .and_then(|account| data.ad_accounts.get(&account.parse::<u64>().ok()?))
            .is_some_and(|account| account["currency"] == "JPY");
        let unit = if zero_decimal { 1_000_000 } else { 10_000 };
        let whole = |share: u64| share * unit;
        let shown = of("shown", 3_000) * settled(age) / 1_000;
        let checkouts = of("checkout", 8) * converted(age) / 1_000;
        Some(Self {
            spend: whole(of("spend", 2_500) * settled(age) / 1_000),
            shown,
            clicks: shown / 40,
            outbound: shown / 70,
            engaged: shown / 25,
            conversions: checkouts + of("signup", 3) * converted(age) / 1_000,
            checkouts,
            value: whole(checkouts * 4_900),
            recorded: Map::new(),
        })
    }

    fn add(&mut self, other: &Self) {
        self.spend += other.spend;
        self.shown += other.shown;
        self.clicks += other.clicks;
        self.outbound += other.outbound;
        self.engaged += other.engaged;
        self.conversions += other.conversions;
        self.checkouts += other.checkouts;
        self.value += other.value;
    }

    fn of_column(&self, column: &str) -> Option<f64> {
        if !self.recorded.is_empty() {
            return self.recorded.get(column)?.as_f64();
        }
        let count = match column {
            "SPEND_IN_MICRO_DOLLAR" => self.spend,
            "TOTAL_IMPRESSION" | "PAID_IMPRESSION" => self.shown,
            "TOTAL_CLICKTHROUGH" => self.clicks,
            "OUTBOUND_CLICK_1" => self.outbound,
            "TOTAL_ENGAGEMENT" => self.engaged,
            "TOTAL_CONVERSIONS" => self.conversions,
            "TOTAL_CHECKOUT" => self.checkouts,
            "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR" => self.value,
            _ => return None,
        };
        Some(float(count))
    }
}
