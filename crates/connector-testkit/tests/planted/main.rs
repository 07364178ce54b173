//! The suite's own test: a connector without a flaw passes, and one with a single planted flaw fails
//! the one check that is there to find it, and no other.
#![expect(clippy::unwrap_used, reason = "a test stops at what it didn't expect")]

mod connector;
mod flaw;
mod platform;
mod streams;

use std::collections::BTreeSet;

use connector_testkit::{Harness, Options, Probe, Report, Sandbox, Size, Waiver, Way, run};

use crate::connector::{Acme, AcmeCredential, AddNote, AddNoteAgain, GetMe};
use crate::flaw::Flaw;
use crate::platform::{AcmePlatform, CLIENT_SECRET, PERSONAL_TOKEN};

/// Checks that no connector can fail, since what they check is connector-core's own work. They keep
/// the core honest, through every connector.
const HELD_BY_THE_CORE: &[&str] = &[
    "credential.one_renewal",
    "session.bounded",
    "session.not_sent",
];

/// Checks of the harness rather than of the connector.
const OF_THE_HARNESS: &[&str] = &["descriptor.ways", "session.probes", "waivers.known"];

struct Planted {
    flaw: Flaw,
    waivers: &'static [Waiver],
}

impl Harness for Planted {
    type Connector = Acme;

    fn connector(&self) -> Acme {
        Acme { flaw: self.flaw }
    }

    fn ways(&self) -> Vec<Way> {
        vec![
            Way::new("oauth")
                .fill("seller", "somebody")
                .malformed("seller", "../elsewhere"),
            Way::new("token")
                .fill("token", PERSONAL_TOKEN)
                .malformed("token", "two words")
                .unknown("token", "sbx_pat_nobody_has_this"),
        ]
    }

    fn read(&self) -> Probe<AcmeCredential> {
        Probe::of(GetMe { flaw: self.flaw })
    }

    fn write(&self) -> Option<Probe<AcmeCredential>> {
        Some(match self.flaw {
            Flaw::WriteCalledIdempotent => Probe::of(AddNoteAgain),
            _ => Probe::of(AddNote),
        })
    }

    fn size(&self) -> Size {
        Size {
            products: 45,
            orders: 35,
        }
    }

    fn sandbox(&self, options: Options) -> Sandbox {
        Sandbox::with_platforms(options, vec![Box::<AcmePlatform>::default()])
    }

    fn secrets(&self) -> Vec<String> {
        vec![CLIENT_SECRET.to_owned()]
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["acme-signature"]
    }

    fn waivers(&self) -> &'static [Waiver] {
        self.waivers
    }
}

fn report(flaw: Flaw, waivers: &'static [Waiver]) -> Report {
    run(Planted { flaw, waivers })
}

/// A check's id without its subject.
fn id(check: &str) -> &str {
    check.split('[').next().unwrap_or(check)
}

#[test]
fn without_a_flaw_everything_holds() {
    let report = report(Flaw::None, &[]);
    assert_eq!(report.failed, []);
    assert_eq!(report.waived, []);
    // What doesn't apply to one way of connecting does to the other: nothing goes untried.
    let held: BTreeSet<&str> = report.held.iter().map(|check| id(check)).collect();
    for (check, why) in &report.not_applicable {
        assert!(held.contains(id(check)), "{check}: {why}");
    }
}

#[test]
fn every_flaw_fails_the_check_that_is_meant_for_it_and_no_other() {
    // Flaws don't depend on each other: as many at a time as there are processors.
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((flaw, expected)) =
                    Flaw::ALL.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    let failed = report(*flaw, &[]).failed;
                    let ids: BTreeSet<&str> = failed.iter().map(|(check, _)| id(check)).collect();
                    if ids != BTreeSet::from([*expected]) {
                        let note = format!("{flaw:?}: not {expected} alone: {failed:#?}");
                        wrong.lock().unwrap().push(note);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_check_has_a_flaw_or_a_reason_for_none() {
    let report = report(Flaw::None, &[]);
    let judged = report
        .held
        .iter()
        .chain(report.not_applicable.iter().map(|(check, _)| check));
    let checks: BTreeSet<&str> = judged.map(|check| id(check)).collect();
    let flawed: BTreeSet<&str> = Flaw::ALL.iter().map(|(_, check)| *check).collect();
    let excused: BTreeSet<&str> = HELD_BY_THE_CORE
        .iter()
        .chain(OF_THE_HARNESS)
        .copied()
        .collect();
    assert_eq!(flawed.intersection(&excused).count(), 0);
    assert_eq!(checks, flawed.union(&excused).copied().collect());
}

#[test]
fn a_waiver_excuses_its_check_and_nothing_else() {
    const WAIVERS: &[Waiver] = &[Waiver {
        check: "sync.raw",
        reason: "the platform sends no JSON",
    }];
    let report = report(Flaw::RawNotKept, WAIVERS);
    assert_eq!(report.failed, []);
    let waived: Vec<&str> = report
        .waived
        .iter()
        .map(|(check, _)| check.as_str())
        .collect();
    assert_eq!(waived, ["sync.raw[orders]", "sync.raw[listings]"]);
}

#[test]
fn a_waiver_that_is_not_needed_or_names_nothing_fails() {
    const WAIVERS: &[Waiver] = &[
        Waiver {
            check: "sync.raw[orders]",
            reason: "it was hard",
        },
        Waiver {
            check: "sync.rwa",
            reason: "misspelt",
        },
    ];
    let report = report(Flaw::None, WAIVERS);
    let failed: Vec<&str> = report
        .failed
        .iter()
        .map(|(check, _)| check.as_str())
        .collect();
    assert_eq!(failed, ["waivers.known", "sync.raw[orders]"]);
}
