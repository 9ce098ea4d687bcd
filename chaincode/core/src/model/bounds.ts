/** Limits that keep the work of a trace bounded, whatever is registered. */
export const MAX_PARENTS = 16;
/** Of a certificate on paper. */
export const MAX_PAPER_RESULTS = 8;
export const MAX_RESULTS = 64;
export const MAX_ROWS = 1024;
/** Arguments of a result, and sources of its support. */
export const MAX_ARGUMENTS = 8;
export const MAX_USES = 64;
/** Kinds of quantity that one statement names. */
export const MAX_KINDS = 64;
/** Kinds of quantity for which an owner sets an interval. */
export const MAX_INTERVALS = 64;
/** Of all statements of requirements in one owner's record: a trace verifies those of whoever owned a device when it counts. */
export const MAX_REQUIREMENTS_CHARACTERS = 131_072;
/** Of one report: where its results say something, and how many words a setting has there. */
export const MAX_EXTENTS = 16;
export const MAX_EXTENT_WORDS = 16;
/** Institutes that a registry is founded with, or that sign one statement. */
export const MAX_INSTITUTES = 64;
/** Of one accreditation statement. */
export const MAX_LINES = 64;
/** Accreditation statements, reductions, and lines granted, that a record keeps of one author: traces read every one. */
export const MAX_ACCREDITATIONS_OF_AN_AUTHOR = 64;
export const MAX_LINES_OF_AN_AUTHOR = 512;
/** Authorisations, or words of an owner, that a record keeps of one author. */
export const MAX_OF_AN_AUTHOR = 100;
/** Acceptances of one report that are kept of one owner, whether or not they have left its device's record: traces read them together. */
export const MAX_ACCEPTANCES_OF_A_REPORT = 40;
/** Registrations, reports or statements of one transaction. */
export const MAX_ITEMS = 100;
/**
 * Members that confirm one report, of those that one institute certifies; and organisations of each of them, whatever they are called,
 * and as many below it. An institute itself always finds room.
 */
export const MAX_CONFIRMING_OF_AN_INSTITUTE = 8;
export const MAX_CONFIRMING_OF_A_MEMBER = 2;
/** Confirmations and withdrawals of one organisation about one report. */
export const MAX_CONFIRMATIONS_OF_AN_AUTHOR = 4;
/** Certificates from the signer of a seal up to an anchor. */
export const MAX_SEAL_CERTIFICATES = 8;
/** Reports that one review names. */
export const MAX_REVIEWED = 100;
