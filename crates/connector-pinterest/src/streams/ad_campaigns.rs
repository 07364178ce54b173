//! Campaigns of all ad accounts, each time: the list can't be asked for what changed.

use connector_core::{Batch, Checkpoint, Error, ErrorKind, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::accounts::Accounts;
use super::walk::{self, Step};
use crate::api::{GetCampaign, ListCampaigns, Paged};
use crate::dialect::is_of_one_object;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// Where the stream stands; `None` before the ad accounts are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor(Option<Pass>);

/// A walk through the lists of all ad accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    accounts: Accounts,
    /// Where the list of the first of them goes on.
    list: walk::Cursor,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let Some(mut pass) = cursor.0 else {
        let (accounts, notes) = Accounts::list(reader).await?;
        let list = walk::Cursor::default();
        return Ok(batch(Pass { accounts, list }, Vec::new(), notes));
    };
    let Some(account) = pass.accounts.current().cloned() else {
        return Ok(batch(pass, Vec::new(), Vec::new()));
    };
    let campaigns = ListCampaigns {
        account: account.id.clone(),
        paged: Paged::from(pass.list.bookmark.clone()),
    };
    let answer = match reader.call(&campaigns).await {
        Err(error) if is_of_one_object(&error) => {
            let note = pass.accounts.leave_out(error)?;
            pass.list = walk::Cursor::default();
            return Ok(batch(pass, Vec::new(), vec![note]));
        }
        answer => answer,
    };
    match pass.list.take(reader, answer)? {
        Step::Page(list, next) => {
            let mapped = list.items.into_iter().map(|item| {
                map::entry(item, reader.keep_raw(), |campaign| {
                    map::campaign(&account.id, account.currency, campaign)
                })
            });
            let mapped = mapped.collect();
            if next.is_none() {
                pass.accounts.done();
            }
            pass.list = next.unwrap_or_default();
            Ok(batch(pass, mapped, Vec::new()))
        }
        Step::Anew(list) => Ok(batch(Pass { list, ..pass }, Vec::new(), Vec::new())),
        Step::TooDeep => {
            pass.accounts.done();
            pass.list = walk::Cursor::default();
            let note = format!("Pinterest doesn't list all campaigns of {}", account.id);
            Ok(batch(pass, Vec::new(), vec![note]))
        }
    }
}

fn batch(pass: Pass, mapped: Vec<Mapped>, notes: Vec<String>) -> Batch<Cursor> {
    let (cursor, next) = match pass.accounts.current() {
        Some(_) => (Cursor(Some(pass)), Next::More),
        None => (Cursor::default(), Next::Done),
    };
    Batch {
        notes,
        ..Batch::mapped(mapped, cursor, next)
    }
}

/// One campaign. Its id doesn't tell the ad account, so all are asked until one has it.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let (mut accounts, _notes) = Accounts::list(reader).await?;
    while let Some(account) = accounts.current().cloned() {
        let campaign = GetCampaign {
            account: account.id.clone(),
            id: id.to_owned(),
        };
        match reader.call(&campaign).await {
            Ok(campaign) => {
                return Ok(map::entry(campaign, false, |campaign| {
                    map::campaign(&account.id, account.currency, campaign)
                }));
            }
            Err(error) if is_of_one_object(&error) || error.kind() == ErrorKind::Rejected => {
                accounts.done();
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::new(
        ErrorKind::NotFound,
        "no ad account has this campaign",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_ends_with_its_last_account_and_begins_anew() {
        let mut pass = Pass {
            accounts: Accounts::of(&["1", "2"]),
            list: walk::Cursor::default(),
        };
        pass.accounts.done();
        let more = batch(pass.clone(), Vec::new(), Vec::new());
        assert_eq!(more.next, Next::More);
        let json = serde_json::to_string(&more.cursor).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), more.cursor);
        pass.accounts.done();
        let done = batch(pass, Vec::new(), Vec::new());
        assert_eq!((done.next, done.cursor), (Next::Done, Cursor(None)));
    }
}
