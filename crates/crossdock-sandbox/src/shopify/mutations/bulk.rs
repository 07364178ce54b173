//! Starting and stopping bulk operations.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::super::bulk::{BulkOperation, CONCURRENT, Written, check, run};
use super::super::graphql::{Field, OperationKind};
use super::super::resolve::Context;
use super::{Mutation, number, user_error};

pub(super) fn run_query(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let refuse = |code: &str, message: String| json!({ "bulkOperation": null, "userErrors": [user_error(&["query"], Some(code), &message)] });
    let app = &mutation.grant.app;
    let open: Vec<u64> = mutation
        .shop
        .bulk
        .of_app(app)
        .filter(|op| op.status.is_open())
        .map(|op| op.id)
        .collect();
    if let Some(id) = open.last().filter(|_| open.len() >= CONCURRENT) {
        return refuse(
            "OPERATION_IN_PROGRESS",
            format!(
                "A bulk query operation for this app and shop is already in progress: gid://shopify/BulkOperation/{id}."
            ),
        );
    }
    let query = field.args.str("query").unwrap_or_default();
    // Page sizes mean nothing in bulk, so their faults are none here.
    let plan = match mutation.documents.bulk_plan(query, &Map::new()) {
        Ok(plan) => plan,
        Err(errors) => {
            let messages: Vec<&str> = errors.iter().map(|error| error.message()).collect();
            return refuse(
                "INVALID",
                format!("Invalid bulk query: {}", messages.join(", ")),
            );
        }
    };
    if plan.kind == OperationKind::Mutation {
        return refuse(
            "INVALID",
            "Invalid bulk query: Only queries are allowed.".to_owned(),
        );
    }
    if let Err(problem) = check(&plan) {
        return refuse("INVALID", problem.0);
    }
    // Whoever does not say gets what the version's default is: together before 2026-01.
    let grouped = match field.args.flag("groupObjects") {
        true => true,
        false => mutation.version < "2026-01",
    };
    let cx = Context {
        shop: mutation.shop,
        grant: mutation.grant,
        now,
        customer_data: mutation.settings.customer_data,
        unlimited: true,
    };
    let mut written = run(&plan, grouped, &cx);
    if let Some(code) = mutation.settings.bulk_failure.take() {
        written = cut_short(&written, code);
    }
    let id = super::new_id(mutation.world);
    let delay = mutation.settings.bulk_delay;
    let operation = BulkOperation::new(id, app.clone(), query.to_owned(), written, now, delay);
    let gid = format!("gid://shopify/BulkOperation/{id}");
    let (ends_at, outcome) = (operation.ends_at(), operation.outcome());
    let told = json!({
        "admin_graphql_api_id": gid,
        "completed_at": ends_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "created_at": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "error_code": operation.error_code.map(str::to_lowercase),
        "status": outcome.name().to_lowercase(),
        "type": "query",
    });
    mutation.shop.bulk.add(operation);
    let domain = mutation.shop.store.info.domain.clone();
    mutation.shop.webhooks.publish(
        &domain,
        "BULK_OPERATIONS_FINISH",
        &told,
        ends_at,
        mutation.world,
    );
    json!({ "bulkOperation": gid, "userErrors": [] })
}

/// The first half of the lines, as an operation leaves them that fails on its way.
fn cut_short(written: &Written, code: &'static str) -> Written {
    let lines: Vec<&[u8]> = written
        .file
        .split_inclusive(|byte| *byte == b'\n')
        .collect();
    let half = lines.len() / 2;
    let file: Vec<u8> = lines
        .iter()
        .take(half)
        .copied()
        .flatten()
        .copied()
        .collect();
    Written {
        file: Bytes::from(file),
        objects: u64::try_from(half).unwrap_or(u64::MAX),
        roots: written.roots / 2,
        error_code: Some(code),
    }
}

pub(super) fn cancel(field: &Field, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let gid = field.args.str("id").unwrap_or_default();
    let own = number(gid).filter(|id| {
        mutation
            .shop
            .bulk
            .get(*id)
            .is_some_and(|op| op.app == mutation.grant.app)
    });
    let Some(id) = own else {
        let error = user_error(&["id"], None, "Bulk operation does not exist");
        return json!({ "bulkOperation": null, "userErrors": [error] });
    };
    let errors = if mutation.shop.bulk.cancel(id, now) {
        vec![]
    } else {
        vec![user_error(
            &["id"],
            None,
            "A bulk operation cannot be canceled when it is completed",
        )]
    };
    json!({ "bulkOperation": gid, "userErrors": errors })
}
