//! Logs go to standard error, so that results on standard output stay clean.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::failure::Failure;
use crate::settings::{LogFormat, Settings};

/// Starts logging as the settings say; `usual` is what counts where they say nothing.
pub(crate) fn start(settings: &Settings, usual: &str) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .parse(settings.log.as_deref().unwrap_or(usual))
        .map_err(|error| Failure::config(format!("log: {error}")))?;
    let subscriber = fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    started.map_err(|error| Failure::config(format!("logging can't start: {error}")))
}
