//! Accounts: invited, found again, closed, opened to other sites.

mod account;
mod public_actor;
mod recovery;

use std::collections::BTreeMap;

use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::network::TestHub;

/// A browser of somebody: keeps cookies and the token of the last page, follows nothing.
struct Browser<'h> {
    hub: &'h TestHub,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl<'h> Browser<'h> {
    fn new(hub: &'h TestHub) -> Self {
        Self {
            hub,
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    async fn get(&mut self, path: &str) -> Answered {
        self.send("GET", path, None).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf);
        body.extend_pairs(fields);
        let body = body.finish().into_bytes();
        self.send("POST", path, Some(body)).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answered {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = [
            ("accept", "text/html".to_owned()),
            ("cookie", cookies.join("; ")),
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        let answer = Caller::new()
            .send(method, &self.hub.uri(path), &headers, body)
            .await;
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        if let Some((_, rest)) = answer.text.split_once("name=\"_csrf\" value=\"") {
            rest.split('"').next().unwrap().clone_into(&mut self.csrf);
        }
        answer
    }
}

/// The path of the link on a sheet just shown.
fn link_on(hub: &TestHub, sheet: &str) -> String {
    let (_, rest) = sheet.split_once("/invitation/").expect("a link");
    let secret: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    assert!(sheet.contains(hub.origin().as_str()));
    format!("/invitation/{secret}")
}

const PASSWORD: &str = "quatre mots au hasard";
