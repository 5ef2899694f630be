//! What the commands of the operator share: the hub of the folder, opened beside a running one.

use std::path::Path;

use crate::app::App;
use crate::config::Config;
use crate::features::people::commands::By;
use crate::features::people::store;
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

/// The member of a handle.
pub(super) async fn member(app: &App, handle: &str) -> anyhow::Result<MemberId> {
    let wanted = handle.trim().trim_start_matches('@').to_lowercase();
    let found = app
        .store
        .read(move |conn| store::credentials(conn, &wanted))
        .await?;
    found
        .map(|(id, _password)| id)
        .ok_or_else(|| anyhow::anyhow!("no active member `{handle}` in this hub"))
}
