//! The console: pages made on the server, which need no script.
//!
//! Everything that comes from a platform is hostile here: templates escape all of it, the policy
//! that [`shape`](crate::failure::shape) sets lets nothing run, and what is posted carries a token
//! that only our own pages hold.

mod actions;
mod connect;
mod connection;
mod flash;
mod form;
mod login;
mod overview;
mod page;
mod posted;
mod show;

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, web};
use crossdock_persistence::ConnectionId;

pub(crate) use self::connect::question;
pub(crate) use self::page::{IsPage, failure_page};

use self::flash::Flash;
use crate::state::State;

const STYLES: &str = include_str!("../assets/console.css");
const ICON: &str = include_str!("../assets/icon.svg");

/// The console's routes.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    config
        .route("/assets/console.css", web::get().to(styles))
        .route("/assets/icon.svg", web::get().to(icon))
        .service(
            web::resource("/login")
                .route(web::get().to(login::page))
                .route(web::post().to(login::log_in)),
        )
        .service(web::resource("/logout").route(web::post().to(login::log_out)))
        .service(web::resource("/").route(web::get().to(overview::page)))
        .service(web::resource("/connect/resume").route(web::post().to(connect::resume)))
        .service(
            web::resource("/connect/{platform}")
                .route(web::get().to(connect::page))
                .route(web::post().to(connect::begin)),
        )
        .service(web::resource("/connections/{id}").route(web::get().to(connection::page)))
        .service(web::resource("/connections/{id}/{action}").route(web::post().to(actions::act)));
}

async fn styles() -> HttpResponse {
    asset("text/css; charset=utf-8", STYLES)
}

async fn icon() -> HttpResponse {
    asset("image/svg+xml", ICON)
}

fn asset(content_type: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "max-age=300"))
        .body(body)
}

/// To a connection's page, which will say that it is connected.
pub(crate) fn connected(state: &State, connection: ConnectionId) -> HttpResponse {
    flash::redirect(
        state,
        &format!("/connections/{connection}"),
        Flash::Connected,
    )
}

/// To one of our own pages.
fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .finish()
}
