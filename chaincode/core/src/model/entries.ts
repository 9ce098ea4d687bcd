import type { DeviceRecord, Entry, OrganisationRecord, PersonRecord, RegistryRecord, ReportRecord } from './records.js';

/** Every statement that a record holds, list by list. */
export const entriesOf = {
  registry: ({ founding, changes }: RegistryRecord): readonly Entry[] => [founding, ...changes],
  organisation: ({ memberships, accreditations, requirements, impediments }: OrganisationRecord): readonly Entry[] => [
    ...memberships,
    ...accreditations,
    ...requirements,
    ...impediments,
  ],
  person: ({ authorisations, impediments }: PersonRecord): readonly Entry[] => [...authorisations, ...impediments],
  device: ({ imprints, ownership, impediments }: DeviceRecord): readonly Entry[] => [
    ...imprints,
    ...ownership,
    ...impediments,
  ],
  report: ({ statement, impediments }: ReportRecord): readonly Entry[] => [statement, ...impediments],
} as const;
