//! What a connection is subscribed to at its platform.

use actix_web::{delete, get, post, web};
use chrono::{DateTime, Utc};
use connector_core::Subscription;
use crossdock_persistence::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Success;
use super::connections::Done;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// What a connection is subscribed to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Subscriptions {
    success: Success,
    subscriptions: Vec<SubscriptionView>,
}

/// One subscription, as the platform has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subscription)]
pub(crate) struct SubscriptionView {
    /// The platform's id of it.
    id: String,
    /// What is delivered, in the platform's words.
    topic: String,
    /// Where to, as far as the platform tells.
    deliver_to: Option<String>,
    /// Where it stands, in the platform's words.
    status: Option<String>,
    /// When it ends unless it is made anew.
    expires_at: Option<DateTime<Utc>>,
}

/// Where to deliver.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subscribe {
    /// In the platform's form: an address or the name of a queue. This service's own address for
    /// the platform's webhooks unless said.
    deliver_to: Option<String>,
}

impl From<Subscription> for SubscriptionView {
    fn from(subscription: Subscription) -> Self {
        Self {
            id: subscription.id,
            topic: subscription.topic,
            deliver_to: subscription.deliver_to,
            status: subscription.status,
            expires_at: subscription.expires_at,
        }
    }
}

/// What the connection is subscribed to, as the platform has it.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    responses(
        (status = 200, body = Subscriptions),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
        (status = 501, description = "The platform has no API for it", body = crate::failure::FailureBody),
    )
)]
#[get("/api/connections/{connection}/subscriptions")]
pub(crate) async fn list_subscriptions(
    state: web::Data<State>,
    name: web::Path<String>,
) -> Answer<web::Json<Subscriptions>> {
    let connection = state.connection(&name).await?;
    let all = state
        .engine()
        .subscriptions(state.project(), connection.id)
        .await?;
    Ok(reply(all))
}

/// Makes sure that everything that is understood here is delivered. Safe to repeat.
#[utoipa::path(
    tag = "connections",
    params(("connection" = String, Path, description = "An id, or a platform with one connection")),
    request_body = Subscribe,
    responses(
        (status = 200, description = "All that it is subscribed to now", body = Subscriptions),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
        (status = 422, description = "The platform can't deliver there", body = crate::failure::FailureBody),
        (status = 501, description = "The platform has no API for it", body = crate::failure::FailureBody),
    )
)]
#[post("/api/connections/{connection}/subscriptions")]
pub(crate) async fn subscribe(
    state: web::Data<State>,
    name: web::Path<String>,
    wanted: web::Json<Subscribe>,
) -> Answer<web::Json<Subscriptions>> {
    let connection = state.connection(&name).await?;
    let deliver_to = match wanted.into_inner().deliver_to {
        Some(deliver_to) => deliver_to,
        None => own_address(&state, &connection)?,
    };
    let all = state
        .engine()
        .subscribe(state.project(), connection.id, &deliver_to)
        .await?;
    Ok(reply(all))
}

/// Ends one subscription.
#[utoipa::path(
    tag = "connections",
    params(
        ("connection" = String, Path, description = "An id, or a platform with one connection"),
        ("id" = String, Path, description = "The platform's id of the subscription")
    ),
    responses(
        (status = 200, body = Done),
        (status = 404, body = crate::failure::FailureBody),
        (status = 409, description = "A person must connect again", body = crate::failure::FailureBody),
        (status = 501, description = "The platform has no API for it", body = crate::failure::FailureBody),
    )
)]
#[delete("/api/connections/{connection}/subscriptions/{id}")]
pub(crate) async fn unsubscribe(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
) -> Answer<web::Json<Done>> {
    let (name, id) = path.into_inner();
    let connection = state.connection(&name).await?;
    state
        .engine()
        .unsubscribe(state.project(), connection.id, &id)
        .await?;
    Ok(web::Json(Done { success: Success }))
}

fn own_address(state: &State, connection: &Connection) -> Answer<String> {
    if !state.is_secure() {
        return Err(Failure::input(
            "deliver_to",
            "Platforms deliver over https only, and this service's public URL is none: set \
             public_url, or say where to deliver.",
        ));
    }
    Ok(state.webhooks_url(&connection.platform).into())
}

fn reply(subscriptions: Vec<Subscription>) -> web::Json<Subscriptions> {
    web::Json(Subscriptions {
        success: Success,
        subscriptions: subscriptions.into_iter().map(Into::into).collect(),
    })
}
