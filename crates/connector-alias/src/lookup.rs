//! Reading records back one by one: every stream's can be. Each is read and mapped by the code of its
//! stream; here is which, and what it means that alias has none.

use async_trait::async_trait;
use connector_core::{Error, ErrorKind, Lookup, Record, Result, Session};

use crate::connector::Alias;
use crate::credential::AliasCredential;
use crate::descriptor::{
    BATCH_OPERATIONS, CATALOG, LISTINGS, MARKET_DEPTH, MARKET_SNAPSHOTS, ORDERS, PAYOUTS,
};
use crate::map::{self, Mapped};
use crate::streams::{
    self, batch_operations, catalog, listings, market_depth, market_snapshots, orders,
};

/// Nobody can ask for the raw JSON of a lookup.
const KEEP_RAW: bool = false;

/// A stream covers what the seller lists, watches and sells; a lookup answers for whatever alias has.
///
/// An id that alias can't have, such as a market snapshot's without a size, is one that it doesn't
/// have: its record is gone, and nothing is sent.
///
/// Errors beyond those of the contract: [`ErrorKind::NotFound`] for a stream that there isn't;
/// [`ErrorKind::ContractBroken`], with the reason, for what alias has and a sync would skip.
#[async_trait]
impl Lookup<AliasCredential> for Alias {
    async fn lookup(
        &self,
        session: &Session<AliasCredential>,
        stream: &str,
        external_id: &str,
    ) -> Result<Record> {
        let id = external_id;
        let read = match stream {
            CATALOG => catalog::one(session, id, KEEP_RAW).await.map(Some),
            LISTINGS => listings::one(session, id, KEEP_RAW).await.map(Some),
            ORDERS => orders::one(session, id, KEEP_RAW, map::order)
                .await
                .map(Some),
            MARKET_SNAPSHOTS => market_snapshots::one(session, id).await,
            MARKET_DEPTH => market_depth::one(session, id, KEEP_RAW).await,
            BATCH_OPERATIONS => batch_operations::one(session, id, KEEP_RAW).await.map(Some),
            PAYOUTS => orders::one(session, id, KEEP_RAW, map::payout)
                .await
                .map(Some),
            unknown => return Err(streams::no_such(unknown)),
        };
        record_of(external_id, read)
    }
}

/// What reading a record came to.
fn record_of(external_id: &str, read: Result<Option<Mapped>>) -> Result<Record> {
    match read {
        Ok(Some(Ok(record))) if record.external_id == external_id => Ok(record),
        // What alias answers with under another id is another record.
        Ok(Some(Ok(_)) | None) => Ok(Record::gone(external_id)),
        Ok(Some(Err(odd))) => {
            Err(Error::contract("alias has this, and it can't be mapped")
                .with("reason", odd.reason))
        }
        Err(error) if is_about_the_id(&error) => Ok(Record::gone(external_id)),
        Err(error) => Err(error),
    }
}

/// Whether alias has nothing of this id, or could not even be asked for it.
fn is_about_the_id(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::NotFound => true,
        ErrorKind::InputInvalid => error.field() == Some("id"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use connector_core::Model;
    use connector_core::model::Native;
    use connector_core::{Change, Skipped};

    use super::*;

    fn mapped(id: &str) -> Result<Option<Mapped>> {
        let native = Native {
            kind: "thing".to_owned(),
            title: None,
            status: None,
            body: serde_json::json!({}),
        };
        let model = Model::Native(Box::new(native));
        Ok(Some(Ok(Record::upsert(id, None, model))))
    }

    #[test]
    fn only_the_record_itself_is_there() {
        let is_there = |read| record_of("a", read).unwrap().change != Change::Gone;
        assert!(is_there(mapped("a")));
        let refused = |kind| Err(Error::new(kind, "no"));
        let no_id = Err(Error::input("id", "this can't be an id"));
        for read in [mapped("b"), Ok(None), refused(ErrorKind::NotFound), no_id] {
            assert!(!is_there(read));
        }
    }

    #[test]
    fn what_went_wrong_is_not_taken_for_gone() {
        let odd = Skipped {
            external_id: None,
            reason: "it has no id".to_owned(),
        };
        let error = record_of("a", Ok(Some(Err(odd)))).unwrap_err();
        assert_eq!(
            (error.kind(), error.context("reason")),
            (ErrorKind::ContractBroken, Some("it has no id"))
        );
        for kind in [
            ErrorKind::Rejected,
            ErrorKind::PermissionDenied,
            ErrorKind::Unavailable,
            ErrorKind::InputInvalid,
        ] {
            let error = record_of("a", Err(Error::new(kind, "no"))).unwrap_err();
            assert_eq!(error.kind(), kind);
        }
    }
}
