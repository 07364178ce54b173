//! What many operations read out of a query: lists, days, numbers.

use chrono::{Days, NaiveDate};

use crate::platform::Call;

use super::refusal::{Outcome, Refusal};

/// A list that is written with commas, or by naming the parameter again.
pub(super) fn list<'a>(call: &'a Call<'_>, name: &'a str) -> Vec<&'a str> {
    call.query_all(name)
        .flat_map(|text| text.split(','))
        .filter(|text| !text.is_empty())
        .collect()
}

/// An id in a path.
pub(super) fn id(text: &str, name: &str) -> Outcome<u64> {
    text.parse().map_err(|_cause| {
        Refusal::parameter(format!(
            "'{name}' value '{text}' must match the pattern: ^\\d+$"
        ))
    })
}

/// A yes or a no; no where it is absent.
pub(super) fn flag(call: &Call<'_>, name: &str) -> bool {
    call.query(name)
        .is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// How far back and how wide a range of days may be.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) back: u64,
    pub(super) wide: u64,
}

/// The reach of everything that is answered at once.
pub(super) const NINETY: Reach = Reach { back: 90, wide: 90 };

/// The reach of reports.
pub(super) const REPORT: Reach = Reach {
    back: 914,
    wide: 186,
};

/// The first and the last day that are asked for, both included.
pub(super) fn days(
    first: Option<&str>,
    last: Option<&str>,
    today: NaiveDate,
    reach: Reach,
) -> Outcome<(NaiveDate, NaiveDate)> {
    let day = |text: Option<&str>, name: &str| {
        let text = text.ok_or_else(|| Refusal::parameter(format!("'{name}' is required")))?;
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_cause| Refusal::parameter(format!("'{name}' value '{text}' is not a date")))
    };
    let (first, last) = (day(first, "start_date")?, day(last, "end_date")?);
    if today
        .checked_sub_days(Days::new(reach.back))
        .is_some_and(|earliest| first < earliest)
    {
        return Err(Refusal::parameter(format!(
            "start_date can't be more than {} days before today",
            reach.back
        )));
    }
    if last < first {
        return Err(Refusal::parameter("end_date is before start_date"));
    }
    if first
        .checked_add_days(Days::new(reach.wide))
        .is_some_and(|latest| last > latest)
    {
        return Err(Refusal::parameter(format!(
            "The range can't be wider than {} days",
            reach.wide
        )));
    }
    Ok((first, last))
}
