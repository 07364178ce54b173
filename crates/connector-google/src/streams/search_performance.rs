//! Search Console: each site's numbers by day, in all, by query and by page.
//!
//! Days are Pacific. The last two or three are unfinished, and Google says from which on; a later run
//! begins there. Google names 50,000 rows of a day at the most.

use chrono::TimeDelta;
use connector_core::{Error, Result};

use super::Reader;
use super::daily::{At, Daily, Onward, Plan, Reading, Slice};
use crate::api::QuerySearchAnalytics;
use crate::map::{self, Split};
use crate::service::Service;

/// How many rows are asked for at once: four numbers each.
const ROWS: u16 = 1_000;

/// How many rows Google names of one day.
const MOST_OF_A_DAY: u64 = 50_000;

/// The stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search;

impl Daily for Search {
    const SERVICE: Service = Service::SearchConsole;
    const PLAN: Plan = Plan {
        slice: 7,
        again: 3,
        again_weekly: None,
        // Sixteen months.
        longest: 480,
        behind_utc: TimeDelta::hours(8),
    };

    async fn read(&self, reader: &Reader, at: &At<'_>) -> Result<Reading> {
        let split = split_of(at.slice.step);
        let ask = QuerySearchAnalytics {
            site_url: at.source.to_owned(),
            start_date: at.slice.first.to_string(),
            end_date: at.slice.last.to_string(),
            dimensions: split.dimensions(),
            kind: "WEB",
            data_state: "ALL",
            row_limit: u32::from(ROWS),
            start_row: at.slice.offset,
        };
        let table = reader.session.call(&ask).await?;
        let incomplete = table.metadata.first_incomplete_date;
        let mark = table.rows.first().map(|row| row.raw().get().to_owned());
        if mark.is_some() && mark == at.slice.mark {
            return Err(Error::contract("Google gives the same page again"));
        }
        let rows = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
        let (onward, note) = onward(at.slice, split, rows, mark);
        let provisional = |day| {
            incomplete.is_some_and(|first| day >= first) || at.today - day <= TimeDelta::days(3)
        };
        let mapped = table
            .rows
            .into_iter()
            .flat_map(|row| {
                row.map_many(map::IDS, reader.keep_raw, |row| {
                    map::search_row(&row, at.source, split, provisional)
                })
            })
            .collect();
        Ok(Reading {
            mapped,
            onward,
            unsettled: incomplete,
            notes: note
                .then(|| format!("Google names no more rows of some days of {}.", at.source))
                .into_iter()
                .collect(),
            pause: None,
        })
    }
}

fn split_of(step: u8) -> Split {
    match step {
        0 => Split::Whole,
        1 => Split::Query,
        _ => Split::Page,
    }
}

/// What comes after so many rows, and whether that is because Google names no more.
fn onward(slice: &Slice, split: Split, rows: u64, mark: Option<String>) -> (Onward, bool) {
    let offset = slice.offset + rows;
    let days = u64::try_from((slice.last - slice.first).num_days() + 1).unwrap_or(1);
    let spent = offset >= MOST_OF_A_DAY * days;
    if rows >= u64::from(ROWS) && !spent {
        return (Onward::Rows { offset, mark }, false);
    }
    let onward = match split.next() {
        Some(_) => Onward::Step(slice.step + 1),
        None => Onward::Days,
    };
    (onward, spent)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_full_page_has_another_until_google_names_no_more() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let slice = |step, offset| Slice {
            first,
            last: first,
            step,
            offset,
            mark: None,
        };
        let rows = |offset| Onward::Rows { offset, mark: None };
        let of = |step, offset, rows| onward(&slice(step, offset), split_of(step), rows, None);
        assert_eq!(of(1, 1_000, 1_000), (rows(2_000), false));
        assert_eq!(of(1, 49_000, 1_000), (Onward::Step(2), true));
        assert_eq!(of(0, 0, 1), (Onward::Step(1), false));
        assert_eq!(of(2, 0, 0), (Onward::Days, false));
    }
}
