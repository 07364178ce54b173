//! What people write: recommendations and conversations.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::graph::{Kind, Node};
use super::{INSTAGRAM, Maker, STUDIO, WEDDINGS};

/// The ad that invites to write.
const FROM_AD: &str = "12021000000000004101";

/// What people ask.
const QUESTIONS: &[&str] = &[
    "Hæ! Eruð þið með laust í nóvember?",
    "What does a family session cost?",
    "Kan I fotografere et bryllup i Aarhus?",
    "予約はどこでできますか？",
    "Takk kærlega fyrir myndirnar ❤️",
];

pub(super) fn fill(maker: &mut Maker<'_>) {
    ratings(maker, STUDIO, 31);
    ratings(maker, WEDDINGS, 3);
    let half = u64::from(maker.size.orders) / 2;
    conversations(maker, STUDIO, false, half);
    conversations(maker, STUDIO, true, half / 2);
    conversations(maker, WEDDINGS, false, 4.min(half));
}

fn ratings(maker: &mut Maker<'_>, page: &str, count: u64) {
    for number in 0..count {
        let days = i64::try_from(number * 17 + maker.random.between(1, 9)).unwrap_or(0);
        let created = maker.ago(TimeDelta::days(days));
        let (person, name) = maker.person();
        let positive = !maker.random.chance(15);
        let words = maker.random.chance(70);
        let mut fields = json!({
            "created_time": created,
            "has_rating": false,
            "has_review": words,
            "recommendation_type": if positive { "positive" } else { "negative" },
        });
        if let Value::Object(fields) = &mut fields {
            // A reviewer who shows nothing to apps is left out.
            if !maker.random.chance(20) {
                fields.insert("reviewer".to_owned(), json!({ "name": name, "id": person }));
            }
            if words {
                let text = if positive {
                    "Yndislegt fólk og fallegar myndir!"
                } else {
                    "Biðin eftir myndunum var of löng."
                };
                fields.insert("review_text".to_owned(), text.into());
            }
            // Stars are from before recommendations took their place.
            if number + 5 >= count {
                fields.insert("has_rating".to_owned(), true.into());
                fields.insert("rating".to_owned(), if positive { 5 } else { 2 }.into());
            }
            let story = format!("1015{page}{number:04}");
            let held = json!({ "id": story, "start_time": created, "type": "sellers.rates" });
            fields.insert("open_graph_story".to_owned(), held);
        }
        let id = format!("rating_{page}_{number}");
        maker.graph.append(
            Node::new(Kind::Rating, &id, page, fields),
            &[(page, "ratings")],
        );
    }
}

/// Conversations, the last written to first.
fn conversations(maker: &mut Maker<'_>, page: &str, instagram: bool, count: u64) {
    let mut age = TimeDelta::minutes(50);
    for number in 0..count {
        let mark = if instagram { 9 } else { 1 };
        let id = format!(
            "t_{mark}{}{number:05}",
            page.chars().rev().take(4).collect::<String>()
        );
        let (person, name) = maker.person();
        let messages = maker.random.between(1, 30);
        let own = if instagram {
            json!({ "username": "ljosbrot.studio", "id": INSTAGRAM })
        } else {
            json!({ "name": page_name(page), "email": format!("{page}@facebook.com"), "id": page })
        };
        let other = if instagram {
            json!({ "username": format!("person.{}", person.chars().rev().take(3).collect::<String>()), "id": person })
        } else {
            json!({ "name": name, "email": format!("{person}@facebook.com"), "id": person })
        };
        let mut newest = String::new();
        let mut at = age;
        for message in 0..messages {
            let message_id = format!("m_{id}_{message:03}");
            let incoming = (messages - message) % 2 == 1;
            let (from, to) = if incoming {
                (&other, &own)
            } else {
                (&own, &other)
            };
            let index = usize::try_from(maker.random.between(0, 4)).unwrap_or(0);
            let created = maker.ago(at);
            let text = QUESTIONS.get(index).copied().unwrap_or_default();
            if message == 0 {
                newest = text.to_owned();
            }
            let mut fields = json!({
                "created_time": created,
                "from": from,
                "to": { "data": [to] },
                "message": text,
            });
            // The first message of some came from an ad. Webhooks say so; reading doesn't.
            if let (Value::Object(fields), true) =
                (&mut fields, message + 1 == messages && number % 4 == 1)
            {
                fields.insert("_ad_id".to_owned(), FROM_AD.into());
            }
            maker.graph.append(
                Node::new(Kind::Message, &message_id, page, fields),
                &[(&id, "messages")],
            );
            at += TimeDelta::minutes(i64::try_from(maker.random.between(2, 300)).unwrap_or(0));
        }
        let fields = json!({
            "updated_time": maker.ago(age),
            "link": format!("/{page}/inbox/{number}/"),
            "message_count": messages,
            "unread_count": maker.random.between(0, 2),
            "can_reply": number % 5 != 4,
            "snippet": newest,
            "folder": if instagram { "instagram" } else { "inbox" },
            "participants": { "data": [other, own] },
        });
        maker.graph.append(
            Node::new(Kind::Thread, &id, page, fields),
            &[(page, "conversations")],
        );
        age += TimeDelta::minutes(i64::try_from(maker.random.between(60, 4_000)).unwrap_or(0));
    }
}

fn page_name(page: &str) -> &'static str {
    if page == STUDIO {
        "Ljósbrot Studio"
    } else {
        "Ljósbrot Brúðkaup"
    }
}
