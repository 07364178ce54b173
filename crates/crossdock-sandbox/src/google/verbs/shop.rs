//! The verbs about places, products, campaigns and videos.

use serde_json::{Value, json};

use super::{Done, text, wrong};
use crate::google::Data;
use crate::google::generate::{MERCHANT, one_product, one_review, one_video};
use crate::google::params::put;
use crate::world::World;

/// A number for one more of a kind, beyond those that were made up in the beginning.
fn next(world: &mut World) -> u32 {
    let serial = u32::try_from(world.serial()).unwrap_or(u32::MAX);
    serial.saturating_add(70_000)
}

/// Runs one verb.
pub(super) fn control(data: &mut Data, verb: &str, body: &Value, world: &mut World) -> Done {
    match verb.split_once('/') {
        Some(("review", verb)) => review(data, verb, body, world),
        Some(("product", verb)) => product(data, verb, body, world),
        Some(("video", verb)) => video(data, verb, body, world),
        Some(("campaign", "update")) => campaign(data, body),
        Some(("merchant", "register")) => {
            let registered = body.get("registered").and_then(Value::as_bool);
            data.merchant.registered = registered.unwrap_or(true);
            Ok(json!({}))
        }
        Some(("ads", "spoil")) => {
            let number = |name: &str, default: u64| {
                let number = body.get(name).and_then(Value::as_u64).unwrap_or(default);
                u32::try_from(number).unwrap_or(u32::MAX)
            };
            let error = text(body, "error")?.to_owned();
            data.ads.spoil = Some((error, number("retry_seconds", 30), number("times", 1)));
            Ok(json!({}))
        }
        Some(("youtube", "drain")) => {
            data.youtube.drain(world.now);
            Ok(json!({}))
        }
        _ => Err(wrong(format!("google has no verb `{verb}`"))),
    }
}

fn review(data: &mut Data, verb: &str, body: &Value, world: &mut World) -> Done {
    let places = &mut data.business.locations;
    let stars = body.get("stars").and_then(Value::as_u64);
    let stars = stars.and_then(|stars| u8::try_from(stars).ok());
    let comment = body
        .get("comment")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if verb == "create" {
        let first = places.keys().next().cloned().unwrap_or_default();
        let asked = body
            .get("location")
            .and_then(Value::as_str)
            .unwrap_or(&first);
        let number = next(world);
        let (id, mut review) = one_review(asked, number, world.seed, world.now);
        review.stars = stars.unwrap_or(review.stars);
        review.comment = comment.or(review.comment);
        (review.created, review.updated, review.reply) = (world.now, world.now, None);
        let place = places
            .get_mut(asked)
            .ok_or_else(|| wrong("there is no such location"))?;
        place.reviews.insert(id.clone(), review);
        return Ok(json!({ "id": id }));
    }
    let id = text(body, "id")?;
    let place = places
        .values_mut()
        .find(|place| place.reviews.contains_key(id));
    let place = place.ok_or_else(|| wrong(format!("there is no review {id}")))?;
    match verb {
        "delete" => {
            place.reviews.remove(id);
        }
        "update" => {
            if let Some(review) = place.reviews.get_mut(id) {
                review.stars = stars.unwrap_or(review.stars);
                review.comment = comment.or(review.comment.take());
                review.updated = world.now;
                if let Some(reply) = body.get("reply").and_then(Value::as_str) {
                    review.reply = Some((reply.to_owned(), world.now));
                }
            }
        }
        _ => return Err(wrong(format!("google has no verb `review/{verb}`"))),
    }
    Ok(json!({ "id": id }))
}

fn product(data: &mut Data, verb: &str, body: &Value, world: &mut World) -> Done {
    let products = &mut data.merchant.products;
    let apply = |product: &mut Value| {
        let attributes = product.get_mut("productAttributes");
        if let (Some(attributes), Some(changes)) = (attributes, body.as_object()) {
            for (name, value) in changes.iter().filter(|(name, _)| *name != "name") {
                put(attributes, name, Some(value.clone()));
            }
        }
    };
    if verb == "create" {
        let (name, mut product) = one_product(next(world), world.seed, world.now);
        apply(&mut product);
        products.insert((MERCHANT.to_owned(), name.clone()), product);
        return Ok(json!({ "name": name }));
    }
    let name = text(body, "name")?;
    let key = (MERCHANT.to_owned(), name.to_owned());
    let found = products.get_mut(&key);
    let found = found.ok_or_else(|| wrong(format!("there is no product {name}")))?;
    match verb {
        "update" => apply(found),
        "delete" => {
            products.remove(&key);
        }
        _ => return Err(wrong(format!("google has no verb `product/{verb}`"))),
    }
    Ok(json!({ "name": name }))
}

fn video(data: &mut Data, verb: &str, body: &Value, world: &mut World) -> Done {
    let videos = &mut data.youtube.videos;
    let id = if verb == "create" {
        let (id, mut video) = one_video(next(world), world.seed, world.now);
        video.published = world.now;
        videos.insert(id.clone(), video);
        id
    } else {
        text(body, "id")?.to_owned()
    };
    let found = videos.get_mut(&id);
    let found = found.ok_or_else(|| wrong(format!("there is no video {id}")))?;
    match verb {
        "create" | "update" => {
            let change = |name: &str| body.get(name).and_then(Value::as_str);
            if let Some(title) = change("title") {
                title.clone_into(&mut found.title);
            }
            if let Some(description) = change("description") {
                description.clone_into(&mut found.description);
            }
            if let Some(privacy) = change("privacy") {
                let known = ["public", "unlisted", "private"];
                let known = known.into_iter().find(|known| *known == privacy);
                found.privacy = known.ok_or_else(|| wrong("there is no such privacy"))?;
            }
        }
        "delete" => {
            videos.remove(&id);
        }
        _ => return Err(wrong(format!("google has no verb `video/{verb}`"))),
    }
    Ok(json!({ "id": id }))
}

fn campaign(data: &mut Data, body: &Value) -> Done {
    let id = text(body, "id")?;
    let campaigns = data
        .ads
        .accounts
        .values_mut()
        .flat_map(|account| &mut account.campaigns);
    let mut found = campaigns.filter(|campaign| {
        let known = campaign.get("campaign.id").and_then(Value::as_str);
        known == Some(id)
    });
    let found = found
        .next()
        .ok_or_else(|| wrong(format!("there is no campaign {id}")))?;
    for name in ["name", "status"] {
        if let Some(value) = body.get(name) {
            found.insert(format!("campaign.{name}"), value.clone());
        }
    }
    Ok(json!({ "id": id }))
}
