/** What outages have in common, and what each of them teaches, by the id of its scenario. */
export interface Chapter {
  readonly title: string
  readonly says: string
  readonly lessons: Readonly<Record<string, string>>
}

export const chapters: readonly Chapter[] = [
  {
    title: 'It comes back in stages',
    says: 'The end of an outage is not one instant. Products, models and features return one after another, some of them fall again, and a limit may hold the first ones back.',
    lessons: {
      'openai-2022-08-19': 'Retries without a budget double what the half that works has to turn away.',
      'openai-2023-11-08':
        'The way back was a limit, whose 429 had a body of its own and no error object, while listing models had never failed. Do not take a list of models for a health check, and read the status before the body.',
      'openai-2024-08-16':
        'What you do all at once when the provider is back, caches and queues and all, is a load that it has not had for an hour.',
      'openai-2024-12-11':
        'Cached names hid the failure for minutes, and at the end the API was mostly back before the product and wholly back after it. “Mostly” still fails for some models.',
      'claude-2025-06-12': 'A breaker for each feature keeps the one from taking the other down.',
      'claude-2025-09-10':
        'Chat was green twenty-one minutes before the API was. Send traffic back by what your own requests get, on the surface that you call.',
      'bedrock-2025-10-20':
        'Open connections worked while new ones found no address; then what came back was throttled on purpose. A pool hides the first, and a deploy in the middle of it shows it.',
      'claude-2026-03-02':
        'The API was cleared, and that was taken back; then single models failed for a day. Do not let a backlog go at the first green, and have a plan for the third relapse.',
      'claude-2026-04-15':
        'The API was first, chat fell again, and signing in came last, while those who were signed in went on. Test the way in and not only the calls.',
      'claude-2026-06-05':
        'Models came back between 17 and 141 minutes after it began, and the page said “all” before the last one had. Recovered is a word about a model, so fallback among models has to ask each.',
    },
  },
  {
    title: 'What is said of it is late, early or wrong',
    says: 'Colours and words of a status page are what was announced, not what requests get. A client that decides by them decides late, or wrongly.',
    lessons: {
      'claude-2025-10-31':
        '“Fix implemented” came hours before users could sign in again, and what they got was two words of plain text. Errors are not always JSON.',
      'claude-2025-11-18':
        'A breaker that closes, or a backlog that is let go, on those words goes down a second time.',
      'azure-2026-01-27':
        'Customers who were bound to the region had nowhere to go. Decide beforehand what may leave a region, and what has to wait.',
      'claude-2026-03-06':
        'Connections that were open went well. Give connecting a limit of its own, far below that of an answer.',
      'claude-2026-03-31':
        'The first word came an hour after the end. If only the page makes you fail over, you never do.',
    },
  },
  {
    title: 'The error says something else',
    says: 'A status names a class of error, not whose fault it is. In an outage a good request gets the answers that bad ones get.',
    lessons: {
      'claude-2023-04-28': 'Whoever strikes a model off the list at the first 404 has lost it for good.',
      'gemini-2026-02-27':
        '429 and 503 because a filter had too little capacity: slowing down for your own quota does not help, and raising it neither.',
      'azure-2026-03-09': 'Do not throw a job away for a 400 that the same request did not get an hour ago.',
      'claude-2026-04-28':
        'A 401 on a key that worked a minute ago is no reason to delete it, to lock a tenant, or to retry in a tight loop.',
      'openai-2026-06-02':
        'What keeps count was unwell, and turned sound requests away. Do not mark a tenant as over quota, or a key as spent, by a 429 alone.',
    },
  },
  {
    title: 'Nobody can get in',
    says: 'Signing in and tokens are a service of their own. Where they fail, the calls work until the tokens run out.',
    lessons: {
      'azure-2026-02-03': 'Keep a token as long as it is good, refresh it early, and spread refreshes out.',
      'claude-2026-03-11':
        'An app that throws its session away at the first failed refresh has signed its users out by itself.',
    },
  },
  {
    title: 'Status 200, and not an answer',
    says: 'The quiet ones. No error rate moves, no status page says a word, and breakers stay closed.',
    lessons: {
      'openai-2024-06-17':
        'An empty answer that counts as success goes into the cache, to the user, and closes the breaker.',
      'claude-2025-08-05':
        'A small share of answers was worse, always for the same sessions, for weeks. Look at what comes back, not only at whether it does.',
    },
  },
  {
    title: 'Slow, or only in part',
    says: 'Most incidents are of this kind. A client with a few good retries hides them; one with too many makes them worse.',
    lessons: {
      'openai-2024-11-25':
        'One class of customers failed nearly twice as often as another. Watch failures by tenant, or the average hides them.',
      'openai-2024-12-04':
        'A timeout below that, with retries, failed always and multiplied the load; waiting would have done.',
      'openai-2024-12-26':
        'Most APIs failed in nine requests of ten, and one not at all. What else do you call besides completions, and can it fail alone?',
      'openai-2025-06-10':
        'A quarter of API requests failed for six hours, in an outage of fifteen. Long brownouts use up retry budgets, queues and patience, and cost money.',
      'cloudflare-2025-12-05':
        'Some sites failed always, others never. Retrying at the same host is of no use where the host decides.',
      'openai-2026-03-04': 'Your queue at the end of an outage is the same thing.',
      'claude-2026-06-02':
        'The page was raised from degraded to partial after half an hour: a first word is not the last.',
      'claude-2026-06-16':
        'Two retries make of one failure in ten one in a thousand, with eleven more requests in a hundred; a client that sends many more, or whose breaker opens for good, has made an outage of it.',
    },
  },
  {
    title: 'All of it, and others too',
    says: 'What you fall back to may stand on the same cloud, behind the same edge, or under the load of everybody else who falls back.',
    lessons: {
      'openai-2024-06-04':
        'Several providers failed on one morning. A fallback is not endless capacity, and a ring of fallbacks comes round to where it began.',
      'vertex-2024-06-04':
        'The same model elsewhere is a fallback of its own kind: other names, other limits, other errors.',
      'vertex-2025-06-12':
        'Every region was down, most came back within the hour, and one was kept down for two more by all that restarted without random waits.',
      'azure-2025-10-29':
        'Names and connections failed at the front door, and it was filled again slowly, on purpose. Latency is the last thing to recover.',
      'cloudflare-2025-11-18':
        'The edge was good and bad in turns of five minutes. A breaker that believes one good answer opens and closes with it, and errors come as HTML.',
      'claude-2026-07-29': 'There is no model to switch to: what does your app say then, and to whom?',
    },
  },
]
