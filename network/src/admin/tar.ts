import { gzipSync } from 'node:zlib';

/** A regular file of an archive. */
export interface TarEntry {
  /** Relative path of at most 100 bytes. */
  readonly name: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const MAX_STORED = 0xffff;

/**
 * A gzipped ustar archive whose bytes depend only on names and contents, not on owner, clock or file system order.
 *
 * @throws RangeError for a name that does not fit a plain ustar header.
 */
export function deterministicTarGz(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content }) => [header(name, content.length), padded(content)]);
  return storedGzip(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

/** Writes RFC 1952 with stored blocks only: compressed output differs between zlib builds. */
function storedGzip(data: Buffer): Buffer {
  const preamble = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const parts: Buffer[] = [preamble];
  for (let offset = 0; offset < data.length; offset += MAX_STORED) {
    const part = data.subarray(offset, offset + MAX_STORED);
    const frame = Buffer.alloc(5);
    frame[0] = offset + part.length === data.length ? 1 : 0;
    frame.writeUInt16LE(part.length, 1);
    frame.writeUInt16LE(0xffff - part.length, 3);
    parts.push(frame, part);
  }
  const checksumAndSize = gzipSync(data).subarray(-8);
  return Buffer.concat([...parts, checksumAndSize]);
}

function padded(content: Uint8Array): Buffer {
  const filler = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([content, filler]);
}

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`The name ${name} is too long for a tar header.`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
