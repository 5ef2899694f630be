//! Reading what another server answers, up to a limit.

use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::trust::NotHeard;
use interkpa_federation::{Instant, Span, Uri};
use reqwest::header::{CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::error::{NetError, RedirectRefused};

/// What another server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The address that answered, after redirects, without fragment.
    pub uri: Uri,
    /// HTTP status.
    pub status: u16,
    /// How long the server asks us to wait, at most `RETRY_AFTER_MAX`.
    pub retry_after: Option<Span>,
    /// What a hub says with a 403 to a delivery, when it says it in our words.
    pub not_heard: Option<NotHeard>,
    /// `Content-Type` as sent.
    pub content_type: String,
    /// The body, decompressed; empty for a POST.
    pub body: Vec<u8>,
}

/// Longest wait that a server may ask for.
pub(super) const RETRY_AFTER_MAX: Span = Span::days(1);
/// How much of the answer to a POST is read, so that the connection can be used again.
const DRAINED_BYTES_MAX: usize = 16 << 10;

/// The answer to a POST: its status is its meaning, and the code of a 403. What else it says is
/// read and forgotten.
pub(super) async fn of_post(
    mut response: Response,
    uri: &Uri,
    now: Instant,
) -> Result<Answer, NetError> {
    let status = response.status();
    let retry_after = retry_after(&response, now);
    if status.is_redirection() {
        return Err(NetError::Redirect(RedirectRefused::Delivery));
    }
    let tells = status == StatusCode::FORBIDDEN && is_problem(&response);
    let (mut drained, mut said) = (0, Vec::new());
    // The status is known: a body that breaks changes nothing.
    while let Ok(Some(chunk)) = response.chunk().await {
        drained += chunk.len();
        if drained > DRAINED_BYTES_MAX {
            said.clear();
            break;
        }
        if tells {
            said.extend_from_slice(&chunk);
        }
    }
    Ok(Answer {
        uri: uri.without_fragment(),
        status: status.as_u16(),
        retry_after,
        not_heard: not_heard(&said),
        content_type: String::new(),
        body: Vec::new(),
    })
}

/// Whether an answer is a refusal with a code (RFC 9457).
fn is_problem(response: &Response) -> bool {
    let essence = only(response, &CONTENT_TYPE).and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim() == "application/problem+json")
}

/// The code of a refusal, if it is one of those that say that we are not heard.
fn not_heard(said: &[u8]) -> Option<NotHeard> {
    let problem = strict_json(said, JsonLimits::DOCUMENT).ok()?;
    NotHeard::parse(problem.get("code")?.as_str()?)
}

/// The answer to a GET: status 200, a type that `accepts` holds for, at most `bytes_max` bytes.
pub(super) async fn of_get(
    mut response: Response,
    uri: &Uri,
    bytes_max: usize,
    accepts: impl Fn(&str) -> bool,
) -> Result<Answer, NetError> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::GONE => return Err(NetError::Gone),
        other => return Err(NetError::Status(other.as_u16())),
    }
    let content_type = only(&response, &CONTENT_TYPE)
        .unwrap_or_default()
        .to_owned();
    if !accepts(&content_type) {
        return Err(NetError::ContentType);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| NetError::from_library(&error))?
    {
        if body.len() + chunk.len() > bytes_max {
            return Err(NetError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        uri: uri.without_fragment(),
        status: StatusCode::OK.as_u16(),
        retry_after: None,
        not_heard: None,
        content_type,
        body,
    })
}

/// Where a redirect leads, if the answer is one. `Location` under another status means nothing.
///
/// A relative target is resolved against `from` (RFC 3986 §5); the result is judged like any
/// address that a stranger names.
pub(super) fn redirect(response: &Response, from: &Uri) -> Result<Option<Uri>, NetError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let refused = |why| NetError::Redirect(why);
    let target = only(response, &LOCATION)
        .and_then(|location| from.as_url().join(location).ok())
        .and_then(|url| Uri::from_url(url).ok())
        .filter(|uri| uri.as_str().len() <= interkpa_federation::uri::URI_BYTES_MAX)
        .ok_or_else(|| refused(RedirectRefused::Target))?
        .without_fragment();
    if target.as_url().scheme() != from.as_url().scheme() {
        return Err(refused(RedirectRefused::Scheme));
    }
    Ok(Some(target))
}

/// The value of a header that stands there exactly once and is ASCII.
fn only<'r>(response: &'r Response, name: &HeaderName) -> Option<&'r str> {
    let mut values = response.headers().get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

fn retry_after(response: &Response, now: Instant) -> Option<Span> {
    let text = only(response, &RETRY_AFTER)?.trim();
    let wait = match text.parse::<u32>() {
        Ok(seconds) => Span::seconds(i64::from(seconds)),
        Err(_date) => Instant::parse_http_date(text).ok()? - now,
    };
    Some(wait.clamp(Span::seconds(0), RETRY_AFTER_MAX))
}
