//! Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's smallest setting; web.md §1.3).
//!
//! Hashing costs memory, so only two run at a time, on blocking threads, never inside a write.

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::http::error::{AppError, Kind};

/// Hashes computed at a time: each takes 19 MiB (performance.md G9).
static ROOM: Semaphore = Semaphore::const_new(2);

/// Longest password taken in, in bytes; argon2 reads all of them.
pub const PASSWORD_BYTES_MAX: usize = 200;

/// Hashed once so that an unknown handle costs what a known one does (D84). It is the hash of a
/// random text nobody kept.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$1lTPkKxHHD4CeJVqiN3kFCV0hOC3J9sQSsl8wGk1sZ0";

fn argon2() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19_456, 2, 1, None)
        .map_err(|error| AppError::internal(anyhow::anyhow!("argon2 parameters: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let _room = ROOM.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)?
}

/// The hash to store, in PHC form.
///
/// # Errors
/// The machine has no memory or no randomness.
pub async fn hash(password: String) -> Result<String, AppError> {
    compute(move || {
        let salt = SaltString::generate(&mut OsRng);
        let hash = argon2()?
            .hash_password(password.as_bytes(), &salt)
            .map_err(|error| AppError::internal(anyhow::anyhow!("argon2: {error}")))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one of the hash. Without a hash (unknown person, invitation never
/// used) the same work is done and the answer is no.
///
/// # Errors
/// The stored hash cannot be read.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, AppError> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(AppError::new(Kind::Invalid, "password_too_long"));
    }
    compute(move || {
        let known = stored.is_some();
        let text = stored.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&text)
            .map_err(|error| AppError::internal(anyhow::anyhow!("stored hash: {error}")))?;
        Ok(argon2()?
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
            && known)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_person_is_good() {
        let stored = hash("une phrase de passe".to_owned()).await.unwrap();

        assert!(
            verify("une phrase de passe".to_owned(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify("une autre phrase".to_owned(), Some(stored))
                .await
                .unwrap()
        );
        assert!(
            !verify("une phrase de passe".to_owned(), None)
                .await
                .unwrap()
        );
    }
}
