use activitypub_federation::config::FederationConfig;
use proptest::prelude::*;

use super::*;

/// The addresses of security.md D39, and the ends of each range.
const REFUSED: [&str; 60] = [
    "0.0.0.0",
    "0.1.2.3",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.1",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::5db8:d822",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:93.184.216.34",
    "::ffff:0:93.184.216.34",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "64:ff9b:1:ffff::",
    "100::",
    "100::1",
    "100:0:0:1::1",
    "1fff::1",
    "2001::1",
    "2001:0:5db8:d822::1",
    "2001:2::1",
    "2001:20::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:5db8:d822::1",
    "3fff:fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
];

const PUBLIC: [&str; 18] = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.88.100.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "64:ff9b::5db8:d822",
    "2001:200::1",
    "2001:41d0::1",
    "2606:4700::1111",
    "2a01:e0a::1",
];

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn every_address_that_is_not_public_is_refused() {
    for text in REFUSED {
        assert!(check_ip(ip(text)).is_err(), "{text}");
    }
    for text in ["fec0::1", "fd12:3456::1", "febf::1", "fdff::"] {
        assert!(check_ip(ip(text)).is_err(), "{text}");
    }
}

#[test]
fn public_addresses_pass() {
    for text in PUBLIC {
        assert_eq!(check_ip(ip(text)), Ok(()), "{text}");
    }
}

#[test]
fn a_refusal_names_the_address_and_its_range() {
    let refusal = check_ip(ip("169.254.169.254")).unwrap_err();

    assert_eq!(
        refusal.to_string(),
        "169.254.169.254 is not public: link local"
    );
}

#[tokio::test]
async fn whatever_the_required_crate_refuses_is_refused_here_too() {
    let config = FederationConfig::builder()
        .domain("hub.example")
        .app_data(())
        .build()
        .await
        .unwrap();
    let data = config.to_request_data();
    let mut stricter = Vec::new();

    for text in REFUSED.iter().chain(&PUBLIC) {
        let address = ip(text);
        let host = if address.is_ipv6() {
            format!("[{address}]")
        } else {
            address.to_string()
        };
        let theirs = data
            .is_valid_ip(&format!("https://{host}/").parse().unwrap())
            .await
            .is_ok();
        let ours = check_ip(address).is_ok();
        assert!(theirs || !ours, "only the crate refuses {text}");
        if theirs && !ours {
            stricter.push(*text);
        }
    }

    for left_open in [
        "192.0.0.1",
        "192.88.99.1",
        "198.18.0.1",
        "2001::1",
        "100::1",
    ] {
        assert!(stricter.contains(&left_open), "{left_open}: {stricter:?}");
    }
}

proptest! {
    #[test]
    fn an_ipv4_address_is_public_by_every_way_of_writing_it_or_by_none(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let [a, b] = [u16::try_from(bits >> 16).unwrap(), u16::try_from(bits & 0xffff).unwrap()];
        let public = check_ip(v4.into()).is_ok();

        prop_assert_eq!(
            check_ip(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b).into()).is_ok(),
            public
        );
        for carrier in [
            v4.to_ipv6_mapped(),
            v4.to_ipv6_compatible(),
            Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0, a, b, 0, 0, 0, 1),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, a, b),
        ] {
            prop_assert!(check_ip(carrier.into()).is_err(), "{}", carrier);
        }
        // What the standard library knows about must agree.
        if v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
            || v4.is_documentation() || v4.is_unspecified() || v4.is_broadcast()
        {
            prop_assert!(!public);
        }
    }

    #[test]
    fn only_global_unicast_and_nat64_are_public_in_ipv6(bits: u128) {
        let v6 = Ipv6Addr::from_bits(bits);

        if check_ip(v6.into()).is_ok() {
            prop_assert!(bits >> 125 == 1 || bits >> 32 == 0x64_ff9b << 64);
        }
        if v6.is_loopback() || v6.is_multicast() || v6.is_unique_local()
            || v6.is_unicast_link_local() || v6.is_unspecified()
        {
            prop_assert!(check_ip(v6.into()).is_err());
        }
    }
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

#[test]
fn on_the_internet_only_https_on_the_standard_port_of_a_public_name_is_asked() {
    let check = |text: &str| check_uri(&uri(text), Reach::Internet);

    assert_eq!(check("https://hub.example/a?b"), Ok(()));
    assert_eq!(check("https://hub.example:443/a"), Ok(()));
    assert_eq!(check("https://mylocalhost.example/"), Ok(()));
    assert_eq!(check("https://notlocal.fr/"), Ok(()));
    assert_eq!(check("http://hub.example/"), Err(UriRefused::Scheme));
    assert_eq!(check("https://hub.example:80/"), Err(UriRefused::Port));
    assert_eq!(check("https://hub.example:8443/"), Err(UriRefused::Port));
    for name in [
        "localhost",
        "a.localhost",
        "printer.local",
        "metadata.google.internal",
        "router.home.arpa",
        "intranet",
        "a.onion",
        "x.test",
    ] {
        assert_eq!(
            check(&format!("https://{name}/")),
            Err(UriRefused::Name),
            "{name}"
        );
    }
}

#[test]
fn on_loopback_only_names_of_this_machine_are_asked() {
    let check = |text: &str| check_uri(&uri(text), Reach::Loopback);

    assert_eq!(check("http://bobinette.localhost:8401/hub"), Ok(()));
    assert_eq!(check("https://bobinette.localhost/hub"), Ok(()));
    for name in [
        "hub.example",
        "localhost",
        "localhost.example",
        "xlocalhost",
    ] {
        assert_eq!(
            check(&format!("http://{name}/")),
            Err(UriRefused::Name),
            "{name}"
        );
    }
}
