//! Batches: up to fifty requests in one, each counted as a call of its own.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Meta;
use super::error::{GraphError, Outcome};
use super::request::Request;
use super::wire;
use crate::world::World;

/// How many requests a batch may have.
const MOST: usize = 50;

/// `POST /` with `batch`.
pub(super) fn run(meta: &mut Meta, outer: &Request, world: &mut World) -> Outcome<Value> {
    let parts: Vec<Value> = outer
        .get("batch")
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(|| fault("batch parameter must be a JSON array"))?;
    if parts.len() > MOST {
        return Err(fault(
            "Too many requests in batch message. Maximum batch size is 50",
        ));
    }
    let with_headers = outer.get("include_headers") != Some("false");
    let answers = parts
        .iter()
        .map(|part| one(meta, outer, part, with_headers, world))
        .collect();
    Ok(Value::Array(answers))
}

fn fault(message: &str) -> GraphError {
    GraphError {
        kind: "GraphBatchException",
        ..GraphError::new(100, message)
    }
}

/// One part, answered as if it had come alone.
fn one(
    meta: &mut Meta,
    outer: &Request,
    part: &Value,
    with_headers: bool,
    world: &mut World,
) -> Value {
    let text = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
    let method = match text("method") {
        "" => Ok(Method::GET),
        method => method.to_ascii_uppercase().parse::<Method>(),
    };
    let request = method
        .ok()
        .ok_or_else(|| fault("Unsupported method"))
        .and_then(|method| {
            let token = outer.token.clone();
            Request::from_batch(method, text("relative_url"), text("body"), token, world.now)
        });
    let (outcome, version) = match request {
        Ok(request) => {
            let reply = meta.dispatch(&request, false, world);
            (reply.outcome, reply.version)
        }
        Err(error) => (Err(error), outer.version),
    };
    let trace = super::trace(world);
    let (status, body) = match outcome {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => (error.status, error.body(&trace)),
    };
    let mut answer = json!({ "code": status.as_u16(), "body": wire::ascii(&body) });
    if let (Value::Object(answer), true) = (&mut answer, with_headers) {
        let headers = json!([
            { "name": "facebook-api-version", "value": version },
            { "name": "Content-Type", "value": "application/json; charset=UTF-8" },
        ]);
        answer.insert("headers".to_owned(), headers);
    }
    answer
}
