//! `POST /admin/api/{version}/graphql.json`: who asks, what it costs, and the answer.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::Settings;
use super::graphql::{
    Documents, GraphqlError, MAX_COST, OperationKind, Outcome, Plan, actual_points, execute,
};
use super::mutations::{self, Mutation};
use super::oauth::Grant;
use super::resolve::{Context, Object, Payloads};
use super::shop::Shop;
use super::throttle::{Bucket, Limits};
use crate::answer;
use crate::platform::Call;
use crate::world::World;

/// The oldest version that is served; what is older still is answered by it.
const OLDEST: &str = "2025-10";

/// The newest version that is served.
const NEWEST: &str = "2026-10";

/// The answer to a token that opens nothing.
pub(crate) fn unauthorized() -> Response<Bytes> {
    let message = "[API] Invalid API key or access token (unrecognized login or wrong password)";
    answer::json(StatusCode::UNAUTHORIZED, &json!({ "errors": message }))
}

/// The version that answers for one that is asked for: the oldest for what is older, none for what
/// is no version.
pub(crate) fn served_version(asked: &str) -> Option<&str> {
    let quarter = asked.len() == 7
        && asked.split_once('-').is_some_and(|(year, month)| {
            year.parse::<u16>().is_ok() && month.parse::<u8>().is_ok()
        });
    match asked {
        "unstable" => Some(NEWEST),
        _ if !quarter || asked > NEWEST => None,
        _ if asked < OLDEST => Some(OLDEST),
        _ => Some(asked),
    }
}

/// One request.
struct Request {
    query: String,
    operation: Option<String>,
    variables: Map<String, Value>,
}

impl Request {
    fn read(call: &Call<'_>) -> Option<Self> {
        if call
            .header("content-type")
            .is_some_and(|ty| ty.starts_with("application/graphql"))
        {
            let query = String::from_utf8(call.body.to_vec()).ok()?;
            return Some(Self {
                query,
                operation: None,
                variables: Map::new(),
            });
        }
        let mut body: Map<String, Value> = serde_json::from_slice(call.body).ok()?;
        let variables = match body.remove("variables") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(variables)) => variables,
            Some(_) => return None,
        };
        let operation = match body.remove("operationName") {
            Some(Value::String(name)) if !name.is_empty() => Some(name),
            _ => None,
        };
        let Some(Value::String(query)) = body.remove("query") else {
            return None;
        };
        Some(Self {
            query,
            operation,
            variables,
        })
    }
}

/// Answers a request of an app that is let in.
pub(crate) fn graphql(
    call: &Call<'_>,
    version: &str,
    shop: &mut Shop,
    grant: &Grant,
    documents: &mut Documents,
    settings: &mut Settings,
    world: &mut World,
) -> Response<Bytes> {
    let Some(request) = Request::read(call) else {
        let message = "Required parameter missing or invalid: query";
        return answer::json(
            StatusCode::BAD_REQUEST,
            &json!({ "errors": { "query": message } }),
        );
    };
    let planned = documents.plan(
        &request.query,
        request.operation.as_deref(),
        &request.variables,
        settings.rule,
    );
    let (plan, requested) = match planned {
        Ok(planned) => planned,
        Err(errors) => return refused(&errors, None),
    };
    let limits = settings.limits;
    let bucket = shop
        .buckets
        .entry(grant.app.clone())
        .or_insert_with(|| Bucket::full(limits, call.now));
    bucket.refill(limits, call.now);
    if requested > MAX_COST {
        let error = GraphqlError::new(
            "MAX_COST_EXCEEDED",
            format!(
                "Query cost is {requested}, which exceeds the single query max cost limit ({MAX_COST}).\n\nSee https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a query is calculated.\n\nTo query larger amounts of data with fewer limits, bulk operations should be used instead.\nSee https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api for usage details.\n"
            ),
        )
        .with("cost", requested)
        .with("maxCost", MAX_COST)
        .with("documentation", "https://shopify.dev/api/usage/rate-limits");
        return refused(&[error], Some(cost(requested, None, bucket, limits)));
    }
    if !bucket.take(requested) {
        let error = GraphqlError::new("THROTTLED", "Throttled")
            .with("documentation", "https://shopify.dev/api/usage/rate-limits");
        return refused(&[error], Some(cost(requested, None, bucket, limits)));
    }
    let outcome = match plan.kind {
        OperationKind::Query => run(&plan, shop, grant, settings, Object::Query, call),
        OperationKind::Mutation => {
            let payloads = carry_out(
                &plan,
                &mut Mutation {
                    shop,
                    grant,
                    version,
                    documents,
                    settings,
                    world,
                },
                call,
            );
            run(
                &plan,
                shop,
                grant,
                settings,
                Object::Mutation(&payloads),
                call,
            )
        }
    };
    let actual = actual_points(&outcome, plan.kind).min(requested);
    let Some(bucket) = shop.buckets.get_mut(&grant.app) else {
        return unauthorized();
    };
    bucket.give_back(requested - actual, limits);
    whole(&outcome, &cost(requested, Some(actual), bucket, limits))
}

fn run(
    plan: &Plan,
    shop: &Shop,
    grant: &Grant,
    settings: &Settings,
    root: Object<'_>,
    call: &Call<'_>,
) -> Outcome {
    let cx = Context {
        shop,
        grant,
        now: call.now,
        customer_data: settings.customer_data,
        unlimited: false,
    };
    execute(&cx, settings.rule, root, &plan.root)
}

/// Carries out the mutations one after the other.
fn carry_out(plan: &Plan, mutation: &mut Mutation<'_>, call: &Call<'_>) -> Payloads {
    plan.root
        .iter()
        .filter(|field| field.name != "__typename")
        .map(|field| {
            let open = field.access.is_empty()
                || field
                    .access
                    .iter()
                    .any(|scope| mutation.grant.allows(scope));
            // What is closed is refused when the answer is written, with the right words.
            let payload = if open {
                mutations::carry_out(field, mutation, call.now)
            } else {
                Ok(Value::Null)
            };
            (field.key.clone(), payload)
        })
        .collect()
}

fn cost(requested: u32, actual: Option<u32>, bucket: &Bucket, limits: Limits) -> Value {
    json!({
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": bucket.status(limits),
    })
}

fn refused(errors: &[GraphqlError], cost: Option<Value>) -> Response<Bytes> {
    let errors: Vec<Value> = errors.iter().map(GraphqlError::to_json).collect();
    let body = match cost {
        Some(cost) => json!({ "errors": errors, "extensions": { "cost": cost } }),
        None => json!({ "errors": errors }),
    };
    answer::json(StatusCode::OK, &body)
}

/// Puts the parts of an answer together without reading the data again.
fn whole(outcome: &Outcome, cost: &Value) -> Response<Bytes> {
    let mut body = Vec::with_capacity(outcome.data.len() + 256);
    body.extend_from_slice(b"{\"data\":");
    body.extend_from_slice(&outcome.data);
    if !outcome.errors.is_empty() {
        let errors: Vec<Value> = outcome.errors.iter().map(GraphqlError::to_json).collect();
        body.extend_from_slice(b",\"errors\":");
        body.extend_from_slice(Value::Array(errors).to_string().as_bytes());
    }
    body.extend_from_slice(b",\"extensions\":{\"cost\":");
    body.extend_from_slice(cost.to_string().as_bytes());
    body.extend_from_slice(b"}}");
    answer::with_body(StatusCode::OK, "application/json; charset=utf-8", body)
}
