//! `stardeck serve` with a certificate.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::support::{Server, refused};

/// A certificate of `localhost` and its key, as files in a folder.
pub(crate) fn certificate(folder: &Path) -> (CertificateDer<'static>, [String; 2]) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = ["cert.pem", "key.pem"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    fs::write(&files[0], cert.pem()).unwrap();
    fs::write(&files[1], signing_key.serialize_pem()).unwrap();
    (cert.der().clone(), files)
}

/// Connects to the server, trusting this certificate alone.
async fn connect(server: &Server, trusted: CertificateDer<'static>) -> TlsStream<TcpStream> {
    try_to_connect(server, trusted).await.unwrap()
}

async fn try_to_connect(
    server: &Server,
    trusted: CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let address = server.url.strip_prefix("https://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

#[tokio::test]
async fn https_is_spoken_and_browsers_are_told_to_stay_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (trusted, [cert, key]) = certificate(folder.path());
    let more = ["--listen", "0.0.0.0:0", "--tls-cert", &cert, "--tls-key", &key];
    let server = Server::start_with(&folder.path().join("data"), &more);
    let mut stream = connect(&server, trusted).await;
    let request = "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // The server may end without TLS's goodbye.
    drop(stream.read_to_string(&mut answer).await);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    assert_eq!(server.terminate().0.code(), Some(0));
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_one_that_does_not_fit_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (first, [cert, key]) = certificate(folder.path());
    let more = ["--tls-cert", &cert, "--tls-key", &key];
    let server = Server::start_with(&folder.path().join("data"), &more);
    drop(connect(&server, first.clone()).await);
    // Whoever renews writes one file after the other, and what is there between the two does not fit together.
    let elsewhere = tempfile::tempdir().unwrap();
    let (second, [other_cert, other_key]) = certificate(elsewhere.path());
    fs::copy(&other_cert, &cert).unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    drop(connect(&server, first.clone()).await);
    fs::copy(&other_key, &key).unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while try_to_connect(&server, second.clone()).await.is_err() {
        assert!(Instant::now() < deadline, "the renewed certificate is not shown");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(try_to_connect(&server, first).await.is_err());
    assert_eq!(server.terminate().0.code(), Some(0));
}

#[test]
fn what_is_no_certificate_or_does_not_fit_is_told_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (_, [cert, key]) = certificate(folder.path());
    let other = tempfile::tempdir().unwrap();
    let (_, [_, other_key]) = certificate(other.path());
    let data = folder.path().join("data");
    for (cert, key, told) in [
        (key.as_str(), key.as_str(), "holds no certificate"),
        (cert.as_str(), "/no/such/key.pem", "read the private key /no/such/key.pem"),
        (cert.as_str(), other_key.as_str(), "do not fit together"),
    ] {
        let said = refused(&data, &["--tls-cert", cert, "--tls-key", key]);
        assert!(said.contains(told), "{said}");
        assert!(!data.exists());
    }
}
