//! Where a push may go. Endpoints are addresses that strangers give us: they must lead to the open internet, not to
//! what stands beside us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;

/// An endpoint that we are willing to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where to post.
    pub uri: Uri,
    /// Whom a VAPID token is for: "https://push.example.com".
    pub origin: String,
}

impl Endpoint {
    /// How long one may be.
    pub const MAX: usize = 2_000;

    /// Checks what can be seen from the text alone; where its name leads is checked when it is called.
    /// `private_network`: http and private addresses are fine.
    pub fn parse(raw: &str, private_network: bool) -> Result<Self, String> {
        let refused = || "This is not the address of a push service".to_owned();
        if raw.len() > Self::MAX || !raw.is_ascii() {
            return Err(refused());
        }
        let uri: Uri = raw.parse().map_err(|_| refused())?;
        let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().ok_or_else(refused)?);
        if scheme != "https" && !(private_network && scheme == "http") {
            return Err(refused());
        }
        // a user name before the host has no place here
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(refused());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let is_near = match host.parse::<IpAddr>() {
            Ok(ip) => !is_public(ip),
            Err(_) => host.eq_ignore_ascii_case("localhost") || !host.contains('.'),
        };
        if is_near && !private_network {
            return Err(refused());
        }
        let origin = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
        let default = if scheme == "https" { ":443" } else { ":80" };
        Ok(Self { origin: origin.strip_suffix(default).unwrap_or(&origin).to_owned(), uri })
    }
}

/// Whether an address belongs to the open internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // multicast, reserved, broadcast
        || a >= 224;
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    // networks that reach IPv4 by a translator
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., high, low] = parts;
        return is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    }
    // all that is given out so far lies in 2000::/3; 2001:0::/23 is for protocols, 2002::/16 wraps IPv4
    let is_global = parts[0] & 0xe000 == 0x2000;
    let is_special = (parts[0] == 0x2001 && (parts[1] < 0x200 || parts[1] == 0xdb8)) || parts[0] == 0x2002;
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn only_the_open_internet_is_called() {
        for near in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "203.0.113.9",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::8.8.8.8",
        ] {
            assert!(!is_public(near.parse().unwrap()), "{near}");
        }
        for open in [
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "2a00:1450:4001::200e",
            "2606:4700::1",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(open.parse().unwrap()), "{open}");
        }
    }

    #[test]
    fn endpoints_are_https_at_public_names() {
        let long = format!("https://push.example.com/{}", "a".repeat(2_000));
        for wrong in [
            "",
            "push",
            "//push.example.com/a",
            "ftp://push.example.com/",
            "http://push.example.com/a",
            "https://localhost/a",
            "https://LOCALHOST:8080/a",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://intranet/",
            "https://user@push.example.com/",
            "https://push.example.com\r\nHost: x/",
            "javascript:alert(1)",
            long.as_str(),
            "https:///a",
            "https://pùsh.example.com/",
        ] {
            assert!(Endpoint::parse(wrong, false).is_err(), "{wrong}");
        }
        let origin = |raw: &str, private| Endpoint::parse(raw, private).unwrap().origin;
        assert_eq!(origin("https://Push.example.com/wpush/v2/abc?x=1", false), "https://push.example.com");
        assert_eq!(origin("https://push.example.com:443/a", false), "https://push.example.com");
        assert_eq!(origin("https://push.example.com:8443/a", false), "https://push.example.com:8443");
        assert_eq!(origin("http://127.0.0.1:9999/a", true), "http://127.0.0.1:9999");
        assert_eq!(origin("http://push/a", true), "http://push");
    }
}
