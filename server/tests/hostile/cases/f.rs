//! F: outbound fetch (D39–D51). Strangers make the hub fetch in mode `open`; the addresses of D39 to
//! D42 are tried on a hub of the production profile.

mod addresses;
mod answers;
mod discovery;

use crate::table::Table;

pub(crate) async fn run(table: &mut Table) {
    addresses::run(table).await;
    answers::run(table).await;
    discovery::run(table).await;
}
