//! Connecting an account: the connector's state machine, with what it must remember kept in between.
//!
//! What is pending is sealed, found by a keyed hash of its key, used once, within ten minutes, by
//! the browser and the project that began. A credential is tested against the platform before
//! anything of it is saved.

use std::fmt;

use connector_core::{Account, Ask, ErrorKind, Form, SecretString, Settings};
use crossdock_persistence::{Connection, ProjectId};
use url::Url;

use crate::engine::Engine;
use crate::error::Result;

/// Whoever connects, told apart by a random value that only their browser (or terminal) holds: the
/// value of a cookie. At least 128 bits, never reused between people.
#[derive(Clone)]
pub struct BrowserKey(SecretString);

impl BrowserKey {
    /// The value of the cookie.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(SecretString::from(value.into()))
    }
}

impl fmt::Debug for BrowserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserKey(…)")
    }
}

/// A person wants to connect an account.
#[derive(Clone, Debug)]
pub struct ConnectRequest {
    /// The platform's id.
    pub platform: String,
    /// The [`AuthMethod`](connector_core::AuthMethod)'s id; `None` takes the first, the one to
    /// offer.
    pub method: Option<String>,
    /// What was typed.
    pub form: Form,
    /// Where the platform is to send the person back to. It comes from the configuration, never
    /// from the request.
    pub return_to: Url,
    /// Who is connecting.
    pub browser: BrowserKey,
    /// What is set for the connection from the start; `None` leaves what an existing connection has.
    pub settings: Option<Settings>,
    /// Whether records keep the JSON as the platform sent it; `None` leaves what an existing
    /// connection has, which for a new one is no.
    pub keep_raw: Option<bool>,
}

/// The person came back from the platform, or answered a prompt.
#[derive(Clone, Debug)]
pub struct ResumeRequest {
    /// The key of the [`Progress`] before: an OAuth `state`, or a prompt's id.
    pub key: String,
    /// The callback's query, or the answers.
    pub answer: Form,
    /// Who came back.
    pub browser: BrowserKey,
    /// The project that the caller acts for. `None` where only the key tells, as in a callback from
    /// a platform.
    pub project: Option<ProjectId>,
}

impl Engine {
    /// Begins to connect an account.
    ///
    /// # Errors
    /// [`InputInvalid`](ErrorKind::InputInvalid) naming the field for what was typed wrong, an
    /// unknown method included; [`ReconnectRequired`](ErrorKind::ReconnectRequired) when the
    /// platform refuses a typed credential; [`ConfigInvalid`](ErrorKind::ConfigInvalid) when the
    /// operator hasn't set the method up; [`NotFound`](ErrorKind::NotFound) for an unknown platform.
    /// After each of them nothing is saved.
    pub async fn begin_connect(
        &self,
        project: ProjectId,
        request: ConnectRequest,
    ) -> Result<Progress> {
        todo!()
    }

    /// Goes on with what was begun. Whatever comes of it, the key is used up.
    ///
    /// # Errors
    /// [`InputInvalid`](ErrorKind::InputInvalid) when the key is unknown, was used, has run out, or
    /// was begun by another browser or for another project: all of them look alike;
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) when the person declined; else as
    /// [`Engine::begin_connect`].
    pub async fn resume_connect(&self, request: ResumeRequest) -> Result<Progress> {
        todo!()
    }
}

/// What comes after a step of connecting.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress {
    /// Send the person there.
    Redirect {
        /// The platform's consent page. It holds a state, so it goes to that person alone.
        url: Url,
        /// For [`ResumeRequest::key`].
        key: String,
    },
    /// Ask the person.
    Prompt {
        /// The question.
        ask: Ask,
        /// For [`ResumeRequest::key`].
        key: String,
    },
    /// The account is connected, and was tested.
    Connected {
        /// The connection, as it is stored.
        connection: Box<Connection>,
        /// What the platform says of the account.
        account: Account,
        /// Whether the account was connected before, so that its connection was renewed.
        renewed: bool,
    },
}
