import { isCanonicalKind, kindNamed, KINDS } from '@tracecal/core/model';
import { mostErrorsIn, nearestNames } from '../client/spelling.js';

/** Marks a kind of quantity that is deliberately outside the vocabulary: `own:wobble`. */
const OWN = 'own:';
const MOST_PROPOSED = 3;

/**
 * The kind of quantity with this name or alias. An unpublished kind needs an explicit mark: otherwise a typing error would
 * create a kind that supports nothing, without any hint why.
 *
 * @returns the kind's name, or the reason of the refusal
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

/** The spelling of a kind that {@link meantKind} accepts. */
export function writtenKind(name: string): string {
  return kindNamed(name)?.published ? name : `${OWN}${name}`;
}

/** Published kinds with similar names or aliases; the nearest first. */
function nearestKinds(text: string): readonly string[] {
  return nearestNames(text, KINDS, mostErrorsIn(text)).slice(0, MOST_PROPOSED);
}
