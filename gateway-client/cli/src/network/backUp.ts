import { mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { requireNoBackup, writeBackup, type Manifest } from '@tracecal/network/backup';
import { requestCopy, withLock } from '@tracecal/network/control';
import { leftNodes, requireNoOthersNodes } from '@tracecal/network/engine';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { word } from '../text/quoted.js';
import { engineOf } from './engines.js';
import { networkBusy } from './networkDown.js';
import { findRunning } from './runningNetwork.js';

interface Backup {
  readonly withKeys: boolean;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/**
 * Writes a backup of a data directory, whether or not its network runs.
 *
 * @param output A new file, or a folder in which one gets the time as its name.
 * @throws BackupError; ControlError `NOT_COPIED`, `NETWORK_STUCK`; CliError `NODES_LEFT`; FabricError `NODES_RUN`; ApplicationError; DataDirectoryInUse
 */
export async function backUp(
  data: DataDirectory,
  output: string,
  backup: Backup,
): Promise<{ readonly file: string; readonly manifest: Manifest }> {
  const file = await fileOf(output, backup.now);
  if (`${file}${sep}`.startsWith(`${data.root}${sep}`)) {
    const why = `A backup inside ${data.root} would be lost with it: name another place with --output.`;
    throw new ApplicationError('USAGE', why);
  }
  await requireNoBackup(file);
  if ((await stat(data.root).catch(() => undefined))?.isDirectory() !== true) {
    throw new ApplicationError('FILE_UNREADABLE', `${data.root} is no data directory: name yours with --data.`);
  }
  const running = await findRunning(data);
  if (running !== undefined && running.state !== 'running') throw networkBusy(data, running.state);
  return { file, manifest: await (running === undefined ? cold(data, file, backup) : hot(data, file, backup)) };
}

/** Under the lock of the directory no network starts meanwhile. */
function cold(data: DataDirectory, file: string, { withKeys, now, signal }: Backup): Promise<Manifest> {
  return withLock(data.root, async () => {
    const engine = engineOf(data);
    if (engine !== undefined && (await leftNodes(engine, data.root))) {
      const how = `end them with \`tracecal down --data ${word(data.root)}\`, and make the backup then`;
      throw new CliError('NODES_LEFT', `Nodes of a network that was killed still run in ${data.root}: ${how}.`);
    }
    const from = data.root;
    // A copy of a ledger that is written meanwhile may be unusable.
    await requireNoOthersNodes(from, 'make the backup then');
    return writeBackup(file, { from, directory: data.root, engine, isRunning: false, withKeys, now, signal });
  });
}

/** The network itself makes a copy that is consistent, and the backup is made of that. */
async function hot(data: DataDirectory, file: string, backup: Backup): Promise<Manifest> {
  const { withKeys, now, signal, onProgress } = backup;
  const from = await mkdtemp(join(dirname(file), `${basename(file)}.copy-`));
  try {
    await requestCopy(data.root, from, onProgress);
    signal.throwIfAborted();
    const engine = engineOf(data);
    return await writeBackup(file, { from, directory: data.root, engine, isRunning: true, withKeys, now, signal });
  } finally {
    await rm(from, { recursive: true, force: true });
  }
}

async function fileOf(output: string, now: Date): Promise<string> {
  const place = resolve(output);
  if ((await stat(place).catch(() => undefined))?.isDirectory() === true) {
    return join(place, `tracecal-${now.toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`);
  }
  if ((await stat(dirname(place)).catch(() => undefined))?.isDirectory() !== true) {
    throw new ApplicationError('FILE_UNWRITABLE', `There is no folder ${dirname(place)}: make it, or name another.`);
  }
  return place;
}
