//! What the channels brought: inquiries, bookings and orders by what preceded them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use connector_core::model::{Currency, Money};
use sea_orm::QueryResult;
use serde::Serialize;

use super::{AttributionMethod, RecordRef, SUBJECTS, SubjectTable};
use crate::db::{Ask as _, count, get, id, parsed, time};
use crate::error::Result;
use crate::store::ProjectStore;
use crate::tables::{model_named, word};

/// What one channel or campaign brought. Each inquiry, booking and order counts once, for the
/// surest of what preceded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttributionRow {
    /// The channel.
    pub channel: Option<String>,
    /// The medium.
    pub medium: Option<String>,
    /// What says so.
    pub method: AttributionMethod,
    /// Whether several campaigns fit, so that none is named.
    pub ambiguous: bool,
    /// The campaign or the content, where exactly one fits.
    pub target: Option<RecordRef>,
    /// What the merchant calls it.
    pub target_name: Option<String>,
    /// How many inquiries.
    pub inquiries: u64,
    /// How many bookings.
    pub bookings: u64,
    /// How many orders, cancelled ones included, test orders not.
    pub orders: u64,
    /// What was ordered, and what went back, by currency in the order of its code.
    pub totals: Vec<AttributionTotal>,
}

/// The orders' sums in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AttributionTotal {
    /// What buyers were to pay.
    pub ordered: Money,
    /// What went back to them.
    pub refunded: Money,
}

/// Inquiries, bookings and orders of which nothing is known that preceded them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unattributed {
    /// How many inquiries.
    pub inquiries: u64,
    /// How many bookings.
    pub bookings: u64,
    /// How many orders, cancelled ones included, test orders not.
    pub orders: u64,
}

impl Unattributed {
    /// How many of them all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.inquiries + self.bookings + self.orders
    }
}

/// What makes two touches one row.
type Key = (
    Option<String>,
    Option<String>,
    &'static str,
    bool,
    Option<RecordRef>,
);

impl ProjectStore {
    /// What the channels brought from one instant (inclusive) to another (exclusive), by channel
    /// and campaign.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn attribution_overview(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<AttributionRow>> {
        self.exists().await?;
        let sql = "SELECT a.channel, a.medium, a.method, a.ambiguous, a.subject_model, \
                   a.target_connection_id, a.target_stream, a.target_external_id, \
                   COALESCE(p.name, t.title) AS target_name, o.currency, count(*) AS subjects, \
                   CAST(COALESCE(sum(o.total_minor), 0) AS bigint) AS ordered, \
                   CAST(COALESCE(sum(o.refunded_total_minor), 0) AS bigint) AS refunded \
                   FROM attribution a \
                   LEFT JOIN orders o ON a.subject_model = 'order' \
                   AND o.connection_id = a.connection_id AND o.stream = a.stream \
                   AND o.external_id = a.external_id \
                   LEFT JOIN ad_campaigns p ON p.connection_id = a.target_connection_id \
                   AND p.stream = a.target_stream AND p.external_id = a.target_external_id \
                   LEFT JOIN content t ON t.connection_id = a.target_connection_id \
                   AND t.stream = a.target_stream AND t.external_id = a.target_external_id \
                   WHERE a.project_id = $1 AND a.rank = 1 \
                   AND a.happened_at >= $2 AND a.happened_at < $3 \
                   GROUP BY a.channel, a.medium, a.method, a.ambiguous, a.subject_model, \
                   a.target_connection_id, a.target_stream, a.target_external_id, \
                   COALESCE(p.name, t.title), o.currency ORDER BY o.currency";
        let values = vec![self.own(), time(from), time(to)];
        let mut rows: BTreeMap<Key, AttributionRow> = BTreeMap::new();
        for row in &self.db.all(sql, values).await? {
            add(&mut rows, row)?;
        }
        Ok(rows.into_values().collect())
    }

    /// How many inquiries, bookings and orders were made from one instant (inclusive) to another
    /// (exclusive) that no row of the overview counts: no platform said what preceded them, or it
    /// has not been worked out yet. Those without a date are in no span of time.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn unattributed(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Unattributed> {
        self.exists().await?;
        let selects: Vec<String> = SUBJECTS
            .iter()
            .map(|table| {
                let SubjectTable {
                    name,
                    happened,
                    counts,
                    ..
                } = table;
                let model = word(table.model);
                format!(
                    "SELECT '{model}' AS model, count(*) AS subjects FROM {name} s \
                     WHERE project_id = $1 AND {counts} \
                     AND {happened} >= $2 AND {happened} < $3 \
                     AND NOT EXISTS (SELECT 1 FROM attribution a \
                     WHERE a.connection_id = s.connection_id AND a.stream = s.stream \
                     AND a.external_id = s.external_id)"
                )
            })
            .collect();
        let values = vec![self.own(), time(from), time(to)];
        let mut all = Unattributed::default();
        for row in &self.db.all(&selects.join(" UNION ALL "), values).await? {
            let subjects = count(row, "subjects")?;
            match parsed(row, "model", model_named)? {
                ModelKind::Inquiry => all.inquiries = subjects,
                ModelKind::Booking => all.bookings = subjects,
                _ => all.orders = subjects,
            }
        }
        Ok(all)
    }
}

fn add(rows: &mut BTreeMap<Key, AttributionRow>, row: &QueryResult) -> Result<()> {
    let channel: Option<String> = get(row, "channel")?;
    let medium: Option<String> = get(row, "medium")?;
    let method = parsed(row, "method", AttributionMethod::from_word)?;
    let ambiguous: bool = get(row, "ambiguous")?;
    let target = target(row)?;
    let key = (
        channel.clone(),
        medium.clone(),
        method.as_str(),
        ambiguous,
        target.clone(),
    );
    let target_name = get(row, "target_name")?;
    let sum = rows.entry(key).or_insert_with(|| AttributionRow {
        channel,
        medium,
        method,
        ambiguous,
        target,
        target_name,
        inquiries: 0,
        bookings: 0,
        orders: 0,
        totals: Vec::new(),
    });
    let subjects = count(row, "subjects")?;
    match parsed(row, "subject_model", model_named)? {
        ModelKind::Inquiry => sum.inquiries += subjects,
        ModelKind::Booking => sum.bookings += subjects,
        _ => sum.orders += subjects,
    }
    let currency: Option<String> = get(row, "currency")?;
    if let Some(currency) = currency.and_then(|code| Currency::from_code(&code).ok()) {
        sum.totals.push(AttributionTotal {
            ordered: Money::new(get(row, "ordered")?, currency),
            refunded: Money::new(get(row, "refunded")?, currency),
        });
    }
    Ok(())
}

fn target(row: &QueryResult) -> Result<Option<RecordRef>> {
    let external_id: Option<String> = get(row, "target_external_id")?;
    external_id
        .map(|external_id| {
            Ok(RecordRef {
                connection: id(row, "target_connection_id")?,
                stream: get(row, "target_stream")?,
                external_id,
            })
        })
        .transpose()
}
