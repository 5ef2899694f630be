//! The same activity again: answered like the first time, without effect (D11, D12).

use std::sync::Arc;

use interkpa_server::testing::foreign::Delivery;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::stage::Stage;

#[tokio::test]
async fn a_delivery_repeated_a_hundred_times_on_eight_connections_has_one_effect() {
    let stage = Stage::allowed().await;
    let delivery = Arc::new(stage.delivery(1));

    let mut connections = JoinSet::new();
    for n in 0..8 {
        let delivery = Arc::clone(&delivery);
        connections.spawn(async move {
            let mut statuses = Vec::new();
            for _ in 0..(100 / 8 + i32::from(n < 4)) {
                statuses.push(delivery.send().await.status);
            }
            statuses
        });
    }
    let statuses: Vec<u16> = connections.join_all().await.into_iter().flatten().collect();

    assert_eq!(statuses.len(), 100);
    assert!(statuses.iter().all(|status| *status == 202), "{statuses:?}");
    assert_eq!(stage.followers().await, 1);
    assert_eq!(stage.rows().await.0, 1);
    stage.hub.deliver_all().await;
    assert_eq!(stage.foreign.delivered().len(), 1, "one Accept");
}

#[tokio::test]
async fn the_first_content_under_an_id_is_kept() {
    let stage = Stage::allowed().await;
    let first = stage.follow(&stage.zoe, 1);
    let mut second = first.clone();
    second["type"] = json!("Like");

    let one = stage
        .zoe
        .delivery(&stage.inbox(), &first, stage.now())
        .send()
        .await;
    let two = stage
        .zoe
        .delivery(&stage.inbox(), &second, stage.now())
        .send()
        .await;

    assert_eq!((one.status, two.status), (202, 202));
    assert_eq!(stage.followers().await, 1);
    let (state, _) = stage.taken(first["id"].as_str().unwrap()).await;
    assert_eq!(state, "applied");
}

#[tokio::test]
async fn what_nobody_understands_is_kept_as_it_came() {
    let stage = Stage::allowed().await;
    let id = format!("{}/travels/1", stage.zoe.uri);
    let activity = json!({
        "id": id, "type": "Travel", "actor": stage.zoe.uri.as_str(), "target": "Lille"
    });

    let answered = stage
        .zoe
        .delivery(&stage.inbox(), &activity, stage.now())
        .send()
        .await;

    assert_eq!(answered.status, 202);
    assert_eq!(stage.taken(&id).await, ("unknown".to_owned(), None));
}

/// Sends a delivery over a line that breaks before its last byte; what the hub says to that.
async fn send_cut_short(delivery: &Delivery) -> String {
    let address = ("127.0.0.1", delivery.inbox.as_url().port().unwrap());
    let mut line = TcpStream::connect(address).await.unwrap();
    let mut head = format!("POST {} HTTP/1.1\r\n", delivery.inbox.as_url().path());
    for (name, value) in &delivery.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", delivery.body.len()));
    let (body, _last) = delivery.body.split_at(delivery.body.len() - 1);
    line.write_all(&[head.as_bytes(), body].concat())
        .await
        .unwrap();
    line.shutdown().await.unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_delivery_cut_short_is_not_refused_for_good() {
    let stage = Stage::allowed().await;
    let delivery = stage.delivery(1);

    let answer = send_cut_short(&delivery).await;

    // 408 is a failure of the line; any other 4xx would be final for this delivery.
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("body_unfinished"), "{answer}");
    assert_eq!(stage.rows().await.0, 0);
    assert_eq!(delivery.send().await.status, 202);
    assert_eq!(stage.followers().await, 1);
}
