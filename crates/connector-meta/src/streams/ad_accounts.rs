//! Which ad accounts a run reads: those of the setting, or all that were shared.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::api::{AdAccount, AdAccounts};
use crate::descriptor::AD_ACCOUNTS;
use crate::reader::Reader;

/// The most pages of the list that are read: with a hundred each, nobody shares more.
const MOST: usize = 50;

/// How far back numbers are kept, in months (developers.facebook.com, "Insights API").
const KEPT: Months = Months::new(37);

/// What a run needs to know of an ad account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) currency: Option<String>,
    pub(super) time_zone: Option<String>,
    /// The day that it is there.
    pub(super) today: NaiveDate,
    /// The first day that there can be numbers of.
    pub(super) oldest: NaiveDate,
}

impl Account {
    /// The same, of which there is nothing from before this time.
    pub(super) fn not_before(&self, first: DateTime<Utc>) -> Self {
        // It may have been another day there.
        let first = (first - TimeDelta::days(1)).date_naive();
        Self {
            oldest: self.oldest.max(first).min(self.today),
            ..self.clone()
        }
    }
}

/// The accounts to read, in the order of their ids, and what to say of those of the setting that
/// nobody shared.
pub(super) async fn chosen(reader: &Reader) -> Result<(Vec<Account>, Vec<String>)> {
    let mut shared = all(reader).await?;
    shared.sort_by(|one, other| one.id.cmp(&other.id));
    let chosen: Vec<String> = reader.settings().lines(AD_ACCOUNTS).map(full_id).collect();
    let unknown = chosen
        .iter()
        .filter(|id| !shared.iter().any(|account| account.id == **id));
    let mut notes: Vec<String> = unknown
        .map(|id| {
            format!(
                "The ad account {} isn't shared with the app",
                id.escape_debug()
            )
        })
        .collect();
    if shared.is_empty() {
        notes.push("No ad account is shared with the app, so that no ads can be read".to_owned());
    }
    let now = reader.now();
    let accounts = shared
        .into_iter()
        .filter(|account| chosen.is_empty() || chosen.contains(&account.id))
        .map(|account| read(account, now))
        .collect();
    Ok((accounts, notes))
}

async fn all(reader: &Reader) -> Result<Vec<AdAccount>> {
    let mut accounts = AdAccounts::default();
    let mut all = Vec::new();
    for _ in 0..MOST {
        let list = reader.call(&accounts).await?;
        let next = list.next()?;
        for entry in list.data {
            // An account that can't be read here can't be asked for either.
            all.push(entry.into_parts().0?);
        }
        match next {
            Some(next) => accounts.from = Some(next),
            None => return Ok(all),
        }
    }
    Err(Error::contract("Meta's list of ad accounts has no end"))
}

fn full_id(line: &str) -> String {
    if line.starts_with("act_") {
        line.to_owned()
    } else {
        format!("act_{line}")
    }
}

fn read(account: AdAccount, now: DateTime<Utc>) -> Account {
    let today = local_day(account.timezone_offset_hours_utc, now);
    let kept = today.checked_sub_months(KEPT).unwrap_or(today);
    // Nothing was shown before it was made, in whichever time zone.
    let made = account.created_time.map(|at| at - TimeDelta::days(1));
    let oldest = made.map_or(kept, |made| made.date_naive().clamp(kept, today));
    Account {
        id: account.id,
        currency: account.currency,
        time_zone: account.timezone_name,
        today,
        oldest,
    }
}

/// The day that it is where clocks are so many hours ahead. An offset that can't be one counts as
/// none.
fn local_day(hours: Option<f64>, now: DateTime<Utc>) -> NaiveDate {
    let minutes = hours.filter(|hours| hours.abs() <= 24.0).unwrap_or(0.0) * 60.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most so many minutes as a day has"
    )]
    let ahead = TimeDelta::minutes(minutes.round() as i64);
    (now + ahead).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(json: &str) -> Account {
        let now = "2026-11-20T16:00:00Z".parse().unwrap();
        read(serde_json::from_str(json).unwrap(), now)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_is_that_of_the_account() {
        let today = |offset: &str| {
            account(&format!(
                r#"{{"id":"act_1","timezone_offset_hours_utc":{offset}}}"#
            ))
            .today
        };
        assert_eq!(today("9"), day("2026-11-21"));
        assert_eq!(today("-8"), day("2026-11-20"));
        assert_eq!(today("7.75"), day("2026-11-20"));
        assert_eq!(today("1e9"), day("2026-11-20"));
    }

    #[test]
    fn nothing_is_asked_for_from_before_the_account_or_the_memory() {
        let oldest =
            |made: &str| account(&format!(r#"{{"id":"act_1","created_time":"{made}"}}"#)).oldest;
        assert_eq!(oldest("2026-10-10T00:00:00+0000"), day("2026-10-09"));
        assert_eq!(oldest("2012-10-10T00:00:00+0000"), day("2023-10-20"));
        assert_eq!(oldest("2030-10-10T00:00:00+0000"), day("2026-11-20"));
        assert_eq!(account(r#"{"id":"act_1"}"#).oldest, day("2023-10-20"));
    }

    #[test]
    fn an_id_may_be_typed_without_its_beginning() {
        assert_eq!(full_id("12"), "act_12");
        assert_eq!(full_id("act_12"), "act_12");
    }
}
