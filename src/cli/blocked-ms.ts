/** How long a client's event loop may stand still, real ms. */
export function blockedMs(): number {
  const given = Number(process.env['BLACKSTART_BLOCKED_MS'])
  return given > 0 ? given : 10_000
}
