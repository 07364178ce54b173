//! What can be set, and the usual stack that comes of it.

use std::sync::Arc;
use std::time::Duration;

use connector_core::{Context, Result, Transport};
use url::Url;

use crate::client::Reqwest;
use crate::layers::{BodyCap, Reroute, Timeout, Trace, layered};
use crate::system::{SystemClock, SystemEntropy};

/// How requests are sent. The defaults suit every platform here.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long making a connection may take, TLS included. 10 s by default.
    pub connect_timeout: Duration,
    /// How long an answer may take, and a streamed body may be silent. 60 s by default.
    pub timeout: Duration,
    /// How long a body that is read whole may be, unpacked. 64 MiB by default; streamed ones have no
    /// limit.
    pub body_limit: usize,
    /// A proxy for everything, `http://…` or `https://…`. None by default, whatever the environment
    /// says.
    pub proxy: Option<Url>,
    /// What platforms see in their logs. The name and version of this crate by default.
    pub user_agent: String,
    /// A gateway or a sandbox in place of the platforms. None by default.
    pub reroute: Option<Reroute>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            body_limit: 64 * 1024 * 1024,
            proxy: None,
            user_agent: concat!("crossdock/", env!("CARGO_PKG_VERSION")).to_owned(),
            reroute: None,
        }
    }
}

/// A context that is ready for connectors: [`transport`], [`SystemClock`], [`SystemEntropy`].
///
/// # Errors
/// As [`transport`].
pub fn context(options: &Options) -> Result<Context> {
    Ok(Context::new(
        transport(options)?,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new()?),
    ))
}

/// [`Reqwest`] in its usual layers.
///
/// # Errors
/// [`ConfigInvalid`](connector_core::ErrorKind::ConfigInvalid) when the options can't make a
/// client.
pub fn transport(options: &Options) -> Result<Arc<dyn Transport>> {
    let body_cap = BodyCap::new(options.body_limit);
    let timeout = Timeout::new(options.timeout);
    let client: Arc<dyn Transport> = Arc::new(Reqwest::new(options)?);
    let client = match &options.reroute {
        Some(reroute) => layered(client, &[&body_cap, reroute]),
        None => layered(client, &[&body_cap]),
    };
    // Outside of the rerouting, so that traces name the platform and not the gateway.
    Ok(layered(client, &[&timeout, &Trace]))
}
