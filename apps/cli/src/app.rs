//! Opens what a command works with: keys, database, connectors, engine.

use std::path::Path;
use std::sync::Arc;

use connector_core::ExposeSecret as _;
use connector_core::{Context, ErrorKind, Registry};
use connector_http::{Options, Reroute};
use crossdock_engine::{Engine, EngineParts, Instance};
use crossdock_persistence::{Connection, ProjectId, ProjectStore, Store, StoreOptions};
use crossdock_vault::{KeyFile, KeyRing, Vault};

use crate::failure::Failure;
use crate::settings::Settings;

/// Everything open. One project: the binary serves one merchant, and `default` is theirs.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) engine: Engine,
    pub(crate) vault: Arc<Vault>,
    pub(crate) context: Context,
    pub(crate) reroute: Option<Reroute>,
    pub(crate) project: ProjectId,
}

impl App {
    /// Opens everything, and brings the database up to this version.
    pub(crate) async fn open(settings: Settings) -> Result<Self, Failure> {
        make_dir(&settings.data_dir)?;
        make_dir(&settings.lock_dir())?;
        let vault = Arc::new(Vault::new(&key_ring(&settings)?)?);
        let reroute = reroute(&settings)?;
        let context = connector_http::context(&Options {
            reroute: reroute.clone(),
            ..Options::default()
        })?;
        let registry = registry(&settings)?;
        let store = open_store(&settings).await?;
        store.migrate().await?;
        let project = store.default_project().await?.id;
        let instance = Instance::with_lock_dir(settings.lock_dir(), &context)
            .map_err(|error| Failure::io(settings.lock_dir().display(), &error))?;
        let engine = Engine::new(EngineParts {
            registry,
            store,
            vault: Arc::clone(&vault),
            context: context.clone(),
            instance,
        });
        Ok(Self {
            settings,
            engine,
            vault,
            context,
            reroute,
            project,
        })
    }

    /// What is stored for the project.
    pub(crate) fn store(&self) -> ProjectStore {
        self.engine.store().project(self.project)
    }

    /// The connection that a person means.
    pub(crate) async fn connection(&self, name_or_id: &str) -> Result<Connection, Failure> {
        Ok(self.store().resolve(name_or_id).await?)
    }
}

/// The database, as it is.
pub(crate) async fn open_store(settings: &Settings) -> Result<Store, Failure> {
    Ok(Store::open(StoreOptions::new(settings.database_url().expose_secret())).await?)
}

/// The connectors, with what the operator configured.
pub(crate) fn registry(settings: &Settings) -> Result<Registry, Failure> {
    Ok(connector_registry::builtin(&settings.platforms))
}

/// The gateway, if one is set.
pub(crate) fn reroute(settings: &Settings) -> Result<Option<Reroute>, Failure> {
    let Some(base) = settings.gateway.clone() else {
        return Ok(None);
    };
    let reroute = if settings.gateway_allow_remote {
        Reroute::allow_remote(base)
    } else {
        Reroute::new(base)
    };
    match reroute {
        Ok(reroute) => Ok(Some(reroute)),
        Err(error) if error.kind() == ErrorKind::ConfigInvalid => {
            Err(Failure::config(format!("gateway: {}", error.message())))
        }
        Err(error) => Err(error.into()),
    }
}

/// The keys: from the setting, else from the file. None is no start.
pub(crate) fn key_ring(settings: &Settings) -> Result<KeyRing, Failure> {
    if let Some(text) = &settings.keys {
        return Ok(KeyRing::parse(text)?);
    }
    let path = settings.key_file();
    if !path.exists() {
        return Err(Failure::config(format!(
            "there is no key to seal secrets with: run `crossdock keys generate` to make {}, or \
             set CROSSDOCK_KEYS to the text of a key file",
            path.display()
        )));
    }
    Ok(KeyFile::load(path)?.ring().clone())
}

/// Makes a folder that only its owner can read.
pub(crate) fn make_dir(path: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| Failure::io(format!("{} can't be made", path.display()), &error))
}
