import { isCanonicalKind, kindNamed, KINDS } from '@tracecal/core/model';
import { distanceBetween } from './spelling.js';

/** Says that a kind of quantity is not in the vocabulary on purpose: `own:wobble`. */
const OWN = 'own:';
const MOST_PROPOSED = 3;

/**
 * The kind that a person means, by its name or an alias. One that is not published has to be said on purpose: a slip of the pen
 * would support nothing, and nobody would know why.
 *
 * @returns the kind's name, or why it is not taken
 */
export function meantKind(text: string): { readonly name: string } | { readonly refusal: string } {
  const isOwn = text.startsWith(OWN);
  const said = isOwn ? text.slice(OWN.length) : text;
  const kind = kindNamed(said);
  if (kind?.published) {
    return isOwn ? { refusal: `${said} is published: write it without ${OWN}` } : { name: kind.name };
  }
  if (isOwn) {
    return isCanonicalKind(said)
      ? { name: said }
      : { refusal: `${JSON.stringify(said)} cannot be a kind of quantity: write lower-case words joined by hyphens` };
  }
  const near = nearestKinds(said);
  const proposal = near.length > 0 ? `do you mean ${near.join(' or ')}?` : 'docs/quantities.md lists all.';
  return {
    refusal: `no kind of quantity is called ${JSON.stringify(said)}: ${proposal} One of your own is written ${OWN}${kind?.name ?? 'NAME'}`,
  };
}

/** How a kind is written so that {@link meantKind} takes it. */
export function writtenKind(name: string): string {
  return kindNamed(name)?.published ? name : `${OWN}${name}`;
}

/** Published kinds whose names, or names people use, are written much alike; the nearest first. */
function nearestKinds(text: string): readonly string[] {
  const wanted = text.toLowerCase();
  const most = Math.max(1, Math.floor(wanted.length / 3));
  return KINDS.map(({ name, aliases }) => ({
    name,
    distance: Math.min(...[name, ...aliases].map((each) => distanceBetween(wanted, each.toLowerCase(), most))),
  }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_PROPOSED)
    .map(({ name }) => name);
}
