import { stringify } from 'yaml';
import { hostOf, memberTree, ordererTree } from '../pki/index.js';
import type { Channel, Consortium } from '../topology/consortium.js';
import { BLOCK_BYTES, goDuration, SMART_BFT } from './ordererGroup.js';
import { CAPABILITIES, planChannel, type PlannedPolicies, type PlanOptions } from './plan.js';
import type { PolicyTemplate } from './template.js';

/**
 * The same channels as a `configtx.yaml` for Fabric's configtxgen, one profile for each channel, to work with its tools or to compare.
 * Paths start at `cryptoDir`.
 */
export function configtxYaml(
  consortium: Consortium,
  template: PolicyTemplate,
  cryptoDir: string,
  options: PlanOptions = {},
): string {
  const profiles = consortium.channels.map((channel) => [
    channel.name,
    profile(consortium, channel, template, cryptoDir, options),
  ]);
  return stringify(
    { Profiles: Object.fromEntries(profiles) as unknown },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

function profile(
  consortium: Consortium,
  channel: Channel,
  template: PolicyTemplate,
  cryptoDir: string,
  options: PlanOptions,
): unknown {
  const plan = planChannel(consortium, channel, template, options);
  const mspDirs = new Map([
    ...consortium.organisations.map((member) => [member.mspId, memberTree(cryptoDir, member).msp] as const),
    ...consortium.orderers.map((orderer) => [orderer.mspId, ordererTree(cryptoDir, orderer).msp] as const),
  ]);
  const organisation = (mspId: string, policies: PlannedPolicies): object => {
    return { Name: mspId, ID: mspId, MSPDir: mspDirs.get(mspId), Policies: policyEntries(policies) };
  };
  return {
    Policies: policyEntries(plan.policies),
    Capabilities: { [CAPABILITIES.channel]: true },
    Orderer: {
      OrdererType: 'BFT',
      SmartBFT: SMART_BFT,
      BatchTimeout: goDuration(plan.orderer.batch.timeoutMs),
      BatchSize: {
        MaxMessageCount: plan.orderer.batch.maxMessages,
        AbsoluteMaxBytes: BLOCK_BYTES.absoluteMax,
        PreferredMaxBytes: BLOCK_BYTES.preferredMax,
      },
      ConsenterMapping: consenterMapping(consortium, cryptoDir, plan.orderer.nodes),
      Organizations: plan.orderer.nodes.map(({ mspId, policies, address }) => ({
        ...organisation(mspId, policies),
        OrdererEndpoints: [`${address.host}:${address.port}`],
      })),
      // configtxgen insists on a BlockValidation policy and replaces it by the quorum of the consenters.
      Policies: {
        ...policyEntries(plan.orderer.policies),
        BlockValidation: { Type: 'ImplicitMeta', Rule: 'MAJORITY Writers' },
      },
      Capabilities: { [CAPABILITIES.orderer]: true },
    },
    Application: {
      Organizations: plan.application.members.map(({ mspId, policies, anchorPeers }) => ({
        ...organisation(mspId, policies),
        AnchorPeers: anchorPeers.map(({ host, port }) => ({ Host: host, Port: port })),
      })),
      Policies: policyEntries(plan.application.policies),
      ACLs: plan.application.acls,
      Capabilities: { [CAPABILITIES.application]: true },
    },
  };
}

function consenterMapping(
  consortium: Consortium,
  cryptoDir: string,
  nodes: ReturnType<typeof planChannel>['orderer']['nodes'],
): unknown {
  return [...consortium.orderers]
    .sort((a, b) => a.consenterId - b.consenterId)
    .map((orderer) => {
      const { msp, tls } = ordererTree(cryptoDir, orderer).node(orderer.name);
      const address = nodes.find(({ mspId }) => mspId === orderer.mspId)?.address;
      return {
        ID: orderer.consenterId,
        Host: address?.host,
        Port: address?.port,
        MSPID: orderer.mspId,
        Identity: `${msp}/signcerts/${hostOf(orderer, orderer)}-cert.pem`,
        ClientTLSCert: `${tls}/server.crt`,
        ServerTLSCert: `${tls}/server.crt`,
      };
    });
}

function policyEntries(policies: PlannedPolicies): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(policies).map(([name, { type, rule }]) => [name, { Type: type, Rule: rule }]),
  );
}
