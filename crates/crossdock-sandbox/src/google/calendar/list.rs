//! `calendarList.list`: which calendars there are.

use serde_json::{Value, json};

use super::{Calendars, etag};
use crate::google::params::{page, put, query_number, seal, unseal};
use crate::google::refusal::{Outcome, Refusal};
use crate::platform::Call;

/// All calendars, or those that changed since a sync token.
pub(super) fn list(calendars: &Calendars, call: &Call<'_>) -> Outcome<Value> {
    let since = match call.query("syncToken").filter(|token| !token.is_empty()) {
        None => None,
        Some(_) if call.query("minAccessRole").is_some() => {
            return Err(Refusal::parameter(
                "badRequest",
                "minAccessRole",
                "minAccessRole can't be used with a sync token.",
            ));
        }
        Some(token) => Some(since(calendars, token)?),
    };
    let deleted = call.query("showDeleted") == Some("true") || since.is_some();
    let chosen = calendars.all.iter().filter(|(_, calendar)| {
        (deleted || !calendar.deleted) && since.is_none_or(|since| calendar.changed > since)
    });
    let entries = chosen.map(|(id, _)| calendars.entry(id));
    let size = match query_number(call, "maxResults")? {
        None => 100,
        Some(asked) => usize::try_from(asked.clamp(1, 250)).unwrap_or(250),
    };
    let name = format!("calendarList {since:?} {deleted}");
    let page = page(&name, entries, call.query("pageToken"), size)?;
    let mut body = json!({
        "kind": "calendar#calendarList",
        "etag": etag("calendarList", calendars.changes),
        "items": page.items,
    });
    match page.next {
        Some(next) => put(&mut body, "nextPageToken", Some(next)),
        None => {
            let token = seal(&("calendarList", calendars.epoch, calendars.changes));
            put(&mut body, "nextSyncToken", Some(token));
        }
    }
    Ok(body)
}

fn since(calendars: &Calendars, token: &str) -> Outcome<u64> {
    let read: Option<(String, u64, u64)> = unseal(token);
    match read {
        Some((list, epoch, since)) if list == "calendarList" && epoch == calendars.epoch => {
            Ok(since)
        }
        _ => Err(super::events::full_sync_required()),
    }
}
