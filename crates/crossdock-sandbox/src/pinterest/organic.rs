//! The account, boards and pins. (`user_account/get`, `boards/*` and `pins/*` of the description.)

use serde_json::{Value, json};

use crate::platform::Call;

use super::paging::{PINS, page};
use super::params::{flag, id};
use super::refusal::{Outcome, Refusal};
use super::{Data, set};

/// Answers one operation.
pub(super) fn answer(data: &Data, call: &Call<'_>, path: &[&str]) -> Outcome<Value> {
    match path {
        ["user_account"] => Ok(account(data)),
        ["boards"] => {
            let privacy = call.query("privacy").unwrap_or("ALL");
            let boards = data.boards.iter().filter(|(_, board)| match privacy {
                "ALL" => true,
                "PUBLIC_AND_SECRET" => board["privacy"] != "PROTECTED",
                privacy => board["privacy"] == privacy,
            });
            page(boards.map(|(id, board)| (*id, board)), PINS, call)
        }
        ["boards", text] => {
            let board = data.boards.get(&id(text, "board_id")?);
            board
                .cloned()
                .ok_or_else(|| Refusal::gone(40, "Board not found."))
        }
        ["boards", text, "pins"] => {
            if !data.boards.contains_key(&id(text, "board_id")?) {
                return Err(Refusal::gone(404, "Board not found."));
            }
            pins(data, call, Some(text))
        }
        ["pins"] => pins(data, call, None),
        ["pins", text] => {
            let pin = data.pins.get(&id(text, "pin_id")?);
            let pin = pin.ok_or_else(|| Refusal::gone(50, "Pin not found."))?;
            Ok(shown(pin, call))
        }
        _ => Err(Refusal::no_such(call)),
    }
}

/// The account, with what it has now.
fn account(data: &Data) -> Value {
    let mut account = data.account.clone();
    set(&mut account, "board_count", json!(data.boards.len()));
    set(&mut account, "pin_count", json!(data.pins.len()));
    account
}

fn pins(data: &Data, call: &Call<'_>, board: Option<&str>) -> Outcome<Value> {
    let filter = call.query("pin_filter");
    let chosen: Vec<(u64, Value)> = data
        .pins
        .iter()
        .filter(|(_, pin)| board.is_none_or(|board| pin["board_id"] == board))
        .filter(|(_, pin)| match filter {
            Some("exclude_repins") => pin["parent_pin_id"].is_null(),
            Some("has_been_promoted") => pin["has_been_promoted"] == true,
            _ => true,
        })
        .map(|(id, pin)| (*id, shown(pin, call)))
        .collect();
    page(chosen.iter().map(|(id, pin)| (*id, pin)), PINS, call)
}

/// A pin, with its numbers if they were asked for.
fn shown(pin: &Value, call: &Call<'_>) -> Value {
    let mut pin = pin.clone();
    if !flag(call, "pin_metrics") {
        set(&mut pin, "pin_metrics", Value::Null);
    }
    pin
}
