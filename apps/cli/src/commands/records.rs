//! `crossdock records` and `crossdock changes`: reading back what was synced.

use std::io;

use crossdock_persistence::{ChangeFilter, RecordQuery, RecordRow, RecordSet};
use serde_json::Value;

use crate::app::App;
use crate::args::{self, Format};
use crate::failure::Failure;
use crate::output::{Output, table};

/// How many records are read at a time.
const PAGE: u32 = 500;

pub(crate) async fn records(args: args::Records, app: &App, output: Output) -> Result<(), Failure> {
    let connection = match &args.connection {
        Some(name_or_id) => Some(app.connection(name_or_id).await?.id),
        None => None,
    };
    let format = if output.is_json() {
        Format::Json
    } else {
        args.output
    };
    let set = RecordSet::Stream(args.stream);
    let mut printer = Printer::new(format, output);
    let mut left = if args.limit == 0 {
        u32::MAX
    } else {
        args.limit
    };
    let mut query = RecordQuery {
        connection,
        include_gone: args.include_gone,
        ..RecordQuery::default()
    };
    while left > 0 {
        query.limit = left.min(PAGE);
        let page = app.store().records(&set, &query).await?;
        left = left.saturating_sub(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
        printer.page(&page.items)?;
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    printer.end()
}

pub(crate) async fn changes(
    args: &args::Changes,
    app: &App,
    output: Output,
) -> Result<(), Failure> {
    let changes = app
        .store()
        .changes(args.after, args.limit, &ChangeFilter::default())
        .await?;
    if output.is_json() {
        return changes
            .iter()
            .try_for_each(|change| output.json_line(change));
    }
    let rows = changes
        .iter()
        .map(|change| {
            vec![
                change.sequence.to_string(),
                change.at.format("%Y-%m-%d %H:%M:%S").to_string(),
                change.platform.clone(),
                change.stream.clone(),
                change.kind.to_string(),
                change.external_id.clone(),
            ]
        })
        .collect();
    let names = [
        "number",
        "stored (UTC)",
        "platform",
        "stream",
        "change",
        "id",
    ];
    output.line(&table(&names, &[0], rows))
}

/// Prints records page by page, so that any number of them can be printed.
struct Printer {
    format: Format,
    output: Output,
    columns: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Printer {
    fn new(format: Format, output: Output) -> Self {
        Self {
            format,
            output,
            columns: None,
            rows: Vec::new(),
        }
    }

    fn page(&mut self, records: &[RecordRow]) -> Result<(), Failure> {
        if self.format == Format::Json {
            return records
                .iter()
                .try_for_each(|record| self.output.json_line(record));
        }
        let Some(first) = records.first() else {
            return Ok(());
        };
        let is_first_page = self.columns.is_none();
        let columns = self
            .columns
            .get_or_insert_with(|| columns(&flat(&first.value)))
            .clone();
        let rows = records
            .iter()
            .map(|record| cells(record, &flat(&record.value), &columns));
        if self.format == Format::Table {
            self.rows.extend(rows);
            return Ok(());
        }
        let mut writer = csv::Writer::from_writer(io::stdout().lock());
        if is_first_page {
            writer.write_record(names(&columns)).map_err(csv_failure)?;
        }
        for row in rows {
            writer
                .write_record(row.iter().map(|cell| harmless(cell)))
                .map_err(csv_failure)?;
        }
        Ok(writer.flush()?)
    }

    fn end(self) -> Result<(), Failure> {
        if self.format != Format::Table {
            return Ok(());
        }
        let Some(columns) = self.columns else {
            return self.output.line("No records.");
        };
        // A table has room for a few columns; the other formats have them all.
        let shown = columns.len().min(6) + 2;
        let names: Vec<String> = names(&columns).into_iter().take(shown).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = self
            .rows
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .take(shown)
                    .map(|cell| shorten(&cell))
                    .collect()
            })
            .collect();
        self.output.line(&table(&names, &[], rows))
    }
}

/// The fields that people look for first, over all models.
const FIRST: [&str; 18] = [
    "date",
    "number",
    "title",
    "name",
    "value",
    "currency",
    "kind",
    "rating",
    "product_external_id",
    "size",
    "status",
    "price",
    "total",
    "net",
    "lowest_ask",
    "highest_bid",
    "last_sale",
    "available",
];

/// A record with what was measured beside what it was measured of, as the tables have it.
fn flat(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(fields) = value.as_object_mut()
        && let Some(Value::Object(measured)) = fields.remove("measurement")
    {
        fields.extend(measured);
    }
    value
}

/// The model's own fields, what people look for first in front; without lists and nested things,
/// which make no cell.
fn columns(value: &Value) -> Vec<String> {
    let is_cell = |value: &Value| !value.is_array() && (!value.is_object() || is_money(value));
    let Some(fields) = value.as_object() else {
        return Vec::new();
    };
    let names = fields
        .iter()
        .filter(|(_, value)| is_cell(value))
        .map(|(name, _)| name.as_str());
    let (mut first, rest): (Vec<_>, Vec<_>) = names.partition(|name| FIRST.contains(name));
    first.sort_by_key(|name| FIRST.iter().position(|known| known == name));
    first.into_iter().chain(rest).map(str::to_owned).collect()
}

fn names(columns: &[String]) -> Vec<String> {
    ["platform", "id"]
        .into_iter()
        .map(str::to_owned)
        .chain(columns.iter().cloned())
        .collect()
}

fn cells(record: &RecordRow, value: &Value, columns: &[String]) -> Vec<String> {
    let own = [record.platform.clone(), record.external_id.clone()];
    own.into_iter()
        .chain(columns.iter().map(|name| cell(value.get(name))))
        .collect()
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(money) if is_money(money) => {
            serde_json::from_value::<connector_core::model::Money>(money.clone())
                .map_or_else(|_| money.to_string(), |money| money.to_string())
        }
        Some(other) => other.to_string(),
    }
}

fn is_money(value: &Value) -> bool {
    value.get("minor").is_some() && value.get("currency").is_some()
}

/// A cell that a spreadsheet would take for a formula is given as text (CWE-1236).
fn harmless(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    if !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn shorten(cell: &str) -> String {
    const LONGEST: usize = 40;
    if cell.chars().count() <= LONGEST {
        return cell.to_owned();
    }
    cell.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn csv_failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Failure::from(io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platforms_text_is_no_formula() {
        assert_eq!(
            harmless("=HYPERLINK(\"http://x\")"),
            "'=HYPERLINK(\"http://x\")"
        );
        assert_eq!(harmless("-12.50"), "-12.50");
        assert_eq!(harmless("Tee"), "Tee");
    }

    #[test]
    fn what_was_measured_is_in_columns_of_its_own() {
        let metric = serde_json::json!({
            "campaign_external_id": "c",
            "measurement": { "name": "CLICKS", "value": 2.5, "dimensions": {} },
        });
        let flat = flat(&metric);
        assert_eq!(columns(&flat), ["name", "value", "campaign_external_id"]);
        assert_eq!(cell(flat.get("value")), "2.5");
    }

    #[test]
    fn money_is_written_as_people_write_it() {
        let money = serde_json::json!({ "minor": 1990, "currency": "EUR" });
        assert_eq!(cell(Some(&money)), "19.90 EUR");
        assert_eq!(cell(Some(&Value::Null)), "");
    }
}
