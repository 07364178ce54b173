//! `crossdock webhooks`: what a connection is subscribed to at its platform.

use connector_core::Subscription;
use crossdock_persistence::Connection;
use serde_json::json;

use crate::app::App;
use crate::args::Webhooks;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(crate) async fn run(args: Webhooks, app: &App, output: Output) -> Result<(), Failure> {
    match args {
        Webhooks::List(which) => {
            let connection = app.connection(&which.connection).await?;
            let all = app.engine.subscriptions(app.project, connection.id).await?;
            show(&all, output)
        }
        Webhooks::Subscribe {
            connection,
            deliver_to,
        } => {
            let connection = app.connection(&connection).await?;
            let deliver_to = match deliver_to {
                Some(deliver_to) => deliver_to,
                None => own_address(app, &connection)?,
            };
            let all = app
                .engine
                .subscribe(app.project, connection.id, &deliver_to)
                .await?;
            show(&all, output)
        }
        Webhooks::Unsubscribe { connection, id } => {
            let connection = app.connection(&connection).await?;
            app.engine
                .unsubscribe(app.project, connection.id, &id)
                .await?;
            let value = json!({ "connection": connection.id, "ended": id });
            output.result(&value, || format!("{id} is ended"))
        }
    }
}

/// Where the service that is configured here receives the platform's webhooks.
fn own_address(app: &App, connection: &Connection) -> Result<String, Failure> {
    let public_url = app.settings.public_url.clone();
    let Some(mut url) = public_url.filter(|url| url.scheme() == "https") else {
        return Err(Failure::usage(
            "platforms deliver over https only, and no such public_url is set: say --deliver-to",
        ));
    };
    url.set_path(&format!("/webhooks/{}", connection.platform));
    Ok(url.into())
}

fn show(subscriptions: &[Subscription], output: Output) -> Result<(), Failure> {
    output.result(&subscriptions, || {
        if subscriptions.is_empty() {
            return "It is subscribed to nothing: crossdock webhooks subscribe CONNECTION"
                .to_owned();
        }
        let rows = subscriptions
            .iter()
            .map(|subscription| {
                let until = subscription.expires_at.map_or_else(
                    || "for ever".to_owned(),
                    |at| at.format("%Y-%m-%d %H:%M UTC").to_string(),
                );
                vec![
                    subscription.id.clone(),
                    subscription.topic.clone(),
                    subscription.deliver_to.clone().unwrap_or_default(),
                    subscription.status.clone().unwrap_or_default(),
                    until,
                ]
            })
            .collect();
        table(
            &["id", "topic", "delivered to", "state", "until"],
            &[],
            rows,
        )
    })
}
