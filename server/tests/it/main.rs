//! Tests of the server with real parts: sockets, keys, files.

mod command;
mod db;
mod fediverse;
mod net;
mod proposals;
