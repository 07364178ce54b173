//! Reading records back one by one, by the code of their stream.

use async_trait::async_trait;
use connector_core::{Error, Lookup, Record, Result, Session};

use crate::connector::Pinterest;
use crate::credential::PinterestCredential;
use crate::map::Mapped;
use crate::reader::Reader;
use crate::streams;

/// A number of a day has no id of its own at Pinterest and is
/// [`Unsupported`](connector_core::ErrorKind::Unsupported). Errors beyond those of the contract:
/// [`NotFound`](connector_core::ErrorKind::NotFound) for a stream that there isn't;
/// [`ContractBroken`](connector_core::ErrorKind::ContractBroken), with the reason, for what Pinterest
/// has and a sync would skip.
#[async_trait]
impl Lookup<PinterestCredential> for Pinterest {
    async fn lookup(
        &self,
        session: &Session<PinterestCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        let reader = Reader::new(session.clone(), false);
        record_of(
            external_id,
            streams::one(&reader, stream, external_id).await?,
        )
    }
}

fn record_of(external_id: &str, found: Option<Mapped>) -> Result<Record> {
    match found {
        Some(Ok(record)) if record.external_id == external_id => Ok(record),
        // What Pinterest answers with under another id is another record.
        Some(Ok(_)) | None => Ok(Record::gone(external_id)),
        Some(Err(odd)) => Err(
            Error::contract("Pinterest has this, and it can't be mapped")
                .with("reason", odd.reason),
        ),
    }
}

#[cfg(test)]
mod tests {
    use connector_core::{ErrorKind, Skipped};

    use super::*;

    #[test]
    fn what_cannot_be_mapped_is_not_taken_for_gone() {
        let odd = Skipped::new("7", "it has no time");
        let error = record_of("7", Some(Err(odd))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
        assert_eq!(error.context("reason"), Some("it has no time"));
        let other = Some(Ok(Record::gone("8")));
        assert_eq!(record_of("7", other).unwrap().external_id, "7");
    }
}
