//! Floors that stand for themselves, and the size of the binary.

use std::time::Duration;

use anyhow::Result;

use super::Bench;
use crate::floor;
use crate::numbers::number;
use crate::report::Bound;

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let rates = floor::rates(&bench.keys, Duration::from_secs(bench.sizes.seconds))?;
    let report = &mut bench.report;
    report.figure(
        "floor",
        "CPU of one RSA-2048 signature",
        rates.sign_cpu,
        "µs",
    );
    report.figure(
        "floor",
        "RSA-2048 signatures, all cores: the signer's limit",
        rates.sign,
        "/s",
    );
    report.figure(
        "floor",
        "RSA-2048 verifications, all cores, parsed key",
        rates.verify,
        "/s",
    );
    report.figure(
        "floor",
        "RSA-2048 verifications, all cores, key parsed each time",
        rates.verify_parsing,
        "/s",
    );
    let bytes = std::fs::metadata(&bench.binary)?.len();
    let megabytes = number(bytes / 1_000) / 1_000.0;
    report.figure("size", "binary with templates and assets", megabytes, "MB");
    bench.aim("size of the binary", megabytes, Bound::AtMost, 28.0, "MB");
    Ok(())
}
