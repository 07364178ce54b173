//! Connecting an account: a state machine that the shell drives without knowing the platform.
//!
//! `Begin` or `Resume` goes in; `Redirect`, `Prompt` or `Connected` comes out. OAuth, a token typed
//! into a form and "which of your ad accounts?" are the same three outcomes, so no app and no
//! engine branches on a platform or on a kind of authorisation.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::descriptor::Field;
use crate::error::{Error, ErrorKind, Result};
use crate::secret;

/// Named values from a person or a callback, in the order in which they came.
///
/// All of them are treated as secrets: `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Form(Vec<(String, SecretString)>);

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The form with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push(name, value);
        self
    }

    /// Adds one more value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), SecretString::from(value.into())));
    }

    /// What a callback's query says, decoded.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| (name.into_owned(), SecretString::from(value.into_owned())))
                .collect(),
        )
    }

    /// The first value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.expose_secret())
    }

    /// The first value with this name, without the white space around it, which must not be empty.
    ///
    /// # Errors
    /// [`ErrorKind::InputInvalid`] naming the field.
    pub fn require(&self, name: &str) -> Result<&str> {
        match self.get(name).map(str::trim) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(Error::input(name.to_owned(), "a value is needed")),
        }
    }

    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose_secret()))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// What the shell puts in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConnectStep {
    /// A person chose a method and filled in its fields.
    Begin {
        /// The [`AuthMethod`](crate::AuthMethod)'s id.
        method: String,
        /// What was typed.
        form: Form,
        /// Where the platform is to send the person back to: exactly what is registered there.
        return_to: Url,
    },
    /// The person came back from the platform, or answered a prompt.
    Resume {
        /// What the step before gave, once.
        pending: Pending,
        /// The callback's query, or the answers.
        answer: Form,
    },
}

/// What comes out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConnectOutcome<C> {
    /// Send the person there and keep `pending`.
    Redirect {
        /// The platform's consent page.
        url: Url,
        /// For [`ConnectStep::Resume`].
        pending: Pending,
    },
    /// Ask the person and keep `pending`.
    Prompt {
        /// The question.
        ask: Ask,
        /// For [`ConnectStep::Resume`].
        pending: Pending,
    },
    /// Done. Test it before it is stored.
    Connected(C),
}

/// A question to the person who connects.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ask {
    /// Fill in these fields.
    Fill {
        /// The fields.
        fields: &'static [Field],
    },
    /// Choose one or several.
    Choose {
        /// The name under which the answer comes back, once per choice.
        field: &'static str,
        /// The question as a person reads it.
        label: &'static str,
        /// What there is to choose from.
        among: Vec<Choice>,
        /// Whether more than one may be chosen.
        many: bool,
    },
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What comes back.
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// What a connector must remember between two steps: state, verifier, shop.
///
/// It is a secret. The engine stores it sealed, lets it be used once, for ten minutes, by the
/// browser and the project that began; the connector compares what the platform echoes with
/// [`Pending::key`] in constant time.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    #[serde(serialize_with = "secret::expose")]
    key: SecretString,
    #[serde(serialize_with = "secret::expose")]
    data: SecretString,
    method: String,
}

impl Pending {
    /// Remembers `data` under a key that the next answer will name: an OAuth `state`, or a random
    /// id for a prompt.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] when `data` can't be written as JSON.
    pub fn new<T: Serialize>(
        key: impl Into<String>,
        method: impl Into<String>,
        data: &T,
    ) -> Result<Self> {
        let data = serde_json::to_string(data).map_err(|_cause| {
            Error::new(
                ErrorKind::Unexpected,
                "the pending step can't be written as JSON",
            )
        })?;
        Ok(Self {
            key: key.into().into(),
            data: data.into(),
            method: method.into(),
        })
    }

    /// What the next answer names it by.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.expose_secret()
    }

    /// That an OAuth callback names this attempt in its `state` (RFC 6749, 10.12).
    ///
    /// # Errors
    /// [`ErrorKind::InputInvalid`] when it names another one, or none.
    pub fn check_state(&self, callback: &Form) -> Result<()> {
        if secret::same(self.key(), callback.require("state")?) {
            return Ok(());
        }
        Err(Error::input(
            "state",
            "the callback belongs to another attempt: start again",
        ))
    }

    /// The auth method that it belongs to.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// What was remembered.
    ///
    /// # Errors
    /// [`ErrorKind::InputInvalid`] when it was written by another version: connecting starts over.
    pub fn data<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.data.expose_secret()).map_err(|_cause| {
            Error::new(
                ErrorKind::InputInvalid,
                "this connect attempt was begun by another version; start again",
            )
        })
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// What a connection turned out to be: the answer of [`test`](crate::Connector::test).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The platform's stable id of the account (a shop's domain, a seller's id). Connecting the
    /// same one again renews the connection instead of making a second.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// What was granted, in the platform's words. Empty where the platform has no scopes.
    pub scopes: Vec<String>,
    /// What a person should know before relying on it: a scope that is missing and what it costs, a
    /// window that cuts history.
    pub warnings: Vec<String>,
}
