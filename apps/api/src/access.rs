//! Who may do what: one admin token, the console's session that stands for it, and the guard in
//! front of every route.

mod admin_token;
mod attempts;
mod csrf;
mod guard;
mod session;

pub use self::admin_token::{ensure_admin_token, replace_admin_token};

pub(crate) use self::admin_token::is_admin;
pub(crate) use self::attempts::Attempts;
pub(crate) use self::csrf::{Csrf, is_same_origin};
pub(crate) use self::guard::{guard, peer};
pub(crate) use self::session::{Session, Sessions};
