//! Sums of what was measured: what may be added is, once, and nothing else.

use connector_core::model::{
    AdMetric, CommonMetric, ContentMetric, Currency, Measurement, Metric, MetricUnit, Model,
};
use connector_core::{ModelKind, Record};
use crossdock_persistence::{MetricQuery, MetricSeries, MetricSubject, ProjectStore};

use crate::fixture::{at, begin, commit, connect, new_run};
use crate::on_both;

fn count(day: u32, common: CommonMetric, value: f64) -> Measurement {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    Measurement {
        common: Some(common),
        ..Measurement::count(date, format!("{common:?}"), value)
    }
}

fn split(measurement: Measurement, by: &str) -> Measurement {
    let dimensions = [("channel".to_owned(), by.to_owned())].into();
    Measurement {
        dimensions,
        ..measurement
    }
}

fn spent(day: u32, value: f64, currency: &str) -> Measurement {
    Measurement {
        unit: MetricUnit::Money,
        currency: Some(Currency::from_code(currency).unwrap()),
        ..count(day, CommonMetric::Spend, value)
    }
}

async fn store(
    project: &ProjectStore,
    platform: &str,
    account: &str,
    kind: ModelKind,
    all: Vec<Measurement>,
) {
    let connection = connect(project, platform, account).await.id;
    let run = begin(project, new_run(connection, "numbers", kind), at(1)).await;
    let records = all.into_iter().map(|measurement| {
        let currency = measurement.currency.map_or("", Currency::code);
        let id = format!("{}{currency}", measurement.external_id("x"));
        let model = match kind {
            ModelKind::Metric => Model::Metric(Box::new(Metric {
                subject_external_id: None,
                measurement,
            })),
            ModelKind::ContentMetric => Model::ContentMetric(Box::new(ContentMetric {
                content_external_id: "c".to_owned(),
                measurement,
            })),
            _ => Model::AdMetric(Box::new(AdMetric {
                account_external_id: "a".to_owned(),
                campaign_external_id: None,
                ad_group_external_id: None,
                ad_external_id: None,
                measurement,
            })),
        };
        Record::upsert(id, None, model)
    });
    commit(project, &run, records.collect(), at(2)).await;
}

async fn sums(project: &ProjectStore, platform: Option<&str>) -> Vec<MetricSeries> {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let query = MetricQuery {
        from: day(2),
        to: day(4),
        platform: platform.map(str::to_owned),
    };
    project.metric_series(&query).await.unwrap()
}

fn days(series: &MetricSeries) -> Vec<(String, f64, bool)> {
    let days = series.days.iter();
    days.map(|day| (day.date.to_string(), day.value, day.provisional))
        .collect()
}

on_both! {
    async fn days_are_summed_over_platforms_and_say_what_may_change(database: Database) {
        let project = &database.project;
        let late = Measurement { provisional: true, ..count(3, CommonMetric::Clicks, 5.0) };
        let outside = [1, 5].map(|day| count(day, CommonMetric::Clicks, 100.0));
        let mut one = vec![count(2, CommonMetric::Clicks, 1.0), count(3, CommonMetric::Clicks, 2.0)];
        one.extend(outside);
        store(project, "alias", "a", ModelKind::Metric, one).await;
        store(project, "shopify", "b", ModelKind::Metric, vec![late]).await;
        let all = sums(project, None).await;
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].of, all[0].common.as_str(), all[0].total), (MetricSubject::Account, "clicks", 8.0));
        assert_eq!(all[0].platforms, ["alias", "shopify"]);
        assert_eq!(days(&all[0]), [("2026-11-02".to_owned(), 1.0, false), ("2026-11-03".to_owned(), 7.0, true)]);
        let one = sums(project, Some("alias")).await;
        assert_eq!((one[0].total, one[0].platforms.as_slice()), (3.0, &["alias".to_owned()][..]));
        assert_eq!(sums(project, Some("nobody")).await, []);
        let other = database.store.create_project("other", at(0)).await.unwrap().id;
        assert_eq!(sums(&database.store.project(other), None).await, [], "another project's");
    }

    async fn what_can_not_be_added_is_not(database: Database) {
        let project = &database.project;
        let position = Measurement { unit: MetricUnit::Position, ..count(2, CommonMetric::AveragePosition, 3.0) };
        let own_words = Measurement { common: None, ..count(2, CommonMetric::Clicks, 9.0) };
        let left_out = [position, own_words, count(2, CommonMetric::Reach, 4.0), count(2, CommonMetric::Users, 4.0)];
        let window = |window: &str| Measurement { attribution_window: Some(window.to_owned()), ..spent(2, 1.0, "EUR") };
        let mut all = left_out.to_vec();
        all.extend([spent(2, 0.1, "USD"), spent(3, 0.2, "USD"), spent(2, 7.0, "JPY"), window("1d"), window("7d")]);
        store(project, "alias", "a", ModelKind::AdMetric, all).await;
        let content = vec![count(2, CommonMetric::Likes, 2.0)];
        store(project, "alias", "b", ModelKind::ContentMetric, content).await;
        let found: Vec<_> = sums(project, None).await.into_iter()
            .map(|series| (series.of.as_str(), series.common, series.currency, series.attribution_window, series.total))
            .collect();
        let money = |currency: &str, window: Option<&str>, total| {
            ("advertising", "spend".to_owned(), Some(currency.to_owned()), window.map(str::to_owned), total)
        };
        let likes = ("content", "likes".to_owned(), None, None, 2.0);
        assert_eq!(found, [likes, money("EUR", Some("1d"), 1.0), money("EUR", Some("7d"), 1.0), money("JPY", None, 7.0), money("USD", None, 0.3)]);
    }

    async fn a_whole_counts_once_beside_its_parts(database: Database) {
        let project = &database.project;
        let sessions = |day, value| count(day, CommonMetric::Sessions, value);
        let all = vec![
            sessions(2, 10.0), split(sessions(2, 6.0), "mail"), split(sessions(2, 3.0), "search"),
            split(sessions(3, 6.0), "mail"), split(sessions(3, 3.0), "search"),
        ];
        store(project, "alias", "a", ModelKind::Metric, all).await;
        let found = sums(project, None).await;
        assert_eq!(days(&found[0]), [("2026-11-02".to_owned(), 10.0, false), ("2026-11-03".to_owned(), 9.0, false)]);
    }
}
