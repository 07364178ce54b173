//! What the tests share.

mod app;
mod clock;
mod http;
mod platform;

pub(crate) use app::{TestApp, Wish};
pub(crate) use http::{Answer, Client};
pub(crate) use platform::{HOSTILE, SECRET};
