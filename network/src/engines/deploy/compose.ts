import { stringify } from 'yaml';
import { serverArguments } from '../common/chaincodes/chaincodeService.js';
import { overlay, type Settings } from '../common/configuration/template.js';
import { literal, readServices, SERVICE_FILES } from '../docker/compose.js';
import type { StagedChaincode } from '../docker/image.js';
import type { DeployedNode, DeployedService, Deployment } from './deployment.js';
import { answersBash, listeningProbe } from './health.js';
import { HEALTH_SECONDS, LIMITS, STOP_SECONDS } from './limits.js';
import { serviceNameOf } from './unitSyntax.js';

const TLS_IN_CONTAINER = '/tls';

/** As whom processes run in containers, `uid:gid`, and the build contexts of chaincode images, by npm package. */
export interface InContainers {
  readonly user: string;
  readonly images: ReadonlyMap<string, StagedChaincode>;
}

/**
 * The compose file of a member, as YAML. Containers use the network of the machine, so that nodes have the addresses of the description, and
 * the firewall of the machine sees every packet. Files of the data directory have the same paths inside.
 */
export async function memberCompose(deployment: Deployment, { user, images }: InContainers): Promise<string> {
  const template = await readServices();
  const services = [
    ...deployment.nodes.map((node) => [node, nodeService(node)] as const),
    ...deployment.services.map((one) => [one, chaincodeService(one, images.get(one.package))] as const),
  ].map(([process, own]): [string, Settings] => [
    serviceNameOf(process.name),
    overlay(overlay(template[process.kind], common(process, user)), own),
  ]);
  const file = { name: projectOf(deployment), services: Object.fromEntries(services) };
  return stringify(file, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The Compose project: one member's containers. */
function projectOf({ member }: Deployment): string {
  return `tracecal-${member.toLowerCase().replace(/[^a-z0-9_-]/g, '-')}`;
}

function common({ kind, writes, environment }: DeployedNode | DeployedService, user: string): Settings {
  const { memoryMib, tasks, openFiles } = LIMITS[kind];
  return {
    user,
    network_mode: 'host',
    restart: 'unless-stopped',
    stop_grace_period: `${STOP_SECONDS}s`,
    mem_limit: `${memoryMib}m`,
    pids_limit: tasks,
    ulimits: { nofile: openFiles },
    environment: literal(environment),
    volumes: writes.map((path) => bind(path)),
    healthcheck: { interval: `${HEALTH_SECONDS}s`, timeout: '10s', retries: 3, start_period: '60s' },
  };
}

function nodeService({ writes, reads, listens }: DeployedNode): Settings {
  return {
    volumes: [...writes.map((path) => bind(path)), ...reads.map((path) => readOnly(path))],
    healthcheck: { test: answersBash(listens) },
  };
}

function chaincodeService(
  { listens, packageId, tls }: DeployedService,
  staged: StagedChaincode = { context: '', directory: '', shim: '' },
): Settings {
  const serving = { address: `${listens.host}:${listens.port}`, packageId, tls: TLS_IN_CONTAINER };
  return {
    build: { context: staged.context },
    working_dir: staged.directory,
    command: ['node', ...serverArguments(staged, serving)],
    volumes: SERVICE_FILES.map((file) => readOnly(`${tls}/${file}`, `${TLS_IN_CONTAINER}/${file}`)),
    healthcheck: { test: ['CMD', 'node', '-e', listeningProbe(listens)] },
  };
}

function bind(source: string, target = source): Settings {
  // A directory that Docker made in place of a missing file would hide that it is missing.
  return { type: 'bind', source, target, bind: { create_host_path: false } };
}

function readOnly(source: string, target = source): Settings {
  return { ...bind(source, target), read_only: true };
}
