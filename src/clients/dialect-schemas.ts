import { Type } from 'typebox'

/** What haste answers to a create. */
export const HasteCreatedSchema = Type.Object({ key: Type.String({ description: 'The slug' }) })

/** What haste answers to a read. */
export const HasteDocumentSchema = Type.Object({ data: Type.String({ description: 'The text' }), key: Type.String() })

/** What bytebin answers to a create. */
export const BytebinCreatedSchema = Type.Object({ key: Type.String({ description: 'The slug' }) })

/** A body of any media type. */
export const AnyBody = {
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}

/** Words. */
export const Words = { description: 'Words', content: { 'text/plain': { schema: { type: 'string' } } } }

/** An error as another service's clients read it. */
export const MessageSchema = Type.Object({ message: Type.String() })
