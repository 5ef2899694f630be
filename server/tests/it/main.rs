//! Tests of the server with real parts: sockets, keys, files.

mod db;
mod fediverse;
mod net;
