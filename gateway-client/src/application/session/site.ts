import { ApplicationError } from '../errors.js';
import type { Channel, Consortium, Level } from './consortium.js';

/** The levels with a channel for every site. */
export const SITE_LEVELS = ['measurement', 'monitoring'] as const satisfies readonly Level[];
export type SiteLevel = (typeof SITE_LEVELS)[number];

/** The name of a site: `a` for the channels `measurement-a` and `monitoring-a`. */
export function siteOf({ name, level }: Channel): string {
  return level !== undefined && name.startsWith(`${level}-`) ? name.slice(level.length + 1) : name;
}

/**
 * The channel of a site at a level: the one that the user names (`a`, or its compartment `site-a`), or the only one of the organisation
 * that they act as.
 *
 * @throws ApplicationError `SITE_UNKNOWN`, or `USAGE` if there are several
 */
export function channelOfSite(
  { channels, organisations, isPart }: Consortium,
  level: SiteLevel,
  site: string | undefined,
  actor: string | undefined,
): Channel {
  const known = channels.filter((channel) => channel.level === level);
  const [found, another] =
    site === undefined
      ? known.filter((channel) => actor === undefined || isMember(channel, actor))
      : known.filter((channel) => siteOf(channel) === site || channel.compartment === site);
  const names = known.map(siteOf).join(', ');
  if (another) {
    throw new ApplicationError('USAGE', `Name a site with --site: ${names}.`);
  }
  if (!found && isPart === true) {
    return unlisted(level, site, organisations);
  }
  if (!found) {
    throw new ApplicationError('SITE_UNKNOWN', whyNoSite(level, site, actor, names));
  }
  return found;
}

/** A channel that no description here contains: its name follows from the site's, and the network decides who may do what. */
function unlisted(level: SiteLevel, site: string | undefined, members: Consortium['organisations']): Channel {
  if (site === undefined) {
    throw new ApplicationError('USAGE', 'Say which site with --site.');
  }
  const name = `${level}-${site.replace(/^site-/, '')}`;
  return { name, level, writers: members.map(({ id }) => id), readers: [] };
}

function whyNoSite(level: SiteLevel, site: string | undefined, actor: string | undefined, names: string): string {
  const what = site === undefined ? `${actor ?? 'The consortium'} has no ${level} site` : `There is no site "${site}"`;
  return names === '' ? `${what}: the consortium has none.` : `${what}: name one of ${names} with --site.`;
}

/**
 * Checks that an organisation is in a channel.
 * @throws ApplicationError `NOT_IN_CHANNEL`
 */
export function memberOf(channel: Channel, organisation = ''): string {
  if (!isMember(channel, organisation)) {
    const members = [...channel.writers, ...channel.readers].map((member) => `--as ${member}`).join(' or ');
    const who = organisation === '' ? 'No organisation was named that' : `Organisation ${organisation}`;
    throw new ApplicationError(
      'NOT_IN_CHANNEL',
      `${who} has ${organisation === '' ? '' : 'no '}access to ${channel.name}: use ${members}.`,
    );
  }
  return organisation;
}

function isMember({ writers, readers }: Channel, organisation: string): boolean {
  return writers.includes(organisation) || readers.includes(organisation);
}
