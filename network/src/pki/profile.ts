import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { atomicWrite } from '../system/atomicWrite.js';
import { hostOf, memberTree, ordererTree } from './tree.js';
import { peersFor } from '../topology/onChannel.js';
import type { Consortium, MemberOrganisation } from '../topology/consortium.js';

/** Ports by full host name (`peer0.lab-alpha.example`), where they differ from the consortium's. */
export type PortsByHost = Readonly<Record<string, number>>;

/**
 * Writes a connection profile (JSON) for each member into its part of the crypto-config tree, in the format of Fabric's clients, and
 * replaces an older one. Nodes without a host have localhost addresses, with the names in their certificates beside them.
 * @param only - Writes the profile of this member alone.
 * @returns Their paths by organisation id.
 */
export function writeConnectionProfiles(
  consortium: Consortium,
  directory: string,
  ports: PortsByHost = {},
  only?: string,
): Readonly<Record<string, string>> {
  const orderers = ordererEntries(consortium, directory, ports);
  const members = consortium.organisations.filter(({ id }) => only === undefined || id === only);
  return Object.fromEntries(
    members.map((organisation) => {
      const file = connectionProfileFile(directory, organisation);
      const profile = { ...memberProfile(consortium, organisation, directory, ports), orderers };
      mkdirSync(memberTree(directory, organisation).root, { recursive: true });
      atomicWrite(file, `${JSON.stringify(profile, null, 2)}\n`);
      return [organisation.id, file];
    }),
  );
}

/** Path of an organisation's connection profile. */
export function connectionProfileFile(
  directory: string,
  organisation: Pick<MemberOrganisation, 'id' | 'domain'>,
): string {
  return join(memberTree(directory, organisation).root, `connection-${organisation.id}.json`);
}

function memberProfile(
  consortium: Consortium,
  organisation: MemberOrganisation,
  directory: string,
  ports: PortsByHost,
) {
  const hosts = peersFor(consortium, organisation).map(({ owner, peer }) => ({
    host: hostOf(peer, owner),
    place: peer.host,
    port: peer.port,
    tlsRoot: memberTree(directory, owner).tlsCaCertificate,
  }));
  const users = `peerOrganizations/${organisation.domain}/users/{username}@${organisation.domain}/msp`;
  return {
    name: `${consortium.name}-${organisation.id}`,
    version: '1.0.0',
    client: {
      organization: organisation.id,
      connection: { timeout: { peer: { endorser: '300' } } },
      cryptoconfig: { path: resolve(directory) },
    },
    organizations: {
      [organisation.id]: { mspid: organisation.mspId, peers: hosts.map(({ host }) => host), cryptoPath: users },
    },
    peers: Object.fromEntries(
      hosts.map(({ host, place, port, tlsRoot }) => [host, nodeEntry({ host, place }, ports[host] ?? port, tlsRoot)]),
    ),
  };
}

function ordererEntries(consortium: Consortium, directory: string, ports: PortsByHost) {
  return Object.fromEntries(
    consortium.orderers.map((orderer) => {
      const host = hostOf(orderer, orderer);
      const { tlsCaCertificate } = ordererTree(directory, orderer);
      return [host, nodeEntry({ host, place: orderer.host }, ports[host] ?? orderer.port, tlsCaCertificate)];
    }),
  );
}

function nodeEntry(
  { host, place = 'localhost' }: { readonly host: string; readonly place: string | undefined },
  port: number,
  tlsCaCertificate: string,
) {
  return {
    url: `grpcs://${place}:${port}`,
    // The certificate itself, not its path: profiles are copied to other machines.
    tlsCACerts: { pem: readFileSync(tlsCaCertificate, 'utf8') },
    grpcOptions: { 'ssl-target-name-override': host, hostnameOverride: host },
  };
}
