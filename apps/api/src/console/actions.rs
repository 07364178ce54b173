//! What the buttons of a connection do.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use connector_core::{FieldKind, Form, Settings};
use crossdock_engine::SyncOrder;
use crossdock_persistence::{Connection, RunMode};

use super::connection::find;
use super::flash::{self, Flash};
use super::posted::Posted;
use crate::failure::{Answer, Failure};
use crate::routes::{connections, sync};
use crate::state::State;

/// What somebody must type to erase: the account's name is too easy to click past.
const ERASE: &str = "erase";

/// Does what a button says, and goes to the page that shows it.
pub(super) async fn act(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Answer<HttpResponse> {
    let (id, action) = path.into_inner();
    let connection = find(&state, &id).await?;
    let (engine, project) = (state.engine(), state.project());
    let done = match action.as_str() {
        "test" => {
            engine.test(project, connection.id).await?;
            Flash::Tested
        }
        "refresh" => {
            engine.refresh(project, connection.id).await?;
            Flash::Renewed
        }
        "sync" => {
            let order = SyncOrder {
                mode: match posted.form.get("mode") {
                    Some("full") => RunMode::Full,
                    _ => RunMode::Incremental,
                },
                ..SyncOrder::new(connection.id)
            };
            sync::begin(&state, order).await?;
            Flash::SyncStarted
        }
        "settings" => {
            save(&state, &connection, &posted.form).await?;
            Flash::Saved
        }
        "disconnect" => {
            connections::end(&state, connection.id, false).await?;
            Flash::Disconnected
        }
        "erase" => {
            if posted.form.get("confirm").map(str::trim) != Some(ERASE) {
                let message = format!("Nothing was erased. Type {ERASE} into the field to do it.");
                return Err(Failure::input("confirm", message));
            }
            connections::end(&state, connection.id, true).await?;
            return Ok(flash::redirect(&state, "/", Flash::Erased));
        }
        _ => return Err(Failure::not_found("There is no such button.")),
    };
    Ok(flash::redirect(
        &state,
        &format!("/connections/{}", connection.id),
        done,
    ))
}

async fn save(state: &State, connection: &Connection, form: &Form) -> Answer<()> {
    let fields = state
        .registry()
        .get(&connection.platform)?
        .descriptor()
        .settings;
    let mut values = BTreeMap::new();
    for field in fields {
        let value = match (field.kind, form.get(field.name)) {
            // A box that isn't ticked isn't sent.
            (FieldKind::Switch, value) => value.is_some().to_string(),
            (_, Some(value)) if !value.trim().is_empty() => value.replace("\r\n", "\n"),
            _ => continue,
        };
        values.insert(field.name.to_owned(), value);
    }
    let (data, now) = (state.data(), state.context().now());
    data.set_settings(connection.id, &Settings(values), now)
        .await?;
    let keep_raw = form.get("keep_raw").is_some();
    if keep_raw != connection.keep_raw {
        data.set_keep_raw(connection.id, keep_raw, now).await?;
    }
    Ok(())
}
