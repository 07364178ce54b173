//! What a person set for one connection: not secret, plain text, named by the descriptor.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values for the descriptor's [`settings`](crate::Descriptor::settings).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub BTreeMap<String, String>);

impl Settings {
    /// The value of a setting, without the white space around it; `None` where it is empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The lines of a setting that are not empty.
    pub fn lines(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "on" | "yes" | "1"))
    }
}
