import { join } from 'node:path';
import { packageDirectory, shimCommand } from '../../chaincode/index.js';
import { serverArguments } from '../common/chaincodes/chaincodeService.js';
import type { FabricBinaries } from '../native/binaries.js';
import type { DeployedNode, DeployedService, Deployment } from './deployment.js';
import { listeningProbe } from './health.js';
import { HEALTH_SECONDS, LIMITS, RESTART_SECONDS, STOP_SECONDS } from './limits.js';
import { command, quoted, singlePath, unitName } from './unitSyntax.js';

/** Whose processes they are, as numbers, and the programs that run. */
export interface OnMachine {
  readonly uid: number;
  readonly gid: number;
  readonly binaries: FabricBinaries;
  readonly node: string;
}

/** A process as systemd sees it. */
interface Unit {
  readonly process: DeployedNode | DeployedService;
  readonly exec: readonly string[];
  readonly directory: string;
  readonly healthCheck: readonly string[];
}

/** The unit files of a member, by their names, and the configuration of the journal that keeps its logs. */
export function systemdFiles(deployment: Deployment, machine: OnMachine): ReadonlyMap<string, string> {
  const { member, nodes, services } = deployment;
  const target = unitName(member, 'target');
  const units = [...nodes.map((node) => nodeUnit(node, machine)), ...services.map((one) => serviceUnit(one, machine))];
  const wanted = units.flatMap(({ process: { name } }) => [unitName(name, 'service'), healthName(name, 'timer')]);
  return new Map([
    [target, targetFile(member, wanted)],
    [`journald@${journalOf(member)}.conf`, JOURNAL],
    ...units.flatMap((unit): [string, string][] => {
      const { name } = unit.process;
      return [
        [unitName(name, 'service'), serviceFile(unit, deployment, machine)],
        [healthName(name, 'service'), healthFile(unit, deployment, machine)],
        [healthName(name, 'timer'), timerFile(name, target)],
      ];
    }),
  ]);
}

function healthName(name: string, kind: 'service' | 'timer'): string {
  return unitName(`${name}-health`, kind);
}

/** The namespace of the journal: its files are rotated apart from those of the system. */
function journalOf(member: string): string {
  return `tracecal-${member}`;
}

function nodeUnit(node: DeployedNode, { binaries }: OnMachine): Unit {
  const { name, kind, operations, tls, folder } = node;
  return {
    process: node,
    directory: folder,
    exec: kind === 'peer' ? [binaries.peer, 'node', 'start'] : [binaries.orderer, 'start'],
    healthCheck: [
      ...['curl', '--fail', '--silent', '--show-error', '--output', '/dev/null', '--max-time', '10'],
      ...['--cacert', join(tls, 'ca.crt'), '--cert', join(tls, 'server.crt'), '--key', join(tls, 'server.key')],
      ...['--connect-to', `::${operations.host}:${operations.port}`],
      `https://${name}:${operations.port}/healthz`,
    ],
  };
}

function serviceUnit(service: DeployedService, { node }: OnMachine): Unit {
  const directory = packageDirectory(service.package);
  const { listens, packageId, tls } = service;
  const serving = { address: `${listens.host}:${listens.port}`, packageId, tls };
  return {
    process: service,
    directory,
    exec: [node, ...serverArguments({ directory, shim: shimCommand(directory) }, serving)],
    healthCheck: [node, '--eval', listeningProbe(listens)],
  };
}

/** Who enables the target enables all. */
function targetFile(member: string, wanted: readonly string[]): string {
  return `[Unit]
Description=Nodes and chaincode services of ${member} (TraceCal)
${wanted.map((unit) => `Wants=${unit}`).join('\n')}

[Install]
WantedBy=multi-user.target
`;
}

/** Below SystemMaxUse, the oldest file is deleted when the next one would exceed it. */
const JOURNAL = `[Journal]
Storage=persistent
SystemMaxUse=512M
SystemMaxFileSize=64M
MaxRetentionSec=90day
`;

function serviceFile({ process, exec, directory }: Unit, { member, dataDir }: Deployment, machine: OnMachine): string {
  const { name, kind, environment } = process;
  const target = unitName(member, 'target');
  const { memoryMib, tasks, openFiles } = LIMITS[kind];
  const variables = Object.entries(environment).map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`);
  return `[Unit]
Description=${name} of ${member} (TraceCal ${kind})
Wants=network-online.target
After=network-online.target
PartOf=${target}
StartLimitIntervalSec=0

[Service]
Type=exec
${variables.join('\n')}
WorkingDirectory=${singlePath(directory)}
ExecStart=${command(exec)}
Restart=always
RestartSec=${RESTART_SECONDS}
TimeoutStopSec=${STOP_SECONDS}
MemoryMax=${memoryMib}M
TasksMax=${tasks}
LimitNOFILE=${openFiles}
${confinement(process, { dataDir, member }, machine)}
`;
}

/** Fails where the process is not healthy, so that `systemctl --failed` shows it. Nothing is restarted for it: a peer that recovers is slow. */
function healthFile({ process, healthCheck }: Unit, { member, dataDir }: Deployment, machine: OnMachine): string {
  return `[Unit]
Description=Health of ${process.name} (TraceCal)

[Service]
Type=oneshot
ExecStart=${command(healthCheck)}
TimeoutStartSec=${HEALTH_SECONDS}
${confinement({ kind: process.kind, writes: [], reads: [process.tls] }, { dataDir, member }, machine)}
`;
}

function timerFile(name: string, target: string): string {
  return `[Unit]
Description=Health of ${name} (TraceCal)
PartOf=${target}

[Timer]
OnActiveSec=${2 * HEALTH_SECONDS}
OnUnitInactiveSec=${HEALTH_SECONDS}
`;
}

type Confined = Pick<DeployedNode | DeployedService, 'kind' | 'writes' | 'reads'>;

/** The process sees of the data directory what it needs, changes its own folder alone, and has no way to more rights. */
function confinement(
  { kind, writes, reads }: Confined,
  { dataDir, member }: Pick<Deployment, 'dataDir' | 'member'>,
  { uid, gid }: OnMachine,
): string {
  return [
    `User=${uid}`,
    `Group=${gid}`,
    'UMask=0077',
    `LogNamespace=${journalOf(member)}`,
    `TemporaryFileSystem=${dataDir}:ro`,
    ...writes.map((path) => `BindPaths=${path}`),
    ...reads.map((path) => `BindReadOnlyPaths=${path}`),
    ...HARDENED,
    ...(kind === 'chaincode' ? SERVICE_ONLY : NODE_ONLY),
  ].join('\n');
}

const HARDENED = [
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
];

/** Node compiles at run time; Fabric does not. */
const NODE_ONLY = ['MemoryDenyWriteExecute=yes'];
/** Only the peers of the same machine talk to a chaincode. */
const SERVICE_ONLY = ['IPAddressDeny=any', 'IPAddressAllow=localhost'];
