const MAX_LENGTH = 100;

/** An id of the registry made from a name on a certificate; undefined if no character of it is allowed in an id. */
export function slug(text: string | null): string | undefined {
  const plain = (text ?? '').normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  const id = plain
    .replaceAll(/[^A-Za-z0-9._:+]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  return id === '' ? undefined : id;
}
