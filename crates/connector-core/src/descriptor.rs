//! What a platform is, as data: names, forms, streams. What to show, never what to do.

use serde::Serialize;

use crate::model::ModelKind;

/// One platform, described. All `'static`, so that a descriptor is a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Descriptor {
    /// Kebab-case, stable for ever: `shopify`, `amazon-spapi`.
    pub id: &'static str,
    /// As the platform writes itself.
    pub name: &'static str,
    /// What connecting it brings, in one sentence.
    pub summary: &'static str,
    /// The platform's own documentation.
    pub docs: &'static str,
    /// The ways to connect; the first is the one to offer.
    pub auth_methods: &'static [AuthMethod],
    /// What can be synced.
    pub streams: &'static [StreamDescriptor],
    /// What can be set per connection afterwards, such as a watch list. Not secret.
    pub settings: &'static [Field],
}

impl Descriptor {
    /// The auth method with this id.
    #[must_use]
    pub fn auth_method(&self, id: &str) -> Option<&'static AuthMethod> {
        self.auth_methods.iter().find(|method| method.id == id)
    }

    /// The stream with this id.
    #[must_use]
    pub fn stream(&self, id: &str) -> Option<&'static StreamDescriptor> {
        self.streams.iter().find(|stream| stream.id == id)
    }
}

/// One way to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuthMethod {
    /// Snake case: `oauth`, `personal_access_token`.
    pub id: &'static str,
    /// As a person reads it.
    pub label: &'static str,
    /// What has to be filled in to begin.
    pub fields: &'static [Field],
    /// Whether a browser will be sent to the platform. Only for a hint to the person; the outcome
    /// of the step decides.
    pub redirects: bool,
    /// What the operator must have configured (client id, secret) before it can be offered: the
    /// names of the platform's settings in the configuration. Empty if nothing.
    pub needs: &'static [&'static str],
    /// The page that tells how to get what the form asks for.
    pub docs: &'static str,
}

/// One value that a person types or chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Snake case; the name in a [`Form`](crate::Form).
    pub name: &'static str,
    /// As a person reads it.
    pub label: &'static str,
    /// Where to find the value, or what it does, in one sentence.
    pub help: &'static str,
    /// How to ask.
    pub kind: FieldKind,
    /// What a right value looks like; never a real one.
    pub example: &'static str,
    /// Whether it may be left empty.
    pub required: bool,
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldKind {
    /// One line.
    Text,
    /// One line that is not shown, and can't be read back.
    Secret,
    /// Several lines, one value each.
    Lines,
    /// Yes or no.
    Switch,
}

/// One thing that can be synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StreamDescriptor {
    /// Snake case: `orders`, `market_snapshots`.
    pub id: &'static str,
    /// As a person reads it.
    pub label: &'static str,
    /// What its records are.
    pub model: ModelKind,
    /// How a run after the first one reads.
    pub reading: Reading,
    /// What must be granted, in the platform's words.
    pub scopes: &'static [&'static str],
    /// What it holds and what it leaves out, in one or two sentences.
    pub about: &'static str,
}

/// How a stream is read after its first run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reading {
    /// Only what changed since the last run, with an overlap.
    Incremental,
    /// All of it, every time: the platform can't tell what changed.
    Complete,
}
