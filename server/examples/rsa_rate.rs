//! How many RSA keys, signatures and verifications one core makes in a second.
//!
//! `cargo run -p interkpa-server --example rsa_rate`: the library that computes is optimised in
//! every profile.
#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

use std::time::{Duration, Instant};

use interkpa_server::fediverse::rsa::{KeyCache, SigningKey, VerifyingKey};

fn main() -> anyhow::Result<()> {
    let text = [b'x'; 300];
    let key = SigningKey::generate()?;
    let pem = key.public_pem()?;
    let public = VerifyingKey::from_pem(&pem)?;
    let signature = key.sign_pkcs1v15_sha256(&text)?;
    let cache = KeyCache::default();

    rate("keys of 2048 bits made", || SigningKey::generate().is_ok());
    rate("signatures", || key.sign_pkcs1v15_sha256(&text).is_ok());
    rate("verifications, parsed key", || {
        public.verify(&text, &signature)
    });
    rate("verifications, key from the cache", || {
        cache
            .parsed("https://hub.example/hub#main-key", 1, &pem)
            .is_ok_and(|key| key.verify(&text, &signature))
    });
    rate("verifications, key parsed each time", || {
        VerifyingKey::from_pem(&pem).is_ok_and(|key| key.verify(&text, &signature))
    });
    Ok(())
}

/// Prints how often `work` succeeds in a second.
#[expect(
    clippy::disallowed_methods,
    reason = "measures how long computing takes, which is no time of day"
)]
fn rate(what: &str, work: impl Fn() -> bool) {
    let start = Instant::now();
    let mut done = 0_u32;
    while start.elapsed() < Duration::from_secs(2) {
        done += u32::from(work());
    }
    let per_second = f64::from(done) / start.elapsed().as_secs_f64();
    println!("{per_second:>9.0} /s  {what}");
}
