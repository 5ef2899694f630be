//! A body read whole.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};

use crate::http::error::{AppError, Kind};

/// The whole body of a request, within the limit of its route.
///
/// # Errors
/// 413 when it is too long. 408 when the connection broke in the middle of it: whoever sent it may
/// send the same again, so that a delivery that a broken line cut short is not refused for good.
pub async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, AppError> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                AppError::new(Kind::TooLarge, "too_large")
            }
            _ => AppError::new(Kind::Unfinished, "body_unfinished"),
        })
}
