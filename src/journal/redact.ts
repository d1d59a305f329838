const secrets: readonly RegExp[] = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{16,}/g,
  /\bAKIA[A-Z0-9]{12,}/g,
  /\b[Bb]earer\s+[A-Za-z0-9._~+/-]{8,}=*/g,
  /\b(?:x-api-key|authorization|cookie|set-cookie)\b\s*[:=]\s*\S+/gi,
]

/** Text that is safe to keep: keys, tokens and cookies are blotted out, and it is cut at `limit` characters. */
export function redact(text: string, limit = 300): string {
  let clean = text
  for (const pattern of secrets) clean = clean.replace(pattern, '[redacted]')
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean
}
