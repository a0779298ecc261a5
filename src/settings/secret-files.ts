import { readFileSync } from 'node:fs'
import type { Setting } from './parsers.ts'

/**
 * The value of a setting in an environment; undefined when absent. A secret may lie in a file, as the secrets of
 * Docker and Kubernetes do: `<variable>_FILE` names it, and line ends after the value don't count. Throws an Error
 * whose message completes "NAME …" when that file can't be read or is empty, or when the secret is given twice.
 */
export function givenText(
  environment: Readonly<Record<string, string | undefined>>,
  { variable, secret }: Pick<Setting<unknown>, 'variable' | 'secret'>,
): string | undefined {
  const file = secret ? environment[`${variable}_FILE`] : undefined
  if (!file) return environment[variable] || undefined
  if (environment[variable]) throw new Error(`is set twice: by itself and by ${variable}_FILE`)
  const text = readText(file)
  if (text === '') throw new Error(`is empty in ${file}`)
  return text
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new Error(`can't be read from ${file} (${code ?? message})`, { cause })
  }
}
