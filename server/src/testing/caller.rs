//! Requests of a test: plain ones, ones of a member's program, ones with any header.

use std::sync::Arc;

use interkpa_federation::Uri;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::fediverse::address::Reach;
use crate::fediverse::resolve::{CheckedResolver, LoopbackLookup};

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answered {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error} in answer {}: {}", self.status, self.text))
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        let problem = self.json();
        problem
            .get("code")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// The value of a header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// A client that resolves `*.localhost` and follows nothing.
#[derive(Debug, Clone)]
pub struct Caller(reqwest::Client);

impl Caller {
    /// A client without any memory of its own.
    pub fn new() -> Self {
        let resolver = CheckedResolver::new(Reach::Loopback, Arc::new(LoopbackLookup));
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .dns_resolver(Arc::new(resolver))
            .build()
            .expect("a client without TLS needs nothing");
        Self(client)
    }

    /// One request with exactly these headers, a repeated one as often as it stands there.
    pub async fn send(
        &self,
        method: &str,
        uri: &Uri,
        headers: &[(String, String)],
        body: Option<Vec<u8>>,
    ) -> Answered {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header name");
            map.append(name, HeaderValue::from_str(value).expect("a header value"));
        }
        let method = method.parse().expect("a method");
        let mut request = self.0.request(method, uri.as_url().clone()).headers(map);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.expect("the hub answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer is complete");
        Answered {
            status,
            headers,
            text,
        }
    }

    /// A GET for ActivityPub JSON, unsigned.
    pub async fn activity_json(&self, uri: &Uri) -> Answered {
        let accept = ("accept".to_owned(), "application/activity+json".to_owned());
        self.send("GET", uri, &[accept], None).await
    }
}

impl Default for Caller {
    fn default() -> Self {
        Self::new()
    }
}
