use proptest::prelude::*;

use super::*;

const PLAN: Plan = Plan {
    slice: 30,
    again: 3,
    again_weekly: Some(38),
    longest: 400,
    behind_utc: TimeDelta::zero(),
};

fn day(number: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(number)
}

fn pass(today: i64) -> Pass {
    Pass {
        today: day(today),
        left: vec!["a".to_owned()],
        slice: None,
        first: None,
        unsettled: None,
        far_back: false,
        read: 0,
    }
}

#[test]
fn a_run_begins_before_where_the_last_one_ended() {
    let mut cursor = Cursor::default();
    let first =
        |cursor: &Cursor, today| first_day(&PLAN, cursor.sources.get("a"), &pass(today), 90);
    assert_eq!(first(&cursor, 100), (day(10), true));
    let mut whole = pass(100);
    whole.first = Some(day(10));
    cursor.note("a", &whole);
    // The last three days of what was read, and all since.
    assert_eq!(first(&cursor, 101), (day(97), false));
    assert_eq!(first(&cursor, 105), (day(97), false));
    // After a week far back.
    assert_eq!(first(&cursor, 107), (day(69), true));
    let mut unfinished = pass(101);
    unfinished.unsettled = Some(day(90));
    cursor.note("a", &unfinished);
    assert_eq!(cursor.sources["a"].far_back_on, day(100));
    assert_eq!(first(&cursor, 102), (day(90), false));
    // Nothing is older than what Google keeps.
    assert_eq!(first(&cursor, 900), (day(500), true));
    // Nor older than what was read first.
    let mut short = Cursor::default();
    let mut of_two_days = pass(100);
    of_two_days.first = Some(day(98));
    short.note("a", &of_two_days);
    assert_eq!(first(&short, 107), (day(98), true));
}

proptest! {
    #[test]
    fn slices_have_every_day_once(begin in 0_i64..300, days in 1_i64..300) {
        let last = day(begin + days - 1);
        let mut seen = Vec::new();
        let mut next = slice(&PLAN, day(begin), last);
        while let Some(at) = next {
            prop_assert!((at.last - at.first).num_days() < PLAN.slice);
            seen.extend(at.first.iter_days().take_while(|day| *day <= at.last));
            next = slice(&PLAN, at.last + TimeDelta::days(1), last);
        }
        let expected: Vec<_> = (begin..begin + days).map(day).collect();
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn a_cursor_survives_its_json(step in 0_u8..3, offset: u64, through in 0_i64..1000) {
        let mut cursor = Cursor::default();
        cursor.note("sc-domain:example.com", &pass(through));
        let mut pass = pass(through + 1);
        pass.slice = slice(&PLAN, day(through), day(through)).map(|slice| Slice { step, offset, ..slice });
        cursor.pass = Some(pass);
        let json = serde_json::to_value(&cursor).unwrap();
        prop_assert_eq!(serde_json::from_value::<Cursor>(json).unwrap(), cursor);
    }
}
