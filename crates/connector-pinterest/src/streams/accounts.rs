//! The ad accounts that a run goes through, one after the other.

use connector_core::model::Currency;
use connector_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::short_list;
use crate::api::ListAdAccounts;
use crate::dialect::is_of_one_object;
use crate::reader::Reader;

/// An ad account, as far as its campaigns and numbers need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) id: String,
    /// The currency of all its money; `None` for one that ISO 4217 doesn't have.
    pub(super) currency: Option<Currency>,
}

/// Ad accounts of which some are still to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accounts {
    /// What is left. The first is being read.
    left: Vec<Account>,
    /// How many were read.
    read: u32,
}

impl Accounts {
    /// All that the account may see. One that can't be read is told and left out.
    ///
    /// # Errors
    /// Those of the call.
    pub(super) async fn list(reader: &Reader) -> Result<(Self, Vec<String>)> {
        let entries = short_list::all(reader, |paged| ListAdAccounts { paged }).await?;
        let mut accounts = Self::default();
        let mut notes = Vec::new();
        for entry in entries {
            match entry.into_parts().0 {
                Ok(account) => accounts.left.push(Account {
                    currency: account.currency.and_then(|code| code.parse().ok()),
                    id: account.id,
                }),
                Err(error) => notes.push(format!("An ad account can't be read: {error}")),
            }
        }
        Ok((accounts, notes))
    }

    /// The one that is being read; `None` at the end.
    pub(super) fn current(&self) -> Option<&Account> {
        self.left.first()
    }

    /// Ends the one that is being read.
    pub(super) fn done(&mut self) {
        self.read += 1;
        self.next();
    }

    /// Leaves out the one that is being read, where a failure is its own. What a person should know
    /// of that.
    ///
    /// # Errors
    /// The failure itself, where it isn't of one account, or no other account is left or was read.
    pub(super) fn leave_out(&mut self, error: Error) -> Result<String> {
        if !is_of_one_object(&error) || (self.left.len() < 2 && self.read == 0) {
            return Err(error);
        }
        let id = self.current().map(|account| account.id.clone());
        self.next();
        Ok(format!(
            "The ad account {} is left out: {}",
            id.unwrap_or_default().escape_debug(),
            error.message()
        ))
    }

    fn next(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
    }
}

#[cfg(test)]
impl Accounts {
    /// Accounts with these ids.
    pub(super) fn of(ids: &[&str]) -> Self {
        let account = |id: &&str| Account {
            id: (*id).to_owned(),
            currency: None,
        };
        Self {
            left: ids.iter().map(account).collect(),
            read: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use connector_core::ErrorKind;

    use super::*;

    #[test]
    fn a_refusal_of_one_account_costs_no_other() {
        let refusal = || Error::new(ErrorKind::PermissionDenied, "not allowed");
        let mut accounts = Accounts::of(&["1", "2"]);
        let note = accounts.leave_out(refusal()).unwrap();
        assert_eq!(note, "The ad account 1 is left out: not allowed");
        assert_eq!(accounts.current().unwrap().id, "2");
        // None was read, and none is left.
        assert!(accounts.leave_out(refusal()).is_err());
        let mut accounts = Accounts::of(&["1", "2"]);
        accounts.done();
        assert!(accounts.leave_out(refusal()).is_ok());
        assert_eq!(accounts.current(), None);
    }

    #[test]
    fn a_failure_of_everything_is_none_of_one_account() {
        let mut accounts = Accounts::of(&["1", "2"]);
        let error = Error::new(ErrorKind::Unavailable, "down");
        assert!(accounts.leave_out(error).is_err());
        let scope = Error::new(ErrorKind::PermissionDenied, "a scope is missing").with("code", 3);
        assert!(accounts.leave_out(scope).is_err());
    }
}
