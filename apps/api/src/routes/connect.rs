//! Connecting an account by the API: a form that was filled in goes in; an account that is
//! connected, an address to visit or a question comes out.

use std::collections::BTreeMap;

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use connector_core::{Ask, Form, Settings};
use crossdock_engine::{BrowserKey, ConnectRequest, Progress, ResumeRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Success;
use super::view::ConnectionView;
use crate::failure::{Answer, Failure};
use crate::state::State;

/// How long a person has to come back: as long as the engine keeps what is pending.
const PATIENCE: time::Duration = time::Duration::minutes(10);

/// An account to connect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    /// The platform's id.
    platform: String,
    /// The way to connect; the platform's first unless said.
    method: Option<String>,
    /// The values of the way's form, by their names.
    #[serde(default)]
    form: BTreeMap<String, String>,
    /// What is set for the connection from the start.
    settings: Option<BTreeMap<String, String>>,
    /// Whether records keep the JSON as the platform sends it.
    keep_raw: Option<bool>,
}

/// The answer to a question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resume {
    /// The question's key.
    key: String,
    /// The answers, by the names of the question's fields; several where several may be chosen.
    #[serde(default)]
    answer: BTreeMap<String, Vec<String>>,
}

/// What comes after a step of connecting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "next", rename_all = "snake_case")]
pub(crate) enum Step {
    /// The account is connected, and was tested.
    Connected {
        success: Success,
        connection: Box<ConnectionView>,
        /// Whether it was connected before, so that its connection was renewed.
        renewed: bool,
    },
    /// Visit the platform, in the browser that holds this reply's cookie.
    Redirect {
        success: Success,
        /// The platform's consent page.
        url: String,
    },
    /// Answer a question, with this reply's cookie.
    Prompt {
        success: Success,
        /// For `POST /api/connections/resume`.
        key: String,
        /// What is asked.
        #[schema(value_type = Object)]
        ask: Ask,
    },
}

/// Connects an account: it is tested against the platform before anything is saved.
///
/// Where the platform must be visited, the reply sets a cookie, and the browser that visits must
/// hold it; `GET /api/oauth/{platform}/install` does both in one.
#[utoipa::path(
    tag = "connections",
    request_body = Begin,
    responses(
        (status = 200, description = "There is one more step", body = Step),
        (status = 201, description = "Connected", body = Step),
        (status = 404, description = "No such platform", body = crate::failure::FailureBody),
        (status = 409, description = "The platform refused the credential", body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong", body = crate::failure::FailureBody),
        (status = 503, description = "The platform can't be asked", body = crate::failure::FailureBody),
    )
)]
#[post("/api/connections")]
pub(crate) async fn begin_connect(
    state: web::Data<State>,
    begin: web::Json<Begin>,
) -> Answer<HttpResponse> {
    let begin = begin.into_inner();
    let mut form = Form::new();
    for (name, value) in begin.form {
        form.push(name, value);
    }
    let start = Start {
        platform: begin.platform,
        method: begin.method,
        form,
        settings: begin.settings.map(Settings),
        keep_raw: begin.keep_raw,
    };
    let (progress, cookie) = start.begin(&state).await?;
    Ok(reply(&state, progress, Some(cookie)))
}

/// Answers a question that connecting asked.
#[utoipa::path(
    tag = "connections",
    request_body = Resume,
    responses(
        (status = 200, description = "There is one more step", body = Step),
        (status = 201, description = "Connected", body = Step),
        (status = 403, description = "Another browser began it", body = crate::failure::FailureBody),
        (status = 422, description = "A value is wrong, or it was answered before", body = crate::failure::FailureBody),
    )
)]
#[post("/api/connections/resume")]
pub(crate) async fn resume_connect(
    state: web::Data<State>,
    request: HttpRequest,
    resume: web::Json<Resume>,
) -> Answer<HttpResponse> {
    let Resume { key, answer } = resume.into_inner();
    let mut form = Form::new();
    for (name, values) in answer {
        for value in values {
            form.push(name.clone(), value);
        }
    }
    let request = ResumeRequest {
        key,
        answer: form,
        browser: browser(&state, &request)?,
        project: Some(state.project()),
    };
    let progress = state.engine().resume_connect(request).await?;
    Ok(reply(&state, progress, None))
}

