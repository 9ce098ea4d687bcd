import { gateway, type common } from '@hyperledger/fabric-protos';
import {
  computeConfigUpdate,
  configUpdateEnvelope,
  readConfigBlock,
  signConfigUpdate,
  type ConfigSigner,
} from '@tracecal/network/channel';
import type { Application } from './application.js';
import { callRaw, type Outcome } from './rawCalls.js';

/** A channel's newest configuration, as an application's peer has it. */
export async function presentConfig(application: Application, channel: string): Promise<common.Config> {
  const system = application.network(channel).getContract('cscc');
  return readConfigBlock(await system.evaluateTransaction('GetConfigBlock', channel)).config;
}

/** Has a change of a channel's configuration signed by these, and handed to the orderers. */
export async function updateConfig(
  application: Application,
  channel: string,
  change: (root: common.ConfigGroup) => void,
  signers: readonly [ConfigSigner, ...ConfigSigner[]],
): Promise<Outcome> {
  const current = await presentConfig(application, channel);
  const wanted = current.clone();
  change(wanted.getChannelGroup()!);
  const bytes = computeConfigUpdate(channel, current, wanted).serializeBinary();
  const signatures = await Promise.all(signers.map((signer) => signConfigUpdate(bytes, signer)));
  return broadcast(application, channel, await configUpdateEnvelope(channel, bytes, signatures, signers[0]));
}

/** Hands an envelope to the orderers, through a peer that asks nothing about it. */
export function broadcast(
  { client }: Pick<Application, 'client'>,
  channel: string,
  envelope: common.Envelope,
): Promise<Outcome> {
  const request = new gateway.SubmitRequest();
  request.setChannelId(channel);
  request.setPreparedTransaction(envelope);
  const bytes = Buffer.from(request.serializeBinary());
  const method = { path: '/gateway.Gateway/Submit', shape: 'unary' as const, content: bytes, wrap: () => bytes };
  return callRaw(client, method, bytes, 30_000);
}
