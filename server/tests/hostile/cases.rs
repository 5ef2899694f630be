//! The cases by group, each group a test; the table of all of them last.

mod f;
mod o;
mod r;
mod s;
mod t;
mod u;
mod v;
mod w;
mod x;

pub(crate) use w::{NOTHING, filled};
pub(crate) use x::ATTACKS;

use std::io::Write as _;

use interkpa_server::testing::database::{engine, test_folder};
use tokio::sync::OnceCell;

use crate::table::{self, Row, Table};

/// A group that is run once, whoever asks for it first.
macro_rules! groups {
    ($($name:ident: $run:path;)*) => {
        $(
            async fn $name() -> &'static Table {
                static TABLE: OnceCell<Table> = OnceCell::const_new();
                TABLE.get_or_init(|| async {
                    let mut table = Table::new();
                    $run(&mut table).await;
                    table
                }).await
            }

            mod $name {
                #[tokio::test]
                async fn is_answered_as_the_catalogue_states() {
                    crate::table::assert_refused(super::$name().await);
                }
            }
        )*

        async fn all() -> Vec<Row> {
            let mut rows = Vec::new();
            $(rows.extend($name().await.iter().cloned());)*
            rows.sort_by_key(|row| row.number);
            rows
        }
    };
}

groups! {
    group_s: s::run;
    group_o: o::run;
    group_f: f::run;
    group_r: r::run;
    group_x: x::run;
    group_u: u::run;
    group_w: w::run;
    group_v: v::run;
    group_t: t::run;
}

#[tokio::test]
async fn the_table_of_all_groups_is_complete() {
    let rows = all().await;

    let text = table::text(&rows);
    // Past the capture of the test runner: printing the table is what this program is for.
    std::io::stdout().write_all(text.as_bytes()).unwrap();
    let name = format!("hostile-{:?}.txt", engine()).to_lowercase();
    std::fs::write(test_folder().join(name), &text).unwrap();
    table::assert_complete(&rows);
    assert_eq!(
        rows.iter().map(|row| row.failures).sum::<usize>(),
        0,
        "answers of 500 or above"
    );
    assert_eq!(table::panics(), 0, "panics");
}
