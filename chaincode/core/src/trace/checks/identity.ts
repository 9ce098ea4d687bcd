import { registrantOf } from '../../model/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The report is its author's: its id and its technician are of the organisation that signs. */
export const identity: Check = {
  name: 'identity',
  about: 'report',
  examine({ report: { id, organisation, payload } }) {
    if (registrantOf(id) !== organisation) {
      return failed(`Report ${id} was signed for ${organisation}, whose reports begin with "${organisation}/".`);
    }
    return registrantOf(payload.technician) === organisation
      ? holds
      : failed(`Report ${id} of ${organisation} is signed by ${payload.technician} of another organisation.`);
  },
  told({ report: { id, organisation, payload } }) {
    return [`Report ${id} was signed for ${organisation} by technician ${payload.technician}.`];
  },
};
