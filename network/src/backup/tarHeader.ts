import { BackupError } from './errors.js';

export const BLOCK = 512;
const NAME = 100;
const PREFIX = 155;

/** Zeros after a content of this size, up to a whole block. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A member of an archive, without its content. */
export interface TarHeader {
  readonly path: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly size: number;
}

/** A ustar header, which `tar` reads as well. @throws BackupError `NAME_TOO_LONG` */
export function encodeHeader({ path, isFolder, mode, size }: TarHeader): Buffer {
  const [prefix, name] = split(path);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(prefix, 345);
  block.write(`${octal(checksumOf(block), 6)}\0 `, 148);
  return block;
}

/** Undefined for the empty block at the end. @throws BackupError `BACKUP_INVALID`: links, devices and extensions are in no backup */
export function decodeHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const type = block.toString('latin1', 156, 157);
  const sum = Number.parseInt(textOf(block, 148, 8).trim(), 8);
  if (sum !== checksumOf(block) || block.toString('latin1', 257, 262) !== 'ustar') throw damaged('a header is damaged');
  const prefix = textOf(block, 345, PREFIX);
  const path = `${prefix === '' ? '' : `${prefix}/`}${textOf(block, 0, NAME)}`;
  if (type !== '0' && type !== '5') throw damaged(`${JSON.stringify(path)} is neither a file nor a folder`);
  const size = numberOf(block, 124, 12);
  if (type === '5' && size !== 0) throw damaged(`the folder ${JSON.stringify(path)} has content`);
  return { path, isFolder: type === '5', mode: numberOf(block, 100, 8), size };
}

/** The error about a file that is no intact backup. */
export function damaged(why: string, cause?: unknown): BackupError {
  return new BackupError(
    'BACKUP_INVALID',
    `This is not an intact backup: ${why}. Nothing was restored: use another copy of it.`,
    {
      cause,
    },
  );
}

/** The sum of all bytes, with spaces in the place of the sum. */
function checksumOf(block: Buffer): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

/** A long path is divided at a slash. */
function split(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME) return ['', path];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX && Buffer.byteLength(name) <= NAME) return [prefix, name];
  }
  throw new BackupError('NAME_TOO_LONG', `The name ${path} is too long for an archive: rename the file or remove it.`);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function textOf(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function numberOf(block: Buffer, start: number, length: number): number {
  const text = textOf(block, start, length).trim();
  if (!/^[0-7]+$/.test(text)) throw damaged('a header is damaged');
  return Number.parseInt(text, 8);
}
