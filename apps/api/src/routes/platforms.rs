//! What can be connected, with the forms to do it.

use actix_web::{get, web};
use connector_core::{AuthMethod, Descriptor, Field, StreamDescriptor};
use serde::Serialize;
use utoipa::ToSchema;

use super::Success;
use crate::state::State;

/// What can be connected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Platforms {
    success: Success,
    platforms: Vec<PlatformView>,
}

/// One platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatformView {
    /// Its id, stable for ever, as it is in addresses.
    id: &'static str,
    /// As the platform writes itself.
    name: &'static str,
    /// What connecting it brings.
    summary: &'static str,
    /// The platform's own documentation.
    docs: &'static str,
    /// The ways to connect; the first is the one to offer.
    auth_methods: Vec<MethodView>,
    /// What can be synced.
    streams: Vec<StreamView>,
    /// What can be set per connection.
    settings: Vec<FieldView>,
    /// What must be registered with the platform as the address to send people back to.
    callback_url: String,
}

/// One way to connect.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MethodView {
    id: &'static str,
    label: &'static str,
    /// What has to be filled in to begin.
    fields: Vec<FieldView>,
    /// Whether a browser will be sent to the platform.
    redirects: bool,
    /// What the operator must have configured.
    needs: &'static [&'static str],
    /// How to get what the form asks for.
    docs: &'static str,
}

/// One value that a person types or chooses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldView {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    /// `text`, `secret`, `lines` or `switch`.
    #[schema(value_type = String)]
    kind: connector_core::FieldKind,
    /// What a right value looks like.
    example: &'static str,
    required: bool,
}

/// One thing that can be synced.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StreamView {
    id: &'static str,
    label: &'static str,
    /// The unified model of its records.
    #[schema(value_type = String)]
    model: connector_core::ModelKind,
    /// `incremental` or `complete`: how a run after the first one reads.
    #[schema(value_type = String)]
    reading: connector_core::Reading,
    /// What must be granted, in the platform's words.
    scopes: &'static [&'static str],
    /// What it holds and what it leaves out.
    about: &'static str,
}

impl PlatformView {
    fn new(descriptor: &'static Descriptor, state: &State) -> Self {
        Self {
            id: descriptor.id,
            name: descriptor.name,
            summary: descriptor.summary,
            docs: descriptor.docs,
            auth_methods: descriptor.auth_methods.iter().map(Into::into).collect(),
            streams: descriptor.streams.iter().map(Into::into).collect(),
            settings: descriptor.settings.iter().map(Into::into).collect(),
            callback_url: state.callback_url(descriptor.id).into(),
        }
    }
}

impl From<&'static AuthMethod> for MethodView {
    fn from(method: &'static AuthMethod) -> Self {
        Self {
            id: method.id,
            label: method.label,
            fields: method.fields.iter().map(Into::into).collect(),
            redirects: method.redirects,
            needs: method.needs,
            docs: method.docs,
        }
    }
}

impl From<&'static Field> for FieldView {
    fn from(field: &'static Field) -> Self {
        Self {
            name: field.name,
            label: field.label,
            help: field.help,
            kind: field.kind,
            example: field.example,
            required: field.required,
        }
    }
}

impl From<&'static StreamDescriptor> for StreamView {
    fn from(stream: &'static StreamDescriptor) -> Self {
        Self {
            id: stream.id,
            label: stream.label,
            model: stream.model,
            reading: stream.reading,
            scopes: stream.scopes,
            about: stream.about,
        }
    }
}

/// What can be connected, with the forms to do it.
#[utoipa::path(tag = "platforms", responses((status = 200, body = Platforms)))]
#[get("/api/platforms")]
pub(crate) async fn list_platforms(state: web::Data<State>) -> web::Json<Platforms> {
    let platforms = state
        .registry()
        .iter()
        .map(|connector| PlatformView::new(connector.descriptor(), &state))
        .collect();
    web::Json(Platforms {
        success: Success,
        platforms,
    })
}
