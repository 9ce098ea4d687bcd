import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageService, type ChaincodePackage, type ChaincodeService } from '../../../admin/index.js';
import {
  chaincodeDigest,
  environmentOf,
  packageDirectory,
  serviceName,
  shimCommand,
  type ChaincodeEnvironment,
} from '../../../chaincode/index.js';
import { LOOPBACK } from '../../../system/ports.js';
import type {
  ChaincodeDeployment,
  MemberOrganisation,
  ServiceTls as ServiceTlsFiles,
} from '../../../topology/index.js';
import { PRIVATE } from '../../../system/atomicWrite.js';
import { FabricError } from '../errors.js';
import type { Layout } from '../places/layout.js';
import type { ProcessPlan } from '../processes/managedProcess.js';
import { placeService } from '../places/placement.js';
import { serviceTls, tlsFolder } from './serviceTls.js';

/** The process of a chaincode service for one member. */
export interface ServicePlan extends ProcessPlan {
  readonly port: number;
}

/** A chaincode prepared for one member, with the process to start if the network runs the service itself. */
export interface PreparedService {
  readonly package: ChaincodePackage;
  readonly service?: ServicePlan;
}

/**
 * Packages a chaincode for a member and plans its service process. The service listens on loopback with TLS and accepts only the client
 * certificate in this member's package.
 *
 * @throws FabricError `BAD_CHAINCODE` when its npm package cannot be started.
 */
export async function prepareService(
  layout: Layout,
  deployment: ChaincodeDeployment,
  member: MemberOrganisation,
  given: ChaincodeEnvironment,
): Promise<PreparedService> {
  if ('address' in deployment.service) return { package: await packageForeign(deployment) };
  // Check this before a port is reserved: an impossible service would count as one that does not run.
  const program = startable(() => programOf(deployment));
  const port = await placeService(layout, serviceName(deployment, member));
  const address = `${LOOPBACK}:${port}`;
  const folder = layout.chaincodeDir(deployment.name, member);
  const packaged = await packageOwn(folder, deployment, address, ['localhost', LOOPBACK]);
  const env = environmentOf(deployment, member.mspId, given);
  const plan = processPlan(layout, deployment, member, program, { address, id: packaged.id });
  return { package: packaged, service: { ...plan, env, port } };
}

/** Packages a chaincode whose service somebody else runs. */
export async function packageForeign(deployment: ChaincodeDeployment): Promise<ChaincodePackage> {
  const { service } = deployment;
  if (!('address' in service)) throw new FabricError('BAD_CHAINCODE', `${deployment.name} has no service.`);
  const tls = service.tls && { tls: await foreignTls(service.tls) };
  return packageService(labelOf(deployment), { address: service.address, ...tls });
}

/**
 * Packages a chaincode that the network itself serves to one member at an address, and makes the TLS material of that service in
 * `<folder>/tls`.
 */
export async function packageOwn(
  folder: string,
  deployment: ChaincodeDeployment,
  address: string,
  hosts: readonly string[],
): Promise<ChaincodePackage> {
  const { ca: rootCertificate, client } = await serviceTls(folder, deployment.name, hosts);
  const codeDigest = startable(() => chaincodeDigest(packageDirectory(packageOf(deployment))));
  return packageService(labelOf(deployment), { address, codeDigest, tls: { rootCertificate, client } });
}

function labelOf({ name, version }: ChaincodeDeployment): string {
  return `${name}_${version}`;
}

/** The TLS material for a service that somebody else runs. */
async function foreignTls(files: ServiceTlsFiles): Promise<NonNullable<ChaincodeService['tls']>> {
  const rootCertificate = await readFile(files.caFile, 'utf8');
  if (files.certFile === undefined || files.keyFile === undefined) return { rootCertificate };
  const [certificate, privateKey] = [await readFile(files.certFile, 'utf8'), await readFile(files.keyFile, 'utf8')];
  return { rootCertificate, client: { certificate, privateKey } };
}

/** Stores the installed package, for `peer lifecycle` and for people, and its id, under which a service must register. */
export async function keepPackage(folder: string, { id, bytes }: ChaincodePackage): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The package contains the peer's private key.
  await writeFile(join(folder, 'package.tar.gz'), bytes, { mode: PRIVATE });
  await writeFile(join(folder, 'package-id'), `${id}\n`);
}

/** What a chaincode service is started with. */
export interface Serving {
  readonly address: string;
  readonly packageId: string;
  /** Folder with its TLS certificate and key. */
  readonly tls: string;
}

/** The arguments of Node that start a chaincode service. */
export function serverArguments({ directory, shim }: Program, { address, packageId, tls }: Serving): readonly string[] {
  return [
    shim,
    'server',
    `--chaincode-address=${address}`,
    `--chaincode-id=${packageId}`,
    `--module-path=${directory}`,
    `--chaincode-tls-cert-file=${join(tls, 'server.crt')}`,
    `--chaincode-tls-key-file=${join(tls, 'server.key')}`,
    `--chaincode-tls-client-cacert-file=${join(tls, 'ca.crt')}`,
  ];
}

/** The program to start for a chaincode, and its directory. */
export interface Program {
  readonly directory: string;
  readonly shim: string;
}

function programOf(deployment: ChaincodeDeployment): Program {
  const directory = packageDirectory(packageOf(deployment));
  return { directory, shim: shimCommand(directory) };
}

function processPlan(
  layout: Layout,
  deployment: ChaincodeDeployment,
  member: MemberOrganisation,
  { directory, shim }: Program,
  { address, id }: { readonly address: string; readonly id: string },
): Omit<ProcessPlan, 'env'> {
  const name = serviceName(deployment, member);
  const tls = tlsFolder(layout.chaincodeDir(deployment.name, member));
  return {
    name,
    kind: 'chaincode',
    command: process.execPath,
    args: serverArguments({ directory, shim }, { address, packageId: id, tls }),
    cwd: directory,
    logFile: join(layout.logDir, `${name}.log`),
    runDir: layout.runDir,
  };
}

function packageOf({ service }: ChaincodeDeployment): string {
  return 'package' in service ? service.package : '';
}

function startable<T>(find: () => T): T {
  try {
    return find();
  } catch (cause) {
    throw new FabricError('BAD_CHAINCODE', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
