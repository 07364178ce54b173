//! Which reports are ordered: windows of days of an account, and the parts of those that are too big.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::map::SETTLES_IN;
use crate::streams::ad_accounts::Account;

/// How many days a report has at the most, less one. Meta makes longer ones, but slowly.
const WINDOW: Days = Days::new(179);

/// What one report is about: some days of an account, or of one of its campaigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Piece {
    pub(super) object: String,
    pub(super) since: NaiveDate,
    pub(super) until: NaiveDate,
    /// How often its report failed.
    pub(super) failed: u32,
}

/// What is to be read of an account, whose last run ended with the day `floor`: the first at the end.
pub(super) fn pieces(account: &Account, floor: Option<NaiveDate>) -> Vec<Piece> {
    let again = floor.map_or(account.oldest, |floor| floor - SETTLES_IN);
    let mut since = again.max(account.oldest).min(account.today);
    let mut pieces = Vec::new();
    while since <= account.today {
        let until = (since + WINDOW).min(account.today);
        pieces.push(Piece {
            object: account.id.clone(),
            since,
            until,
            failed: 0,
        });
        since = until + Days::new(1);
    }
    pieces.reverse();
    pieces
}

impl Piece {
    /// Its two halves; `None` for a single day.
    pub(super) fn halves(&self) -> Option<[Self; 2]> {
        let days = u64::try_from((self.until - self.since).num_days()).ok()?;
        if days == 0 {
            return None;
        }
        let middle = self.since + Days::new((days - 1) / 2);
        let part = |since, until| Self {
            object: self.object.clone(),
            since,
            until,
            failed: 0,
        };
        Some([
            part(self.since, middle),
            part(middle + Days::new(1), self.until),
        ])
    }

    /// Whether it is about a whole account.
    pub(super) fn is_of_account(&self) -> bool {
        self.object.starts_with("act_")
    }

    /// The same days of one campaign.
    pub(super) fn of(&self, campaign: String) -> Self {
        Self {
            object: campaign,
            failed: 0,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn account(oldest: &str, today: &str) -> Account {
        Account {
            id: "act_1".to_owned(),
            currency: None,
            time_zone: None,
            today: day(today),
            oldest: day(oldest),
        }
    }

    #[test]
    fn all_is_read_first_and_then_four_weeks_again() {
        let account = account("2025-11-01", "2026-11-20");
        let first = pieces(&account, None);
        let days: Vec<_> = first.iter().rev().map(|it| (it.since, it.until)).collect();
        assert_eq!(days[0], (day("2025-11-01"), day("2026-04-29")));
        assert_eq!(days.last().unwrap().1, day("2026-11-20"));
        let later = pieces(&account, Some(day("2026-11-19")));
        assert_eq!(later.len(), 1);
        assert_eq!(later[0].since, day("2026-10-22"));
        // A clock that went back.
        let back = pieces(&account, Some(day("2027-11-19")));
        assert_eq!((back.len(), back[0].since), (1, day("2026-11-20")));
    }

    proptest! {
        #[test]
        fn parts_of_parts_are_all_days_in_order(length in 0_u64..400) {
            let since = day("2025-11-01");
            let whole = Piece { object: "act_1".to_owned(), since, until: since + Days::new(length), failed: 1 };
            let mut left = vec![whole.clone()];
            let mut read = Vec::new();
            while let Some(piece) = left.pop() {
                match piece.halves() {
                    Some([one, other]) => left.extend([other, one]),
                    None => read.push(piece.since),
                }
            }
            let all: Vec<NaiveDate> = since.iter_days().take_while(|day| *day <= whole.until).collect();
            prop_assert_eq!(read, all);
        }
    }
}
