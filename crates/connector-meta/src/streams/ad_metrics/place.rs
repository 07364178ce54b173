//! Where the numbers of ads stand: what is read, what is still to be, and the report that is waited for.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::plan::Piece;
use crate::api::Continuation;
use crate::streams::ad_accounts::Account;

/// How long to wait before asking after a report for the first time; then twice as long each time.
pub(super) const SOON: Duration = Duration::from_secs(2);

/// The longest time between two questions.
const LATEST: Duration = Duration::from_secs(60);

/// Where the numbers stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// By account, the last day that was read, which wasn't over then.
    pub(super) floors: BTreeMap<String, NaiveDate>,
    pub(super) pass: Option<Pass>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// The accounts that are left. The first is being read.
    pub(super) left: Vec<Account>,
    /// What is still to be read of it, the next at the end; none before it was planned.
    pub(super) pieces: Option<Vec<Piece>>,
    /// The report on the next piece.
    pub(super) report: Option<Ordered>,
}

/// A report that was ordered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ordered {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// It was asked after so many times.
    Waiting { asked: u32 },
    /// It is complete, and read from here on.
    Reading {
        from: Option<Continuation>,
        limit: u32,
        restarts: u32,
    },
}

impl Pass {
    pub(super) fn next_account(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.pieces = None;
        self.report = None;
    }

    pub(super) fn finish_piece(&mut self) {
        self.replace([]);
    }

    /// Puts these in the place of the piece that was being read.
    pub(super) fn replace(
        &mut self,
        parts: impl IntoIterator<Item = Piece, IntoIter: DoubleEndedIterator>,
    ) {
        self.report = None;
        if let Some(pieces) = &mut self.pieces {
            pieces.pop();
            pieces.extend(parts.into_iter().rev());
        }
    }
}

/// How long to wait before asking again, after so many times.
pub(super) fn pause(asked: u32) -> Duration {
    SOON.saturating_mul(2_u32.saturating_pow(asked)).min(LATEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::ad_metrics::plan;

    #[test]
    fn questions_come_soon_and_then_less_often() {
        let seconds: Vec<u64> = (0..7).map(|asked| pause(asked).as_secs()).collect();
        assert_eq!(seconds, [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(u32::MAX), LATEST);
    }

    #[test]
    fn a_cursor_in_the_middle_of_a_report_reads_back() {
        let day: NaiveDate = "2026-11-01".parse().unwrap();
        let account = Account {
            id: "act_1".to_owned(),
            currency: None,
            time_zone: None,
            today: day,
            oldest: day,
        };
        let cursor = Cursor {
            floors: [("act_2".to_owned(), day)].into(),
            pass: Some(Pass {
                pieces: Some(plan::pieces(&account, None)),
                left: vec![account],
                report: Some(Ordered {
                    id: "6001".to_owned(),
                    at: DateTime::UNIX_EPOCH,
                    stage: Stage::Reading {
                        from: Some(Continuation::new([("after", "MQ")])),
                        limit: 250,
                        restarts: 1,
                    },
                }),
            }),
        };
        let json = serde_json::to_string(&cursor).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
    }
}
