/**
 * Frees a buffer's memory now and leaves it empty: no other reference may be in use. Large buffers left to the garbage
 * collector cost a scan of the whole heap for every 16 MiB. A slice of a larger buffer is not freed.
 */
export function freeBuffer({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
