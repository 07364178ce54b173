//! Business Profile.

use serde_json::{Value, json};

use crate::Google;

const LOCATIONS: &str =
    "mybusinessbusinessinformation.googleapis.com/v1/accounts/400100200/locations";
const REVIEWS: &str = "mybusiness.googleapis.com/v4/accounts/400100200/locations/410000001/reviews";
const PERFORMANCE: &str = "businessprofileperformance.googleapis.com/v1/locations/410000001:fetchMultiDailyMetricsTimeSeries";

#[test]
fn locations_need_a_mask_and_show_what_it_names() {
    let mut google = Google::new();
    let accounts = google.get("mybusinessaccountmanagement.googleapis.com/v1/accounts");
    assert_eq!(accounts["accounts"][0]["name"], "accounts/400100200");
    assert_eq!(google.call(LOCATIONS, None).status, 400);
    assert_eq!(
        google
            .call(&format!("{LOCATIONS}?readMask=colour"), None)
            .status,
        400
    );
    let all = google.pages(
        &format!("{LOCATIONS}?readMask=name,metadata.placeId&pageSize=1"),
        "locations",
    );
    assert_eq!(all.len(), 2);
    assert_eq!(
        all[0],
        json!({"name": "locations/410000001", "metadata": {"placeId": "ChIJsandbox410000001"}})
    );
    let any = LOCATIONS.replace("400100200", "-");
    assert_eq!(
        google
            .pages(&format!("{any}?readMask=name"), "locations")
            .len(),
        2
    );
}

#[test]
fn reviews_come_the_last_changed_first_and_add_up() {
    let mut google = Google::new();
    let first = google.get(REVIEWS);
    assert_eq!(first["reviews"].as_array().unwrap().len(), 50);
    let all = google.pages(
        &format!("{REVIEWS}?pageSize=50&orderBy=update_time%20desc"),
        "reviews",
    );
    assert_eq!(first["totalReviewCount"], all.len());
    assert!(all.is_sorted_by(|one, two| one["updateTime"].as_str() >= two["updateTime"].as_str()));
    assert!(all.iter().any(|review| review.get("comment").is_none()));
    assert!(
        all.iter()
            .any(|review| review["reviewer"]["isAnonymous"] == true)
    );
    let stars = |review: &Value| match review["starRating"].as_str().unwrap() {
        "ONE" => 1.0,
        "TWO" => 2.0,
        "THREE" => 3.0,
        "FOUR" => 4.0,
        _ => 5.0,
    };
    let sum: f64 = all.iter().map(stars).sum();
    let count = u32::try_from(all.len()).unwrap();
    assert!((first["averageRating"].as_f64().unwrap() - sum / f64::from(count)).abs() < 1e-9);

    let id = all[5]["reviewId"].clone();
    google.control("review/update", &json!({"id": id, "reply": "Tak!"}));
    let newest = &google.get(REVIEWS)["reviews"][0];
    assert_eq!(
        (&newest["reviewId"], &newest["reviewReply"]["comment"]),
        (&id, &json!("Tak!"))
    );
    google.control("review/delete", &json!({ "id": id }));
    let rest = google.pages(REVIEWS, "reviews");
    assert_eq!(rest.len(), all.len() - 1);
    assert!(rest.iter().all(|review| review["reviewId"] != id));

    let other = REVIEWS.replace("410000001", "410000002");
    let others = google.pages(&other, "reviews").len();
    assert_eq!(google.count("reviews"), rest.len() + others);
    let batch = google.post(
        "mybusiness.googleapis.com/v4/accounts/400100200/locations:batchGetReviews",
        &json!({"locationNames": ["accounts/400100200/locations/410000002"], "pageSize": 10,
                "ignoreRatingOnlyReviews": true}),
    );
    let reviews = batch["locationReviews"].as_array().unwrap();
    assert!(reviews.len() == 10 && reviews.iter().all(|it| it["review"]["comment"].is_string()));
    assert_eq!(
        google
            .call(&format!("{REVIEWS}?orderBy=stars"), None)
            .status,
        400
    );
}

#[test]
fn daily_metrics_leave_out_zeros_and_the_newest_days() {
    let mut google = Google::new();
    let range = "dailyRange.startDate.year=2026&dailyRange.startDate.month=10&dailyRange.startDate.day=1\
                 &dailyRange.endDate.year=2026&dailyRange.endDate.month=11&dailyRange.endDate.day=20";
    let metrics = "dailyMetrics=CALL_CLICKS&dailyMetrics=BUSINESS_FOOD_ORDERS";
    let body = google.get(&format!("{PERFORMANCE}?{metrics}&{range}"));
    let series = body["multiDailyMetricTimeSeries"][0]["dailyMetricTimeSeries"]
        .as_array()
        .unwrap();
    assert_eq!(series.len(), 2);
    let days = |index: usize| {
        series[index]["timeSeries"]["datedValues"]
            .as_array()
            .unwrap()
    };
    assert_eq!(
        days(0).last().unwrap()["date"],
        json!({"year": 2026, "month": 11, "day": 17})
    );
    assert!(days(0).iter().any(|day| day["value"].is_string()));
    assert!(days(1).iter().all(|day| day.get("value").is_none()));
    for wrong in [
        range.to_owned(),
        format!("dailyMetrics=MADE_UP&{range}"),
        metrics.to_owned(),
    ] {
        assert_eq!(
            google.call(&format!("{PERFORMANCE}?{wrong}"), None).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn a_project_that_is_not_approved_is_told_so_at_once() {
    let mut google = Google::new();
    google.control(
        "quota/set",
        &json!({"service": "mybusiness.googleapis.com", "per_minute": 0}),
    );
    let refused = google.call(REVIEWS, None);
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.body["error"]["details"][0]["metadata"]["quota_limit_value"],
        "0"
    );
}
