/** A field of a protobuf message as it is on the wire: numbers for varints and fixed64, bytes for everything with a length. */
type Field = { number: number; value: bigint | Buffer }

/** The fields of a message in their order (Protocol Buffers encoding). Throws for wire types that OTLP doesn't use. */
export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (length: number) => {
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = Number(varint())
    const wireType = tag & 7
    const number = tag >> 3
    if (wireType === 0) fields.push({ number, value: varint() })
    else if (wireType === 1) fields.push({ number, value: take(8).readBigUInt64LE() })
    else if (wireType === 2) fields.push({ number, value: take(Number(varint())) })
    else if (wireType === 5) fields.push({ number, value: BigInt(take(4).readUInt32LE()) })
    else throw new Error(`wire type ${wireType} at ${at}`)
  }
  return fields
}

/** The values of all fields with this number that are bytes: messages, strings. */
export function bytesOf(message: Buffer, number: number): Buffer[] {
  return fieldsOf(message).flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
  )
}

/** The value of the number field, or 0, which is never written. */
export function numberOf(message: Buffer, number: number): bigint {
  const found = fieldsOf(message).find((field) => field.number === number)
  return typeof found?.value === 'bigint' ? found.value : 0n
}
