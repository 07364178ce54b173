//! Calendar API v3.

use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::route::Route;

/// `calendarList.list`: the calendars that the user sees, 250 to a page at the most.
#[derive(Clone, Debug, Default)]
pub struct ListCalendars {
    /// The page; the first where there is none.
    pub page_token: Option<String>,
}

impl Endpoint for ListCalendars {
    const OPERATION: Operation = Operation::read("calendar.calendarList.list");
    type Response = CalendarPage;

    fn request(&self) -> Result<Request> {
        let path = ["calendar", "v3", "users", "me", "calendarList"];
        Route::get("www.googleapis.com", &path)
            .with("maxResults", 250)
            .maybe("pageToken", self.page_token.as_deref())
            .request()
    }
}

/// A page of calendars.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CalendarPage {
    /// The calendars.
    pub items: Vec<CalendarEntry>,
    /// The next page's token.
    pub next_page_token: Option<String>,
}

/// A calendar as the user sees it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CalendarEntry {
    /// Its id, often an e-mail address.
    pub id: String,
    /// What it is called.
    pub summary: Option<String>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// Whether it was taken off the list.
    pub deleted: bool,
}
