export const intro = `# Scenario reference

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

Every key that a scenario may have, from the same declarations as the JSON Schema (\`blackstart schema\`) and \`blackstart check\`. An
unknown key is an error, with what was probably meant. [How to write a scenario](scenarios-guide.md) shows them in use.`

export const words = `## Words

| | |
|---|---|
| duration | \`90s\`, \`1h30m\`, \`250ms\`; always with its unit |
| instant | a phase's name, with an offset or without: \`trickle\`, \`trickle + 5m\`, \`trickle - 30s\`. \`relapse#3\` is its third lap; \`start\` and \`end\` are the scenario's own |
| share | \`50%\`, or \`0.5\` |
| rate | \`60/m\`, \`2/s\`, \`100/h\` |
| \`{ from, to }\` | moves in a straight line over the phase, or over the time of its entry |
| \`NAME\` | a word of your own |`

/** What the schema does not say, by section. */
export const details: Readonly<Record<string, string>> = {
  surfaces: `A surface is where something can fail by itself, and it covers its parts: \`api\` is all of the API. Bare names are those of the scenario's \`provider\`; others are spelled out, as \`openai.api\`. What is named under \`surfaces\` is a
service of your own.`,
  capacity: `How the provider reacts to load, in the whole run; a phase may change what it names.
[When your retries are the outage](metastable.md#capacity) explains each key.`,
  phases: `One stretch of time after the other, without gaps. A \`repeat\` may stand in place of a phase.`,
  faults: `Faults across phases, *tracks*: an entry as [in a phase](#fault-entries), with its time. They are tried before those of phases.`,
  'fault entries': `What stands under \`faults\`, of a phase or of the scenario. One of \`fault\` and \`mix\` is needed. [Faults](faults.md) lists
all of them with their parameters.`,
  expect: `Each entry is the id of an [oracle](oracles.md), alone or with its parameters: \`settles\`, \`settles: { within: 30s }\`,
\`herd-at-restore: off\`. \`during\` narrows it to phases, \`of\` to a kind of task.`,
  matrix: `A key is the path of what its values replace: \`phases[down].faults[0].share: [10%, 50%]\`. Every combination is a run of its own.`,
}
