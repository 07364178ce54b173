//! Windows of time, and what a search of Amazon's gives of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn at(hour: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn a_page(counted: u64, items: u64, latest: i64, token: Option<&str>) -> ListingPage {
    let items: Vec<_> = (0..items)
        .map(|n| {
            json!({"sku": n.to_string(), "summaries": [{"marketplaceId": "M", "lastUpdatedDate": at(latest)}]})
        })
        .collect();
    serde_json::from_value(json!({
        "numberOfResults": counted, "items": items, "pagination": {"nextToken": token},
    }))
    .unwrap()
}

fn pass() -> Pass {
    Pass::new(at(100), vec!["M".to_owned()])
}

#[test]
fn a_window_is_read_when_as_many_came_as_were_counted() {
    let mut pass = pass();
    assert_eq!(
        pass.step(&a_page(25, 20, 1, Some("t"))).unwrap(),
        Step::Page
    );
    assert_eq!(pass.step(&a_page(25, 5, 2, None)).unwrap(), Step::Read);
    assert_eq!(pass.window, Window::default());
}

#[test]
fn what_leaves_a_window_makes_it_short() {
    let mut pass = pass();
    pass.step(&a_page(25, 20, 1, Some("t"))).unwrap();
    // One was changed, left the window, and shifted one over the edge of the page.
    assert_eq!(pass.step(&a_page(24, 4, 2, None)).unwrap(), Step::Short);
}

#[test]
fn a_window_with_more_than_a_search_gives_is_moved() {
    let mut pass = pass();
    let whole = MOST_LISTINGS;
    let step = pass.step(&a_page(whole + 1, whole, 7, Some("t"))).unwrap();
    assert_eq!(step, Step::Moved);
    assert_eq!(pass.window.moved_to, Some(at(7)));
    // It can't be moved past an instant in which too many changed.
    let error = pass.step(&a_page(whole + 1, whole, 7, None)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ContractBroken);
}

#[test]
fn a_page_that_leads_to_itself_ends_the_run() {
    let mut pass = pass();
    pass.step(&a_page(60, 20, 1, Some("t"))).unwrap();
    let error = pass.step(&a_page(60, 20, 1, Some("t"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ContractBroken);
}

#[test]
fn a_restart_keeps_the_window_and_forgets_its_pages() {
    let mut pass = pass();
    pass.window.moved_to = Some(at(7));
    pass.step(&a_page(25, 20, 8, Some("t"))).unwrap();
    let before = pass.clone();
    pass.restart();
    assert_eq!(pass.window.moved_to, Some(at(7)));
    assert_eq!((pass.window.page.as_ref(), pass.window.read), (None, 0));
    assert_ne!(pass.restarts, before.restarts);
}

/// What Amazon gives of listings that last changed at these hours: in their order, twenty at once,
/// a thousand at the most, and all of them counted.
fn search(hours: &[i64], pass: &Pass) -> (ListingPage, BTreeSet<usize>) {
    let mut found: Vec<(i64, usize)> = hours.iter().copied().zip(0..).collect();
    found.retain(|(hour, _)| pass.window.moved_to.is_none_or(|from| at(*hour) >= from));
    found.sort_unstable();
    let begin: usize = pass
        .window
        .page
        .as_ref()
        .map_or(0, |page| page.parse().unwrap());
    let most = usize::try_from(MOST_LISTINGS).unwrap().min(found.len());
    let end = most.min(begin + 20);
    let shown = &found[begin..end];
    let items: Vec<_> = shown
        .iter()
        .map(|(hour, sku)| {
            json!({"sku": sku.to_string(), "summaries": [{"marketplaceId": "M", "lastUpdatedDate": at(*hour)}]})
        })
        .collect();
    let next = (end < most).then(|| end.to_string());
    let page = serde_json::from_value(json!({
        "numberOfResults": found.len(), "items": items, "pagination": {"nextToken": next},
    }));
    (page.unwrap(), shown.iter().map(|(_, sku)| *sku).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_listing_is_read_however_many_there_are(
        hours in prop::collection::vec(0_i64..40, 0..2_600)
    ) {
        let mut pass = pass();
        let mut seen = BTreeSet::new();
        loop {
            let (page, skus) = search(&hours, &pass);
            seen.extend(skus);
            match pass.step(&page) {
                Ok(Step::Page | Step::Moved) => {}
                Ok(Step::Read) => break,
                other => panic!("{other:?}"),
            }
        }
        prop_assert_eq!(seen.len(), hours.len());
    }
}
