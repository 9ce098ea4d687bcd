import { statementDigest } from '@tracecal/gateway-client';
import type { Item } from '@tracecal/gateway-client';
import { REGISTRY } from '@tracecal/gateway-client/application';

/** Environment of chaincode processes. It binds them to this registry only. */
export type ServiceEnvironment = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function environmentOf(founding: Item | undefined): ServiceEnvironment {
  return founding ? { [REGISTRY]: { TRACECAL_FOUNDING: statementDigest(founding.statement) } } : {};
}
