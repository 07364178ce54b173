//! One sentence for the next page, after something was done.
//!
//! The cookie holds a word of a closed list, so that nobody can make the console say something.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};

use super::see_other;
use crate::state::State;

const NAME: &str = "crossdock_said";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flash {
    Connected,
    Tested,
    Renewed,
    SyncStarted,
    Saved,
    Disconnected,
    Erased,
}

impl Flash {
    const ALL: [Self; 7] = [
        Self::Connected,
        Self::Tested,
        Self::Renewed,
        Self::SyncStarted,
        Self::Saved,
        Self::Disconnected,
        Self::Erased,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Tested => "tested",
            Self::Renewed => "renewed",
            Self::SyncStarted => "sync-started",
            Self::Saved => "saved",
            Self::Disconnected => "disconnected",
            Self::Erased => "erased",
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Connected => "The account is connected, and the platform says that it works.",
            Self::Tested => "The connection works: the platform answered.",
            Self::Renewed => "The credential is fresh.",
            Self::SyncStarted => "The sync has begun. Open this page again to see how it goes.",
            Self::Saved => "The settings are saved. The next sync goes by them.",
            Self::Disconnected => {
                "The account is disconnected and its credential destroyed. What was synced is kept."
            }
            Self::Erased => "The connection and everything that came through it are erased.",
        }
    }

    /// What the page before left to say.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(NAME)?;
        Self::ALL
            .into_iter()
            .find(|flash| flash.word() == cookie.value())
    }
}

/// To one of our own pages, which will say this.
pub(super) fn redirect(state: &State, path: &str, flash: Flash) -> HttpResponse {
    let mut response = see_other(path);
    // Without a cookie the person isn't told, and no more is lost.
    response
        .add_cookie(&cookie(state, flash.word()))
        .unwrap_or_default();
    response
}

/// Forgets what was said.
pub(super) fn said(state: &State) -> Cookie<'static> {
    let mut cookie = cookie(state, "");
    cookie.make_removal();
    cookie
}

fn cookie(state: &State, word: &'static str) -> Cookie<'static> {
    Cookie::build(NAME, word)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.is_secure())
        .finish()
}
