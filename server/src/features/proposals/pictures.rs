//! Pictures.

/// Path of a picture at its full size.
pub fn href(id: &str) -> String {
    format!("/media/{id}")
}
