//! What can be put around a transport. None of these retries, signs or paces: that has one right
//! order, and the session keeps it.

mod body_cap;
mod reroute;
mod timeout;
mod trace;

use std::sync::Arc;

use connector_core::{Layer, Transport};

pub use self::body_cap::BodyCap;
pub use self::reroute::Reroute;
pub use self::timeout::Timeout;
pub use self::trace::Trace;

/// The transport with these layers around it, the last one outermost.
#[must_use]
pub fn layered(transport: Arc<dyn Transport>, layers: &[&dyn Layer]) -> Arc<dyn Transport> {
    layers
        .iter()
        .fold(transport, |inner, layer| layer.layer(inner))
}
