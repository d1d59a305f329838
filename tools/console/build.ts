/** `npm run build:console [FOLDER]`: bundles the console's page, for the sources where no folder is named. */
import { fileURLToPath } from 'node:url'
import { bundlePage } from './bundle.ts'

await bundlePage(process.argv[2] ?? fileURLToPath(new URL('../../.cache/console/page', import.meta.url)))
