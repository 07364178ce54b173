//! Reading records back one by one: every stream's can be but traffic's. Each is read and mapped by
//! the code of its stream; here is what it means that eBay has none, or an odd one.

use async_trait::async_trait;
use connector_core::{Error, Lookup, Record, Result, Session};

use crate::connector::Ebay;
use crate::credential::EbayCredential;
use crate::map::Mapped;
use crate::streams;

/// Errors beyond those of the contract: [`NotFound`](connector_core::ErrorKind::NotFound) for a
/// stream that there isn't; [`ContractBroken`](connector_core::ErrorKind::ContractBroken), with the
/// reason, for what eBay has and a sync would skip.
#[async_trait]
impl Lookup<EbayCredential> for Ebay {
    async fn lookup(
        &self,
        session: &Session<EbayCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        let application = self.application().clone();
        let found = streams::one(session.clone(), application, stream, external_id).await?;
        record_of(external_id, found)
    }
}

fn record_of(external_id: &str, found: Option<Mapped>) -> Result<Record> {
    match found {
        Some(Ok(record)) => Ok(record),
        Some(Err(odd)) => {
            Err(Error::contract("eBay has this, and it can't be mapped").with("reason", odd.reason))
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
        let odd = Skipped {
            external_id: Some("7".to_owned()),
            reason: "the price is no amount".to_owned(),
        };
        let error = record_of("7", Some(Err(odd))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("reason"), Some("the price is no amount"));
    }
}
