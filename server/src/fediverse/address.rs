//! Which addresses a hub may connect to: the rules that keep strangers from making us speak to
//! ourselves, to our neighbours or to a cloud's metadata service.
//!
//! Pure. The resolver (`resolve.rs`) asks it for every address at the moment of connecting, the
//! client (`client.rs`) for every URL before that. Source: security.md D39–D42; the ranges are
//! those of the IANA special-purpose registries (RFC 6890 and its updates).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use interkpa_federation::Uri;

/// What the outgoing client may reach. Never mixed (decision 30).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// https on the standard port of public addresses: a hub for people.
    Internet,
    /// http or https on any port of `*.localhost`, which is 127.0.0.1: demo and tests.
    Loopback,
}

/// An address that is not part of the public internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{ip} is not public: {range}")]
pub struct NotPublic {
    /// The address.
    pub ip: IpAddr,
    /// The range it lies in, in the words of the registries.
    pub range: &'static str,
}

/// Why a URL is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UriRefused {
    /// http where https is demanded.
    #[error("not an https address")]
    Scheme,
    /// A port other than the standard one where that is demanded.
    #[error("not on the standard port")]
    Port,
    /// A name that cannot be one of the public internet, or not one of this machine.
    #[error("not a name that this hub may reach")]
    Name,
}

/// IPv4 ranges that are not public.
const V4: [(Ipv4Addr, u32, &str); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private use"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared address space"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private use"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay anycast"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private use"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved and broadcast"),
];

/// NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is really reached.
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
/// Global unicast: outside of it nothing is public but NAT64.
const V6_GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// Ranges inside global unicast that are not public.
const V6: [(Ipv6Addr, u32, &str); 4] = [
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "protocol assignments, Teredo and benchmarking",
    ),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "documentation",
    ),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (
        Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0),
        20,
        "documentation",
    ),
];

/// Names that never are public hosts (RFC 6761, 6762, 7686, 8375; ICANN's `internal`).
const SPECIAL_NAMES: [&str; 7] = [
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "onion",
    "test",
    "invalid",
];

/// Whether an address belongs to the public internet.
///
/// IPv6 forms that carry an IPv4 address are refused whole, whatever they carry, except NAT64:
/// a hub on an IPv6-only network reaches public IPv4 hosts by it.
///
/// # Errors
/// [`NotPublic`] names the range.
pub fn check_ip(ip: IpAddr) -> Result<(), NotPublic> {
    let refusal = match ip {
        IpAddr::V4(v4) => range_of_v4(v4),
        IpAddr::V6(v6) => range_of_v6(v6),
    };
    refusal.map_or(Ok(()), |range| Err(NotPublic { ip, range }))
}

/// Whether a URL may be asked for at all, before its name is resolved.
///
/// # Errors
/// [`UriRefused`] names the rule.
pub fn check_uri(uri: &Uri, reach: Reach) -> Result<(), UriRefused> {
    let url = uri.as_url();
    let origin = uri.origin();
    let host = origin.host();
    match reach {
        Reach::Loopback if is_loopback_name(host) => Ok(()),
        Reach::Loopback => Err(UriRefused::Name),
        Reach::Internet if url.scheme() != "https" => Err(UriRefused::Scheme),
        Reach::Internet if url.port().is_some() => Err(UriRefused::Port),
        Reach::Internet if !is_public_name(host) => Err(UriRefused::Name),
        Reach::Internet => Ok(()),
    }
}

/// Whether a name is one of this machine by RFC 6761 §6.3, with a label before `localhost` so that
/// hubs of a demo have names of their own (decision 11).
pub fn is_loopback_name(host: &str) -> bool {
    host.strip_suffix(".localhost")
        .is_some_and(|label| !label.is_empty())
}

fn is_public_name(host: &str) -> bool {
    host.contains('.')
        && SPECIAL_NAMES.iter().all(|special| {
            host.strip_suffix(special)
                .is_none_or(|rest| !rest.is_empty() && !rest.ends_with('.'))
        })
}

fn range_of_v4(ip: Ipv4Addr) -> Option<&'static str> {
    V4.iter()
        .find(|(base, bits, _)| {
            let shift = 32 - bits;
            base.to_bits() >> shift == ip.to_bits() >> shift
        })
        .map(|(_, _, range)| *range)
}

fn range_of_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let within = |(base, bits): (Ipv6Addr, u32)| {
        let shift = 128 - bits;
        base.to_bits() >> shift == ip.to_bits() >> shift
    };
    if within(NAT64) {
        let [.., a, b, c, d] = ip.octets();
        return range_of_v4(Ipv4Addr::new(a, b, c, d));
    }
    if !within(V6_GLOBAL) {
        return Some("outside of global unicast");
    }
    V6.iter()
        .find(|(base, bits, _)| within((*base, *bits)))
        .map(|(_, _, range)| *range)
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Internet => "internet",
            Self::Loopback => "loopback",
        })
    }
}

#[cfg(test)]
mod tests;
