import { issueText, MAX_PAPER_RESULTS, parseJson, parseUnit, refusalText, RegistryError } from '@tracecal/core/model';
import { z } from 'zod';
import { DccError, quoted } from '../errors.js';
import { meantKind } from '../meantKind.js';
import { ROLES } from './vocabulary.js';

/** A name in any language of the certificate, a refType, or a place counted from 1. */
const pointer = z.union([z.string().min(1).max(200), z.number().int().positive()]);
const text = z.string().min(1).max(200);
/** A kind of quantity as a person writes it. */
const kindOfQuantity = text.transform((written, context) => {
  const meant = meantKind(written);
  if ('name' in meant) {
    return meant.name;
  }
  context.addIssue({ code: 'custom', message: meant.refusal });
  return z.NEVER;
});
const METHODS = ['direct', 'scaled', 'group', 'interpolated', 'product', 'sum', 'general', 'natural'] as const;

const number = z.number('must be a number');
const coverageFactor = number.min(1, 'must be at least 1');
const probability = number.positive('must be greater than 0').max(1, 'must be at most 1: 95 % is 0.95');

/** For a required fact. */
const MISSING = 'is missing';

const certified = {
  kind: kindOfQuantity.optional(),
  from: number.optional(),
  to: number.optional(),
  unit: text
    .refine((written) => parseUnit(written) !== undefined, 'must be a D-SI unit like \\degreecelsius or \\kilo\\gram')
    .optional(),
  U: number.positive('must be greater than 0').optional(),
  k: coverageFactor.optional(),
  p: probability.optional(),
};

/** Facts that only identify the certificate; nothing can depend on them. */
const NAMING: ReadonlySet<string> = new Set(['number', 'certificate', 'equipment']);

const paperParent = z
  .strictObject({
    /** The certificate's number, as the child states it; or the equipment, by name or serial number. */
    certificate: text.optional(),
    equipment: text.optional(),
    number: text,
    laboratory: text.optional(),
    /** Of the equipment. */
    serial: text.optional(),
    /** The last day of its calibration. */
    date: z.iso.date('must be written YYYY-MM-DD').optional(),
    ...certified,
    /** If it certifies several kinds or ranges. */
    results: z.array(z.strictObject(certified)).max(MAX_PAPER_RESULTS).optional(),
  })
  .superRefine((facts, context) => {
    const isDescribed = Object.keys(facts).some((name) => !NAMING.has(name));
    for (const path of isDescribed ? (['laboratory', 'date'] as const) : []) {
      if (facts[path] === undefined) {
        context.addIssue({ code: 'custom', path: [path], message: MISSING });
      }
    }
  });

const mapping = z.strictObject({
  version: z.literal('tracecal-mapping/1'),
  /**
   * The unique identifier of the only certificate that it applies to; without it, it applies to a series of similar
   * certificates.
   */
  certificate: text.optional(),
  /** The meaning of units outside D-SI. */
  units: z.record(text, text).default({}),
  columns: z
    .array(
      z.strictObject({
        result: pointer.optional(),
        column: pointer,
        role: z.enum(ROLES),
        /** The uncertainty at a reference value is that of the result, not only of the reference. */
        uncertainty: z.literal('result').optional(),
        /** Whether its numbers are parts of the values, where units of dimension one leave it open. */
        relative: z.boolean().optional(),
      }),
    )
    .default([]),
  kinds: z
    .array(z.strictObject({ result: pointer.optional(), column: pointer.optional(), quantity: kindOfQuantity }))
    .default([]),
  /** Missing arguments of a table's rows. One value for all rows, or one per row. */
  arguments: z
    .array(
      z.strictObject({
        result: pointer.optional(),
        name: text,
        role: z.enum(['reference', 'physical', 'setting']),
        quantity: kindOfQuantity.optional(),
        unit: text.optional(),
        values: z.array(z.union([z.number(), text])).min(1),
      }),
    )
    .default([]),
  /** For uncertainties without a coverage factor. */
  coverage: z
    .array(
      z.strictObject({
        result: pointer.optional(),
        k: coverageFactor,
        p: probability.optional(),
      }),
    )
    .default([]),
  methods: z.array(z.strictObject({ result: pointer.optional(), method: z.enum(METHODS) })).default([]),
  /** Whether a result was found before an adjustment or a repair. */
  asFound: z.array(z.strictObject({ result: pointer, asFound: z.boolean() })).default([]),
  /** The item of a result: its id in the file, name or serial number, or position. */
  items: z.array(z.strictObject({ result: pointer, item: pointer })).default([]),
  parents: z.array(paperParent).default([]),
});

