import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { FabricError } from '../common/errors.js';

/** The two programs of a Fabric network. */
export interface FabricBinaries {
  readonly peer: string;
  readonly orderer: string;
}

const HOW_TO_GET_THEM =
  'Get Fabric 3.1 with its official script (`curl -sSL https://raw.githubusercontent.com/hyperledger/fabric/main/scripts/install-fabric.sh | bash -s -- binary`) or a release archive from https://github.com/hyperledger/fabric/releases, and put its bin folder on PATH or name it with --fabric-bin.';

/** A busy machine starts them slowly. */
const PATIENCE_MS = 60_000;

/**
 * Finds `peer` and `orderer`, and checks that their version is Fabric 3, which SmartBFT needs.
 *
 * @param folder Where to look instead of on PATH.
 * @param patienceMs How long each may take to say its version.
 * @throws FabricError `BINARY_MISSING`, saying how to get them.
 */
export async function findBinaries(folder?: string, patienceMs = PATIENCE_MS): Promise<FabricBinaries> {
  const folders = folder === undefined ? (process.env['PATH'] ?? '').split(delimiter) : [folder];
  const [peer, orderer] = await Promise.all([find('peer', folders, patienceMs), find('orderer', folders, patienceMs)]);
  return { peer, orderer };
}

async function find(program: string, folders: readonly string[], patienceMs: number): Promise<string> {
  for (const folder of folders.filter((name) => name !== '')) {
    const path = join(folder, process.platform === 'win32' ? `${program}.exe` : program);
    if (await isExecutable(path)) {
      await checkVersion(program, path, patienceMs);
      return path;
    }
  }
  const where = folders.length === 1 ? (folders[0] ?? '') : 'PATH';
  throw new FabricError('BINARY_MISSING', `There is no Fabric \`${program}\` program in ${where}. ${HOW_TO_GET_THEM}`);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function checkVersion(program: string, path: string, patienceMs: number): Promise<void> {
  const asked = promisify(execFile)(path, ['version'], { timeout: patienceMs });
  const { stdout } = await asked.catch((error: unknown) => {
    if (!isTooSlow(error)) return { stdout: '' };
    throw new FabricError(
      'BINARY_MISSING',
      `The \`${program}\` program ${path} did not say its version within ${patienceMs / 1000} s. If this machine is very busy, try again.`,
      { cause: error },
    );
  });
  const version = /Version: v?(\d+)\.\S+/.exec(stdout);
  if (Number(version?.[1] ?? 0) >= 3) return;
  const found = version === null ? 'is not one of Hyperledger Fabric' : `is ${version[0].slice('Version: '.length)}`;
  throw new FabricError('BINARY_MISSING', `The \`${program}\` program ${path} ${found}. ${HOW_TO_GET_THEM}`);
}

function isTooSlow(error: unknown): boolean {
  return error instanceof Error && (error as Error & { readonly killed?: boolean }).killed === true;
}
