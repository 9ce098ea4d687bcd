import { claims, duplicates } from './checkOrganisations.js';
import type { Consortium, MemberOrganisation, OrganisationKind } from './consortium.js';
import type { Finding, Path } from './document.js';
import { checkAddresses } from './checkZoneAddresses.js';
import type { Zone } from './firewall.js';
import { isNumeric } from './ipv4.js';
import { collectorsOf, siteOf } from './onChannel.js';

/** Checks that zones belong to organisations and sites, hold what their kind may hold, and that no address has two owners. */
export function checkFirewall(consortium: Consortium): Finding[] {
  const { firewall } = consortium;
  if (firewall === undefined) return [];
  const path = ['firewall', 'zones'];
  const findings = [
    ...duplicates(claims(path, firewall.zones, 'name'), 'zone name'),
    ...firewall.zones.flatMap((zone, index) =>
      problemsOf(consortium, zone).map(({ key, reason }): Finding => ({ path: [...path, index, key], reason })),
    ),
  ];
  return [...findings, ...checkAddresses(consortium, firewall), ...checkEnds(consortium)];
}

interface Problem {
  readonly key: keyof Zone;
  readonly reason: string;
}

function problemsOf(consortium: Consortium, zone: Zone): Problem[] {
  const organisation = consortium.organisations.find(({ id }) => id === zone.organisation);
  if (organisation === undefined) {
    return [
      {
        key: 'organisation',
        reason: `zone "${zone.name}" is of organisation "${zone.organisation}", which is not defined.`,
      },
    ];
  }
  const subject = `zone "${zone.name}"`;
  const hasInstruments = zone.instruments !== undefined || zone.gateways !== undefined;
  return [
    ...siteProblems(consortium, zone),
    ...(isOneOf(organisation, ['OEM', 'OPERATOR']) && hasInstruments && zone.site === undefined
      ? [{ key: 'name' as const, reason: `${subject} has instruments or gateways of an operator: it needs its site.` }]
      : []),
    ...(zone.collectors !== undefined && organisation.kind !== 'MONITOR'
      ? [{ key: 'collectors' as const, reason: `${subject} has collectors, which only a MONITOR has.` }]
      : []),
    ...(zone.instrumentPorts !== undefined && (zone.instruments === undefined || zone.gateways === undefined)
      ? [{ key: 'instrumentPorts' as const, reason: `${subject} needs instruments and gateways that read them.` }]
      : []),
    ...goldProblems(zone, isOneOf(organisation, ['NMI', 'LAB'])),
  ];
}

function isOneOf({ kind }: MemberOrganisation, kinds: readonly OrganisationKind[]): boolean {
  return kind !== undefined && kinds.includes(kind);
}

function siteProblems({ channels, firewall }: Consortium, zone: Zone): Problem[] {
  const subject = `zone "${zone.name}"`;
  const { site, organisation, oneWayPort } = zone;
  const channel = channels.find((one) => one.level === 'measurement' && siteOf(one) === site);
  if (site !== undefined && channel?.writers.includes(organisation) !== true) {
    const reason = `${subject} is of site "${site}", but its organisation writes no measurement channel of that compartment.`;
    return [{ key: 'site', reason }];
  }
  if (oneWayPort === undefined) return [];
  if (channel === undefined || zone.gateways === undefined) {
    return [{ key: 'oneWayPort', reason: `${subject} sends one way only if it has a site, and gateways.` }];
  }
  return collectorsOf(channel, firewall?.zones ?? []).length > 0
    ? []
    : [{ key: 'oneWayPort', reason: `${subject} sends one way, but no monitor of its site has collectors.` }];
}

/** What would need a way across the border of the gold standard's zone. */
const ACROSS_BORDER = ['clients', 'administrators', 'collectors', 'oneWayPort'] as const;

function goldProblems(zone: Zone, isOfCalibrationLevel: boolean): Problem[] {
  if (zone.goldStandard !== true) return [];
  const subject = `zone "${zone.name}" is a gold standard's`;
  return [
    ...(isOfCalibrationLevel
      ? []
      : [{ key: 'goldStandard' as const, reason: `${subject}, but its organisation is neither an NMI nor a LAB.` }]),
    ...ACROSS_BORDER.filter((key) => zone[key] !== undefined).map((key) => ({
      key,
      reason: `${subject}: nothing crosses its border, so it has no ${key}.`,
    })),
  ];
}

/** A name in an exception must be a node's: nothing else is looked up. */
function checkEnds({ firewall, organisations, orderers }: Consortium): Finding[] {
  const hosts = new Set([...organisations.flatMap(({ peers }) => peers), ...orderers].map(({ host }) => host));
  return (firewall?.exceptions ?? []).flatMap((exception, index) =>
    (['from', 'to'] as const)
      .filter((key) => !isNumeric(exception[key]) && !hosts.has(exception[key]))
      .map((key) => {
        const path: Path = ['firewall', 'exceptions', index, key];
        return { path, reason: `"${exception[key]}" is the host of no node: write its address.` };
      }),
  );
}
