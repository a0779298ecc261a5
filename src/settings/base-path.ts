import type { Config } from './config.ts'

/** The path of `PUBLIC_URL`, below which the service lives: empty at the root, else such as `/paste`. */
export function basePath({ publicUrl }: Pick<Config, 'publicUrl'>): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')
}
