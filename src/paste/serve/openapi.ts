import { GREP_BOUNDS } from './grep-query.ts'

const text = (description: string, example: string) => ({ type: 'string', description, examples: [example] })
const count = (description: string, minimum: number, maximum: number, preset: number) => ({
  type: 'integer',
  description,
  minimum,
  maximum,
  default: preset,
})

/** The OpenAPI description of line selections, which `line-query.ts` parses. */
export const SELECTION_QUERY = {
  type: 'object',
  properties: {
    lines: text('Lines a-b (from 1, inclusive), a- to the end, or a alone; 416 beyond the end', '120-180'),
    tail: text('The last lines, as many as this', '100'),
    grep: text(
      `Lines that hold this text (literal, 1 to ${GREP_BOUNDS.needleBytes} bytes), as grep -n prints them; with ` +
        'Accept: application/json the numbers of the lines',
      'ERROR',
    ),
    context: count('Lines shown around each match', 0, GREP_BOUNDS.context, 0),
    ignoreCase: {
      type: 'boolean',
      description: 'Whether letters match in either case: A to Z, and all others where the text has any',
      default: false,
    },
    charset: text(
      'How the bytes are read before they are sent as UTF-8, in place of what they were found to be; with lines, tail or ' +
        'grep only',
      'windows-1251',
    ),
    limit: count('Most matching lines', 1, GREP_BOUNDS.limit, GREP_BOUNDS.presetLimit),
  },
}

/** The OpenAPI description of a content response: the bytes, or the selected lines. */
export const SELECTION_RESPONSE = {
  description: 'The bytes, or the selected lines; one of lines, tail and grep at a time',
  headers: {
    'Content-Lines': {
      ...text('first-last/total of the lines sent, or of those that were searched', '120-180/454795'),
    },
    'Content-Matches': {
      ...text('Matching lines; with ; stopped=limit, size or time when lines were left out', '57'),
    },
  },
  content: {
    'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
    'application/json': {
      schema: {
        type: 'object',
        title: 'Matches',
        description: 'Of ?grep= only',
        properties: {
          lines: { type: 'array', items: { type: 'integer' }, description: 'Numbers of the matching lines' },
          searched: { type: 'integer', description: 'Lines searched, from the first' },
          total: { type: 'integer', description: 'Lines of the paste' },
          stopped: {
            type: ['string', 'null'],
            enum: ['limit', 'size', 'time', null],
            description: 'Why lines were left out; null: none were',
          },
        },
        required: ['lines', 'searched', 'total', 'stopped'],
      },
    },
  },
}
