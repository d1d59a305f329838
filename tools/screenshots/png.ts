import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** A picture as Chromium takes it (PNG, 8 bits a channel, not interlaced) with at most 256 colours: a third of its bytes. */
export function compact(png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png)
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const palette = paletteOf(counts)
  const nearest = new Map<number, number>(palette.map((color, i) => [color, i]))
  const rows = Buffer.alloc(height * (width + 1))
  pixels.forEach((pixel, i) => {
    let at = nearest.get(pixel)
    if (at === undefined) {
      at = nearestOf(palette, pixel)
      nearest.set(pixel, at)
    }
    // Each row begins with its filter: none, which suits palettes best.
    rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = at
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const colors = Buffer.from(palette.flatMap(color => channels(color)))
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Of a PNG file. */
export function sizeOf(png: Buffer): { readonly width: number; readonly height: number } {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('This is no PNG.')
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Pixels as 0xRRGGBB, row by row. */
interface Decoded {
  readonly width: number
  readonly height: number
  readonly pixels: Uint32Array
}

function decoded(png: Buffer): Decoded {
  const { width, height } = sizeOf(png)
  const [depth, type, , , interlaced] = png.subarray(24, 29)
  if (depth !== 8 || (type !== 2 && type !== 6) || interlaced !== 0) throw new Error('This PNG is of another kind.')
  const step = type === 2 ? 3 : 4
  const data: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const raw = inflateSync(Buffer.concat(data))
  const stride = width * step
  const pixels = new Uint32Array(width * height)
  let above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const row = unfiltered(raw.subarray(y * (stride + 1), (y + 1) * (stride + 1)), above, step)
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = row.subarray(x * step, x * step + 3)
      pixels[y * width + x] = (red << 16) | (green << 8) | blue
    }
    above = row
  }
  return { width, height, pixels }
}

/** Bytes of one row; `line` begins with the number of its filter. */
function unfiltered(line: Uint8Array, above: Uint8Array, step: number): Uint8Array<ArrayBuffer> {
  const filter = line[0] ?? 0
  const row = new Uint8Array(line.length - 1)
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : (row[i - step] ?? 0)
    const up = above[i] ?? 0
    const corner = i < step ? 0 : (above[i - step] ?? 0)
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
    row[i] = (line[i + 1] ?? 0) + guess
  }
  return row
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** Flat surfaces keep their colour: the most frequent ones; and of the rest, those that are far from each other. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const colors = [...counts].toSorted(([a, n], [b, m]) => m - n || a - b).map(([color]) => color)
  if (colors.length <= 256) return colors
  const palette = colors.slice(0, 96)
  for (const apart of [900, 300, 100, 0])
    for (const color of colors) {
      if (palette.length === 256) return palette
      if (palette.every(one => distance(one, color) > apart)) palette.push(color)
    }
  return palette
}

function nearestOf(palette: readonly number[], color: number): number {
  let [found, least] = [0, Number.POSITIVE_INFINITY]
  palette.forEach((one, i) => {
    const far = distance(one, color)
    if (far < least) [found, least] = [i, far]
  })
  return found
}

function distance(a: number, b: number): number {
  const [red, green, blue] = channels(a)
  const [otherRed, otherGreen, otherBlue] = channels(b)
  return 2 * (red - otherRed) ** 2 + 4 * (green - otherGreen) ** 2 + (blue - otherBlue) ** 2
}

function channels(color: number): [red: number, green: number, blue: number] {
  return [color >> 16, (color >> 8) & 255, color & 255]
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
