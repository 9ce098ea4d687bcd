import { CalibrationKeys } from '@tracecal/gateway-client/application';
import type { SurveyedKey } from '@tracecal/gateway-client/application';
import type { Check } from '../check.js';

/** More names than this are counted. */
const MOST_NAMED = 8;

/** Whom the user can act as. */
export const roles: Check = {
  name: 'roles',
  async run({ data }) {
    const all = (await new CalibrationKeys(data.keys).survey()).filter(({ flaw }) => flaw === undefined);
    const told = (['organisation', 'officer', 'technician', 'device'] as const).flatMap((kind) => namesOf(all, kind));
    return told.length > 0
      ? [{ level: 'ok', message: `you can sign as ${told.join('; ')}` }]
      : [
          {
            level: 'warn',
            message: 'you can sign as nobody: register an organisation, or ask its holder for a certificate',
            next: 'tracecal org add ORGANISATION --certified-by NMI',
          },
        ];
  },
};

function namesOf(all: readonly SurveyedKey[], kind: SurveyedKey['kind']): readonly string[] {
  const ids = all.filter((key) => key.kind === kind).map(({ id }) => id);
  if (ids.length === 0) {
    return [];
  }
  const more = ids.length - MOST_NAMED;
  const named = ids.slice(0, MOST_NAMED).join(', ');
  return [`${kind} ${named}${more > 0 ? ` and ${more} more` : ''}`];
}
