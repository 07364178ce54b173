//! Figures for Prometheus, in its text format: what is stored, and how requests were answered.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use actix_web::{HttpResponse, get, web};

use crate::failure::Answer;
use crate::state::State;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Figures for Prometheus.
#[utoipa::path(
    tag = "service",
    responses((status = 200, description = "Prometheus's text format", content_type = "text/plain", body = String))
)]
#[get("/metrics")]
pub(crate) async fn read_metrics(state: web::Data<State>) -> Answer<HttpResponse> {
    let counts = state.store().system().counts().await?;
    let mut connections: BTreeMap<(String, &str), u64> = BTreeMap::new();
    for connection in state.data().connections().await? {
        *connections
            .entry((connection.platform, connection.status.as_str()))
            .or_default() += 1;
    }
    let mut records: BTreeMap<(String, String), u64> = BTreeMap::new();
    for count in state.data().record_counts().await? {
        *records.entry((count.platform, count.stream)).or_default() += count.present;
    }

    let mut text = Exposition::default();
    text.gauge(
        "crossdock_connections",
        "Connections, by platform and status",
    );
    for ((platform, status), count) in &connections {
        let labels = [("platform", platform.as_str()), ("status", *status)];
        text.sample("crossdock_connections", &labels, *count);
    }
    text.gauge(
        "crossdock_records",
        "Records that are there, by platform and stream",
    );
    for ((platform, stream), count) in &records {
        let labels = [("platform", platform.as_str()), ("stream", stream.as_str())];
        text.sample("crossdock_records", &labels, *count);
    }
    text.gauge("crossdock_runs_running", "Runs that are going on");
    text.sample("crossdock_runs_running", &[], counts.running);
    text.gauge(
        "crossdock_webhooks_pending",
        "Webhooks that are to be dealt with",
    );
    text.sample("crossdock_webhooks_pending", &[], counts.pending_webhooks);
    text.counter("crossdock_changes_total", "Lines in the change feed");
    text.sample("crossdock_changes_total", &[], counts.changes);
    text.counter(
        "crossdock_http_requests_total",
        "Requests that were answered",
    );
    for (route, status, count) in state.requests.all() {
        let status = status.to_string();
        let labels = [("route", route.as_str()), ("status", status.as_str())];
        text.sample("crossdock_http_requests_total", &labels, count);
    }
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(text.0))
}

/// Text in Prometheus's format, version 0.0.4.
#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    fn gauge(&mut self, name: &str, help: &str) {
        self.head(name, help, "gauge");
    }

    fn counter(&mut self, name: &str, help: &str) {
        self.head(name, help, "counter");
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        if labels.is_empty() {
            return self.line(format_args!("{name} {value}"));
        }
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, text)| format!("{label}=\"{}\"", escape(text)))
            .collect();
        self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        writeln!(self.0, "{line}").unwrap_or_default();
    }
}

/// A label's value, with what would end it escaped.
fn escape(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_can_not_break_out() {
        let mut text = Exposition::default();
        text.gauge("a", "b");
        text.sample("a", &[("l", "x\"} 1\n\\")], 2);
        text.sample("a", &[], 3);
        assert_eq!(
            text.0,
            "# HELP a b\n# TYPE a gauge\na{l=\"x\\\"} 1\\n\\\\\"} 2\na 3\n"
        );
    }
}
