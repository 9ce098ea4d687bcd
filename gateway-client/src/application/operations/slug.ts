const MAX_LENGTH = 100;

/** An id of the registry made from what a certificate calls something; undefined if nothing of it can stand in an id. */
export function slug(text: string | null): string | undefined {
  const plain = (text ?? '').normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  const id = plain
    .replaceAll(/[^A-Za-z0-9._:+]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  return id === '' ? undefined : id;
}
