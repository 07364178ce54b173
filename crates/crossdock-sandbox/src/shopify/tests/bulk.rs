//! Bulk operations: states over time, files, grouping, limits.

use super::*;

const RUN: &str = "mutation($query: String!, $group: Boolean!) {
    bulkOperationRunQuery(query: $query, groupObjects: $group) {
      bulkOperation { id status } userErrors { field message code } } }";

const PRODUCTS: &str =
    "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }";

fn run(bench: &mut Bench, token: &str, query: &str, group: bool) -> Value {
    let body = bench.graphql(token, RUN, json!({ "query": query, "group": group }));
    body["data"]["bulkOperationRunQuery"].clone()
}

fn poll(bench: &mut Bench, token: &str, id: &Value) -> Value {
    let query = "query($id: ID!) { bulkOperation(id: $id) { status url partialDataUrl errorCode
        objectCount rootObjectCount fileSize completedAt } }";
    bench.graphql(token, query, json!({ "id": id }))["data"]["bulkOperation"].clone()
}

fn lines(bench: &mut Bench, url: &Value) -> Vec<Value> {
    let url: Url = url.as_str().unwrap().parse().unwrap();
    let answer = bench.ask(Method::GET, url.host_str().unwrap(), url.path(), &[], "");
    assert_eq!(answer.status(), StatusCode::OK);
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn an_operation_runs_its_course() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let started = run(&mut bench, &token, PRODUCTS, true);
    assert_eq!(started["userErrors"], json!([]));
    assert_eq!(started["bulkOperation"]["status"], "CREATED");
    let id = &started["bulkOperation"]["id"];
    bench.wait(TimeDelta::milliseconds(500));
    let running = poll(&mut bench, &token, id);
    assert_eq!(
        (&running["status"], &running["url"]),
        (&json!("RUNNING"), &Value::Null)
    );
    bench.wait(TimeDelta::milliseconds(500));
    let done = poll(&mut bench, &token, id);
    assert_eq!(done["status"], "COMPLETED");
    let lines = lines(&mut bench, &done["url"]);
    assert_eq!(done["objectCount"], lines.len().to_string());
    assert_eq!(done["rootObjectCount"], "40");
    bench.wait(TimeDelta::days(7));
    let token = bench.connect(SCOPES);
    assert_eq!(poll(&mut bench, &token, id)["status"], "EXPIRED");
}

#[test]
fn children_follow_their_parents_or_come_after_all_of_them() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let mut files = vec![];
    for group in [true, false] {
        let started = run(&mut bench, &token, PRODUCTS, group);
        bench.wait(TimeDelta::seconds(2));
        let done = poll(&mut bench, &token, &started["bulkOperation"]["id"]);
        files.push(lines(&mut bench, &done["url"]));
    }
    let [grouped, layered] = files.as_slice() else {
        panic!("two files")
    };
    let mut parent = Value::Null;
    for line in grouped {
        match line.get("__parentId") {
            None => parent = line["id"].clone(),
            Some(id) => assert_eq!(*id, parent),
        }
    }
    let first_child = layered
        .iter()
        .position(|line| line.get("__parentId").is_some())
        .unwrap();
    assert_eq!(first_child, 40);
    assert!(
        layered[first_child..]
            .iter()
            .all(|line| line.get("__parentId").is_some())
    );
    let sorted = |lines: &[Value]| {
        let mut texts: Vec<String> = lines.iter().map(Value::to_string).collect();
        texts.sort();
        texts
    };
    assert_eq!(sorted(grouped), sorted(layered));
}

#[test]
fn nothing_found_means_no_file() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let query = "{ products(query: \"title:nothing-is-called-so\") { edges { node { id } } } }";
    let started = run(&mut bench, &token, query, true);
    bench.wait(TimeDelta::seconds(2));
    let done = poll(&mut bench, &token, &started["bulkOperation"]["id"]);
    assert_eq!(
        (&done["status"], &done["url"]),
        (&json!("COMPLETED"), &Value::Null)
    );
    assert_eq!(done["objectCount"], "0");
}

#[test]
fn queries_that_do_not_fit_are_refused() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    for query in [
        "{ shop { name } }",
        "{ shop { name } products { edges { node { id } } } }",
        "{ products { edges { node { title variants { edges { node { id } } } } } } }",
        "{ orders { edges { node { id refunds { refundLineItems(first: 5) { edges { node { id } } } } } } } }",
        "{ products { edges { node { colour } } } }",
        "{ products",
    ] {
        let refused = run(&mut bench, &token, query, true);
        assert_eq!(refused["bulkOperation"], Value::Null, "{query}");
        assert_eq!(refused["userErrors"][0]["code"], "INVALID", "{query}");
    }
}

#[test]
fn five_run_at_once_and_stopping_one_makes_room() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let mut last = Value::Null;
    for _ in 0..5 {
        last = run(&mut bench, &token, PRODUCTS, true)["bulkOperation"]["id"].clone();
    }
    let refused = run(&mut bench, &token, PRODUCTS, true);
    assert_eq!(refused["userErrors"][0]["code"], "OPERATION_IN_PROGRESS");
    let cancel = "mutation($id: ID!) { bulkOperationCancel(id: $id) {
        bulkOperation { status url } userErrors { message } } }";
    let body = bench.graphql(&token, cancel, json!({ "id": last }));
    let stopped = &body["data"]["bulkOperationCancel"];
    assert_eq!(stopped["bulkOperation"]["status"], "CANCELED");
    assert_eq!(stopped["userErrors"], json!([]));
    assert!(run(&mut bench, &token, PRODUCTS, true)["bulkOperation"].is_object());
    let body = bench.graphql(&token, cancel, json!({ "id": last }));
    assert_eq!(
        body["data"]["bulkOperationCancel"]["userErrors"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_missing_scope_and_a_planned_failure_fail_the_operation() {
    let mut bench = Bench::new();
    let token = bench.connect("read_orders");
    let started = run(&mut bench, &token, PRODUCTS, true);
    bench.wait(TimeDelta::seconds(2));
    let failed = poll(&mut bench, &token, &started["bulkOperation"]["id"]);
    assert_eq!(
        (&failed["status"], &failed["errorCode"]),
        (&json!("FAILED"), &json!("ACCESS_DENIED"))
    );
    let token = bench.connect(SCOPES);
    bench.control("settings/set", &json!({ "bulk_failure": "TIMEOUT" }));
    let started = run(&mut bench, &token, PRODUCTS, true);
    bench.wait(TimeDelta::seconds(2));
    let failed = poll(&mut bench, &token, &started["bulkOperation"]["id"]);
    assert_eq!(
        (&failed["status"], &failed["url"]),
        (&json!("FAILED"), &Value::Null)
    );
    let part = lines(&mut bench, &failed["partialDataUrl"]);
    assert_eq!(failed["objectCount"], part.len().to_string());
}
