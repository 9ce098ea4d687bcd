import type { ChaincodeEnvironment, OrganisationEndpoint } from '@tracecal/network/engine';
import type { Upgrade } from '@tracecal/network/engine';
import type { NodeProcess } from '@tracecal/network/fabric';
import type { AuthorityKind } from '@tracecal/network/pki';
import type { ChaincodeDeployment, Consortium, MembershipChange } from '@tracecal/network/topology';

export type EngineName = 'embedded' | 'native' | 'docker';

/** One of the things that can run a consortium. Scenarios know no other way to it, so that both are held to the same. */
export interface Engine {
  readonly name: EngineName;
  /** Brings a consortium up in a directory of its own and resolves when every organisation can work. */
  start(consortium: Consortium, chaincodeEnvironment?: ChaincodeEnvironment): Promise<EngineNetwork>;
}

/** A consortium that an engine runs. Its endpoints may change with every start. */
export interface EngineNetwork {
  readonly engine: EngineName;
  readonly consortium: Consortium;
  readonly organisations: readonly OrganisationEndpoint[];
  readonly cryptoDir: string;
  /** All that the network writes is in here. */
  readonly dataDir: string;
  /** The nodes that can be stopped one by one; the embedded network has none. */
  readonly processes?: readonly NodeProcess[];
  /** Ends every process in order and brings the network up again on its data. */
  restart(): Promise<void>;
  /** Ends every process at once with SIGKILL; {@link restart} brings the network up again. */
  kill(): Promise<void>;
  /** Adds a chaincode to the running network. */
  addChaincode(chaincode: ChaincodeDeployment): Promise<void>;
  /** Has an organisation join the running network, or leave it. */
  changeMembers(change: MembershipChange): Promise<void>;
  /** Brings one of its chaincodes to another definition. */
  upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade>;
  /** Gives a member a new CA. */
  rotateAuthority(organisation: string, authority: AuthorityKind): Promise<void>;
  /** Gives an orderer, by its full name, new certificates. */
  rotateOrderer(name: string): Promise<void>;
  /** Ends every process and deletes the data. */
  stop(): Promise<void>;
}

/** The engine that this run is about: TRACECAL_ENGINE, or the embedded network. */
export const engineName: EngineName = readEngineName(process.env['TRACECAL_ENGINE'] ?? 'embedded');

/** The engine of this run. */
export async function selectedEngine(): Promise<Engine> {
  if (engineName === 'native') return (await import('./engineFabric.js')).nativeEngine;
  if (engineName === 'docker') return (await import('./engineFabric.js')).dockerEngine;
  return (await import('./engineEmbedded.js')).embeddedEngine;
}

function readEngineName(text: string): EngineName {
  if (text === 'embedded' || text === 'native' || text === 'docker') return text;
  throw new Error(`TRACECAL_ENGINE is ${JSON.stringify(text)}: set it to embedded, native or docker.`);
}
