//! The control API below `/_sandbox/`: what a person or a test tells the sandbox itself.

use std::path::Path;

use bytes::Bytes;
use chrono::TimeDelta;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer;
use crate::faults::Fault;
use crate::page;
use crate::sandbox::Sandbox;

/// A refusal of the control API: a status, and what was wrong.
type Refusal = (StatusCode, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Load {
    dir: String,
}

/// Answers one control request; `path` is that below `/_sandbox`.
pub(crate) fn answer(
    sandbox: &mut Sandbox,
    path: &str,
    request: &Request<Bytes>,
) -> Response<Bytes> {
    if path == "/" && request.method() == Method::GET {
        return page::overview(sandbox);
    }
    let result = match (request.method().as_str(), path) {
        ("GET", "/census") => Ok(json!(sandbox.census())),
        ("GET", "/clock") => Ok(clock(sandbox)),
        ("POST", "/clock") => advance(sandbox, request),
        ("GET", "/deliveries") => {
            Ok(json!({"deliveries": sandbox.deliveries().collect::<Vec<_>>()}))
        }
        ("GET", "/faults") => Ok(json!({"faults": sandbox.faults()})),
        ("POST", "/faults") => inject(sandbox, request),
        ("DELETE", "/faults") => {
            sandbox.clear_faults();
            Ok(json!({"faults": []}))
        }
        ("GET", "/requests") => Ok(json!({"requests": sandbox.received().collect::<Vec<_>>()})),
        ("DELETE", "/requests") => {
            sandbox.clear_received();
            Ok(json!({"requests": []}))
        }
        ("POST", "/load") => load(sandbox, request),
        ("POST", path) => match path
            .strip_prefix("/platforms/")
            .and_then(|p| p.split_once('/'))
        {
            Some((platform, verb)) => verb_of(sandbox, platform, verb, request),
            None => return not_found(path),
        },
        _ => return not_found(path),
    };
    match result {
        Ok(body) => answer::json(StatusCode::OK, &body),
        Err((status, error)) => answer::json(status, &json!({"error": error})),
    }
}

/// The answer to a path that the control API does not have.
pub(crate) fn not_found(path: &str) -> Response<Bytes> {
    let body = json!({"error": format!("the control API has no `{path}` with this method")});
    answer::json(StatusCode::NOT_FOUND, &body)
}

fn clock(sandbox: &Sandbox) -> Value {
    json!({"now": sandbox.now(), "offset_seconds": sandbox.offset().num_seconds()})
}

fn advance(sandbox: &mut Sandbox, request: &Request<Bytes>) -> Result<Value, Refusal> {
    /// A thousand years: as far as dates stay dates.
    const LIMIT: i64 = 1000 * 365 * 86_400;
    let Advance { advance_seconds } = body(request)?;
    let total = sandbox
        .offset()
        .num_seconds()
        .saturating_add(advance_seconds);
    if !(0..=LIMIT).contains(&total) {
        let error = "simulated time cannot be moved behind real time, nor a thousand years ahead";
        return Err((StatusCode::BAD_REQUEST, error.to_owned()));
    }
    sandbox.advance(TimeDelta::seconds(advance_seconds));
    Ok(clock(sandbox))
}

/// One fault, or a list of them.
fn inject(sandbox: &mut Sandbox, request: &Request<Bytes>) -> Result<Value, Refusal> {
    let faults: Vec<Fault> = match body(request)? {
        Value::Array(list) => list.into_iter().map(read).collect::<Result<_, _>>()?,
        one => vec![read(one)?],
    };
    for fault in faults {
        sandbox.inject(fault);
    }
    Ok(json!({"faults": sandbox.faults()}))
}

fn load(sandbox: &mut Sandbox, request: &Request<Bytes>) -> Result<Value, Refusal> {
    let Load { dir } = body(request)?;
    match sandbox.load_dir(Path::new(&dir)) {
        Ok(report) => Ok(json!(report)),
        Err(error) => Err((
            StatusCode::BAD_REQUEST,
            format!("cannot read `{dir}`: {error}"),
        )),
    }
}

fn verb_of(
    sandbox: &mut Sandbox,
    platform: &str,
    verb: &str,
    request: &Request<Bytes>,
) -> Result<Value, Refusal> {
    sandbox
        .control(platform, verb, &body(request)?)
        .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

/// The request's body as JSON; an empty one is an empty object.
fn body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Refusal> {
    let bytes: &[u8] = if request.body().is_empty() {
        b"{}"
    } else {
        request.body()
    };
    serde_json::from_slice(bytes).map_err(unreadable)
}

fn read<T: DeserializeOwned>(json: Value) -> Result<T, Refusal> {
    serde_json::from_value(json).map_err(unreadable)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form that `map_err` takes"
)]
fn unreadable(error: serde_json::Error) -> Refusal {
    (
        StatusCode::BAD_REQUEST,
        format!("the body is not what is expected here: {error}"),
    )
}
