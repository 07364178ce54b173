//! `crossdock connect`: drives the connect flow in a terminal, whatever the platform asks.

use std::io::{BufRead as _, IsTerminal as _};
use std::time::Duration;

use connector_core::{Ask, AuthMethod, Choice, Field, FieldKind, Form};
use crossdock_api::Loopback;
use crossdock_engine::{BrowserKey, ConnectRequest, Progress, ResumeRequest};
use dialoguer::{Input, MultiSelect, Password, Select};
use serde_json::json;
use url::Url;

use crate::app::App;
use crate::args;
use crate::failure::Failure;
use crate::output::Output;

/// How long a person may take at the platform: as long as a pending connect lives.
const PATIENCE: Duration = Duration::from_mins(10);

pub(crate) async fn run(args: args::Connect, app: &App, output: Output) -> Result<(), Failure> {
    let platform = app.engine.registry().get(&args.platform)?.descriptor();
    let method = match &args.method {
        Some(id) => platform.auth_method(id).ok_or_else(|| {
            let known: Vec<_> = platform
                .auth_methods
                .iter()
                .map(|method| method.id)
                .collect();
            Failure::usage(format!(
                "{} can't be connected by {id}; it can by: {}",
                platform.name,
                known.join(", ")
            ))
        })?,
        None => platform
            .auth_methods
            .first()
            .ok_or_else(|| Failure::usage(format!("{} can't be connected", platform.name)))?,
    };
    let form = fill(method, &args, output)?;
    let shell = Shell::open(app, method, args.no_browser, output)?;
    let mut progress = app
        .engine
        .begin_connect(
            app.project,
            ConnectRequest {
                platform: platform.id.to_owned(),
                method: Some(method.id.to_owned()),
                form,
                return_to: shell.return_to(app)?,
                browser: shell.browser.clone(),
                settings: None,
                keep_raw: args.keep_raw.then_some(true),
            },
        )
        .await?;
    loop {
        let (key, answer) = match progress {
            Progress::Redirect { url, key } => {
                let answer = shell.visit(&url).await?;
                (key, answer)
            }
            Progress::Prompt { ask, key } => (key, answer(&ask, output)?),
            connected => return report(connected, output),
        };
        progress = app
            .engine
            .resume_connect(ResumeRequest {
                key,
                answer,
                browser: shell.browser.clone(),
                project: Some(app.project),
            })
            .await?;
    }
}

/// Says that an account is connected.
pub(crate) fn report(progress: Progress, output: Output) -> Result<(), Failure> {
    let Progress::Connected {
        connection,
        account,
        renewed,
    } = progress
    else {
        return Err(Failure::usage(
            "this way to connect needs a person: crossdock connect",
        ));
    };
    let value = json!({ "connection": connection, "account": account, "renewed": renewed });
    output.result(&value, || {
        let what = if renewed {
            "is connected again"
        } else {
            "is connected"
        };
        let mut text = format!(
            "{} {what}: {} ({})",
            connection.platform, account.name, account.id
        );
        for warning in &account.warnings {
            text = format!("{text}\n  mind: {warning}");
        }
        format!("{text}\nNext: crossdock sync {}", connection.platform)
    })
}

/// The terminal's part of a flow: who is connecting, and where a platform sends them back to.
struct Shell {
    loopback: Option<Loopback>,
    browser: BrowserKey,
    reroute: Option<connector_http::Reroute>,
    no_browser: bool,
    output: Output,
}

impl Shell {
    fn open(
        app: &App,
        method: &AuthMethod,
        no_browser: bool,
        output: Output,
    ) -> Result<Self, Failure> {
        let loopback = if method.redirects {
            let port = app.settings.loopback_port;
            let bound = Loopback::bind(Some(port), &app.context);
            Some(bound.map_err(|error| Failure::io(format!("127.0.0.1:{port}"), &error))?)
        } else {
            None
        };
        let browser = match &loopback {
            Some(loopback) => loopback.browser(),
            None => BrowserKey::new(app.context.random_token()),
        };
        Ok(Self {
            loopback,
            browser,
            reroute: app.reroute.clone(),
            no_browser,
            output,
        })
    }

    fn return_to(&self, app: &App) -> Result<Url, Failure> {
        let url = match &self.loopback {
            Some(loopback) => loopback.return_to(),
            None => Url::parse(&format!(
                "http://127.0.0.1:{}/callback",
                app.settings.loopback_port
            )),
        };
        url.map_err(|error| Failure::config(format!("loopback_port: {error}")))
    }

