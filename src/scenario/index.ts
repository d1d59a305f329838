export { type AnswersResult, readAnswersFile } from './answers-file.ts'
export type { Catalogue } from './catalogue.ts'
export {
  type ConfigAnswers,
  type ConfigData,
  type ConfigProblem,
  readConfigData,
  type Threshold,
} from './config-data.ts'
export { type ConfigFileResult, readConfigFile } from './config-file.ts'
export {
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticSeverity,
  type Place,
  sortDiagnostics,
} from './diagnostic.ts'
export { type Edit, editScenario } from './edit.ts'
export { type GameDayOptions, readGameDay } from './game-day-file.ts'
export { outOfRun, outOfRunDiagnostics } from './out-of-run.ts'
export { type ParseOptions, type ParseResult, parseScenario } from './parse.ts'
export { childPath, type Positions } from './positions.ts'
export { printScenario, schemaLine } from './print.ts'
export { type ReadResult, readScenarioFile } from './read-file.ts'
export { formatDiagnostics, renderCheck } from './render.ts'
export { scenarioSchema } from './schema.ts'
export { type Variant, type Variants, variantDiagnostics, variantsOf } from './variants.ts'
