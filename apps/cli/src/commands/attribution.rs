//! `crossdock attribution`: what preceded inquiries, bookings and orders.

use chrono::{NaiveDate, NaiveTime};
use crossdock_persistence::{AttributionRow, AttributionTotal, Unattributed};
use serde_json::json;

use crate::app::App;
use crate::args;
use crate::commands::days;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(crate) async fn run(args: args::Days, app: &App, output: Output) -> Result<(), Failure> {
    let (from, to) = days::span(args, app.context.now())?;
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let end = to
        .succ_opt()
        .ok_or_else(|| Failure::usage("--to is the last day that there is"))?;
    let store = app.store();
    let rows = store
        .attribution_overview(midnight(from), midnight(end))
        .await?;
    let rest = store.unattributed(midnight(from), midnight(end)).await?;
    let value = json!({ "from": from, "to": to, "rows": rows, "unattributed": rest });
    output.result(&value, || {
        let counted = if rows.is_empty() {
            format!("No platform says what preceded anything from {from} to {to}.")
        } else {
            in_rows(&rows)
        };
        format!("{counted}\n{}", not_counted(rest))
    })
}

fn in_rows(rows: &[AttributionRow]) -> String {
    let rows = rows.iter().map(|row| {
        vec![
            row.channel.clone().unwrap_or_default(),
            row.medium.clone().unwrap_or_default(),
            target(row),
            row.method.as_str().to_owned(),
            row.inquiries.to_string(),
            row.bookings.to_string(),
            row.orders.to_string(),
            totals(&row.totals),
        ]
    });
    let names = [
        "channel",
        "medium",
        "campaign or content",
        "method",
        "inquiries",
        "bookings",
        "orders",
        "totals",
    ];
    table(&names, &[4, 5, 6, 7], rows.collect())
}

/// What the merchant calls it, or else its id.
fn target(row: &AttributionRow) -> String {
    if row.ambiguous {
        return "(several fit)".to_owned();
    }
    let id = row.target.as_ref().map(|target| &target.external_id);
    let name = row.target_name.as_ref().filter(|name| !name.is_empty());
    name.or(id).cloned().unwrap_or_default()
}

/// A sum per currency, with what went back where something did.
fn totals(totals: &[AttributionTotal]) -> String {
    let lines = totals.iter().map(|total| {
        if total.refunded.minor == 0 {
            total.ordered.to_string()
        } else {
            format!("{} ({} went back)", total.ordered, total.refunded)
        }
    });
    lines.collect::<Vec<_>>().join(", ")
}

/// What isn't counted, and why.
fn not_counted(rest: Unattributed) -> String {
    if rest.total() == 0 {
        return "Nothing else was made in these days.".to_owned();
    }
    format!(
        "Not counted, as no platform says what preceded them: {}, {}, {}.",
        number(rest.inquiries, "inquiry", "inquiries"),
        number(rest.bookings, "booking", "bookings"),
        number(rest.orders, "order", "orders"),
    )
}

fn number(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
