//! Reads `Retry-After` in all the forms in which platforms send it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;

/// A delay of more than a day is taken as one day: what waits that long is asked again.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The delay that the headers ask for: whole seconds or an HTTP date (RFC 9110, 10.2.3), or seconds
/// with a fraction, which several platforms send.
#[must_use]
pub fn parse(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    let delay = match value.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => {
            Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST)
        }
        Ok(_) => return None,
        Err(_) => {
            let at = DateTime::<Utc>::from(httpdate::parse_http_date(value).ok()?);
            (at - now).to_std().unwrap_or(Duration::ZERO)
        }
    };
    Some(delay.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::RETRY_AFTER, value.parse().unwrap());
        parse(&headers, "1994-11-06T08:49:30Z".parse().unwrap())
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(read("3"), Some(Duration::from_secs(3)));
        assert_eq!(read(" 2.5 "), Some(Duration::from_millis(2500)));
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::from_secs(7))
        );
        assert_eq!(read("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn nonsense_is_no_delay_and_a_long_one_is_a_day() {
        for nonsense in ["", "soon", "-1", "NaN", "inf"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
        assert_eq!(read("1e300"), Some(LONGEST));
        assert_eq!(read("999999999"), Some(LONGEST));
    }
}
