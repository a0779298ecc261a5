import { existsSync } from 'node:fs'

/** This process's variables, with those of `.env` in the working directory for what is not set. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return process.env
}
