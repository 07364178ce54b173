//! `YouTube`: content and its numbers.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::Google;

const DATA: &str = "youtube.googleapis.com/youtube/v3";
const REPORTS: &str = "youtubeanalytics.googleapis.com/v2/reports?ids=channel==MINE";

#[test]
fn the_channel_leads_to_its_uploads_and_they_to_the_videos() {
    let mut google = Google::new();
    let channel = google.get(&format!(
        "{DATA}/channels?part=snippet,contentDetails,statistics&mine=true"
    ));
    let uploads = &channel["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"];
    let uploads = uploads.as_str().unwrap();
    let list = format!(
        "{DATA}/playlistItems?part=snippet,contentDetails&maxResults=50&playlistId={uploads}"
    );
    assert!(google.get(&list)["nextPageToken"].is_string());
    let items = google.pages(&list, "items");
    assert_eq!(items.len(), google.count("videos"));
    let published = |item: &Value| {
        item["contentDetails"]["videoPublishedAt"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(items.is_sorted_by(|one, two| published(one) >= published(two)));
    let ids: Vec<&str> = items
        .iter()
        .map(|it| it["contentDetails"]["videoId"].as_str().unwrap())
        .collect();
    let asked = format!("{},unknown", ids[..49].join(","));
    let videos = google.get(&format!(
        "{DATA}/videos?part=snippet,statistics,status,contentDetails&id={asked}"
    ));
    let videos = videos["items"].as_array().unwrap();
    assert_eq!(videos.len(), 49);
    assert!(
        videos
            .iter()
            .any(|it| it["statistics"].get("likeCount").is_none())
    );
    assert!(
        videos
            .iter()
            .any(|it| it["status"]["privacyStatus"] == "private")
    );
    let found = google.pages(
        &format!("{DATA}/search?part=snippet&forMine=true&type=video&maxResults=50"),
        "items",
    );
    assert_eq!(found.len(), items.len());
}

#[test]
fn wrong_requests_and_an_empty_quota_are_refused() {
    let mut google = Google::new();
    for (wrong, status, reason) in [
        ("channels?mine=true", 400, "missingRequiredParameter"),
        ("channels?part=snippet", 400, "missingRequiredParameter"),
        ("videos?part=snippet", 400, "missingRequiredParameter"),
        (
            "playlistItems?part=snippet&playlistId=UUx",
            404,
            "playlistNotFound",
        ),
        (
            "channels?part=snippet&mine=true&maxResults=51",
            400,
            "invalidParameter",
        ),
    ] {
        let answer = google.call(&format!("{DATA}/{wrong}"), None);
        assert_eq!(answer.status, status, "{wrong}");
        assert_eq!(
            answer.body["error"]["errors"][0]["reason"], reason,
            "{wrong}"
        );
    }
    google.control("youtube/drain", &json!({}));
    let answer = google.call(&format!("{DATA}/channels?part=snippet&mine=true"), None);
    assert_eq!(answer.status, 403);
    assert_eq!(answer.body["error"]["errors"][0]["reason"], "quotaExceeded");
    google.advance(TimeDelta::hours(20));
    google.sign_in();
    google.get(&format!("{DATA}/channels?part=snippet&mine=true"));
}

#[test]
fn reports_have_columns_in_the_order_of_the_request() {
    let mut google = Google::new();
    let days = "startDate=2026-10-01&endDate=2026-10-31";
    let by_day = google.get(&format!(
        "{REPORTS}&{days}&metrics=views,estimatedMinutesWatched,subscribersGained&dimensions=day"
    ));
    let names: Vec<&str> = by_day["columnHeaders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "day",
            "views",
            "estimatedMinutesWatched",
            "subscribersGained"
        ]
    );
    let rows = by_day["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 31);
    assert_eq!(rows[0][0], "2026-10-01");
    let total = google.get(&format!("{REPORTS}&{days}&metrics=views"))["rows"][0][0]
        .as_u64()
        .unwrap();
    let sum: u64 = rows.iter().map(|row| row[1].as_u64().unwrap()).sum();
    assert_eq!(sum, total);
    let best = google.get(&format!(
        "{REPORTS}&{days}&metrics=views&dimensions=video&sort=-views&maxResults=10"
    ));
    let best = best["rows"].as_array().unwrap();
    assert_eq!(best.len(), 10);
    assert!(best.is_sorted_by(|one, two| one[1].as_u64() >= two[1].as_u64()));
    let id = best[0][0].as_str().unwrap();
    let one = google.get(&format!(
        "{REPORTS}&{days}&metrics=views&dimensions=day&filters=video=={id}"
    ));
    let one: u64 = one["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[1].as_u64().unwrap())
        .sum();
    assert_eq!(one, best[0][1].as_u64().unwrap());
    let end = |metrics: &str, google: &mut Google| {
        let report = google.get(&format!(
            "{REPORTS}&startDate=2026-11-10&endDate=2026-11-20&metrics={metrics}&dimensions=day"
        ));
        report["rows"].as_array().unwrap().last().unwrap()[0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(end("views", &mut google), "2026-11-18");
    assert_eq!(end("views,subscribersGained", &mut google), "2026-11-17");
    let empty = google.get(&format!(
        "{REPORTS}&startDate=2030-01-01&endDate=2030-01-02&metrics=views&dimensions=day"
    ));
    assert!(empty.get("rows").is_none());
    for wrong in [
        "metrics=made_up",
        "metrics=views&dimensions=video",
        "metrics=views&dimensions=day,video",
    ] {
        assert_eq!(
            google
                .call(&format!("{REPORTS}&{days}&{wrong}"), None)
                .status,
            400,
            "{wrong}"
        );
    }
}
