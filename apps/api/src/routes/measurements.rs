//! Sums of what was measured: how everything goes, over all platforms or on one.

use actix_web::{get, web};
use chrono::NaiveDate;
use crossdock_persistence::{MetricDay, MetricQuery, MetricSeries};
use serde::Serialize;
use utoipa::ToSchema;

use super::Success;
use super::span::{Span, SpanOfDays};
use crate::failure::Answer;
use crate::state::State;

/// Sums by day and common name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Measured {
    success: Success,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// Counts and money alone: ratios, places in a list and people, whom each platform counts anew,
    /// can't be added. They are among the records.
    series: Vec<SeriesView>,
}

/// The sums of one common name. Each currency, and each attribution window, is one by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricSeries)]
pub(crate) struct SeriesView {
    /// `account`, `content` or `advertising`. They overlap, so they aren't added.
    of: String,
    /// What it is called across platforms: `clicks`.
    common: String,
    /// The currency of money, which is in its main unit; null for a count.
    currency: Option<String>,
    /// Which actions count towards it, in the platform's words.
    attribution_window: Option<String>,
    /// The platforms that gave it.
    platforms: Vec<String>,
    /// The sum of all days.
    #[schema(value_type = f64)]
    total: f64,
    /// The days of which there is a number, in order.
    days: Vec<DayView>,
}

/// One day's sum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricDay)]
pub(crate) struct DayView {
    /// As the platforms cut days.
    date: NaiveDate,
    value: f64,
    /// Whether a platform will still change a part of it.
    provisional: bool,
}

impl From<MetricSeries> for SeriesView {
    fn from(series: MetricSeries) -> Self {
        Self {
            of: series.of.as_str().to_owned(),
            common: series.common,
            currency: series.currency,
            attribution_window: series.attribution_window,
            platforms: series.platforms,
            total: series.total,
            days: series.days.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<MetricDay> for DayView {
    fn from(day: MetricDay) -> Self {
        Self {
            date: day.date,
            value: day.value,
            provisional: day.provisional,
        }
    }
}

/// What was measured on all platforms, by day and common name.
#[utoipa::path(
    tag = "data",
    params(Span),
    responses(
        (status = 200, body = Measured),
        (status = 422, description = "The days are in the wrong order, or too many", body = crate::failure::FailureBody),
    )
)]
#[get("/api/metrics/overview")]
pub(crate) async fn metrics_overview(
    state: web::Data<State>,
    span: web::Query<Span>,
) -> Answer<web::Json<Measured>> {
    measured(&state, &span, None).await
}

/// What was measured on one platform, by day and common name.
#[utoipa::path(
    tag = "data",
    params(("platform" = String, Path, description = "A platform's id"), Span),
    responses(
        (status = 200, body = Measured),
        (status = 404, description = "No such platform", body = crate::failure::FailureBody),
        (status = 422, description = "The days are in the wrong order, or too many", body = crate::failure::FailureBody),
    )
)]
#[get("/api/metrics/{platform}")]
pub(crate) async fn metrics_of_platform(
    state: web::Data<State>,
    platform: web::Path<String>,
    span: web::Query<Span>,
) -> Answer<web::Json<Measured>> {
    let platform = state.registry().get(&platform)?.descriptor().id;
    measured(&state, &span, Some(platform.to_owned())).await
}

async fn measured(
    state: &State,
    span: &Span,
    platform: Option<String>,
) -> Answer<web::Json<Measured>> {
    let SpanOfDays { from, to } = span.days(state.context().now())?;
    let query = MetricQuery { from, to, platform };
    let series = state.data().metric_series(&query).await?;
    Ok(web::Json(Measured {
        success: Success,
        from,
        to,
        series: series.into_iter().map(Into::into).collect(),
    }))
}
