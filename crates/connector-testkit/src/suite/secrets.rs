//! No secret is ever seen: not in a log, not in an error, not in a `Debug`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crossdock_sandbox::Size;

use crate::capture::Capture;
use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Outcome, Verdict, ensure};
use crate::report::execute;
use crate::suite;

/// Runs every other check once more, whatever it comes to, and searches all that was logged at any
/// level, every error with its causes, and the `Debug` of all that was handed out.
///
/// A little data is enough for this, as output is searched and not records.
/// Runtimes can't be nested, so that this happens on threads of its own.
pub(super) fn never_shown<H: Harness>(lab: &Lab<H>) -> Outcome {
    let harness = &lab.harness;
    let checks = suite::checks_but_secrets(harness);
    let next = AtomicUsize::new(0);
    let found = Mutex::new((0, BTreeSet::new()));
    let search = || {
        while let Some(check) = checks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let capture = Capture::default();
            // Its outcome is its own check's affair.
            drop(execute(harness, check, &capture, Size::default()));
            let (known, leaks) = capture.search();
            let name = check.name();
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.0 = found.0.max(known);
            found
                .1
                .extend(leaks.into_iter().map(|line| format!("{name}: {line}")));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(search);
        }
    });
    let (most_known, leaks) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    ensure!(
        most_known > 0,
        "no secret is known, so that none can be found"
    );
    let shown: Vec<_> = leaks.iter().take(5).collect();
    ensure!(
        leaks.is_empty(),
        "{} lines show a secret: {shown:#?}",
        leaks.len()
    );
    Ok(Verdict::Holds)
}
