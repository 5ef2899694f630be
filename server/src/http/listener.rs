//! The door of the hub: how many connections are open, and how long each may keep us waiting.
//!
//! Nothing below this file bounds a connection that sends its request one byte at a time, or none
//! (security.md D60, promise P10): the time limit of the router begins once a request's head was
//! read. Here a connection is cut when its head, its whole request, or the reading of our answer
//! takes too long. When all places are taken, the connection that has been waited for longest makes
//! room, so that a crowd of idle ones keeps nobody out.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Most connections in any case.
const CONNECTIONS_MAX: usize = 4_096;
/// Open files kept for the database, pictures and our own requests.
const FILES_KEPT: usize = 256;
/// Fewest connections in any case.
const CONNECTIONS_MIN: usize = 64;

/// What one connection may cost.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Connections open at once.
    pub connections_max: usize,
    /// From the first byte of a request to the end of its head.
    pub head_max: Duration,
    /// From the end of the head to the first byte of our answer: longer than the router takes for
    /// its own 408.
    pub answer_max: Duration,
    /// Without a byte of a request, or without a byte of our answer taken.
    pub idle_max: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connections_max: connections_max(),
            head_max: Duration::from_secs(15),
            answer_max: Duration::from_secs(40),
            idle_max: Duration::from_mins(1),
        }
    }
}

/// As many as this process may have files open, less what else it opens.
fn connections_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    files_max(&limits)
        .map_or(CONNECTIONS_MAX, |files| files.saturating_sub(FILES_KEPT))
        .clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

