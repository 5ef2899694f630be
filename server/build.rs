//! Rebuilds the crate when a migration appears or changes: `embed_migrations!` alone would not notice.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
