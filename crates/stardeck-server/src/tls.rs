//! The certificate that the server shows, and the key that proves it.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// Where they are, as PEM.
#[derive(Debug, Clone)]
pub(crate) struct TlsFiles {
    /// The certificate, with those that lead to one that clients know.
    pub(crate) certificate: PathBuf,
    /// The key.
    pub(crate) key: PathBuf,
}

impl TlsFiles {
    /// Reads them: TLS 1.2 and 1.3, without certificates of clients.
    ///
    /// # Errors
    /// A file can not be read or holds something else, or they do not fit together.
    pub(crate) fn read(&self) -> anyhow::Result<ServerConfig> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("read the certificate {certificate}"))?;
        if chain.is_empty() {
            bail!("{certificate} holds no certificate; it has to be PEM, with -----BEGIN CERTIFICATE-----");
        }
        let key_der =
            PrivateKeyDer::from_pem_file(&self.key).with_context(|| format!("read the private key {key}"))?;
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("choose the versions of TLS")?
            .with_no_client_auth()
            .with_single_cert(chain, key_der)
            .with_context(|| format!("{certificate} and {key} do not fit together"))
    }
}
