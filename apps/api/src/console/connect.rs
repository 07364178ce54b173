//! Connecting an account: the platform's forms, and the questions that may follow.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use connector_core::{Ask, AuthMethod, Choice, Descriptor, Form};
use crossdock_engine::{Progress, ResumeRequest};

use super::connected;
use super::form::{ShownField, fields};
use super::page::{Frame, render};
use super::posted::Posted;
use crate::access::Session;
use crate::failure::{Answer, Failure};
use crate::routes::connect::{Start, browser, unknown_step};
use crate::state::State;

/// The name of the field that says which way to connect.
const METHOD: &str = "_method";

/// The name of the field that holds a question's key.
const KEY: &str = "_key";

#[derive(Template)]
#[template(path = "connect.html")]
struct ConnectPage {
    frame: Frame,
    descriptor: &'static Descriptor,
    methods: Vec<Method>,
    /// What is wrong, where no field is at fault.
    problem: Option<String>,
    detail: Option<String>,
    callback_url: String,
}

struct Method {
    method: &'static AuthMethod,
    fields: Vec<ShownField>,
}

/// What was typed, and what was wrong with it.
struct Refused<'a> {
    method: Option<&'a str>,
    form: &'a Form,
    failure: &'a Failure,
}

#[derive(Template)]
#[template(path = "redirect.html")]
struct RedirectPage {
    frame: Frame,
    url: String,
    host: String,
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage<'a> {
    frame: Frame,
    key: &'a str,
    fields: Vec<ShownField>,
    choice: Option<Choosing<'a>>,
}

struct Choosing<'a> {
    name: &'a str,
    label: &'a str,
    among: &'a [Choice],
    many: bool,
}

/// A platform's forms.
pub(super) async fn page(
    state: web::Data<State>,
    session: web::ReqData<Session>,
    platform: web::Path<String>,
) -> Answer<HttpResponse> {
    let descriptor = state.registry().get(&platform)?.descriptor();
    show(&state, &session, descriptor, None)
}

/// Begins to connect with what was typed.
pub(super) async fn begin(
    state: web::Data<State>,
    platform: web::Path<String>,
    posted: Posted,
) -> Answer<HttpResponse> {
    let Posted { session, form } = posted;
    let descriptor = state.registry().get(&platform)?.descriptor();
    let method = form.get(METHOD).map(str::to_owned);
    let start = Start {
        platform: descriptor.id.to_owned(),
        method: method.clone(),
        form: form.clone(),
        settings: None,
        keep_raw: None,
    };
    match start.begin(&state).await {
        Ok((progress, cookie)) => next(&state, session, progress, Some(cookie)),
        Err(failure) => {
            let refused = Refused {
                method: method.as_deref(),
                form: &form,
                failure: &failure,
            };
            show(&state, &session, descriptor, Some(&refused))
        }
    }
}

/// Goes on with the answer to a question.
pub(super) async fn resume(
    state: web::Data<State>,
    request: HttpRequest,
    posted: Posted,
) -> Answer<HttpResponse> {
    let Posted { session, form } = posted;
    let resume = ResumeRequest {
        key: form.get(KEY).unwrap_or_default().to_owned(),
        browser: browser(&state, &request)?,
        project: Some(state.project()),
        answer: form,
    };
    let progress = state.engine().resume_connect(resume).await?;
    next(&state, session, progress, None)
}

fn next(
    state: &State,
    session: Session,
    progress: Progress,
    cookie: Option<Cookie<'static>>,
) -> Answer<HttpResponse> {
    match progress {
        Progress::Connected { connection, .. } => Ok(connected(state, connection.id)),
        Progress::Redirect { url, .. } => {
            let url = state.for_browser(&url);
            let page = RedirectPage {
                frame: Frame::new(state, &session, None)?,
                host: url.host_str().unwrap_or_default().to_owned(),
                url: url.into(),
            };
            // A page in between, as a form of ours may not be sent on to another site.
            render(StatusCode::OK, &page, cookie)
        }
        Progress::Prompt { ask, key } => {
            let mut response = question(state, Some(session), &ask, &key)?;
            if let Some(cookie) = cookie {
                // Without its cookie the answer will be refused, with the reason.
                response.add_cookie(&cookie).unwrap_or_default();
            }
            Ok(response)
        }
        _ => Err(unknown_step()),
    }
}

/// A question, to somebody who is logged in.
pub(crate) fn question(
    state: &State,
    session: Option<Session>,
    ask: &Ask,
    key: &str,
) -> Answer<HttpResponse> {
    let Some(session) = session else {
        return Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHORIZED",
            "The platform agreed, and one question is left, which the console asks. Log in there \
             and connect the account again.",
        ));
    };
    let (fields, choice) = match ask {
        Ask::Fill { fields: asked } => (fields(asked, "answer", None, None), None),
        Ask::Choose {
            field,
            label,
            among,
            many,
        } => {
            let choosing = Choosing {
                name: field,
                label,
                among,
                many: *many,
            };
            (Vec::new(), Some(choosing))
        }
        _ => return Err(unknown_step()),
    };
    let page = QuestionPage {
        frame: Frame::new(state, &session, None)?,
        key,
        fields,
        choice,
    };
    render(StatusCode::OK, &page, None)
}

fn show(
    state: &State,
    session: &Session,
    descriptor: &'static Descriptor,
    refused: Option<&Refused<'_>>,
) -> Answer<HttpResponse> {
    let mut is_told = false;
    let mut methods = Vec::with_capacity(descriptor.auth_methods.len());
    for method in descriptor.auth_methods {
        let of_this = refused.filter(|refused| refused.method == Some(method.id));
        let problem = of_this.and_then(|refused| {
            let field = refused.failure.field()?;
            Some((field, refused.failure.message()))
        });
        let typed = of_this.map(|refused| refused.form);
        let fields = fields(method.fields, method.id, typed, problem);
        is_told |= fields.iter().any(|field| field.problem.is_some());
        methods.push(Method { method, fields });
    }
    let problem = refused
        .filter(|_| !is_told)
        .map(|refused| refused.failure.message().to_owned());
    let page = ConnectPage {
        frame: Frame::new(state, session, None)?,
        descriptor,
        methods,
        problem,
        detail: refused.and_then(|refused| refused.failure.detail().map(str::to_owned)),
        callback_url: state.callback_url(descriptor.id).into(),
    };
    let status = refused.map_or(StatusCode::OK, |refused| refused.failure.status());
    render(status, &page, None)
}
