import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers, type Contract, type Gateway } from '@hyperledger/fabric-gateway';
import { readFileSync } from 'node:fs';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import type { FabricNetwork } from '@tracecal/network/fabric';

/** An application of one organisation, on the unmodified client library. */
export interface MemberGateway {
  readonly gateway: Gateway;
  contract(channel: string, chaincode: string): Contract;
  close(): void;
}

/** Connects as a user of an organisation to that organisation's own peer. */
export function memberGateway(network: FabricNetwork, id: string, user = 'User1'): MemberGateway {
  const member = network.organisations.find((organisation) => organisation.id === id);
  if (member === undefined) throw new Error(`${id} is not a member`);
  const domain = member.tlsHostName.slice(member.tlsHostName.indexOf('.') + 1);
  const identity = loadSigningIdentity(memberTree(network.cryptoDir, { domain }).user(user).msp, member.mspId);
  const client = new Client(member.gatewayEndpoint, credentials.createSsl(readFileSync(member.tlsCaCert)), {
    'grpc.ssl_target_name_override': member.tlsHostName,
  });
  const gateway = connect({
    client,
    identity: { mspId: member.mspId, credentials: Buffer.from(identity.certificate) },
    signer: signers.newPrivateKeySigner(identity.privateKey),
    hash: hash.sha256,
  });
  return {
    gateway,
    contract: (channel, chaincode) => gateway.getNetwork(channel).getContract(chaincode),
    close: () => {
      gateway.close();
      client.close();
    },
  };
}
