//! One base address in place of every platform: a sandbox, or a gateway.

use std::sync::Arc;

use async_trait::async_trait;
use connector_core::{Download, Error, ErrorKind, Layer, Request, Response, Result, Transport};
use url::{Host, Url};

/// Sends `https://HOST/PATH` to `BASE/HOST/PATH`, and says so for addresses that a browser is to
/// visit. A port that isn't the scheme's own stays with the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reroute {
    base: Url,
}

impl Reroute {
    /// Reroutes to a base on this machine: `http://127.0.0.1:9400`, `http://localhost:9400/path`.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when the base is another machine, as credentials would go
    /// there, or when it isn't an address of a server.
    pub fn new(base: Url) -> Result<Self> {
        let here = match base.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if !here {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "a gateway must be on this machine, as every credential goes there; \
                 a remote one has to be allowed by its own setting",
            )
            .with("host", base.host_str().unwrap_or_default()));
        }
        Self::allow_remote(base)
    }

    /// Reroutes to a base that may be anywhere. Every credential is sent there.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when the base isn't `http` or `https`, or has a user, a query or
    /// a fragment.
    pub fn allow_remote(mut base: Url) -> Result<Self> {
        let plain = base.query().is_none()
            && base.fragment().is_none()
            && base.username().is_empty()
            && base.password().is_none();
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() || !plain {
            return Err(Error::new(
                ErrorKind::ConfigInvalid,
                "a gateway's address must be http://HOST or https://HOST, with a path at most",
            ));
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self { base })
    }

    /// Where everything goes.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Where this address leads through the gateway. One that leads there already, or that has no
    /// host, stays as it is.
    #[must_use]
    pub fn url(&self, url: &Url) -> Url {
        let Some(host) = url
            .host_str()
            .filter(|_| url.origin() != self.base.origin())
        else {
            return url.clone();
        };
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let base = self.base.path().trim_end_matches('/');
        let mut rerouted = self.base.clone();
        rerouted.set_path(&format!("{base}/{host}{port}{}", url.path()));
        rerouted.set_query(url.query());
        rerouted.set_fragment(url.fragment());
        rerouted
    }

    fn request(&self, mut request: Request) -> Result<Request> {
        let unusable = || Error::new(ErrorKind::Unexpected, "this address can't be rerouted");
        let url = Url::parse(&request.uri().to_string()).map_err(|_quotes_it| unusable())?;
        *request.uri_mut() = self
            .url(&url)
            .as_str()
            .parse()
            .map_err(|_quotes_it: http::uri::InvalidUri| unusable())?;
        Ok(request)
    }
}

impl Layer for Reroute {
    fn layer(&self, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Rerouted {
            inner,
            reroute: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Rerouted {
    inner: Arc<dyn Transport>,
    reroute: Reroute,
}

#[async_trait]
impl Transport for Rerouted {
    async fn send(&self, request: Request) -> Result<Response> {
        self.inner.send(self.reroute.request(request)?).await
    }

    async fn fetch(&self, request: Request) -> Result<Download> {
        self.inner.fetch(self.reroute.request(request)?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reroute(base: &str, url: &str) -> String {
        Reroute::new(base.parse().unwrap())
            .unwrap()
            .url(&url.parse().unwrap())
            .into()
    }

    #[test]
    fn the_host_becomes_the_first_part_of_the_path() {
        for base in ["http://127.0.0.1:9400", "http://127.0.0.1:9400/"] {
            for (from, to) in [
                (
                    "https://api.ebay.com/sell/v1/item",
                    "api.ebay.com/sell/v1/item",
                ),
                ("https://api.ebay.com", "api.ebay.com/"),
                (
                    "https://x.test/a%2Fb%20c/?q=%26&r=1",
                    "x.test/a%2Fb%20c/?q=%26&r=1",
                ),
                ("https://x.test:8443/a", "x.test:8443/a"),
                ("https://x.test:443/a", "x.test/a"),
                ("http://x.test/a#here", "x.test/a#here"),
            ] {
                assert_eq!(reroute(base, from), format!("http://127.0.0.1:9400/{to}"));
            }
        }
    }

    #[test]
    fn a_base_may_have_a_path() {
        assert_eq!(
            reroute("http://[::1]:1/in/", "https://x.test/a"),
            "http://[::1]:1/in/x.test/a"
        );
    }

    #[test]
    fn rerouting_twice_is_rerouting_once() {
        let base = "http://localhost:9400";
        let once = reroute(base, "https://x.test/a");
        assert_eq!(reroute(base, &once), once);
    }

    #[test]
    fn another_machine_must_be_allowed() {
        for base in [
            "http://10.0.0.1",
            "https://example.com",
            "http://localhost.example.com",
        ] {
            let error = Reroute::new(base.parse().unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConfigInvalid, "{base}");
            assert!(
                Reroute::allow_remote(base.parse().unwrap()).is_ok(),
                "{base}"
            );
        }
    }

    #[test]
    fn what_is_no_base_is_refused() {
        for base in [
            "ftp://127.0.0.1",
            "http://a:b@127.0.0.1",
            "http://127.0.0.1/?q",
            "mailto:a",
        ] {
            assert!(
                Reroute::allow_remote(base.parse().unwrap()).is_err(),
                "{base}"
            );
        }
    }
}
