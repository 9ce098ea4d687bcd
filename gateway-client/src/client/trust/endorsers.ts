import { base64Bytes, base64Text, utf8Bytes } from '@tracecal/core/platform';
import { readConfigBlock } from '@tracecal/ledger/block';
import { Msp, parseCertificatePem } from '@tracecal/ledger/identity';
import type { NodeRole } from '@tracecal/ledger/identity';
import { Config, FabricMspConfig, MspConfig } from '@tracecal/ledger/wire';
import type { NodeOus, OuIdentifier } from '@tracecal/ledger/wire';

/** What runs the members' peers. The embedded network is one process, whatever it signs as. */
export const TRUSTED_ENGINES = ['fabric', 'embedded'] as const;

/** Whose peers an asker believes, and how many organisations must agree. */
export interface Endorsers {
  readonly k: number;
  readonly engine: (typeof TRUSTED_ENGINES)[number];
  /** By MSP id; each once. */
  readonly organisations: readonly EndorsingOrganisation[];
}

/** The membership service of one organisation, as the channel's configuration defines it. Certificates are DER in base64. */
export interface EndorsingOrganisation {
  readonly mspId: string;
  readonly roots: readonly string[];
  readonly intermediates: readonly string[];
  /** Lists of revoked certificates, as the configuration holds them, in base64. */
  readonly revocations: readonly string[];
  readonly nodeOus: Readonly<Partial<Record<NodeRole, NodeUnit>>>;
}

/** The organisational unit in the certificates of one role; null: any CA of the organisation may certify it. */
export interface NodeUnit {
  readonly unit: string;
  readonly certifier: string | null;
}

export const NODE_ROLES: readonly NodeRole[] = ['client', 'peer', 'admin', 'orderer'];

/**
 * The parts of an MSP that tell its peers from others.
 * @throws Error (of any class) if it names no role for peers: then any of its members could speak for it
 */
export function endorsingOrganisation(config: FabricMspConfig): EndorsingOrganisation {
  const { name: mspId, nodeOus } = config;
  if (nodeOus?.enable !== true || nodeOus.peer === undefined) {
    throw new Error(
      `${mspId} does not tell peers from its other members (NodeOUs): it cannot be named as an endorser.`,
    );
  }
  return {
    mspId,
    roots: config.rootCerts.map(derText),
    intermediates: config.intermediateCerts.map(derText),
    revocations: config.revocationList.map(base64Text),
    nodeOus: Object.fromEntries(
      NODE_ROLES.flatMap((role) => {
        const unit = nodeOus[role];
        return unit ? [[role, unitOf(unit)]] : [];
      }),
    ),
  };
}

/**
 * Organisations of a channel, from its configuration block.
 *
 * @param mspIds - Those that are wanted.
 * @throws Error (of any class) if one of them is not in the channel, or cannot be named
 */
export function endorsersIn(configurationBlock: Uint8Array, mspIds: readonly string[]): EndorsingOrganisation[] {
  const members = membersIn(configurationBlock);
  return mspIds.map((mspId) => {
    const found = members.get(mspId);
    if (!found) throw new Error(`${mspId} is not in the channel.`);
    return endorsingOrganisation(found);
  });
}

/**
 * The same endorsers as a newer configuration has them: with the CAs that they have now, and without those that have left. Otherwise the keys of
 * peers whose CA was replaced, or who were removed, would go on speaking for the channel.
 *
 * @throws Error (of any class) if fewer are left than have to agree, or one cannot be named
 */
export function endorsersAsIn(configurationBlock: Uint8Array, endorsers: Endorsers): Endorsers {
  const members = membersIn(configurationBlock);
  const named = endorsers.organisations.map(({ mspId }) => mspId);
  const left = named.filter((mspId) => members.has(mspId));
  if (left.length < endorsers.k) {
    const gone = named.filter((mspId) => !members.has(mspId)).join(', ');
    throw new Error(
      `peers of ${endorsers.k} organisations have to agree, and ${left.length} of those that it names are left in the channel (${gone} went): export it anew from the network.`,
    );
  }
  return { ...endorsers, organisations: endorsersIn(configurationBlock, left) };
}

function membersIn(configurationBlock: Uint8Array): ReadonlyMap<string, FabricMspConfig> {
  const { config } = readConfigBlock(configurationBlock);
  const members = Config.decode(config).channelGroup?.groups.get('Application')?.groups.values() ?? [];
  return new Map(
    [...members].flatMap(({ values }) => {
      const msp = values.get('MSP');
      const read = msp && FabricMspConfig.decode(MspConfig.decode(msp.value).config);
      return read ? [[read.name, read] as const] : [];
    }),
  );
}

/** @throws AccessError MALFORMED_CONFIG if a part of it cannot be read */
export function mspOf({ mspId, roots, intermediates, revocations, nodeOus }: EndorsingOrganisation): Msp {
  const ous: NodeOus = { enable: true, client: undefined, peer: undefined, admin: undefined, orderer: undefined };
  const config: FabricMspConfig = {
    ...FabricMspConfig.decode(new Uint8Array()),
    name: mspId,
    rootCerts: roots.map(pemOf),
    intermediateCerts: intermediates.map(pemOf),
    revocationList: revocations.map(bytesOf),
    nodeOus: {
      ...ous,
      ...Object.fromEntries(Object.entries(nodeOus).map(([role, unit]) => [role, identifierOf(unit)])),
    },
  };
  return new Msp(config);
}

function unitOf({ organizationalUnitIdentifier: unit, certificate }: OuIdentifier): NodeUnit {
  return { unit, certifier: certificate.length === 0 ? null : derText(certificate) };
}

function identifierOf({ unit, certifier }: NodeUnit): OuIdentifier {
  return {
    organizationalUnitIdentifier: unit,
    certificate: certifier === null ? new Uint8Array() : pemOf(certifier),
  };
}

function derText(pem: Uint8Array): string {
  return base64Text(parseCertificatePem(pem).raw);
}

function pemOf(der: string): Uint8Array {
  return utf8Bytes(`-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`);
}

function bytesOf(base64: string): Uint8Array {
  return base64Bytes(base64) ?? new Uint8Array();
}
