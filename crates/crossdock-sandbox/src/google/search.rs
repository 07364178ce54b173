//! Search Console: sites, and what people searched for before they came.
//!
//! Days are Pacific days. `dataState` `final` (unless it is given) ends three days ago; `all` goes
//! up to today, with numbers that are still growing.
//! (Search Console API v1, and its guide on querying.)

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::platform::Call;
use crate::route::percent_decoded;
use crate::world::World;

use super::params::{PACIFIC, body, date, number, put, text, today};
use super::refusal::{Outcome, Refusal};
use super::series::{days, level, permille, ratio, settled};

/// How many days final data lie behind.
const FINAL_AFTER: TimeDelta = TimeDelta::days(3);

/// How many days of fresh data are incomplete, today included.
const INCOMPLETE: TimeDelta = TimeDelta::days(2);

static QUERIES: &[&str] = &[
    "bryllupsfotograf københavn",
    "portrætfotograf",
    "sandkasse studio",
    "brudekjole butik",
    "fotograf priser",
    "konfirmation kjole",
    "家族写真 コペンハーゲン",
    "robe de mariée ivoire",
    "wedding photographer denmark",
    "julegave gavekort foto",
];

static PAGES: &[&str] = &[
    "https://sandbox.example/",
    "https://sandbox.example/bryllup",
    "https://sandbox.example/portræt",
    "https://sandbox.example/shop/kjoler",
];

static COUNTRIES: &[(&str, u64)] = &[("dnk", 70), ("jpn", 20), ("civ", 10)];
static DEVICES: &[(&str, u64)] = &[("MOBILE", 65), ("DESKTOP", 30), ("TABLET", 5)];

/// What was counted of one search.
#[derive(Clone, Debug, Default)]
pub(super) struct Hit {
    /// `date`, `country` and so on. A hit without a `query` is one that is kept private.
    pub(super) dimensions: BTreeMap<String, String>,
    pub(super) clicks: f64,
    pub(super) impressions: f64,
    /// Positions added up over impressions.
    pub(super) positions: f64,
    /// The recorded report that it is from; empty where it is made up.
    pub(super) report: String,
}

/// A site that the user sees.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) permission: String,
    /// Impressions of a typical query on a typical day, in tenths.
    pub(super) weight: u64,
    /// What was recorded, in place of made-up numbers.
    pub(super) recorded: Option<Vec<Hit>>,
}

/// All sites, by address.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) sites: BTreeMap<String, Site>,
}

impl Search {
    /// Answers one call.
    pub(super) fn answer(&self, call: &Call<'_>, world: &World) -> Outcome<Value> {
        let rest = call.path.strip_prefix("/webmasters/v3/sites");
        let rest = rest.ok_or_else(|| Refusal::not_found("Method not found."))?;
        let segments: Vec<String> = rest
            .trim_start_matches('/')
            .split('/')
            .map(percent_decoded)
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (call.method.as_str(), segments.as_slice()) {
            ("GET", [""]) => {
                let entries: Vec<Value> = self.sites.iter().map(site_json).collect();
                let mut answer = json!({});
                put(
                    &mut answer,
                    "siteEntry",
                    (!entries.is_empty()).then_some(entries),
                );
                Ok(answer)
            }
            ("GET", [url]) => {
                let site = self.site(url)?;
                Ok(site_json((&(*url).to_owned(), site)))
            }
            ("POST", [url, "searchAnalytics", "query"]) => {
                let site = self.site(url)?;
                query(call, url, site, world)
            }
            _ => Err(Refusal::not_found("Method not found.")),
        }
    }

    fn site(&self, url: &str) -> Outcome<&Site> {
        self.sites.get(url).ok_or_else(|| {
            Refusal::forbidden(format!(
                "User does not have sufficient permission for site '{url}'."
            ))
        })
    }
}

fn site_json((url, site): (&String, &Site)) -> Value {
    json!({"siteUrl": url, "permissionLevel": site.permission})
}

/// What a query asks for.
struct Asked {
    first: NaiveDate,
    last: NaiveDate,
    dimensions: Vec<String>,
    filters: Vec<Value>,
    kind: String,
    fresh: bool,
    limit: usize,
    start: usize,
    by_page: bool,
}

/// An enum's value in the form that the guide uses: `BY_PAGE` and `byPage` are the same.
fn folded(text: &str) -> String {
    text.replace('_', "").to_lowercase()
}

