//! What a killed process was doing, taken up at once.
//!
//! Deliveries and jobs are claimed for minutes, so that two processes never do the same. A process
//! that was killed does not give its claims back: whoever lives does it for it, the next one of the
//! same hub before it serves, those beside it within seconds.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::{StoreError, with_causes};
use crate::db::presence::Presence;
use crate::db::url::Engine;
use crate::fediverse::deliver;
use crate::jobs::queue;

/// Between two looks at what the processes beside this one hold.
const LOOK: Duration = Duration::from_secs(5);

/// The claims of the processes that share a database. Cheap to clone.
#[derive(Clone)]
pub struct Leases {
    app: App,
    presence: Presence,
}

impl Leases {
    /// Those this process may take over.
    pub const fn new(app: App, presence: Presence) -> Self {
        Self { app, presence }
    }

    /// Takes over now what gone processes held. What cannot be done now is logged: a claim ends by
    /// itself, later.
    pub async fn take_over(&self) {
        match self.try_take_over().await {
            Ok(0) => {}
            Ok(count) => info!(count, "taken over from a process that is no more"),
            Err(error) => warn!("claims of other processes stay: {}", with_causes(&error)),
        }
    }

    /// The same as long as the hub runs: the process beside this one may be killed.
    pub async fn watch(&self, stop: CancellationToken) {
        if self.app.store.engine() == Engine::Sqlite {
            return;
        }
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => self.take_over().await,
            }
        }
    }

    async fn try_take_over(&self) -> Result<usize, StoreError> {
        let presence = self.presence.clone();
        tokio::task::spawn_blocking(move || presence.hold())
            .await
            .map_err(StoreError::broken)??;
        let presence = self.presence.clone();
        let names = self
            .app
            .store
            .read(move |conn| holders(conn, presence.name()))
            .await?;
        if names.is_empty() {
            return Ok(0);
        }
        let presence = self.presence.clone();
        self.app
            .write(move |tx| {
                let mut count = 0;
                for name in names {
                    if presence.is_gone(tx, &name)? {
                        count += deliver::free_of(tx, &name)? + queue::free_of(tx, &name)?;
                    }
                }
                Ok(count)
            })
            .await
    }
}

fn holders(conn: &mut Conn, me: &str) -> Result<Vec<String>, StoreError> {
    let mut names = deliver::holders(conn, me)?;
    names.extend(queue::holders(conn, me)?);
    Ok(names)
}
