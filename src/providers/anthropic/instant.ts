/** RFC 3339 with the microseconds that the API writes. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
