//! Where the server is, and who is signed in.

use std::time::Duration;

use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::{Host, Url};

use crate::{
    Error,
    request::Request,
    trust,
    types::{LoginRequest, User},
};

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a whole answer may take. The server answers at once or begins an operation.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);
/// How long a connection is kept for the next request: less than the server, and any proxy before it, keeps one, or a
/// request could meet the end of its connection and never arrive.
const KEEP_FOR: Duration = Duration::from_secs(20);

/// A client of one server. Cheap to clone; clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    bearer: Option<SecretString>,
}

impl Client {
    /// A client of the server at this URL, such as `https://db.example.com` or `http://127.0.0.1:8080`. Nobody is signed in.
    /// With `https`, the server's certificate is always checked, against those that this host trusts. Does no other I/O than
    /// to read these.
    ///
    /// # Errors
    /// The text is no URL of a server, or the host's certificates can not be read.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        Self::trusting(base_url, &[])
    }

    /// As [`Client::new`]; the server's certificate may also come from one of these authorities, given as PEM.
    ///
    /// # Errors
    /// As for [`Client::new`], or the text holds no certificates.
    pub fn trusting(base_url: &str, authorities: &[u8]) -> Result<Self, Error> {
        let base = parse(base_url)
            .map_err(|reason| Error::BaseUrl { url: without_login(base_url).to_owned(), reason })?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_idle_timeout(KEEP_FOR)
            // A token must not follow a redirect to somewhere else.
            .redirect(Policy::none())
            // Also without TLS, since reqwest would otherwise look for what this process prefers, and it prefers nothing.
            .tls_backend_preconfigured(trust::config(base.scheme() == "https", authorities)?);
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(Error::transport)?;
        Ok(Self { http, base, bearer: None })
    }

    /// The same client, signed in by a token that a login gave earlier.
    #[must_use]
    pub fn with_bearer(self, token: SecretString) -> Self {
        Self { bearer: Some(token), ..self }
    }

    /// The token that requests are sent with.
    pub const fn bearer(&self) -> Option<&SecretString> {
        self.bearer.as_ref()
    }

    /// Where the server is.
    pub const fn base_url(&self) -> &Url {
        &self.base
    }

    /// Whether nobody on a network can read what is sent: it is encrypted, or stays on this host.
    pub fn is_confidential(&self) -> bool {
        self.base.scheme() == "https" || is_loopback(&self.base)
    }

    /// Reads something as the server tells it, with what this client does not know: for programs that pass it on.
    ///
    /// # Errors
    /// The server can not be reached, refuses, or gives an answer of another kind.
    pub async fn get_json(&self, path: &[&str], query: &[(&'static str, String)]) -> Result<Value, Error> {
        self.request(Method::GET, path).query(query).answer().await
    }

    /// Signs in; from then on requests are sent with the session's token.
    ///
    /// # Errors
    /// As for [`Client::login`].
    pub async fn sign_in(&mut self, username: &str, password: SecretString) -> Result<User, Error> {
        let login = self.login(&LoginRequest::new(username.to_owned(), password)).await?;
        self.bearer = Some(login.token);
        Ok(login.user)
    }

    /// A request to the path made of these parts, each of which is percent-encoded.
    pub(crate) fn request(&self, method: Method, parts: &[&str]) -> Request {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        let mut builder = self.http.request(method, url);
        if let Some(bearer) = &self.bearer
            && let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", bearer.expose_secret()))
        {
            value.set_sensitive(true);
            builder = builder.header(AUTHORIZATION, value);
        }
        Request::new(builder)
    }
}

/// The URL, or what would be right.
fn parse(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must have no user name and no password in it".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with the path".to_owned());
    }
    Ok(url)
}

/// The text without what stands before an `@`, which may be a password.
fn without_login(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, rest)| rest)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_servers_are_taken() {
        for good in ["http://127.0.0.1:8080", "http://[::1]/", "http://db.example.com/below/"] {
            assert!(Client::new(good).is_ok(), "{good}");
        }
        for bad in [
            "ftp://stardeck.example",
            "127.0.0.1:8080",
            "unix:///socket",
            "",
            "http://ada:hush-hush@localhost",
            "http://localhost/?token=x",
            "http://localhost/#x",
        ] {
            let error = Client::new(bad).unwrap_err();
            assert!(matches!(error, Error::BaseUrl { .. }), "{bad}");
            assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
        }
    }

    #[test]
    fn only_encryption_and_loopback_are_confidential() {
        for (url, is_confidential) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://localhost", true),
            ("http://[::1]:80", true),
            ("http://192.0.2.1", false),
            ("http://localhost.example.com", false),
            ("http://[::ffff:192.0.2.1]", false),
        ] {
            assert_eq!(Client::new(url).unwrap().is_confidential(), is_confidential, "{url}");
        }
        let authority = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
        assert!(Client::trusting("https://192.0.2.1", authority.as_bytes()).unwrap().is_confidential());
    }

    #[test]
    fn what_holds_no_certificate_is_refused() {
        for bad in ["nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let error = Client::trusting("https://localhost", bad.as_bytes()).unwrap_err();
            assert!(matches!(error, Error::Certificates { .. }), "{error:?}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_token() {
        let client = Client::new("http://localhost").unwrap().with_bearer("hush-hush".into());
        assert!(!format!("{client:?}").contains("hush"));
    }
}
