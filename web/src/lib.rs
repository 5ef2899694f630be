//! The pages of Inter-KPA.
