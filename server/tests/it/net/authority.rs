//! A certificate authority for one test: production rules run over real TLS.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interkpa_server::fediverse::rsa::SigningKey;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::rig::{another_key, key};

/// Signs certificates that the client under test is told to believe.
pub(super) struct Authority {
    key: SigningKey,
    certificate: Vec<u8>,
}

const ISSUER: &str = "test authority";
/// sha256WithRSAEncryption with its NULL.
const SHA256_RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00,
];
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x13];

impl Authority {
    pub(super) fn new() -> Self {
        Self::of(key())
    }

    /// The authority of this key.
    pub(super) fn of(key: SigningKey) -> Self {
        let constraints = extension(BASIC_CONSTRAINTS, &element(0x30, &element(0x01, &[0xff])));
        let certificate = certificate(ISSUER, &key, &key, &constraints);
        Self { key, certificate }
    }

    /// What the client is given.
    pub(super) fn certificate(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(&self.certificate).unwrap()
    }

    /// TLS for a server of this name.
    pub(super) fn acceptor(&self, name: &str) -> TlsAcceptor {
        let own = another_key();
        let names = element(0x30, &element(0x82, name.as_bytes()));
        let certificate = certificate(name, &own, &self.key, &extension(SUBJECT_ALT_NAME, &names));
        let secret = PrivatePkcs8KeyDer::from(der_of(&own.to_pkcs8_pem().unwrap()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate)],
                PrivateKeyDer::from(secret),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A certificate of version 3, valid from 2020 to 2049 (RFC 5280 §4.1).
fn certificate(name: &str, own: &SigningKey, by: &SigningKey, extension: &[u8]) -> Vec<u8> {
    let algorithm = element(0x30, SHA256_RSA);
    let validity = [
        element(0x17, b"200101000000Z"),
        element(0x17, b"490101000000Z"),
    ]
    .concat();
    let to_be_signed = element(
        0x30,
        &[
            element(0xa0, &[0x02, 0x01, 0x02]),
            element(0x02, &[0x01]),
            algorithm.clone(),
            distinguished(ISSUER),
            element(0x30, &validity),
            distinguished(name),
            der_of(&own.public_pem().unwrap()),
            element(0xa3, &element(0x30, extension)),
        ]
        .concat(),
    );
    let mut signature = vec![0];
    signature.extend(by.sign_pkcs1v15_sha256(&to_be_signed).unwrap());
    element(
        0x30,
        &[to_be_signed, algorithm, element(0x03, &signature)].concat(),
    )
}

fn distinguished(name: &str) -> Vec<u8> {
    let attribute = [COMMON_NAME, &element(0x0c, name.as_bytes())].concat();
    element(0x30, &element(0x31, &element(0x30, &attribute)))
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    element(0x30, &[oid, &element(0x04, value)].concat())
}

fn der_of(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).unwrap()
}

/// DER of one element.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(u8::try_from(length).unwrap());
    } else if length < 0x100 {
        out.extend([0x81, u8::try_from(length).unwrap()]);
    } else {
        out.push(0x82);
        out.extend(u16::try_from(length).unwrap().to_be_bytes());
    }
    out.extend(content);
    out
}
