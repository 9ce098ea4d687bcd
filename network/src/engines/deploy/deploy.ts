import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { chaincodeDigest, packageDirectory, type ChaincodeEnvironment } from '../../chaincode/index.js';
import { openOwnPart, requireAgreement } from '../../member/index.js';
import { withLock } from '../../running/control/index.js';
import { inFolder } from '../../topology/index.js';
import { writeMaterial } from '../common/configuration/material.js';
import { FabricError } from '../common/errors.js';
import { Layout } from '../common/places/layout.js';
import { onThisMachine } from '../common/places/nodeEnvironment.js';
import { place, settlePlacement } from '../common/places/placement.js';
import { stageChaincode, type StagedChaincode } from '../docker/image.js';
import { findBinaries } from '../native/binaries.js';
import { memberCompose } from './compose.js';
import { deploymentOf, type Deployment } from './deployment.js';
import { prepareOwnChaincodes } from './ownChaincodes.js';
import { systemdFiles } from './systemd.js';
import type { Target } from './target.js';

export interface DeployOptions {
  readonly dataDir: string;
  readonly target: Target;
  /** A folder that does not exist or is empty. */
  readonly output: string;
  /** Folder with Fabric's `peer` and `orderer` for units; by default they are found on PATH. */
  readonly fabricBin?: string;
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
}

/** Paths that need no quotes in units, compose files and shells. */
const PLAIN_PATH = /^[\w./+-]+$/;

/**
 * Writes the units or the compose file that run a member's nodes and chaincode services, and prepares the data directory for them. Nothing is
 * started.
 *
 * @returns The names of the files in the folder.
 * @throws MemberError `NOT_AGREED`; DataDirectoryInUse; FabricError `PATH_UNUSABLE`, `BINARY_MISSING`, `BAD_CHAINCODE`
 */
export async function deployMember(options: DeployOptions): Promise<readonly string[]> {
  const layout = new Layout(resolve(options.dataDir));
  requireAgreement(openOwnPart(layout.root));
  requirePlain(layout.root);
  await requireEmpty(options.output);
  const write = await writerOf(options);
  return withLock(layout.root, async () => write(await prepare(layout, options.chaincodeEnvironment ?? {})));
}

type Writer = (deployment: Deployment) => Promise<readonly string[]>;

/** Finds what the target needs before anything is written. */
async function writerOf({ target, output, fabricBin }: DeployOptions): Promise<Writer> {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const folder = resolve(output);
  if (target === 'compose') return (deployment) => writeCompose(deployment, folder, `${uid}:${gid}`);
  const machine = { uid, gid, binaries: await findBinaries(fabricBin), node: process.execPath };
  return (deployment) => writeFiles(folder, systemdFiles(deployment, machine));
}

async function prepare(layout: Layout, environment: ChaincodeEnvironment): Promise<Deployment> {
  const own = openOwnPart(layout.root);
  const consortium = inFolder(own.consortium, layout.root);
  const placement = await place(layout, consortium, 'configured', own.member.id);
  await writeMaterial(layout, placement, onThisMachine(layout));
  const chaincodes = await prepareOwnChaincodes(layout, placement, consortium.chaincodes, environment);
  // What is written now names these ports.
  await settlePlacement(layout, placement);
  return deploymentOf(layout, placement, chaincodes);
}

async function writeCompose(deployment: Deployment, folder: string, user: string): Promise<readonly string[]> {
  const images = new Map<string, StagedChaincode>();
  for (const specifier of new Set(deployment.services.map((service) => service.package))) {
    const digest = chaincodeDigest(packageDirectory(specifier)).slice(0, 8);
    const staged = await stageChaincode(specifier, join(folder, 'images', `${basename(specifier)}-${digest}`));
    // Relative, so that the folder can be moved.
    images.set(specifier, { ...staged, context: `./${relative(folder, staged.context)}` });
  }
  const text = await memberCompose(deployment, { user, images });
  return writeFiles(folder, new Map([['compose.yaml', text]]));
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  return [...files.keys()];
}

function requirePlain(path: string): void {
  if (PLAIN_PATH.test(path)) return;
  throw new FabricError(
    'PATH_UNUSABLE',
    `${path} has characters that need quotes in unit files: move the data directory to a path of letters, digits and . _ + - alone.`,
  );
}

/** A unit of an older chaincode left among the new ones would go on running. */
async function requireEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new FabricError('PATH_UNUSABLE', `${folder} cannot be read as a folder: name another one.`, { cause: error });
  });
  if (there.length === 0) return;
  throw new FabricError('PATH_UNUSABLE', `${folder} is not empty: name a new folder, and compare the two.`);
}
