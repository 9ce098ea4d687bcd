import { discovery, peer } from '@hyperledger/fabric-protos';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';

/** One peer's knowledge about who can run a chaincode on a channel. */
export interface ChaincodeDiscovery {
  /** MSP ids of the organisations with at least one live peer that runs it. */
  readonly organisations: readonly string[];
  /** Whether those peers can satisfy its endorsement policy. */
  readonly endorsable: boolean;
}

const TIMEOUT_MS = 10_000;

/**
 * Queries a peer's discovery service. Before gossip has spread, a peer knows nothing of the other organisations, and a transaction fails
 * with "no combination of peers can be derived".
 *
 * @param connection Needs a client TLS certificate: the service binds the request to the TLS session.
 * @throws AdminError
 */
export async function discoverChaincode(
  connection: NodeConnection,
  signer: Signer,
  channel: string,
  chaincode: string,
): Promise<ChaincodeDiscovery> {
  const request = new discovery.Request();
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(signer.serialized);
  authentication.setClientTlsCertHash(connection.tlsCertificateHash);
  request.setAuthentication(authentication);
  request.setQueriesList([peersQuery(channel, chaincode), endorsersQuery(channel, chaincode)]);

  const [peers, endorsers] = (await discover(connection, signer, request)).getResultsList();
  const members = peers?.getMembers();
  if (members === undefined) {
    const reason = peers?.getError()?.getContent() ?? 'no membership in the answer';
    throw new AdminError('REFUSED', `discovery on ${channel}: ${reason}`, connection.name);
  }
  return { organisations: organisationsWithPeers(members), endorsable: hasLayout(endorsers) };
}

function peersQuery(channel: string, chaincode: string): discovery.Query {
  const members = new discovery.PeerMembershipQuery();
  members.setFilter(interest(chaincode));
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setPeerQuery(members);
  return query;
}

function endorsersQuery(channel: string, chaincode: string): discovery.Query {
  const endorsers = new discovery.ChaincodeQuery();
  endorsers.setInterestsList([interest(chaincode)]);
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setCcQuery(endorsers);
  return query;
}

function interest(chaincode: string): peer.ChaincodeInterest {
  const call = new peer.ChaincodeCall();
  call.setName(chaincode);
  const value = new peer.ChaincodeInterest();
  value.setChaincodesList([call]);
  return value;
}

function discover(connection: NodeConnection, signer: Signer, request: discovery.Request): Promise<discovery.Response> {
  const signed = new discovery.SignedRequest();
  signed.setPayload(request.serializeBinary());
  signed.setSignature(signer.sign(signed.getPayload_asU8()));
  return new Promise((resolve, reject) => {
    connection.discovery.discover(signed, { deadline: Date.now() + TIMEOUT_MS }, (error, response) => {
      if (error !== null) reject(connection.failure(error));
      else if (response === undefined) reject(new AdminError('BAD_RESPONSE', 'empty answer', connection.name));
      else resolve(response);
    });
  });
}

function organisationsWithPeers(members: discovery.PeerMembershipResult): readonly string[] {
  const organisations: string[] = [];
  members.getPeersByOrgMap().forEach((peers, mspId) => {
    if (peers.getPeersList().length > 0) organisations.push(mspId);
  });
  return organisations.sort();
}

function hasLayout(result: discovery.QueryResult | undefined): boolean {
  const descriptors = result?.getCcQueryRes()?.getContentList() ?? [];
  return descriptors.some((descriptor) => descriptor.getLayoutsList().length > 0);
}
