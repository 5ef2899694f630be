//! Binary `interkpa`.
fn main() {}
