import { spawn } from 'node:child_process'

/** What a run of curl left: its exit status, what it wrote to standard output, and what it complained of. */
export type CurlRun = { status: number | null; output: Buffer; complaint: string }

/** Runs the real curl, silent, without the user's own settings; `input` goes to its standard input. */
export function curl(args: string[], input: string | Buffer = ''): Promise<CurlRun> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', ['--disable', '--silent', '--show-error', '--max-time', '15', ...args])
    const output: Buffer[] = []
    let complaint = ''
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => {
      complaint += chunk
    })
    // curl may leave its input unread, when it is refused early.
    child.stdin.on('error', () => {})
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output: Buffer.concat(output), complaint }))
    child.stdin.end(input)
  })
}
