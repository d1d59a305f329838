/** As much of a test's context as is used; Vitest 3.0 and 3.1 have no `annotate`. */
export interface Annotated {
  readonly task: { readonly meta: object }
  readonly annotate?: ((message: string, type?: string) => Promise<unknown>) | undefined
}

/** What is worth knowing of a test's run, for every reporter: JUnit has it as a property, JSON in `meta`. */
export interface Seen {
  readonly scenario: string
  readonly seed: number
}

/** Notes the scenario and the seed on the test. */
export async function annotateWith({ task, annotate }: Annotated, { scenario, seed }: Seen): Promise<void> {
  Object.assign(task.meta, { blackstart: { scenario, seed } })
  await annotate?.(`${scenario}, seed ${seed}`, 'blackstart')
}
