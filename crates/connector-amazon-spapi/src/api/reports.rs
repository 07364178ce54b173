//! Reports API 2021-06-30: asking for a report, how it is coming on, and where its document lies.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::{Entry, Operation, Request, Result, SecretString};
use http::Method;
use serde::{Deserialize, Serialize};

use super::call::{Call, Route};
use crate::region::Server;

const VERSION: &str = "2021-06-30";

/// `createReport`: asks for a report to be made. Asked twice, it is made twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateReport {
    /// Amazon's name of its type: `GET_SALES_AND_TRAFFIC_REPORT`.
    pub report_type: String,
    /// Where; 25 at the most, and for some types only one.
    pub marketplace_ids: Vec<String>,
    /// From when on; now, if it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_start_time: Option<DateTime<Utc>>,
    /// Until when; now, if it isn't said. Never later than now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_end_time: Option<DateTime<Utc>>,
    /// What the type can be told besides.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub report_options: BTreeMap<String, String>,
}

impl Call for CreateReport {
    const OPERATION: Operation = Operation::write("createReport");
    type Response = ReportCreated;

    fn request(&self, server: Server) -> Result<Request> {
        Route::new(Method::POST, server, &["reports", VERSION, "reports"]).json(self)
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportCreated {
    /// Its id, unique for the seller.
    pub report_id: String,
}

/// `getReport`: how one is coming on.
#[derive(Clone, Debug)]
pub struct GetReport {
    /// Which.
    pub report_id: String,
}

impl Call for GetReport {
    const OPERATION: Operation = Operation::read("getReport");
    type Response = Report;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["reports", VERSION, "reports", &self.report_id]).request()
    }
}

/// `getReports`: those that were asked for, the newest first. They are kept for 90 days.
#[derive(Clone, Debug, Default)]
pub struct GetReports {
    /// Of which types; ten at the most. Needed on the first page.
    pub report_types: Vec<String>,
    /// Of at least one of these marketplaces; ten at the most.
    pub marketplace_ids: Vec<String>,
    /// Asked for at this instant or later.
    pub created_since: Option<DateTime<Utc>>,
    /// How many on a page: ten unless said, a hundred at the most.
    pub page_size: Option<u32>,
    /// From the page before; then it stands alone, and all else is left out.
    pub next_token: Option<String>,
}

impl Call for GetReports {
    const OPERATION: Operation = Operation::read("getReports");
    type Response = ReportPage;

    fn request(&self, server: Server) -> Result<Request> {
        let route = Route::get(server, &["reports", VERSION, "reports"]);
        match &self.next_token {
            Some(token) => route.with("nextToken", token),
            None => route
                .list("reportTypes", &self.report_types)
                .list("marketplaceIds", &self.marketplace_ids)
                .at("createdSince", self.created_since)
                .maybe("pageSize", self.page_size),
        }
        .request()
    }
}

/// One page of reports.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportPage {
    /// The reports.
    pub reports: Vec<Entry<Report>>,
    /// What leads to the next page.
    #[serde(default)]
    pub next_token: Option<String>,
}

/// A report that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Its id.
    pub report_id: String,
    /// Amazon's name of its type.
    pub report_type: String,
    /// Where it stands: `IN_QUEUE`, `IN_PROGRESS`, `DONE`, `CANCELLED` (taken back, or without data) or
    /// `FATAL`.
    pub processing_status: String,
    /// When it was asked for.
    #[serde(default)]
    pub created_time: Option<DateTime<Utc>>,
    /// Where.
    #[serde(default)]
    pub marketplace_ids: Option<Vec<String>>,
    /// From when on.
    #[serde(default)]
    pub data_start_time: Option<DateTime<Utc>>,
    /// Until when.
    #[serde(default)]
    pub data_end_time: Option<DateTime<Utc>>,
    /// Its document, once it is done; of one that is `FATAL`, at times, what says why.
    #[serde(default)]
    pub report_document_id: Option<String>,
}

/// `getReportDocument`: where a document lies.
#[derive(Clone, Debug)]
pub struct GetReportDocument {
    /// Which.
    pub report_document_id: String,
}

impl Call for GetReportDocument {
    const OPERATION: Operation = Operation::read("getReportDocument");
    type Response = ReportDocument;

    fn request(&self, server: Server) -> Result<Request> {
        let id = self.report_document_id.as_str();
        Route::get(server, &["reports", VERSION, "documents", id]).request()
    }
}

/// Where a document lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportDocument {
    /// Its address for the next five minutes. It is its own key, and wants no token.
    pub url: SecretString,
    /// `GZIP`, or nothing where it lies there as it is.
    #[serde(default)]
    pub compression_algorithm: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::{Environment, Region};

    const SERVER: Server = Server::new(Region::NorthAmerica, Environment::Production);

    #[test]
    fn what_is_not_said_is_left_out_of_a_body() {
        let call = CreateReport {
            report_type: "GET_MADE_UP".to_owned(),
            marketplace_ids: vec!["M".to_owned()],
            ..CreateReport::default()
        };
        let request = call.request(SERVER).unwrap();
        assert_eq!(
            request.body().as_ref(),
            br#"{"reportType":"GET_MADE_UP","marketplaceIds":["M"]}"#
        );
        let call = CreateReport {
            data_start_time: Some(DateTime::UNIX_EPOCH),
            report_options: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
            ..call
        };
        let body = call.request(SERVER).unwrap().into_body();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["dataStartTime"], "1970-01-01T00:00:00Z");
        assert_eq!(body["reportOptions"]["a"], "b");
    }

    #[test]
    fn the_token_of_a_page_stands_alone() {
        let mut call = GetReports {
            report_types: vec!["GET_MADE_UP".to_owned()],
            page_size: Some(100),
            ..GetReports::default()
        };
        let query = |call: &GetReports| {
            let request = call.request(SERVER).unwrap();
            request.uri().query().unwrap().to_owned()
        };
        assert_eq!(query(&call), "reportTypes=GET_MADE_UP&pageSize=100");
        call.next_token = Some("t".to_owned());
        assert_eq!(query(&call), "nextToken=t");
    }

    #[test]
    fn the_address_of_a_document_is_not_shown() {
        let document: ReportDocument = serde_json::from_str(
            r#"{"reportDocumentId":"d","url":"https://example.com/?key=made-up"}"#,
        )
        .unwrap();
        assert!(!format!("{document:?}").contains("made-up"));
        assert_eq!(document.compression_algorithm, None);
    }
}
