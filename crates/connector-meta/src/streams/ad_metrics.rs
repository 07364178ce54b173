//! Numbers of ads by day, account by account, as reports that Meta makes in the background.
//!
//! A first run reads all since the first campaign, as far as Meta keeps it, in windows; later ones the
//! last four weeks again. A report that Meta can't make is ordered once more, then for half of its
//! days, and in the end campaign by campaign ([`plan`]). The report that is waited for is in the cursor
//! ([`place`]), so that a run that was cut goes on with it.

mod place;
mod plan;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Error, ErrorKind, Next, PageStream, Result};

use self::place::{Cursor, Ordered, Pass, SOON, Stage, pause};
use self::plan::Piece;
use super::ad_accounts::{self, Account};
use crate::api::{Campaign, Campaigns, Continuation, GetReport, OrderReport, Report, ReportRows};
use crate::dialect::Meaning;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many rows are asked for at once.
const LIMIT: u32 = 500;

/// How long a report is waited for.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// The most pages of a list of campaigns that are read.
const MOST_PAGES: usize = 200;

/// What one step brings.
struct Step {
    mapped: Vec<Mapped>,
    notes: Vec<String>,
    wait: Option<Duration>,
}

impl Step {
    fn on(notes: Vec<String>) -> Self {
        Self {
            mapped: Vec::new(),
            notes,
            wait: None,
        }
    }

    fn wait(wait: Duration) -> Self {
        Self {
            wait: Some(wait),
            ..Self::on(Vec::new())
        }
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut notes = Vec::new();
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => {
            let (left, unknown) = ad_accounts::chosen(reader).await?;
            notes = unknown;
            notes.extend(reader.notices(None));
            Pass {
                left,
                pieces: None,
                report: None,
            }
        }
    };
    let step = match pass.left.first().cloned() {
        Some(account) => step(reader, &mut cursor, &mut pass, &account).await?,
        None => Step::on(Vec::new()),
    };
    notes.extend(step.notes);
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        step.wait.map_or(Next::More, Next::After)
    };
    Ok(Batch {
        notes,
        ..Batch::mapped(step.mapped, cursor, next)
    })
}

/// One step with an account.
async fn step(
    reader: &Reader,
    cursor: &mut Cursor,
    pass: &mut Pass,
    account: &Account,
) -> Result<Step> {
    let floor = cursor.floors.get(&account.id).copied();
    if pass.pieces.is_none() && floor.is_none() {
        // Nothing was shown before the first campaign was made.
        let campaigns = campaigns(reader, &account.id).await?;
        let first = campaigns.iter().filter_map(|it| it.created_time).min();
        pass.pieces = Some(match first {
            Some(first) => plan::pieces(&account.not_before(first), None),
            None if campaigns.is_empty() => Vec::new(),
            None => plan::pieces(account, None),
        });
    }
    let pieces = pass
        .pieces
        .get_or_insert_with(|| plan::pieces(account, floor));
    let Some(piece) = pieces.last().cloned() else {
        cursor.floors.insert(account.id.clone(), account.today);
        pass.next_account();
        return Ok(Step::on(Vec::new()));
    };
    match pass.report.take() {
        None => order(reader, pass, account, &piece).await,
        Some(report) => match report.stage {
            Stage::Waiting { asked } => ask(reader, pass, &piece, report, asked).await,
            Stage::Reading {
                from,
                limit,
                restarts,
            } => {
                let place = (from, limit, restarts);
                read(reader, pass, account, (report.id, report.at), place).await
            }
        },
    }
}

/// Orders the report on a piece.
async fn order(reader: &Reader, pass: &mut Pass, account: &Account, piece: &Piece) -> Result<Step> {
    let answer = reader
        .call(&OrderReport {
            object: piece.object.clone(),
            since: piece.since,
            until: piece.until,
        })
        .await;
    match answer {
        Ok(ordered) => {
            pass.report = Some(Ordered {
                id: ordered.report_run_id,
                at: reader.now(),
                stage: Stage::Waiting { asked: 0 },
            });
            Ok(Step::wait(SOON))
        }
        Err(error) if Meaning::of(&error) == Some(Meaning::TooMuch) => {
            split(reader, pass, piece).await
        }
        // One account that was taken back doesn't cost the others.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::PermissionDenied | ErrorKind::NotFound
            ) && piece.object == account.id =>
        {
            pass.next_account();
            Ok(Step::on(vec![format!(
                "The numbers of the ad account {} can't be read: {}",
                account.id.escape_debug(),
                error.message()
            )]))
        }
        Err(error) => Err(error),
    }
}

/// Asks how far the report is.
async fn ask(
    reader: &Reader,
    pass: &mut Pass,
    piece: &Piece,
    report: Ordered,
    asked: u32,
) -> Result<Step> {
    let state = match reader
        .call(&GetReport {
            id: report.id.clone(),
        })
        .await
    {
        Ok(state) => state,
        // Reports aren't kept for ever.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return lost(reader, pass, piece).await;
        }
        Err(error) => return Err(error),
    };
    match state.async_status.as_deref() {
        Some("Job Completed") => {
            pass.report = Some(Ordered {
                stage: Stage::Reading {
                    from: None,
                    limit: LIMIT,
                    restarts: 0,
                },
                ..report
            });
            Ok(Step::on(Vec::new()))
        }
        Some("Job Failed" | "Job Skipped") if is_too_much(&state) => {
            split(reader, pass, piece).await
        }
        Some("Job Failed" | "Job Skipped") => lost(reader, pass, piece).await,
        _ if reader.now() - report.at >= PATIENCE => lost(reader, pass, piece).await,
        _ => {
            pass.report = Some(Ordered {
                stage: Stage::Waiting { asked: asked + 1 },
                ..report
            });
            Ok(Step::wait(pause(asked + 1)))
        }
    }
}

