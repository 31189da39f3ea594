//! Connection URLs: what all engines share of RFC 3986.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use stardeck_domain::{LoginName, Password, Port};

/// Where a connection URL points to, and as whom.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionTarget<'a> {
    /// A host name or an address; an IPv6 address without brackets.
    pub host: &'a str,
    /// The port.
    pub port: Port,
    /// The login name.
    pub user: &'a LoginName,
    /// The password.
    pub password: &'a Password,
    /// The logical database; None for the one the engine's administrators meet in.
    pub database: Option<&'a str>,
}

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a URL in which every character that could mean something is percent-encoded.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The host part of a URL: an IPv6 address in brackets (RFC 3986, section 3.2.2), with the `%` of a zone encoded
/// (RFC 6874).
pub(crate) fn host_part(host: &str) -> Cow<'_, str> {
    if host.contains(':') && !host.starts_with('[') {
        return Cow::Owned(format!("[{}]", host.replace('%', "%25")));
    }
    Cow::Borrowed(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ipv6_addresses_get_brackets() {
        for (host, part) in [
            ("shop", "shop"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
            ("fe80::1%eth0", "[fe80::1%25eth0]"),
        ] {
            assert_eq!(host_part(host), part);
        }
    }
}