impl Asked {
    fn read(call: &Call<'_>) -> Outcome<Self> {
        let fields = body(call)?;
        let day = |name: &str| {
            let written = text(&fields, name).unwrap_or_default();
            date(written).ok_or_else(|| {
                Refusal::parameter(
                    "invalidParameter",
                    name,
                    format!("Invalid {name}: it must be a date as YYYY-MM-DD."),
                )
            })
        };
        let (first, last) = (day("startDate")?, day("endDate")?);
        if first > last {
            return Err(Refusal::parameter(
                "invalidParameter",
                "endDate",
                "The end date must not be before the start date.",
            ));
        }
        let enums = |name: &str| folded(text(&fields, name).unwrap_or_default());
        let dimensions = dimensions(&fields)?;
        let limit = number(&fields, "rowLimit")?.unwrap_or(1_000);
        let start = number(&fields, "startRow")?.unwrap_or(0);
        if !(1..=25_000).contains(&limit) {
            return Err(Refusal::parameter(
                "invalidParameter",
                "rowLimit",
                "rowLimit must be from 1 to 25000.",
            ));
        }
        let filters: Vec<Value> = fields
            .get("dimensionFilterGroups")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|group| group.get("filters")?.as_array())
            .flatten()
            .cloned()
            .collect();
        let by_page = dimensions.iter().any(|name| name == "page")
            || filters.iter().any(|filter| filter_of(filter) == "page");
        match enums("aggregationType").as_str() {
            "" | "auto" | "bypage" => {}
            "byproperty" if !by_page => {}
            "byproperty" => {
                return Err(Refusal::parameter(
                    "invalidParameter",
                    "aggregationType",
                    "Results that are grouped or filtered by page can't be aggregated by property.",
                ));
            }
            other => return Err(unknown("aggregationType", other)),
        }
        let fresh = match enums("dataState").as_str() {
            "" | "final" => false,
            "all" => true,
            other => return Err(unknown("dataState", other)),
        };
        let kind = match (enums("type"), enums("searchType")) {
            (kind, _) if !kind.is_empty() => kind,
            (_, kind) if !kind.is_empty() => kind,
            _ => "web".to_owned(),
        };
        if !["web", "image", "video", "news", "discover", "googlenews"].contains(&kind.as_str()) {
            return Err(unknown("type", &kind));
        }
        Ok(Self {
            first,
            last,
            dimensions,
            filters,
            kind,
            fresh,
            limit: usize::try_from(limit).unwrap_or(0),
            start: usize::try_from(start).ok().ok_or_else(|| {
                Refusal::parameter(
                    "invalidParameter",
                    "startRow",
                    "startRow must not be negative.",
                )
            })?,
            by_page: by_page || enums("aggregationType") == "bypage",
        })
    }
}

fn unknown(name: &str, value: &str) -> Refusal {
    Refusal::parameter(
        "invalidParameter",
        name,
        format!("Invalid value at '{name}': \"{value}\""),
    )
}

fn dimensions(fields: &Map<String, Value>) -> Outcome<Vec<String>> {
    let list = fields.get("dimensions").and_then(Value::as_array);
    let mut names = Vec::new();
    for entry in list.into_iter().flatten() {
        let name = folded(entry.as_str().unwrap_or_default());
        if ![
            "date",
            "query",
            "page",
            "country",
            "device",
            "searchappearance",
        ]
        .contains(&name.as_str())
        {
            return Err(unknown("dimensions", &name));
        }
        if names.contains(&name) {
            return Err(Refusal::parameter(
                "invalidParameter",
                "dimensions",
                "A dimension is named twice.",
            ));
        }
        names.push(name);
    }
    Ok(names)
}