/** A person's additions about a certificate, or a series of similar ones, that are missing in the file. */
export type Mapping = z.infer<typeof mapping>;
export type Pointer = z.infer<typeof pointer>;
/** A transcriber's statements from a certificate on paper. */
export type PaperParent = z.infer<typeof paperParent>;

export const NO_MAPPING: Mapping = mapping.parse({ version: 'tracecal-mapping/1' });

/**
 * Reads a mapping file. Unknown fields are refused: otherwise a misspelt decision would be ignored.
 *
 * @throws DccError `MAPPING_INVALID`
 */
export function readMapping(json: string): Mapping {
  try {
    return mapping.parse(parseJson(json));
  } catch (cause) {
    throw new DccError('MAPPING_INVALID', reasonOf(cause), { cause });
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['from', 'to', 'U', 'k', 'p']);

/**
 * Reads the facts of one certificate on paper from the command line:
 * `laboratory=PTB,number=1234-24,date=2024-05-02,serial=17,kind=mass,from=1,to=10,unit=\kilogram,U=0.00001,k=2`.
 *
 * @throws DccError `PAPER_INVALID`
 */
export function readPaperParent(facts: string): PaperParent {
  const pairs = facts.split(',').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), factOf(name.trim(), value.join('=').trim())] as const;
  });
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice) {
    throw new DccError('PAPER_INVALID', `"${twice[0]}" is given twice.`);
  }
  return paperParentOf(Object.fromEntries(pairs));
}

/** @throws DccError `PAPER_INVALID` if it must be a number and is not */
function factOf(name: string, written: string): string | number {
  if (!NUMBERS.has(name)) {
    return written;
  }
  if (written === '' || !Number.isFinite(Number(written))) {
    throw new DccError('PAPER_INVALID', `${name} must be a number, not ${quoted(written)}.`);
  }
  return Number(written);
}

/** The facts of one certificate on paper, in the form of the mapping file. @throws DccError `PAPER_INVALID` */
export function paperParentOf(facts: unknown): PaperParent {
  try {
    return paperParent.parse(facts);
  } catch (cause) {
    throw new DccError('PAPER_INVALID', reasonOf(cause), { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return issue ? plainly(issue) : 'not understood';
  }
  if (error instanceof RegistryError) {
    return refusalText(error);
  }
  return error instanceof Error ? error.message : 'not understood';
}

/** Names the fact and the fault in it. */
function plainly(issue: z.core.$ZodIssue): string {
  const { path, message } = issue;
  const where = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : String(part)))
    .join('.')
    .replaceAll('.[', '[');
  const why = message.endsWith('received undefined') ? MISSING : issueText(issue);
  // A complete sentence, such as that about the name of a kind, follows a colon; otherwise the reason directly follows the
  // fact.
  return where === '' ? why : /^(?:must|is) /.test(why) ? `${where} ${why}` : `${where}: ${why}`;
}

/** Whether a pointer of the mapping file matches; a missing pointer matches everything. */
export function means(pointer: Pointer | undefined, place: number, names: readonly (string | null)[]): boolean {
  if (pointer === undefined) {
    return true;
  }
  return typeof pointer === 'number'
    ? pointer === place
    : names.some((name) => name !== null && name.trim().toLowerCase() === pointer.trim().toLowerCase());
}
