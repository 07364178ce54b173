//! A form that was posted: from a page of ours, by the person who is logged in. Taking it as a
//! parameter is the only way for a handler to read one, so none can forget to check.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use connector_core::Form;

use crate::access::{Session, is_same_origin};
use crate::failure::{Answer, Failure};
use crate::state::State;

/// The name of the field that holds a form's token.
pub(super) const TOKEN: &str = "_token";

/// The values of a form, and who posted it.
pub(super) struct Posted {
    pub(super) session: Session,
    pub(super) form: Form,
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Answer<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let values = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let state = request
                .app_data::<web::Data<State>>()
                .ok_or_else(Failure::forged)?;
            let session = request.extensions().get::<Session>().cloned();
            let session = session.ok_or_else(Failure::unauthorized)?;
            let values = values.await.map_err(|_cause| Failure::forged())?;
            let form = check(state, &request, &session.id, values.into_inner())?;
            Ok(Self { session, form })
        })
    }
}

/// The values of a form, if it was sent from a page that this browser was shown.
pub(super) fn check(
    state: &State,
    request: &HttpRequest,
    browser: &str,
    values: Vec<(String, String)>,
) -> Answer<Form> {
    let (tokens, values): (Vec<_>, Vec<_>) =
        values.into_iter().partition(|(name, _)| name == TOKEN);
    let token = tokens.first().map(|(_, token)| token.as_str());
    let is_ours = is_same_origin(request, state.public_url())
        && state.csrf.is_valid(browser, token.unwrap_or_default())?;
    if !is_ours {
        return Err(Failure::forged());
    }
    let mut form = Form::new();
    for (name, value) in values {
        form.push(name, value);
    }
    Ok(form)
}