    /// Sends the person to the platform and waits for them to come back.
    async fn visit(&self, url: &Url) -> Result<Form, Failure> {
        let Some(loopback) = &self.loopback else {
            return Err(Failure::usage("this way to connect needs a browser"));
        };
        let url = match &self.reroute {
            Some(reroute) => reroute.url(url),
            None => url.clone(),
        };
        loopback.send_to(url);
        let start = loopback
            .start_url()
            .map_err(|error| Failure::config(error.to_string()))?;
        if self.no_browser || open::that_detached(start.as_str()).is_err() {
            self.output.note(&format!(
                "Visit this address in a browser on this machine:\n\n  {start}\n"
            ));
        } else {
            self.output
                .note("Your browser shows the platform's consent page.");
        }
        match loopback.wait(PATIENCE).await {
            Some(returned) => Ok(returned.answer),
            None => Err(Failure::incomplete(
                "nobody came back from the platform within ten minutes",
            )),
        }
    }
}

/// The method's form: from the flags, else asked for.
fn fill(method: &AuthMethod, args: &args::Connect, output: Output) -> Result<Form, Failure> {
    for (name, _) in &args.fields {
        if !method.fields.iter().any(|field| field.name == name) {
            let known: Vec<_> = method.fields.iter().map(|field| field.name).collect();
            return Err(Failure::usage(format!(
                "--field {name}: this way to connect asks for: {}",
                known.join(", ")
            )));
        }
    }
    let mut secret = args.secret_stdin.then(read_line).transpose()?;
    let mut form = Form::new();
    for field in method.fields {
        let given = args.fields.iter().find(|(name, _)| name == field.name);
        let value = match given {
            Some((_, value)) => Some(value.clone()),
            None if field.kind == FieldKind::Secret && secret.is_some() => secret.take(),
            None => ask_for(field, output)?,
        };
        if let Some(value) = value {
            form.push(field.name, value);
        }
    }
    Ok(form)
}

fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask_for(field: &Field, output: Output) -> Result<Option<String>, Failure> {
    if !output.is_watched() || !std::io::stdin().is_terminal() {
        if !field.required {
            return Ok(None);
        }
        let how = match field.kind {
            FieldKind::Secret => "--secret-stdin".to_owned(),
            _ => format!("--field {}=…", field.name),
        };
        return Err(Failure::usage(format!(
            "{}: nobody can be asked here; say {how}",
            field.label
        )));
    }
    output.note(&format!("{} ({})", field.help, field.example));
    let typed = match field.kind {
        FieldKind::Secret => Password::new()
            .with_prompt(field.label)
            .allow_empty_password(!field.required)
            .interact(),
        _ => Input::<String>::new()
            .with_prompt(field.label)
            .allow_empty(!field.required)
            .interact_text(),
    };
    let typed = typed.map_err(|dialoguer::Error::IO(error)| Failure::from(error))?;
    Ok(Some(typed).filter(|typed| !typed.is_empty()))
}

/// Puts a platform's question to the person.
fn answer(ask: &Ask, output: Output) -> Result<Form, Failure> {
    let mut form = Form::new();
    match ask {
        Ask::Fill { fields } => {
            for field in *fields {
                if let Some(value) = ask_for(field, output)? {
                    form.push(field.name, value);
                }
            }
        }
        Ask::Choose {
            field,
            label,
            among,
            many,
        } => {
            if !output.is_watched() {
                return Err(Failure::usage(format!("{label}: nobody can be asked here")));
            }
            for choice in choose(label, among, *many)? {
                form.push(*field, choice.value.clone());
            }
        }
        _ => {
            return Err(Failure::usage(
                "this version can't ask what the platform wants to know",
            ));
        }
    }
    Ok(form)
}

fn choose<'a>(label: &str, among: &'a [Choice], many: bool) -> Result<Vec<&'a Choice>, Failure> {
    let labels: Vec<_> = among.iter().map(|choice| choice.label.as_str()).collect();
    let chosen = if many {
        MultiSelect::new()
            .with_prompt(label)
            .items(&labels)
            .interact()
    } else {
        Select::new()
            .with_prompt(label)
            .items(&labels)
            .interact()
            .map(|one| vec![one])
    };
    let chosen = chosen.map_err(|dialoguer::Error::IO(error)| Failure::from(error))?;
    Ok(chosen
        .into_iter()
        .filter_map(|index| among.get(index))
        .collect())
}