fn filter_of(filter: &Value) -> String {
    folded(
        filter
            .get("dimension")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}

fn passes(filter: &Value, hit: &Hit) -> bool {
    let text = |name: &str| filter.get(name).and_then(Value::as_str).unwrap_or_default();
    // A private search is in no filter by query, not even in one that excludes.
    let Some(held) = hit.dimensions.get(&filter_of(filter)) else {
        return false;
    };
    let (held, wanted) = (held.to_lowercase(), text("expression").to_lowercase());
    match folded(text("operator")).as_str() {
        "notequals" => held != wanted,
        "contains" => held.contains(&wanted),
        "notcontains" => !held.contains(&wanted),
        _ => held == wanted,
    }
}

/// `searchanalytics.query`.
fn query(call: &Call<'_>, url: &str, site: &Site, world: &World) -> Outcome<Value> {
    let asked = Asked::read(call)?;
    let now = world.now;
    let today = today(PACIFIC, now);
    let newest = if asked.fresh {
        today
    } else {
        today - FINAL_AFTER
    };
    let last = asked.last.min(newest);
    let hits: Vec<Hit> = match &site.recorded {
        Some(recorded) => recorded_hits(recorded, &asked),
        None => days(asked.first, last)
            .flat_map(|day| hits(url, site, day, &asked.kind, world.seed, now))
            .collect(),
    };
    let mut sums: BTreeMap<Vec<String>, Hit> = BTreeMap::new();
    for hit in hits {
        if !asked.filters.iter().all(|filter| passes(filter, &hit)) {
            continue;
        }
        let key: Option<Vec<String>> = asked
            .dimensions
            .iter()
            .map(|name| hit.dimensions.get(name).cloned())
            .collect();
        // A private search counts in totals, and in no row that names queries.
        let Some(key) = key else { continue };
        let sum = sums.entry(key).or_default();
        sum.clicks += hit.clicks;
        sum.impressions += hit.impressions;
        sum.positions += hit.positions;
    }
    let mut rows: Vec<(Vec<String>, Hit)> = sums.into_iter().collect();
    // By day the oldest first, otherwise the most clicks first.
    if !asked.dimensions.iter().any(|name| name == "date") {
        rows.sort_by(|one, two| two.1.clicks.total_cmp(&one.1.clicks));
    }
    let rows: Vec<Value> = rows
        .into_iter()
        .skip(asked.start)
        .take(asked.limit)
        .map(|(keys, sum)| row(&asked, keys, &sum))
        .collect();
    let aggregation = if asked.by_page {
        "byPage"
    } else {
        "byProperty"
    };
    let mut answer = json!({"responseAggregationType": aggregation});
    put(&mut answer, "rows", (!rows.is_empty()).then_some(rows));
    let incomplete = today - INCOMPLETE;
    let by_date = asked.dimensions.iter().any(|name| name == "date");
    if asked.fresh && by_date && asked.last >= incomplete && site.recorded.is_none() {
        let first = incomplete.max(asked.first).to_string();
        put(
            &mut answer,
            "metadata",
            Some(json!({"firstIncompleteDate": first})),
        );
    }
    Ok(answer)
}

fn row(asked: &Asked, keys: Vec<String>, sum: &Hit) -> Value {
    let (ctr, position) = if sum.impressions > 0.0 {
        (
            sum.clicks / sum.impressions,
            sum.positions / sum.impressions,
        )
    } else {
        (0.0, 0.0)
    };
    let mut row = json!({
        "clicks": sum.clicks, "impressions": sum.impressions, "ctr": ctr, "position": position,
    });
    put(
        &mut row,
        "keys",
        (!asked.dimensions.is_empty()).then_some(keys),
    );
    row
}

/// The recorded hits within a query's days: of the recorded report that groups by just what is
/// asked for, or by the fewest more.
fn recorded_hits(recorded: &[Hit], asked: &Asked) -> Vec<Hit> {
    let (first, last) = (asked.first.to_string(), asked.last.to_string());
    let fits = |hit: &&Hit| {
        asked
            .dimensions
            .iter()
            .all(|name| hit.dimensions.contains_key(name))
    };
    let best = recorded
        .iter()
        .filter(fits)
        .min_by_key(|hit| hit.dimensions.len())
        .map(|hit| hit.report.clone());
    recorded
        .iter()
        .filter(fits)
        .filter(|hit| best.as_ref() == Some(&hit.report) && asked.kind == "web")
        .filter(|hit| {
            let day = hit.dimensions.get("date");
            day.is_none_or(|day| *day >= first && *day <= last)
        })
        .cloned()
        .collect()
}

/// What was counted on a day, as it is known now.
fn hits(
    url: &str,
    site: &Site,
    day: NaiveDate,
    kind: &str,
    seed: u64,
    now: DateTime<Utc>,
) -> Vec<Hit> {
    let share = match kind {
        "web" => 100,
        "image" => 15,
        _ => return Vec::new(),
    };
    let known = settled(day, PACIFIC, now);
    let mut hits = Vec::new();
    // One more than there are queries: the searches that are kept private.
    for index in 0..=QUERIES.len() {
        let query = QUERIES.get(index);
        for (country, country_share) in COUNTRIES {
            for (device, device_share) in DEVICES {
                let name = query.copied().unwrap_or("(private)");
                let parts = ["search", url, kind, name, country, device];
                let typical = site.weight * share * country_share * device_share;
                let impressions = level(seed, day, &parts, typical) / 1_000_000 * known / 1_000;
                if impressions == 0 {
                    continue;
                }
                let draw = permille(seed, day, &parts);
                let clicks = impressions * (10 + draw % 140) / 1_000;
                let page = PAGES.get(index % PAGES.len()).copied().unwrap_or_default();
                let mut dimensions = BTreeMap::from([
                    ("date".to_owned(), day.to_string()),
                    ("page".to_owned(), page.to_owned()),
                    ("country".to_owned(), (*country).to_owned()),
                    ("device".to_owned(), (*device).to_owned()),
                ]);
                if let Some(query) = query {
                    dimensions.insert("query".to_owned(), (*query).to_owned());
                }
                hits.push(Hit {
                    dimensions,
                    clicks: ratio(clicks, 1),
                    impressions: ratio(impressions, 1),
                    positions: ratio(impressions * (1_500 + draw * 20), 1_000),
                    report: String::new(),
                });
            }
        }
    }
    hits
}
