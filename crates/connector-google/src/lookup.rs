//! Reading records back one by one: those that Google gives by an id. Each is read and mapped by the
//! code of its stream; here is what it means that Google has none, or an odd one.

use async_trait::async_trait;
use connector_core::{Error, Lookup, Record, Result, Session};

use crate::connector::Google;
use crate::credential::GoogleCredential;
use crate::map::Mapped;
use crate::streams;

/// Errors beyond those of the contract: [`NotFound`](connector_core::ErrorKind::NotFound) for a
/// stream that there isn't; [`ContractBroken`](connector_core::ErrorKind::ContractBroken), with the
/// reason, for what Google has and a sync would skip.
#[async_trait]
impl Lookup<GoogleCredential> for Google {
    async fn lookup(
        &self,
        session: &Session<GoogleCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        let found = streams::one(session.clone(), stream, external_id).await?;
        record_of(external_id, found)
    }
}

fn record_of(external_id: &str, found: Option<Mapped>) -> Result<Record> {
    match found {
        Some(Ok(record)) => Ok(record),
        Some(Err(odd)) => {
            Err(Error::contract("Google has this, and it can't be mapped")
                .with("reason", odd.reason))
        }
        None => Ok(Record::gone(external_id)),
    }
}

#[cfg(test)]
mod tests {
    use connector_core::{ErrorKind, Skipped};

    use super::*;

    #[test]
    fn what_cannot_be_mapped_is_not_taken_for_gone() {
        let odd = Skipped::new("7", "an event without an id");
        let error = record_of("7", Some(Err(odd))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("reason"), Some("an event without an id"));
        let none = record_of("7", None).unwrap();
        assert_eq!(none.change, connector_core::Change::Gone);
    }
}
