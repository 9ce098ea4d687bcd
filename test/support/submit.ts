import { parseJson } from '@tracecal/chaincode/model';
import type { Jws, NewDevice, NewOrganisation, NewTechnician } from '@tracecal/chaincode/model';
import type { TraceCal } from '@tracecal/gateway-client';

/** Submits, through the SDK, what a hierarchy lists as a call of the registry. */
export function submit(member: TraceCal, transaction: string, argument: string): Promise<unknown> {
  const value: unknown = parseJson(argument);
  switch (transaction) {
    case 'createOrganisation':
      return member.createOrganisation(value as NewOrganisation);
    case 'createTechnician':
      return member.createTechnician(value as NewTechnician);
    case 'registerDevice':
      return member.registerDevice(value as NewDevice);
    case 'createReport':
      return member.createReport(value as Jws);
    case 'amendReport':
      return member.amendReport(value as Jws);
    case 'heartbeat':
      return member.heartbeat(value as Jws);
    default:
      throw new Error(`Nothing submits ${transaction}.`);
  }
}
