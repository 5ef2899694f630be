//! Reading an HTTP/1.1 answer from bytes.

use anyhow::{Context, Result, bail};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Its body, without its transfer coding.
    pub(crate) body: Vec<u8>,
}

/// The first answer in the bytes and how many bytes it takes; nothing when it is not all there.
///
/// # Errors
/// The bytes are no answer of HTTP/1.1.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Answer, usize)>> {
    let Some(head_end) = find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, rest) = bytes.split_at(head_end + 4);
    let head = std::str::from_utf8(head).context("the head of an answer is no text")?;
    let mut lines = head.split("\r\n");
    let status: u16 = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .and_then(|line| line.get(..3)?.parse().ok())
        .context("no status line of HTTP/1.1")?;
    let (mut length, mut chunked) = (None, false);
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>().context("content-length")?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.trim().eq_ignore_ascii_case("chunked");
        }
    }
    let body = if chunked {
        unchunked(rest)?
    } else if matches!(status, 204 | 304) {
        Some((Vec::new(), 0))
    } else {
        let Some(length) = length else {
            bail!("an answer {status} without a length");
        };
        rest.get(..length).map(|body| (body.to_vec(), length))
    };
    Ok(body.map(|(body, taken)| (Answer { status, body }, head_end + 4 + taken)))
}

/// A chunked body and how many bytes it takes.
fn unchunked(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(line_end) = find(rest, b"\r\n") else {
            return Ok(None);
        };
        let (line, rest) = rest.split_at(line_end);
        let size = std::str::from_utf8(line)?.split(';').next().unwrap_or("");
        let size = usize::from_str_radix(size.trim(), 16).context("the size of a chunk")?;
        // The line end, the chunk, its line end.
        let Some(chunk) = rest.get(2..2 + size + 2) else {
            return Ok(None);
        };
        at += line_end + 2 + size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
        body.extend_from_slice(chunk.get(..size).unwrap_or_default());
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelined_answers_are_told_apart() {
        let bytes = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 304 Not Modified\r\n\r\n\
                      HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\nrest";

        let (first, one) = parse(bytes).unwrap().unwrap();
        let (second, two) = parse(&bytes[one..]).unwrap().unwrap();
        let (third, three) = parse(&bytes[one + two..]).unwrap().unwrap();

        assert_eq!((first.status, first.body.as_slice()), (202, &b"ok"[..]));
        assert_eq!((second.status, second.body.as_slice()), (304, &b""[..]));
        assert_eq!((third.status, third.body.as_slice()), (200, &b"abcde"[..]));
        assert_eq!(&bytes[one + two + three..], b"rest");
    }

    #[test]
    fn an_answer_that_is_not_all_there_is_none_yet() {
        let whole = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).unwrap().is_none(), "{end}");
        }
        assert!(parse(whole).unwrap().is_some());
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        assert!(parse(b"SMTP ready\r\n\r\n").is_err());
        assert!(parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
