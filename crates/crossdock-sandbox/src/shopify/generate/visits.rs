//! How made-up buyers came to the shop.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::objects::Visit;
use super::super::store::Store;

/// How a buyer came: some through a link that says so, some through another page, most unseen.
pub(super) fn visit(
    store: &Store,
    id: u64,
    index: u64,
    created_at: DateTime<Utc>,
) -> Option<Box<Visit>> {
    let home = format!("https://{}/", store.info.domain);
    let (landing_page, referrer, utm) = match index % 6 {
        0 => {
            let query = "utm_source=newsletter&utm_medium=email&utm_campaign=Winter%20Sale";
            let utm = ["newsletter", "email", "Winter Sale"];
            (format!("{home}?{query}"), None, Some(utm))
        }
        1 => {
            let referrer = "https://www.search.example/";
            (format!("{home}?gclid=sbx-{index}"), Some(referrer), None)
        }
        2 => (home, Some("https://blog.example/best-tees"), None),
        _ => return None,
    };
    Some(Box::new(Visit {
        id,
        occurred_at: created_at - TimeDelta::minutes(7),
        landing_page,
        referrer,
        utm,
    }))
}
