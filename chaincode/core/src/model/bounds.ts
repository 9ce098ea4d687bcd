/** Limits on the size of records: they limit the work of a trace, whatever is registered. */
export const MAX_PARENTS = 16;
/** Of a certificate on paper. */
export const MAX_PAPER_RESULTS = 8;
/** Facts behind a pseudonym. */
export const MAX_FACTS = 16;
export const MAX_RESULTS = 64;
export const MAX_ROWS = 1024;
/** Leaves over the sealed results of one kind, and rows that they state: fewer would tell how many results there are. */
export const FEWEST_SEALED = 8;
/** Arguments of a result, and sources of its support. */
export const MAX_ARGUMENTS = 8;
export const MAX_USES = 64;
/** Kinds of quantity that one statement names. */
export const MAX_KINDS = 64;
/** Kinds of quantity for which an owner sets an interval. */
export const MAX_INTERVALS = 64;
/** Limit of all requirements in one owner's record: a trace verifies those of each owner whose requirements count. */
export const MAX_REQUIREMENTS_CHARACTERS = 131_072;
/** Of one report: the extents of its results, and the words of a setting in them. */
export const MAX_EXTENTS = 16;
export const MAX_EXTENT_WORDS = 16;
/** Institutes that a registry is founded with, or that sign one statement. */
export const MAX_INSTITUTES = 64;
/** Of one accreditation statement. */
export const MAX_LINES = 64;
/** Accreditation statements, reductions and granted lines of one author in a record: traces read all of them. */
export const MAX_ACCREDITATIONS_OF_AN_AUTHOR = 64;
export const MAX_LINES_OF_AN_AUTHOR = 512;
/** Accreditation bodies certified by one institute that grant lines to one organisation: nobody asks it for its leave. */
export const MAX_BODIES_OF_AN_INSTITUTE = 4;
/** Memberships of an organisation, or imprints of a device, in a record: its first key and later ones. */
export const MAX_KEYS = 32;
/** Authorisations, or statements of an owner, by one author in a record. */
export const MAX_OF_AN_AUTHOR = 100;
/** Acceptances of one report by one owner, including those that left the device's record: traces read them together. */
export const MAX_ACCEPTANCES_OF_A_REPORT = 40;
/** Registrations, reports or statements of one transaction. */
export const MAX_ITEMS = 100;
/**
 * Confirmations of one report, and vouchings for it: organisations that one institute certifies, and for each of them, organisations
 * below it. An institute itself always has room.
 */
export const MAX_CONFIRMING_OF_AN_INSTITUTE = 8;
export const MAX_CONFIRMING_OF_A_MEMBER = 2;
/** Confirmations and withdrawals of one organisation about one report. */
export const MAX_CONFIRMATIONS_OF_AN_AUTHOR = 4;
/** Vouchings of one organisation for one report: whatever changes above ends one, and it has to be given again. */
export const MAX_VOUCHINGS_OF_AN_AUTHOR = 16;
/** Sealed results that one vouching names: those of a report, and of what it rests on. */
export const MAX_OPENED = 128;
/** Certificates from the signer of a seal up to an anchor. */
export const MAX_SEAL_CERTIFICATES = 8;
/** Reports that one review names. */
export const MAX_REVIEWED = 100;
