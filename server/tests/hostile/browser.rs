//! A browser in the hands of somebody hostile: it sends what it likes, with whatever cookie.

use interkpa_server::http::access::{ANONYMOUS_COOKIE, session_cookie};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;
use scraper::{Html, Selector};

/// A browser on one hub.
pub(crate) struct Browser<'a> {
    hub: &'a TestHub,
    /// Header lines sent with everything.
    pub(crate) headers: Vec<(String, String)>,
    /// Token of the forms.
    pub(crate) csrf: String,
}

impl<'a> Browser<'a> {
    /// Somebody who is not signed in, with the cookie of forms shown before signing in.
    pub(crate) async fn stranger(hub: &'a TestHub) -> Self {
        let mut browser = Self::bare(hub);
        let page = browser.get("/connexion").await;
        assert_eq!(page.status, 200, "{}", page.text);
        let cookie = page
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default();
        browser.csrf = cookie.replace(&format!("{ANONYMOUS_COOKIE}="), "");
        browser
            .headers
            .push(("cookie".to_owned(), cookie.to_owned()));
        browser
    }

    /// Somebody without any cookie.
    pub(crate) fn bare(hub: &'a TestHub) -> Self {
        Self {
            hub,
            headers: vec![("accept".to_owned(), "text/html".to_owned())],
            csrf: String::new(),
        }
    }

    /// A member who is signed in.
    pub(crate) fn of(hub: &'a TestHub, member: &TestMember) -> Self {
        Self {
            hub,
            headers: vec![
                ("accept".to_owned(), "text/html".to_owned()),
                (
                    "cookie".to_owned(),
                    format!("{}={}", session_cookie(&hub.app), member.cookie),
                ),
            ],
            csrf: member.csrf.clone(),
        }
    }

    /// The same with one more header line.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, &[], None).await
    }

    /// A form with its token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend(fields);
        self.post_bare(path, &all).await
    }

    /// A form with exactly these fields.
    pub(crate) async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        self.post_bytes(
            path,
            "application/x-www-form-urlencoded",
            body.finish().into_bytes(),
        )
        .await
    }

    /// A form with files: name of the control, name of the file, type, bytes.
    pub(crate) async fn post_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str, &[u8])],
    ) -> Answered {
        let mut body = Vec::new();
        let token = [("_csrf", self.csrf.as_str())];
        for (name, value) in token.iter().chain(fields) {
            let part = format!(
                "--grenze\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.as_bytes());
        }
        for (name, file, kind, bytes) in files {
            let part = format!(
                "--grenze\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 content-type: {kind}\r\n\r\n"
            );
            body.extend(part.as_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--grenze--\r\n");
        self.post_bytes(path, "multipart/form-data; boundary=grenze", body)
            .await
    }

    /// Any body under any type.
    pub(crate) async fn post_bytes(&self, path: &str, kind: &str, body: Vec<u8>) -> Answered {
        self.send("POST", path, &[("content-type", kind)], Some(body))
            .await
    }

    /// Any request. A hub whose address is another one is asked where it listens.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answered {
        let mut headers = self.headers.clone();
        headers.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let uri = format!(
            "http://bobinette.localhost:{}{path}",
            self.hub.socket().port()
        );
        let uri = interkpa_federation::Uri::parse(&uri).unwrap();
        Caller::new().send(method, &uri, &headers, body).await
    }
}

/// What of a page a browser would act on, and our pages never hold: told one by one.
pub(crate) fn dangers(page: &str, origin: &str) -> Vec<String> {
    const ELEMENTS: &str = "iframe, object, embed, applet, base, frame, frameset, math, audio, video, \
        style, noscript, template, svg script, svg a, svg image, svg foreignObject";
    let html = Html::parse_document(page);
    let mut found = Vec::new();
    for element in html.select(&Selector::parse(ELEMENTS).unwrap()) {
        found.push(format!("<{}>", element.value().name()));
    }
    for element in html.select(&Selector::parse("*").unwrap()) {
        let value = element.value();
        let name = value.name();
        if name == "script"
            && !value
                .attr("src")
                .is_some_and(|src| src.starts_with("/assets/"))
        {
            found.push("<script>".to_owned());
        }
        if name == "meta" && value.attr("http-equiv").is_some() {
            found.push("<meta http-equiv>".to_owned());
        }
        for (attribute, text) in value.attrs() {
            let text = text.trim().to_ascii_lowercase();
            let leads = matches!(
                attribute,
                "href"
                    | "src"
                    | "action"
                    | "formaction"
                    | "poster"
                    | "srcset"
                    | "data"
                    | "xlink:href"
            );
            let scheme = text.split([':', '/', '?', '#']).next().unwrap_or_default();
            let absolute =
                text.contains(':') && !text.starts_with('/') && !text.starts_with(['?', '#', '.']);
            let foreign =
                absolute && !matches!(scheme, "http" | "https" | "tel" | "mailto" | "sms");
            let loads = matches!(
                name,
                "img" | "script" | "link" | "form" | "button" | "input"
            ) && (text.starts_with("//") || (absolute && !text.starts_with(origin)));
            if attribute.starts_with("on") || attribute == "style" || attribute == "srcdoc" {
                found.push(format!("{name} {attribute}"));
            } else if leads && (foreign || loads) {
                found.push(format!("{name} {attribute}={text:.60}"));
            }
        }
    }
    found
}
