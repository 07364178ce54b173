//! One span and one count per request: method, route, status, time, id. Never a query, a header or
//! a body.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};
use tokio::time::Instant;
use tracing::{Instrument as _, field};
use uuid::Uuid;

use crate::state::State;

/// How many requests were answered, by route and status.
#[derive(Debug, Default)]
pub(crate) struct RequestCounts(Mutex<BTreeMap<(String, u16), u64>>);

impl RequestCounts {
    fn count(&self, route: &str, status: u16) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((route.to_owned(), status)).or_default() += 1;
    }

    /// Route, status and how many.
    pub(crate) fn all(&self) -> Vec<(String, u16, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|((route, status), count)| (route.clone(), *status, *count))
            .collect()
    }
}

/// Runs a request in its span.
pub(crate) async fn record<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let id = request.extensions().get::<Uuid>().copied();
    let span = tracing::info_span!(
        "request",
        http.method = %request.method(),
        http.route = field::Empty,
        http.status = field::Empty,
        duration_ms = field::Empty,
        request_id = id.map(field::display),
    );
    let began = Instant::now();
    let outcome = next.call(request).instrument(span.clone()).await;
    if let Ok(response) = &outcome {
        let pattern = response.request().match_pattern();
        // What no route matched is one route: paths that strangers make up are no labels.
        let route = pattern.as_deref().unwrap_or("(none)");
        let status = response.status().as_u16();
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        span.record("http.route", route);
        span.record("http.status", status);
        span.record("duration_ms", millis);
        span.in_scope(|| tracing::info!("request answered"));
        if let Some(state) = state {
            state.requests.count(route, status);
        }
    }
    outcome
}
