import { HEARTBEAT_TYPE, instantOf } from '@tracecal/chaincode/model';
import type { HeartbeatPayload } from '@tracecal/chaincode/model';
import { signHeartbeat } from '../../client/index.js';
import type { Announced } from '../../client/index.js';
import type { Session } from '../session.js';

/** Signs an NMI's sign of life of this moment and puts it on the ledger. */
export async function beat(session: Session, technician: string): Promise<Announced> {
  const nmi = await session.organisationOf(technician);
  const now = Date.now();
  const payload: HeartbeatPayload = {
    type: HEARTBEAT_TYPE,
    registry: session.channel.name,
    nmi,
    technician,
    // Seconds since 1970: they grow by themselves, whoever of the NMI signs and wherever.
    sequence: Math.floor(now / 1000),
    time: instantOf(now),
  };
  const jws = await signHeartbeat(payload, await session.keys.signer('technician', technician));
  return (await session.writerFor(nmi)).heartbeat(jws);
}
