//! Where a request comes from: for the limits of logins, and for the audit log.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;

/// Each proxy adds the address that it was reached from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word counts about who is behind them.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpAddr>);

impl TrustedProxies {
    /// These, each by its address. What anybody else says of where he comes from is not believed.
    pub fn of(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self(addresses.into_iter().map(|address| address.to_canonical()).collect())
    }

    /// The nearest address that is no trusted proxy's, as it is written down.
    pub(crate) fn remote_address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<String> {
        self.origin(peer, headers).map(|address| address.to_string())
    }

    fn origin(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let mut nearest = peer?.ip().to_canonical();
        let values: Vec<_> = headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok()).collect();
        let mut chain = values.iter().flat_map(|value| value.split(',')).rev();
        while self.0.contains(&nearest) {
            let Some(next) = chain.next().and_then(parse) else { break };
            nearest = next;
        }
        Some(nearest)
    }
}

/// An address, with or without a port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().ok();
    address.or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip())).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn origin(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::of(trusted.iter().map(|text| text.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(HeaderName::from_static(FORWARDED_FOR), HeaderValue::from_str(value).unwrap());
        }
        proxies.origin(Some(SocketAddr::new(peer.parse().unwrap(), 1)), &headers).unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_about_who_is_next_to_it() {
        for (trusted, peer, forwarded, expected) in [
            (&[][..], "127.0.0.1", &["9.9.9.9"][..], "127.0.0.1"),
            (&["127.0.0.1"], "10.0.0.1", &["9.9.9.9"], "10.0.0.1"),
            (&["127.0.0.1"], "127.0.0.1", &[], "127.0.0.1"),
            (&["127.0.0.1"], "127.0.0.1", &["9.9.9.9"], "9.9.9.9"),
            (&["127.0.0.1"], "::ffff:127.0.0.1", &["::ffff:9.9.9.9"], "9.9.9.9"),
            // What the client itself sent stands before what the proxy added.
            (&["127.0.0.1"], "127.0.0.1", &["1.1.1.1, 9.9.9.9"], "9.9.9.9"),
            (&["127.0.0.1"], "127.0.0.1", &["1.1.1.1", "9.9.9.9"], "9.9.9.9"),
            (&["127.0.0.1", "10.0.0.1"], "127.0.0.1", &["1.1.1.1, 9.9.9.9, 10.0.0.1"], "9.9.9.9"),
            (&["::1"], "::1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["127.0.0.1"], "127.0.0.1", &["1.1.1.1, unknown"], "127.0.0.1"),
            (&["127.0.0.1"], "127.0.0.1", &["127.0.0.1"], "127.0.0.1"),
        ] {
            assert_eq!(origin(trusted, peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }
}
