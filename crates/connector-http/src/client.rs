//! The transport over reqwest, and the one place where its TLS is set up.

use std::sync::Arc;

use async_trait::async_trait;
use connector_core::{Download, Error, ErrorKind, Request, Response, Result, Transport};
use futures::{StreamExt as _, TryStreamExt as _};

use crate::body;
use crate::failure::classify;
use crate::options::Options;

/// What [`Transport::send`] reads at most, whatever the layers around it allow: 256 MiB.
const HARD_LIMIT: usize = 256 * 1024 * 1024;

/// A pool of connections. Cheap to clone; one serves every platform.
#[derive(Clone, Debug)]
pub struct Reqwest(reqwest::Client);

impl Reqwest {
    /// A client with these options, of which it takes `connect_timeout`, `proxy` and `user_agent`;
    /// the others are for the layers.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when the options can't make a client.
    pub fn new(options: &Options) -> Result<Self> {
        let invalid = |cause: reqwest::Error| {
            Error::new(ErrorKind::ConfigInvalid, "the HTTP client can't be built")
                .with_source(cause.without_url())
        };
        // reqwest would accept any other, and fail at the first request.
        if options
            .proxy
            .as_ref()
            .is_some_and(|proxy| !matches!(proxy.scheme(), "http" | "https"))
        {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "a proxy's address must begin with http:// or https://",
            ));
        }
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // Else reqwest takes one from the environment.
            .no_proxy()
            .gzip(true)
            .connect_timeout(options.connect_timeout)
            .user_agent(&options.user_agent);
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(invalid)?);
        }
        builder.build().map(Self).map_err(invalid)
    }
}

#[async_trait]
impl Transport for Reqwest {
    async fn send(&self, request: Request) -> Result<Response> {
        body::read(self.fetch(request).await?, HARD_LIMIT).await
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        let request = reqwest::Request::try_from(request).map_err(classify)?;
        let answer = self.0.execute(request).await.map_err(classify)?;
        let (status, version) = (answer.status(), answer.version());
        let headers = answer.headers().clone();
        let mut download = Download::new(answer.bytes_stream().map_err(classify).boxed());
        *download.status_mut() = status;
        *download.version_mut() = version;
        *download.headers_mut() = headers;
        Ok(download)
    }
}

/// TLS 1.2 and 1.3 on ring, against Mozilla's roots.
fn tls() -> Result<rustls::ClientConfig> {
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| {
            Error::new(ErrorKind::Unexpected, "TLS can't be set up").with_source(cause)
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A configuration that is handed over whole must name these itself, or HTTP/2 is lost.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_2_is_offered_and_roots_are_there_without_any_file() {
        let config = tls().unwrap();
        assert_eq!(
            config.alpn_protocols,
            [b"h2".to_vec(), b"http/1.1".to_vec()]
        );
        assert!(webpki_roots::TLS_SERVER_ROOTS.len() > 50);
    }
}
