//! Where the server is, and who is signed in.

use std::time::Duration;

use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::{
    Error,
    request::Request,
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
    /// A client of the server at this URL, such as `http://127.0.0.1:8080`. Nobody is signed in. Does no I/O.
    ///
    /// # Errors
    /// The text is not an `http` URL. TLS is not spoken yet.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::BaseUrl { url: base_url.to_owned(), reason: reason.to_owned() };
        let base = Url::parse(base_url).map_err(|error| wrong(&error.to_string()))?;
        if base.scheme() != "http" {
            return Err(wrong("must begin with http://"));
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_idle_timeout(KEEP_FOR)
            // A token must not follow a redirect to somewhere else.
            .redirect(Policy::none());
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
    fn only_http_urls_are_taken() {
        assert!(Client::new("http://127.0.0.1:8080").is_ok());
        for bad in ["https://stardeck.example", "127.0.0.1:8080", "unix:///socket", ""] {
            assert!(matches!(Client::new(bad), Err(Error::BaseUrl { .. })), "{bad}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_token() {
        let client = Client::new("http://localhost").unwrap().with_bearer("hush-hush".into());
        assert!(!format!("{client:?}").contains("hush"));
    }
}