/// Whether a report failed because there is too much of it.
fn is_too_much(report: &Report) -> bool {
    let message = report.error_message.as_deref().unwrap_or_default();
    message
        .to_ascii_lowercase()
        .contains("reduce the amount of data")
}

/// Reads one page of the report's rows.
async fn read(
    reader: &Reader,
    pass: &mut Pass,
    account: &Account,
    (id, at): (String, DateTime<Utc>),
    (from, limit, restarts): (Option<Continuation>, u32, u32),
) -> Result<Step> {
    let again = |from, limit, restarts| {
        Some(Ordered {
            id: id.clone(),
            at,
            stage: Stage::Reading {
                from,
                limit,
                restarts,
            },
        })
    };
    let rows = reader
        .call(&ReportRows {
            id: id.clone(),
            limit,
            from: from.clone(),
        })
        .await;
    let list = match rows {
        Ok(list) => list,
        Err(error) => {
            match Meaning::of(&error) {
                Some(Meaning::TooMuch) if limit > 1 => {
                    pass.report = again(from, limit / 2, restarts);
                }
                // What was read of it comes once more, and replaces itself.
                Some(Meaning::ReportLost) => return lost_piece(reader, pass).await,
                None if error.kind() == ErrorKind::NotFound => {
                    return lost_piece(reader, pass).await;
                }
                // A cursor doesn't last for ever.
                None if error.kind() == ErrorKind::Rejected && from.is_some() => {
                    reader.restart(error)?;
                    pass.report = again(None, limit, restarts.wrapping_add(1));
                }
                _ => return Err(error),
            }
            return Ok(Step::on(Vec::new()));
        }
    };
    let next = list.next()?;
    if next.is_some() && next == from {
        return Err(Error::contract("Meta gives the same page again"));
    }
    match next {
        Some(next) => pass.report = again(Some(next), limit, restarts),
        None => pass.finish_piece(),
    }
    let mut notes: Vec<String> = reader.notices(list.served.as_deref());
    let mut unknown = BTreeSet::new();
    let time_zone = account.time_zone.as_deref();
    let mapped = list
        .data
        .into_iter()
        .flat_map(|entry| {
            map::entries(entry, reader.keep_raw(), |row| {
                map::ad_metrics(&account.id, time_zone, row, account.today, &mut unknown)
            })
        })
        .collect();
    if !unknown.is_empty() {
        let unknown: Vec<String> = unknown.into_iter().collect();
        notes.push(format!(
            "Meta counts actions of kinds that aren't kept here: {}",
            unknown.join(", ").escape_debug()
        ));
    }
    Ok(Step {
        mapped,
        notes,
        wait: None,
    })
}

async fn lost_piece(reader: &Reader, pass: &mut Pass) -> Result<Step> {
    match pass.pieces.iter().flatten().last().cloned() {
        Some(piece) => lost(reader, pass, &piece).await,
        None => Ok(Step::on(Vec::new())),
    }
}

/// A report that failed, got lost or took too long: once more, then in parts.
async fn lost(reader: &Reader, pass: &mut Pass, piece: &Piece) -> Result<Step> {
    pass.report = None;
    if piece.failed == 0 {
        pass.replace([Piece {
            failed: 1,
            ..piece.clone()
        }]);
        return Ok(Step::on(Vec::new()));
    }
    split(reader, pass, piece).await
}

/// Puts parts in the place of a piece: half of its days, then its campaigns. What can't be parted is
/// left out, and a note says so.
async fn split(reader: &Reader, pass: &mut Pass, piece: &Piece) -> Result<Step> {
    pass.report = None;
    if let Some(halves) = piece.halves() {
        pass.replace(halves);
        return Ok(Step::on(Vec::new()));
    }
    if piece.is_of_account() {
        let campaigns = campaigns(reader, &piece.object).await?;
        pass.replace(campaigns.into_iter().map(|it| piece.of(it.id)));
        return Ok(Step::on(Vec::new()));
    }
    pass.finish_piece();
    Ok(Step::on(vec![format!(
        "Meta can't make the report on the ads of the campaign {} on {}: that day is left out",
        piece.object.escape_debug(),
        piece.since
    )]))
}

async fn campaigns(reader: &Reader, account: &str) -> Result<Vec<Campaign>> {
    let mut page = Campaigns {
        account: account.to_owned(),
        updated_after: None,
        limit: 200,
        from: None,
    };
    let mut all = Vec::new();
    for _ in 0..MOST_PAGES {
        let list = reader.call(&page).await?;
        let next = list.next()?;
        let read = list.data.into_iter();
        all.extend(read.filter_map(|entry| entry.into_parts().0.ok()));
        match next {
            Some(next) => page.from = Some(next),
            None => return Ok(all),
        }
    }
    Err(Error::contract("Meta's list of campaigns has no end"))
}
