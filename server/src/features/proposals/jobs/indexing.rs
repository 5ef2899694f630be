//! Making the search entries of all proposals anew, when they were made by another version of the
//! analyser or a migration took them away. Until it has ended a search finds less, nothing else.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::info;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::search;
use crate::features::proposals::commands;
use crate::features::proposals::store;
use crate::features::proposals::store::page::SEARCH_KIND;
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue;

/// Name of the job; stored, never renamed.
const INDEX: &str = "proposals_index";
/// Proposals of one transaction, whose words are made in it: some ten milliseconds.
const BATCH: i64 = 50;

/// Payload: the local key after which it goes on.
#[derive(Debug, Serialize, Deserialize)]
struct From {
    after: String,
}

/// The kind of this job.
pub(super) fn kind() -> JobKind<App> {
    JobKind::new(INDEX, index)
}

/// Plans the work when it is needed. On an empty hub there is nothing to do, and it is noted.
///
/// # Errors
/// Those of the store.
pub async fn plan(app: &App) -> Result<(), StoreError> {
    if app
        .store
        .read(|conn| search::is_current(conn, SEARCH_KIND))
        .await?
    {
        return Ok(());
    }
    let inner = app.clone();
    app.write(move |tx| go_on(&inner, tx, String::new())).await
}

async fn index(ctx: JobContext<App>, from: From) -> Result<(), JobError> {
    let app = ctx.app.clone();
    ctx.app
        .write(move |tx| -> Result<(), StoreError> {
            let mut after = from.after;
            for proposal in store::published_after(tx, &after, BATCH)? {
                commands::index(tx, &proposal, None)?;
                proposal.id.as_str().clone_into(&mut after);
            }
            go_on(&app, tx, after)
        })
        .await?;
    Ok(())
}

/// Plans the next batch, or notes that there is none.
fn go_on(app: &App, tx: &mut Conn, after: String) -> Result<(), StoreError> {
    let now = app.now();
    if store::published_after(tx, &after, 1)?.is_empty() {
        info!(job.name = INDEX, "the search index is complete");
        return search::mark_current(tx, SEARCH_KIND, now);
    }
    let key = format!("{INDEX}:{after}");
    let job = NewJob::new(&app.random, now, INDEX, json!(From { after })).once(key);
    queue::enqueue(tx, &job)?;
    Ok(())
}
