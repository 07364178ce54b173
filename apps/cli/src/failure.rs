//! How a command fails: what happened, what to do, and the exit code for a script.

use std::fmt;
use std::process::ExitCode;

use connector_core::{Error, ErrorKind};
use crossdock_persistence::StoreError;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: u8,
    code: &'static str,
    text: String,
}

// The exit codes of sysexits.h, as far as they are used.
const USAGE: u8 = 64;
const DATA: u8 = 65;
const NO_INPUT: u8 = 66;
const SOFTWARE: u8 = 70;
const IO: u8 = 74;
const TRY_AGAIN: u8 = 75;
const NO_PERMISSION: u8 = 77;
const CONFIG: u8 = 78;

impl Failure {
    /// The operator must mend a setting.
    pub(crate) fn config(text: impl Into<String>) -> Self {
        Self {
            exit: CONFIG,
            code: "config_invalid",
            text: text.into(),
        }
    }

    /// The command was used in a way that can't be.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self {
            exit: USAGE,
            code: "usage",
            text: text.into(),
        }
    }

    /// Something that was named isn't there.
    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self {
            exit: NO_INPUT,
            code: "not_found",
            text: text.into(),
        }
    }

    /// Not all that was asked for was done, and trying again can help.
    pub(crate) fn incomplete(text: impl Into<String>) -> Self {
        Self {
            exit: TRY_AGAIN,
            code: "incomplete",
            text: text.into(),
        }
    }

    /// A file or a terminal failed.
    pub(crate) fn io(what: impl fmt::Display, error: &std::io::Error) -> Self {
        Self {
            exit: IO,
            code: "io",
            text: format!("{what}: {error}"),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = error.kind();
        let exit = match kind {
            ErrorKind::ConfigInvalid => CONFIG,
            ErrorKind::InputInvalid => DATA,
            ErrorKind::ReconnectRequired | ErrorKind::PermissionDenied => NO_PERMISSION,
            ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::CheckpointInvalid => {
                TRY_AGAIN
            }
            ErrorKind::NotFound => NO_INPUT,
            ErrorKind::Unsupported => USAGE,
            _ => SOFTWARE,
        };
        Self {
            exit,
            code: kind.as_str(),
            text: error.to_string(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let text = match &error {
            StoreError::Ambiguous { candidates } => {
                let names: Vec<_> = candidates
                    .iter()
                    .map(|(id, name)| format!("  {id} ({name})"))
                    .collect();
                format!("{error}:\n{}", names.join("\n"))
            }
            _ => error.to_string(),
        };
        let (exit, code) = match error {
            StoreError::NotFound { .. } => (NO_INPUT, "not_found"),
            StoreError::Ambiguous { .. } => (USAGE, "ambiguous"),
            StoreError::Busy { .. } | StoreError::Fenced { .. } => (TRY_AGAIN, "busy"),
            StoreError::DatabaseNewer { .. } => (CONFIG, "database_newer"),
            StoreError::NotMigrated { .. } => (CONFIG, "not_migrated"),
            StoreError::CannotOpen { .. } => (CONFIG, "database_unavailable"),
            StoreError::StorageFull { .. } => (IO, "storage_full"),
            _ => (SOFTWARE, "storage"),
        };
        Self { exit, code, text }
    }
}

impl From<crossdock_engine::Error> for Failure {
    fn from(error: crossdock_engine::Error) -> Self {
        match error {
            crossdock_engine::Error::Connector(error) => error.into(),
            crossdock_engine::Error::Store(error) => error.into(),
            crossdock_engine::Error::Vault(error) => error.into(),
            other => Self {
                exit: SOFTWARE,
                code: "unexpected",
                text: other.to_string(),
            },
        }
    }
}

impl From<crossdock_api::BuildError> for Failure {
    fn from(error: crossdock_api::BuildError) -> Self {
        match error {
            crossdock_api::BuildError::Store(error) => error.into(),
            other => Self::config(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            exit: IO,
            code: "io",
            text: error.to_string(),
        }
    }
}

impl From<crossdock_vault::Error> for Failure {
    fn from(error: crossdock_vault::Error) -> Self {
        Self::config(error.to_string())
    }
}
