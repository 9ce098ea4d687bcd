import { existsSync, readFileSync, readdirSync, readlinkSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** A file that a process has locked. */
export interface LockedFile {
  readonly file: string;
  readonly pid: number;
}

export interface LockedFiles {
  readonly locked: readonly LockedFile[];
  /** Whether locks of all processes of this machine were seen: only Linux lists them, and to a container only its own. */
  readonly isComplete: boolean;
}

/** Where Linux lists the locks of files. */
const LOCKS = '/proc/locks';
/** The outermost namespace of processes has this fixed name. */
const ALL_PROCESSES = 'pid:[4026531836]';

/**
 * The files in these folders that a process has locked, whatever started the process: a container's are among them.
 *
 * @param held A file that this process has locked: it shows whether locks are seen at all, and how the device of its file system is written.
 */
export function lockedFiles(folders: readonly string[], held: string): LockedFiles {
  const locks = readLocks();
  const own = statSync(held, { bigint: true, throwIfNoEntry: false });
  const shown = own && locks.find(({ pid, inode }) => pid === process.pid && inode === own.ino);
  if (own === undefined || shown === undefined) return { locked: [], isComplete: false };
  // Some file systems have another number here than in the list.
  const deviceOf = ({ dev }: BigIntStats): string => (dev === own.dev ? shown.device : deviceText(dev));
  const byFile = new Map(locks.map((lock) => [`${lock.device}:${lock.inode}`, lock.pid]));
  const locked = folders.flatMap(filesBelow).flatMap((file): readonly LockedFile[] => {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    const pid = found && byFile.get(`${deviceOf(found)}:${found.ino}`);
    return pid === undefined || pid === process.pid ? [] : [{ file, pid }];
  });
  return { locked, isComplete: seesAllProcesses() };
}

/** What a process is, as far as it is to be seen: `peer`, or `peer, of tracecal-peer0.lab-alpha.example.service`. */
export function processInWords(pid: number): string {
  const name = readText(`/proc/${pid}/comm`).trim();
  const unit = /([^/\n]+\.(?:service|scope))\s*$/m.exec(readText(`/proc/${pid}/cgroup`))?.[1];
  return [name === '' ? 'a program' : name, ...(unit === undefined ? [] : [`of ${unit}`])].join(', ');
}

interface Lock {
  readonly pid: number;
  readonly device: string;
  readonly inode: bigint;
}

/** Lines such as `1: FLOCK ADVISORY WRITE 4711 fe:00:10028306 0 EOF`; those with an arrow only wait. */
function readLocks(): readonly Lock[] {
  return [...readText(LOCKS).matchAll(/^\d+: \w+ +\w+ +\w+ +(-?\d+) ([\da-f]+:[\da-f]+):(\d+) /gm)].map(
    ([, pid = '', device = '', inode = '']) => ({ pid: Number(pid), device, inode: BigInt(inode) }),
  );
}

/** As Linux writes the number of a device: major and minor part. */
function deviceText(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return [major, minor].map((part) => part.toString(16).padStart(2, '0')).join(':');
}

function seesAllProcesses(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === ALL_PROCESSES;
  } catch {
    return false;
  }
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
