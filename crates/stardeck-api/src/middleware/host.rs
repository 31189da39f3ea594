//! The guard against DNS rebinding: a page from elsewhere that has its own name resolve to this server's address
//! sends that name as `Host`, so names that are not ours are refused. Addresses are fine, since no name was resolved.

use std::{collections::BTreeSet, net::IpAddr};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web::Data,
};

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// The host names under which the server answers, without ports.
#[derive(Debug, Clone)]
pub struct AllowedHosts(BTreeSet<String>);

impl AllowedHosts {
    /// `localhost`, every IP address, and the given names. Case and ports do not matter.
    pub fn with(names: impl IntoIterator<Item = String>) -> Self {
        let bare = |given: String| name_of(&given).unwrap_or(given).trim_end_matches('.').to_owned();
        Self(names.into_iter().map(bare).chain(["localhost".to_owned()]).collect())
    }

    /// Whether a `Host` header's value, with or without a port, names this server.
    pub fn allows(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else { return false };
        let unbracketed = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        unbracketed.unwrap_or(&name).parse::<IpAddr>().is_ok() || self.0.contains(name.trim_end_matches('.'))
    }
}

/// The value of the one `Host` header of a request. None when there is none, or more than one.
pub(crate) fn host_of(request: &ServiceRequest) -> Option<String> {
    let mut values = request.headers().get_all(header::HOST);
    match (values.next(), values.next()) {
        (Some(host), None) => host.to_str().ok().map(str::to_owned),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

pub(crate) async fn host(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let Some(host) = host_of(&request) else {
        let detail = "the request needs exactly one Host header";
        return Ok(request.error_response(Problem::new(ProblemCode::MalformedRequest, detail)));
    };
    let allowed = request.app_data::<Data<AppState>>().is_some_and(|state| state.allowed_hosts.allows(&host));
    if !allowed {
        let detail = "this server does not answer under this host name";
        return Ok(request.error_response(Problem::new(ProblemCode::HostNotAllowed, detail)));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The lower-case name without the port; an IPv6 address keeps its brackets.
fn name_of(host: &str) -> Option<String> {
    let end = match host.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at_checked(end)?;
    let port_is_right = match port.strip_prefix(':') {
        Some(digits) => digits.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    (port_is_right && !name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_and_addresses_are_allowed_with_any_port() {
        let hosts = AllowedHosts::with([]);
        for good in
            ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "192.168.1.4"]
        {
            assert!(hosts.allows(good), "{good}");
        }
    }

    #[test]
    fn other_names_are_refused_unless_given() {
        let hosts = AllowedHosts::with(["Stardeck.example.".to_owned(), "other.example:8080".to_owned()]);
        assert!(hosts.allows("stardeck.example:443") && hosts.allows("other.example"));
        for bad in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost:80:80",
            "localhost:http",
            "",
            ":80",
            "[::1",
            "[localhost]x",
        ] {
            assert!(!hosts.allows(bad), "{bad}");
        }
    }
}
