use super::*;

fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 7_u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        image::Rgb([a, b, c])
    })
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A JPEG with an EXIF block that says « turned by 90° » and holds a text.
fn jpeg_with_exif(picture: &RgbImage) -> Vec<u8> {
    let plain = encode(picture, 90).unwrap();
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend([2, 0]); // two entries
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]); // orientation 6
    tiff.extend([0x0f, 0x01, 2, 0, 20, 0, 0, 0, 38, 0, 0, 0]); // maker, at offset 38
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"GPS 50.690 N 3.174 E");
    let mut block = b"Exif\0\0".to_vec();
    block.extend(tiff);
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(length);
    bytes.extend(block);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn what_is_kept_holds_no_place_and_stands_upright() {
    let sent = jpeg_with_exif(&noise(80, 40));
    assert!(sent.windows(3).any(|part| part == b"GPS"));

    let drawn = draw(&sent).unwrap();

    for kept in [&drawn.large, &drawn.small] {
        assert!(!kept.windows(3).any(|part| part == b"GPS"));
        assert!(!kept.windows(4).any(|part| part == b"Exif"));
    }
    assert_eq!(
        (drawn.width, drawn.height),
        (40, 80),
        "turned as the camera says"
    );
}

#[test]
fn both_copies_keep_their_limits_even_for_noise() {
    let drawn = draw(&png(&noise(2_000, 1_000))).unwrap();

    assert_eq!((drawn.width, drawn.height), (1_600, 800));
    assert!(
        drawn.small.len() <= SMALL_BYTES_MAX,
        "{}",
        drawn.small.len()
    );
    assert_eq!(small_size(1_600, 800), (480, 240));
}

#[test]
fn a_header_that_says_too_many_pixels_is_refused_before_decoding() {
    // A PNG of 50 000 × 50 000 pixels whose data is not even there (D74).
    let mut bytes = png(&noise(4, 4));
    bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let mut crc = 0xffff_ffff_u32;
    for byte in &bytes[12..29] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());

    assert_eq!(draw(&bytes).unwrap_err(), NotDrawn);
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_calls_itself() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let html = b"<!doctype html><title>photo.png</title>";
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    for bytes in [
        &svg[..],
        &html[..],
        &gif[..],
        &b""[..],
        &b"\xff\xd8\xff"[..],
    ] {
        assert_eq!(draw(bytes).unwrap_err(), NotDrawn);
    }
    let mut cut = png(&noise(64, 64));
    cut.truncate(200);
    assert_eq!(draw(&cut).unwrap_err(), NotDrawn);
}

#[test]
fn what_was_clear_is_white() {
    let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0]));
    let mut bytes = Cursor::new(Vec::new());
    clear.write_to(&mut bytes, ImageFormat::Png).unwrap();

    let drawn = draw(&bytes.into_inner()).unwrap();

    let kept = image::load_from_memory(&drawn.large).unwrap().to_rgb8();
    assert!(
        kept.pixels()
            .all(|pixel| pixel.0.iter().all(|colour| *colour > 250))
    );
}
