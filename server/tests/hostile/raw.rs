//! Requests that no HTTP library would send.

use std::time::Duration;

use interkpa_server::testing::network::TestHub;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest wait for the hub to answer or to cut the connection.
const WAIT_MAX: Duration = Duration::from_mins(1);

/// Sends bytes as they are and reads until the hub closes or has answered: the status of the first
/// answer, or 0 when the connection was cut without one.
pub(crate) async fn send(hub: &TestHub, parts: &[&[u8]]) -> u16 {
    let mut stream = TcpStream::connect(hub.socket()).await.unwrap();
    for part in parts {
        // The hub may have closed already: what it said is read below.
        if stream.write_all(part).await.is_err() {
            break;
        }
        let _ = stream.flush().await;
    }
    answer(&mut stream).await
}

/// The status of a GET of any target, well formed or not.
pub(crate) async fn get(hub: &TestHub, target: &str) -> u16 {
    let head = format!(
        "GET {target} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\n\r\n",
        hub.origin().authority()
    );
    send(hub, &[head.as_bytes()]).await
}

/// The status of the next answer; 0 when the connection is cut.
pub(crate) async fn answer(stream: &mut TcpStream) -> u16 {
    let mut got = Vec::new();
    let reading = async {
        loop {
            if got.windows(4).any(|end| end == b"\r\n\r\n") {
                return;
            }
            match stream.read_buf(&mut got).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    };
    tokio::time::timeout(WAIT_MAX, reading)
        .await
        .expect("the hub answers or cuts the connection");
    let text = String::from_utf8_lossy(&got);
    text.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

/// The head of a POST to the inbox with these further lines.
pub(crate) fn inbox_head(hub: &TestHub, lines: &str) -> Vec<u8> {
    format!(
        "POST /inbox HTTP/1.1\r\nHost: {}\r\nContent-Type: application/activity+json\r\n{lines}\r\n",
        hub.origin().authority()
    )
    .into_bytes()
}
