//! Sums of what was measured: by day and by common name, over all platforms or one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{QueryResult, Value};
use serde::Serialize;

use crate::db::{Ask as _, get, text};
use crate::error::Result;
use crate::store::ProjectStore;

/// What is measured, and the table of each.
const TABLES: [(MetricSubject, &str); 3] = [
    (MetricSubject::Account, "metrics"),
    (MetricSubject::Content, "content_metrics"),
    (MetricSubject::Advertising, "ad_metrics"),
];

/// People, whom each platform counts anew for each day and each split: their sum is no number of
/// anything. A person who comes for the first time does so once.
const PEOPLE: &str = "'reach', 'users', 'followers'";

/// Which sums.
#[derive(Clone, Debug)]
pub struct MetricQuery {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Only this platform's.
    pub platform: Option<String>,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricSubject {
    /// An account as a whole: a site, a shop, a profile.
    Account,
    /// What a merchant published.
    Content,
    /// What a merchant advertised with.
    Advertising,
}

impl MetricSubject {
    /// Its word, as JSON has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Content => "content",
            Self::Advertising => "advertising",
        }
    }
}

/// The sums of one common name, day by day.
///
/// Counts and money alone are summed, each currency and each attribution window by itself. Ratios and
/// places in a list are not, and nor are people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricSeries {
    /// Of what.
    pub of: MetricSubject,
    /// The common name.
    pub common: String,
    /// The currency of money, which is in its main unit; `None` for a count.
    pub currency: Option<String>,
    /// Which actions count towards it, in the platform's words; `None` where nothing is attributed.
    pub attribution_window: Option<String>,
    /// The platforms that gave it, by their ids.
    pub platforms: Vec<String>,
    /// The sum of all days.
    pub total: f64,
    /// The days of which there is a number, in order.
    pub days: Vec<MetricDay>,
}

/// One day's sum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MetricDay {
    /// The day, as the platforms cut days.
    pub date: NaiveDate,
    /// The sum.
    pub value: f64,
    /// Whether a platform will still change a part of it.
    pub provisional: bool,
}

impl ProjectStore {
    /// The sums of what was measured on these days. Where a stream has a number both as a whole and
    /// split, the whole counts, and not its parts a second time.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn metric_series(&self, query: &MetricQuery) -> Result<Vec<MetricSeries>> {
        self.exists().await?;
        let mut all = Vec::new();
        for (of, table) in TABLES {
            all.extend(series(of, self.parts(table, query).await?));
        }
        Ok(all)
    }

    /// What the days' sums are made of, already summed over what has the same name in a stream.
    async fn parts(&self, table: &str, query: &MetricQuery) -> Result<Vec<Part>> {
        let mut values = vec![
            self.own(),
            Value::ChronoDate(Some(query.from)),
            Value::ChronoDate(Some(query.to)),
        ];
        let mut only = "";
        if let Some(platform) = &query.platform {
            values.push(text(platform));
            only = "AND c.platform = $4 ";
        }
        let sql = format!(
            "SELECT c.platform, t.connection_id, t.stream, t.name, t.date, t.common, t.currency, \
             t.attribution_window, \
             CAST(CASE WHEN CAST(t.dimensions AS text) = '{{}}' THEN 1 ELSE 0 END AS bigint) AS whole, \
             SUM(t.value) AS value, \
             CAST(MAX(CASE WHEN t.provisional THEN 1 ELSE 0 END) AS bigint) AS provisional \
             FROM {table} t JOIN platform_connections c ON c.id = t.connection_id \
             WHERE t.project_id = $1 AND t.date >= $2 AND t.date <= $3 {only}\
             AND t.gone_at IS NULL AND t.common IS NOT NULL AND t.common NOT IN ({PEOPLE}) \
             AND t.unit IN ('count', 'money') \
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"
        );
        let rows = self.db.all(&sql, values).await?;
        rows.iter().map(Part::read).collect()
    }
}

/// One number of one stream's day.
#[derive(Clone, Debug)]
struct Part {
    platform: String,
    whole_of: Whole,
    common: String,
    is_whole: bool,
    value: f64,
    is_provisional: bool,
}

/// What a split number is a split of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Whole {
    connection: String,
    stream: String,
    name: String,
    date: NaiveDate,
    currency: Option<String>,
    attribution_window: Option<String>,
}

impl Part {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            platform: get(row, "platform")?,
            whole_of: Whole {
                connection: get(row, "connection_id")?,
                stream: get(row, "stream")?,
                name: get(row, "name")?,
                date: get(row, "date")?,
                currency: get(row, "currency")?,
                attribution_window: get(row, "attribution_window")?,
            },
            common: get(row, "common")?,
            is_whole: get::<i64>(row, "whole")? == 1,
            value: get(row, "value")?,
            is_provisional: get::<i64>(row, "provisional")? == 1,
        })
    }
}

fn series(of: MetricSubject, parts: Vec<Part>) -> Vec<MetricSeries> {
    let wholes: BTreeSet<Whole> = parts
        .iter()
        .filter(|part| part.is_whole)
        .map(|part| part.whole_of.clone())
        .collect();
    let mut sums: BTreeMap<_, (BTreeSet<String>, BTreeMap<NaiveDate, MetricDay>)> = BTreeMap::new();
    for part in parts {
        if !part.is_whole && wholes.contains(&part.whole_of) {
            continue;
        }
        let Whole {
            date,
            currency,
            attribution_window,
            ..
        } = part.whole_of;
        let key = (part.common, currency, attribution_window);
        let (platforms, days) = sums.entry(key).or_default();
        platforms.insert(part.platform);
        let day = days.entry(date).or_insert(MetricDay {
            date,
            value: 0.0,
            provisional: false,
        });
        day.value += part.value;
        day.provisional |= part.is_provisional;
    }
    sums.into_iter()
        .map(
            |((common, currency, attribution_window), (platforms, days))| {
                let total = days.values().map(|day| day.value).sum();
                let rounded = |day: MetricDay| MetricDay {
                    value: round(day.value),
                    ..day
                };
                MetricSeries {
                    of,
                    common,
                    currency,
                    attribution_window,
                    platforms: platforms.into_iter().collect(),
                    total: round(total),
                    days: days.into_values().map(rounded).collect(),
                }
            },
        )
        .collect()
}

/// To the millionth, the smallest part of a currency that platforms charge: sums of binary fractions
/// end in noise.
fn round(sum: f64) -> f64 {
    const MILLION: f64 = 1_000_000.0;
    (sum * MILLION).round() / MILLION
}
