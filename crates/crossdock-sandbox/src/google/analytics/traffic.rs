//! The visits of a property: made up cell by cell, where a cell is a source, a device and a country
//! on one day.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::Property;
use super::fields::Counts;
use crate::google::series::{converted, level, permille, settled};

/// Where visits come from.
struct Source {
    group: &'static str,
    source: &'static str,
    medium: &'static str,
    campaign: &'static str,
    campaign_id: &'static str,
    /// Against others, in hundredths.
    weight: u64,
}

const fn source(
    group: &'static str,
    source: &'static str,
    medium: &'static str,
    campaign: &'static str,
    campaign_id: &'static str,
    weight: u64,
) -> Source {
    Source {
        group,
        source,
        medium,
        campaign,
        campaign_id,
        weight,
    }
}

/// The campaign ids of paid search are those of the campaigns in Google Ads.
static SOURCES: &[Source] = &[
    source(
        "Organic Search",
        "google",
        "organic",
        "(organic)",
        "(not set)",
        300,
    ),
    source("Direct", "(direct)", "(none)", "(direct)", "(not set)", 220),
    source(
        "Paid Search",
        "google",
        "cpc",
        "Bryllup København",
        "20100000001",
        160,
    ),
    source(
        "Paid Search",
        "google",
        "cpc",
        "Brand – Sandkasse",
        "20100000002",
        90,
    ),
    source(
        "Paid Shopping",
        "google",
        "cpc",
        "Shopping 冬コレクション",
        "20100000009",
        80,
    ),
    source(
        "Paid Social",
        "instagram",
        "paid_social",
        "spring_lookbook",
        "238500001",
        70,
    ),
    source(
        "Organic Social",
        "instagram",
        "social",
        "(not set)",
        "(not set)",
        60,
    ),
    source(
        "Organic Social",
        "pinterest.com",
        "referral",
        "(referral)",
        "(not set)",
        40,
    ),
    source("Email", "newsletter", "email", "november_2026", "nl-11", 50),
    source(
        "Referral",
        "bryllupsklar.example",
        "referral",
        "(referral)",
        "(not set)",
        20,
    ),
];

static DEVICES: &[(&str, &str, u64)] = &[
    ("mobile", "Chrome", 60),
    ("desktop", "Safari", 33),
    ("tablet", "Safari", 7),
];

static COUNTRIES: &[(&str, &str, u64)] = &[
    ("Denmark", "DK", 62),
    ("Japan", "JP", 25),
    ("Côte d’Ivoire", "CI", 13),
];

static PAGES: &[&str] = &[
    "/",
    "/portræt",
    "/bryllup",
    "/shop/kjoler",
    "/book",
    "/blog/lys-om-vinteren",
];

/// One cell: where its visits come from, and what was counted.
#[derive(Debug)]
pub(super) struct Cell {
    day: NaiveDate,
    source: usize,
    device: usize,
    country: usize,
    page: usize,
    pub(super) counts: Counts,
}

/// Whether a day has so many pages that the lesser ones are summed up as `(other)`.
pub(super) fn has_other_row(day: NaiveDate) -> bool {
    day.day() == 13
}

