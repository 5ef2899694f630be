//! RSA of 2048 bits with the library of the hub, on one core and on all of them.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use interkpa_server::fediverse::rsa::VerifyingKey;

use crate::keys::Keys;
use crate::numbers::{rate, ratio};
use crate::usage;

/// Operations in a second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    /// CPU of one signature, in microseconds: it holds on a machine that is busy with other things.
    pub(crate) sign_cpu: f64,
    /// Signatures on all cores: the signer's limit.
    pub(crate) sign: f64,
    /// Verifications on all cores, keys parsed.
    pub(crate) verify: f64,
    /// Verifications on all cores, the key read from its text each time.
    pub(crate) verify_parsing: f64,
}

/// Measures each for so long.
pub(crate) fn rates(keys: &Keys, time: Duration) -> Result<Rates> {
    let text = [b'x'; 300];
    let pair = keys.of("floor");
    let public = VerifyingKey::from_pem(&pair.public_pem)?;
    let signature = pair.key.sign_pkcs1v15_sha256(&text)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let sign = || pair.key.sign_pkcs1v15_sha256(&text).is_ok();
    let verify = || public.verify(&text, &signature);
    let parse =
        || VerifyingKey::from_pem(&pair.public_pem).is_ok_and(|key| key.verify(&text, &signature));
    let before = usage::cpu(std::process::id());
    let began = Instant::now();
    let signatures = on(cores, time, &sign);
    let spent = usage::cpu(std::process::id()).saturating_sub(before);
    let count = signatures * began.elapsed().as_secs_f64();
    Ok(Rates {
        sign_cpu: ratio(spent.as_secs_f64() * 1e6, count),
        sign: signatures,
        verify: on(cores, time, &verify),
        verify_parsing: on(cores, time, &parse),
    })
}

/// How often in a second `work` succeeds on so many threads.
fn on(threads: usize, time: Duration, work: &(impl Fn() -> bool + Sync)) -> f64 {
    let began = Instant::now();
    let done: usize = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = 0;
                    while began.elapsed() < time {
                        done += usize::from(work());
                    }
                    done
                })
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or(0))
            .sum()
    });
    rate(done, began.elapsed())
}
