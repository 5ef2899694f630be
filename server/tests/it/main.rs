//! Tests of the server with real parts: sockets, keys, files.

mod net;
