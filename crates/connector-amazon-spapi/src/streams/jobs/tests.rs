//! What is worked out without Amazon: the pace, and which report answers a question.

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

#[test]
fn looks_are_soon_at_first_and_then_ever_later() {
    let of = |age| pause(Duration::from_secs(age)).as_secs();
    assert_eq!([0, 2, 4, 10, 100].map(of), [2, 2, 2, 5, 50]);
    assert_eq!(of(100_000), 300);
}

#[test]
fn a_report_answers_the_question_that_it_was_made_for() {
    let question = CreateReport {
        report_type: "GET_MADE_UP".to_owned(),
        marketplace_ids: vec!["B".to_owned(), "A".to_owned()],
        data_start_time: Some(at(0)),
        data_end_time: Some(at(60)),
        ..CreateReport::default()
    };
    let report = Report {
        report_id: "1".to_owned(),
        report_type: "GET_MADE_UP".to_owned(),
        marketplace_ids: Some(vec!["A".to_owned(), "B".to_owned()]),
        data_start_time: Some(at(0)),
        data_end_time: Some(at(60)),
        ..Report::default()
    };
    assert!(answers(&report, &question));
    for other in [
        Report {
            marketplace_ids: None,
            ..report.clone()
        },
        Report {
            data_end_time: Some(at(61)),
            ..report.clone()
        },
        Report {
            report_type: "GET_ANOTHER".to_owned(),
            ..report
        },
    ] {
        assert!(!answers(&other, &question), "{other:?}");
    }
}

#[test]
fn a_job_is_due_when_its_time_has_come_and_forgotten_when_it_is_stale() {
    let mut job = Job::new(());
    assert!(job.is_due(at(0)));
    job.state = State::Todo(Some(at(10)));
    assert!(!job.is_due(at(9)) && job.is_due(at(10)));
    job.failures = 2;
    job.state = State::Asked {
        id: "1".to_owned(),
        at: at(0),
    };
    job.forget_stale(at(86_399));
    assert!(!job.is_due(at(86_399)));
    job.forget_stale(at(86_400));
    assert_eq!((job.state, job.failures), (State::Todo(None), 0));
}
