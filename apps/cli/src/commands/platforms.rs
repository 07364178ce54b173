//! `crossdock platforms`: what can be connected, and how.

use crate::app;
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Settings;

pub(crate) fn list(settings: &Settings, output: Output) -> Result<(), Failure> {
    let registry = app::registry(settings)?;
    let descriptors: Vec<_> = registry
        .iter()
        .map(|connector| connector.descriptor())
        .collect();
    output.result(&descriptors, || {
        let mut text = String::new();
        for platform in &descriptors {
            line(
                &mut text,
                format_args!("{} ({})", platform.name, platform.id),
            );
            line(&mut text, format_args!("  {}", platform.summary));
            for method in platform.auth_methods {
                line(
                    &mut text,
                    format_args!("  connect by {}: {}", method.id, method.label),
                );
                for field in method.fields {
                    line(
                        &mut text,
                        format_args!("    {}: {}", field.name, field.help),
                    );
                }
                line(&mut text, format_args!("    see {}", method.docs));
            }
            let streams: Vec<_> = platform.streams.iter().map(|stream| stream.id).collect();
            line(&mut text, format_args!("  streams: {}", streams.join(", ")));
            for setting in platform.settings {
                line(
                    &mut text,
                    format_args!("  setting {}: {}", setting.name, setting.help),
                );
            }
            text.push('\n');
        }
        text
    })
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.push_str(&line.to_string());
    text.push('\n');
}
