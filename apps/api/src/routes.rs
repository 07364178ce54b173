//! The JSON API: one file per noun. Each handler parses, calls the engine or the store, and answers.

pub(crate) mod attribution;
pub(crate) mod connect;
pub(crate) mod connections;
pub(crate) mod health;
pub(crate) mod measurements;
pub(crate) mod metrics;
pub(crate) mod oauth;
pub(crate) mod platforms;
pub(crate) mod records;
mod span;
pub(crate) mod subscriptions;
pub(crate) mod sync;
mod view;
pub(crate) mod webhooks;

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// `true`, in the `success` of every reply that is one, so that a program can ask for it always.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Success;

impl Serialize for Success {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl PartialSchema for Success {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .enum_values(Some([true]))
            .into()
    }
}

impl ToSchema for Success {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Success")
    }
}
