//! The ActivityPub server through real HTTP: what it publishes, what it takes in, what it sends.

mod following;
