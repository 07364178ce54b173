//! Every refusal that was recorded, of whatever operation, means something.

use std::collections::BTreeMap;

use chrono::DateTime;
use connector_amazon_spapi::AmazonDialect;
use connector_core::{Dialect as _, ErrorKind, Operation, Verdict};

use crate::files::{folder, replies};

#[test]
fn every_recorded_refusal_has_a_kind_and_a_code() {
    if folder().is_none() {
        return;
    }
    let mut kinds: BTreeMap<ErrorKind, usize> = BTreeMap::new();
    let (mut answers, mut without_code) = (0, Vec::new());
    for recorded in replies("", "") {
        let operation = Operation::read("recorded");
        let verdict = AmazonDialect.judge(operation, &recorded.response(), DateTime::UNIX_EPOCH);
        match verdict {
            Verdict::Answer => answers += 1,
            Verdict::Failure(error) => {
                *kinds.entry(error.kind()).or_default() += 1;
                if error.context("code").is_none() {
                    without_code.push(recorded.name);
                }
            }
            verdict => panic!("{}: {verdict:?}", recorded.name),
        }
    }
    println!("{answers} answers, {kinds:?}, without a code: {without_code:?}");
    // The one is a bare list, the other's code is two words, which are not shown.
    assert_eq!(
        without_code,
        [
            "sandbox-static/listings-restrictions/listingsRestrictions_2021-08-01.getListingsRestrictions.400.json",
            "sandbox-static/orders/ordersV0.confirmShipment.400.json",
        ]
    );
    let counted = (
        kinds.get(&ErrorKind::Rejected),
        kinds.get(&ErrorKind::NotFound),
    );
    assert_eq!((answers, counted), (292, (Some(&62), Some(&3))));
}
