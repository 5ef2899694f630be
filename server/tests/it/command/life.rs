//! A hub that is served: it says when it is ready, answers, and ends in order.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use super::{folder, free_port, init, interkpa, run, talk};

/// A hub that serves, ended with the test; its pipe stays open, or its next word would end it.
struct Serving(
    Child,
    #[expect(dead_code, reason = "held so that the pipe stays open")] Lines<BufReader<ChildStderr>>,
);

impl Serving {
    /// Starts it and waits for its word.
    fn start(data: &Path, internal: u16) -> Self {
        let mut child = interkpa(data)
            .arg("serve")
            .env("INTERKPA_LISTEN__INTERNAL", format!("127.0.0.1:{internal}"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("serving")));
        assert!(ready.is_some(), "the hub ended before it served");
        Self(child, lines)
    }

    fn terminate(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.0.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Status line and body.
fn get(port: u16, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_served_hub_answers_people_and_the_operator_and_ends_when_told() {
    let data = folder("life-serve");
    let (port, internal) = (init(&data), free_port());
    let serving = Serving::start(&data, internal);

    let host = format!("bobinette.localhost:{port}");
    let finger = format!("/.well-known/webfinger?resource=acct:bobinette@{host}");
    let page = get(port, &host, &finger);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for (path, expected) in [
        ("/healthz", "ok"),
        ("/readyz", "ready"),
        ("/metrics", "interkpa_deliveries{state=\"waiting\"} 0"),
        ("/metrics", "process_resident_memory_bytes "),
    ] {
        let answer = get(internal, "localhost", path);
        assert!(answer.contains(expected), "{path}: {answer}");
    }
    let outside = get(port, &host, "/metrics");
    assert!(outside.starts_with("HTTP/1.1 404"), "{outside}");

    assert_eq!(serving.terminate(), Some(0));
}

#[test]
fn a_folder_is_served_by_one_process_only() {
    let data = folder("life-lock");
    init(&data);
    let serving = Serving::start(&data, free_port());

    let output = run(&data, &["serve"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).contains("another interkpa process"),
        "{}",
        talk(&output)
    );
    assert_eq!(serving.terminate(), Some(0));
}

#[test]
fn a_hub_never_changes_its_address() {
    let data = folder("life-address");
    let port = init(&data);
    assert_eq!(Serving::start(&data, free_port()).terminate(), Some(0));

    let output = interkpa(&data)
        .arg("serve")
        .env(
            "INTERKPA_HUB__BASE_URL",
            format!("http://autre.localhost:{port}"),
        )
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).contains("keeps its address"),
        "{}",
        talk(&output)
    );
}
