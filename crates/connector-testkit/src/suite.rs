//! The list of checks. Each has a name that waivers and reports use, so none is ever renamed
//! lightly.

mod connect;
mod credential;
mod descriptor;
mod lookup;
mod model;
mod secrets;
mod session;
mod sync;
mod sync_faults;
mod webhooks;

use std::sync::Arc;

use connector_core::{Connector as _, StreamDescriptor};
use futures::future::LocalBoxFuture;

use crate::harness::{Harness, Way};
use crate::lab::Lab;
use crate::outcome::{Failure, Outcome};

/// A check's work.
pub(crate) type Run<H> = for<'a> fn(&'a Lab<H>, &'a Subject) -> LocalBoxFuture<'a, Outcome>;

/// One check of one subject.
pub(crate) struct Check<H: Harness> {
    pub(crate) id: &'static str,
    pub(crate) subject: Subject,
    pub(crate) run: Run<H>,
}

impl<H: Harness> Check<H> {
    /// As it is printed: `sync.resumes[orders]`.
    pub(crate) fn name(&self) -> String {
        match &self.subject {
            Subject::Connector => self.id.to_owned(),
            Subject::Way(way) => format!("{}[{}]", self.id, way.method),
            Subject::Stream(stream) => format!("{}[{}]", self.id, stream.id),
        }
    }
}

/// What a check is about.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// The connector as a whole.
    Connector,
    /// One way to connect.
    Way(Way),
    /// One stream.
    Stream(&'static StreamDescriptor),
}

impl Subject {
    fn way(&self) -> Result<&Way, Failure> {
        match self {
            Self::Way(way) => Ok(way),
            other => Err(Failure::new(format!("{other:?} is no way to connect"))),
        }
    }

    fn stream(&self) -> Result<&'static StreamDescriptor, Failure> {
        match self {
            Self::Stream(stream) => Ok(stream),
            other => Err(Failure::new(format!("{other:?} is no stream"))),
        }
    }
}

/// All checks, those of secrets last.
pub(crate) fn checks<H: Harness>(harness: &Arc<H>) -> Vec<Check<H>> {
    let mut checks = checks_but_secrets(harness);
    checks.push(Check {
        id: "secrets.never_shown",
        subject: Subject::Connector,
        run: |lab, _| Box::pin(async { secrets::never_shown(lab) }),
    });
    checks
}

