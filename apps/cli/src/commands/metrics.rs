//! `crossdock metrics`: sums of what was measured.

use crossdock_persistence::{MetricQuery, MetricSeries};
use serde_json::json;

use crate::app::App;
use crate::args;
use crate::commands::days;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(crate) async fn run(args: args::Metrics, app: &App, output: Output) -> Result<(), Failure> {
    if let Some(platform) = &args.platform {
        app.engine.registry().get(platform)?;
    }
    let (from, to) = days::span(args.days, app.context.now())?;
    let query = MetricQuery {
        from,
        to,
        platform: args.platform,
    };
    let series = app.store().metric_series(&query).await?;
    let value = json!({ "from": from, "to": to, "series": series });
    output.result(&value, || {
        if series.is_empty() {
            return format!("Nothing was measured from {from} to {to} that can be summed.");
        }
        if args.by_day {
            by_day(&series)
        } else {
            in_all(&series)
        }
    })
}

fn in_all(series: &[MetricSeries]) -> String {
    let rows = series.iter().map(|series| {
        let days = series.days.iter();
        let open = days.filter(|day| day.provisional).count();
        let mut row = head(series);
        row.extend([
            number(series.total),
            series.days.len().to_string(),
            open.to_string(),
        ]);
        row
    });
    let names = [
        "of",
        "metric",
        "currency",
        "attributed",
        "platforms",
        "total",
        "days",
        "provisional",
    ];
    table(&names, &[5, 6, 7], rows.collect())
}

fn by_day(series: &[MetricSeries]) -> String {
    let rows = series.iter().flat_map(|series| {
        series.days.iter().map(|day| {
            let mut row = vec![day.date.to_string()];
            row.extend(head(series));
            row.push(number(day.value));
            row.push(if day.provisional { "provisional" } else { "" }.to_owned());
            row
        })
    });
    let names = [
        "day",
        "of",
        "metric",
        "currency",
        "attributed",
        "platforms",
        "sum",
        "",
    ];
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    table(&names, &[6], rows)
}

fn head(series: &MetricSeries) -> Vec<String> {
    vec![
        series.of.as_str().to_owned(),
        series.common.clone(),
        series.currency.clone().unwrap_or_default(),
        series.attribution_window.clone().unwrap_or_default(),
        series.platforms.join(" "),
    ]
}

/// Counts without a fraction, money with the two digits that most currencies have.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
