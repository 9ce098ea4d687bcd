import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const EVERY_MS = 200;
const CHUNK_BYTES = 64 * 1024;

/**
 * Passes on each line of a log as it is written.
 * @returns A function that stops following, after it has passed on the remaining lines.
 */
export function followLog(file: string, tell: (line: string) => void): () => void {
  const log = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let begun = '';
  let position = 0;
  const more = (): number => {
    const size = readSync(log, chunk, 0, chunk.length, position);
    position += size;
    return size;
  };
  const read = () => {
    // Its older part was moved away.
    if (fstatSync(log).size < position) position = 0;
    for (let size = more(); size > 0; size = more()) {
      const [first = '', ...others] = decoder.write(chunk.subarray(0, size)).split('\n');
      const lines = [begun + first, ...others];
      begun = lines.pop() ?? '';
      lines.forEach(tell);
    }
  };
  const timer = setInterval(read, EVERY_MS);
  return () => {
    clearInterval(timer);
    read();
    closeSync(log);
  };
}
