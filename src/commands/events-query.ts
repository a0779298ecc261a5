import { parseArgs } from 'node:util'
import { systemClock } from '../core/index.ts'
import { type Config, ConfigError, loadConfig } from '../settings/index.ts'

// `npm run events:query -- --day 2026-11-23 --top-pastes`: counts events that npm run events:sink wrote to HDFS.

const { answerText, countEvents, createHdfs, parseQuestion, QUESTION_USAGE } = await import(
  '../analytics/stream/index.ts'
)

try {
  await query(loadConfig())
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  const usage = code?.startsWith('ERR_PARSE_ARGS') ? `usage: npm run events:query -- ${QUESTION_USAGE}\n` : ''
  process.stderr.write(`${message}\n${usage}`)
  process.exitCode = 1
}

async function query(config: Config): Promise<void> {
  const { values } = parseArgs({
    options: {
      day: { type: 'string' },
      by: { type: 'string' },
      'top-pastes': { type: 'boolean' },
      limit: { type: 'string', default: '10' },
      json: { type: 'boolean' },
    },
  })
  if (!config.webhdfsUrl) throw new ConfigError('WEBHDFS_URL must be set')
  const question = parseQuestion(values, systemClock.now())
  const place = { folder: config.eventsFolder, topic: config.kafkaTopic }
  const hdfs = createHdfs({ urls: config.webhdfsUrl, user: config.webhdfsUser })
  const answer = await countEvents({ hdfs, place }, question)
  const json = values.json && JSON.stringify({ ...question, topic: place.topic, ...answer })
  process.stdout.write(`${json || answerText(place.topic, question, answer)}\n`)
}
