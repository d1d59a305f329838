import type { Link } from './feed.ts'

/** How the page stands with its server, in words. */
export function Connection({ link, onRetry }: { readonly link: Link; onRetry(): void }) {
  return (
    <div class={`connection ${link.state}`}>
      <p id="connection" role="status">
        <i class="dot" aria-hidden="true" />
        {words(link)}
      </p>
      {link.state === 'waiting' && (
        <button type="button" onClick={onRetry}>
          Connect now
        </button>
      )}
    </div>
  )
}

function words(link: Link): string {
  switch (link.state) {
    case 'connecting':
      return 'Connecting'
    case 'open':
      return 'Connected'
    case 'waiting':
      return 'Connection lost: trying again. Nothing will be missed.'
    case 'refused':
      return 'Not let in: open the address that the tool printed last.'
    case 'closed':
      return 'The console was closed.'
  }
}
