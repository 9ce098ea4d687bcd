import { signerName } from '../../signing/index.js';
import { signingKey } from '../open/key.js';
import type { Key } from '../open/key.js';
import type { OpenReport } from './check.js';

/** The key with which the technician signed a report; undefined if the organisation does not vouch for it. */
export function technicianKey({ said, payload, technician }: OpenReport): Key<'authorisation'> | undefined {
  const keys = technician?.keys.filter(({ said: { statement } }) => statement.body.role === 'technician') ?? [];
  return signingKey(said.entry, signerName('technician', payload.technician), keys);
}
