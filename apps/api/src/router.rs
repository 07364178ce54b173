//! Every route on one page, and what is around them.

use actix_web::body::BoxBody;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpResponse, web};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::guard;
use crate::failure::{Failure, shape};
use crate::state::State;
use crate::telemetry::record;
use crate::{console, openapi, routes};

/// How large a body may be, but for webhooks, which have a limit of their own.
const BODY_LIMIT: usize = 256 * 1024;

/// The whole application. From the outside in: the form of replies, the record of requests, the
/// guard, the routes.
pub(crate) fn app(
    state: web::Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(state)
        .app_data(web::PayloadConfig::new(BODY_LIMIT))
        .app_data(
            web::JsonConfig::default()
                .limit(BODY_LIMIT)
                .error_handler(|error, _| Failure::from(error).into()),
        )
        .app_data(
            web::FormConfig::default()
                .limit(BODY_LIMIT)
                .error_handler(|error, _| Failure::from(error).into()),
        )
        .app_data(web::QueryConfig::default().error_handler(|e, _| Failure::from(e).into()))
        .app_data(web::PathConfig::default().error_handler(|e, _| Failure::from(e).into()))
        .wrap(from_fn(guard))
        .wrap(from_fn(record))
        .wrap(from_fn(shape))
        .into_utoipa_app()
        .configure(documented)
        .into_app()
        .configure(console::pages)
        .default_service(web::to(nothing_here))
}

/// The routes that programs use. What is registered here is in the OpenAPI document; there is no
/// other way in.
pub(crate) fn documented(config: &mut ServiceConfig<'_>) {
    config
        .service(routes::platforms::list_platforms)
        .service(routes::connections::list_connections)
        .service(routes::connect::begin_connect)
        .service(routes::connect::resume_connect)
        .service(routes::connections::get_connection)
        .service(routes::connections::set_connection)
        .service(routes::connections::disconnect)
        .service(routes::connections::test_connection)
        .service(routes::connections::refresh_connection)
        .service(routes::subscriptions::list_subscriptions)
        .service(routes::subscriptions::subscribe)
        .service(routes::subscriptions::unsubscribe)
        .service(routes::oauth::install)
        .service(routes::oauth::callback)
        // Before the route that takes any name in their place.
        .service(routes::sync::sync_status)
        .service(routes::sync::sync_log)
        .service(routes::sync::start_sync)
        .service(routes::records::read_records)
        .service(routes::records::read_changes)
        .service(routes::measurements::metrics_overview)
        .service(routes::measurements::metrics_of_platform)
        .service(routes::attribution::read_attribution)
        .service(routes::webhooks::answer_challenge)
        .service(routes::webhooks::receive_webhook)
        .service(routes::health::alive)
        .service(routes::health::ready)
        .service(routes::metrics::read_metrics)
        .service(openapi::openapi_document);
}

/// An address that nothing is at, or not for this method.
async fn nothing_here(request: HttpRequest) -> HttpResponse {
    let allowed = allowed(request.path());
    if allowed.is_empty() {
        return HttpResponse::NotFound().finish();
    }
    let mut response = HttpResponse::MethodNotAllowed().finish();
    if let Ok(allow) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// The methods that an address takes, as the OpenAPI document has them.
fn allowed(path: &str) -> Vec<&'static str> {
    let mut methods: Vec<&'static str> = openapi::document()
        .paths
        .paths
        .iter()
        .filter(|(pattern, _)| ResourceDef::new(pattern.as_str()).is_match(path))
        .flat_map(|(_, item)| {
            [
                ("GET", &item.get),
                ("PUT", &item.put),
                ("POST", &item.post),
                ("DELETE", &item.delete),
            ]
        })
        .filter_map(|(method, operation)| operation.as_ref().map(|_| method))
        .collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}
