import { instantOf, RegistryError } from '@tracecal/core/model';
import { outOfForce } from '../../client/trust/outOfForce.js';
import type { Asked } from './asked.js';

/** Whether the trust file may be used, by the clock of the question or of this machine. @throws RegistryError `INPUT_INVALID` */
export function requireInForce({ validity, fresh }: Pick<Asked, 'validity' | 'fresh'>): void {
  const why = outOfForce(validity ? { validity } : {}, fresh?.clock?.now ?? instantOf(Date.now()));
  if (why !== undefined) {
    throw new RegistryError('INPUT_INVALID', `the trust file cannot be used now: ${why}`);
  }
}
