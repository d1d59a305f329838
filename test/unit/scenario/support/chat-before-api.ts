/** The example of the format's description, with every spelling it introduces. */
export const chatBeforeApi = `# yaml-language-server: $schema=./node_modules/blackstart/scenario.schema.json
blackstart: 1
id: chat-before-api
title: Chat is back, the API is not
provider: anthropic
seed: 1                                # optional; --seed wins
basis: { precedent: claude-2025-09-10, assumed: [shares of failing attempts] }
tags: [staged-restore, ci]
phases:
  - { name: blackout, for: 9m, faults: [{ surface: [chat, api], fault: overloaded }] }
  - name: chat-trickle
    for: 18m
    faults:
      - { surface: chat, fault: overloaded, share: 50% }
      - { surface: api, mix: [{ fault: unavailable, share: 70% }, { fault: { bad-gateway: { body: html } }, share: 30% }] }
  - name: chat-up
    for: 20m
    faults:
      - { surface: api, fault: { stream-error: { after: 3 events, error: overloaded_error } }, share: 30%, when: { streaming: true } }
      - { surface: api, fault: overloaded, share: 50% }
  - name: rate-limited
    for: 15m
    limits:
      - { surface: api, requests: { from: 6/m, to: 60/m }, per: key, retry_after: { as: seconds } }
faults:                                # tracks across phases
  - { from: chat-up + 5m, until: rate-limited + 5m, surface: login, fault: { slow-first-byte: { by: 15s } } }
status_page:
  - { at: blackout + 4m, incident: investigating, components: { chat: major_outage, api: major_outage } }
  - { at: chat-trickle, incident: monitoring, says: "A fix has been implemented.", components: { chat: partial_outage } }
expect:
  - settles: { within: 60s }
  - answers: { at_least: 95%, within: 10s, during: rate-limited, of: { class: critical } }
  - recovers: { surface: api, within: 2m }
`
