use super::*;

fn dead(files: &[(&str, &str)]) -> Vec<String> {
    links_resolve(&Tree::from(files))
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn links_inside_the_repository_lead_to_files_folders_and_headings() {
    let files = [
        (
            "README.md",
            "[a](docs/style.md) [b](docs) [c](docs/style.md#errors-and-words) [d](#hello)\n# Hello\n",
        ),
        (
            "docs/style.md",
            "[up](../README.md) [out](https://example.org/x)\n## Errors, and `words`\n",
        ),
    ];

    assert!(dead(&files).is_empty(), "{:?}", dead(&files));
}

#[test]
fn a_dead_link_is_found_with_its_line() {
    assert_eq!(
        dead(&[(
            "docs/a.md",
            "one\n[b](b.md)\n[c]: ../../c.md\n![d](d.png \"title\")\n"
        )]),
        [
            "docs/a.md:2: b.md leads nowhere",
            "docs/a.md:3: ../../c.md leads nowhere",
            "docs/a.md:4: d.png leads nowhere",
        ]
    );
}

#[test]
fn a_heading_that_does_not_exist_is_found() {
    assert_eq!(
        dead(&[("a.md", "[x](#there)\n# Here\n")]),
        ["a.md:1: a.md has no heading #there"]
    );
}

#[test]
fn what_is_quoted_is_no_link() {
    assert!(dead(&[("a.md", "`[b](b.md)`\n```\n[c](c.md)\n# there\n```\n")]).is_empty());
}

#[test]
fn a_folder_of_one_machine_is_found_and_a_path_inside_the_repository_is_not() {
    let folder = concat!("/ho", "me/");
    let tree = Tree::from(&[
        ("docs/a.md", &format!("in `{folder}me/hub`\n")),
        ("docs/b.md", &format!("in web{folder}page.html\n")),
        ("docs/c.md", &format!("our {}\n", concat!("work", "place"))),
    ]);

    let places: Vec<String> = no_machine_named(&tree)
        .into_iter()
        .map(|found| found.place)
        .collect();
    assert_eq!(places, ["docs/a.md", "docs/c.md"]);
}

#[test]
fn a_lock_file_that_names_a_server_is_found() {
    let tree = Tree::from(&[
        (
            "web/e2e/package-lock.json",
            "{\n \"resolved\": \"https://npm.example/x.tgz\",\n \"integrity\": \"sha512-x\"\n}\n",
        ),
        (
            "Cargo.lock",
            "source = \"registry+https://crates.example/index\"\n",
        ),
        (".npmrc", "registry=https://npm.example\n"),
        (".cargo/config.toml", "[alias]\n[source.crates-io]\n"),
    ]);

    assert_eq!(no_server_in_lock_files(&tree).len(), 4);
}

#[test]
fn a_lock_file_with_hashes_alone_passes() {
    let tree = Tree::from(&[
        (
            "web/e2e/package-lock.json",
            "{\n \"integrity\": \"sha512-x\"\n}\n",
        ),
        (
            "Cargo.lock",
            "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        ),
    ]);

    assert_eq!(no_server_in_lock_files(&tree), []);
}
