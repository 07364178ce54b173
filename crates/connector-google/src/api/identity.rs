//! Who consented (`OAuth2` API v2).

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `oauth2.userinfo.get`. Needs `openid`; the address needs `email`.
#[derive(Clone, Copy, Debug)]
pub struct GetUserInfo;

impl Endpoint for GetUserInfo {
    const OPERATION: Operation = Operation::read("oauth2.userinfo.get");
    type Response = UserInfo;

    fn request(&self) -> Result<Request> {
        Route::get("www.googleapis.com", &["oauth2", "v2", "userinfo"]).request()
    }
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
pub struct UserInfo {
    /// The account's id, which never changes.
    pub id: String,
    /// Its address, which can.
    #[serde(default)]
    pub email: Option<String>,
    /// The person's name, where the scope `profile` was granted.
    #[serde(default)]
    pub name: Option<String>,
}
