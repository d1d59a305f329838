#!/usr/bin/env node
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`blackstart needs Node 22.19 or later, and this is ${process.versions.node}.`)
  console.error(
    'Install a newer one from https://nodejs.org, or add it to your project: npm install --save-dev node@24',
  )
  process.exit(2)
}

// In a checkout that is not built yet, Node runs the sources as they are; BLACKSTART_FROM=src asks for them.
const built = new URL('../dist/cli/main.js', import.meta.url)
const source = new URL('../src/cli/main.ts', import.meta.url)
const isSource = process.env.BLACKSTART_FROM === 'src' || !existsSync(built)
const { main } = await import(isSource ? source : built)
process.exit(await main(process.argv.slice(2)))
