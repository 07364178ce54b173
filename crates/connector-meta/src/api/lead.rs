//! Forms of a page, and what people filled in.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;
use serde_json::json;

use super::list::{Continuation, List};
use super::route::Route;
use super::time;

const FIELDS: &str =
    "id,created_time,ad_id,adset_id,campaign_id,form_id,field_data,is_organic,platform";

/// `GET /{page}/leadgen_forms`, archived ones too: their leads can still be read.
#[derive(Clone, Debug)]
pub struct LeadForms {
    /// The page, which also speaks.
    pub page: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for LeadForms {
    const OPERATION: Operation = Operation::read("page/leadgen_forms");
    type Response = List<LeadForm>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.page, "leadgen_forms"])
            .by_page(&self.page)
            .with("fields", "id,name,status,leads_count,created_time")
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<LeadForm>> {
        List::read(response)
    }
}

/// A form.
#[derive(Clone, Debug, Deserialize)]
pub struct LeadForm {
    /// Its id.
    pub id: String,
    /// Its name, which people don't see.
    #[serde(default)]
    pub name: Option<String>,
    /// `ACTIVE`, `ARCHIVED`, `DELETED` or `DRAFT`.
    #[serde(default)]
    pub status: Option<String>,
    /// How often it was filled in.
    #[serde(default)]
    pub leads_count: Option<i64>,
    /// When it was made.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
}

/// `GET /{form}/leads`: those of the last ninety days.
#[derive(Clone, Debug)]
pub struct FormLeads {
    /// The form's page, which speaks.
    pub page: String,
    /// The form.
    pub form: String,
    /// Only what was filled in later than this.
    pub after: Option<DateTime<Utc>>,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for FormLeads {
    const OPERATION: Operation = Operation::read("form/leads");
    type Response = List<Lead>;

    fn request(&self) -> Result<Request> {
        let later = |at: DateTime<Utc>| json!([{"field": "time_created", "operator": "GREATER_THAN", "value": at.timestamp()}]);
        Route::get(&[&self.form, "leads"])
            .by_page(&self.page)
            .with("fields", FIELDS)
            .maybe("filtering", self.after.map(later))
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Lead>> {
        List::read(response)
    }
}

/// `GET /{lead}`: one, as a webhook names it.
#[derive(Clone, Debug)]
pub struct GetLead {
    /// Its id.
    pub id: String,
}

impl Endpoint for GetLead {
    const OPERATION: Operation = Operation::read("lead");
    type Response = super::Entry<Lead>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id]).with("fields", FIELDS).request()
    }
}

/// A form that somebody filled in.
#[derive(Clone, Debug, Deserialize)]
pub struct Lead {
    /// Its id.
    pub id: String,
    /// When it was sent.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_time: Option<DateTime<Utc>>,
    /// The advertisement that showed the form; absent where none did.
    #[serde(default)]
    pub ad_id: Option<String>,
    /// The ad set.
    #[serde(default)]
    pub adset_id: Option<String>,
    /// The campaign.
    #[serde(default)]
    pub campaign_id: Option<String>,
    /// The form.
    #[serde(default)]
    pub form_id: Option<String>,
    /// What was filled in, in the form's order.
    #[serde(default)]
    pub field_data: Vec<LeadField>,
    /// Whether no advertisement led to it.
    #[serde(default)]
    pub is_organic: Option<bool>,
    /// `fb` or `ig`.
    #[serde(default)]
    pub platform: Option<String>,
}

/// One answer of a form.
#[derive(Clone, Debug, Deserialize)]
pub struct LeadField {
    /// The question's key: `email`, `full_name`, or a word made of the question.
    #[serde(default)]
    pub name: Option<String>,
    /// The answer; several where several could be chosen.
    #[serde(default)]
    pub values: Vec<String>,
}
