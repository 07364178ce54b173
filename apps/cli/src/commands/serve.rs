//! `crossdock serve`: the API and the console.

use connector_core::ExposeSecret as _;
use crossdock_api::{ApiSettings, Application, Parts, ensure_admin_token};
use std::sync::Arc;

use crate::app::App;
use crate::args;
use crate::commands::sandbox::shutdown;
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Settings;

pub(crate) async fn run(
    args: args::Serve,
    mut settings: Settings,
    output: Output,
) -> Result<(), Failure> {
    if let Some(listen) = args.listen {
        settings.listen = listen;
    }
    if let Some(url) = args.public_url {
        settings.public_url = Some(url);
    }
    let api = ApiSettings {
        public_url: settings.public_url.clone(),
        ..ApiSettings::new(settings.listen)
    };
    let app = App::open(settings).await?;
    let application = build(&app, api).await?;
    let token = ensure_admin_token(app.engine.store(), &app.context).await?;
    if let Some(token) = &token {
        output.note(&format!(
            "The admin token, shown this once; it opens the console and the API:\n\n  {}\n",
            token.expose_secret()
        ));
    }
    if let Some(reroute) = &app.reroute {
        output.note(&format!(
            "Everything for platforms goes to {} instead.",
            reroute.base()
        ));
    }
    let address = application.public_url().to_string();
    output.result(&serde_json::json!({ "address": address }), || {
        format!("The console is at {address}")
    })?;
    Ok(application.run_until(shutdown()).await?)
}

/// The service over what is open.
pub(crate) async fn build(app: &App, settings: ApiSettings) -> Result<Application, Failure> {
    Ok(Application::build(Parts {
        engine: app.engine.clone(),
        vault: Arc::clone(&app.vault),
        context: app.context.clone(),
        settings,
        reroute: app.reroute.clone(),
    })
    .await?)
}