/// All cells of a day as they are known now.
pub(super) fn cells(
    property: &Property,
    id: &str,
    day: NaiveDate,
    seed: u64,
    now: DateTime<Utc>,
) -> Vec<Cell> {
    let known = settled(day, property.zone, now);
    if known == 0 {
        return Vec::new();
    }
    let mut cells = Vec::new();
    for (source, from) in SOURCES.iter().enumerate() {
        for (device, (device_name, _, device_share)) in DEVICES.iter().enumerate() {
            for (country, (country_name, _, country_share)) in COUNTRIES.iter().enumerate() {
                let parts = [
                    "ga4",
                    id,
                    from.group,
                    from.source,
                    from.campaign,
                    device_name,
                    country_name,
                ];
                let typical = property.visits * from.weight * device_share * country_share;
                let final_visits = level(seed, day, &parts, typical) / 10_000_000;
                let sessions = final_visits * known / 1_000;
                if sessions == 0 {
                    continue;
                }
                let draw = permille(seed, day, &parts);
                let paid = from.medium == "cpc";
                let page = usize::try_from(draw).unwrap_or(0) % PAGES.len();
                let final_keys = final_visits * (20 + draw % 60) / 1_000;
                let key_events = (final_keys * converted(day, property.zone, now)).div_ceil(1_000);
                let transactions = key_events.div_ceil(2);
                let clicks = if paid { sessions + draw % 4 } else { 0 };
                cells.push(Cell {
                    day,
                    source,
                    device,
                    country,
                    page,
                    counts: Counts {
                        sessions,
                        engaged: sessions * (450 + draw % 400) / 1_000,
                        users: (sessions * (780 + draw % 200)).div_ceil(1_000),
                        new_users: sessions * (300 + draw % 350) / 1_000,
                        views: sessions * (1_200 + draw * 2) / 1_000,
                        events: sessions * (4_000 + draw * 5) / 1_000,
                        key_events,
                        carts: key_events + draw % 3,
                        transactions,
                        revenue: transactions * (18_000 + draw * 90),
                        seconds: sessions * (35 + draw % 120),
                        ad_clicks: clicks,
                        ad_impressions: clicks * (12 + draw % 30),
                        ad_cost: clicks * (40 + draw % 90),
                    },
                });
            }
        }
    }
    cells
}

impl Cell {
    /// What a dimension is for these visits.
    pub(super) fn dimension(&self, name: &str) -> String {
        let source = SOURCES.get(self.source);
        let of = |read: fn(&Source) -> &'static str| source.map_or("", read).to_owned();
        let device = DEVICES.get(self.device);
        let country = COUNTRIES.get(self.country);
        let paid = source.is_some_and(|source| source.medium == "cpc");
        match name {
            "date" => self.day.format("%Y%m%d").to_string(),
            "year" => self.day.year().to_string(),
            "month" => self.day.format("%m").to_string(),
            "dayOfWeek" => self.day.weekday().num_days_from_sunday().to_string(),
            "sessionDefaultChannelGroup"
            | "defaultChannelGroup"
            | "firstUserDefaultChannelGroup" => of(|it| it.group),
            "sessionSource" => of(|it| it.source),
            "sessionMedium" => of(|it| it.medium),
            "sessionSourceMedium" => {
                source.map_or_else(String::new, |it| format!("{} / {}", it.source, it.medium))
            }
            "sessionCampaignName" | "campaignName" => of(|it| it.campaign),
            "sessionCampaignId" => of(|it| it.campaign_id),
            "sessionGoogleAdsCampaignName" if paid => of(|it| it.campaign),
            "sessionGoogleAdsCampaignId" if paid => of(|it| it.campaign_id),
            "deviceCategory" => device.map_or("", |it| it.0).to_owned(),
            "browser" => device.map_or("", |it| it.1).to_owned(),
            "country" => country.map_or("", |it| it.0).to_owned(),
            "countryId" => country.map_or("", |it| it.1).to_owned(),
            "hostName" => "sandbox.example".to_owned(),
            "landingPage" | "pagePath" if has_other_row(self.day) && self.page > 2 => {
                "(other)".to_owned()
            }
            "landingPage" | "pagePath" => PAGES.get(self.page).copied().unwrap_or("/").to_owned(),
            "userGender" => ["female", "male", "unknown"]
                .get(self.page % 3)
                .copied()
                .unwrap_or("unknown")
                .to_owned(),
            "userAgeBracket" => ["25-34", "35-44", "unknown"]
                .get(self.source % 3)
                .copied()
                .unwrap_or("unknown")
                .to_owned(),
            _ => "(not set)".to_owned(),
        }
    }
}
