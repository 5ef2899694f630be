//! A browser without JavaScript: a cookie, forms as pages show them.

use interkpa_server::features::people::commands::open_session;
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;
use scraper::{Html, Selector};

pub(super) struct Browser<'a> {
    hub: &'a TestHub,
    cookie: String,
}

impl<'a> Browser<'a> {
    /// Somebody who is not signed in.
    pub(super) fn stranger(hub: &'a TestHub) -> Self {
        Self {
            hub,
            cookie: String::new(),
        }
    }

    /// A member who signed in.
    pub(super) async fn of(hub: &'a TestHub, member: &TestMember) -> Self {
        let session = open_session(&hub.app, member.id.clone(), "test".to_owned())
            .await
            .unwrap();
        Self {
            hub,
            cookie: format!("session={}", session.secret),
        }
    }

    pub(super) async fn get(&self, path: &str) -> Answered {
        Caller::new()
            .send("GET", &self.hub.uri(path), &self.headers(&[]), None)
            .await
    }

    /// A page with further request headers.
    pub(super) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answered {
        Caller::new()
            .send("GET", &self.hub.uri(path), &self.headers(headers), None)
            .await
    }

    /// The hidden fields of the first form of a page that posts.
    pub(super) async fn tokens(&self, path: &str) -> Vec<(String, String)> {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        let html = Html::parse_document(&page.text);
        let hidden = Selector::parse("form[method=post] input[type=hidden]").unwrap();
        let mut found: Vec<(String, String)> = Vec::new();
        for input in html.select(&hidden) {
            let value = |name| input.value().attr(name).unwrap_or_default().to_owned();
            if !found.iter().any(|(name, _)| *name == value("name")) {
                found.push((value("name"), value("value")));
            }
        }
        found
    }

    /// Sends a form as a browser does, with the tokens given.
    pub(super) async fn post(
        &self,
        path: &str,
        tokens: &[(String, String)],
        fields: &[(&str, &str)],
    ) -> Answered {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in tokens {
            body.append_pair(name, value);
        }
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        let headers = self.headers(&[("content-type", "application/x-www-form-urlencoded")]);
        let body = body.finish().into_bytes();
        Caller::new()
            .send("POST", &self.hub.uri(path), &headers, Some(body))
            .await
    }

    /// Sends a form with a file in the field `photo`.
    pub(super) async fn post_with_photo(
        &self,
        path: &str,
        tokens: &[(String, String)],
        fields: &[(&str, &str)],
        photo: &[u8],
    ) -> Answered {
        self.post_with_photos(path, tokens, fields, &[("photo", photo)])
            .await
    }

    /// Sends a form with files in the fields named.
    pub(super) async fn post_with_photos(
        &self,
        path: &str,
        tokens: &[(String, String)],
        fields: &[(&str, &str)],
        photos: &[(&str, &[u8])],
    ) -> Answered {
        let mut body = Vec::new();
        let texts = tokens
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(fields.iter().copied());
        for (name, value) in texts {
            let part = format!(
                "--frontier\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.as_bytes());
        }
        for (name, photo) in photos {
            let part = format!(
                "--frontier\r\ncontent-disposition: form-data; name=\"{name}\"; \
                 filename=\"../../x.php\"\r\ncontent-type: text/html\r\n\r\n"
            );
            body.extend(part.as_bytes());
            body.extend(*photo);
            body.extend(b"\r\n");
        }
        body.extend(b"--frontier--\r\n");
        let headers = self.headers(&[("content-type", "multipart/form-data; boundary=frontier")]);
        Caller::new()
            .send("POST", &self.hub.uri(path), &headers, Some(body))
            .await
    }

    /// Presses a button of a page whose form has nothing but tokens.
    pub(super) async fn press(&self, page: &str, action: &str) -> Answered {
        let tokens = self.tokens(page).await;
        self.post(action, &tokens, &[]).await
    }

    fn headers(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut headers = vec![("accept".to_owned(), "text/html".to_owned())];
        if !self.cookie.is_empty() {
            headers.push(("cookie".to_owned(), self.cookie.clone()));
        }
        headers.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        headers
    }
}

/// The text of the elements a selector finds.
pub(super) fn texts(page: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector)
        .map(|found| {
            found
                .text()
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

/// The path a 303 leads to, without the notice.
pub(super) fn led_to(answered: &Answered) -> String {
    assert_eq!(answered.status, 303, "{}", answered.text);
    answered
        .header("location")
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned()
}
