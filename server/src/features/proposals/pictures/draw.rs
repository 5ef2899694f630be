//! From the bytes somebody sent to the two pictures we keep. Pure computation, slow: call it on a
//! blocking thread.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

/// What we keep.
pub const MEDIA_TYPE: &str = "image/jpeg";
/// Most pixels of a picture taken in; read in its header, before anything is decoded.
pub const PIXELS_MAX: u64 = 25_000_000;
/// Longest side of a picture taken in, in pixels.
pub const SIDE_MAX: u32 = 16_000;
/// Most memory the decoder may ask for, in bytes: four for each pixel.
const DECODER_BYTES_MAX: u64 = 4 * PIXELS_MAX + (1 << 20);
/// Longest side of what we keep, in pixels.
pub const LARGE_SIDE: u32 = 1_600;
/// Longest side of the small copy, in pixels.
pub const SMALL_SIDE: u32 = 480;
/// Largest small copy, in bytes.
pub const SMALL_BYTES_MAX: usize = 30 * 1024;
/// Quality of the large one, of 100.
const LARGE_QUALITY: u8 = 80;
/// Qualities tried for the small one until it is small enough.
const SMALL_QUALITIES: [u8; 4] = [75, 60, 45, 30];

/// Two pictures drawn from one.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// JPEG, at most [`LARGE_SIDE`] on its longer side.
    pub large: Vec<u8>,
    /// JPEG, at most [`SMALL_SIDE`] and [`SMALL_BYTES_MAX`].
    pub small: Vec<u8>,
    /// Pixels of the large one.
    pub width: u32,
    /// Pixels of the large one.
    pub height: u32,
}

/// The bytes are no JPEG, PNG or WebP of a size we take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a picture we take in")]
pub struct NotDrawn;

/// Draws both pictures anew from the pixels, turned as the camera says, without anything else the
/// file held.
///
/// # Errors
/// [`NotDrawn`] for another type, a damaged file, or more pixels than we take in.
pub fn draw(bytes: &[u8]) -> Result<Drawn, NotDrawn> {
    let large = decode(bytes)?;
    let (width, height) = fit(large.width(), large.height(), LARGE_SIDE);
    let large = if (width, height) == (large.width(), large.height()) {
        large
    } else {
        large.resize_exact(width, height, FilterType::CatmullRom)
    };
    let large = on_white(&large);
    let small = small(&large)?;
    Ok(Drawn {
        large: encode(&large, LARGE_QUALITY)?,
        small,
        width,
        height,
    })
}

/// Width and height of the small copy of a picture of that size.
pub fn small_size(width: u32, height: u32) -> (u32, u32) {
    fit(width, height, SMALL_SIDE)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, NotDrawn> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_unreadable| NotDrawn)?;
    if !matches!(
        reader.format(),
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)
    ) {
        return Err(NotDrawn);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_refused| NotDrawn)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > PIXELS_MAX {
        return Err(NotDrawn);
    }
    let turned = decoder.orientation();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_damaged| NotDrawn)?;
    if let Ok(turned) = turned {
        picture.apply_orientation(turned);
    }
    Ok(picture)
}

/// The size that keeps the shape and whose longer side is at most `side`; never larger than before.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width.max(1), height.max(1));
    }
    let scaled = |length: u32| {
        let length = u64::from(length) * u64::from(side) / u64::from(longer);
        u32::try_from(length).unwrap_or(side).max(1)
    };
    (scaled(width), scaled(height))
}

/// JPEG knows no transparency: what is clear becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let with_alpha = picture.to_rgba8();
    let mut drawn = RgbImage::new(with_alpha.width(), with_alpha.height());
    for (to, from) in drawn.pixels_mut().zip(with_alpha.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let blend = |colour: u8| {
            let alpha = u16::from(alpha);
            let sum = u16::from(colour) * alpha + 255 * (255 - alpha);
            u8::try_from(sum / 255).unwrap_or(255)
        };
        to.0 = [blend(red), blend(green), blend(blue)];
    }
    drawn
}

fn small(large: &RgbImage) -> Result<Vec<u8>, NotDrawn> {
    let mut side = SMALL_SIDE;
    loop {
        let (width, height) = fit(large.width(), large.height(), side);
        let picture = image::imageops::resize(large, width, height, FilterType::Triangle);
        for quality in SMALL_QUALITIES {
            let bytes = encode(&picture, quality)?;
            if bytes.len() <= SMALL_BYTES_MAX {
                return Ok(bytes);
            }
        }
        // Pure noise does not become small by quality alone.
        side /= 2;
        if side < 16 {
            return Err(NotDrawn);
        }
    }
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, NotDrawn> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(picture)
        .map_err(|_source| NotDrawn)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
