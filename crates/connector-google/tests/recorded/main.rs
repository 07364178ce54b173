//! Google's own recorded replies: read, mapped and counted, service by service.
//!
//! They lie beside the repository and are not part of it. A clone without them skips, and says so.
//! There are none of Business Profile, Merchant API, Calendar and `YouTube`.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod ads;
mod analytics;
mod search_console;
mod shelf;

/// The recordings that belong to no stream, with the reason.
const ELSEWHERE: [(&str, &str); 12] = [
    ("content-api/", "a request to an interface that is shut"),
    ("ads/gla-products.json", "a shop's own reckoning"),
    ("ads/ad-groups/", "no stream goes deeper than campaigns"),
    (
        "ads/conversions/",
        "what counts as a conversion is no record",
    ),
    ("ads/keywords/", "answers to changes"),
    ("ads/campaigns/create-", "answers to changes"),
    ("ads/campaigns/remove-", "answers to changes"),
    ("ads/campaigns/update-", "answers to changes"),
    ("ads/misc/suggest-", "a list of places in the world"),
    ("ga4/metadata/", "what could be asked for"),
    (
        "ga4/reports/run-realtime-report",
        "the last half hour is no day",
    ),
    ("search-console-records/sitemaps", "sitemaps are no numbers"),
];

#[test]
fn every_recording_belongs_to_a_test_or_to_nothing_that_is_synced() {
    let Some(folder) = connector_testkit::recorded::shared("fixtures/google") else {
        return;
    };
    let (mut read, mut elsewhere) = (0, 0);
    for file in connector_testkit::recorded::files(&folder).unwrap().keys() {
        // What was sent, and what another program made of the answer.
        if file.ends_with(".http.json") || file.ends_with(".expected.json") {
            continue;
        }
        let read_here = [ads::is_read, analytics::is_read, search_console::is_read];
        if read_here.iter().any(|is_read| is_read(file)) {
            read += 1;
        } else {
            let known = ELSEWHERE.iter().any(|(start, _)| file.starts_with(start));
            assert!(known, "{file} belongs to nothing");
            elsewhere += 1;
        }
    }
    println!("{read} recordings are read, {elsewhere} belong to no stream");
    assert!(read >= 20, "{read}");
}