fn reply(state: &State, progress: Progress, cookie: Option<Cookie<'static>>) -> HttpResponse {
    let (status, step) = match progress {
        Progress::Connected {
            connection,
            renewed,
            ..
        } => (
            StatusCode::CREATED,
            Step::Connected {
                success: Success,
                connection: Box::new((*connection).into()),
                renewed,
            },
        ),
        Progress::Redirect { url, .. } => (
            StatusCode::OK,
            Step::Redirect {
                success: Success,
                url: state.for_browser(&url).into(),
            },
        ),
        Progress::Prompt { ask, key } => (
            StatusCode::OK,
            Step::Prompt {
                success: Success,
                key,
                ask,
            },
        ),
        _ => return unknown_step().into(),
    };
    let mut response = HttpResponse::build(status);
    if let Some(cookie) = cookie.filter(|_| status == StatusCode::OK) {
        response.cookie(cookie);
    }
    response.json(step)
}

/// The engine is ahead of this crate.
pub(crate) fn unknown_step() -> Failure {
    Failure::new(
        StatusCode::NOT_IMPLEMENTED,
        "UNSUPPORTED",
        "This way of connecting needs a newer version of this service.",
    )
}

impl From<Failure> for HttpResponse {
    fn from(failure: Failure) -> Self {
        actix_web::ResponseError::error_response(&failure)
    }
}

/// An account to connect, from the API or from a form.
pub(crate) struct Start {
    pub(crate) platform: String,
    pub(crate) method: Option<String>,
    pub(crate) form: Form,
    pub(crate) settings: Option<Settings>,
    pub(crate) keep_raw: Option<bool>,
}

impl Start {
    /// Takes the first step, and gives the cookie by which the browser will be known again.
    pub(crate) async fn begin(self, state: &State) -> Answer<(Progress, Cookie<'static>)> {
        if let Some(settings) = &self.settings {
            super::connections::check_settings(state, &self.platform, settings)?;
        }
        let platform = state.registry().get(&self.platform)?.descriptor().id;
        let (value, browser) = state.browser_key();
        let request = ConnectRequest {
            platform: self.platform,
            method: self.method,
            form: self.form,
            return_to: state.callback_url(platform),
            browser,
            settings: self.settings,
            keep_raw: self.keep_raw,
        };
        let progress = state
            .engine()
            .begin_connect(state.project(), request)
            .await?;
        Ok((progress, browser_cookie(state, value)))
    }
}

/// Who is connecting, by the cookie that beginning it set.
pub(crate) fn browser(state: &State, request: &HttpRequest) -> Answer<BrowserKey> {
    request
        .cookie(cookie_name(state))
        .map(|cookie| BrowserKey::new(cookie.value()))
        .ok_or_else(|| {
            Failure::new(
                StatusCode::FORBIDDEN,
                "FOREIGN_BROWSER",
                "This browser did not begin to connect an account, or it was more than ten minutes \
                 ago. Begin again, and finish in the same browser.",
            )
        })
}

fn cookie_name(state: &State) -> &'static str {
    if state.is_secure() {
        "__Host-crossdock_connect"
    } else {
        "crossdock_connect"
    }
}

fn browser_cookie(state: &State, value: String) -> Cookie<'static> {
    Cookie::build(cookie_name(state), value)
        // Callbacks and the answers to questions lie under different paths.
        .path("/")
        .http_only(true)
        // Lax, as the platform's redirect back comes from another site.
        .same_site(SameSite::Lax)
        .secure(state.is_secure())
        .max_age(PATIENCE)
        .finish()
}
