import { latin1Text, utf8Text } from '@tracecal/core/platform';
import { DerError, TAG, type DerValue } from '@tracecal/core/signing/der';

const NUMERIC_STRING = 0x12;
const T61_STRING = 0x14;

/** What Go takes for a printable string: two characters more than ASN.1, because certificates have them. */
const PRINTABLE = /^[A-Za-z0-9'()+,\-./ :=?*&]*$/;

/** The text of an attribute of a name, as Go reads it. @throws DerError if Go refuses it, and the certificate with it */
export function attributeText({ tag, content }: DerValue): string {
  switch (tag) {
    case TAG.utf8String:
      return known(utf8Text(content));
    case TAG.printableString:
      return matching(content, PRINTABLE);
    case TAG.ia5String:
      return ia5Text(content);
    case NUMERIC_STRING:
      return matching(content, /^[0-9 ]*$/);
    case T61_STRING:
      return latin1Text(content);
    case TAG.bmpString:
      return bmpText(content);
    default:
      throw new DerError('a name has a text of an unknown kind');
  }
}

export function ia5Text(content: Uint8Array): string {
  if (content.some((byte) => byte > 0x7f)) throw new DerError('a text is not ASCII');
  return latin1Text(content);
}

function matching(content: Uint8Array, form: RegExp): string {
  const text = latin1Text(content);
  return known(form.test(text) ? text : undefined);
}

function known(text: string | undefined): string {
  if (text === undefined) throw new DerError('a text of a name is malformed');
  return text;
}

/** Two bytes per character, the higher byte first; a zero at the end is no part of it. */
function bmpText(content: Uint8Array): string {
  if (content.length % 2 !== 0) throw new DerError('a BMPString has an odd length');
  const units = Array.from(
    { length: content.length / 2 },
    (_, index) => ((content[2 * index] ?? 0) << 8) | (content[2 * index + 1] ?? 0),
  );
  if (units.at(-1) === 0) units.pop();
  if (units.some(isNoCharacter)) throw new DerError('a BMPString has something that is no character');
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

function isNoCharacter(unit: number): boolean {
  return unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef) || (unit >= 0xd800 && unit <= 0xdfff);
}

/**
 * Milliseconds since 1970 of a time in a certificate. Go also takes a time zone, and a UTCTime without seconds.
 * @throws DerError
 */
export function certificateTime({ tag, content }: DerValue): number {
  const form = TIME_FORMS.get(tag);
  const [, year = '', month, day, hour, minute, second = '00', zone = ''] = form?.exec(latin1Text(content)) ?? [];
  if (year === '') throw new DerError('not a time');
  const wall = `${fullYear(year)}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${wall}Z`);
  // A day or hour that does not exist would be read as one of the next month or day.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(wall)) {
    throw new DerError('a time that does not exist');
  }
  return time - zoneMinutes(zone) * 60_000;
}

const TIME_FORMS: ReadonlyMap<number, RegExp> = new Map([
  [TAG.utcTime, /^(\d{2})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/],
  [TAG.generalizedTime, /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/],
]);

function fullYear(year: string): string {
  if (year.length === 4) return year;
  return Number(year) < 50 ? `20${year}` : `19${year}`;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3))];
  // Go writes the time again and compares: an offset of nothing is a Z.
  if (hours > 24 || minutes > 59 || hours + minutes === 0) throw new DerError('a time zone that does not exist');
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
