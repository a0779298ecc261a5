import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'

const COMMAND = fileURLToPath(new URL('run.ts', import.meta.url))
const STARTS_WITHIN_MS = patiently(60_000)
const STOPS_WITHIN_MS = patiently(30_000)

whenService(['mariadb', 's3', 'redis', 'nginx', 'dns'], () => {
  describe('npm run cluster', { timeout: patiently(60_000) }, () => {
    let child: ChildProcess
    let said = ''
    let added: Service | undefined
    beforeAll(async () => {
      child = spawn(process.execPath, [COMMAND, '--replicas', '2', '--set', 'BRAND_NAME=Set Here'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        child.emit('said')
      })
      child.once('exit', (code) => child.emit('error', new Error(`it ended with ${code}:\n${said}`)))
      while (!said.includes('Ctrl-C stops it all')) await once(child, 'said')
      child.removeAllListeners('exit')
    }, STARTS_WITHIN_MS)
    afterAll(async () => {
      await added?.stop()
      child.kill('SIGKILL')
    })

    const url = () => /^ {2}open +(http:\S+?)\/ /m.exec(said)?.[1] ?? ''

    test('tells replicas the settings that it is given', async () => {
      const { bytes } = await send(`${url()}/`, { headers: { accept: 'text/html' } })
      expect(bytes.toString()).toContain('Set Here')
    })

    test('names a page for people, and every part with its state', () => {
      expect(url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(said.match(/^ {2}replica \d .* ready: .*database ok/gm)).toHaveLength(2)
      for (const part of ['BIND 9', 'MariaDB', 'S3', 'Redis']) expect(said).toMatch(new RegExp(`^  ${part} +\\S`, 'm'))
    })

    test('takes the paste that it proposes to try', async () => {
      const made = await fetch(`${url()}/`, { method: 'PUT', body: 'hello' })
      expect(made.status).toBe(201)
      expect((await send((await made.text()).trim())).bytes.toString()).toBe('hello')
    })

    test('gives requests to a replica that was started with the words it prints', async () => {
      const line = /^ +(HOST=.*) npm start$/m.exec(said)?.[1] ?? ''
      const words = line.matchAll(/(\w+)=(?:'([^']*)'|(\S*))/g)
      added = await startService(
        Object.fromEntries(Array.from(words, ([, name, quoted, bare]) => [name, quoted ?? bare])),
      )
      const replica = new URL(/^ {2}replica 1 +(\S+)/m.exec(said)?.[1] ?? '')
      const host = /HOST=(\S+)/.exec(line)?.[1] ?? ''
      const requests = async () => {
        await send(`${url()}/health/live`)
        const { bytes } = await send(`http://${host}:${replica.port}/metrics`)
        return Number(/_count\{[^}]*route="\/health\/live"[^}]*\} (\d+)/.exec(bytes.toString())?.[1] ?? 0)
      }
      await expect.poll(requests, { timeout: patiently(20_000) }).toBeGreaterThan(0)
      await added.stop()
      added = undefined
    })

    test(
      'ends all of it with Ctrl-C',
      async () => {
        const addresses = [url(), ...Array.from(said.matchAll(/^ {2}replica \d +(\S+)/gm), ([, address]) => address)]
        child.kill('SIGINT')
        const [code] = await once(child, 'exit')
        expect(code).toBe(0)
        for (const address of addresses) await expect(fetch(`${address}/health/live`)).rejects.toThrow('fetch failed')
      },
      STOPS_WITHIN_MS,
    )
  })
})
