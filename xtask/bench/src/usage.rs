//! What a process used, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// Ticks of the process accounting in a second: 100 on every Linux that hubs run on.
const TICK: Duration = Duration::from_millis(10);

/// CPU time of a process and of its children that ended, since it began.
pub(crate) fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in parentheses may hold spaces; the fields after it are counted from the state (3).
    let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u32 = rest
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|ticks| ticks.parse::<u32>().ok())
        .sum();
    TICK * ticks
}

/// Memory of a process in KiB.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) resident: u64,
    /// The most it ever was.
    pub(crate) peak: u64,
    /// Of the resident part, what is not backed by a file: heap and stacks.
    pub(crate) anonymous: u64,
    /// Threads.
    pub(crate) threads: u64,
}

/// Memory of a process now.
pub(crate) fn memory(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next())
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    };
    Memory {
        resident: field("VmRSS:"),
        peak: field("VmHWM:"),
        anonymous: field("RssAnon:"),
        threads: field("Threads:"),
    }
}

/// The machine in one line: cores, memory, load, kernel.
pub(crate) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = read("/proc/meminfo");
    let kib: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    let load = read("/proc/loadavg");
    let load: Vec<&str> = load.split_whitespace().take(3).collect();
    format!(
        "{cores} cores, {} MiB, load {}, Linux {}",
        kib / 1_024,
        load.join(" "),
        read("/proc/sys/kernel/osrelease").trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_counts_what_this_process_uses() {
        let pid = std::process::id();
        let memory = memory(pid);

        assert!(memory.resident > 100 && memory.peak >= memory.resident);
        assert!(memory.threads >= 1);
        assert!(cpu(pid) < Duration::from_hours(1));
        assert!(machine().contains("cores"));
    }
}
