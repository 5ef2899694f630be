use diesel::prelude::*;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::audit_events::dsl;
use interkpa_server::testing::database::TestDatabase;
use proptest::prelude::*;

/// The pattern every list of the hub follows: newest first, the key last, no OFFSET.
fn page(
    conn: &mut Conn,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = dsl::audit_events
        .select((dsl::at, dsl::id))
        .order((dsl::at.desc(), dsl::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(
            dsl::at
                .lt(*at)
                .or(dsl::at.eq(*at).and(dsl::id.lt(id.clone()))),
        );
    }
    Ok(query.load(conn)?)
}

fn add(conn: &mut Conn, at: i64, id: &str) -> Result<(), StoreError> {
    let row = (
        dsl::id.eq(id),
        dsl::at.eq(at),
        dsl::actor_kind.eq("system"),
        dsl::actor.eq("test"),
        dsl::command.eq("test"),
        dsl::subject_kind.eq("test"),
        dsl::subject_id.eq("test"),
    );
    diesel::insert_into(dsl::audit_events)
        .values(row)
        .execute(conn)?;
    Ok(())
}

fn all_pages(conn: &mut Conn, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
    let mut all: Vec<(i64, String)> = Vec::new();
    loop {
        let rows = page(conn, all.last(), limit)?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.extend(rows);
    }
}

#[test]
fn pages_show_each_row_once_in_the_order_of_its_bytes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = TestDatabase::fresh();
    let store = database.store();
    // Keys whose order depends on a collation, and instants shared by several rows.
    let rows = proptest::collection::btree_map("[a-cA-C \\-_éÉ0-9/:]{1,6}", 0_i64..4, 1..40);

    proptest!(ProptestConfig::with_cases(24), |(rows in rows, limit in 1_i64..8)| {
        let mut expected: Vec<(i64, String)> =
            rows.iter().map(|(id, at)| (*at, id.clone())).collect();
        expected.sort_by(|a, b| b.cmp(a));
        let shown = runtime.block_on(store.write(move |tx| {
            diesel::delete(dsl::audit_events).execute(tx).map_err(StoreError::from)?;
            rows.iter().try_for_each(|(id, at)| add(tx, *at, id))?;
            all_pages(tx, limit)
        }));
        prop_assert_eq!(shown.unwrap(), expected);
    });
    runtime.block_on(store.close());
}
