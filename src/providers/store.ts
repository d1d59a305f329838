/** What one provider remembers from one request to the next, within one run. */
export type Store = Map<string, unknown>

/** The thing kept under `name`, made when first asked for. Each name belongs to one module, which alone knows its type. */
export function kept<T>(store: Store, name: string, make: () => T): T {
  if (!store.has(name)) store.set(name, make())
  return store.get(name) as T // only the module that made it asks for it
}
