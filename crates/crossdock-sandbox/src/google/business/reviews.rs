//! Reviews, which only v4 of the older interface has.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Business, Location, stamp};
use crate::google::params::{body, number, page, page_size, put, query_number, text};
use crate::google::refusal::{Outcome, Refusal};
use crate::google::series::float;
use crate::platform::Call;

/// The most reviews on a page, and their number unless fewer are asked for.
const PAGE: usize = 50;

/// The most locations whose reviews can be asked for at once.
const BATCH: usize = 200;

/// What somebody wrote about a place.
#[derive(Clone, Debug)]
pub(in crate::google) struct Review {
    /// From 1 to 5.
    pub(in crate::google) stars: u8,
    /// `None` for a rating without a text.
    pub(in crate::google) comment: Option<String>,
    /// `None` for somebody who didn't give a name.
    pub(in crate::google) reviewer: Option<String>,
    pub(in crate::google) created: DateTime<Utc>,
    pub(in crate::google) updated: DateTime<Utc>,
    pub(in crate::google) reply: Option<(String, DateTime<Utc>)>,
}

impl Review {
    pub(super) fn json(&self, account: &str, location: &str, id: &str) -> Value {
        let stars = match self.stars {
            1 => "ONE",
            2 => "TWO",
            3 => "THREE",
            4 => "FOUR",
            _ => "FIVE",
        };
        let reviewer = match &self.reviewer {
            Some(name) => json!({
                "displayName": name,
                "profilePhotoUrl": "https://lh3.googleusercontent.com/a/sandbox-reviewer=s120-c",
            }),
            None => json!({"isAnonymous": true}),
        };
        let mut review = json!({
            "name": format!("accounts/{account}/locations/{location}/reviews/{id}"),
            "reviewId": id, "reviewer": reviewer, "starRating": stars,
            "createTime": stamp(self.created), "updateTime": stamp(self.updated),
        });
        put(&mut review, "comment", self.comment.clone());
        let reply = self
            .reply
            .as_ref()
            .map(|(comment, at)| json!({"comment": comment, "updateTime": stamp(*at)}));
        put(&mut review, "reviewReply", reply);
        review
    }
}

/// Reviews in the order that is asked for; the last changed first unless another is.
fn ordered<'a>(
    reviews: impl Iterator<Item = (String, &'a String, &'a Review)>,
    order: &str,
) -> Outcome<Vec<(String, &'a String, &'a Review)>> {
    let mut reviews: Vec<_> = reviews.collect();
    match order {
        "" | "update_time desc" | "updateTime desc" => {
            reviews.sort_by(|one, two| (two.2.updated, two.1).cmp(&(one.2.updated, one.1)));
        }
        "rating" => reviews.sort_by_key(|(_, id, review)| (review.stars, *id)),
        "rating desc" => {
            reviews.sort_by(|one, two| (two.2.stars, two.1).cmp(&(one.2.stars, one.1)));
        }
        other => {
            return Err(Refusal::invalid(format!("Invalid order_by: {other}")));
        }
    }
    Ok(reviews)
}

/// `accounts.locations.reviews.list`.
pub(super) fn list(
    call: &Call<'_>,
    account: &str,
    id: &str,
    location: &Location,
) -> Outcome<Value> {
    let size = page_size(query_number(call, "pageSize")?, PAGE, PAGE)?;
    let order = call.query("orderBy").unwrap_or_default();
    let all = location.reviews.iter();
    let all = ordered(all.map(|(key, review)| (id.to_owned(), key, review)), order)?;
    let shown = all
        .iter()
        .map(|(_, key, review)| review.json(account, id, key));
    let list = format!("reviews {account} {id} {order}");
    let page = page(&list, shown, call.query("pageToken"), size)?;
    let mut answer = json!({});
    let count = location.reviews.len();
    if count > 0 {
        let stars: u64 = location
            .reviews
            .values()
            .map(|it| u64::from(it.stars))
            .sum();
        let average = float(stars) / float(u64::try_from(count).unwrap_or(1));
        put(&mut answer, "averageRating", Some(average));
        put(&mut answer, "totalReviewCount", Some(count));
    }
    put(
        &mut answer,
        "reviews",
        (!page.items.is_empty()).then_some(page.items),
    );
    put(&mut answer, "nextPageToken", page.next);
    Ok(answer)
}

/// `accounts.locations.batchGetReviews`.
pub(super) fn batch(call: &Call<'_>, account: &str, business: &Business) -> Outcome<Value> {
    let fields = body(call)?;
    let names: Vec<&str> = fields
        .get("locationNames")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if names.is_empty() || names.len() > BATCH {
        return Err(Refusal::invalid("location_names must have 1 to 200 names."));
    }
    let prefix = format!("accounts/{account}/locations/");
    let mut found = Vec::new();
    for name in &names {
        let id = name.strip_prefix(&prefix).unwrap_or_default();
        let location = business.location(account, id)?;
        let reviews = location.reviews.iter();
        found.extend(reviews.map(|(key, review)| (id.to_owned(), key, review)));
    }
    if fields
        .get("ignoreRatingOnlyReviews")
        .and_then(Value::as_bool)
        == Some(true)
    {
        found.retain(|(_, _, review)| review.comment.is_some());
    }
    let order = text(&fields, "orderBy").unwrap_or_default();
    let found = ordered(found.into_iter(), order)?;
    let size = page_size(number(&fields, "pageSize")?, PAGE, PAGE)?;
    let shown = found.iter().map(|(id, key, review)| {
        json!({"name": format!("{prefix}{id}"), "review": review.json(account, id, key)})
    });
    let list = format!("batch {account} {order} {}", names.join(","));
    let page = page(&list, shown, text(&fields, "pageToken"), size)?;
    let mut answer = json!({});
    put(
        &mut answer,
        "locationReviews",
        (!page.items.is_empty()).then_some(page.items),
    );
    put(&mut answer, "nextPageToken", page.next);
    Ok(answer)
}
