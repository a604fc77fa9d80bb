//! ChaCha20-Poly1305 (RFC 8439) in place with a detached tag, without associated data: OpenSSL where there
//! is one, portable Rust on Windows (no installer there brings an OpenSSL).
//!
//! The only place that knows of two implementations. Nonces are up to the caller.

#[cfg(not(windows))]
pub(crate) use with_openssl::{Opening, Sealing};
#[cfg(windows)]
pub(crate) use with_rust::{Opening, Sealing};

/// Length of the tag in bytes.
pub(crate) const TAG_BYTES: usize = 16;

/// The library refused, or on opening: the bytes are not authentic and were wiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AeadError;

#[cfg(not(windows))]
mod with_openssl {
    use super::{AeadError, TAG_BYTES};
    use openssl::cipher::Cipher;
    use openssl::cipher_ctx::CipherCtx;
    use openssl::error::ErrorStack;
    use zeroize::Zeroize;

    impl From<ErrorStack> for AeadError {
        fn from(_: ErrorStack) -> Self {
            Self
        }
    }

    /// Encrypts under one key.
    pub(crate) struct Sealing(CipherCtx);

    impl Sealing {
        pub(crate) fn new(key: &[u8; 32]) -> Result<Self, AeadError> {
            let mut context = CipherCtx::new()?;
            context.encrypt_init(Some(Cipher::chacha20_poly1305()), Some(key), None)?;
            Ok(Self(context))
        }

        /// Encrypts in place and gives the tag.
        pub(crate) fn seal(
            &mut self,
            nonce: &[u8; 12],
            data: &mut [u8],
        ) -> Result<[u8; TAG_BYTES], AeadError> {
            self.0.encrypt_init(None, None, Some(nonce))?;
            self.0.cipher_update_inplace(data, data.len())?;
            self.0.cipher_final(&mut [])?;
            let mut tag = [0; TAG_BYTES];
            self.0.tag(&mut tag)?;
            Ok(tag)
        }
    }

    /// Decrypts under one key.
    pub(crate) struct Opening(CipherCtx);

    impl Opening {
        pub(crate) fn new(key: &[u8; 32]) -> Result<Self, AeadError> {
            let mut context = CipherCtx::new()?;
            context.decrypt_init(Some(Cipher::chacha20_poly1305()), Some(key), None)?;
            Ok(Self(context))
        }

        /// Decrypts in place; what is not authentic is wiped.
        pub(crate) fn open(
            &mut self,
            nonce: &[u8; 12],
            data: &mut [u8],
            tag: &[u8; TAG_BYTES],
        ) -> Result<(), AeadError> {
            let opened = self.open_unwiped(nonce, data, tag);
            if opened.is_err() {
                data.zeroize();
            }
            opened
        }

        fn open_unwiped(
            &mut self,
            nonce: &[u8; 12],
            data: &mut [u8],
            tag: &[u8; TAG_BYTES],
        ) -> Result<(), AeadError> {
            self.0.decrypt_init(None, None, Some(nonce))?;
            self.0.set_tag(tag)?;
            self.0.cipher_update_inplace(data, data.len())?;
            self.0.cipher_final(&mut [])?;
            Ok(())
        }
    }
}

#[cfg(any(windows, test))]
mod with_rust {
    use super::{AeadError, TAG_BYTES};
    use chacha20poly1305::aead::{AeadInOut, KeyInit};
    use chacha20poly1305::{ChaCha20Poly1305, Error};
    use zeroize::Zeroize;

    impl From<Error> for AeadError {
        fn from(_: Error) -> Self {
            Self
        }
    }

    /// Encrypts under one key.
    pub(crate) struct Sealing(ChaCha20Poly1305);

    impl Sealing {
        #[cfg_attr(not(windows), expect(clippy::unnecessary_wraps, reason = "the same face as OpenSSL"))]
        pub(crate) fn new(key: &[u8; 32]) -> Result<Self, AeadError> {
            Ok(Self(ChaCha20Poly1305::new(key.into())))
        }

        /// Encrypts in place and gives the tag.
        pub(crate) fn seal(
            &mut self,
            nonce: &[u8; 12],
            data: &mut [u8],
        ) -> Result<[u8; TAG_BYTES], AeadError> {
            Ok(self.0.encrypt_inout_detached(nonce.into(), b"", data.into())?.into())
        }
    }

    /// Decrypts under one key.
    pub(crate) struct Opening(ChaCha20Poly1305);

    impl Opening {
        #[cfg_attr(not(windows), expect(clippy::unnecessary_wraps, reason = "the same face as OpenSSL"))]
        pub(crate) fn new(key: &[u8; 32]) -> Result<Self, AeadError> {
            Ok(Self(ChaCha20Poly1305::new(key.into())))
        }

        /// Decrypts in place; what is not authentic is wiped.
        pub(crate) fn open(
            &mut self,
            nonce: &[u8; 12],
            data: &mut [u8],
            tag: &[u8; TAG_BYTES],
        ) -> Result<(), AeadError> {
            let opened = self.0.decrypt_inout_detached(nonce.into(), b"", (&mut *data).into(), tag.into());
            if opened.is_err() {
                data.zeroize();
            }
            Ok(opened?)
        }
    }
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::{AeadError, with_openssl, with_rust};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_implementations_agree(
            key: [u8; 32], nonces: [[u8; 12]; 2],
            data in proptest::collection::vec(any::<u8>(), 0..3000), flip: usize,
        ) {
            let mut fast = with_openssl::Sealing::new(&key).unwrap();
            let mut slow = with_rust::Sealing::new(&key).unwrap();
            let mut fast_opening = with_openssl::Opening::new(&key).unwrap();
            let mut slow_opening = with_rust::Opening::new(&key).unwrap();
            for nonce in nonces {
                let (mut one, mut two) = (data.clone(), data.clone());
                let tag = fast.seal(&nonce, &mut one).unwrap();
                prop_assert_eq!(tag, slow.seal(&nonce, &mut two).unwrap());
                prop_assert_eq!(&one, &two);

                let mut wrong = tag;
                wrong[flip % 16] ^= 1;
                let wiped = vec![0; data.len()];
                let mut sealed = one.clone();
                prop_assert_eq!(fast_opening.open(&nonce, &mut sealed, &wrong), Err(AeadError));
                prop_assert_eq!(&sealed, &wiped);
                let mut sealed = one.clone();
                prop_assert_eq!(slow_opening.open(&nonce, &mut sealed, &wrong), Err(AeadError));
                prop_assert_eq!(&sealed, &wiped);

                // A failure leaves nothing behind that would disturb the next one.
                prop_assert_eq!(fast_opening.open(&nonce, &mut one, &tag), Ok(()));
                prop_assert_eq!(slow_opening.open(&nonce, &mut two, &tag), Ok(()));
                prop_assert_eq!(&one, &data);
                prop_assert_eq!(&two, &data);
            }
        }
    }
}
