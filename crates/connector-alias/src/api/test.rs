//! The call that tells whether a token is good, and nothing else.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;

/// Confirms that the token is valid, whatever it may do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Test;

/// The answer of [`Test`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TestAnswer {
    /// Whether it is.
    pub ok: bool,
}

impl Endpoint for Test {
    const OPERATION: Operation = Operation::read("Test");
    type Response = TestAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["test"]).request()
    }
}
