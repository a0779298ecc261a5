/**
 * Gives a buffer's memory back now, which makes it empty; nobody else may hold it. Left to the collector, large buffers
 * make it look through the whole heap for every 16 MiB of them. What is a slice of something larger is left alone.
 */
export function freeBuffer({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
