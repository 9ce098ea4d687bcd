import { heartbeatPayloadSchema, instantOf, millisecondsOf, RegistryError } from '../model/index.js';
import type { Heartbeat, HeartbeatPayload } from '../model/index.js';
import { isGenuine } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement } from './api.js';
import type { Caller } from './caller.js';
import { keys } from './keys.js';
import { requireLanes } from './lanes.js';
import { parseSigned } from './signed.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

/** As far as a peer lets a transaction's time differ from its own. */
const CLOCK_SKEW_MS = 15 * 60 * 1000;

/** Puts a national institute's sign of life on the ledger, signed by one of its technicians. */
export async function heartbeat(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('issuer');
  const { jws, payload } = parseSigned<HeartbeatPayload>(heartbeatPayloadSchema, 'heartbeat', state.registry, json);
  const { nmi, sequence } = payload;
  const file = await required('organisation', nmi, state.organisation(nmi));
  if (file.organisation.kind !== 'NMI') {
    throw new RegistryError('NOT_AUTHORISED', `organisation ${nmi} is not a National Metrology Institute.`);
  }
  caller.actsFor([file], state.now);
  const technician = await required('technician', payload.technician, state.technician(payload.technician));
  const beat: Heartbeat = { payload, jws, technicianCertificate: technician.certificate, recorded: state.stamp };
  requireProgress(payload, await state.heartbeat(nmi), state.now);
  if (!isGenuine(beat, file, state.registry)) {
    throw new RegistryError(
      'SIGNATURE_INVALID',
      `heartbeat ${sequence} of ${nmi} is not validly signed by a technician of it in good standing.`,
    );
  }
  await requireLanes(state, [file.organisation.mspId]);
  await state.write(keys.heartbeat(nmi), beat);
  return state.announce({ type: EVENTS.heartbeat, id: nmi, sequence });
}

/** One that was kept back, or signed for the future, would make old records look fresh. */
function requireProgress({ nmi, sequence, time }: HeartbeatPayload, last: Heartbeat | undefined, now: string): void {
  if (last && (sequence <= last.payload.sequence || time <= last.payload.time)) {
    throw new RegistryError(
      'TIME_INVALID',
      `heartbeat ${sequence} of ${nmi} is not newer than number ${last.payload.sequence} of ${last.payload.time}.`,
    );
  }
  const latest = instantOf(millisecondsOf(now) + CLOCK_SKEW_MS);
  if (time > latest) {
    throw new RegistryError('TIME_INVALID', `heartbeat ${sequence} of ${nmi} is dated ${time}, which lies ahead.`);
  }
}
