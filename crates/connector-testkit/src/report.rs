//! Running the suite: as a test binary, or for a program that wants to know.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossdock_sandbox::Size;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::capture::Capture;
use crate::harness::{Harness, Waiver};
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome, Verdict};
use crate::suite::{self, Check};

/// What the suite found, check by check.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Checks that hold.
    pub held: Vec<String>,
    /// Checks that don't, with what was expected and what came.
    pub failed: Vec<(String, String)>,
    /// Checks with nothing to check, with the reason.
    pub not_applicable: Vec<(String, String)>,
    /// Checks that don't hold, as declared, with the reason.
    pub waived: Vec<(String, String)>,
}

/// Runs the whole suite and says what it found.
#[must_use]
pub fn run<H: Harness>(harness: H) -> Report {
    let harness = Arc::new(harness);
    let mut report = Report::default();
    for check in suite::checks(&harness) {
        let name = check.name();
        match judge(&harness, &check) {
            Judged::Held => report.held.push(name),
            Judged::Failed(why) => report.failed.push((name, why)),
            Judged::NotApplicable(why) => report.not_applicable.push((name, why)),
            Judged::Waived(why) => report.waived.push((name, why)),
        }
    }
    report
}

/// The `main` of a connector's `tests/conformance.rs`: one test for each check, with the arguments
/// that `cargo test` and `cargo nextest` give.
///
/// A check that is waived is run and counted as ignored, with its reason. One that is waived and
/// holds fails.
#[must_use]
pub fn main<H: Harness>(harness: H) -> ExitCode {
    let arguments = Arguments::from_args();
    let harness = Arc::new(harness);
    let waived = Arc::new(AtomicUsize::new(0));
    let trials = suite::checks(&harness).into_iter().map(|check| {
        let (harness, waived) = (Arc::clone(&harness), Arc::clone(&waived));
        Trial::ignorable_test(check.name(), move || match judge(&harness, &check) {
            Judged::Held => Ok(Completion::Completed),
            Judged::Failed(why) => Err(Failed::from(why)),
            Judged::NotApplicable(why) => Ok(Completion::ignored_with(why)),
            Judged::Waived(why) => {
                waived.fetch_add(1, Ordering::Relaxed);
                Ok(Completion::ignored_with(format!("waived: {why}")))
            }
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    announce(waived.load(Ordering::Relaxed));
    conclusion.exit_code()
}

#[expect(
    clippy::print_stdout,
    reason = "a test binary reports to its caller's screen"
)]
fn announce(waived: usize) {
    if waived > 0 {
        println!("{waived} checks do not hold and are waived, each with its reason above\n");
    }
}

enum Judged {
    Held,
    Failed(String),
    NotApplicable(String),
    Waived(String),
}

fn judge<H: Harness>(harness: &Arc<H>, check: &Check<H>) -> Judged {
    let waiver = harness
        .waivers()
        .iter()
        .find(|waiver| covers(waiver, check));
    match (
        execute(harness, check, &Capture::default(), harness.size()),
        waiver,
    ) {
        (Err(_), Some(waiver)) => Judged::Waived(waiver.reason.to_owned()),
        (Err(failure), None) => Judged::Failed(failure.to_string()),
        (Ok(Verdict::NotApplicable(why)), _) => Judged::NotApplicable(why.to_owned()),
        (Ok(Verdict::Holds), None) => Judged::Held,
        // One subject of several may hold; a waiver that names the subject is not needed then.
        (Ok(Verdict::Holds), Some(waiver)) if waiver.check != check.name() => Judged::Held,
        (Ok(Verdict::Holds), Some(_)) => {
            Judged::Failed("it is waived, and holds: take the waiver away".to_owned())
        }
    }
}

pub(crate) fn covers<H: Harness>(waiver: &Waiver, check: &Check<H>) -> bool {
    waiver.check == check.id || waiver.check == check.name()
}

/// Runs one check in a runtime of its own whose time is paused, with all that is traced captured.
pub(crate) fn execute<H: Harness>(
    harness: &Arc<H>,
    check: &Check<H>,
    capture: &Capture,
    size: Size,
) -> Outcome {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .map_err(|error| Failure::new(format!("no runtime: {error}")))?;
        runtime.block_on(async {
            let lab = Lab::new(harness, capture, size)?;
            let outcome = (check.run)(&lab, &check.subject).await;
            if lab.wire.is_runaway() {
                return Err(Failure::new("requests are sent without end"));
            }
            outcome
        })
    };
    let caught = tracing::subscriber::with_default(capture.subscriber(), || {
        catch_unwind(AssertUnwindSafe(run))
    });
    caught.unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Failure::new(format!(
            "it panicked: {}",
            message.unwrap_or("without a message")
        )))
    })
}
