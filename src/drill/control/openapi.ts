import { type Answer, type Route, routes } from './routes.ts'
import type { Schema } from './schema.ts'
import { schemas } from './schemas.ts'

/** The control API as an OpenAPI 3.1 document, from the tables that the server itself reads. */
export function openApi(): Readonly<Record<string, unknown>> {
  const all = Object.entries<Route>(routes)
  const paths = [...new Set(all.map(([, { path }]) => path))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'blackstart drill control',
      version: '1.0.0',
      summary: 'Watch a live drill and steer it.',
      description:
        'Served on a loopback port of its own while a drill runs. Address and token are told at its start, or in the file of --control-file. The token goes in the authorization header, never in a URL.',
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [
      {
        url: 'http://127.0.0.1:{port}',
        description: 'This machine alone.',
        variables: { port: { default: '8475', description: 'Another one in each drill, unless it is asked for.' } },
      },
    ],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      paths.map(path => [
        path,
        Object.fromEntries(
          all.flatMap(([id, route]) =>
            route.path === path ? [[route.method.toLowerCase(), operation(id, route)]] : [],
          ),
        ),
      ]),
    ),
    components: {
      schemas,
      responses: {
        Problem: {
          description: 'It was not done, and nothing was changed.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Told at the start of the drill.' },
        password: { type: 'http', scheme: 'basic', description: 'The token as the password, under any name.' },
      },
    },
  }
}

function operation(id: string, route: Route): Readonly<Record<string, unknown>> {
  const { summary, says, query, body } = route
  return {
    operationId: id,
    summary,
    ...(says !== undefined && { description: says }),
    ...(route.open && { security: [] }),
    ...(route.takesBasic && { security: [{ token: [] }, { password: [] }] }),
    ...(query && { parameters: Object.entries<Schema>(query).map(parameter) }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, response(answer)])),
      ...Object.fromEntries(refusals(route).map(status => [status, { $ref: '#/components/responses/Problem' }])),
    },
  }
}

function parameter([name, { description, ...schema }]: readonly [string, Schema]): Readonly<Record<string, unknown>> {
  return { name, in: 'query', description, schema }
}

function response({ says, content }: Answer): Readonly<Record<string, unknown>> {
  if (!content) return { description: says }
  return {
    description: says,
    content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
  }
}

function refusals({ method, open, conflicts }: Route): readonly number[] {
  return [400, ...(open ? [] : [401]), 403, ...(conflicts ? [409] : []), ...(method === 'POST' ? [413, 415] : []), 500]
}
