//! The numbers of campaigns, counted cell by cell: a campaign or ad group on one day, on one kind of
//! device. Conversions are credited to the day of the click and come in for thirty days.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde_json::Value;

use super::Account;
use crate::google::series::{converted, days, float, level, permille, ratio, settled};

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::google) struct Counts {
    pub(in crate::google) impressions: u64,
    pub(in crate::google) clicks: u64,
    pub(in crate::google) cost_micros: u64,
    pub(in crate::google) conversions: f64,
    pub(in crate::google) value: f64,
    /// Conversions by the day on which they happened: these don't move.
    pub(in crate::google) by_date: f64,
}

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
        self.impressions += other.impressions;
        self.clicks += other.clicks;
        self.cost_micros += other.cost_micros;
        self.conversions += other.conversions;
        self.value += other.value;
        self.by_date += other.by_date;
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// A metric as answers have it: whole numbers as texts.
    pub(super) fn metric(&self, name: &str) -> Option<Value> {
        let whole = |number: u64| Some(Value::from(number.to_string()));
        let share =
            |part: f64, whole: f64| Some(Value::from(if whole > 0.0 { part / whole } else { 0.0 }));
        let cost = float(self.cost_micros);
        let clicks = float(self.clicks);
        match name {
            "impressions" => whole(self.impressions),
            "clicks" | "interactions" => whole(self.clicks),
            "cost_micros" => whole(self.cost_micros),
            "view_through_conversions" => whole(self.impressions / 5_000),
            "conversions" | "all_conversions" => Some(self.conversions.into()),
            "conversions_value" | "all_conversions_value" => Some(self.value.into()),
            "conversions_by_conversion_date" | "all_conversions_by_conversion_date" => {
                Some(self.by_date.into())
            }
            "ctr" | "interaction_rate" => share(clicks, float(self.impressions)),
            "average_cpc" | "average_cost" => share(cost, clicks),
            "average_cpm" => share(cost * 1_000.0, float(self.impressions)),
            "cost_per_conversion" | "cost_per_all_conversions" => share(cost, self.conversions),
            "value_per_conversion" => share(self.value, self.conversions),
            "conversions_from_interactions_rate" => share(self.conversions, clicks),
            "conversions_value_per_cost" => share(self.value * 1_000_000.0, cost),
            _ => None,
        }
    }
}

/// One cell of a resource.
#[derive(Debug)]
pub(super) struct Cell {
    /// Which campaign or ad group, by its position.
    pub(super) entity: usize,
    day: NaiveDate,
    device: String,
    network: String,
    pub(super) counts: Counts,
}

/// One recorded row of numbers.
#[derive(Clone, Debug)]
pub(in crate::google) struct Recorded {
    /// `customer`, `campaign` or `ad_group`.
    pub(in crate::google) resource: &'static str,
    /// The id of what it counts.
    pub(in crate::google) entity: String,
    pub(in crate::google) day: NaiveDate,
    pub(in crate::google) device: String,
    pub(in crate::google) network: String,
    pub(in crate::google) counts: Counts,
}

impl Cell {
    /// What a segment is here.
    pub(super) fn segment(&self, name: &str) -> String {
        let first_of = |month: u32| {
            let first = NaiveDate::from_ymd_opt(self.day.year(), month, 1);
            first.unwrap_or(self.day).to_string()
        };
        match name {
            "date" => self.day.to_string(),
            "week" => self.day.week(chrono::Weekday::Mon).first_day().to_string(),
            "month" => first_of(self.day.month()),
            "quarter" => first_of(self.day.month0() / 3 * 3 + 1),
            "year" => self.day.year().to_string(),
            "day_of_week" => self.day.format("%A").to_string().to_uppercase(),
            "device" => self.device.clone(),
            _ => self.network.clone(),
        }
    }
}

fn text<'a>(fields: &'a super::Fields, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// All cells of a resource within some days.
pub(super) fn cells(
    account: &Account,
    resource: &str,
    (first, last): (NaiveDate, NaiveDate),
    seed: u64,
    now: DateTime<Utc>,
) -> Vec<Cell> {
    if let Some(recorded) = &account.recorded {
        let entities = match resource {
            "campaign" => &account.campaigns,
            _ => &account.groups,
        };
        let id = format!("{resource}.id");
        let inside = recorded
            .iter()
            .filter(|row| row.resource == resource && row.day >= first && row.day <= last);
        let cell = |row: &Recorded| {
            let entity = entities.iter().position(|it| text(it, &id) == row.entity);
            Some(Cell {
                entity: if resource == "customer" { 0 } else { entity? },
                day: row.day,
                device: row.device.clone(),
                network: row.network.clone(),
                counts: row.counts,
            })
        };
        return inside.filter_map(cell).collect();
    }
    let mut cells = Vec::new();
    for (index, campaign) in account.campaigns.iter().enumerate() {
        let name = text(campaign, "campaign.resource_name");
        let groups: Vec<usize> = account
            .groups
            .iter()
            .enumerate()
            .filter(|(_, group)| text(group, "ad_group.campaign") == name)
            .map(|(index, _)| index)
            .collect();
        let own: Vec<Option<usize>> = if groups.is_empty() {
            vec![None]
        } else {
            groups.into_iter().map(Some).collect()
        };
        for group in own {
            let entity = match (resource, group) {
                ("customer", _) => 0,
                ("campaign", _) => index,
                (_, Some(group)) => group,
                (_, None) => continue,
            };
            let part = group.and_then(|group| account.groups.get(group));
            let part = part.map_or("", |group| text(group, "ad_group.id"));
            count(account, campaign, part, (first, last), seed, now, |cell| {
                cells.push(Cell { entity, ..cell });
            });
        }
    }
    cells
}

/// Makes up a campaign's cells, or those of one of its ad groups.
fn count(
    account: &Account,
    campaign: &super::Fields,
    part: &str,
    (first, last): (NaiveDate, NaiveDate),
    seed: u64,
    now: DateTime<Utc>,
    mut add: impl FnMut(Cell),
) {
    let status = text(campaign, "campaign.status");
    let typical = match status {
        "ENABLED" => 260,
        "PAUSED" => 25,
        _ => 0,
    };
    let network = match text(campaign, "campaign.advertising_channel_type") {
        "SEARCH" | "SHOPPING" => "SEARCH",
        "VIDEO" => "YOUTUBE",
        _ => "CONTENT",
    };
    let id = text(campaign, "campaign.id");
    for day in days(first, last) {
        let known = settled(day, account.zone, now);
        if known == 0 {
            break;
        }
        for (device, share) in [("MOBILE", 65), ("DESKTOP", 30), ("TABLET", 5)] {
            let parts = ["ads", id, part, device];
            let impressions = level(seed, day, &parts, typical * share) / 100 * known / 1_000;
            if impressions == 0 {
                continue;
            }
            let draw = permille(seed, day, &parts);
            let clicks = impressions * (20 + draw % 60) / 1_000;
            // Conversions come in hundredths, as data-driven attribution gives them.
            let all = clicks * (30 + draw % 70) / 10;
            let hundredths = all * converted(day, account.zone, now) / 1_000;
            add(Cell {
                entity: 0,
                day,
                device: device.to_owned(),
                network: network.to_owned(),
                counts: Counts {
                    impressions,
                    clicks,
                    cost_micros: clicks * (account.click_cost / 1_000 * (500 + draw)),
                    conversions: ratio(hundredths, 100),
                    value: ratio(hundredths * (account.click_cost / 10_000) * 40, 10_000),
                    by_date: ratio(all * (800 + draw % 300) / 1_000, 100),
                },
            });
        }
    }
}
