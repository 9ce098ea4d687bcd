import { ownValue } from '@tracecal/core/model';
import type { ChaincodeDeployment } from '../topology/consortium.js';

/**
 * Variables for the processes of chaincodes, by the chaincode's name: what is known only when a network is started. No
 * place for secrets: whoever may list processes or read the compose file sees them.
 */
export type ChaincodeEnvironment = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a chaincode's process is told beside its arguments. */
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
    // Last: a process that took itself for another member's would answer for that one. Real peers use this name.
    CORE_PEER_LOCALMSPID: mspId,
  };
}
