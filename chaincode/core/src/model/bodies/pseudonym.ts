/** Who may learn a withheld fact, from the widest circle to the narrowest. */
export const FACT_READERS = ['general', 'members', 'parties'] as const;
/** `general`: everybody. `members`: organisations of the registry. `parties`: those whose calibrations rest on it, or who deal with it. */
export type FactReaders = (typeof FACT_READERS)[number];

/**
 * That a device or an organisation is registered without its names. Its certifier (of a device: the organisation that imprints it) alone
 * knows the facts, and shows some of them to somebody with a signed opening.
 */
export interface Pseudonym {
  /** Merkle root over the salted facts, hex. The id follows from it, so that nobody can choose an id that looks like another one. */
  readonly root: string;
  /** Who may learn a fact, by its name. */
  readonly scopes: Readonly<Record<string, FactReaders>>;
  /** Who may learn facts that no scope names. */
  readonly otherwise: FactReaders;
}
