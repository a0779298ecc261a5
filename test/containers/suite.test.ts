import { describe } from 'vitest'
import { serviceSuite } from '../blackbox/suite.ts'

// Replicas behind one address: each request of the suite may be answered by another of them.
const url = process.env.SERVICE_URL
if (url === undefined) throw new Error('SERVICE_URL is not set: npm run test:containers does so')

describe(`the service at ${url}`, () => serviceSuite(() => ({ one: url, other: url, balanced: true })))
