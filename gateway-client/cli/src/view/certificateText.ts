import type { StatedCertificate } from '@tracecal/core/model';

/** A certificate with its laboratory as it names that, and the member that this is. */
export function certificateText({ number, laboratory, code, country, issuer }: StatedCertificate): string {
  const stated = [laboratory, code, country].filter((part) => part !== undefined).join(', ');
  return `certificate ${number} of ${stated} (${issuer ?? 'no member named'})`;
}
