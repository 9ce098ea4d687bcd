import { ownValue } from '@tracecal/core/model';
import type { ChaincodeDeployment } from '../topology/consortium.js';

/**
 * Variables for chaincode processes, by the chaincode's name, with values known only when a network is started. Not for secrets: users who
 * can list processes or read the compose file see them.
 */
export type ChaincodeEnvironment = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The environment of a chaincode's process, besides its arguments. */
export function environmentOf(
  { name, service }: ChaincodeDeployment,
  mspId: string,
  given: ChaincodeEnvironment = {},
): Readonly<Record<string, string>> {
  return {
    // The shim writes several lines a transaction at its default level.
    CORE_CHAINCODE_LOGGING_LEVEL: process.env['CORE_CHAINCODE_LOGGING_LEVEL'] ?? 'warning',
    NODE_ENV: 'production',
    ...('package' in service && service.environment),
    ...ownValue(given, name),
    // Set last, so that nothing overrides it: a process with another member's MSP id would answer for that member. Real peers use this
    // name.
    CORE_PEER_LOCALMSPID: mspId,
  };
}
