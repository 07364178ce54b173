//! Reading records back one by one, by the code of their stream; here is which, and what it means
//! that Amazon has none.

use async_trait::async_trait;
use connector_core::{Error, Lookup, Record, Result, Session};

use crate::connector::AmazonSpapi;
use crate::credential::AmazonCredential;
use crate::map::Mapped;
use crate::streams;

/// What Amazon has no operation for, by the id of one record, is
/// [`Unsupported`](connector_core::ErrorKind::Unsupported). Errors beyond those of the contract:
/// [`NotFound`](connector_core::ErrorKind::NotFound) for a stream that there isn't;
/// [`ContractBroken`](connector_core::ErrorKind::ContractBroken), with the reason, for what Amazon has
/// and a sync would skip.
#[async_trait]
impl Lookup<AmazonCredential> for AmazonSpapi {
    async fn lookup(
        &self,
        session: &Session<AmazonCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        let found = streams::one(&self.seller(session.clone()), stream, external_id).await?;
        record_of(external_id, found)
    }
}

fn record_of(external_id: &str, found: Option<Mapped>) -> Result<Record> {
    match found {
        Some(Ok(record)) if record.external_id == external_id => Ok(record),
        // What Amazon answers with under another id is another record.
        Some(Ok(_)) | None => Ok(Record::gone(external_id)),
        Some(Err(odd)) => {
            Err(Error::contract("Amazon has this, and it can't be mapped")
                .with("reason", odd.reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use connector_core::{ErrorKind, Skipped};

    use super::*;

    #[test]
    fn what_cannot_be_mapped_is_not_taken_for_gone() {
        let odd = Skipped {
            external_id: Some("7".to_owned()),
            reason: "the price is no amount".to_owned(),
        };
        let error = record_of("7", Some(Err(odd))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("reason"), Some("the price is no amount"));
    }

    #[test]
    fn a_record_of_another_id_is_another_record() {
        let other = Some(Ok(Record::gone("8")));
        assert_eq!(record_of("7", other).unwrap().external_id, "7");
        assert_eq!(record_of("7", None).unwrap().external_id, "7");
    }
}
