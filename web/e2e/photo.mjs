// A photograph to publish, made here: a picture of a phone's size, in the PNG format (RFC 2083).

import { crc32, deflateSync } from "node:zlib";

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), out.length - 4);
  return out;
}

/** A workbench under a window, more or less: bands of colour with a slow change of light. */
function pixel(x, y, width, height) {
  const [across, down] = [x / width, y / height];
  if (down > 0.68) return [138 - 40 * across, 92 - 20 * down, 54];
  const wheel = Math.hypot(across - 0.5, (down - 0.5) * 0.75);
  if (Math.abs(wheel - 0.2) < 0.018 || wheel < 0.02) return [32, 36, 40];
  return [214 - 60 * down, 222 - 40 * across, 205 + 30 * across];
}

/** The bytes of a PNG of this size. */
export function photo(width = 1280, height = 960) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      rows.set(pixel(x, y, width, height).map(Math.round), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}
