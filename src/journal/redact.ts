const secrets: readonly RegExp[] = [
  // A header with all of its value, as a line and as JSON: `Cookie: a=1; b=2`, `"authorization":"Basic dXNlcjo="`.
  /\b(?:x-api-key|x-goog-api-key|api-key|authorization|cookie|set-cookie)\b["']?\s*[:=]\s*(?:"[^"\n]*"?|'[^'\n]*'?|[^"'\n,}]+)/gi,
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{4,}/g,
  /\bAIza[A-Za-z0-9_-]{16,}/g,
  /\bAKIA[A-Z0-9]{12,}/g,
  /\bya29\.[A-Za-z0-9._-]{8,}/g,
  /\bbearer\s+[A-Za-z0-9._~+/-]{8,}=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\bcanary-blackstart[\w.-]*/gi,
  // What an address carries: `?key=…`, `https://user:password@host`.
  /(?<=[?&](?:key|api[-_]?key|(?:access[-_]?)?token|sig(?:nature)?|x-amz-(?:signature|security-token|credential))=)[^&\s"'`<>()[\]]+/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/** A question or an answer, from its mark to the end of its line or string. */
const marked = /\[q:[^\]\n]*\][^"`\n]*/g

/** Text that is safe to keep: keys, tokens, cookies and prompts are blotted out, and it is cut at `limit` characters. */
export function redact(text: string, limit = 300): string {
  let clean = text
  for (const pattern of [...secrets, marked]) clean = clean.replace(pattern, '[redacted]')
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean
}

/** A port behind an address or a host's name; not the line behind a file's. */
const port =
  /(?<=\b(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|(?:[a-z0-9-]+\.)+[a-z]{2,})(?<!\.[cm]?[jt]sx?)|\[[0-9a-f:.]+\]):\d{2,5}\b/gi
/** From the root, and deep enough or with a file's ending, unlike the path of a URL. */
const absolutePath =
  /(?<![\w.:/])(?:file:\/\/)?(?:[A-Za-z]:)?(?:(?:[\\/][^\s\\/:*?"'`<>|()]+){2,}[\\/]|(?:[\\/][^\s\\/:*?"'`<>|()]+)+[\\/](?=[\w-]+\.\w))([^\s\\/:*?"'`<>|()]+)/g
const isoDate = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g

/** Text that is the same on every machine and on any day: of a path the file's name stays, ports and dates go. */
export function withoutPlace(text: string): string {
  return text
    .replaceAll(`file://${process.cwd()}/`, '')
    .replaceAll(`${process.cwd()}/`, '')
    .replace(absolutePath, '…/$1')
    .replace(port, '')
    .replace(isoDate, '[date]')
}
