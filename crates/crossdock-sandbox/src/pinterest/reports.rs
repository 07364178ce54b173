//! Reports: jobs that take a while, and a link to what they made that lives for five minutes and
//! refuses an `Authorization` header. (`analytics/create_report` and `analytics/get_report` of the
//! description; recorded answers. How long a job takes is inferred.)

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::answer;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

use super::Data;
use super::ads::Asked;
use super::params::{REPORT, days};
use super::refusal::{Outcome, Refusal};

/// The host that keeps what reports made: storage of Pinterest's, apart from the interface. Nothing
/// names the bucket of reports, so this is the one that the description names for uploads.
pub(super) const HOST: &str = "pinterest-media-upload.s3.amazonaws.com";

/// How long a job takes. Short, so that a first sync needn't wait for long.
const WORK: TimeDelta = TimeDelta::seconds(2);

/// How long a link lives.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);

/// How long what a report made is kept.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// One report.
#[derive(Debug)]
struct Report {
    account: String,
    /// What was asked, to know it again.
    asked: String,
    made_at: DateTime<Utc>,
    rows: String,
    /// How it ends instead of well.
    fate: Option<String>,
}

/// All reports.
#[derive(Debug, Default)]
pub(super) struct Reports {
    all: BTreeMap<String, Report>,
    /// How the next job ends: `FAILED`, `CANCELLED`, `EXPIRED`.
    pub(super) next_fate: Option<String>,
    /// How long jobs take instead.
    pub(super) work: Option<TimeDelta>,
}

fn invalid() -> Refusal {
    Refusal::bad("Invalid ad account ads analytics parameters.")
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

impl Reports {
    /// `POST /ad_accounts/{id}/reports`: asks for a report. The same question again is answered
    /// with the same job, at once if that is done.
    pub(super) fn order(&mut self, data: &Data, call: &Call<'_>, account: &str) -> Outcome<Value> {
        let body: Value = serde_json::from_slice(call.body).map_err(|_cause| invalid())?;
        let body = &body;
        let text = |name: &str| body[name].as_str();
        let today = call.now.date_naive();
        let range = days(text("start_date"), text("end_date"), today, REPORT)?;
        if text("report_format").is_some_and(|format| format != "JSON") {
            return Err(invalid());
        }
        let asked = Asked {
            account,
            level: text("level").unwrap_or("ADVERTISER"),
            grain: text("granularity").ok_or_else(invalid)?,
            columns: texts(&body["columns"]),
            ids: texts(&body["campaign_ids"]),
            range,
        };
        let mut by_subject = Map::new();
        for (subject, row) in asked.rows(data, today)? {
            let rows = by_subject.entry(subject).or_insert_with(|| json!([]));
            if let Value::Array(rows) = rows {
                rows.push(row);
            }
        }
        let question = body.to_string();
        let known = self.all.iter().find(|(_, report)| {
            report.account == account
                && report.asked == question
                && report.fate.is_none()
                && report.made_at + KEPT > call.now
        });
        if let Some((token, report)) = known {
            let done = report.made_at + self.work() <= call.now;
            return Ok(json!({
                "report_status": if done { "FINISHED" } else { "IN_PROGRESS" },
                "token": token,
                "message": if done { "This job has already finished processing." } else { "" },
            }));
        }
        let number = self.all.len();
        let token = format!("sbx-report-{account}-{number}-{}", call.now.timestamp());
        let report = Report {
            account: account.to_owned(),
            asked: question,
            made_at: call.now,
            rows: Value::Object(by_subject).to_string(),
            fate: self.next_fate.take(),
        };
        self.all.insert(token.clone(), report);
        Ok(json!({"report_status": "IN_PROGRESS", "token": token, "message": ""}))
    }

    fn work(&self) -> TimeDelta {
        self.work.unwrap_or(WORK)
    }

    /// `GET /ad_accounts/{id}/reports`: what became of it.
    pub(super) fn state(&self, call: &Call<'_>, account: &str) -> Outcome<Value> {
        let token = call.query("token").unwrap_or_default();
        let report = self
            .all
            .get(token)
            .filter(|report| report.account == account)
            .ok_or_else(|| {
                let text = "The token you provided is not valid or has expired.";
                Refusal::new(StatusCode::BAD_REQUEST, 1104, text)
            })?;
        let plain = |status: &str| json!({"report_status": status, "url": null, "size": null});
        if report.made_at + self.work() > call.now {
            return Ok(plain("IN_PROGRESS"));
        }
        if let Some(fate) = &report.fate {
            return Ok(plain(fate));
        }
        if report.made_at + KEPT <= call.now {
            return Ok(plain("EXPIRED"));
        }
        let signature = Claims {
            kind: "report".to_owned(),
            subject: token.to_owned(),
            client: String::new(),
            scopes: Vec::new(),
            issued_at: call.now,
            expires_at: Some(call.now + LINK_LIFE),
            serial: 0,
        };
        // The key is the same in every sandbox, so that no world is needed to sign.
        let signature = crate::token::Key::sandbox().issue(&signature);
        let url = format!(
            "https://{HOST}/async_reports/{token}/metrics_report.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={}&X-Amz-Expires={}&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}",
            call.now.format("%Y%m%dT%H%M%SZ"),
            LINK_LIFE.num_seconds(),
        );
        Ok(json!({"report_status": "FINISHED", "url": url, "size": report.rows.len()}))
    }

    /// The link: nothing but the link may be shown, and not for long.
    pub(super) fn download(&self, call: &Call<'_>, world: &World) -> Response<Bytes> {
        let refuse = |status, code: &str, message: &str| {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            );
            answer::with_body(status, "application/xml", body)
        };
        if call.header("authorization").is_some() {
            let text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
                        Signature query string parameter or the Authorization header should be specified";
            return refuse(StatusCode::BAD_REQUEST, "InvalidArgument", text);
        }
        let signature = call.query("X-Amz-Signature").unwrap_or_default();
        let claims = world.key().verify(signature).ok();
        let Some(claims) = claims.filter(|claims| {
            claims.kind == "report" && call.path.contains(&format!("/{}/", claims.subject))
        }) else {
            return refuse(
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            );
        };
        if claims.is_expired(call.now) {
            return refuse(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired");
        }
        match self.all.get(&claims.subject) {
            Some(report) => answer::with_body(StatusCode::OK, "text/plain", report.rows.clone()),
            None => refuse(
                StatusCode::NOT_FOUND,
                "NoSuchKey",
                "The specified key does not exist.",
            ),
        }
    }
}
