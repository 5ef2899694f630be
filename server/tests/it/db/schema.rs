use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::migrate;
use interkpa_server::db::url::Engine;
use interkpa_server::testing::database::TestDatabase;

/// Table and column to type, as `schema.rs` writes it.
type Columns = BTreeMap<(String, String), String>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// A number that is the key of a table holds 64 bits on SQLite, and only as `INTEGER`.
const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS name, \
    CASE WHEN c.pk AND c.type = 'INTEGER' THEN 'BIGINT' ELSE c.type END AS data_type, c.\"notnull\" = 0 AS nullable \
    FROM sqlite_master m, pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'search_fts%' \
    AND m.name <> '__diesel_schema_migrations'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text AS name, data_type::text, \
    is_nullable = 'YES' AS nullable FROM information_schema.columns \
    WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";

fn migrated_columns(conn: &mut Conn) -> Result<Columns, StoreError> {
    let sql = match conn.engine() {
        Engine::Sqlite => SQLITE_COLUMNS,
        Engine::Postgres => POSTGRES_COLUMNS,
    };
    let columns: Vec<Column> = diesel::sql_query(sql).load(conn)?;
    let named = |column: Column| {
        let portable = match column.data_type.to_lowercase().as_str() {
            "text" => "Text",
            "bigint" => "BigInt",
            "integer" => "Integer",
            "boolean" => "Bool",
            "double precision" => "Double",
            other => panic!("{}.{} is {other}", column.table_name, column.name),
        };
        let data_type = if column.nullable {
            format!("Nullable<{portable}>")
        } else {
            portable.to_owned()
        };
        ((column.table_name, column.name), data_type)
    };
    Ok(columns.into_iter().map(named).collect())
}

/// What `schema.rs` says, read from its text: the macro leaves no names to ask at run time.
fn written_columns() -> Columns {
    let (mut columns, mut table) = (Columns::new(), None);
    let texts = [
        include_str!("../../../src/db/schema.rs"),
        include_str!("../../../src/db/schema/votes.rs"),
    ];
    for line in texts.iter().flat_map(|text| text.lines()).map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = Some(name.to_owned());
        } else if let Some((column, data_type)) = line.split_once(" -> ") {
            let Some(table) = table.clone().filter(|_| line.ends_with(',')) else {
                continue;
            };
            columns.insert(
                (table, column.to_owned()),
                data_type.trim_end_matches(',').to_owned(),
            );
        }
    }
    columns
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_in_rust_are_those_of_the_migrations() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let migrated = store.read(migrated_columns).await.unwrap();

    let written = written_columns();
    assert!(
        written.len() > 100,
        "only {} columns were read from schema.rs",
        written.len()
    );
    for (name, data_type) in &migrated {
        assert_eq!(written.get(name), Some(data_type), "in schema.rs: {name:?}");
    }
    for (name, data_type) in &written {
        assert_eq!(
            migrated.get(name),
            Some(data_type),
            "in the migrations: {name:?}"
        );
    }
    store.close().await;
}

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Definition {
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Every table, index, constraint, trigger and function of ours, in the engine's own words.
fn definitions(conn: &mut Conn) -> Result<Vec<Definition>, StoreError> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT sql AS definition FROM sqlite_master WHERE sql IS NOT NULL",
        Engine::Postgres => {
            "SELECT concat(table_name, '.', column_name, ' ', data_type, ' ', is_nullable, ' ', column_default) AS definition \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT concat(conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid)) \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        }
    };
    let mut found: Vec<Definition> = diesel::sql_query(sql).load(conn)?;
    found.sort();
    Ok(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_can_be_undone_and_done_again() {
    let database = TestDatabase::fresh();
    let all = migrate::count().unwrap();
    let store = database.store();
    let before = store.read(definitions).await.unwrap();
    store.close().await;

    migrate::revert(database.url(), all).unwrap();
    let bare = bare_definitions(&database);
    let store = database.store();
    let after = store.read(definitions).await.unwrap();
    store.close().await;

    assert!(
        bare.iter()
            .all(|found| found.definition.contains("__diesel_schema_migrations")),
        "{bare:#?}"
    );
    assert_eq!(before, after);
}

/// What is left when nothing of ours should be: read without opening a store, which would migrate.
fn bare_definitions(database: &TestDatabase) -> Vec<Definition> {
    use interkpa_server::db::url::DatabaseUrl;
    let mut conn = match database.url() {
        DatabaseUrl::Sqlite(path) => {
            Conn::Sqlite(SqliteConnection::establish(path.to_str().unwrap()).unwrap())
        }
        DatabaseUrl::Postgres(address) => Conn::Pg(PgConnection::establish(address).unwrap()),
    };
    definitions(&mut conn).unwrap()
}
