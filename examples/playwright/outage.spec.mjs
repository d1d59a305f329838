import { expect, test } from './fixtures.mjs'

// Time goes on from test to test and never back: they stand in the order of the outage.
test.describe.configure({ mode: 'serial' })

const sorry = 'The assistant is not available right now. Please try again later.'

async function ask(page, question) {
  await page.getByLabel('Question').fill(question)
  await page.getByRole('button', { name: 'Ask' }).click()
}

test('a healthy provider answers', async ({ page, drill }) => {
  await drill.hold() // The scenario goes on at 60 times real time: here it waits for the tests.
  await ask(page, 'What is a black start?')

  await expect(page.getByRole('status')).toHaveAttribute('data-source', 'live')
})

test('users do not see one overload', async ({ page, drill }) => {
  const stop = await drill.inject({ surface: 'api', fault: 'overloaded', when: { first: 1 } })
  await ask(page, 'What is a grid?')

  await expect(page.getByRole('status')).toHaveAttribute('data-source', 'live')
  expect((await drill.attempts()).map(({ status }) => status)).toEqual([529, 200])
  await stop()
})

test('while an answer is slow, users see that the assistant thinks', async ({ page, drill }) => {
  const stop = await drill.inject({ surface: 'api', fault: { 'slow-first-byte': { by: '90s' } } }) // 1.5 s at 60x
  await ask(page, 'What is a turbine?')

  await expect(page.getByRole('status')).toHaveText('Thinking…')
  await expect(page.getByRole('status')).toHaveAttribute('data-source', 'live')
  await stop()
})

test('in a blackout users read an honest word', async ({ page, drill }) => {
  await drill.goto('blackout + 10s')
  await drill.hold()
  await ask(page, 'What is a fuse?')

  await expect(page.getByRole('status')).toHaveText(sorry)
  expect((await drill.attempts()).map(({ status }) => status)).toEqual([529, 529, 529])
})

test('when all is healed it answers again, and nothing else was wrong', async ({ page, drill }) => {
  await drill.goto('healed + 1s')
  await ask(page, 'What is a substation?')

  await expect(page.getByRole('status')).toHaveAttribute('data-source', 'live')
  expect(await drill.verdict()).toMatchObject({ verdict: 'pass' })
})
