//! The person or system user behind a token, and the pages that they shared.

use connector_core::{Endpoint, Operation, Request, Response, Result, SecretString};
use serde::Deserialize;

use super::list::{Continuation, List};
use super::route::Route;

/// `GET /me`: who it is.
#[derive(Clone, Copy, Debug)]
pub struct Me;

/// Somebody: a person or a system user.
#[derive(Clone, Debug, Deserialize)]
pub struct Somebody {
    /// The id, which Meta gives per app.
    pub id: String,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
}

impl Endpoint for Me {
    const OPERATION: Operation = Operation::read("user");
    type Response = Somebody;

    fn request(&self) -> Result<Request> {
        Route::get(&["me"]).with("fields", "id,name").request()
    }
}

/// `GET /me/accounts`: the pages that were shared, each with its own token.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Where to go on.
    pub from: Option<Continuation>,
}

/// A page that was shared.
#[derive(Clone, Debug, Deserialize)]
pub struct SharedPage {
    /// The page's id.
    pub id: String,
    /// The page's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The page's token; absent where the person has no role on the page that gives one.
    #[serde(default)]
    pub access_token: Option<SecretString>,
    /// The professional account of Instagram that is linked to it.
    #[serde(default)]
    pub instagram_business_account: Option<LinkedInstagram>,
}

/// An account of Instagram.
#[derive(Clone, Debug, Deserialize)]
pub struct LinkedInstagram {
    /// Its id in the Graph API.
    pub id: String,
    /// Its name; absent without `instagram_basic`.
    #[serde(default)]
    pub username: Option<String>,
}

impl Endpoint for Accounts {
    const OPERATION: Operation = Operation::read("user/accounts").sensitive();
    type Response = List<SharedPage>;

    fn request(&self) -> Result<Request> {
        Route::get(&["me", "accounts"])
            .with(
                "fields",
                "id,name,access_token,instagram_business_account{id,username}",
            )
            .with("limit", 100)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<SharedPage>> {
        List::read(response)
    }
}
