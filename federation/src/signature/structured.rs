//! Structured fields (RFC 8941), as much of them as signatures need, read strictly: no repeated key,
//! no decimal, nothing after the end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A text that is not of the form asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotStructured;

/// A bare item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bare<'a> {
    /// The digits as they came, with sign and fraction: whoever needs the number judges them.
    Number(&'a str),
    String(String),
    Token(&'a str),
    Bytes(Vec<u8>),
    Boolean(bool),
}

/// An inner list of strings with its parameters, under its label: one member of `Signature-Input`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelledList<'a> {
    pub(super) label: &'a str,
    pub(super) items: Vec<String>,
    pub(super) parameters: Vec<(&'a str, Bare<'a>)>,
}

/// Most members, items or parameters in one field.
const MEMBERS_MAX: usize = 32;

/// Reads a dictionary of exactly one inner list. Parameters on its items are refused: each of them
/// (`sf`, `key`, `bs`, `req`, `tr`) changes what a component means.
pub(super) fn read_labelled_list(text: &str) -> Result<LabelledList<'_>, NotStructured> {
    let mut scanner = Scanner { rest: text };
    let label = scanner.key()?;
    scanner.expect('=')?;
    scanner.expect('(')?;
    let mut items = Vec::new();
    loop {
        scanner.skip_spaces();
        if scanner.take(')') {
            break;
        }
        let Bare::String(item) = scanner.bare_item()? else {
            return Err(NotStructured);
        };
        let separated = matches!(scanner.peek(), Some(' ' | ')'));
        if !separated || items.contains(&item) || items.len() == MEMBERS_MAX {
            return Err(NotStructured);
        }
        items.push(item);
    }
    let parameters = scanner.parameters()?;
    scanner.end()?;
    Ok(LabelledList {
        label,
        items,
        parameters,
    })
}

/// Reads a dictionary whose values are byte sequences without parameters.
pub(super) fn read_byte_sequences(text: &str) -> Result<Vec<(&str, Vec<u8>)>, NotStructured> {
    let mut scanner = Scanner { rest: text };
    let mut members: Vec<(&str, Vec<u8>)> = Vec::new();
    loop {
        let key = scanner.key()?;
        scanner.expect('=')?;
        let Bare::Bytes(bytes) = scanner.bare_item()? else {
            return Err(NotStructured);
        };
        if members.iter().any(|(known, _)| *known == key) || members.len() == MEMBERS_MAX {
            return Err(NotStructured);
        }
        members.push((key, bytes));
        scanner.skip_spaces();
        if scanner.rest.is_empty() {
            return Ok(members);
        }
        scanner.expect(',')?;
        scanner.skip_spaces();
    }
}

/// A string as a structured field writes it.
pub(super) fn write_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A byte sequence as a structured field writes it.
pub(super) fn write_bytes(bytes: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(bytes))
}

/// What is left to read.
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), NotStructured> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(NotStructured)
        }
    }

    fn end(&mut self) -> Result<(), NotStructured> {
        self.skip_spaces();
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(NotStructured)
        }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// The longest start of the rest made of such characters.
    fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !wanted(c))
            .unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        run
    }

    fn key(&mut self) -> Result<&'a str, NotStructured> {
        if !matches!(self.peek(), Some('a'..='z' | '*')) {
            return Err(NotStructured);
        }
        Ok(self.run(|c| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '*')
        }))
    }

    fn parameters(&mut self) -> Result<Vec<(&'a str, Bare<'a>)>, NotStructured> {
        let mut parameters: Vec<(&str, Bare<'_>)> = Vec::new();
        while self.take(';') {
            self.skip_spaces();
            let key = self.key()?;
            let value = if self.take('=') {
                self.bare_item()?
            } else {
                Bare::Boolean(true)
            };
            let repeated = parameters.iter().any(|(known, _)| *known == key);
            if repeated || parameters.len() == MEMBERS_MAX {
                return Err(NotStructured);
            }
            parameters.push((key, value));
        }
        Ok(parameters)
    }

    fn bare_item(&mut self) -> Result<Bare<'a>, NotStructured> {
        match self.peek() {
            Some('"') => self.string(),
            Some(':') => self.bytes(),
            Some('?') => self.boolean(),
            Some('-' | '0'..='9') => Ok(Bare::Number(
                self.run(|c| c.is_ascii_digit() || matches!(c, '-' | '.')),
            )),
            Some('a'..='z' | 'A'..='Z' | '*') => {
                Ok(Bare::Token(self.run(|c| {
                    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(c)
                })))
            }
            _ => Err(NotStructured),
        }
    }

    fn string(&mut self) -> Result<Bare<'a>, NotStructured> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            text.push_str(self.run(|c| matches!(c, ' '..='~') && c != '"' && c != '\\'));
            if self.take('"') {
                return Ok(Bare::String(text));
            }
            self.expect('\\')?;
            let escaped = if self.take('"') {
                '"'
            } else {
                self.expect('\\')?;
                '\\'
            };
            text.push(escaped);
        }
    }

    fn bytes(&mut self) -> Result<Bare<'a>, NotStructured> {
        self.expect(':')?;
        let encoded = self.run(|c| c != ':');
        self.expect(':')?;
        STANDARD
            .decode(encoded)
            .map(Bare::Bytes)
            .map_err(|_not_base64| NotStructured)
    }

    fn boolean(&mut self) -> Result<Bare<'a>, NotStructured> {
        self.expect('?')?;
        if self.take('1') {
            Ok(Bare::Boolean(true))
        } else {
            self.expect('0')?;
            Ok(Bare::Boolean(false))
        }
    }
}
