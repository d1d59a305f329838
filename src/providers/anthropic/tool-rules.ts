import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'

/** The first rule that the tools of a message request break. */
export function toolsFault({ tools, tool_choice: choice }: JsonRecord): string | undefined {
  const names = asArray(tools).flatMap(tool => (isRecord(tool) ? [asText(tool['name'])] : []))
  if (new Set(names).size < names.length) return 'tools: Tool names must be unique.'
  if (!isRecord(choice)) return undefined
  if (names.length === 0) return 'tool_choice: Tool choice may only be specified while providing tools.'
  if (choice['type'] !== 'tool' || names.includes(asText(choice['name']))) return undefined
  return `tool_choice: Tool '${choice['name']}' not found in provided tools`
}
