import { common, orderer } from '@hyperledger/fabric-protos';
import { configGroup } from './configGroup.js';
import { blockPolicy } from './consenters.js';
import { ChannelError } from './errors.js';
import type { ChannelMaterial, ConsenterCertificates } from './material.js';
import { mspConfig } from './mspConfig.js';
import { CAPABILITIES, type ChannelPlan, type PlannedOrderer } from './plan.js';
import { capabilities, mspOf } from './parts.js';

/** Limits of a block; Fabric's defaults, which no consortium has needed to change. */
export const BLOCK_BYTES = { absoluteMax: 10 * 1024 * 1024, preferredMax: 2 * 1024 * 1024 } as const;

/** The Orderer group: SmartBFT, its participants, how blocks are cut, and who must have signed a block. */
export function ordererGroup({ orderer: plan }: ChannelPlan, material: ChannelMaterial): common.ConfigGroup {
  const nodes = [...plan.nodes].sort((a, b) => a.consenterId - b.consenterId);
  const group = configGroup({
    values: {
      ConsensusType: consensusType(),
      Orderers: consenterMapping(nodes, material),
      BatchSize: batchSize(plan.batch.maxMessages),
      BatchTimeout: batchTimeout(plan.batch.timeoutMs),
      ChannelRestrictions: new orderer.ChannelRestrictions(),
      Capabilities: capabilities(CAPABILITIES.orderer),
    },
    policies: plan.policies,
    groups: Object.fromEntries(plan.nodes.map((node) => [node.mspId, organisationGroup(node, material)])),
  });
  const consenters = nodes.map((node) => ({
    mspId: node.mspId,
    identity: Buffer.from(certificatesOf(node, material).identity),
  }));
  group.getPoliciesMap().set('BlockValidation', blockPolicy(consenters));
  return group;
}

/** A duration as Go prints it (`2s`, `250ms`, `1m0s`), in whole milliseconds. */
export function goDuration(milliseconds: number): string {
  const seconds = (milliseconds % 60_000) / 1000;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}s`;
  if (minutes > 0) return `${minutes}m${seconds}s`;
  return milliseconds < 1000 ? `${milliseconds}ms` : `${seconds}s`;
}

function consensusType(): orderer.ConsensusType {
  const consensus = new orderer.ConsensusType();
  consensus.setType('BFT');
  consensus.setMetadata(smartBftOptions().serializeBinary());
  return consensus;
}

/**
 * SmartBFT settings, by configtxgen's names. They are Fabric's values, except for the timeouts: measured on one machine, a dead leader
 * stops a channel for 11 s with these, and for 22 s with Fabric's 20 s until a complaint. A node that complains catches up first, and asks
 * every node for that. This ends within 10 s if one of them is cut off (`Cluster` in test-network-config/orderer.yaml), and must end before
 * the others' timeouts, or no leader is ever elected.
 */
export const SMART_BFT = {
  RequestBatchMaxCount: 100,
  RequestBatchMaxBytes: 10 * 1024 * 1024,
  RequestBatchMaxInterval: '50ms',
  IncomingMessageBufferSize: 200,
  RequestPoolSize: 400,
  RequestForwardTimeout: '1s',
  RequestComplainTimeout: '10s',
  RequestAutoRemoveTimeout: '3m0s',
  ViewChangeResendInterval: '5s',
  ViewChangeTimeout: '20s',
  LeaderHeartbeatTimeout: '20s',
  LeaderHeartbeatCount: 10,
  CollectTimeout: '1s',
} as const;

function smartBftOptions(): orderer.smartbft.Options {
  const options = new orderer.smartbft.Options();
  options.setRequestBatchMaxCount(SMART_BFT.RequestBatchMaxCount);
  options.setRequestBatchMaxBytes(SMART_BFT.RequestBatchMaxBytes);
  options.setRequestBatchMaxInterval(SMART_BFT.RequestBatchMaxInterval);
  options.setIncomingMessageBufferSize(SMART_BFT.IncomingMessageBufferSize);
  options.setRequestPoolSize(SMART_BFT.RequestPoolSize);
  options.setRequestForwardTimeout(SMART_BFT.RequestForwardTimeout);
  options.setRequestComplainTimeout(SMART_BFT.RequestComplainTimeout);
  options.setRequestAutoRemoveTimeout(SMART_BFT.RequestAutoRemoveTimeout);
  options.setViewChangeResendInterval(SMART_BFT.ViewChangeResendInterval);
  options.setViewChangeTimeout(SMART_BFT.ViewChangeTimeout);
  options.setLeaderHeartbeatTimeout(SMART_BFT.LeaderHeartbeatTimeout);
  options.setLeaderHeartbeatCount(SMART_BFT.LeaderHeartbeatCount);
  options.setCollectTimeout(SMART_BFT.CollectTimeout);
  return options;
}

function consenterMapping(nodes: readonly PlannedOrderer[], material: ChannelMaterial): common.Orderers {
  const mapping = new common.Orderers();
  for (const node of nodes) {
    const certificates = certificatesOf(node, material);
    const consenter = new common.Consenter();
    consenter.setId(node.consenterId);
    consenter.setHost(node.address.host);
    consenter.setPort(node.address.port);
    consenter.setMspId(node.mspId);
    consenter.setIdentity(Buffer.from(certificates.identity));
    consenter.setClientTlsCert(Buffer.from(certificates.clientTls));
    consenter.setServerTlsCert(Buffer.from(certificates.serverTls));
    mapping.addConsenterMapping(consenter);
  }
  return mapping;
}

function organisationGroup(node: PlannedOrderer, material: ChannelMaterial): common.ConfigGroup {
  const endpoints = new common.OrdererAddresses();
  endpoints.addAddresses(`${node.address.host}:${node.address.port}`);
  return configGroup({
    values: { MSP: mspConfig(mspOf(node.mspId, material)), Endpoints: endpoints },
    policies: node.policies,
    changedBy: node.changedBy,
  });
}

function batchSize(maxMessages: number): orderer.BatchSize {
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(maxMessages);
  size.setAbsoluteMaxBytes(BLOCK_BYTES.absoluteMax);
  size.setPreferredMaxBytes(BLOCK_BYTES.preferredMax);
  return size;
}

function batchTimeout(milliseconds: number): orderer.BatchTimeout {
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(goDuration(milliseconds));
  return timeout;
}

function certificatesOf(node: PlannedOrderer, material: ChannelMaterial): ConsenterCertificates {
  const certificates = material.consenters.get(node.mspId);
  if (certificates === undefined) {
    throw new ChannelError(
      'MISSING_MATERIAL',
      `There are no certificates of the ordering node ${node.name} (${node.mspId}).`,
    );
  }
  return certificates;
}