/// All checks whose output is searched for secrets.
pub(crate) fn checks_but_secrets<H: Harness>(harness: &Arc<H>) -> Vec<Check<H>> {
    let streams = harness.connector().descriptor().streams;
    let connector = vec![Subject::Connector];
    let ways: Vec<Subject> = harness.ways().into_iter().map(Subject::Way).collect();
    let streams: Vec<Subject> = streams.iter().map(Subject::Stream).collect();
    let mut checks = Vec::new();
    let mut add = |id, subjects: &[Subject], run: Run<H>| {
        checks.extend(subjects.iter().map(|subject| Check {
            id,
            subject: subject.clone(),
            run,
        }));
    };

    add("descriptor.names", &connector, |lab, _| {
        Box::pin(async { descriptor::names(lab) })
    });
    add("descriptor.words", &connector, |lab, _| {
        Box::pin(async { descriptor::words(lab) })
    });
    add("descriptor.ways", &connector, |lab, _| {
        Box::pin(async { descriptor::ways(lab) })
    });
    add("waivers.known", &connector, |lab, _| {
        Box::pin(async { descriptor::waivers(lab) })
    });

    add("connect.completes", &ways, |lab, it| {
        Box::pin(connect::completes(lab, it))
    });
    add("connect.missing_field", &ways, |lab, it| {
        Box::pin(connect::missing_field(lab, it))
    });
    add("connect.malformed_field", &ways, |lab, it| {
        Box::pin(connect::malformed_field(lab, it))
    });
    add("connect.unknown_field", &ways, |lab, it| {
        Box::pin(connect::unknown_field(lab, it))
    });
    add("connect.unknown_method", &connector, |lab, _| {
        Box::pin(connect::unknown_method(lab))
    });
    add("connect.redirect", &ways, |lab, it| {
        Box::pin(connect::redirect(lab, it))
    });
    add("connect.denied", &ways, |lab, it| {
        Box::pin(connect::denied(lab, it))
    });
    add("connect.foreign_state", &ways, |lab, it| {
        Box::pin(connect::foreign_state(lab, it))
    });
    add("connect.changed_callback", &ways, |lab, it| {
        Box::pin(connect::changed_callback(lab, it))
    });
    add("connect.replayed_callback", &ways, |lab, it| {
        Box::pin(connect::replayed_callback(lab, it))
    });

    add("credential.round_trip", &ways, |lab, it| {
        Box::pin(credential::round_trip(lab, it))
    });
    add("credential.stays", &ways, |lab, it| {
        Box::pin(credential::stays(lab, it))
    });
    add("credential.renewed_when_due", &ways, |lab, it| {
        Box::pin(credential::renewed_when_due(lab, it))
    });
    add("credential.stored_before_use", &ways, |lab, it| {
        Box::pin(credential::stored_before_use(lab, it))
    });
    add("credential.one_renewal", &ways, |lab, it| {
        Box::pin(credential::one_renewal(lab, it))
    });
    add("credential.lost_reply", &ways, |lab, it| {
        Box::pin(credential::lost_reply(lab, it))
    });
    add("credential.grant_gone", &ways, |lab, it| {
        Box::pin(credential::grant_gone(lab, it))
    });
    add("credential.outage", &ways, |lab, it| {
        Box::pin(credential::outage(lab, it))
    });
    add("credential.refused", &ways, |lab, it| {
        Box::pin(credential::refused(lab, it))
    });

    add("session.probes", &connector, |lab, _| {
        Box::pin(session::probes(lab))
    });
    add("session.kinds", &connector, |lab, _| {
        Box::pin(session::kinds(lab))
    });
    add("session.retry_after", &connector, |lab, _| {
        Box::pin(session::retry_after(lab))
    });
    add("session.long_wait", &connector, |lab, _| {
        Box::pin(session::long_wait(lab))
    });
    add("session.not_sent", &connector, |lab, _| {
        Box::pin(session::not_sent(lab))
    });
    add("session.lost_reply", &connector, |lab, _| {
        Box::pin(session::lost_reply(lab))
    });
    add("session.bounded", &connector, |lab, _| {
        Box::pin(session::bounded(lab))
    });
    add("session.malformed", &connector, |lab, _| {
        Box::pin(session::malformed(lab))
    });

    add("sync.completes", &streams, |lab, it| {
        Box::pin(sync::completes(lab, it))
    });
    add("sync.lazy", &streams, |lab, it| {
        Box::pin(sync::lazy(lab, it))
    });
    add("sync.drop_stops", &streams, |lab, it| {
        Box::pin(sync::drop_stops(lab, it))
    });
    add("sync.resumes", &streams, |lab, it| {
        Box::pin(sync::resumes(lab, it))
    });
    add("sync.again", &streams, |lab, it| {
        Box::pin(sync::again(lab, it))
    });
    add("sync.empty", &streams, |lab, it| {
        Box::pin(sync::empty(lab, it))
    });
    add("sync.raw", &streams, |lab, it| Box::pin(sync::raw(lab, it)));
    add("sync.foreign_checkpoint", &streams, |lab, it| {
        Box::pin(sync::foreign_checkpoint(lab, it))
    });
    add("sync.unknown_stream", &connector, |lab, _| {
        Box::pin(sync::unknown_stream(lab))
    });
    add("sync.lookup", &streams, |lab, it| {
        Box::pin(lookup::same(lab, it))
    });
    add("sync.lookup_gone", &streams, |lab, it| {
        Box::pin(lookup::gone(lab, it))
    });
    add("sync.names_operations", &streams, |lab, it| {
        Box::pin(sync::names_operations(lab, it))
    });
    add("sync.repeated_page", &streams, |lab, it| {
        Box::pin(sync_faults::repeated_page(lab, it))
    });
    add("sync.empty_page", &streams, |lab, it| {
        Box::pin(sync_faults::empty_page(lab, it))
    });
    add("sync.unknown_fields", &streams, |lab, it| {
        Box::pin(sync_faults::unknown_fields(lab, it))
    });
    add("sync.malformed", &streams, |lab, it| {
        Box::pin(sync_faults::malformed(lab, it))
    });
    add("sync.truncated", &streams, |lab, it| {
        Box::pin(sync_faults::truncated(lab, it))
    });
    add("sync.lost_reply", &streams, |lab, it| {
        Box::pin(sync_faults::lost_reply(lab, it))
    });
    add("sync.outage", &streams, |lab, it| {
        Box::pin(sync_faults::outage(lab, it))
    });

    add("model.valid", &streams, |lab, it| {
        Box::pin(model::valid(lab, it))
    });
    add("webhooks.forged", &connector, |lab, _| {
        Box::pin(webhooks::forged(lab))
    });
    checks
}
