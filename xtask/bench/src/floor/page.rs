//! The floor of pages and documents: an axum handler with its answer in memory.

use std::net::Ipv4Addr;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::out;

pub(super) async fn serve(bytes: usize) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    out::line(&listener.local_addr()?.to_string());
    let body = Bytes::from(vec![b'x'; bytes]);
    let answer = async move || {
        (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            body.clone(),
        )
    };
    axum::serve(listener, Router::new().fallback(get(answer))).await?;
    Ok(())
}
