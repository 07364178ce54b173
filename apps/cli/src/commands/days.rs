//! Which days a command sums.

use chrono::{DateTime, NaiveDate, Utc};

use crate::args;
use crate::failure::Failure;

/// How many days are summed unless said, today included.
const USUAL_DAYS: u64 = 28;

/// The first and the last day that are meant, as UTC has them.
pub(crate) fn span(
    args: args::Days,
    now: DateTime<Utc>,
) -> Result<(NaiveDate, NaiveDate), Failure> {
    let to = args.to.unwrap_or_else(|| now.date_naive());
    let usual = to
        .checked_sub_days(chrono::Days::new(USUAL_DAYS - 1))
        .unwrap_or(to);
    let from = args.from.unwrap_or(usual);
    if from > to {
        return Err(Failure::usage("--from is after --to"));
    }
    Ok((from, to))
}
