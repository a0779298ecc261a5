/** What a client of tus 1.0.0 sends and hears; written from the protocol's text, by hand. */
export type Upload = { url: string; pasteUrl: string; editToken: string; slug: string }

const VERSION = { 'tus-resumable': '1.0.0' }
export const OFFSET_STREAM = 'application/offset+octet-stream'

/** Upload-Metadata of these values. */
export function metadata(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

/** Sends one request of the protocol; fields of `headers` that are empty are left out. */
export function tus(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Response> {
  const fields = Object.entries({ ...VERSION, ...headers }).filter(([, value]) => value !== '')
  return fetch(url, { method, headers: Object.fromEntries(fields), ...(body ? { body: new Uint8Array(body) } : {}) })
}

/** Begins an upload at a service; throws unless it is a 201. */
export async function begin(
  base: string,
  lengthBytes: number,
  values: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Upload> {
  const fields = { 'upload-length': `${lengthBytes}`, 'upload-metadata': metadata(values), ...headers }
  const answer = await tus('POST', `${base}/api/v1/uploads`, fields)
  if (answer.status !== 201) throw new Error(`no 201: ${answer.status} ${await answer.text()}`)
  const pasteUrl = answer.headers.get('x-paste-url') ?? ''
  return {
    url: answer.headers.get('location') ?? '',
    pasteUrl,
    editToken: answer.headers.get('x-edit-token') ?? '',
    slug: pasteUrl.split('/').at(-1) ?? '',
  }
}

/** Sends bytes that belong at `offset`. */
export function patch(url: string, offset: number, bytes: Buffer, headers: Record<string, string> = {}) {
  return tus('PATCH', url, { 'content-type': OFFSET_STREAM, 'upload-offset': `${offset}`, ...headers }, bytes)
}

/** Where an upload is; throws unless the answer is a 200. */
export async function offsetOf(url: string): Promise<number> {
  const answer = await tus('HEAD', url)
  if (answer.status !== 200) throw new Error(`no 200: ${answer.status}`)
  return Number(answer.headers.get('upload-offset'))
}

/** Sends the rest of `content`, in pieces of at most `pieceBytes`, and asks where it is after each that failed. */
export async function resume(url: string, content: Buffer, pieceBytes = content.length): Promise<void> {
  for (let offset = await offsetOf(url); offset < content.length; ) {
    const answer = await patch(url, offset, content.subarray(offset, offset + pieceBytes))
    offset = answer.ok ? Number(answer.headers.get('upload-offset')) : await offsetOf(url)
  }
}

/** The stable code of an answer that is a problem document. */
export async function codeOf(answer: Response): Promise<string> {
  return (await answer.json()).code
}