/// The soft limit of open files, as `proc(5)` shows it.
fn files_max(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A listener whose connections are counted and timed.
#[derive(Debug)]
pub struct TimedListener {
    inner: TcpListener,
    patience: Patience,
    open: Arc<Open>,
}

impl TimedListener {
    /// Accepts from `inner` within these bounds.
    pub fn new(inner: TcpListener, patience: Patience) -> Self {
        Self {
            inner,
            patience,
            open: Arc::default(),
        }
    }
}

impl Listener for TimedListener {
    type Io = TimedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        let seat = self.open.seat(self.patience.connections_max);
        (TimedStream::new(stream, seat, self.patience), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// The connections that are open.
#[derive(Debug, Default)]
struct Open {
    seats: Mutex<BTreeMap<u64, Arc<Place>>>,
    next: AtomicU64,
}

/// One place: since when it is waited for, by a count that only grows, and how to empty it.
#[derive(Debug, Default)]
struct Place {
    /// 0 while a whole request is being answered.
    waiting_since: AtomicU64,
    leave: CancellationToken,
}

/// The place of one connection; given back when dropped.
#[derive(Debug)]
struct Seat {
    number: u64,
    place: Arc<Place>,
    open: Arc<Open>,
}

impl Open {
    /// A place for a new connection; another one is emptied first when all are taken.
    fn seat(self: &Arc<Self>, connections_max: usize) -> Seat {
        let number = self.tick();
        let place = Arc::new(Place {
            waiting_since: AtomicU64::new(number),
            leave: CancellationToken::new(),
        });
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if seats.len() >= connections_max {
            // Those being answered are left alone as long as there is anybody else.
            let longest = seats
                .iter()
                .min_by_key(
                    |(_, place)| match place.waiting_since.load(Ordering::Relaxed) {
                        0 => u64::MAX,
                        since => since,
                    },
                )
                .map(|(number, _)| *number);
            if let Some(place) = longest.and_then(|number| seats.remove(&number)) {
                place.leave.cancel();
            }
        }
        seats.insert(number, Arc::clone(&place));
        drop(seats);
        Seat {
            number,
            place,
            open: Arc::clone(self),
        }
    }

    fn tick(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Seat {
    fn waits(&self) {
        let since = self.open.tick();
        self.place.waiting_since.store(since, Ordering::Relaxed);
    }

    fn is_answered(&self) {
        self.place.waiting_since.store(0, Ordering::Relaxed);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.open
            .seats
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.number);
    }
}

/// Where a connection stands in its present request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing of a request came yet, or an answer is being written.
    Idle,
    /// Part of a head came; so many bytes of the blank line that ends it were seen.
    Head(Blank),
    /// The head is complete.
    Asked,
}

/// How much of the blank line was seen; a bare line feed counts, as for the HTTP parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    None,
    LineEnd,
}

impl Stage {
    /// The stage after some bytes of the peer.
    fn after(self, bytes: &[u8]) -> Self {
        let mut blank = match self {
            Self::Asked => return self,
            Self::Idle => Blank::None,
            Self::Head(blank) => blank,
        };
        for byte in bytes {
            blank = match (byte, blank) {
                (b'\n', Blank::LineEnd) => return Self::Asked,
                (b'\n', Blank::None) => Blank::LineEnd,
                (b'\r', blank) => blank,
                _ => Blank::None,
            };
        }
        Self::Head(blank)
    }
}

/// A connection that is cut when its peer takes too long.
#[derive(Debug)]
pub struct TimedStream {
    inner: TcpStream,
    seat: Seat,
    patience: Patience,
    stage: Stage,
    deadline: Pin<Box<Sleep>>,
    leave: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl TimedStream {
    fn new(inner: TcpStream, seat: Seat, patience: Patience) -> Self {
        let leave = Box::pin(seat.place.leave.clone().cancelled_owned());
        Self {
            inner,
            seat,
            patience,
            stage: Stage::Idle,
            deadline: Box::pin(tokio::time::sleep(patience.idle_max)),
            leave,
        }
    }

    fn wait(&mut self, longest: Duration) {
        self.deadline.as_mut().reset(Instant::now() + longest);
    }

    /// Ready with an error once the time is over or the place is needed.
    fn over(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        if self.leave.as_mut().poll(cx).is_ready() {
            return Poll::Ready(io::ErrorKind::ConnectionAborted.into());
        }
        ready!(self.deadline.as_mut().poll(cx));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn heard(&mut self, bytes: &[u8]) {
        let before = self.stage;
        self.stage = before.after(bytes);
        match (before, self.stage) {
            (Stage::Idle | Stage::Head(_), Stage::Asked) => {
                self.seat.is_answered();
                self.wait(self.patience.answer_max);
            }
            (Stage::Idle, Stage::Head(_)) => self.wait(self.patience.head_max),
            _ => {}
        }
    }

    fn told(&mut self) {
        self.stage = Stage::Idle;
        self.seat.waits();
        self.wait(self.patience.idle_max);
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(error) = self.over(cx) {
            return Poll::Ready(Err(error));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let new = buf.filled().get(before..).unwrap_or_default();
        if !new.is_empty() {
            self.heard(new);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(cx, bytes) {
            Poll::Ready(Ok(written)) => {
                self.told();
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.over(cx).map(Err),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write_vectored(cx, parts) {
            Poll::Ready(Ok(written)) => {
                self.told();
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.over(cx).map(Err),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(parts: &[&str]) -> Stage {
        parts
            .iter()
            .fold(Stage::Idle, |stage, part| stage.after(part.as_bytes()))
    }

    #[test]
    fn a_head_ends_with_a_blank_line_however_it_is_cut() {
        assert_eq!(after(&["GET / HTTP/1.1\r\nHost: a\r\n\r\n"]), Stage::Asked);
        assert_eq!(
            after(&["GET / HTTP/1.1\r", "\n", "\r", "\nbody"]),
            Stage::Asked
        );
        assert_eq!(after(&["GET / HTTP/1.1\n\n"]), Stage::Asked);
        assert_eq!(
            after(&["GET / HTTP/1.1\r\nHost: a\r\n"]),
            Stage::Head(Blank::LineEnd)
        );
        assert_eq!(after(&["G"]), Stage::Head(Blank::None));
        assert_eq!(after(&[]), Stage::Idle);
    }

    #[test]
    fn when_all_places_are_taken_the_one_waited_for_longest_makes_room() {
        let open: Arc<Open> = Arc::default();
        let (first, second) = (open.seat(2), open.seat(2));
        first.is_answered();

        let third = open.seat(2);

        assert!(!first.place.leave.is_cancelled());
        assert!(second.place.leave.is_cancelled());
        assert_eq!(open.seats.lock().unwrap().len(), 2);
        drop((first, second, third));
        assert_eq!(open.seats.lock().unwrap().len(), 0);
    }

    #[test]
    fn the_limit_of_open_files_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";

        assert_eq!(files_max(limits), Some(1_024));
        assert_eq!(files_max("Max open files unlimited"), None);
        assert!(connections_max() >= CONNECTIONS_MIN);
    }
}
