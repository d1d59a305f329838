import type { FileToWrite } from '../run/write-together.ts'

/** `Wrote day.html (65 KB).` */
export function wroteText({ file, text }: FileToWrite): string {
  return `Wrote ${file} (${sayBytes(Buffer.byteLength(text))}).`
}

function sayBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
