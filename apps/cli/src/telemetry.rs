//! Logs go to standard error, so that results on standard output stay clean.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::failure::Failure;
use crate::settings::{LogFormat, Settings};

/// Starts logging as the settings say.
pub(crate) fn start(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .parse(&settings.log)
        .map_err(|error| Failure::config(format!("log: {error}")))?;
    let subscriber = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    started.map_err(|error| Failure::config(format!("logging can't start: {error}")))
}
