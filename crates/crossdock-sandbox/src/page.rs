//! The page that shows the sandbox to a person. Plain HTML, nothing loaded from elsewhere, and no
//! script: reloading it is enough.

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::answer;
use crate::deliveries::Outcome;
use crate::received::{Ended, Received};
use crate::sandbox::Sandbox;

/// How many of the last requests are shown.
const SHOWN: usize = 50;

const STYLE: &str = include_str!("page.css");

/// The overview at `/_sandbox/`.
pub(crate) fn overview(sandbox: &Sandbox) -> Response<Bytes> {
    let platforms = section(
        "Platforms",
        "What a complete sync must find.",
        &["Platform", "Stream", "Objects"],
        sandbox.census().iter().flat_map(|(platform, streams)| {
            streams.iter().map(move |(stream, count)| {
                vec![(*platform).to_owned(), stream.clone(), count.to_string()]
            })
        }),
    );
    let faults = section(
        "Faults",
        "Requests to come that will be spoilt. POST /_sandbox/faults adds one.",
        &["Fault"],
        sandbox
            .faults()
            .iter()
            .map(|fault| vec![serde_json::to_string(fault).unwrap_or_default()]),
    );
    let webhooks = section(
        "Webhooks waiting",
        "Delivered to loopback addresses when they are due.",
        &["Due", "Platform", "To"],
        sandbox.outbox().iter().map(|outgoing| {
            vec![
                outgoing.due.to_rfc3339(),
                outgoing.platform.to_owned(),
                outgoing.url.to_string(),
            ]
        }),
    );
    let deliveries = section(
        "Last webhooks",
        "Newest first.",
        &["Time", "Platform", "To", "Outcome"],
        sandbox.deliveries().rev().take(SHOWN).map(|delivery| {
            vec![
                delivery.at.format("%H:%M:%S").to_string(),
                delivery.platform.to_owned(),
                delivery.url.to_string(),
                match &delivery.outcome {
                    Outcome::Answered(status) => status.to_string(),
                    Outcome::Failed(error) => error.clone(),
                },
            ]
        }),
    );
    let requests = section(
        "Last requests",
        "Newest first, without secrets. All of it: GET /_sandbox/requests.",
        &["No.", "Time", "Request", "Ended"],
        sandbox.received().rev().take(SHOWN).map(row),
    );
    let offset = sandbox.offset().num_seconds();
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>Crossdock sandbox</title><style>{STYLE}</style></head><body><main>\
         <h1>Crossdock sandbox</h1>\
         <p>Simulated time is <time datetime=\"{instant}\">{now}</time>, {offset} s ahead of the clock.</p>\
         {platforms}{faults}{webhooks}{deliveries}{requests}</main></body></html>",
        instant = sandbox.now().to_rfc3339(),
        now = sandbox.now().format("%Y-%m-%d %H:%M:%S UTC"),
    );
    let mut response = answer::with_body(StatusCode::OK, "text/html; charset=utf-8", body);
    answer::set(
        &mut response,
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response
}

fn row(received: &Received) -> Vec<String> {
    let ended = match received.ended {
        Ended::Answered(status) => status.to_string(),
        Ended::LostReply => "lost reply".to_owned(),
        Ended::NotSent => "not sent".to_owned(),
    };
    vec![
        received.number.to_string(),
        received.at.format("%H:%M:%S").to_string(),
        format!("{} {}{}", received.method, received.host, received.path),
        if received.faulted {
            format!("{ended} (fault)")
        } else {
            ended
        },
    ]
}

/// A heading, what it means, and a table; or that there is nothing.
fn section(
    title: &str,
    about: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let mut table = String::new();
    for row in rows {
        table.push_str("<tr>");
        for cell in row {
            table.push_str(&format!("<td>{}</td>", answer::escape(&cell)));
        }
        table.push_str("</tr>");
    }
    let content = if table.is_empty() {
        "<p class=\"none\">None.</p>".to_owned()
    } else {
        let head: String = columns
            .iter()
            .map(|name| format!("<th scope=\"col\">{name}</th>"))
            .collect();
        format!("<div><table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></div>")
    };
    format!("<section><h2>{title}</h2><p>{about}</p>{content}</section>")
}

/// A platform's page of its own, such as consent: without scripts, styled by a few lines, and saying
/// whose it is not.
pub(crate) fn small(
    status: StatusCode,
    platform: &str,
    title: &str,
    body: &str,
) -> Response<Bytes> {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title} · {platform} sandbox</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}}button{{font:inherit;padding:.5rem 1rem;margin-right:.5rem}}</style></head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n<p><small>This is a sandbox. Nothing here belongs to {platform}.</small></p>\n</body>\n</html>\n"
    );
    answer::with_body(status, "text/html; charset=utf-8", html)
}
