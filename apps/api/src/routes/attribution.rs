//! What preceded inquiries, bookings and orders, summed by channel and campaign.

use actix_web::{get, web};
use chrono::NaiveDate;
use connector_core::model::Money;
use crossdock_persistence::{AttributionRow, AttributionTotal, RecordRef, Unattributed};
use serde::Serialize;
use utoipa::ToSchema;

use super::Success;
use super::span::{Span, SpanOfDays};
use crate::failure::Answer;
use crate::state::State;

/// What channels and campaigns brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attributed {
    success: Success,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// Each inquiry, booking and order counts once, for the surest of what preceded it.
    rows: Vec<AttributionView>,
    /// What no row counts, as no platform said what preceded it.
    unattributed: UnattributedView,
}

/// What one channel or campaign brought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionRow)]
pub(crate) struct AttributionView {
    /// The channel, lower case: a UTM source, a platform, a referring host.
    channel: Option<String>,
    /// The UTM medium, lower case, or `paid` and `organic` where the platform says which.
    medium: Option<String>,
    /// What says so: `platform_id`, `utm`, `click_id` or `referrer`.
    method: String,
    /// Whether several campaigns fit, so that none is named.
    ambiguous: bool,
    /// The campaign or the content, where exactly one fits.
    target: Option<TargetView>,
    inquiries: u64,
    bookings: u64,
    /// Cancelled ones included.
    orders: u64,
    /// What was ordered, and what went back, by currency.
    totals: Vec<TotalView>,
}

/// A campaign, or content, among the records.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionTarget)]
pub(crate) struct TargetView {
    /// Its connection.
    connection: String,
    /// Its stream.
    stream: String,
    /// Its id on its platform.
    external_id: String,
    /// What the merchant calls it.
    name: Option<String>,
}

/// The orders' sums in one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionTotal)]
pub(crate) struct TotalView {
    /// What buyers were to pay.
    ordered: MoneyView,
    /// What went back to them.
    refunded: MoneyView,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Money)]
pub(crate) struct MoneyView {
    /// Minor units: cents for USD, yen for JPY.
    minor: i64,
    /// ISO 4217.
    currency: String,
}

/// Inquiries, bookings and orders of which no platform said what preceded them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unattributed)]
pub(crate) struct UnattributedView {
    inquiries: u64,
    bookings: u64,
    /// Cancelled ones included.
    orders: u64,
}

impl From<AttributionRow> for AttributionView {
    fn from(row: AttributionRow) -> Self {
        let name = row.target_name;
        Self {
            channel: row.channel,
            medium: row.medium,
            method: row.method.as_str().to_owned(),
            ambiguous: row.ambiguous,
            target: row.target.map(|target| TargetView::of(target, name)),
            inquiries: row.inquiries,
            bookings: row.bookings,
            orders: row.orders,
            totals: row.totals.into_iter().map(Into::into).collect(),
        }
    }
}

impl TargetView {
    fn of(record: RecordRef, name: Option<String>) -> Self {
        Self {
            connection: record.connection.to_string(),
            stream: record.stream,
            external_id: record.external_id,
            name,
        }
    }
}

impl From<AttributionTotal> for TotalView {
    fn from(total: AttributionTotal) -> Self {
        Self {
            ordered: total.ordered.into(),
            refunded: total.refunded.into(),
        }
    }
}

impl From<Money> for MoneyView {
    fn from(money: Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
        }
    }
}

impl From<Unattributed> for UnattributedView {
    fn from(rest: Unattributed) -> Self {
        Self {
            inquiries: rest.inquiries,
            bookings: rest.bookings,
            orders: rest.orders,
        }
    }
}

/// What preceded the inquiries, bookings and orders of these days, by channel and campaign.
#[utoipa::path(
    tag = "data",
    params(Span),
    responses(
        (status = 200, body = Attributed),
        (status = 422, description = "The days are in the wrong order, or too many", body = crate::failure::FailureBody),
    )
)]
#[get("/api/attribution")]
pub(crate) async fn read_attribution(
    state: web::Data<State>,
    span: web::Query<Span>,
) -> Answer<web::Json<Attributed>> {
    let days = span.days(state.context().now())?;
    let (start, end) = days.instants();
    let data = state.data();
    let rows = data.attribution_overview(start, end).await?;
    let unattributed = data.unattributed(start, end).await?;
    let SpanOfDays { from, to } = days;
    Ok(web::Json(Attributed {
        success: Success,
        from,
        to,
        rows: rows.into_iter().map(Into::into).collect(),
        unattributed: unattributed.into(),
    }))
}
