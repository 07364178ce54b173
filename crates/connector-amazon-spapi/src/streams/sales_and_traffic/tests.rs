//! Which days are asked for, and what is still being counted.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asked(cursor: &Cursor, today: &str) -> Vec<(String, String)> {
    let run = cursor.begin(vec!["M".to_owned()], day(today));
    let jobs = serde_json::to_value(&run.jobs).unwrap();
    let jobs = jobs.as_array().unwrap().iter();
    jobs.map(|job| {
        let wanted = &job["wanted"];
        let text = |name: &str| wanted[name].as_str().unwrap().to_owned();
        (text("from"), text("to"))
    })
    .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect()
}

fn read(last: &str) -> Cursor {
    Cursor {
        read: BTreeMap::from([("M".to_owned(), day(last))]),
        ..Cursor::default()
    }
}

#[test]
fn at_first_two_years_are_read_and_the_last_day_by_itself() {
    assert_eq!(
        asked(&Cursor::default(), "2026-06-10"),
        pairs(&[("2024-06-12", "2026-06-08"), ("2026-06-09", "2026-06-09"),])
    );
}

#[test]
fn later_what_was_unsettled_is_read_again_day_by_day() {
    // The day after: what was two days and one day old, and the new day.
    let again = asked(&read("2026-06-08"), "2026-06-10");
    let expected = ["2026-06-07", "2026-06-08", "2026-06-09"];
    assert_eq!(again, pairs(&expected.map(|day| (day, day))));
    // On the same day.
    let again = asked(&read("2026-06-09"), "2026-06-10");
    assert_eq!(
        again,
        pairs(&["2026-06-08", "2026-06-09"].map(|day| (day, day)))
    );
    // After a long pause.
    let again = asked(&read("2026-05-20"), "2026-06-10");
    assert_eq!(again.len(), 8);
    assert_eq!(again[0], pairs(&[("2026-05-19", "2026-06-02")])[0]);
    assert_eq!(again[1].0, "2026-06-03");
    // A clock that went back asks for no day that hasn't been.
    let again = asked(&read("2026-07-01"), "2026-06-10");
    assert_eq!(again, pairs(&[("2026-06-09", "2026-06-09")]));
}

#[test]
fn a_long_report_is_halved_and_a_short_one_is_not() {
    let period = Period {
        marketplace: "M".to_owned(),
        from: day("2026-01-01"),
        to: day("2026-03-01"),
    };
    let [first, second] = period.halves().unwrap();
    assert_eq!(first.from, period.from);
    assert_eq!(first.to + Days::new(1), second.from);
    assert_eq!(second.to, period.to);
    assert!(second.halves().is_none());
}

#[test]
fn a_day_is_provisional_for_two_days_and_items_are_of_single_days() {
    let period = |from: &str, to: &str| Period {
        marketplace: "M".to_owned(),
        from: day(from),
        to: day(to),
    };
    let row = |list: &str, text: &str| (list.to_owned(), text.as_bytes().to_vec());
    let rows = || {
        let date = r#"{"date":"2026-06-08","salesByDate":{"unitsOrdered":1}}"#;
        let item = r#"{"parentAsin":"B0","salesByAsin":{"unitsOrdered":1}}"#;
        vec![
            row("salesAndTrafficByDate", date),
            row("salesAndTrafficByAsin", item),
            row("somethingNew", "1"),
            row("salesAndTrafficByDate", r#"{"date":"never"}"#),
        ]
    };
    let one = period("2026-06-08", "2026-06-08");
    for (asked, expected) in [
        ("2026-06-10T01:00:00Z", true),
        ("2026-06-11T01:00:00Z", false),
    ] {
        let mapped = map_rows(&one, asked.parse().unwrap(), rows(), false).unwrap();
        assert_eq!(mapped.len(), 3);
        for record in &mapped[..2] {
            let record = serde_json::to_string(match &record.as_ref().unwrap().change {
                connector_core::Change::Upsert(model) => model,
                connector_core::Change::Gone => panic!("gone"),
            });
            let wanted = format!("\"provisional\":{expected}");
            assert!(record.unwrap().contains(&wanted));
        }
        assert_eq!(
            mapped[2].as_ref().unwrap_err().external_id.as_deref(),
            Some("never")
        );
    }
    let wide = period("2026-06-01", "2026-06-08");
    let mapped = map_rows(
        &wide,
        "2026-06-10T01:00:00Z".parse().unwrap(),
        rows(),
        false,
    );
    assert_eq!(mapped.unwrap().len(), 2);
}

#[test]
fn soon_after_a_run_there_is_nothing_new() {
    let now = "2026-06-10T12:00:00Z".parse().unwrap();
    let mut cursor = Cursor::default();
    let run = cursor.begin(vec!["M".to_owned()], day("2026-06-10"));
    cursor.end(run, now);
    assert_eq!(cursor, {
        let mut expected = read("2026-06-09");
        expected.read_at = Some(now);
        expected
    });
    let here = ["M".to_owned()];
    assert!(cursor.rests(&here, now + TimeDelta::hours(5)));
    assert!(!cursor.rests(&here, now + REST));
    assert!(!cursor.rests(&["N".to_owned()], now));
}
