//! Payouts: what is in them, and what later runs read again.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{Model, Payout, PayoutStatus};
use connector_core::{Next, Record};
use connector_testkit::model;

use crate::lab::Lab;

fn payout(record: &Record) -> &Payout {
    match model(record) {
        Model::Payout(payout) => payout,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_transactions_of_a_payout_add_up_to_it() {
    let lab = Lab::new().await;
    let run = lab.run("payouts", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("payouts"));
    let (mut parts, mut statuses) = (BTreeSet::new(), BTreeSet::new());
    for record in run.records.values() {
        let payout = payout(record);
        let nets = payout.transactions.iter().filter_map(|part| part.net);
        let sum: i64 = nets.map(|net| net.minor).sum();
        assert_eq!(sum, payout.net.minor, "{}", record.external_id);
        let gross: i64 = payout
            .transactions
            .iter()
            .map(|part| part.amount.minor)
            .sum();
        if let Some(told) = payout.gross {
            assert_eq!(gross, told.minor, "{}", record.external_id);
        }
        for part in &payout.transactions {
            // No posting is in two payouts.
            assert!(
                parts.insert(part.external_id.clone()),
                "{}",
                part.external_id
            );
            assert!(part.order_external_id.is_some());
        }
        statuses.insert(format!("{:?}", payout.status));
    }
    assert!(!parts.is_empty());
    let expected = [
        PayoutStatus::Failed,
        PayoutStatus::Paid,
        PayoutStatus::Scheduled,
    ];
    assert!(
        statuses
            .iter()
            .eq(expected.map(|status| format!("{status:?}")).iter())
    );
}

#[tokio::test(start_paused = true)]
async fn a_later_run_reads_only_what_has_not_settled() {
    let lab = Lab::new().await;
    let first = lab.run("payouts", None).await.unwrap();
    let before = lab.sent("listTransactions");
    lab.clock.pass(Duration::from_secs(3_600)).await;
    let second = lab.run("payouts", first.checkpoint).await.unwrap();
    // The open one of each of three marketplaces, and those that were closed in the last two weeks.
    assert_eq!(second.records.len(), 6);
    assert_eq!(lab.sent("listTransactions"), before + 6);
    for (id, record) in &second.records {
        assert_eq!(payout(record), payout(&first.records[id]));
    }
}

#[tokio::test(start_paused = true)]
async fn no_window_is_longer_than_amazon_answers() {
    let lab = Lab::new().await;
    let pages = lab.pages("payouts", None).await.unwrap();
    assert_eq!(pages.last().unwrap().next, Next::Done);
    // Two years are five windows; only the newest two hold anything.
    let empty = pages.iter().filter(|page| page.records.is_empty()).count();
    assert_eq!(empty, 3);
}
