//! What the app's secret proves: that a call comes from the app's server.

use connector_core::{Error, ErrorKind, ExposeSecret as _, Result, SecretString};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The proof to send with a token: its HMAC-SHA256 under the app's secret, in hexadecimal.
///
/// Each token has its own, so a page's token goes with a page's proof (developers.facebook.com,
/// "Securing Graph API calls").
///
/// # Errors
/// [`ErrorKind::Unexpected`] when the secret can't be a key, which no secret is known not to be.
pub fn appsecret_proof(app_secret: &SecretString, token: &SecretString) -> Result<String> {
    let mut mac = mac(app_secret.expose_secret().as_bytes())?;
    mac.update(token.expose_secret().as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

fn mac(key: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key)
        .map_err(|_cause| Error::new(ErrorKind::Unexpected, "the app's secret can't be a key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_that_of_metas_own_client() {
        let secret = "appsecret".to_owned().into();
        let proof = appsecret_proof(&secret, &"TOKEN".to_owned().into()).unwrap();
        assert_eq!(
            proof,
            "5ce7e27778ee701854c15400a27248a17dca845fae4a6a40efc6de3c6e504067"
        );
        let other = appsecret_proof(&secret, &"TOKEN2".to_owned().into()).unwrap();
        assert_ne!(other, proof);
    }
}
