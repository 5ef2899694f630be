//! What the commands of the operator share: the hub of the folder, opened beside a running one.

use std::path::Path;

use anyhow::bail;

use crate::app::App;
use crate::config::Config;
use crate::features::people::commands::By;
use crate::features::people::store::roster::{self, MemberRow};
use crate::http::error::AppError;
use crate::hub::{Hub, World};
use crate::ids::MemberId;

/// Who acts when a command is typed.
pub(super) const BY: By = By::Operator;

/// Runs one piece of work on the hub of a data folder, then closes it.
pub(super) fn with_app<T, F>(data: &Path, work: impl FnOnce(App) -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    let config = Config::load(data)?;
    let world = World::real(&config)?;
    super::runtime()?.block_on(async {
        let hub = Hub::open_beside(data, config, world)?;
        let done = work(hub.app.clone()).await;
        hub.app.store.close().await;
        done
    })
}

/// A refusal in words for a terminal: its code, and the fields concerned.
pub(super) fn refusal(error: AppError) -> anyhow::Error {
    let fields: Vec<String> = error
        .fields
        .iter()
        .map(|field| format!("{}: {}", field.field, field.code))
        .collect();
    let text = if fields.is_empty() {
        error.code.to_owned()
    } else {
        format!("{} ({})", error.code, fields.join(", "))
    };
    match error.source {
        Some(below) => below.context(text),
        None => anyhow::anyhow!(text),
    }
}

/// Members read at a time.
const PAGE: i64 = 100;

/// Members by handle, after one of them.
pub(super) async fn members(
    app: &App,
    words: &str,
    after: Option<String>,
) -> anyhow::Result<Vec<MemberRow>> {
    let words = words.to_owned();
    let page = app
        .store
        .read(move |conn| roster::page(conn, &words, after.as_deref(), PAGE))
        .await?;
    Ok(page)
}

/// The account of a handle, suspended or not.
pub(super) async fn row(app: &App, handle: &str) -> anyhow::Result<MemberRow> {
    let wanted = handle.trim().trim_start_matches('@').to_lowercase();
    let mut after = None;
    loop {
        let page = members(app, &wanted, after).await?;
        let Some(last) = page.last() else {
            bail!("no member `{handle}` in this hub: `interkpa member list` shows them");
        };
        after = Some(last.handle.clone());
        if let Some(found) = page.into_iter().find(|row| row.handle == wanted) {
            return Ok(found);
        }
    }
}

/// The key of the account of a handle.
pub(super) async fn member(app: &App, handle: &str) -> anyhow::Result<MemberId> {
    Ok(row(app, handle).await?.id)
}
