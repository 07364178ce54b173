//! What a platform says of itself, which stands in databases and on screens for ever.

use std::collections::BTreeSet;

use crate::harness::Harness;
use crate::lab::Lab;
use crate::outcome::{Outcome, Verdict, ensure};
use crate::suite;

/// Ids have the form that paths, columns and metrics need, and are unique.
pub(super) fn names<H: Harness>(lab: &Lab<H>) -> Outcome {
    let descriptor = lab.connector.descriptor();
    ensure!(
        is_name(descriptor.id, '-'),
        "`{}` is not kebab-case",
        descriptor.id
    );
    let methods = descriptor.auth_methods.iter().map(|method| method.id);
    let streams = descriptor.streams.iter().map(|stream| stream.id);
    let settings = descriptor.settings.iter().map(|field| field.name);
    for (what, names) in [
        ("auth method", methods.collect::<Vec<_>>()),
        ("stream", streams.collect()),
        ("setting", settings.collect()),
    ] {
        all_names(what, &names)?;
    }
    for method in descriptor.auth_methods {
        all_names(
            "field",
            &method
                .fields
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>(),
        )?;
    }
    ensure!(
        !descriptor.auth_methods.is_empty(),
        "there is no way to connect"
    );
    ensure!(!descriptor.streams.is_empty(), "there is nothing to sync");
    Ok(Verdict::Holds)
}

fn all_names(what: &str, names: &[&str]) -> Outcome {
    let mut seen = BTreeSet::new();
    for name in names {
        ensure!(is_name(name, '_'), "the {what} `{name}` is not snake case");
        ensure!(seen.insert(name), "the {what} `{name}` is there twice");
    }
    Ok(Verdict::Holds)
}

fn is_name(name: &str, separator: char) -> bool {
    let mut parts = name.split(separator);
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && parts.all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Whatever a person reads is there.
pub(super) fn words<H: Harness>(lab: &Lab<H>) -> Outcome {
    let descriptor = lab.connector.descriptor();
    let mut words = vec![("name", descriptor.name), ("summary", descriptor.summary)];
    let mut links = vec![("the platform", descriptor.docs)];
    for method in descriptor.auth_methods {
        words.push((method.id, method.label));
        links.push((method.id, method.docs));
        words.extend(
            method
                .fields
                .iter()
                .flat_map(|it| [(it.name, it.label), (it.name, it.help)]),
        );
    }
    for stream in descriptor.streams {
        words.extend([(stream.id, stream.label), (stream.id, stream.about)]);
    }
    words.extend(
        descriptor
            .settings
            .iter()
            .flat_map(|it| [(it.name, it.label), (it.name, it.help)]),
    );
    for (of, text) in words {
        ensure!(!text.trim().is_empty(), "`{of}` lacks a text");
    }
    for (of, link) in links {
        ensure!(
            link.starts_with("https://"),
            "the documentation of `{of}` is no https:// link"
        );
    }
    Ok(Verdict::Holds)
}

/// The harness can connect by every method, and by no other.
pub(super) fn ways<H: Harness>(lab: &Lab<H>) -> Outcome {
    let methods = lab.connector.descriptor().auth_methods.iter();
    let methods: BTreeSet<&str> = methods.map(|method| method.id).collect();
    let ways: BTreeSet<&str> = lab.harness.ways().iter().map(|way| way.method).collect();
    ensure!(
        methods == ways,
        "the harness connects by {ways:?}, the connector by {methods:?}"
    );
    Ok(Verdict::Holds)
}

/// Every waiver names a check that there is, and says why.
pub(super) fn waivers<H: Harness>(lab: &Lab<H>) -> Outcome {
    let checks = suite::checks(&lab.harness);
    for waiver in lab.harness.waivers() {
        let known = checks
            .iter()
            .any(|check| crate::report::covers(waiver, check));
        ensure!(known, "there is no check `{}` to waive", waiver.check);
        ensure!(
            !waiver.reason.trim().is_empty(),
            "`{}` is waived without a reason",
            waiver.check
        );
    }
    Ok(Verdict::Holds)
}
