//! The certificate that the server shows, and the key that proves it. Renewed files are shown without a restart.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, bail};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::sync::watch;

/// How often it is looked whether the files were renewed.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Where they are, as PEM.
#[derive(Debug, Clone)]
pub(crate) struct TlsFiles {
    /// The certificate, with those that lead to one that clients know.
    pub(crate) certificate: PathBuf,
    /// The key.
    pub(crate) key: PathBuf,
}

/// Looks after the files while the server runs.
pub(crate) struct Renewal {
    files: TlsFiles,
    /// What the files looked like when they were read last, whether they were good or not.
    read: Stamp,
    shown: watch::Sender<Arc<CertifiedKey>>,
}

/// When both files were written, and how long they are; None for one that is not there.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl TlsFiles {
    /// Reads them, for TLS 1.2 and 1.3 without certificates of clients; and who looks after them from now on.
    ///
    /// # Errors
    /// A file can not be read or holds something else, or they do not fit together.
    pub(crate) fn open(self) -> anyhow::Result<(ServerConfig, Renewal)> {
        let read = self.stamp();
        let (shown, resolver) = watch::channel(Arc::new(self.read()?));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("choose the versions of TLS")?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Shown(resolver)));
        Ok((config, Renewal { files: self, read, shown }))
    }

    fn read(&self) -> anyhow::Result<CertifiedKey> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("read the certificate {certificate}"))?;
        if chain.is_empty() {
            bail!("{certificate} holds no certificate; it has to be PEM, with -----BEGIN CERTIFICATE-----");
        }
        let key_der =
            PrivateKeyDer::from_pem_file(&self.key).with_context(|| format!("read the private key {key}"))?;
        CertifiedKey::from_der(chain, key_der, &ring::default_provider())
            .with_context(|| format!("{certificate} and {key} do not fit together"))
    }

    fn stamp(&self) -> Stamp {
        let of = |path: &Path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        [of(&self.certificate), of(&self.key)]
    }
}

impl Renewal {
    /// Shows what is in the files whenever they were written anew. What does not fit together is told, and what was shown
    /// before stays: one of the two may not be written yet.
    pub(crate) async fn run(mut self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (files, read) = (self.files.clone(), self.read);
            let look = move || {
                let now = files.stamp();
                (now != read).then(|| (now, files.read()))
            };
            // The server ends when the look does not.
            let Ok(look) = tokio::task::spawn_blocking(look).await else { return };
            let Some((now, read)) = look else { continue };
            self.read = now;
            match read {
                Ok(renewed) => {
                    self.shown.send_replace(Arc::new(renewed));
                    tracing::info!("the renewed certificate is shown from now on");
                }
                Err(error) => {
                    tracing::warn!(error = %format!("{error:#}"), "the certificate was changed and is not shown");
                }
            }
        }
    }
}

/// Shows every client the certificate there is now.
#[derive(Debug)]
struct Shown(watch::Receiver<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.borrow()))
    }
}
