//! The ids that this store gives: UUID v7 in their text form, so that they sort by age, join in any
//! BI tool, and need no round trip to be made.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one, later in order than all that were made before.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default that differs on every call surprises")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The one with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl From<$name> for sea_orm::Value {
            fn from(id: $name) -> Self {
                Self::String(Some(id.to_string()))
            }
        }

        impl FromStr for $name {
            type Err = StoreError;

            fn from_str(text: &str) -> Result<Self, StoreError> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_cause| StoreError::NotFound { what: $what })
            }
        }
    };
}

id!(
    /// A tenant: the boundary that every query is scoped by.
    ProjectId,
    "project"
);
impl ProjectId {
    /// When it was made, to the millisecond.
    pub(crate) fn made_at(&self) -> DateTime<Utc> {
        self.0
            .get_timestamp()
            .and_then(|timestamp| {
                let (seconds, nanos) = timestamp.to_unix();
                DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
            })
            .unwrap_or_default()
    }
}

id!(
    /// One authorised account of a project on a platform. Its maker is the caller, because a
    /// credential is sealed for the connection that it belongs to before the connection is stored.
    ConnectionId,
    "connection"
);
id!(
    /// One sync of one stream.
    RunId,
    "run"
);
id!(
    /// One webhook delivery in the inbox.
    WebhookId,
    "webhook"
);
