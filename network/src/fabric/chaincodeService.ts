import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageService, type ChaincodePackage, type ChaincodeService } from '../admin/index.js';
import { chaincodeDigest, packageDirectory, shimCommand } from '../chaincodePackage.js';
import { Authority, generateKeyPair, privateKeyPem, signerOf, Staging, validFor } from '../pki/index.js';
import type { ChaincodeDeployment, ServiceTls as ServiceTlsFiles } from '../topology/index.js';
import { LOOPBACK } from '../ports.js';
import { FabricError } from './errors.js';
import type { Layout } from './layout.js';
import { placeService } from './placement.js';
import type { ProcessPlan } from './managedProcess.js';
import type { PackagedChaincode } from './runner.js';

/** The process that serves a chaincode. */
export interface ServicePlan extends ProcessPlan {
  readonly port: number;
}

/** A chaincode, with the process to start for it when the service is ours to run. */
export interface PreparedChaincode extends PackagedChaincode {
  readonly service?: ServicePlan;
}

const CERTIFICATE_DAYS = 1825;
/** The folder of a service's TLS material: whole, or not there. */
const TLS = 'tls';

/**
 * Packages a chaincode and plans its service process. The service listens on loopback with TLS and lets in only who shows
 * the client certificate that is in the package.
 *
 * @throws FabricError `BAD_CHAINCODE` when its npm package cannot be started.
 */
export async function prepareChaincode(layout: Layout, deployment: ChaincodeDeployment): Promise<PreparedChaincode> {
  if ('address' in deployment.service) return { deployment, package: await packageForeign(deployment) };
  // Before a port is kept for it: a service that cannot be would count as one that does not run.
  const program = startable(() => programOf(deployment));
  const port = await placeService(layout, processName(deployment));
  const address = `${LOOPBACK}:${port}`;
  const packaged = await packageOwn(layout.chaincodeDir(deployment.name), deployment, address, ['localhost', LOOPBACK]);
  return {
    deployment,
    package: packaged,
    service: { ...processPlan(layout, deployment, program, packaged.id, address), port },
  };
}

/** Packages a chaincode that somebody else serves. */
export async function packageForeign(deployment: ChaincodeDeployment): Promise<ChaincodePackage> {
  const { service } = deployment;
  if (!('address' in service)) throw new FabricError('BAD_CHAINCODE', `${deployment.name} is not served by anybody.`);
  const tls = service.tls && { tls: await foreignTls(service.tls) };
  return packageService(labelOf(deployment), { address: service.address, ...tls });
}

/** Packages a chaincode that we serve at an address, and makes the TLS material of the service in `<folder>/tls`. */
export async function packageOwn(
  folder: string,
  deployment: ChaincodeDeployment,
  address: string,
  hosts: readonly string[],
): Promise<ChaincodePackage> {
  const tls = await serviceTls(folder, deployment.name, hosts);
  const codeDigest = startable(() => chaincodeDigest(packageDirectory(packageOf(deployment))));
  return packageService(labelOf(deployment), {
    address,
    codeDigest,
    tls: { rootCertificate: tls.ca, client: { certificate: tls.clientCertificate, privateKey: tls.clientKey } },
  });
}

function labelOf({ name, version }: ChaincodeDeployment): string {
  return `${name}_${version}`;
}

/** `registry@1.0`: two versions run side by side while one takes over from the other. */
export function processName({ name, version }: ChaincodeDeployment): string {
  return `${name}@${version}`;
}

/** The TLS material by which a service that somebody else runs is reached. */
async function foreignTls(files: ServiceTlsFiles): Promise<NonNullable<ChaincodeService['tls']>> {
  const rootCertificate = await readFile(files.caFile, 'utf8');
  if (files.certFile === undefined || files.keyFile === undefined) return { rootCertificate };
  const [certificate, privateKey] = [await readFile(files.certFile, 'utf8'), await readFile(files.keyFile, 'utf8')];
  return { rootCertificate, client: { certificate, privateKey } };
}

/** For `peer lifecycle` and for people: the package as installed, and its id, under which a service must register. */
export async function keepPackage(folder: string, { id, bytes }: ChaincodePackage): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.tar.gz'), bytes, { mode: 0o600 });
  await writeFile(join(folder, 'package-id'), `${id}\n`);
}

/** What is started for a chaincode, and where. */
interface Program {
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
  { directory, shim }: Program,
  id: string,
  address: string,
): ProcessPlan {
  const tls = join(layout.chaincodeDir(deployment.name), TLS);
  return {
    name: processName(deployment),
    kind: 'chaincode',
    command: process.execPath,
    args: [
      shim,
      'server',
      `--chaincode-address=${address}`,
      `--chaincode-id=${id}`,
      `--module-path=${directory}`,
      `--chaincode-tls-cert-file=${join(tls, 'server.crt')}`,
      `--chaincode-tls-key-file=${join(tls, 'server.key')}`,
      `--chaincode-tls-client-cacert-file=${join(tls, 'ca.crt')}`,
    ],
    // The shim writes several lines a transaction at its default level.
    env: { CORE_CHAINCODE_LOGGING_LEVEL: 'warning', NODE_ENV: 'production' },
    cwd: directory,
    logFile: join(layout.logDir, `${processName(deployment)}.log`),
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

interface ServiceTls {
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

async function serviceTls(folder: string, name: string, hosts: readonly string[]): Promise<ServiceTls> {
  const read = (file: string): Promise<string> => readFile(join(folder, TLS, file), 'utf8');
  try {
    return {
      ca: await read('ca.crt'),
      clientCertificate: await read('client.crt'),
      clientKey: await read('client.key'),
    };
  } catch {
    return makeServiceTls(folder, name, hosts);
  }
}

/** An authority for this one service, whose key is forgotten at once: nobody can add a server or a client later. */
async function makeServiceTls(folder: string, name: string, serverHosts: readonly string[]): Promise<ServiceTls> {
  const caKey = generateKeyPair();
  const subject = { organisation: name, country: 'ZZ', validity: validFor(CERTIFICATE_DAYS) };
  const root = { ...subject, commonName: `tlsca.chaincode.${name}`, publicKey: caKey.publicKey };
  const authority = await Authority.createRoot(root, signerOf(caKey.privateKey));
  const issue = async (commonName: string, hosts: readonly string[]) => {
    const { publicKey, privateKey } = generateKeyPair();
    const certificate = await authority.issueTls({ ...subject, commonName, publicKey, hosts });
    return { certificate, privateKey: privateKeyPem(privateKey) };
  };
  const server = await issue(`chaincode.${name}`, serverHosts);
  const client = await issue(`peer.chaincode.${name}`, []);
  const files = [
    { path: 'ca.crt', content: authority.certificate },
    { path: 'server.crt', content: server.certificate },
    { path: 'server.key', content: server.privateKey, secret: true },
    { path: 'client.crt', content: client.certificate },
    { path: 'client.key', content: client.privateKey, secret: true },
  ];
  const staging = new Staging(folder);
  try {
    // What is there is not whole, or it would have been taken.
    await rm(join(folder, TLS), { recursive: true, force: true });
    staging.create(join(folder, TLS), files);
  } finally {
    staging.close();
  }
  return { ca: authority.certificate, clientCertificate: client.certificate, clientKey: client.privateKey };
}
