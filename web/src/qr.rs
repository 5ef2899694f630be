//! QR codes as inline SVG: printed on invitations, sheets and announcements.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::markup::SafeHtml;

/// Modules of white around the code, as the standard asks (ISO/IEC 18004).
const QUIET: i32 = 4;

/// The QR code of a text as an `<svg>` with one path; `label` is read by screen readers.
/// Nothing if the text is too long for a code (more than 2331 bytes).
pub fn svg(text: &str, label: &str) -> Option<SafeHtml> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                // Writing to a String does not fail.
                let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    let label = crate::markup::escape(label);
    Some(SafeHtml::from_template(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    )))
}

/// The QR code of a text in characters of a terminal, two modules a character, dark on light.
/// Nothing if the text is too long for a code.
pub fn terminal(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let quiet = 2;
    let mut lines = String::new();
    for y in (-quiet..code.size() + quiet).step_by(2) {
        for x in -quiet..code.size() + quiet {
            // Terminals are dark more often than not: what is light is drawn.
            lines.push(match (code.get_module(x, y), code.get_module(x, y + 1)) {
                (true, true) => ' ',
                (true, false) => '▄',
                (false, true) => '▀',
                (false, false) => '█',
            });
        }
        lines.push('\n');
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_code_is_one_square_with_its_label_escaped() {
        let svg = svg(
            "https://bobinette.example/invitation/abc",
            "Invitation \"<b>\"",
        )
        .unwrap();
        let text = svg.as_str();
        assert!(
            text.starts_with("<svg class=\"qr\" viewBox=\"0 0 37 37\""),
            "{text}"
        );
        assert!(
            text.contains("aria-label=\"Invitation &#34;&#60;b&#62;&#34;\""),
            "{text}"
        );
        assert!(!text.contains("style="));
    }

    #[test]
    fn a_text_too_long_gives_no_code() {
        assert!(svg(&"x".repeat(3000), "x").is_none());
    }
}
