//! Whose certificates are believed. There is no way to believe all.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::Error;

/// TLS 1.2 and 1.3, with the authorities that the host trusts, where TLS is spoken, and these.
pub(crate) fn config(is_spoken: bool, authorities: &[u8]) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if is_spoken {
        add_given(&mut roots, authorities).map_err(|reason| Error::Certificates { reason })?;
        let host = rustls_native_certs::load_native_certs();
        // A host may have one that nobody can read, beside hundreds that are good.
        roots.add_parsable_certificates(host.certs);
        if roots.is_empty() {
            let reason = host
                .errors
                .first()
                .map_or_else(|| "this host trusts none, and none was given".to_owned(), ToString::to_string);
            return Err(Error::Certificates { reason });
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Certificates { reason: error.to_string() })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn add_given(roots: &mut RootCertStore, authorities: &[u8]) -> Result<(), String> {
    if authorities.is_empty() {
        return Ok(());
    }
    for certificate in CertificateDer::pem_slice_iter(authorities) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("they have to be PEM, with -----BEGIN CERTIFICATE-----".to_owned());
    }
    Ok(())
}
