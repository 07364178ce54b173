//! `crossdock keys`: making, rotating and importing.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use connector_core::ExposeSecret as _;
use connector_core::{AuthMethod, Descriptor, Field, FieldKind, Form, SecretString};
use crossdock_vault::import::LegacyKey;
use crossdock_vault::{KeyFile, KeyRing, Vault};
use serde_json::json;
use zeroize::Zeroizing;

use crate::app::{self, App};
use crate::args;
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Settings;

pub(crate) async fn run(
    args: args::Keys,
    settings: Settings,
    output: Output,
) -> Result<(), Failure> {
    match args {
        args::Keys::Generate { print } => generate(print, &settings, output),
        args::Keys::Rotate { retire } => rotate(retire, settings, output).await,
        args::Keys::Import(args) => import(args, &App::open(settings).await?, output).await,
    }
}

fn generate(print: bool, settings: &Settings, output: Output) -> Result<(), Failure> {
    if print {
        return output.line(KeyRing::generate()?.to_text().expose_secret());
    }
    let path = settings.key_file();
    if let Some(dir) = path.parent() {
        app::make_dir(dir)?;
    }
    let file = KeyFile::create_new(&path)?;
    let ids: Vec<String> = file.ring().ids().map(ToString::to_string).collect();
    output.result(&json!({ "key_file": path, "keys": ids }), || {
        format!(
            "A key is in {}. Keep a copy elsewhere: without it, every account must be connected \
             again.",
            path.display()
        )
    })
}

/// Adds a key, seals everything anew, and takes the old keys away if asked to. Interrupted, it goes
/// on when it is run again.
async fn rotate(retire: bool, settings: Settings, output: Output) -> Result<(), Failure> {
    if settings.keys.is_some() {
        return Err(Failure::usage(
            "the keys come from CROSSDOCK_KEYS: put a new first line there (`crossdock keys \
             generate --print`), start every process anew, and run `crossdock keys rotate` with \
             the same lines in a key file",
        ));
    }
    let mut file = KeyFile::load(settings.key_file())?;
    let mut ring = file.ring().clone();
    let is_first_attempt = ring.ids().count() == 1;
    if is_first_attempt {
        ring.add_generated()?;
        file.replace(ring.clone())?;
    }
    let app = App::open(settings).await?;
    let mut progress = app
        .engine
        .rotate_keys(Arc::new(Vault::new(&ring)?), |progress| {
            output.note(&format!("  {} sealed anew", progress.resealed));
        })
        .await?;
    if progress.changed > 0 {
        progress = app
            .engine
            .rotate_keys(Arc::new(Vault::new(&ring)?), |_| {})
            .await?;
    }
    if retire && progress.is_complete() {
        let old: Vec<_> = ring.ids().skip(1).cloned().collect();
        for id in old {
            ring.retire(&id)?;
        }
        file.replace(ring.clone())?;
    }
    let keys: Vec<String> = ring.ids().map(ToString::to_string).collect();
    output.result(&json!({ "progress": progress, "keys": keys }), || {
        format!(
            "Sealed anew: {}. Already current: {}. Keys: {}.{}",
            progress.resealed,
            progress.current,
            keys.join(" "),
            if keys.len() > 1 {
                " Start other processes anew, then take the old ones away with --retire."
            } else {
                ""
            }
        )
    })?;
    if progress.unreadable > 0 {
        return Err(Failure::config(format!(
            "{} sealed texts open under none of the keys; they were left as they are",
            progress.unreadable
        )));
    }
    Ok(())
}

async fn import(args: args::Import, app: &App, output: Output) -> Result<(), Failure> {
    let secret = read_secret(&args.from)?;
    let key = match &args.key {
        Some(path) => Some(LegacyKey::parse(&read_secret(path)?)?),
        None => None,
    };
    let platform = app.engine.registry().get(&args.platform)?.descriptor();
    let method = method_with_secret(platform, args.method.as_deref())?;
    let mut form = Form::new();
    for (name, value) in args.fields {
        form.push(name, value);
    }
    if let Some(field) = secret_field(method) {
        form.push(field.name, secret.expose_secret());
    }
    let progress = app
        .engine
        .import_credential(
            app.project,
            platform.id,
            Some(method.id),
            &form,
            key.as_ref(),
        )
        .await?;
    super::connect::report(progress, output)
}

/// The way to connect that takes a secret by hand: the one that was named, or the first such.
fn method_with_secret(
    platform: &'static Descriptor,
    named: Option<&str>,
) -> Result<&'static AuthMethod, Failure> {
    let takes_secret = |method: &&AuthMethod| secret_field(method).is_some();
    let method = match named {
        Some(id) => platform.auth_method(id).filter(takes_secret),
        None => platform.auth_methods.iter().find(takes_secret),
    };
    method.ok_or_else(|| {
        Failure::usage(format!(
            "{} has no such way to connect that takes a token",
            platform.name
        ))
    })
}

fn secret_field(method: &AuthMethod) -> Option<&'static Field> {
    method
        .fields
        .iter()
        .find(|field| field.kind == FieldKind::Secret)
}

fn read_secret(path: &Path) -> Result<SecretString, Failure> {
    let mut bytes = Zeroizing::new(String::new());
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut bytes))
    };
    read.map_err(|error| Failure::io(path.display(), &error))?;
    Ok(SecretString::from(bytes.trim().to_owned()))
}
