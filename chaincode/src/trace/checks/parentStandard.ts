import { failed, holds } from './check.js';
import type { Check } from './check.js';

export const parentStandard: Check = {
  name: 'parent-standard',
  proves: 'What calibrates others is registered as a standard, not as a field device.',
  about: 'citation',
  examine({ child, parent: { file } }) {
    return child === null || file.device.kind === 'standard'
      ? holds
      : failed(`Report ${child.id} rests on ${file.device.id}, which is a field device and not a standard.`);
  },
};
