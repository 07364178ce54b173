//! Recorded boards, pins, accounts and days.
use connector_core::model::{ContentKind, Model};
use connector_core::{Change, Record};
use connector_pinterest::api::{Analytics, Board, Day, Entry, List, Pin, UserAccount};
use connector_pinterest::map;
use connector_testkit::recorded::{bodies, shared};

/// Files of these folders that belong to no stream: sections, what others follow, what was deleted,
/// an empty ranking.
const ELSEWHERE: [&str; 7] = [
    "account/list-following.json",
    "account/unverify-website.json",
    "boards/delete-board-section.json",
    "boards/list-board-sections.json",
    "pins/delete-pin.json",
    "pins/get-user-account-top-pins.json",
    "analytics/list-delivery-metrics.json",
];

fn kind(record: &Record) -> ContentKind {
    match &record.change {
        Change::Upsert(Model::Content(content)) => {
            assert!(content.created_at.is_some(), "{}", record.external_id);
            content.kind
        }
        other => unreachable!("{other:?}"),
    }
}

fn boards(entries: Vec<Entry<Board>>) -> usize {
    let entries = entries.into_iter();
    let records = entries.map(|entry| map::board(entry.into_parts().0.unwrap()).unwrap());
    let kinds = records.map(|record| kind(&record));
    kinds
        .inspect(|kind| assert_eq!(*kind, ContentKind::Board))
        .count()
}

fn pins(entries: Vec<Entry<Pin>>) -> usize {
    let entries = entries.into_iter();
    let records = entries.map(|entry| map::pin(entry.into_parts().0.unwrap()).unwrap());
    let kinds = records.map(|record| kind(&record));
    kinds
        .inspect(|kind| assert_eq!(*kind, ContentKind::Pin))
        .count()
}

fn days(entries: impl IntoIterator<Item = Entry<Day>>) -> usize {
    let days = entries
        .into_iter()
        .map(|entry| entry.into_parts().0.unwrap());
    let mapped = days.flat_map(|day| map::account_day(&day));
    mapped.inspect(|mapped| assert!(mapped.is_ok())).count()
}

fn list<T: serde::de::DeserializeOwned>(text: &str) -> Vec<Entry<T>> {
    let list: List<T> = serde_json::from_str(text).unwrap();
    assert_eq!(list.next(), None);
    list.items
}

#[test]
fn every_recorded_board_pin_and_day_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/pinterest/v5") else {
        return;
    };
    let (mut accounts, mut listed, mut single, mut numbers) = (0, 0, 0, 0);
    for (file, text) in bodies(&folder).unwrap() {
        let own = ["account/", "boards/", "pins/"];
        if !own.iter().any(|own| file.starts_with(own)) || ELSEWHERE.contains(&file.as_str()) {
            continue;
        }
        match file.as_str() {
            "account/get-user-account.json" | "account/user-account.json" => {
                let account: UserAccount = serde_json::from_str(&text).unwrap();
                assert_eq!(account.account_type.as_deref(), Some("BUSINESS"));
                accounts += 1;
            }
            "boards/list-boards.json" => listed += boards(list(&text)),
            "pins/list-board-pins.json" => listed += pins(list(&text)),
            "pins/pypin-pins-pin_analytics.json" => {
                let analytics: Analytics = serde_json::from_str(&text).unwrap();
                numbers += days(analytics.all.daily_metrics);
            }
            board if board.starts_with("boards/") => {
                single += boards(vec![serde_json::from_str(&text).unwrap()]);
            }
            _pin => single += pins(vec![serde_json::from_str(&text).unwrap()]),
        }
    }
    println!("{accounts} accounts, {listed} + {single} boards and pins, {numbers} numbers");
    assert_eq!((accounts, listed, single), (2, 6, 6));
    assert!(numbers > 0);
}

#[test]
fn every_recorded_record_of_another_connector_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/pinterest/v5-records") else {
        return;
    };
    let files = bodies(&folder).unwrap();
    let lines = |file: &str| {
        let text = files.get(file).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let of = |file: &str| lines(file).join(",");
    let read_boards = serde_json::from_str(&format!("[{}]", of("boards.jsonl"))).unwrap();
    let read_pins = serde_json::from_str(&format!("[{}]", of("board_pins.jsonl"))).unwrap();
    let analytics = of("user_account_analytics.jsonl");
    let read_days: Vec<Entry<Day>> = serde_json::from_str(&format!("[{analytics}]")).unwrap();
    let counted = (boards(read_boards), pins(read_pins), days(read_days));
    println!("{counted:?} boards, pins and numbers");
    assert_eq!(counted, (1, 1, 15));
}
